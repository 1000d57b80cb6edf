"""What the provider does: take cases in, and say what the arbitrator did."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from django.conf import settings
from django.db import transaction

from arbitration.providers import signing
from arbitration.providers.sandbox.models import Behaviour, Case, CaseState, Exhibit, Message, Mode
from core.money import Money

WEBHOOK = "/webhooks/provider/"
TIMEOUT = 8  # seconds


def take_in(filing: UUID, bundle: dict[str, Any], *, now: datetime) -> tuple[Case, bool]:
    """Store a filed case; the same filing twice is the same case. (case, whether it is new)."""
    with transaction.atomic():
        return Case.objects.get_or_create(
            filing=filing,
            defaults={
                "number": f"BR-{now:%Y}-{uuid4().hex[:6].upper()}",
                "bundle": bundle,
                "received_at": now,
            },
        )


def keep_exhibit(case: Case, number: str, name: str, content: bytes) -> Exhibit:
    """Store one exhibit; a repeat changes nothing."""
    row, _ = Exhibit.objects.get_or_create(
        case=case,
        number=number,
        defaults={"name": name, "content": content, "sha256": hashlib.sha256(content).hexdigest()},
    )
    return row


def mark_settled(case: Case) -> None:
    """The parties settled: the case is over here, unless an award was made before."""
    if case.state != CaseState.AWARDED:
        case.state = CaseState.SETTLED
        case.save(update_fields=["state"])


def mode() -> Mode:
    """Return the present behaviour."""
    row, _ = Behaviour.objects.get_or_create(pk=1)
    return Mode(row.mode)


def set_mode(value: str) -> None:
    """Turn the switch."""
    Behaviour.objects.update_or_create(pk=1, defaults={"mode": Mode(value)})


def accept(case: Case, *, now: datetime) -> Message:
    """Accept the filing."""
    return _say(case, "case.accepted", {}, CaseState.ACCEPTED, now=now)


def progress(case: Case, step: str, *, now: datetime) -> Message:
    """Tell a step: a response, a rebuttal, a question, a hearing."""
    return _say(case, "case.progress", {"step": step}, CaseState.IN_PROGRESS, now=now)


def reject(case: Case, reason: str, *, now: datetime) -> Message:
    """Reject the case."""
    return _say(case, "case.rejected", {"reason": reason}, CaseState.REJECTED, now=now)


def award(
    case: Case,
    *,
    to_freelancer: Money,
    reasons: str,
    arbitrator: str,
    shift_from: str,
    shift: Money | None,
    now: datetime,
) -> Message:
    """Make the award; the client's part is the rest. With the wrong sum the case stays open for a correct one."""
    wrong = mode() == Mode.WRONG_SUM
    to_client = case.money - to_freelancer
    data = {
        "currency": case.money.currency,
        "to_freelancer": to_freelancer.amount,
        "to_client": to_client.amount + (100 if wrong else 0),
        "reasons": reasons,
        "arbitrator": arbitrator,
        "cost_shift": {"from": shift_from, "amount": shift.amount} if shift_from and shift else None,
    }
    return _say(case, "award.made", data, CaseState(case.state) if wrong else CaseState.AWARDED, now=now)


def send(message: Message, *, now: datetime) -> Message:
    """Deliver one message by signed HTTP and note the answer. Outside any transaction."""
    body = message.body.encode()
    headers = {"Content-Type": "application/json", **signing.headers(settings.PROVIDER_SIGNING_SECRET, body, now=now)}
    if message.mode == Mode.FORGED:
        headers[signing.SIGNATURE] = "0" * 64
    for _ in range(2 if message.mode == Mode.TWICE else 1):
        message.attempts += 1
        try:
            with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
                response = client.post(settings.SITE_URL + WEBHOOK, content=body, headers=headers)
        except httpx.HTTPError as error:
            message.answer = type(error).__name__
            continue
        message.answer = f"{response.status_code} {response.text[:200]}"
        if response.is_success:
            message.delivered_at = now
    message.save(update_fields=["attempts", "answer", "delivered_at"])
    return message


def send_again(message: Message, *, now: datetime) -> Message:
    """Send as it should be, whatever the switch said when it was made."""
    message.mode = Mode.HONEST
    message.save(update_fields=["mode"])
    return send(message, now=now)


def _say(case: Case, kind: str, data: dict[str, Any], state: CaseState, *, now: datetime) -> Message:
    with transaction.atomic():
        case.state = state
        case.save(update_fields=["state"])
        message_id = uuid4()
        body = {
            "id": f"evt_{message_id.hex}",
            "type": kind,
            "case": case.number,
            "filing": str(case.filing),
            "created": now.isoformat(),
            "data": data,
        }
        message = Message.objects.create(
            id=message_id,
            case=case,
            kind=kind,
            body=json.dumps(body, separators=(",", ":")),
            mode=mode(),
            made_at=now,
        )
    if message.mode in {Mode.DROP, Mode.HOLD}:
        return message
    return send(message, now=now)
