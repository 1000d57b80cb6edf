"""Finding, following and ending a server process that somebody else may have started."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from config.embedded.errors import ServiceError, explain

if TYPE_CHECKING:
    import subprocess

_POLL_SECONDS: Final = 0.02


class Server(Protocol):
    """What the functions below need to know of a server."""

    name: str
    log: Path

    def pid(self) -> int | None:
        """Return its process id if it is there, answering or not."""

    def answers(self) -> bool:
        """Tell whether it can be used."""


def pid_from(file: Path, folder: Path) -> int | None:
    """Return the process that *file* names, if it is alive and really works in *folder*.

    A file left behind after a crash may name a process that is gone, or whose number
    is another program's by now: both servers work in their data folder.
    """
    try:
        pid = int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return pid
    try:
        return pid if Path(f"/proc/{pid}/cwd").samefile(folder) else None
    except FileNotFoundError:
        # No such process any more; or no /proc at all, where its number has to do.
        return None if Path("/proc/self/cwd").exists() else pid
    except PermissionError:
        return None


def await_other(server: Server, seconds: float) -> bool:
    """Tell whether the server runs, waiting for one that is on its way up or down.

    Raises:
        ServiceError: it is there but does not answer in time.
    """
    end = time.monotonic() + seconds
    while not server.answers():
        pid = server.pid()
        if pid is None:
            return False
        if time.monotonic() > end:
            message = f"{server.name} (process {pid}) runs but does not answer; its log is {server.log}."
            raise ServiceError(message)
        time.sleep(_POLL_SECONDS)
    return True


def await_start(server: Server, process: subprocess.Popen[bytes], log_start: int, seconds: float) -> None:
    """Return once the process just launched answers.

    Raises:
        ServiceError: it ends, with its own last words after *log_start*, or takes too long.
    """
    end = time.monotonic() + seconds
    while not server.answers():
        if process.poll() is not None:
            with server.log.open("rb") as log:
                log.seek(log_start)
                printed = log.read().decode(errors="replace")
            message = f"{server.name} does not start: {explain(printed)}."
            raise ServiceError(message)
        if time.monotonic() > end:
            message = f"{server.name} does not answer; its log is {server.log}."
            raise ServiceError(message)
        time.sleep(_POLL_SECONDS)


def end_it(
    server: Server,
    process: subprocess.Popen[bytes] | None,
    signals: tuple[signal.Signals, ...],
    seconds: float,
) -> None:
    """Send one signal after the other, with some time between, until the server is gone.

    Raises:
        ServiceError: it is still there at the end.
    """
    for number in signals:
        pid = server.pid()
        if pid is None:
            return
        os.kill(pid, number)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if process is not None:
                process.poll()  # collects it: an uncollected child looks alive
            # The file goes a moment before the process does.
            if server.pid() is None and (process is None or process.poll() is not None):
                return
            time.sleep(_POLL_SECONDS)
    if server.pid() is not None:
        message = f"{server.name} (process {server.pid()}) does not stop."
        raise ServiceError(message)
