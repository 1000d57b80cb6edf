"""Both sides' answers to the recommendation, in secret until the outcome is fixed (D14–D16)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.enums import Ground
from core import deadlines, road
from core.errors import NotAllowedError, OutOfTurnError, StaleError, UnableToError
from core.events import publish
from core.money import Money
from core.permissions import SYSTEM
from core.road import in_time
from disputes.services import spine
from mediation import clocks, rules
from mediation.enums import Answer, RecommendationState
from mediation.events import MediationFailed, RecommendationAnswered, RecommendationClosed
from mediation.locks import lock_case, lock_issued
from mediation.services.common import see

if TYPE_CHECKING:
    from datetime import datetime

    from core.deadlines import Firing
    from core.permissions import Actor
    from mediation.models import MediationCase, Recommendation


class UnableToAnswerTwiceError(UnableToError):
    """This side has answered; an answer cannot be changed (D14)."""

    code = "answered"


def answer_recommendation(
    *,
    dispute_id: UUID,
    accept: bool,
    actor: Actor,
    now: datetime,
    recommendation_id: UUID | None = None,
) -> Recommendation:
    """D14: one side accepts or rejects, once. D15 when both accepted, D16 on the first rejection.

    `recommendation_id` is the one the page showed: after a reissue an answer to the first is refused.
    A rejection that comes after the other side's rejection changes nothing and is no error.
    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError, StaleError, UnableToAnswerTwiceError.
    """
    with transaction.atomic():
        case = lock_case(dispute_id)
        dispute = case.dispute
        see(case, actor)
        if not road.permitted(dispute, "answer_recommendation", actor):
            raise NotAllowedError(_("Your role in this case does not allow you to answer the recommendation."))
        side = rules.side_of(dispute, actor)
        if side is None:
            raise NotAllowedError(_("Only the two sides answer the recommendation."))
        found = lock_issued(case)
        if found is None:
            return _too_late_to_matter(case, side, accept=accept)
        if recommendation_id is not None and recommendation_id != found.pk:
            raise StaleError(_("The specialist has replaced this recommendation. Read the new one, then answer."))
        if getattr(found, f"{side}_answer") != Answer.PENDING:
            raise UnableToAnswerTwiceError(_("Your side has already answered. The answer cannot be changed."))
        if found.answer_due_at is not None:
            in_time(found.answer_due_at, now, _("The time to answer"))
        answer = Answer.ACCEPTED if accept else Answer.REJECTED
        payload = {"recommendation": found.pk}
        road.take(dispute, "answer_recommendation", actor=actor, now=now, chain=dispute.pk, payload=payload)
        # No audit entry may say what the answer was: the other side must not learn it from the record (D14).
        road.take(found, "answer", actor=actor, now=now, chain=dispute.pk, payload=payload, side=side, answer=answer)
        if answer == Answer.REJECTED:
            _fail(case, found, "reject", now=now)
        elif found.freelancer_answer == found.client_answer == Answer.ACCEPTED:
            _adopt(case, found, now=now)
        else:
            publish(
                RecommendationAnswered(
                    at=now,
                    contract_id=dispute.contract_id,
                    dispute_id=dispute.pk,
                    recommendation_id=found.pk,
                    side=side,
                )
            )
        return found


def lapse(firing: Firing) -> None:
    """D16: the answer time is over; silence counts as a rejection, because what binds nobody needs consent."""
    case = lock_case(firing.object_id)
    found = lock_issued(case)
    if found is None or found.answer_due_at is None or firing.now < found.answer_due_at:
        return
    _fail(case, found, "lapse", now=firing.now, keep=(clocks.RECOMMENDATION_ANSWER,))
    deadlines.claim(firing)


def _adopt(case: MediationCase, found: Recommendation, *, now: datetime) -> None:
    """D15: both accepted."""
    dispute = case.dispute
    road.take(found, "accept", actor=SYSTEM, now=now, chain=dispute.pk, payload={"recommendation": found.pk})
    spine.resolve_dispute(
        dispute,
        "adopt_recommendation",
        ground=Ground.RECOMMENDATION_ACCEPTED,
        to_freelancer=Money(found.to_freelancer or 0, dispute.currency),
        to_client=Money(found.to_client or 0, dispute.currency),
        actor=SYSTEM,
        now=now,
        disposition=found.disposition,
        payload={"recommendation": found.pk},
    )
    _closed(case, found, "accepted", now=now)


def _fail(case: MediationCase, found: Recommendation, how: str, *, now: datetime, keep: tuple[str, ...] = ()) -> None:
    """D16: rejected or lapsed; the money stays frozen and the Notice of Non-Resolution goes to both."""
    dispute = case.dispute
    road.take(found, how, actor=SYSTEM, now=now, chain=dispute.pk, payload={"recommendation": found.pk})
    spine.advance(dispute, "fail_recommendation", actor=SYSTEM, now=now, keep_deadlines=keep)
    _closed(case, found, "rejected" if how == "reject" else "lapsed", now=now)
    publish(MediationFailed(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, cause="D16"))


def _closed(case: MediationCase, found: Recommendation, outcome: str, *, now: datetime) -> None:
    publish(
        RecommendationClosed(
            at=now,
            contract_id=case.dispute.contract_id,
            dispute_id=case.dispute_id,
            recommendation_id=found.pk,
            outcome=outcome,
        )
    )


def _too_late_to_matter(case: MediationCase, side: str, *, accept: bool) -> Recommendation:
    """The outcome is fixed. A second rejection is harmless: it asked for what has already happened."""
    last: Recommendation | None = case.recommendations.filter(issued_at__isnull=False).order_by("-number").first()
    if (
        last is not None
        and not accept
        and last.state == RecommendationState.REJECTED
        and getattr(last, f"{side}_answer") == Answer.PENDING
    ):
        return last
    raise OutOfTurnError(
        _("There is no recommendation waiting for an answer in this case. Reload the page to see where things stand.")
    )
