"""One migrated database for all test processes, copied instead of migrated again.

Running every migration takes many seconds of Python for each worker of each run;
PostgreSQL copies the result in a fraction of one. The template's name carries a
hash of the migrations, so a changed migration makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2
from django.conf import settings
from psycopg2 import sql

_PREFIX = "evenhand_template_"
_KEPT_TEMPLATES = 4


def _fingerprint() -> str:
    root = Path(settings.BASE_DIR)
    files = sorted(root.glob("*/migrations/*.py")) + sorted(root.glob("*/*/*/migrations/*.py"))
    digest = hashlib.sha256()
    for file in [*files, root / "requirements" / "base.lock", root / "config" / "settings" / "base.py"]:
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _connect():
    database = settings.DATABASES["default"]
    connection = psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"],
        dbname="postgres",
    )
    connection.autocommit = True
    return connection


def _address(name: str) -> str:
    database = settings.DATABASES["default"]
    given = os.environ.get("DATABASE_URL")
    if given:
        address, _, query = given.partition("?")
        return address.rsplit("/", 1)[0] + "/" + name + ("?" + query if query else "")
    return f"postgresql://{database['USER']}@/{name}?host={database['HOST'].replace('/', '%2F')}"


def template() -> str:
    """Return the name of a database in which every migration has run, making it if need be."""
    name = _PREFIX + _fingerprint()
    lock = Path(tempfile.gettempdir()) / f"evenhand-template-{os.getuid()}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        connection = _connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid", [_PREFIX + "%"])
                known = [row[0] for row in cursor.fetchall()]
                if name not in known:
                    _make(cursor, name, known)
        finally:
            connection.close()
    return name


def _make(cursor, name: str, known: list[str]) -> None:
    unfinished = name + "_unfinished"
    for old in {unfinished, *known[: -_KEPT_TEMPLATES + 1]}:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old)))
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0", "--no-input"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "DATABASE_URL": _address(unfinished)},
        check=True,
    )
    cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name)))
