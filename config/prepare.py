"""What has to be true before the first process starts: schema, files, people.

``python -m config.prepare`` does what is missing and nothing else, so that a
second start is quick. It prints one line for each thing it does.
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from config import env

#: Commands that make files out of sources and installed packages, where they exist.
_ASSET_COMMANDS: Final = ("build_fonts", "build_css")
#: Where the lines are kept that the supervisor greets with.
GREETING: Final = "people.txt"


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command line tool


def main() -> int:
    """Prepare everything; the exit code is 0 when it is all there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    try:
        if sys.argv[1:] == ["static"]:
            collect_static()
            return 0
        # The first time each of the two takes a while; there are two cores.
        files = None if static_is_current() else subprocess.Popen([sys.executable, "-m", "config.prepare", "static"])
        migrate()
        seed()
        if files is not None and files.wait() != 0:
            return 1
    except OperationalError as error:
        _say(f"The database does not answer: {str(error).strip().splitlines()[0]}")
        return 1
    except OSError as error:
        _say(f"Files cannot be written: {error.strerror} ({error.filename}).")
        return 1
    return 0


def migrate() -> None:
    """Bring the schema up to date."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        _say(f"Setting up the database ({len(plan)} migrations)")
        call_command("migrate", interactive=False, verbosity=0)


def fingerprint() -> str:
    """Return a text that changes whenever the collected static files would."""
    digest = hashlib.sha256()
    base = Path(settings.BASE_DIR)
    folders = [Path(folder) for folder in settings.STATICFILES_DIRS]
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.is_file())
    # What installed packages bring changes with the lock; what the commands make, with their code.
    files += sorted(base.joinpath("core").rglob("*.py"))
    files += [base / "requirements" / "base.lock", base / "config" / "settings" / "base.py"]
    for file in files:
        status = file.stat()
        digest.update(f"{file}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _static_stamp() -> Path:
    return Path(settings.STATIC_ROOT, ".stamp")


def static_is_current() -> bool:
    """Tell whether the static files were collected from what is there now."""
    return _static_stamp().exists() and _static_stamp().read_text() == fingerprint()


def collect_static() -> None:
    """Make and collect the static files."""
    _say("Collecting style sheets, scripts and fonts")
    for command in _ASSET_COMMANDS:
        if command in get_commands():
            call_command(command, verbosity=0, stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    _static_stamp().write_text(fingerprint())


def seed() -> None:
    """Make the demonstration world unless it is there.

    ``EVENHAND_SEED=0`` makes nothing, ``EVENHAND_SEED=people`` the people without their cases.

    The command itself knows whether there is anything to do, and makes a world
    anew whose making was interrupted.
    """
    wanted = env.text("EVENHAND_SEED", "1")
    if wanted == "0":
        return
    first = not get_user_model()._default_manager.exists()
    if first:
        _say("Making the demonstration world (once)")
    told = io.StringIO()
    call_command("seed_demo", people_only=wanted == "people", stdout=told)
    if first or "already there" not in told.getvalue():
        _say(told.getvalue().strip())
    Path(settings.DATA_DIR, GREETING).write_text("\n".join(people()) + "\n", encoding="utf-8")


def people() -> list[str]:
    """Return one line for each role of the demonstration: the first person who has it."""
    from accounts.enums import AccountKind, StaffRoleChoice  # noqa: PLC0415 - needs the app registry
    from config.demo.people import PARTIES, PASSWORD, PEOPLE  # noqa: PLC0415 - needs the app registry

    kinds = {party.key: AccountKind(party.kind).label for party in PARTIES}
    first: dict[str, str] = {}
    for person in PEOPLE:
        roles = [StaffRoleChoice(role).label for role in person.staff] or [kinds[person.account]]
        for role in roles:
            first.setdefault(str(role), f"{person.email:<28} {person.name}")
    width = max(map(len, first))
    return [f"{role:<{width}}  {line}" for role, line in first.items()] + [f"{'Password':<{width}}  {PASSWORD}"]


if __name__ == "__main__":
    sys.exit(main())
