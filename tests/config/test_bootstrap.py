"""The first step: says in one plain line what a fresh machine lacks."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections import namedtuple

import pytest

from config.embedded.profile import ROOT


@pytest.fixture
def bootstrap(tmp_path):
    specification = importlib.util.spec_from_file_location("bootstrap", ROOT / "config" / "bootstrap.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    module.VENV = tmp_path / ".venv"
    module.PYTHON = module.VENV / "bin" / "python"
    return module


def refusal(capsys, act, *arguments) -> str:
    with pytest.raises(SystemExit) as stopped:
        act(*arguments)
    assert stopped.value.code == 1
    return capsys.readouterr().err


def test_a_python_that_is_too_old_is_named(bootstrap, monkeypatch, capsys):
    version = namedtuple("version", "major minor")  # noqa: PYI024 - what sys.version_info is
    monkeypatch.setattr(sys, "version_info", version(3, 9))
    monkeypatch.setattr(shutil, "which", lambda _: None)

    said = refusal(capsys, bootstrap.be_new_enough)

    assert said == (
        f"Evenhand needs Python 3.11 or newer; {sys.executable} is 3.9. "
        "Install a newer one, or name it: make run PYTHON=/path/to/python3\n"
    )


def test_a_newer_python_beside_it_takes_over(bootstrap, monkeypatch):
    version = namedtuple("version", "major minor")  # noqa: PYI024 - what sys.version_info is
    taken_over = []
    monkeypatch.setattr(sys, "version_info", version(3, 9))
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "dev"])
    monkeypatch.setattr(shutil, "which", lambda name: sys.executable if name == "python3.11" else None)

    def replace(program, arguments):
        taken_over.append((program, arguments[1], arguments[3:]))
        raise SystemExit(0)

    monkeypatch.setattr(os, "execv", replace)

    with pytest.raises(SystemExit):
        bootstrap.be_new_enough()

    assert taken_over == [(sys.executable, "-I", ["dev"])]


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_named_with_the_remedy(bootstrap, monkeypatch, capsys, module):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else found(name))

    said = refusal(capsys, bootstrap.make_venv)

    assert said == (
        f"Python's {module} module is missing. Install it (Debian and Ubuntu: "
        "apt-get install python3-venv), then run make again.\n"
    )


def test_a_full_disk_is_named_before_anything_is_written(bootstrap, monkeypatch, capsys):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - what shutil returns
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, 50_000_000))

    said = refusal(capsys, bootstrap.install, "base")

    assert said == "The disk is full: 700 MB are needed, 50 MB are free.\n"
    assert not bootstrap.VENV.exists()


@pytest.mark.parametrize(
    ("printed", "meaning"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "the disk is full."),
        (
            "WARNING: Retrying after connection broken by NewConnectionError: Name or service not known",
            "the package index cannot be reached. Is there a network?",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n do not match the hashes from the file",
            "a package is not the one that the lock file names.",
        ),
        ("noise\nERROR: something new\nmore noise", "ERROR: something new"),
        ("", "it printed nothing."),
    ],
)
def test_what_pip_says_is_put_into_words(bootstrap, printed, meaning):
    assert bootstrap.explain(printed) == meaning


def test_nothing_is_installed_twice_and_a_changed_lock_is_noticed(bootstrap, tmp_path):
    bootstrap.LOCKS = tmp_path / "requirements"
    shutil.copytree(ROOT / "requirements", bootstrap.LOCKS)
    bootstrap.VENV.mkdir()
    bootstrap.stamp_file("dev").write_text(bootstrap.stamp_of("dev"))

    assert (bootstrap.is_installed("dev"), bootstrap.is_installed("base")) == (True, True)

    with (bootstrap.LOCKS / "base.lock").open("a") as lock:
        lock.write("# changed\n")
    assert (bootstrap.is_installed("dev"), bootstrap.is_installed("base")) == (False, False)


def test_a_missing_interpreter_is_told_in_one_line():
    result = subprocess.run(
        ["make", "--no-print-directory", "setup", "PYTHON=no-such-python"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 2
    assert result.stderr.splitlines()[0] == (
        "There is no no-such-python. Evenhand needs Python 3.11 or newer: "
        "install it, or name it: make run PYTHON=/path/to/python3"
    )
