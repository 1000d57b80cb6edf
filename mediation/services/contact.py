"""Contact attempts and replies (D5), the system's own attempts, and the specialist's reply clock (D2)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from contracts.enums import Side
from core import audit, deadlines, road
from core.errors import InvalidInputError, NotAllowedError
from core.events import publish
from core.permissions import SYSTEM
from core.road import in_time
from disputes.enums import OfferSide
from mediation import clocks
from mediation.enums import SYSTEM_WORDS, CaseState, Channel
from mediation.events import ContactAttempted
from mediation.locks import lock_attempt, lock_case
from mediation.models import ContactAttempt, MediationCase
from mediation.services import unresponsive
from mediation.services.common import (
    UnableToActUndeclaredError,
    clean_text,
    is_declared,
    require_declared,
    see,
)

if TYPE_CHECKING:
    from datetime import datetime

    from core.deadlines import Firing
    from core.permissions import Actor
    from disputes.events import CaseMessagePosted, ClientAnswered, EvidenceRequested, OfferMade


def log_attempt(*, dispute_id: UUID, side: str, channel: str, text: str, actor: Actor, now: datetime) -> ContactAttempt:
    """D5: the specialist tried to reach a side. That side is told, both sides see it in the record.

    Raises StrangerError, NotAllowedError, OutOfTurnError, UnableToActUndeclaredError, TooLateError,
    InvalidInputError.
    """
    with transaction.atomic():
        case = lock_case(dispute_id)
        see(case, actor)
        if not road.permitted(case, "log_attempt", actor):
            raise NotAllowedError(_("Only the assigned specialist logs contact attempts."))
        road.check(case, "log_attempt", actor)
        require_declared(case, actor)
        in_time(case.ends_at, now, _("The mediation period"))
        if side not in Side.values:
            raise InvalidInputError({"side": _("Choose whom you tried to reach.")})
        if channel not in Channel.values:
            raise InvalidInputError({"channel": _("Choose how you tried to reach them.")})
        words = clean_text("text", text, at_least=10, at_most=5_000)
        attempt = _attempt(case, Side(side), Channel(channel), words, actor=actor, now=now)
        replied(case, now=now)
        return attempt


def log_reply(*, attempt_id: UUID, text: str, actor: Actor, now: datetime) -> ContactAttempt:
    """D5: a side replied outside the case's messages. The reply counts as that side's reaction (D6, D7).

    Raises StrangerError, NotAllowedError, OutOfTurnError, UnableToActUndeclaredError, TooLateError,
    InvalidInputError.
    """
    with transaction.atomic():
        attempt = lock_attempt(attempt_id)
        case = attempt.case
        see(case, actor)
        if not road.permitted(case.dispute, "note_reply", actor):
            raise NotAllowedError(_("Only the assigned specialist logs replies."))
        road.check(case.dispute, "note_reply", actor)
        require_declared(case, actor)
        in_time(case.ends_at, now, _("The mediation period"))
        if attempt.replied_at is not None:
            raise InvalidInputError({"text": _("A reply to this attempt is already logged.")})
        words = clean_text("text", text, at_least=3, at_most=5_000)
        road.take(
            case.dispute,
            "note_reply",
            actor=actor,
            now=now,
            chain=case.dispute_id,
            payload={"attempt": attempt.pk, "side": attempt.side, "text": audit.text_digest(words, attempt.pk)},
            side=attempt.side,
        )
        attempt.reply, attempt.replied_at = words, now
        attempt.save(update_fields=["reply", "replied_at"])
        unresponsive.watch(case, now=now)
        return attempt


def auto_attempt(firing: Firing) -> None:
    """D6: the system's own attempt, where the specialist has not made one, to the side that is silent."""
    case = lock_case(firing.object_id)
    dispute, now = case.dispute, firing.now
    side = unresponsive.silent_side(dispute)
    if side is None or not road.possible(case, "log_system_attempt", SYSTEM):
        return
    wanted = 1 if firing.kind == clocks.AUTO_ATTEMPT_1 else 2
    counted = unresponsive.counted_attempts(case, side)
    if len(counted) >= wanted:
        return
    settings = dispute.policy
    if counted:
        earliest = settings.business_days_after(counted[-1].made_at, settings.contact_attempts_spacing_business_days)
        if now < earliest:
            # A late sweep fires both rows at once; two attempts in one minute would be one.
            if deadlines.claim(firing):
                clocks.start(dispute, firing.kind, now=now, due_at=earliest)
            return
    if deadlines.claim(firing):
        with translation.override(None):
            # Kept in the source language; whoever reads it later gets it in theirs (ContactAttempt.words).
            words = str(SYSTEM_WORDS[side])
        _attempt(case, side, Channel.PLATFORM, words, actor=SYSTEM, now=now)


