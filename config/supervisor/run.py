"""From nothing to a running system, and back."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from config.embedded import Profile, ServiceError, Stack
from config.embedded.privileges import before_exec
from config.embedded.profile import ROOT
from config.supervisor import ports, processes
from config.supervisor.child import Child, Spec

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from config.supervisor.console import Console
    from config.supervisor.processes import Plan

_READY_SECONDS: Final = 60.0
_TRIES_AT_START: Final = 3
_WATCH_SECONDS: Final = 2.0
_POLL_SECONDS: Final = 0.05


class StartError(Exception):
    """The system does not come up; the text is one plain line."""


class Supervisor:
    """Runs the processes until it is told to stop."""

    def __init__(self, plan: Plan, console: Console) -> None:
        self.plan = plan
        self.console = console
        self.children: list[Child] = []
        self._stop_asked = asyncio.Event()
        self._urgent = asyncio.Event()
        self._asked_at = 0.0

    async def run(self) -> None:
        """Serve until Ctrl-C.

        Raises:
            StartError: something does not come up.
            ServiceError: PostgreSQL or Redis does not.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._ask_to_stop)
        stack = Stack(Profile.named("dev", data=self.plan.data))
        with stack.borrowed(dies_with_us=True):
            try:
                if await self._unless_stopped(self._come_up()):
                    self._greet()
                    await self._watch(stack)
            finally:
                await self._go_down()

    def _ask_to_stop(self) -> None:
        if not self._stop_asked.is_set():
            self._asked_at = time.monotonic()
            self._stop_asked.set()
            self.console.say("Stopping (Ctrl-C again stops at once)")
        elif time.monotonic() - self._asked_at > 1.0:
            # Within a second it is the same key press, told by make as well as by the terminal.
            self._urgent.set()

    async def _unless_stopped(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do *work* to its end and return True, or leave it when a stop is asked for."""
        task = asyncio.create_task(work)
        stop = asyncio.create_task(self._stop_asked.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if task.done():
            await task
            return not self._stop_asked.is_set()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return False

    async def _come_up(self) -> None:
        await self._prepare()
        self._launch(processes.mail(self.plan))
        # The site comes first: with two cores, four interpreters starting at once delay each other.
        await self._ready(self._launch(processes.web(self.plan)))
        for spec in processes.others(self.plan):
            self._launch(spec)
        for child in self.children:
            await self._ready(child)

    def _launch(self, spec: Spec) -> Child:
        child = Child(spec, self.console, folder=str(ROOT))
        self.children.append(child)
        child.start()
        return child

    async def _prepare(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "config.prepare",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, **self.plan.environment()},
            start_new_session=True,
            preexec_fn=before_exec(None, dies_with=signal.SIGTERM),
        )
        try:
            if process.stdout is not None:
                async for line in process.stdout:
                    self.console.say(line.decode(errors="replace").rstrip())
            if await process.wait() != 0:
                message = "The preparation failed; what it said is above."
                raise StartError(message)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()

    async def _ready(self, child: Child) -> None:
        """Wait until the child answers at its port.

        Raises:
            StartError: it ends again and again, or never answers.
        """
        if child.spec.port is None:
            return
        host = self.plan.host if child.spec.name != "mail" else "127.0.0.1"
        end = time.monotonic() + _READY_SECONDS
        while not (child.running and await ports.answers(host, child.spec.port)):
            if child.restarts >= _TRIES_AT_START:
                message = f"{child.spec.name} does not start; what it said is above."
                raise StartError(message)
            if time.monotonic() > end:
                message = f"{child.spec.name} does not answer at port {child.spec.port}."
                raise StartError(message)
            await asyncio.sleep(_POLL_SECONDS)

    def _greet(self) -> None:
        self.console.say("")
        self.console.say(f"Evenhand is ready: {self.plan.address}")
        with suppress(OSError):
            people = (self.plan.data / "people.txt").read_text(encoding="utf-8").splitlines()
            self.console.say("Sign in as any of these people (the sign-in page lists all, one press each):")
            for person in people:
                self.console.say(f"  {person}")
            self.console.say("Each person needs a browser window (or profile) of their own.")
        self.console.say("Ctrl-C stops everything; the data stays.")
        self.console.say("")

    async def _watch(self, stack: Stack) -> None:
        """Until a stop is asked for, bring PostgreSQL and Redis back if they end."""
        while not self._stop_asked.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop_asked.wait(), _WATCH_SECONDS)
                return
            if self.console.closed:
                return
            for server in stack.servers:
                if server.pid() is not None:
                    continue
                self.console.say(f"{server.name} ended; it starts again")
                try:
                    # In this thread on purpose: the kernel ties a child's life to its thread.
                    stack.start(dies_with_us=True)
                except ServiceError as error:
                    self.console.say(str(error))

    async def _go_down(self) -> None:
        """Stop what acts first, what it needs last, and everything within ten seconds."""
        order = {"beat": 0, "worker": 1, "web": 2, "sandbox": 3, "mail": 4}
        ranked = sorted(self.children, key=lambda child: order.get(child.spec.name, 9))
        first = [child for child in ranked if child.spec.name in {"beat", "worker"}]
        rest = [child for child in ranked if child not in first]
        for group in (first, rest):
            calm = asyncio.create_task(_stop_all(group))
            urgent = asyncio.create_task(self._urgent.wait())
            await asyncio.wait({calm, urgent}, return_when=asyncio.FIRST_COMPLETED)
            urgent.cancel()
            if not calm.done():
                await _stop_all(group, at_once=True)
                await calm


async def _stop_all(children: list[Child], *, at_once: bool = False) -> None:
    await asyncio.gather(*(child.stop(at_once=at_once) for child in children))
