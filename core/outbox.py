"""What must be sent: a row committed with its cause, delivered at least once by the relay.

A claim is a lease (`claimed_until`), never a state: a relay killed between sending and marking
leaves a row that becomes free again by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from core.models import OutboxMessage

log = logging.getLogger(__name__)

Deliver = Callable[[dict[str, Any]], None]

LEASE = timedelta(seconds=60)
BACK_OFF = (5, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)  # seconds

_registry: dict[str, Deliver] = {}


def register(handler: str, deliver: Deliver) -> None:
    """Name a sender. It runs outside any transaction, may run twice, and raises to be retried."""
    _registry[handler] = deliver


def put(handler: str, payload: dict[str, Any], *, now: datetime, ordering_key: str = "") -> None:
    """Leave one message inside the caller's transaction. Raises LookupError for an unknown sender."""
    if handler not in _registry:
        raise LookupError(f"no outbox handler {handler!r}")
    OutboxMessage.objects.create(
        handler=handler, payload=payload, ordering_key=ordering_key, created_at=now, available_at=now
    )


def put_many(handler: str, payloads: list[dict[str, Any]], *, now: datetime, ordering_key: str = "") -> None:
    """Leave several messages in one insert."""
    if handler not in _registry:
        raise LookupError(f"no outbox handler {handler!r}")
    OutboxMessage.objects.bulk_create(
        OutboxMessage(handler=handler, payload=p, ordering_key=ordering_key, created_at=now, available_at=now)
        for p in payloads
    )


def relay(*, now: datetime, limit: int = 100) -> int:
    """Deliver up to `limit` waiting messages, oldest first. Returns how many were delivered."""
    sent = 0
    for _ in range(limit):
        message = _claim(now)
        if message is None:
            return sent
        sent += _deliver(message, now)
    return sent


def _claim(now: datetime) -> OutboxMessage | None:
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(delivered_at__isnull=True, given_up_at__isnull=True, available_at__lte=now)
            .exclude(claimed_until__gt=now)
            .order_by("available_at", "id")
            .first()
        )
        if message is None:
            return None
        message.claimed_until = now + LEASE
        message.attempts += 1
        message.save(update_fields=["claimed_until", "attempts"])
        return message


def _deliver(message: OutboxMessage, now: datetime) -> int:
    try:
        _registry[message.handler](message.payload)
    except Exception as error:  # noqa: BLE001 - one failing message never blocks the rest
        log.warning("outbox %s (%s) failed: %s", message.pk, message.handler, error)
        step = min(message.attempts - 1, len(BACK_OFF) - 1)
        message.available_at = now + timedelta(seconds=BACK_OFF[step])
        message.claimed_until = None
        message.last_error = f"{type(error).__name__}: {error}"[:2000]
        message.save(update_fields=["available_at", "claimed_until", "last_error"])
        if connection.in_atomic_block:
            # A test's outer transaction would hide a broken one; outside tests this cannot happen.
            connection.validate_no_broken_transaction()
        return 0
    message.delivered_at = now
    message.claimed_until = None
    message.save(update_fields=["delivered_at", "claimed_until"])
    return 1
