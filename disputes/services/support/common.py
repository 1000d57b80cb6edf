"""What the steps of a support request share: clocks, the lock, letting the money go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from contracts.services import gate
from core import deadlines, road
from core.errors import NotAllowedError, StrangerError, UnableToError
from core.events import publish
from core.permissions import SYSTEM, Actor
from disputes import rules, selectors
from disputes.events import SupportEnded
from disputes.locks import lock_support_request
from disputes.models import Dispute, SupportRequest

SUPPORT_REPLY = "support_reply"  # deadline kinds; their object is the support request
SUPPORT_INFO = "support_info"
SUPPORT_REVIEW = "support_review"
CLOCKS = (SUPPORT_REPLY, SUPPORT_INFO, SUPPORT_REVIEW)

REMIND_INFO_DAYS = 3  # business days after the question (P2)
REVIEW_ALERT_DAYS = 2  # business days (P6)
TEXT_MIN, TEXT_MAX = 20, 4_000  # characters of what staff and freelancer write to each other


class UnableToOpenCaseError(UnableToError):
    """P3: something that was true when the freelancer asked is no longer so."""

    code = "guards"


def start_reply_clock(request: SupportRequest, now: datetime) -> None:
    """Support's alert (2 bd): runs while the request waits for support, repeats until somebody acts (Z5)."""
    stop_clocks(request, now)
    settings = request.policy
    deadlines.schedule(
        SUPPORT_REPLY,
        request.pk,
        now=now,
        due_at=settings.business_days_after(now, settings.support_first_reply_business_days),
        contract_id=request.contract_id,
    )
    road.ran("Z5")


def stop_clocks(request: SupportRequest, now: datetime) -> None:
    """End whatever clock of the request runs."""
    deadlines.cancel(request.pk, *CLOCKS, now=now)


def start_review_clock(request: SupportRequest, now: datetime) -> None:
    """Supervisors' alert (2 bd): repeats until somebody reviews."""
    deadlines.schedule(
        SUPPORT_REVIEW,
        request.pk,
        now=now,
        due_at=request.policy.business_days_after(now, REVIEW_ALERT_DAYS),
        contract_id=request.contract_id,
    )


def lock_for(request_id: UUID, act: str, actor: Actor) -> SupportRequest:
    """Lock a request; strangers get 404, members without the right 403, the rest 409.

    An agent who is a party of the contract, or a member of its accounts, is no agent here (rulebook section 4).
    """
    request = lock_support_request(request_id)
    if not selectors.may_see_support(request, actor):
        raise StrangerError
    if rules.is_party(request, actor) and not rules.is_freelancer(request, actor):
        raise NotAllowedError(_("Only the freelancer's side and Customer Support work on this request."))
    road.check(request, act, actor)
    if rules.is_party(request, actor) and act in {"take_up", "ask", "open_case", "decline", "send_back", "uphold"}:
        raise NotAllowedError(_("You belong to a side of this contract, so somebody else has to handle this request."))
    return request


def take(
    request: SupportRequest, act: str, actor: Actor, now: datetime, *, save: tuple[str, ...] = (), **payload: object
) -> None:
    """Take a step of the request; the record stands in the contract's chain."""
    road.take(request, act, actor=actor, now=now, chain=request.contract_id, save=save, payload=dict(payload))


def let_go(request: SupportRequest, now: datetime, *, keep_clocks: bool = False) -> None:
    """The money is no longer named; the prepared dispute is dropped."""
    gate.unname_money(request.contract)
    if not keep_clocks:
        stop_clocks(request, now)
    drop_draft(request, now)


def drop_draft(request: SupportRequest, now: datetime) -> None:
    """Abandon the prepared dispute, if there is one."""
    draft = Dispute.objects.select_for_update(of=("self",)).filter(support_request=request, state="draft").first()
    if draft is not None:
        draft.contract = request.contract
        road.take(draft, "abandon", actor=SYSTEM, now=now, chain=draft.pk, rule_id="P5")


def ended(request: SupportRequest, outcome: str, now: datetime) -> None:
    """Tell that the request is over without a case (P5, P2)."""
    publish(SupportEnded(at=now, contract_id=request.contract_id, support_request_id=request.pk, outcome=outcome))
