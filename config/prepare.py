"""What has to be true before the first process starts: schema, files, people.

``python -m config.prepare`` does what is missing and nothing else, so that a
second start is quick. It prints one line for each thing it does.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Final

import django
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from config import env

#: Commands that make files out of sources and installed packages, where they exist.
_ASSET_COMMANDS: Final = ("build_css", "build_fonts")
_SEED_COMMAND: Final = "seed_demo"


class PrepareError(Exception):
    """Something cannot be prepared; the text is one plain line."""


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command line tool


def main() -> int:
    """Prepare everything; the exit code is 0 when it is all there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    try:
        start_over = _seeding_mark().exists()
        if start_over:
            empty_database()
        migrate()
        collect_static()
        seed()
    except PrepareError as error:
        _say(str(error))
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


def collect_static() -> None:
    """Make and collect the static files, unless nothing changed since the last time."""
    stamp = Path(settings.STATIC_ROOT, ".stamp")
    if stamp.exists() and stamp.read_text() == fingerprint():
        return
    _say("Collecting style sheets, scripts and fonts")
    for command in _ASSET_COMMANDS:
        if command in get_commands():
            call_command(command, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint())


def _seeding_mark() -> Path:
    return Path(settings.DATA_DIR, "seeding")


def empty_database() -> None:
    """Remove the half-made demonstration world that an interrupted first start left.

    Raises:
        PrepareError: the database is not the embedded one, so it is not ours to empty.
    """
    if os.environ.get("DATABASE_URL"):
        message = (
            "The demonstration world was interrupted while it was made. Empty the database "
            f"behind DATABASE_URL, remove {_seeding_mark()}, then start again."
        )
        raise PrepareError(message)
    _say("The first start was interrupted: the half-made demonstration world is made again")
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()


def seed() -> None:
    """Make the demonstration world in an empty database, unless ``EVENHAND_SEED=0``."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - needs the app registry

    if _SEED_COMMAND not in get_commands() or not env.boolean("EVENHAND_SEED", default=True):
        return
    mark = _seeding_mark()
    if not mark.exists() and get_user_model()._default_manager.exists():
        return
    _say("Making the demonstration world (once)")
    mark.touch()
    call_command(_SEED_COMMAND, verbosity=0)
    mark.unlink()


if __name__ == "__main__":
    sys.exit(main())
