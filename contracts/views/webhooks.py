"""The payment gateway's callback: signed, in its time window, each event once."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from contracts.models import GatewayEvent
from contracts.payments import signing
from contracts.payments.base import Kind, Word
from contracts.payments.send import tell
from core.errors import StrangerError

log = logging.getLogger(__name__)

MOST = 10_000  # bytes
EVENT_ID_MAX = 80


@dataclass(frozen=True, slots=True)
class _Event:
    event_id: str
    kind: Kind
    object_id: UUID
    word: Word


@csrf_exempt
@require_POST
def payments(request: HttpRequest) -> JsonResponse:
    """Take a confirmation in: 200 (also for a repeat), 400 unreadable, 401 unsigned, 404 unknown, 413 too long."""
    if _length(request) > MOST:
        return JsonResponse({"error": "too long"}, status=413)
    body = request.body
    wrong = signing.verify(
        body,
        request.headers.get(signing.TIMESTAMP, ""),
        request.headers.get(signing.SIGNATURE, ""),
        settings.GATEWAY_SIGNING_SECRET,
    )
    if wrong:
        log.warning("payment callback refused: %s", wrong)
        return JsonResponse({"error": "not signed"}, status=401)
    try:
        event = _read(body)
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "not an event"}, status=400)
    try:
        return JsonResponse({"seen": not _take_in(event, request)})
    except StrangerError:
        return JsonResponse({"error": "unknown"}, status=404)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return MOST + 1


def _read(body: bytes) -> _Event:
    data = json.loads(body)
    event_id = data["event_id"]
    if not isinstance(event_id, str) or not 0 < len(event_id) <= EVENT_ID_MAX or "\0" in event_id:
        raise ValueError("event_id")
    return _Event(event_id, Kind(data["kind"]), UUID(data["id"]), Word(data["status"]))


def _take_in(event: _Event, request: HttpRequest) -> bool:
    """Note the event and act on it in one transaction, so that a crash leaves it to be sent again."""
    now = request.now  # type: ignore[attr-defined]
    with transaction.atomic():
        _, new = GatewayEvent.objects.get_or_create(
            event_id=event.event_id,
            defaults={
                "kind": event.kind.value,
                "object_id": event.object_id,
                "status": event.word.value,
                "received_at": now,
            },
        )
        if new:
            tell(event.kind, event.object_id, event.word, now=now)
        return new