def client_answer_over(firing: Firing) -> None:
    """K3: the client's time to answer is over; what follows from it are guards (D6, D13)."""
    case = lock_case(firing.object_id)
    if case.dispute.client_answered_at is not None or case.state == CaseState.CLOSED:
        return
    deadlines.claim(firing)


def on_client_answered(event: ClientAnswered) -> None:
    """D4 ends the client's answer clock; from here the freelancer's silence counts (D7)."""
    case = lock_case(event.dispute_id)
    dispute, now = case.dispute, event.at
    deadlines.cancel(
        dispute.pk,
        clocks.CLIENT_ANSWER,
        clocks.AUTO_ATTEMPT_1,
        clocks.AUTO_ATTEMPT_2,
        clocks.UNRESPONSIVE_READY,
        now=now,
    )
    if dispute.freelancer_reacted_at is None:
        settings = dispute.policy
        spacing = settings.contact_attempts_spacing_business_days
        for kind, steps in ((clocks.AUTO_ATTEMPT_1, 1), (clocks.AUTO_ATTEMPT_2, 2)):
            clocks.start(dispute, kind, now=now, due_at=settings.business_days_after(now, steps * spacing))


def on_message(event: CaseMessagePosted) -> None:
    """A specialist's message ends the reply clock, a party's message starts it (pain 6)."""
    case = lock_case(event.dispute_id)
    if event.sender_id == case.specialist_id:
        staff_acted(case, now=event.at)
        return
    if case.state not in (CaseState.ASSIGNED, CaseState.ACTIVE):
        return
    if deadlines.running(case.dispute_id, clocks.REPLY_ALERT) is None:
        settings = case.dispute.policy
        due_at = settings.business_days_after(event.at, settings.specialist_reply_business_days)
        clocks.start(case.dispute, clocks.REPLY_ALERT, now=event.at, due_at=due_at)


def on_evidence_requested(event: EvidenceRequested) -> None:
    """The specialist asked for evidence."""
    staff_acted(lock_case(event.dispute_id), now=event.at)


def on_offer(event: OfferMade) -> None:
    """The specialist drafted an offer for both."""
    if event.side == OfferSide.SPECIALIST:
        staff_acted(lock_case(event.dispute_id), now=event.at)


def staff_acted(case: MediationCase, *, now: datetime) -> None:
    """The specialist did something in the room below, which knows no declaration: refuse it here if unsigned.

    Raises UnableToActUndeclaredError, which rolls the act back.
    """
    if case.specialist_id is None or case.state == CaseState.CLOSED:
        return
    if not is_declared(case):
        raise UnableToActUndeclaredError(_("Sign the no-conflict declaration and take the case up first."))
    replied(case, now=now)


def replied(case: MediationCase, *, now: datetime) -> None:
    """The specialist owes no reply now."""
    deadlines.cancel(case.dispute_id, clocks.REPLY_ALERT, now=now)


def _attempt(
    case: MediationCase, side: Side, channel: Channel, words: str, *, actor: Actor, now: datetime
) -> ContactAttempt:
    dispute = case.dispute
    attempt = ContactAttempt(
        case=case,
        side=side,
        channel=channel,
        text=words,
        by_system=actor.is_system,
        made_by_id=actor.user_id,
        made_at=now,
    )
    road.take(
        case,
        "log_system_attempt" if actor.is_system else "log_attempt",
        actor=actor,
        now=now,
        chain=dispute.pk,
        payload={
            "attempt": attempt.pk,
            "side": side,
            "channel": channel,
            "text": audit.text_digest(words, attempt.pk),
        },
    )
    attempt.save(force_insert=True)
    unresponsive.watch(case, now=now)
    publish(
        ContactAttempted(
            at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, attempt_id=attempt.pk, side=side
        )
    )
    return attempt
