"""What leaves for the provider: never inside a transaction, never resent blindly (architecture section 5)."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from arbitration.enums import EventState
from arbitration.locks import lock_request
from arbitration.models import ArbitrationCase, ProviderEvent, ProviderRequest
from arbitration.providers.base import (
    ArbitrationProvider,
    ProviderError,
    ProviderRefusedError,
    ProviderUnknownError,
    Receipt,
    provider,
)
from arbitration.services.bundle import bundle_of
from arbitration.services.filing import FILE
from arbitration.services.inbox import MalformedEventError, apply_event, receive_event

log = logging.getLogger(__name__)

ASK_AFTER = timedelta(minutes=1)
# A settlement may overtake the filing it belongs to; after this the filing never arrived and nothing is to be said.
FORGET_AFTER = timedelta(minutes=10)


def send_request(payload: dict[str, Any], *, now: datetime) -> None:
    """Deliver one stored request. Raises to be retried by the outbox; a repeat does no harm.

    First try: mark as sent, commit, send. Any later try asks what became of the first before it sends again,
    under the same idempotency key.
    """
    request_id = UUID(str(payload["request_id"]))
    with transaction.atomic():
        request = lock_request(request_id)
        if request is None or request.cancelled_at or request.answer:
            return
        first = request.sent_at is None
        if first:
            request.sent_at = now
            request.save(update_fields=["sent_at"])
    brief = provider()
    case = request.case
    if request.verb == FILE:
        receipt = _file(brief, request, case, first=first)
    else:
        receipt = _settle(brief, request, case, now=now)
    ProviderRequest.objects.filter(pk=request.pk).update(
        answer=json.dumps({"case": receipt.provider_case, "state": receipt.answer})
    )


def _file(brief: ArbitrationProvider, request: ProviderRequest, case: ArbitrationCase, *, first: bool) -> Receipt:
    if not first:
        status = brief.fetch_status(request.pk)
        if status is not None:
            return Receipt(provider_case=status.provider_case, answer=status.state)
    receipt = brief.file(request.pk, bundle_of(case))
    for number, name, content in _exhibits(case):
        brief.upload_exhibit(request.pk, number, name, content)
    return receipt


def _exhibits(case: ArbitrationCase) -> list[tuple[str, str, bytes]]:
    """Bytes of the shared, numbered exhibits: the only ones that may leave the house."""
    found = []
    shared = case.dispute.evidence.filter(exhibit__isnull=False, confidentiality="shared", removed_at__isnull=True)
    rows = shared.exclude(file="")  # what was redacted has no bytes any more
    for row in rows.order_by("exhibit"):
        with row.file.open("rb") as file:
            found.append((f"E-{row.exhibit}", row.file_name, file.read()))
    return found


def _settle(brief: ArbitrationProvider, request: ProviderRequest, case: ArbitrationCase, *, now: datetime) -> Receipt:
    filing = case.requests.filter(verb=FILE).order_by("created_at").first()
    if filing is None:
        return Receipt(answer="never filed")
    try:
        return brief.inform_of_settlement(request.pk, filing.pk)
    except ProviderRefusedError:
        if brief.fetch_status(filing.pk) is not None:
            raise
        if now - request.created_at < FORGET_AFTER:
            raise ProviderUnknownError("the provider does not know the filing yet") from None
        return Receipt(answer="the filing never arrived")


def reconcile(*, now: datetime) -> int:
    """Apply what was stored and not applied, and ask about filings that still wait. Returns how many messages moved.

    Lost webhooks come back this way: the provider lists what it said, and each goes through the same inbox.
    """
    moved = _apply_waiting(now)
    waiting = ProviderRequest.objects.filter(
        verb=FILE,
        sent_at__lte=now - ASK_AFTER,
        cancelled_at__isnull=True,
        case__state__in=["filing", "submitted", "in_progress"],
    ).order_by("sent_at")[:100]
    brief = provider()
    for request in waiting:
        try:
            status = brief.fetch_status(request.pk)
        except ProviderError as error:
            log.warning("asking about filing %s failed: %s", request.pk, error)
            continue
        for event in status.events if status else ():
            try:
                receive_event(json.dumps(event).encode(), now=now)
            except MalformedEventError:
                log.warning("filing %s: the provider lists a message that cannot be read", request.pk)
    return moved + _apply_waiting(now)


def _apply_waiting(now: datetime) -> int:
    moved = 0
    waiting = ProviderEvent.objects.filter(state=EventState.RECEIVED).order_by("received_at", "id")
    for row_id in list(waiting.values_list("pk", flat=True)[:200]):
        try:
            moved += apply_event(row_id, now=now).state != EventState.RECEIVED
        except Exception:  # one message that fails never blocks the rest
            log.exception("provider message %s failed", row_id)
    return moved
