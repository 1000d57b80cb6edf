"""E1 in this room: whatever ended the dispute closes the notice, the arbitration and returns what is held."""

from __future__ import annotations

from django.db import transaction

from arbitration.enums import ArbitrationState
from arbitration.locks import lock_notice, lock_open_case
from arbitration.models import ArbitrationCase, NonResolutionNotice
from arbitration.services import money
from arbitration.services.filing import FILE, SETTLED, ask_provider, by_wire, cancel_filing
from core import road
from core.permissions import SYSTEM
from disputes.events import DisputeResolved
from disputes.locks import lock_dispute

# Which rule a fee goes back by, per ground of the resolution.
_RULES = {"arb_one_paid": "N6", "arb_none_paid": "N5", "award": "A6"}


def close_resolved(event: DisputeResolved) -> None:
    """React to DisputeResolved, in its transaction: no ghost notices, no ghost cases, I8."""
    with transaction.atomic():
        dispute = lock_dispute(event.dispute_id)
        case = lock_open_case(dispute)
        notice = lock_notice(dispute)
        rule = _RULES.get(event.ground) or ("A4" if case is not None else "N7")
        if case is not None:
            _close_case(case, event)
        if notice is not None:
            road.take(notice, "close", actor=SYSTEM, now=event.at, chain=dispute.pk)
        for one in NonResolutionNotice.objects.filter(dispute_id=dispute.pk).order_by("number"):
            one.dispute = dispute
            # Fees passed on are not refunded (A4); what is still held goes back to its payer.
            money.return_held(one, rule, actor=SYSTEM, now=event.at)


def _close_case(case: ArbitrationCase, event: DisputeResolved) -> None:
    if case.state == ArbitrationState.AWARDED:
        road.take(case, "execute", actor=SYSTEM, now=event.at, chain=case.dispute_id)
        return
    # Under the lock: a sender that comes later finds a cancelled row and sends nothing (A4).
    unsent = case.requests.filter(
        verb=FILE, sent_at__isnull=True, confirmed_at__isnull=True, cancelled_at__isnull=True
    ).exists()
    cancel_filing(case, now=event.at)
    road.take(case, "settle", actor=SYSTEM, now=event.at, chain=case.dispute_id)
    if by_wire(case) and not unsent:
        ask_provider(case, SETTLED, now=event.at)
