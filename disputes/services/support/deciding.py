"""Support opens a case or declines; a supervisor looks again (P3, P4, P6)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.enums import Ground
from contracts.ledger.services import Cause
from contracts.models import Milestone
from contracts.services import gate
from contracts.services.common import same_currency, touch
from core import audit, road
from core.errors import InvalidInputError, NotAllowedError
from core.events import publish
from core.formatting import format_money
from core.money import Money
from core.permissions import Actor
from disputes.enums import SUPPORT_OPEN, ActiveReason, DeclineReason, DisputeState
from disputes.events import SupportDeclined, SupportReviewAsked, SupportReviewed
from disputes.models import Dispute, SupportRequest
from disputes.services import filing
from disputes.services.common import long_text, person
from disputes.services.support.checklist import guards, source_of
from disputes.services.support.common import (
    TEXT_MAX,
    TEXT_MIN,
    UnableToOpenCaseError,
    drop_draft,
    lock_for,
    start_reply_clock,
    start_review_clock,
    stop_clocks,
    take,
)


def open_case(
    *, request_id: UUID, circumstance: str, shown_by: str, amount: Money, actor: Actor, now: datetime
) -> Dispute:
    """P3 and D1: only support opens a case on an active contract (S14).

    Re-checks the guards of P1, records which circumstance of S10 is shown and by what, freezes `amount` (at most
    what was named), stops the review clock (C11), files the dispute with the freelancer's details as the claim.
    Publishes DisputeFiled. Raises UnableToOpenCaseError, InvalidInputError (circumstance, shown_by, amount).
    """
    with transaction.atomic():
        request = lock_for(request_id, "open_case", actor)
        contract = request.contract
        milestone = Milestone.objects.select_for_update(of=("self",)).get(pk=request.milestone_id)
        milestone.contract = contract
        words = _checked_case(request, milestone, circumstance, shown_by, amount)
        dispute = Dispute.objects.select_for_update(of=("self",)).get(support_request=request)
        dispute.contract = contract
        if dispute.state != DisputeState.DRAFT:
            raise UnableToOpenCaseError(_("The prepared case was dropped. Ask the freelancer to send a new request."))
        request.circumstance, request.shown_by = circumstance, words
        request.handled_by_id = person(actor)
        take(
            request,
            "open_case",
            actor,
            now,
            save=("circumstance", "shown_by", "handled_by"),
            amount=amount.amount,
            circumstance=circumstance,
            shown_by=audit.text_digest(words, request.pk),
        )
        stop_clocks(request, now)
        gate.unname_money(contract)
        cause = Cause("P3", "support_request", request.pk, actor, now, Ground.DISPUTE_FROZEN)
        gate.freeze(contract, cause, amount, source=source_of(request.reason), dispute_id=dispute.pk)
        gate.begin_dispute_on_milestone(milestone, cause, dispute_id=dispute.pk)
        dispute.opened_by_id = person(actor)
        dispute.source = source_of(request.reason)
        filing.file_locked(
            dispute,
            amount=amount,
            reason=circumstance,
            details=request.details,
            author_id=request.asked_by_id,
            actor=actor,
            now=now,
            save=("opened_by", "source"),
        )
        touch(contract, now=now)
        return dispute


def _checked_case(
    request: SupportRequest, milestone: Milestone, circumstance: str, shown_by: str, amount: Money
) -> str:
    found = guards(request.contract, milestone, request.reason)
    failed = found.failed()
    if failed:
        raise UnableToOpenCaseError(_("{refusal} Decline the request and say so.").format(refusal=failed[0].refusal))
    same_currency(request.contract, amount, "amount")
    errors: dict[str, str] = {}
    if circumstance not in ActiveReason.values:
        errors["circumstance"] = _("Choose which of the two circumstances is shown.")
    elif circumstance != request.reason:
        errors["circumstance"] = _(
            "The money named belongs to the other circumstance. Ask the freelancer for a new request if this one fits."
        )
    most = min(found.most, request.money)
    if not 0 < amount.amount <= most.amount:
        low = format_money(Money(1, amount.currency))
        errors["amount"] = _("Enter an amount between {low} and {most}, the money named.").format(
            low=low, most=format_money(most)
        )
    words = ""
    try:
        words = long_text(
            shown_by, "shown_by", least=TEXT_MIN, most=TEXT_MAX, what=_("Say by what the circumstance is shown.")
        )
    except InvalidInputError as error:
        errors |= error.fields
    if errors:
        raise InvalidInputError(errors)
    return words


def decline(*, request_id: UUID, reason: str, text: str, actor: Actor, now: datetime) -> SupportRequest:
    """P4: no case, with a reason; the freelancer may ask for a review within 5 business days (P6).

    The money is free again at once. Publishes SupportDeclined. Raises InvalidInputError (reason, text).
    """
    with transaction.atomic():
        request = lock_for(request_id, "decline", actor)
        errors: dict[str, str] = {}
        if reason not in DeclineReason.values:
            errors["reason"] = _("Choose the reason.")
        words = ""
        try:
            words = long_text(
                text, "text", least=TEXT_MIN, most=TEXT_MAX, what=_("Explain the reason to the freelancer.")
            )
        except InvalidInputError as error:
            errors |= error.fields
        if errors:
            raise InvalidInputError(errors)
        settings = request.policy
        request.decline_reason, request.decline_text = reason, words
        request.review_until = settings.business_days_after(now, settings.support_review_business_days)
        request.handled_by_id = person(actor)
        take(
            request,
            "decline",
            actor,
            now,
            save=("decline_reason", "decline_text", "review_until", "handled_by"),
            reason=reason,
            text=audit.text_digest(words, request.pk),
            review_until=request.review_until.isoformat(),
        )
        stop_clocks(request, now)
        gate.unname_money(request.contract)
        publish(SupportDeclined(at=now, contract_id=request.contract_id, support_request_id=request.pk))
        return request


def ask_review(*, request_id: UUID, text: str, actor: Actor, now: datetime) -> SupportRequest:
    """P6: ask a supervisor to look at a decline again: once, within 5 business days. Holds no money.

    Publishes SupportReviewAsked. Raises TooLateError, InvalidInputError (text).
    """
    with transaction.atomic():
        request = lock_for(request_id, "ask_review", actor)
        if request.review_until is not None:
            road.in_time(request.review_until, now, _("The time to ask for a review"))
        words = long_text(text, "text", least=TEXT_MIN, most=TEXT_MAX, what=_("Say what support has overlooked."))
        request.review_reason = words
        take(request, "ask_review", actor, now, save=("review_reason",), text=audit.text_digest(words, request.pk))
        start_review_clock(request, now)
        publish(SupportReviewAsked(at=now, contract_id=request.contract_id, support_request_id=request.pk))
        return request


def uphold(*, request_id: UUID, text: str, actor: Actor, now: datetime) -> SupportRequest:
    """P6: a supervisor finds the decline right; it is final. Publishes SupportReviewed."""
    with transaction.atomic():
        request, words = _lock_review(request_id, "uphold", text, actor)
        request.review_text = words
        take(request, "uphold", actor, now, save=("review_text",), text=audit.text_digest(words, request.pk))
        stop_clocks(request, now)
        drop_draft(request, now)
        _reviewed(request, "upheld", now)
        return request


def send_back(*, request_id: UUID, text: str, actor: Actor, now: datetime) -> SupportRequest:
    """P6: a supervisor sends the request back to support; its money is named again, if it is still there.

    Publishes SupportReviewed. Raises UnableToOpenCaseError when the guards of P1 no longer hold.
    """
    with transaction.atomic():
        request, words = _lock_review(request_id, "send_back", text, actor)
        contract = request.contract
        milestone = Milestone.objects.select_for_update(of=("self",)).get(pk=request.milestone_id)
        milestone.contract = contract
        found = guards(contract, milestone, request.reason)
        failed = found.failed()
        if failed or found.most < request.money:
            why = failed[0].refusal if failed else _("Less money is left than the request names.")
            raise UnableToOpenCaseError(_("{why} The decline can only be upheld.").format(why=why))
        if SupportRequest.objects.filter(contract=contract, state__in=SUPPORT_OPEN).exists():
            raise UnableToOpenCaseError(
                _("The freelancer has sent a newer request on this contract. The decline can only be upheld.")
            )
        request.review_text = words
        take(request, "send_back", actor, now, save=("review_text",), text=audit.text_digest(words, request.pk))
        gate.name_money(contract, request.money, source_of(request.reason))
        start_reply_clock(request, now)
        _reviewed(request, "sent_back", now)
        return request


def _lock_review(request_id: UUID, act: str, text: str, actor: Actor) -> tuple[SupportRequest, str]:
    request = lock_for(request_id, act, actor)
    if request.handled_by_id == actor.user_id:
        raise NotAllowedError(_("Another supervisor has to review what you declined yourself."))
    return request, long_text(text, "text", least=TEXT_MIN, most=TEXT_MAX, what=_("Explain the decision."))


def _reviewed(request: SupportRequest, outcome: str, now: datetime) -> None:
    publish(SupportReviewed(at=now, contract_id=request.contract_id, support_request_id=request.pk, outcome=outcome))
