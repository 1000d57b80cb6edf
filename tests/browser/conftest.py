"""The browser suite drives the real thing: `python -m config.supervisor` with its own data, ports and clock.

Web, worker, beat, mail server, payment gateway and provider are the processes of `make run`; people are windows of
a headless Chromium. One system serves all journeys of a run; each makes its own contract, and time only moves forward.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser.people import Window
from tests.support.chromium import executable

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 200  # seconds, on a loaded machine

# One system, one clock: all journeys run on one worker, one after the other.
GROUP = pytest.mark.xdist_group("browser")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(item.fspath).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(GROUP)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


# What would lead a process of the system elsewhere, if it came from the outside.
NOT_OURS = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "EVENHAND_ROOT_URLCONF", "SITE_URL", "SANDBOX_URL"}


class Attached:
    """A running Evenhand: its addresses, its log, its self-check.

    This one somebody started before: EVENHAND_PORT names its port, EVENHAND_DATA its data (for writing journeys).
    """

    def __init__(self, web: int, sandbox: int, data: Path) -> None:
        self.web, self.sandbox = web, sandbox
        self.url = f"http://127.0.0.1:{web}"
        self.log = data / "log.txt"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in NOT_OURS},
            "PORT": str(web),
            "SANDBOX_PORT": str(sandbox),
            "EVENHAND_DATA": str(data),
        }

    def selfcheck(self) -> str:
        """What `manage.py selfcheck` says of this system's own database: nothing when all is in order."""
        done = subprocess.run(
            [sys.executable, "manage.py", "selfcheck"],
            cwd=ROOT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return "" if done.returncode == 0 and "All in order" in done.stdout else done.stdout + done.stderr

    def said(self) -> int:
        """How much its processes have written so far."""
        return self.log.stat().st_size if self.log.exists() else 0

    def complaints(self, since: int) -> list[str]:
        """Lines its processes wrote since then that no journey may leave behind: errors and tracebacks."""
        if not self.log.exists():
            return []
        with self.log.open("rb") as file:
            file.seek(since)
            lines = file.read().decode(errors="replace").splitlines()
        return [line for line in lines if re.search(r" (ERROR|CRITICAL) |Traceback", line)]


class System(Attached):
    """The same, started and stopped here."""

    def __init__(self, data: Path) -> None:
        web, sandbox, mail = _free_ports(3)
        super().__init__(web, sandbox, data)
        self.environment |= {"MAIL_PORT": str(mail), "EVENHAND_SEED": "people"}
        self._file = self.log.open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.supervisor"],
            cwd=ROOT,
            env=self.environment,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(self.url + "/sign-in/", timeout=2)
            except OSError:
                time.sleep(0.3)
            else:
                return
        pytest.fail("Evenhand did not start:\n" + self.log.read_text()[-4000:])

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._file.close()


@pytest.fixture(scope="session")
def system(tmp_path_factory) -> Attached:
    if port := os.environ.get("EVENHAND_PORT"):
        yield Attached(int(port), int(port) + 1, Path(os.environ["EVENHAND_DATA"]))
        return
    running = System(tmp_path_factory.mktemp("evenhand"))
    try:
        running.wait()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Browser:
    """One Chromium for all windows; the plugin's own driver, because a process can hold only one."""
    chromium = playwright.chromium.launch(
        executable_path=executable(),
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    )
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def keys() -> dict[str, Any]:
    """Cookies of people who have signed in: each does so once, through the form."""
    return {}


@pytest.fixture
def window(system, browser, keys, request):
    """`window("rafael")`: a window of that person, signed in; its console has to stay empty."""
    opened: list[Window] = []

    def open_one(name: str | None = None, *, width: int = 1360, script: bool = True) -> Window:
        one = Window(browser, system.url, name, width=width, script=script, key=keys.get(name))
        opened.append(one)
        if name and name not in keys:
            one.sign_in(name)
            keys[name] = one.key()
        return one

    yield open_one
    problems = [(w.name, p) for w in opened for p in w.problems]
    failed = getattr(request.node, "failed", False)
    for one in opened:
        if failed:
            one.keep(Path(os.environ.get("EVENHAND_SCREENS", ".data/screens")), re.sub(r"\W+", "-", request.node.name))
        one.close()
    assert problems == []


@pytest.fixture
def in_order(system):
    """After the journey the books and the clocks agree, and no process has complained."""
    since = system.said()
    yield
    assert system.selfcheck() == ""
    assert system.complaints(since) == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report
