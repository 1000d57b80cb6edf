"""The supervisor: keeps processes running, stops them all, leaves none behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.embedded.profile import ROOT
from config.supervisor.child import Child, Spec
from config.supervisor.console import Console
from config.supervisor.ports import PortError, require_free
from config.supervisor.processes import Plan
from config.supervisor.runlock import AlreadyRunning, RunLock


class Notes(Console):
    """A console that remembers what was said."""

    def __init__(self):
        super().__init__()
        self.lines: list[tuple[str, str]] = []

    def say(self, text, speaker="evenhand"):
        self.lines.append((speaker, text))

    def said_by(self, speaker):
        return [text for name, text in self.lines if name == speaker]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


def python(code: str) -> list[str]:
    return [sys.executable, "-u", "-c", code]


def child_of(code: str, console: Console, **changed) -> Child:
    return Child(Spec(name="worker", command=python(code), **changed), console, folder=str(ROOT))


def test_what_a_process_says_is_passed_on_with_its_name():
    console = Notes()

    async def scenario():
        child = child_of("print('first'); print('second'); import time; time.sleep(60)", console)
        child.start()
        await until(lambda: len(console.said_by("worker")) == 2)
        await child.stop()

    asyncio.run(scenario())

    assert console.said_by("worker") == ["first", "second"]


def test_a_process_that_dies_starts_again_and_the_reason_is_told():
    console = Notes()

    async def scenario():
        child = child_of("import os; print(os.getpid()); import time; time.sleep(60)", console)
        child.start()
        await until(lambda: console.said_by("worker"))
        os.kill(child.process.pid, signal.SIGKILL)
        await until(lambda: len(console.said_by("worker")) == 2)
        await child.stop()

    asyncio.run(scenario())

    first, second = console.said_by("worker")
    assert first != second
    assert console.said_by("evenhand") == ["worker ended (signal SIGKILL); it starts again in 1 s"]


def test_the_pause_grows_with_every_failure():
    console = Notes()

    async def scenario():
        child = child_of("raise SystemExit(3)", console)
        child.start()
        await until(lambda: len(console.said_by("evenhand")) == 2)
        await child.stop()

    asyncio.run(scenario())

    assert console.said_by("evenhand") == [
        "worker ended (exit code 3); it starts again in 1 s",
        "worker ended (exit code 3); it starts again in 2 s",
    ]


def test_a_program_that_is_not_there_is_told():
    console = Notes()

    async def scenario():
        child = Child(Spec(name="worker", command=["/no/such/program"]), console, folder=str(ROOT))
        child.start()
        await until(lambda: console.said_by("worker"))
        await child.stop()

    asyncio.run(scenario())

    assert console.said_by("worker") == ["cannot be started: No such file or directory"]


def test_stopping_is_asked_for_first_and_leads_to_an_orderly_end():
    console = Notes()
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('tidied up'), sys.exit(0)))\n"
        "print('up'); time.sleep(60)"
    )

    async def scenario():
        child = child_of(code, console)
        child.start()
        await until(lambda: console.said_by("worker"))
        await child.stop()

    asyncio.run(scenario())

    assert console.said_by("worker") == ["up", "tidied up"]


def test_a_process_that_will_not_stop_is_killed_with_all_it_started():
    console = Notes()
    code = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "grandchild = subprocess.Popen(['sleep', '60'])\n"
        "print(grandchild.pid); time.sleep(60)"
    )

    async def scenario():
        child = child_of(code, console, grace=0.3)
        child.start()
        await until(lambda: console.said_by("worker"))
        pids = [child.process.pid, int(console.said_by("worker")[0])]
        before = [alive(pid) for pid in pids]
        await child.stop()
        await until(lambda: not any(alive(pid) for pid in pids))
        return before

    assert asyncio.run(scenario()) == [True, True]


def test_no_process_outlives_a_killed_supervisor():
    code = (
        "import asyncio, sys\n"
        "from config.supervisor.child import Child, Spec\n"
        "from config.supervisor.console import Console\n"
        "async def main():\n"
        "    child = Child(Spec(name='worker', command=['sleep', '60']), Console(), folder='.')\n"
        "    child.start()\n"
        "    while child.process is None: await asyncio.sleep(0.01)\n"
        "    print(child.process.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())"
    )
    supervisor = subprocess.Popen(python(code), cwd=ROOT, stdout=subprocess.PIPE)
    pid = int(supervisor.stdout.readline())
    assert alive(pid)

    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    end = time.monotonic() + 10
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)

    assert not alive(pid)


def test_a_taken_port_is_named_with_a_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortError) as refused:
            require_free("127.0.0.1", port, variable="PORT")

    assert str(refused.value) == (
        f"Port {port} is taken by another program. Stop that, or choose another port: make run PORT={port + 10}"
    )


def test_a_port_that_is_being_left_is_waited_for():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    require_free("127.0.0.1", port, variable="PORT", patience=5)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(PortError, match=r"^192\.0\.2\.1 is not an address of this machine \(HOST\)\.$"):
        require_free("192.0.2.1", 8000, variable="PORT")


def test_a_second_run_from_the_same_folder_is_told_where_the_first_is(tmp_path):
    first, second = RunLock(tmp_path), RunLock(tmp_path)
    first.take("http://127.0.0.1:8000/")

    with pytest.raises(AlreadyRunning) as refused:
        second.take("http://127.0.0.1:8010/")
    first.release()

    assert str(refused.value) == (
        f"Evenhand already runs from this folder (process {os.getpid()}, http://127.0.0.1:8000/). Stop that one first."
    )


def test_a_run_after_an_orderly_stop_differs_from_one_after_a_crash(tmp_path):
    orderly = RunLock(tmp_path)
    orderly.take("http://127.0.0.1:8000/")
    orderly.release()
    after_order = RunLock(tmp_path)
    after_order.take("http://127.0.0.1:8000/")
    os.close(after_order._descriptor)  # as the kernel does when the process is killed
    after_crash = RunLock(tmp_path)
    after_crash.take("http://127.0.0.1:8000/")

    assert (after_order.after_a_crash, after_crash.after_a_crash) == (False, True)
    after_crash.release()


def test_the_other_ports_follow_the_first(monkeypatch, tmp_path):
    for name in ("HOST", "SANDBOX_PORT", "MAIL_PORT", "SITE_URL", "SANDBOX_URL", "EMAIL_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", "9400")
    monkeypatch.setenv("EVENHAND_DATA", str(tmp_path))

    plan = Plan.from_environment()

    assert (plan.sandbox_port, plan.mail_port, plan.address) == (9401, 9402, "http://127.0.0.1:9400/")
    assert plan.environment()["SITE_URL"] == "http://127.0.0.1:9400"
    assert plan.environment()["SANDBOX_URL"] == "http://127.0.0.1:9401"
    assert plan.environment()["EMAIL_PORT"] == "9402"
