"""What the provider tells us: stored before it is understood, then applied once."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from arbitration import rules
from arbitration.enums import ArbitrationState, EventState
from arbitration.events import AwardHeld
from arbitration.locks import lock_case
from arbitration.models import ArbitrationCase, ProviderEvent, ProviderRequest
from arbitration.services.award import Decision, record_award
from arbitration.services.filing import confirm_filed, note_progress, reject_by_provider
from arbitration.services.notice import SOURCE_LANGUAGE
from core import audit
from core.errors import DomainError, InvalidInputError, OutOfTurnError, StrangerError
from core.events import publish
from core.money import Money
from core.permissions import PROVIDER, Actor

log = logging.getLogger(__name__)

ACCEPTED = "case.accepted"
PROGRESS = "case.progress"
REJECTED = "case.rejected"
AWARD = "award.made"
# What only a case can say that the provider has taken.
_AFTER_ACCEPTANCE = frozenset({PROGRESS, AWARD})


class MalformedEventError(ValueError):
    """A signed message that is no message: not stored, answered with 400."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A stored message, read."""

    kind: str
    filing: str
    case: str
    data: dict[str, Any]


def receive_event(body: bytes, *, now: datetime) -> tuple[ProviderEvent, bool]:
    """Store a message whose signature was checked. (row, whether it is new). Raises MalformedEventError."""
    event_id, read = _parse(body)
    try:
        with transaction.atomic():
            row = ProviderEvent.objects.create(
                event_id=event_id,
                kind=read.kind,
                case_reference=read.filing[:80],
                body=body.decode(),
                received_at=now,
            )
    except IntegrityError:
        return ProviderEvent.objects.get(event_id=event_id), False
    return row, True


def apply_event(row_id: UUID, *, now: datetime) -> ProviderEvent:
    """Do what a stored message says, once: APPLIED, IGNORED (nothing to do) or HELD (a person has to look).

    The message and its effect are one transaction; a failure leaves it RECEIVED for the next reconciliation.
    What it notes stays for good, so it is written in the source language, whoever's request brought the message.
    """
    with translation.override(SOURCE_LANGUAGE), transaction.atomic():
        # The case is locked before the inbox row, as everywhere (aggregate first).
        body, kind = ProviderEvent.objects.values_list("body", "kind").get(pk=row_id)
        _, read = _parse(body.encode())
        case = _case_of(read)
        if case is not None:
            case = lock_case(case.pk)
        row = ProviderEvent.objects.select_for_update(of=("self",)).get(pk=row_id)
        if row.state != EventState.RECEIVED:
            return row
        if case is None:
            _finish(row, EventState.IGNORED, "No case of ours has this filing.", now)
            return row
        if case.state == ArbitrationState.FILING and kind in _AFTER_ACCEPTANCE:
            # It overtook the confirmation. It stays RECEIVED, and the reconciliation applies it after that.
            return row
        try:
            with transaction.atomic():
                state, note = _apply(case, kind, read, row, now)
        except InvalidInputError as error:
            state, note = EventState.HELD, error.message
        except DomainError as error:
            # Out of turn: settled meanwhile, or told twice under two ids. Nothing changes (edge cases 19, 21).
            state, note = EventState.IGNORED, error.message
        _finish(row, state, note, now)
        if state == EventState.HELD:
            publish(
                AwardHeld(
                    at=now,
                    contract_id=case.dispute.contract_id,
                    dispute_id=case.dispute_id,
                    arbitration_id=case.pk,
                )
            )
        return row


def set_aside(*, event_id: UUID, note: str, actor: Actor, now: datetime) -> ProviderEvent:
    """A clerk has dealt with a held message: it leaves the list of those that wait, and the record says who did.

    Raises StrangerError (also for a clerk who is a party of the case), OutOfTurnError.
    """
    with transaction.atomic():
        case = case_of_event(ProviderEvent.objects.get(pk=event_id))
        if case is not None:
            case = lock_case(case.pk)
        if case is None or not rules.clerk(case, actor):
            raise StrangerError
        row = ProviderEvent.objects.select_for_update(of=("self",)).get(pk=event_id)
        if row.state != EventState.HELD:
            raise OutOfTurnError(_("This message no longer waits: it was set aside before."))
        _finish(row, EventState.IGNORED, note.strip()[:300] or "Set aside by a clerk.", now)
        audit.append(
            chain=case.dispute_id, rule="A5", act="set_message_aside", obj=row, actor=actor, now=now, reason=row.note
        )
        return row


