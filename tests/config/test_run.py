"""`make run` as a whole: everything comes up, answers, survives a kill and stops on Ctrl-C."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg2
import pytest

from config.embedded import Profile, Stack
from config.embedded.profile import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def children_of(pid: int) -> dict[int, str]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if int(parent) == pid:
                found[int(entry.name)] = command
    return found


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def await_line(log: Path, text: str, seconds: float) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        said = log.read_text()
        if text in said:
            return said
        time.sleep(0.1)
    raise AssertionError(f"{text!r} was not said:\n{log.read_text()}")


@pytest.fixture
def house(tmp_path):
    """Start it with its own data and ports, and an empty world."""
    port, sandbox_port, mail_port = free_ports(3)
    data = tmp_path / "a place with spaces"
    log = tmp_path / "log"
    dropped = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "SITE_URL", "SANDBOX_URL", "EMAIL_PORT"}
    environment = {key: value for key, value in os.environ.items() if key not in dropped}
    environment |= {
        "EVENHAND_DATA": str(data),
        "EVENHAND_SEED": "0",
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port),
        "MAIL_PORT": str(mail_port),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.supervisor"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    yield process, log, port, mail_port, data, environment
    process.kill()
    process.wait()


def test_everything_comes_up_and_one_interrupt_ends_it(house, monkeypatch):
    process, log, port, mail_port, data, environment = house

    said = await_line(log, "Evenhand is ready", 300)
    running = children_of(process.pid)
    names = ("postgres", "redis-server", "granian", "config.smtp_sink", "worker", "beat")

    assert f"http://127.0.0.1:{port}/" in said
    assert [name for name in names if not any(name in command for command in running.values())] == []
    assert status(f"http://127.0.0.1:{port}/") < 500
    with smtplib.SMTP("127.0.0.1", mail_port) as client:
        assert client.noop()[0] == 250

    # The whole chain, beat to database, without anybody asking.
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    connection = psycopg2.connect(Profile.named("dev", data=data).database_url())
    end = time.monotonic() + 60
    ticks = 0
    while not ticks and time.monotonic() < end:
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM core_heartbeat WHERE name = 'relay'")
            ticks = cursor.fetchone()[0]
        time.sleep(0.2)
    connection.close()
    assert ticks == 1

    second = subprocess.run(
        [sys.executable, "-m", "config.supervisor"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (second.returncode, second.stdout.count("\n")) == (1, 1)
    assert "already runs from this folder" in second.stdout

    worker = next(pid for pid, command in running.items() if " worker " in command)
    os.kill(worker, signal.SIGKILL)
    await_line(log, "worker ended (signal SIGKILL); it starts again in 1 s", 20)

    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert time.monotonic() - began < 10
    assert log.read_text().rstrip().endswith("Stopped.")
    assert [server.pid() for server in Stack(Profile.named("dev", data=data)).servers] == [None, None]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
