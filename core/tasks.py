"""Celery's doorbells. Truth is in PostgreSQL: any of these may be lost, late or doubled."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from core import clock, deadlines, outbox
from core.models import Heartbeat


def beat(name: str) -> None:
    """Leave a sign of life that went through the whole chain."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


@shared_task(ignore_result=True)
def sweep_deadlines(**_: Any) -> int:
    """Fire due timers until none is left in this batch."""
    fired = deadlines.sweep(now=clock.now())
    beat("sweep")
    return fired


@shared_task(ignore_result=True)
def relay_outbox(**_: Any) -> int:
    """Send what waits in the outbox."""
    sent = outbox.relay(now=clock.now(), limit=200)
    beat("relay")
    return sent


@shared_task(ignore_result=True)
def self_check(**_: Any) -> int:
    """Run every registered invariant check and log what fails; see core.checks_registry."""
    from core.selfcheck import run  # noqa: PLC0415 - the registry is filled by wiring at start

    beat("selfcheck")
    return len(run(now=clock.now()))
