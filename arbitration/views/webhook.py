"""The provider's signed messages come in here: checked, stored, then applied."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from arbitration.enums import EventState
from arbitration.providers import signing
from arbitration.services.inbox import MalformedEventError, apply_event, receive_event

log = logging.getLogger(__name__)

BODY_MAX = 256 * 1024  # bytes


@csrf_exempt
@require_POST
def provider(request: HttpRequest) -> JsonResponse:
    """POST /webhooks/provider/.

    401 wrong signature or outside of 5 minutes, 413 too large, 400 no message, 200 stored and looked at
    (applied, ignored, held, or known already), 202 stored and looked at later.
    """
    now = request.now  # type: ignore[attr-defined]
    body = request.read(BODY_MAX + 1) if _small(request) else None
    if body is None or len(body) > BODY_MAX:
        return JsonResponse({"error": "too large"}, status=413)
    problem = signing.problem_of(
        settings.PROVIDER_SIGNING_SECRET,
        request.headers.get(signing.TIMESTAMP, ""),
        request.headers.get(signing.SIGNATURE, ""),
        body,
        now=now,
    )
    if problem:
        log.warning("provider message refused: %s", problem)
        return JsonResponse({"error": problem}, status=401)
    try:
        row, new = receive_event(body, now=now)
    except MalformedEventError as error:
        return JsonResponse({"error": str(error)}, status=400)
    known = not new and row.state != EventState.RECEIVED
    try:
        row = row if known else apply_event(row.pk, now=now)
    except OperationalError:
        # Somebody holds the case right now. The message is safe; the reconciliation applies it within a minute.
        log.warning("provider message %s waits for the case", row.event_id)
        return JsonResponse({"state": "stored"}, status=202)
    return JsonResponse({"state": "known" if known else row.state})


def _small(request: HttpRequest) -> bool:
    try:
        return int(request.headers.get("Content-Length") or 0) <= BODY_MAX
    except ValueError:
        return False
