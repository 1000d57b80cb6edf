"""Celery's doorbells and the outbox sender of this room: the outermost layer, which asks the clock."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from arbitration.services import sending
from core import clock


def deliver(payload: dict[str, Any]) -> None:
    """Send one stored request to the provider (outbox)."""
    sending.send_request(payload, now=clock.now())


@shared_task(ignore_result=True)
def reconcile_provider(**_: Any) -> int:
    """Ask the provider about what still waits, and apply what was stored."""
    return sending.reconcile(now=clock.now())
