"""Both servers together: started once, shared by many, stopped by the last."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from config.embedded.postgres import Postgres
from config.embedded.processes import Server
from config.embedded.redisserver import Redis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.embedded.profile import Profile


class _Server(Server, Protocol):
    def start(self, *, dies_with_us: bool) -> None: ...
    def stop(self) -> None: ...


class Stack:
    """The embedded servers one profile needs.

    A server whose address is given in the environment (``DATABASE_URL``,
    ``REDIS_URL``) is not ours to start.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.servers: list[_Server] = []
        if not os.environ.get("DATABASE_URL"):
            self.servers.append(Postgres(profile))
        if not os.environ.get("REDIS_URL"):
            self.servers.append(Redis(profile))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the profile's lock, so that two starts or a start and a stop never mix."""
        self.profile.make_folders()
        with (self.profile.home / "services.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def start(self, *, dies_with_us: bool = False) -> None:
        """Start what does not run yet and return once everything answers.

        With *dies_with_us* the kernel stops the servers when this process ends.

        Raises:
            ServiceError: a server cannot be started.
        """
        if not self.servers:
            return
        with self._alone():
            for server in self.servers:
                server.start(dies_with_us=dies_with_us)

    def stop(self) -> None:
        """Stop what runs, whoever started it."""
        if not self.servers:
            return
        with self._alone():
            for server in reversed(self.servers):
                server.stop()

    @contextmanager
    def borrowed(self, *, dies_with_us: bool = False) -> Iterator[None]:
        """Have the servers up for a while.

        Several processes may borrow at the same time. Servers that did not run
        before are stopped by the last one that leaves. *dies_with_us* is as in
        :meth:`start`.

        Raises:
            ServiceError: a server cannot be started or stopped.
        """
        if not self.servers:
            yield
            return
        self.profile.make_folders()
        transient = self.profile.home / "transient"
        with (self.profile.home / "borrowers.lock").open("w") as borrowers:
            with self._alone():
                fcntl.flock(borrowers, fcntl.LOCK_SH)
                if not any(server.answers() for server in self.servers):
                    transient.touch()
                for server in self.servers:
                    server.start(dies_with_us=dies_with_us)
            try:
                yield
            finally:
                with self._alone():
                    if transient.exists() and _last(borrowers.fileno()):
                        for server in reversed(self.servers):
                            server.stop()
                        transient.unlink()

    def keep(self) -> None:
        """Start the servers and have no borrower stop them."""
        self.start()
        (self.profile.home / "transient").unlink(missing_ok=True)


def _last(descriptor: int) -> bool:
    """Tell whether nobody else holds the borrowers' lock."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
