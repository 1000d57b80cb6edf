"""``python -m config.embedded start|stop|status|env|reset [dev|test]``."""

from __future__ import annotations

import argparse
import sys

from config.embedded.errors import ServiceError
from config.embedded.profile import Profile
from config.embedded.stack import Stack


def main() -> int:
    """Run one command; the exit code is 0 when it did what it says."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "status", "env", "reset"])
    parser.add_argument("profile", nargs="*", default=["dev"], help="dev, test, or both")
    arguments = parser.parse_args()
    for name in arguments.profile:
        try:
            _carry_out(arguments.command, Profile.named(name))
        except ServiceError as error:
            print(error, file=sys.stderr)  # noqa: T201 - a command line tool
            return 1
    return 0


def _carry_out(command: str, profile: Profile) -> None:
    stack = Stack(profile)
    lines: list[str] = []
    if command == "start":
        stack.keep()
    elif command in {"stop", "reset"}:
        stack.stop()
    if command == "reset":
        profile.forget()
    if command == "env":
        lines = [f"DATABASE_URL={profile.database_url()}", f"REDIS_URL={profile.redis_url()}"]
    else:
        for server in stack.servers:
            pid = server.pid()
            state = "stopped" if pid is None else f"running (process {pid})"
            lines.append(f"{profile.name}: {server.name} {state}")
    print("\n".join(lines))  # noqa: T201 - a command line tool


if __name__ == "__main__":
    sys.exit(main())
