"""Celery's doorbell for payments: may be lost, late or doubled."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from contracts.payments.send import ask_about_silence
from core import clock


@shared_task(ignore_result=True)
def ask_gateway(**_: Any) -> int:
    """Ask the gateway about payments and payouts it has kept silent about for a minute."""
    return ask_about_silence(now=clock.now())
