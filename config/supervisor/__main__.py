"""``python -m config.supervisor``: what ``make run`` runs."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from config import env
from config.embedded import ServiceError
from config.embedded.profile import ROOT
from config.supervisor.console import Console
from config.supervisor.ports import PortError, require_free
from config.supervisor.processes import Plan
from config.supervisor.run import StartError, Supervisor
from config.supervisor.runlock import AlreadyRunning, RunLock


def _serve(plan: Plan, console: Console) -> None:
    plan.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = RunLock(plan.data)
    lock.take(plan.address)
    # After a kill the children need a moment to notice and to leave their ports.
    patience = 8.0 if lock.after_a_crash else 0.0
    for host, port, variable in (
        (plan.host, plan.port, "PORT"),
        (plan.host, plan.sandbox_port, "SANDBOX_PORT"),
        ("127.0.0.1", plan.mail_port, "MAIL_PORT"),
    ):
        try:
            require_free(host, port, variable=variable, patience=patience)
        except PortError:
            lock.release()
            raise
    try:
        asyncio.run(Supervisor(plan, console).run())
    finally:
        lock.release()


def main() -> int:
    """Serve; the exit code is 0 after an orderly stop."""
    # A closed terminal or pipe is noticed where lines are written.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    console = Console()
    try:
        env.load_file(ROOT / ".env")
        plan = Plan.from_environment()
        _serve(plan, console)
    except (
        env.EnvError, AlreadyRunning, PortError, StartError, ServiceError,
    ) as error:  # fmt: skip
        console.say(str(error))
        return 1
    except OSError as error:
        console.say(f"Evenhand cannot start: {error.strerror} ({error.filename}).")
        return 1
    except KeyboardInterrupt:
        return 0
    console.say("Stopped.")
    if console.closed:
        # Nobody reads any more; the interpreter must not complain about that at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