def case_of_event(row: ProviderEvent) -> ArbitrationCase | None:
    """The case a stored message is about, by its filing; None when it is none of ours."""
    return _case_of(_parse(row.body.encode())[1])


def _apply(case: ArbitrationCase, kind: str, read: _Read, row: ProviderEvent, now: datetime) -> tuple[EventState, str]:
    data = read.data
    if kind == ACCEPTED:
        confirm_filed(case_id=case.pk, provider_case=read.case, actor=PROVIDER, now=now)
    elif kind == PROGRESS:
        note_progress(case_id=case.pk, step=_text(data, "step"), actor=PROVIDER, now=now, message=row)
    elif kind == REJECTED:
        reject_by_provider(case_id=case.pk, reason=_text(data, "reason"), actor=PROVIDER, now=now)
    elif kind == AWARD:
        record_award(
            case_id=case.pk,
            decision=_decision(data),
            document_sha256=hashlib.sha256(row.body.encode()).hexdigest(),
            actor=PROVIDER,
            now=now,
        )
    else:
        return EventState.IGNORED, "A kind of message that says nothing to us."
    return EventState.APPLIED, ""


def _decision(data: dict[str, Any]) -> Decision:
    """Read an award. Raises InvalidInputError in words, so that it is held and not lost."""
    currency = _text(data, "currency")
    shift = data.get("cost_shift") or None
    if shift is not None and not isinstance(shift, dict):
        raise InvalidInputError({"shift": _("The cost shift cannot be read.")})
    return Decision(
        to_freelancer=_money(data, "to_freelancer", currency),
        to_client=_money(data, "to_client", currency),
        reasons=_text(data, "reasons"),
        arbitrator=_text(data, "arbitrator"),
        shift_from=_text(shift, "from") if shift else "",
        shift=_money(shift, "amount", currency) if shift else None,
    )


def _money(data: dict[str, Any], name: str, currency: str) -> Money:
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 10**15:
        raise InvalidInputError({name: _("The award’s {name} is no amount in minor units.").format(name=name)})
    try:
        return Money(value, currency)
    except ValueError as error:
        raise InvalidInputError({"currency": _("The award names no currency we know.")}) from error


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or "\0" in value:
        raise InvalidInputError({name: _("The message’s {name} is no text.").format(name=name)})
    return value


def _case_of(read: _Read) -> ArbitrationCase | None:
    """Our case by the filing's id, which only the provider and we know."""
    try:
        filing = UUID(read.filing)
    except ValueError:
        return None
    request = ProviderRequest.objects.filter(pk=filing, verb="file").select_related("case").first()
    return request.case if request else None


def _parse(body: bytes) -> tuple[str, _Read]:
    try:
        data = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise MalformedEventError("no JSON") from error
    if not isinstance(data, dict):
        raise MalformedEventError("no object")
    event_id, kind = data.get("id"), data.get("type")
    if not isinstance(event_id, str) or not 0 < len(event_id) <= 80 or "\0" in event_id:  # noqa: PLR2004
        raise MalformedEventError("no id")
    if not isinstance(kind, str) or not 0 < len(kind) <= 40 or "\0" in kind:  # noqa: PLR2004
        raise MalformedEventError("no type")
    inner = data.get("data", {})
    filing, case = data.get("filing", ""), data.get("case", "")
    if not isinstance(inner, dict) or not isinstance(filing, str) or not isinstance(case, str):
        raise MalformedEventError("wrong shape")
    if "\\u0000" in body.decode() or "\0" in body.decode():
        raise MalformedEventError("null characters")
    return event_id, _Read(kind=kind, filing=filing, case=case, data=inner)


def _finish(row: ProviderEvent, state: EventState, note: str, now: datetime) -> None:
    row.state, row.note, row.applied_at = state, note[:300], now
    row.save(update_fields=["state", "note", "applied_at"])
