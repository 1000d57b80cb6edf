"""The lock order, last part: contract → dispute → mediation case → recommendation or objection."""

from __future__ import annotations

from uuid import UUID

from core.errors import StrangerError
from disputes.locks import lock_dispute
from mediation.enums import RecommendationState
from mediation.models import ContactAttempt, MediationCase, Objection, Recommendation


def lock_case(dispute_id: UUID) -> MediationCase:
    """Lock the contract, the dispute, then its mediation case; `case.dispute` is the locked dispute.

    Raises StrangerError when there is none.
    """
    dispute = lock_dispute(dispute_id)
    case = MediationCase.objects.select_for_update(of=("self",)).filter(dispute_id=dispute_id).first()
    if case is None:
        raise StrangerError
    case.dispute = dispute
    return case


def lock_draft(case: MediationCase) -> Recommendation | None:
    """Lock the draft recommendation of a locked case."""
    return _recommendation(case, RecommendationState.DRAFT)


def lock_issued(case: MediationCase) -> Recommendation | None:
    """Lock the issued recommendation of a locked case, the one that can be answered."""
    return _recommendation(case, RecommendationState.ISSUED)


def lock_recommendation(pk: UUID) -> Recommendation:
    """Lock from the contract down to one recommendation; `recommendation.case` is the locked case."""
    dispute_id = Recommendation.objects.filter(pk=pk).values_list("case__dispute_id", flat=True).first()
    if dispute_id is None:
        raise StrangerError
    case = lock_case(dispute_id)
    found = Recommendation.objects.select_for_update(of=("self",)).get(pk=pk)
    found.case = case
    return found


def lock_objection(pk: UUID) -> Objection:
    """Lock from the contract down to one objection; `objection.case` is the locked case."""
    dispute_id = Objection.objects.filter(pk=pk).values_list("case__dispute_id", flat=True).first()
    if dispute_id is None:
        raise StrangerError
    case = lock_case(dispute_id)
    found = Objection.objects.select_for_update(of=("self",)).get(pk=pk)
    found.case = case
    return found


def lock_attempt(pk: UUID) -> ContactAttempt:
    """Lock from the contract down to one contact attempt; `attempt.case` is the locked case."""
    dispute_id = ContactAttempt.objects.filter(pk=pk).values_list("case__dispute_id", flat=True).first()
    if dispute_id is None:
        raise StrangerError
    case = lock_case(dispute_id)
    found = ContactAttempt.objects.select_for_update(of=("self",)).get(pk=pk)
    found.case = case
    return found


def _recommendation(case: MediationCase, state: RecommendationState) -> Recommendation | None:
    found = Recommendation.objects.select_for_update(of=("self",)).filter(case=case, state=state).first()
    if found is not None:
        found.case = case
    return found
