"""What the clocks of this room do when they are reached: lock, look again, act, claim the row last."""

from __future__ import annotations

from core import deadlines, road
from core.deadlines import Firing, Handler
from disputes.locks import lock_dispute
from disputes.models import Dispute, EvidenceRequest, SupportRequest
from disputes.negotiation import bids, services
from disputes.services import evidence, support


def fire_offer(firing: Firing) -> None:
    """Z8: the offer ends without an answer; no money moves."""
    if Dispute.objects.filter(pk=firing.object_id).exists() and services.expire_offer(
        dispute_id=firing.object_id, now=firing.now
    ):
        deadlines.claim(firing)


def fire_bid_compare(firing: Firing) -> None:
    """D19: compare, then wait for the next instant; the same whether or not there are bids."""
    dispute = lock_dispute(firing.object_id)
    # Claimed before the act: a match ends every clock of the dispute, this row's too. The lock is held.
    if dispute.state not in bids.BID_STATES or not deadlines.claim(firing):
        return
    if bids.compare(dispute_id=dispute.pk, now=firing.now) is None:
        bids.schedule_comparison(dispute, firing.now)


def fire_evidence_due(firing: Firing) -> None:
    """D9: requests whose due date has passed are closed, for both sides alike."""
    dispute = lock_dispute(firing.object_id)
    due = EvidenceRequest.objects.filter(dispute=dispute, closed_at__isnull=True, due_at__lte=firing.now)
    evidence.close_requests(due, now=firing.now)
    road.ran("D9")
    deadlines.claim(firing)


def fire_support_reply(firing: Firing) -> None:
    """P1, P2: support has not replied in time: alert, and again after the same time."""
    support.alert(firing, what="reply")


def fire_support_info(firing: Firing) -> None:
    """P2: the freelancer did not answer in time."""
    if SupportRequest.objects.filter(pk=firing.object_id).exists() and support.lapse(
        request_id=firing.object_id, now=firing.now
    ):
        deadlines.claim(firing)


def fire_support_review(firing: Firing) -> None:
    """P6: the supervisor has not reviewed in time: alert, and again after the same time."""
    support.alert(firing, what="review")


# kind → (handler, what happens if nobody acts)
HANDLERS: dict[str, tuple[Handler, str]] = {
    services.OFFER: (fire_offer, "the offer ends and no money moves"),
    bids.BID_COMPARE: (fire_bid_compare, "sealed amounts, if there are any, are compared in secret"),
    evidence.EVIDENCE_DUE: (fire_evidence_due, "the request for evidence is closed"),
    support.SUPPORT_REPLY: (fire_support_reply, "customer support is told that a reply is overdue"),
    support.SUPPORT_INFO: (fire_support_info, "the request lapses; the freelancer can ask again"),
    support.SUPPORT_REVIEW: (fire_support_review, "the supervisors are told that a review is overdue"),
}
