"""Self-checks of mediation: what no constraint can say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from core.models import Deadline, DeadlineStatus
from disputes.enums import MEDIATION_STATES, DisputeState
from disputes.models import Dispute
from mediation import clocks
from mediation.enums import CaseState
from mediation.models import MediationCase


def _running(kind: str) -> Exists:
    return Exists(Deadline.objects.filter(object_id=OuterRef("pk"), kind=kind, status=DeadlineStatus.PENDING))


def clocks_run(_now: datetime) -> Iterator[str]:
    """Z5, Z7: a dispute in mediation has its 21-day clock, an issued recommendation its answer clock."""
    disputes = Dispute.objects.filter(state=DisputeState.IN_MEDIATION)
    for dispute in disputes.filter(~_running(clocks.MEDIATION_END)):
        yield f"{dispute} is in mediation and its 21-day clock does not run"
    for dispute in Dispute.objects.filter(~_running(clocks.RECOMMENDATION_ANSWER), state=DisputeState.RECOMMENDED):
        yield f"{dispute} has an issued recommendation and its answer clock does not run"
    unassigned = Dispute.objects.filter(mediation__state=CaseState.UNASSIGNED)
    for dispute in unassigned.filter(~_running(clocks.ASSIGN_ALERT)):
        yield f"{dispute} has no specialist and no alert for it"


def stages_agree(_now: datetime) -> Iterator[str]:
    """E1: a case is open exactly while its dispute is in mediation, and the copied specialist is the same."""
    cases = MediationCase.objects.select_related("dispute")
    for case in cases.exclude(state=CaseState.CLOSED).exclude(dispute__state__in=MEDIATION_STATES):
        yield f"{case.dispute} is {case.dispute.state} and its mediation case is still open"
    for case in cases.filter(state=CaseState.CLOSED, dispute__state__in=MEDIATION_STATES):
        yield f"{case.dispute} is {case.dispute.state} and its mediation case is closed"
    differs = Q(specialist__isnull=True, dispute__specialist_id__isnull=False) | (
        Q(specialist__isnull=False) & ~Q(dispute__specialist_id=F("specialist_id"))
    )
    for case in cases.filter(differs):
        yield f"{case.dispute} names another specialist than its mediation case"
    for dispute in Dispute.objects.filter(state__in=MEDIATION_STATES, mediation__isnull=True):
        yield f"{dispute} is in mediation without a mediation case"


def specialists_work(_now: datetime) -> Iterator[str]:
    """Rulebook section 4: nobody deactivated holds an open case."""
    inactive = User.objects.filter(is_active=False)
    for case in MediationCase.objects.exclude(state=CaseState.CLOSED).filter(specialist__in=inactive):
        yield f"{case.dispute_id}: the assigned specialist is deactivated"


CHECKS = {
    "mediation clocks (Z5, Z7)": clocks_run,
    "mediation stages (E1)": stages_agree,
    "mediation specialists": specialists_work,
}
