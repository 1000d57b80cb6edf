"""The embedded PostgreSQL and Redis: started, shared, stopped, found again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from config.embedded import Profile, ServiceError, Stack
from config.embedded.errors import explain
from config.embedded.postgres import Postgres
from config.embedded.processes import pid_from
from config.embedded.profile import ROOT


@pytest.fixture(autouse=True)
def _embedded_servers_are_wanted(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def profile(tmp_path):
    return Profile.named("test", data=tmp_path / "a folder with späces")


@pytest.fixture
def stack(profile):
    stack = Stack(profile)
    yield stack
    stack.stop()


def query(profile: Profile, statement: str) -> object:
    connection = psycopg2.connect(profile.database_url())
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def pids(stack: Stack) -> list[int | None]:
    return [server.pid() for server in stack.servers]


def test_a_second_start_finds_the_first_and_a_second_stop_does_nothing(stack):
    stack.start()
    first = pids(stack)

    stack.start()
    second = pids(stack)
    stack.stop()
    stack.stop()

    assert second == first
    assert None not in first
    assert pids(stack) == [None, None]


def test_data_outlives_a_restart(stack, profile):
    stack.start()
    query(profile, "CREATE TABLE kept AS SELECT 42 AS answer")
    stack.stop()

    stack.start()

    assert query(profile, "SELECT answer FROM kept") == 42


def test_words_sort_the_same_on_every_machine(stack, profile):
    stack.start()

    found = query(profile, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'evenhand'")

    assert found == "bC.UTF-8"


def test_a_killed_server_leaves_nothing_in_the_way(stack):
    stack.start()
    before = pids(stack)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    for server in stack.servers:
        server._process.wait(10)

    stack.start()

    assert None not in pids(stack)
    assert set(pids(stack)).isdisjoint(before)


def test_a_pid_file_that_names_a_stranger_is_not_believed(profile):
    folder = profile.postgres_data
    folder.mkdir(parents=True)
    file = folder / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n{folder}\n")

    assert pid_from(file, folder) is None
    assert pid_from(file, Path.cwd()) == os.getpid()


def test_an_interrupted_first_start_is_begun_again(stack, profile):
    profile.make_folders()
    half_made = profile.home / "pg.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")

    stack.start()

    assert query(profile, "SELECT 1") == 1
    assert not half_made.exists()


def test_servers_are_stopped_by_the_last_who_borrowed_them(profile):
    first, second = Stack(profile), Stack(profile)

    with first.borrowed():
        with second.borrowed():
            inner = pids(second)
        outer = pids(first)

    assert None not in outer
    assert outer == inner
    assert pids(first) == [None, None]


def test_servers_that_are_to_be_kept_outlive_their_borrowers(stack, profile):
    stack.keep()

    with Stack(profile).borrowed():
        pass

    assert None not in pids(stack)


def test_nothing_is_started_where_other_servers_are_named(profile, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@127.0.0.1/else")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1/0")

    stack = Stack(profile)
    stack.start()

    assert stack.servers == []
    assert not profile.home.exists()


def test_servers_end_with_the_process_they_are_tied_to(profile):
    code = (
        "import sys, time; from pathlib import Path\n"
        "from config.embedded import Profile, Stack\n"
        "Stack(Profile.named('test', data=Path(sys.argv[1]))).start(dies_with_us=True)\n"
        "print('up', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code, str(profile.home.parent)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert owner.stdout.readline() == b"up\n"
    stack = Stack(profile)
    assert None not in pids(stack)

    owner.kill()
    owner.wait()
    owner.stdout.close()
    end = time.monotonic() + 10
    while pids(stack) != [None, None] and time.monotonic() < end:
        time.sleep(0.05)

    assert pids(stack) == [None, None]


def test_a_socket_path_is_short_and_plain_however_the_checkout_is_called(tmp_path):
    deep = Profile.named("dev", data=tmp_path / ("x" * 100))
    spaced = Profile.named("dev", data=tmp_path / "a b")

    for sockets in (deep.sockets, spaced.sockets):
        assert len(os.fsencode(str(sockets / ".s.PGSQL.5432.lock"))) <= 103
        assert " " not in str(sockets)
    assert deep.sockets != spaced.sockets


def test_only_this_user_reaches_the_sockets(stack, profile):
    stack.start()

    assert profile.sockets.stat().st_mode & 0o777 == 0o700


def test_a_full_disk_is_named(profile, monkeypatch):
    monkeypatch.setattr(
        subprocess,
        "run",
        lambda command, **_: subprocess.CompletedProcess(
            command, 1, stdout="initdb: error: could not write file: No space left on device\n"
        ),
    )
    profile.make_folders()

    with pytest.raises(ServiceError) as refused:
        Postgres(profile).start(dies_with_us=False)

    assert str(refused.value) == "PostgreSQL cannot set up its data: the disk is full."


def test_an_unknown_trouble_is_told_in_the_servers_own_last_words():
    printed = "LOG: starting\nFATAL: lock file is odd\nLOG: shut down\n"

    assert explain(printed) == "FATAL: lock file is odd"


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ServiceError) as refused:
        Profile.named("dev", data=tmp_path / "file").make_folders()

    assert str(refused.value) == f"Cannot write to {tmp_path}/file: File exists."


def test_redis_refuses_rather_than_forgets(stack, profile):
    stack.start()
    client = redis.Redis.from_url(profile.redis_url())

    policy = client.config_get("maxmemory-policy")
    client.close()

    assert policy == {"maxmemory-policy": "noeviction"}
