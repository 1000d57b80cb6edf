"""One supervised process: started, listened to, restarted, stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from config.embedded.privileges import before_exec

if TYPE_CHECKING:
    from config.supervisor.console import Console

_LONGEST_PAUSE: Final = 30.0
_STEADY_SECONDS: Final = 60.0
_LINE_LIMIT: Final = 1024 * 1024


@dataclass(kw_only=True)
class Spec:
    """What to run, and how to tell that it is up."""

    name: str
    command: list[str]
    port: int | None = None
    environment: dict[str, str] = field(default_factory=dict)
    #: Seconds it may take to finish what it is doing before it is killed.
    grace: float = 5.0


class Child:
    """A process that is kept running until it is stopped."""

    def __init__(self, spec: Spec, console: Console, *, folder: str) -> None:
        self.spec = spec
        self.console = console
        self.folder = folder
        self.restarts = 0
        self.process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to run and watch the process."""
        self._task = asyncio.create_task(self._keep_running(), name=self.spec.name)

    async def _keep_running(self) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            began = time.monotonic()
            code = await self._run_once()
            if self._stopping.is_set():
                return
            if time.monotonic() - began > _STEADY_SECONDS:
                pause = 1.0
            self.restarts += 1
            self.console.say(
                f"{self.spec.name} ended ({_reason(code)}); it starts again in {pause:.0f} s",
            )
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _run_once(self) -> int:
        try:
            self.process = await asyncio.create_subprocess_exec(
                *self.spec.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                limit=_LINE_LIMIT,
                cwd=self.folder,
                env={**os.environ, **self.spec.environment},
                # Its own session: Ctrl-C reaches the supervisor alone, which stops all in order.
                start_new_session=True,
                preexec_fn=before_exec(None, dies_with=signal.SIGTERM),
            )
        except OSError as error:
            self.console.say(f"cannot be started: {error.strerror}", self.spec.name)
            return 127
        listener = asyncio.create_task(self._listen(self.process))
        code = await self.process.wait()
        # Whatever it left behind (a pool's children, say) must not live on beside a new one.
        self._signal_group(signal.SIGKILL)
        with suppress(TimeoutError):
            await asyncio.wait_for(listener, 1.0)
        return code

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:
                self.console.say("(a line of more than a megabyte is left out)", self.spec.name)
                continue
            if not line:
                return
            self.console.say(line.decode(errors="replace").rstrip(), self.spec.name)

    def _signal_group(self, number: signal.Signals) -> None:
        if self.process is not None:
            # The group's number is the process's, because the process leads its session.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    @property
    def running(self) -> bool:
        """Whether the process is there now."""
        return self.process is not None and self.process.returncode is None

    async def stop(self, *, at_once: bool = False) -> None:
        """Ask the process to end, give it its grace, then kill it with all it started."""
        self._stopping.set()
        if self.running and self.process is not None and not at_once:
            with suppress(ProcessLookupError):
                self.process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.process.wait()), self.spec.grace)
        self._signal_group(signal.SIGKILL)
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=2.0)


def _reason(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
