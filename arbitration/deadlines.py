"""What this room's timers do when they are reached. Each locks, checks again, claims, and repeats if it must."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from arbitration import clocks
from arbitration.enums import ArbitrationState
from arbitration.events import ProviderOverdue
from arbitration.locks import lock_notice, lock_open_case
from arbitration.services import defaults, fraud
from core import deadlines
from core.deadlines import Firing
from core.events import publish
from disputes.enums import DisputeState
from disputes.locks import lock_dispute
from disputes.models import Dispute


def fire_election_end(firing: Firing) -> None:
    """N5, N6, or the wait of N3."""
    defaults.end_election(firing)


def fire_election_settling(firing: Firing) -> None:
    """N5, N6 after the wait."""
    defaults.end_settling(firing)


def fire_filing_alert(firing: Firing) -> None:
    """A1: not filed after one business day: staff are told, each business day anew."""

    def waits(dispute: Dispute) -> bool:
        case = lock_open_case(dispute)
        return case is not None and case.state == ArbitrationState.FILING

    _alert(firing, "filing", waits, clocks.filing_alert)


def fire_provider_sla(firing: Firing) -> None:
    """A1: no award within 45 days: staff are told, weekly from then on."""

    def waits(dispute: Dispute) -> bool:
        case = lock_open_case(dispute)
        return case is not None and case.state in {ArbitrationState.SUBMITTED, ArbitrationState.IN_PROGRESS}

    _alert(firing, "award", waits, lambda _dispute, now: now + clocks.SLA_REPEAT)


def fire_provider_rejected_alert(firing: Firing) -> None:
    """A2: rejected twice: nothing ends by itself, so staff are told every 5 business days."""

    def waits(dispute: Dispute) -> bool:
        notice = lock_notice(dispute)
        return notice is not None and notice.election_ends_at is None and dispute.state == DisputeState.NON_RESOLUTION

    _alert(firing, "rejected_twice", waits, clocks.rejected_alert)


def fire_order_alert(firing: Firing) -> None:
    """X2: money frozen by an order is still not divided."""
    fraud.alert(firing)


def _alert(
    firing: Firing,
    what: str,
    waits: Callable[[Dispute], bool],
    following: Callable[[Dispute, datetime], datetime],
) -> None:
    dispute = lock_dispute(firing.object_id)
    if not waits(dispute) or not deadlines.claim(firing):
        return
    publish(ProviderOverdue(at=firing.now, contract_id=dispute.contract_id, dispute_id=dispute.pk, what=what))
    # Counted from now, not from the old instant: after an outage one alert comes, not a pile (Z4).
    deadlines.schedule(
        firing.kind,
        dispute.pk,
        now=firing.now,
        due_at=following(dispute, firing.now),
        contract_id=dispute.contract_id,
    )
