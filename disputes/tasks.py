"""Celery's doorbell of this room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from celery import shared_task

from core import clock
from core.tasks import beat
from disputes import retention


@shared_task(ignore_result=True)
def sweep_retention(**_: Any) -> int:
    """Delete what has been kept long enough. Files are as old as the disk says, whatever the test clock shows."""
    gone = retention.sweep(now=clock.now(), disk_now=datetime.now(tz=UTC))
    beat("retention")
    return sum(gone.values())
