"""Tests that really commit are cleaned up by TRUNCATE, which append-only tables rightly refuse.

The clean-up alone runs with those triggers off; the test itself met all of them.
"""

from __future__ import annotations

from django.db import connection
from django.test import TransactionTestCase

_teardown = TransactionTestCase._fixture_teardown
_GUARDED = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%\\_no\\_truncate'"


def _guards(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GUARDED)
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} {state} TRIGGER {trigger}")


def _without_guards(self) -> None:
    _guards("DISABLE")
    try:
        _teardown(self)
    finally:
        _guards("ENABLE")


def install() -> None:
    """Let committed tests end on an empty database."""
    TransactionTestCase._fixture_teardown = _without_guards
