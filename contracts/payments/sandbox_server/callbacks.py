"""When and how the sandbox's gateway calls back: later, signed, and on request badly."""

from __future__ import annotations

import json
import logging
import threading
import uuid
from datetime import timedelta

import httpx
from django.conf import settings
from django.db import connection

from contracts.models import SandboxBehaviour, SandboxOperation
from contracts.payments import signing

log = logging.getLogger(__name__)

CONFIRM, FAIL, HOLD, TWICE, LATE = "confirm", "fail", "hold", "twice", "late"
BEHAVIOURS = {
    CONFIRM: "Confirm after a second, as usual",
    FAIL: "Refuse after a second",
    HOLD: "Keep silent until somebody decides here",
    TWICE: "Confirm, and say so twice",
    LATE: "Confirm, a minute and a half late",
}
SOON = timedelta(seconds=1)
LATER = timedelta(seconds=90)
AGAIN = timedelta(seconds=15)
TRIES = 5


def behaviour() -> str:
    """How operations that come in now are handled."""
    row = SandboxBehaviour.objects.filter(pk=1).first()
    return row.behaviour if row else CONFIRM


def plan(operation: SandboxOperation) -> None:
    """Arrange what the operation's behaviour asks for; a restart loses it, and then the product asks."""
    if operation.behaviour == HOLD:
        return
    word = "failed" if operation.behaviour == FAIL else "confirmed"
    after(LATER if operation.behaviour == LATE else SOON, decide, operation.pk, word)


def after(wait: timedelta, act: object, *args: object) -> None:
    """Run `act` in a thread after `wait`."""

    def run() -> None:
        try:
            act(*args)  # type: ignore[operator]
        except Exception:  # a sandbox thread has nobody above it
            log.exception("sandbox gateway")
        finally:
            connection.close()

    timer = threading.Timer(wait.total_seconds(), run)
    timer.daemon = True
    timer.start()


def decide(operation_id: uuid.UUID, word: str) -> None:
    """Settle an operation once and tell the product."""
    won = SandboxOperation.objects.filter(pk=operation_id, status="pending").update(status=word)
    if not won:
        return
    tell(operation_id)
    if SandboxOperation.objects.get(pk=operation_id).behaviour == TWICE:
        tell(operation_id)


def reverse(operation_id: uuid.UUID) -> None:
    """Take a confirmed payment back (a chargeback), once, and tell the product."""
    if SandboxOperation.objects.filter(pk=operation_id, status="confirmed").update(status="reversed"):
        tell(operation_id)


def tell(operation_id: uuid.UUID, event_id: str = "", tries: int = TRIES) -> None:
    """Send the signed callback; try again a few times while the product does not answer."""
    operation = SandboxOperation.objects.get(pk=operation_id)
    event_id = event_id or str(uuid.uuid4())
    body = json.dumps(
        {"event_id": event_id, "kind": operation.kind, "id": str(operation.pk), "status": operation.status}
    ).encode()
    headers = {"Content-Type": "application/json", **signing.sign(body, settings.GATEWAY_SIGNING_SECRET)}
    operation.told += 1
    operation.save(update_fields=["told"])
    try:
        answer = httpx.post(settings.SITE_URL + "/webhooks/payments/", content=body, headers=headers, timeout=10)
        ok = answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR
    except httpx.HTTPError:
        ok = False
    if not ok and tries > 1:
        after(AGAIN, tell, operation_id, event_id, tries - 1)
