"""At most one `make run` for one data folder."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class AlreadyRunning(Exception):  # noqa: N818 - it is a fact, not a fault
    """Somebody else serves this folder; the text is one plain line."""


class RunLock:
    """A lock that ends with the process, however the process ends."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "run.lock"
        #: Whether the run before this one ended without tidying up.
        self.after_a_crash = False
        self._descriptor: int | None = None

    def take(self, address: str) -> None:
        """Hold the lock from now on.

        Raises:
            AlreadyRunning: another process holds it.
        """
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        told = os.read(descriptor, 1000).decode(errors="replace").strip()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            message = f"Evenhand already runs from this folder ({told}). Stop that one first."
            raise AlreadyRunning(message) from None
        self._descriptor = descriptor
        self.after_a_crash = bool(told)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}, {address}".encode(), 0)

    def release(self) -> None:
        """Say that this run ended in good order."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None
