"""What no constraint can say about disputes: each check yields what is wrong, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from contracts.enums import AccountCode, RefundState
from contracts.models import Contract, LedgerAccount, RefundRequest
from core.models import Deadline, DeadlineStatus
from core.selfcheck import Check
from disputes.enums import OPEN_STATES, SUPPORT_OPEN, DisputeState
from disputes.models import Dispute, Resolution, SupportRequest

OPEN = [state.value for state in OPEN_STATES]


def frozen_is_the_amount(_now: datetime) -> Iterator[str]:
    """I3: frozen = disputed amount while open, 0 when closed; the contract's overlay names the open dispute."""
    frozen = LedgerAccount.objects.filter(
        code=AccountCode.ESCROW_FROZEN, contract_id=OuterRef("contract_id"), object_id=OuterRef("pk")
    ).values("balance")[:1]
    for dispute in Dispute.objects.annotate(frozen=Subquery(frozen)).select_related("contract").iterator():
        want = dispute.amount if dispute.state in OPEN else 0
        if (dispute.frozen or 0) != want:
            yield f"{dispute.number} is {dispute.state}: frozen {dispute.frozen or 0}, expected {want}"
        if (dispute.contract.open_dispute_id == dispute.pk) != (dispute.state in OPEN):
            yield f"{dispute.number} is {dispute.state}, but its contract says otherwise"
    known = Dispute.objects.filter(pk=OuterRef("object_id"))
    stray = LedgerAccount.objects.filter(code=AccountCode.ESCROW_FROZEN).exclude(balance=0).filter(~Exists(known))
    for account in stray:
        yield f"frozen account {account.pk} belongs to no dispute"


def resolutions_sum(_now: datetime) -> Iterator[str]:
    """I4: each resolved dispute was paid once, exactly what was frozen, and no other dispute was."""
    for dispute in Dispute.objects.filter(state=DisputeState.RESOLVED, resolution__isnull=True):
        yield f"{dispute.number} is closed without a resolution"
    wrong = Resolution.objects.select_related("dispute").filter(
        ~Q(frozen=F("to_freelancer") + F("to_client"))
        | ~Q(frozen=F("dispute__amount"))
        | ~Q(ground=F("dispute__resolution_code"))
        | ~Q(dispute__state=DisputeState.RESOLVED)
        | Q(entry__isnull=True)
    )
    for resolution in wrong:
        yield f"resolution of {resolution.dispute.number} does not fit its dispute"
    moved = Resolution.objects.filter(entry__isnull=False).select_related("dispute", "entry")
    for resolution in moved.prefetch_related("entry__transfers__debit"):
        entry = resolution.entry
        paid = sum(
            t.amount
            for t in (entry.transfers.all() if entry else ())
            if t.debit.code == AccountCode.ESCROW_FROZEN and t.debit.object_id == resolution.dispute_id
        )
        if paid != resolution.frozen:
            yield f"{resolution.dispute.number}: {paid} was paid out of {resolution.frozen} frozen"


def one_of_each(_now: datetime) -> Iterator[str]:
    """I5: at most one open refund request and one open dispute per contract, never both."""
    rows = (
        Contract.objects.annotate(
            disputes_open=Count("disputes", filter=Q(disputes__state__in=OPEN), distinct=True),
            requests_open=Count("refund_requests", filter=Q(refund_requests__state=RefundState.OPEN), distinct=True),
        )
        .filter(Q(disputes_open__gt=1) | Q(requests_open__gt=1) | Q(disputes_open=1, requests_open=1))
        .values_list("reference", "disputes_open", "requests_open")
    )
    for reference, disputes, requests in rows:
        yield f"contract {reference}: {disputes} open disputes, {requests} open refund requests"


def everything_has_its_clock(_now: datetime) -> Iterator[str]:
    """Z5: each waiting dispute, support request and refund request has a running deadline."""
    clock = Deadline.objects.filter(object_id=OuterRef("pk"), status=DeadlineStatus.PENDING).exclude(
        Q(kind__contains=".remind:") | Q(kind__in=["bid_compare", "offer", "evidence_due"])
    )
    for dispute in Dispute.objects.filter(~Exists(clock), state__in=OPEN):
        yield f"{dispute.number} is {dispute.state} and no clock runs"
    for request in SupportRequest.objects.filter(
        ~Exists(clock),
        Q(state__in=[s.value for s in SUPPORT_OPEN])
        | Q(state="declined", review_asked_at__isnull=False, reviewed_at__isnull=True),
    ):
        yield f"{request.number} is {request.state} and no clock runs"
    for refund in RefundRequest.objects.filter(~Exists(clock), state=RefundState.OPEN).select_related("contract"):
        yield f"the refund request of {refund.contract.reference} is open and no clock runs"


def offers_end_with_their_stage(_now: datetime) -> Iterator[str]:
    """E1, Z8: no live offer, sealed bid or open evidence request outlives its dispute."""
    dead = Dispute.objects.filter(state__in=[DisputeState.RESOLVED, DisputeState.ABANDONED]).filter(
        Q(offers__state="pending") | Q(bids__state="sealed") | Q(evidence_requests__isnull=False)
    )
    for dispute in dead.distinct():
        if (
            dispute.offers.filter(state="pending").exists()
            or dispute.bids.filter(state="sealed").exists()
            or dispute.evidence_requests.filter(closed_at__isnull=True).exists()
        ):
            yield f"{dispute.number} is closed, but something of it still waits"


CHECKS: dict[str, Check] = {
    "I3 frozen money": frozen_is_the_amount,
    "I4 resolutions": resolutions_sum,
    "I5 one open of each": one_of_each,
    "Z5 clocks of disputes": everything_has_its_clock,
    "E1 close-out": offers_end_with_their_stage,
}
