"""The mediation period: opened at filing, 21 days at most, closed with the dispute (D1, D17, E1, Z7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from contracts.enums import Ground, Side
from core import audit, deadlines, policy, road
from core.events import publish
from core.permissions import SYSTEM
from disputes.enums import DisputeState
from disputes.locks import lock_dispute
from disputes.services import spine
from mediation import clocks
from mediation.enums import CaseState, CloseCode, ObjectionState, RecommendationState
from mediation.events import MediationFailed
from mediation.locks import lock_case, lock_draft
from mediation.models import MediationCase, Objection, Recommendation
from mediation.services import assignment, unresponsive

if TYPE_CHECKING:
    from datetime import datetime

    from core.deadlines import Firing
    from disputes.events import DisputeFiled, DisputeResolved, StageChanged, StatementUpdated

CODES = {
    Ground.JOINT_SETTLEMENT: CloseCode.SETTLED,
    Ground.CLIENT_ACCEPT_DISPUTE: CloseCode.CLIENT_ACCEPTED,
    Ground.CLIENT_UNRESPONSIVE: CloseCode.CLIENT_UNRESPONSIVE,
    Ground.FREELANCER_UNRESPONSIVE: CloseCode.FREELANCER_UNRESPONSIVE,
    Ground.DISPUTE_WITHDRAWN: CloseCode.WITHDRAWN,
    Ground.RECOMMENDATION_ACCEPTED: CloseCode.RECOMMENDATION_ACCEPTED,
}


def open_case(event: DisputeFiled) -> None:
    """D1, in the filing's transaction: the case, its 21 days and its other clocks, and a specialist if one is free."""
    dispute, now = lock_dispute(event.dispute_id), event.at
    settings = dispute.policy
    ends_at = now + policy.MEDIATION
    answer_due_at = min(settings.business_days_after(now, settings.client_answer_business_days), ends_at)
    case = MediationCase.objects.create(
        dispute=dispute, opened_at=now, ends_at=ends_at, client_answer_due_at=answer_due_at
    )
    audit.append(
        chain=dispute.pk,
        rule="D1",
        act="open_case",
        obj=case,
        actor=SYSTEM,
        now=now,
        new_state=CaseState.UNASSIGNED,
        payload={"ends_at": ends_at, "client_answer_due_at": answer_due_at},
    )
    road.ran("Z7")
    clocks.start(dispute, clocks.MEDIATION_END, now=now, due_at=ends_at, remind=policy.REMIND_MEDIATION)
    clocks.start(
        dispute,
        clocks.CLIENT_ANSWER,
        now=now,
        due_at=answer_due_at,
        remind=policy.remind_half_and_day(now, answer_due_at),
    )
    spacing = settings.contact_attempts_spacing_business_days
    for kind, steps in ((clocks.AUTO_ATTEMPT_1, 1), (clocks.AUTO_ATTEMPT_2, 2)):
        clocks.start(dispute, kind, now=now, due_at=settings.business_days_after(now, steps * spacing))
    clocks.start(dispute, clocks.ASSIGN_ALERT, now=now, due_at=now + timedelta(hours=settings.specialist_assign_hours))
    assignment.auto_assign(case, now=now)


def end_period(firing: Firing) -> None:
    """D17: 21 days without agreement or recommendation.

    Where the guards of D6 or D7 hold, that outcome runs instead, so that a silent side never wins
    because staff were slow. Else the Notice of Non-Resolution follows.
    """
    case = lock_case(firing.object_id)
    dispute, now = case.dispute, firing.now
    if dispute.state != DisputeState.IN_MEDIATION or now < case.ends_at:
        return
    for side in (Side.CLIENT, Side.FREELANCER):
        if unresponsive.all_hold(case, side, now=now):
            # The close-out cancels what still runs, so the row is claimed before it, under the case's lock.
            if deadlines.claim(firing):
                unresponsive.close_by_system(case, side, now=now)
                road.ran("D17")
            return
    spine.advance(dispute, "end_period", actor=SYSTEM, now=now, keep_deadlines=(clocks.MEDIATION_END,))
    publish(MediationFailed(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, cause="D17"))
    road.ran("Z7")
    deadlines.claim(firing)


def close_with_stage(event: StageChanged) -> None:
    """E1: the dispute left mediation without a result."""
    if event.new == DisputeState.NON_RESOLUTION and event.old in (DisputeState.IN_MEDIATION, DisputeState.RECOMMENDED):
        _close(lock_case(event.dispute_id), CloseCode.NOT_RESOLVED, now=event.at)


def close_with_dispute(event: DisputeResolved) -> None:
    """E1: the dispute is resolved; a case that is still open takes the matching code."""
    code = CODES.get(Ground(event.ground), CloseCode.NOT_RESOLVED)
    _close(lock_case(event.dispute_id), code, now=event.at)


def unset_draft_split(event: StatementUpdated) -> None:
    """D8: the amount may have changed under a draft recommendation, so its split is asked for again."""
    case = lock_case(event.dispute_id)
    draft = lock_draft(case)
    if draft is None:
        return
    if draft.release_asked_at is not None:
        road.take(draft, "take_back", actor=SYSTEM, now=event.at, chain=case.dispute_id, rule_id="D8")
        deadlines.cancel(case.dispute_id, clocks.RELEASE_ALERT, now=event.at)
    draft.to_freelancer = draft.to_client = None
    draft.frozen = event.amount
    draft.save(update_fields=["to_freelancer", "to_client", "frozen"])


def _close(case: MediationCase, code: CloseCode, *, now: datetime) -> None:
    if case.state == CaseState.CLOSED:
        return
    live = [RecommendationState.DRAFT, RecommendationState.ISSUED]
    for found in Recommendation.objects.select_for_update(of=("self",)).filter(case=case, state__in=live):
        found.case = case
        road.take(found, "void", actor=SYSTEM, now=now, chain=case.dispute_id)
    for objection in Objection.objects.select_for_update(of=("self",)).filter(case=case, state=ObjectionState.OPEN):
        objection.case = case
        road.take(objection, "void", actor=SYSTEM, now=now, chain=case.dispute_id)
    road.take(case, "close", actor=SYSTEM, now=now, chain=case.dispute_id, payload={"code": code}, code=code)
