"""Self-checks of this room: what no constraint can say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from arbitration.enums import OPEN_ARBITRATION, ArbitrationState, NoticeState
from arbitration.models import ArbitrationCase, NonResolutionNotice
from contracts.models import LedgerAccount
from contracts.services.fees import HELD
from core.models import Deadline, DeadlineStatus
from core.road import ran
from disputes.enums import DisputeState

OPEN_CASES = [s.value for s in OPEN_ARBITRATION]


def fees_cleared(_now: datetime) -> Iterator[str]:
    """I8: `arb_fee_held` is 0 once the arbitration is closed, or the notice without one."""
    ran("I8")
    held = dict(
        LedgerAccount.objects.filter(code__in=[c.value for c in HELD.values()])
        .exclude(Q(balance=0) | Q(object_id=None))
        .values_list("object_id", "balance")
    )
    if not held:
        return
    known = set()
    for notice in NonResolutionNotice.objects.filter(pk__in=list(held)).select_related("arbitration", "dispute"):
        known.add(notice.pk)
        case = getattr(notice, "arbitration", None)
        waits = notice.state == NoticeState.ISSUED or (case is not None and case.state == ArbitrationState.FILING)
        if not waits:
            yield f"I8: {held[notice.pk]} is still held for notice {notice.number} of {notice.dispute.number}"
    for stray in set(held) - known:
        yield f"I8: fees are held for {stray}, which is no notice"


def clocks_run(_now: datetime) -> Iterator[str]:
    """Z5: a live notice with an end has its clock, an open arbitration its alert; closed disputes have neither."""
    running = set(
        Deadline.objects.filter(
            status=DeadlineStatus.PENDING,
            kind__in=[
                "election_end",
                "election_settling",
                "filing_alert",
                "provider_sla",
                "provider_rejected_alert",
            ],
        ).values_list("object_id", flat=True)
    )
    for notice in NonResolutionNotice.objects.filter(state=NoticeState.ISSUED).select_related("dispute"):
        if notice.dispute_id not in running:
            yield f"Z5: notice {notice.number} of {notice.dispute.number} waits without a clock"
        if notice.dispute.state != DisputeState.NON_RESOLUTION:
            yield f"E1: notice {notice.number} of {notice.dispute.number} is open, the dispute is not"
    for case in ArbitrationCase.objects.filter(state__in=OPEN_CASES).select_related("dispute"):
        if case.dispute_id not in running:
            yield f"Z5: the arbitration of {case.dispute.number} waits without a clock"
        if case.dispute.state != DisputeState.IN_ARBITRATION:
            yield f"E1: the arbitration of {case.dispute.number} is open, the dispute is not"


def awards_executed(_now: datetime) -> Iterator[str]:
    """A6: a recorded award is carried out at once."""
    for case in ArbitrationCase.objects.filter(state=ArbitrationState.AWARDED).select_related("dispute"):
        yield f"A6: the award of {case.dispute.number} is recorded and not carried out"


CHECKS = {
    "I8 fees": fees_cleared,
    "arbitration clocks": clocks_run,
    "arbitration awards": awards_executed,
}
