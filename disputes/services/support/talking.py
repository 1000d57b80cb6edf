"""Support takes a request up and asks; the freelancer answers; clocks that run meanwhile (P2)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.services.common import touch
from core import deadlines, road
from core.deadlines import Firing
from core.events import publish
from core.permissions import SYSTEM, Actor
from disputes.enums import SupportState
from disputes.events import SupportAnswered, SupportAsked, SupportOverdue
from disputes.locks import lock_support_request
from disputes.models import SupportNote, SupportRequest
from disputes.services.common import long_text, person
from disputes.services.support.common import (
    REMIND_INFO_DAYS,
    SUPPORT_INFO,
    TEXT_MAX,
    ended,
    let_go,
    lock_for,
    start_reply_clock,
    start_review_clock,
    stop_clocks,
    take,
)


def take_up(*, request_id: UUID, actor: Actor, now: datetime) -> SupportRequest:
    """P2: an agent starts to work on a request; the alert clock begins anew."""
    with transaction.atomic():
        request = lock_for(request_id, "take_up", actor)
        request.handled_by_id = person(actor)
        take(request, "take_up", actor, now, save=("handled_by",))
        start_reply_clock(request, now)
        return request


def ask_information(*, request_id: UUID, text: str, actor: Actor, now: datetime) -> SupportNote:
    """P2: ask the freelancer; 5 business days to answer, a reminder after 3, then the request lapses.

    Publishes SupportAsked. Raises InvalidInputError (text).
    """
    with transaction.atomic():
        request = lock_for(request_id, "ask", actor)
        words = long_text(text, "text", least=10, most=TEXT_MAX, what=_("Ask your question."))
        note = _note(request, words, actor, now, from_staff=True)
        request.handled_by_id = person(actor)
        take(request, "ask", actor, now, save=("handled_by",), note_id=str(note.pk))
        stop_clocks(request, now)
        settings = request.policy
        due_at = settings.business_days_after(now, settings.support_info_business_days)
        deadlines.schedule(
            SUPPORT_INFO,
            request.pk,
            now=now,
            due_at=due_at,
            contract_id=request.contract_id,
            remind=(due_at - settings.business_days_after(now, REMIND_INFO_DAYS),),
        )
        publish(SupportAsked(at=now, contract_id=request.contract_id, support_request_id=request.pk))
        return note


def answer_information(*, request_id: UUID, text: str, actor: Actor, now: datetime) -> SupportNote:
    """P2: the freelancer answers, in time. Publishes SupportAnswered. Raises TooLateError, InvalidInputError (text)."""
    with transaction.atomic():
        request = lock_for(request_id, "answer", actor)
        clock = deadlines.running(request.pk, SUPPORT_INFO)
        if clock is not None:
            road.in_time(clock.due_at, now, _("The time to answer Customer Support"))
        words = long_text(text, "text", least=2, most=TEXT_MAX, what=_("Write your answer."))
        note = _note(request, words, actor, now, from_staff=False)
        take(request, "answer", actor, now, note_id=str(note.pk))
        start_reply_clock(request, now)
        touch(request.contract, now=now)
        publish(SupportAnswered(at=now, contract_id=request.contract_id, support_request_id=request.pk))
        return note


def _note(request: SupportRequest, words: str, actor: Actor, now: datetime, *, from_staff: bool) -> SupportNote:
    note = SupportNote(request=request, from_staff=from_staff, body=words, written_by_id=person(actor), written_at=now)
    note.save(force_insert=True)
    return note


def lapse(*, request_id: UUID, now: datetime) -> bool:
    """P2: no answer in time; the freelancer may ask again. Does nothing when the world has moved on."""
    request = lock_support_request(request_id)
    clock = deadlines.running(request.pk, SUPPORT_INFO)
    if request.state != SupportState.NEEDS_INFO or clock is None or clock.due_at > now:
        return False
    take(request, "lapse", SYSTEM, now)
    # The clock itself is claimed by the caller, last.
    let_go(request, now, keep_clocks=True)
    ended(request, "lapsed", now)
    return True


def alert(firing: Firing, *, what: str) -> None:
    """Tell staff that a reply or a review is overdue, and start the same clock again (Z5)."""
    request = lock_support_request(firing.object_id)
    waits = (
        request.state in {SupportState.SUBMITTED, SupportState.IN_REVIEW}
        if what == "reply"
        else request.state == SupportState.DECLINED and request.review_asked_at and not request.reviewed_at
    )
    if not waits or not deadlines.claim(firing):
        return
    publish(SupportOverdue(at=firing.now, contract_id=request.contract_id, support_request_id=request.pk, what=what))
    if what == "reply":
        start_reply_clock(request, firing.now)
    else:
        start_review_clock(request, firing.now)
    road.ran("Z5")
