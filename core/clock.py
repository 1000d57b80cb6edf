"""The one clock (Z2): the database's, moved by the test clock in sandbox mode.

Only the outermost layer (views, tasks, commands, the admin) asks it; below, `now` is an argument.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from core.models import TestClock


def now() -> datetime:
    """Return this instant in UTC. One query."""
    with connection.cursor() as cursor:
        if not settings.SANDBOX:
            cursor.execute("SELECT clock_timestamp()")
        else:
            cursor.execute(
                'SELECT coalesce((SELECT coalesce(frozen_at, clock_timestamp() + "offset") FROM core_testclock'
                " WHERE id = 1), clock_timestamp())"
            )
        instant: datetime = cursor.fetchone()[0]
    return instant


def offset() -> timedelta:
    """How far the sandbox's clock stands ahead of the real one."""
    row = TestClock.objects.filter(pk=1).values_list("offset", flat=True).first()
    return row or timedelta(0)


def move(by: timedelta) -> None:
    """Move the sandbox's clock forward. Raises ValueError backwards, or outside the sandbox."""
    _sandbox_only()
    if by < timedelta(0):
        raise ValueError("The test clock only moves forward: deadlines that fired stay fired.")
    clock, _ = TestClock.objects.select_for_update().get_or_create(pk=1)
    if clock.frozen_at is not None:
        clock.frozen_at += by
    clock.offset += by
    clock.save(update_fields=["offset", "frozen_at"])


def freeze(at: datetime | None) -> None:
    """Hold the sandbox's clock at `at` (tests, screenshots), or let it run again with None."""
    _sandbox_only()
    TestClock.objects.update_or_create(pk=1, defaults={"frozen_at": at})


def set_offset(by: timedelta) -> None:
    """Set the offset outright (the seed command starts in the past and ends at the real now)."""
    _sandbox_only()
    TestClock.objects.update_or_create(pk=1, defaults={"offset": by, "frozen_at": None})


def _sandbox_only() -> None:
    if not settings.SANDBOX:
        raise ValueError("The test clock exists in sandbox mode only.")
