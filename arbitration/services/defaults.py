"""N5 and N6: what the agreement says when not both sides take part."""

from __future__ import annotations

from datetime import datetime

from arbitration import clocks
from arbitration.enums import ElectionState
from arbitration.events import ElectionSettling
from arbitration.locks import lock_elections, lock_notice
from arbitration.models import Election, NonResolutionNotice
from contracts.enums import Ground, PaymentPurpose, PaymentState, Side
from contracts.models import Payment
from core import deadlines, road
from core.deadlines import Firing
from core.events import publish
from core.money import zero
from core.permissions import SYSTEM
from disputes.enums import DisputeState
from disputes.locks import lock_dispute
from disputes.models import Dispute
from disputes.services.spine import resolve_dispute

# What a timer of every case can say; the case's own pages name the side that its settings name.
SAYS = (
    "the disputed amount goes where the settings pinned to the case say: as a rule to the side that has paid,"
    " or to the client when neither has"
)


def payments_running(elections: dict[str, Election]) -> bool:
    """Whether a started fee payment is neither confirmed nor failed."""
    return Payment.objects.filter(
        purpose=PaymentPurpose.ARB_FEE,
        object_id__in=[e.pk for e in elections.values()],
        state=PaymentState.STARTED,
    ).exists()


def run_default(
    dispute: Dispute, notice: NonResolutionNotice, elections: dict[str, Election], *, now: datetime
) -> None:
    """N5: nobody paid; N6: one paid. The pinned settings say to whom the money goes; held fees go back (E1).

    The caller holds all locks. Never after a second rejection (A2): such a notice has no end.
    """
    if notice.election_ends_at is None:
        return
    nothing = zero(dispute.currency)
    paid = [side for side in Side if elections[side.value].state == ElectionState.PAID]
    if len(paid) == 1:
        name, ground, winner = "default_one_paid", Ground.ARB_ONE_PAID, dispute.policy.one_paid_to(paid[0].value)
    elif not paid:
        name, ground, winner = "default_none_paid", Ground.ARB_NONE_PAID, dispute.policy.arb_none_paid
    else:
        return  # both paid: A1 has run or the clerk files (A2)
    freelancer_wins = winner == Side.FREELANCER
    resolve_dispute(
        dispute,
        name,
        ground=ground,
        to_freelancer=dispute.money if freelancer_wins else nothing,
        to_client=nothing if freelancer_wins else dispute.money,
        actor=SYSTEM,
        now=now,
        payload={"notice": notice.number, "paid_by": [side.value for side in paid]},
    )


def end_election(firing: Firing) -> None:
    """The 7 days are over: the default, or at most 24 h more for a payment that was started in time (N3).

    The row is claimed before the default closes the dispute, because the close-out (E1) ends every timer of the
    dispute; the contract's lock is held, so nobody else can fire it meanwhile.
    """
    dispute = lock_dispute(firing.object_id)
    notice = lock_notice(dispute)
    if notice is None or dispute.state != DisputeState.NON_RESOLUTION or notice.settling_since is not None:
        return
    ends = notice.election_ends_at
    if ends is None or firing.now < ends:
        return
    elections = lock_elections(notice)
    if not deadlines.claim(firing):
        return
    until = clocks.settling_end(dispute, ends)
    if not payments_running(elections) or firing.now >= until:
        run_default(dispute, notice, elections, now=firing.now)
        return
    road.take(
        notice,
        "wait_for_payment",
        actor=SYSTEM,
        now=firing.now,
        chain=dispute.pk,
        payload={"until": until},
    )
    deadlines.schedule(
        clocks.ELECTION_SETTLING, dispute.pk, now=firing.now, due_at=until, contract_id=dispute.contract_id
    )
    publish(
        ElectionSettling(at=firing.now, contract_id=dispute.contract_id, dispute_id=dispute.pk, notice_id=notice.pk)
    )


def end_settling(firing: Firing) -> None:
    """N3: 24 h more are over; a payment still on its way counts as not paid and is returned when it comes."""
    dispute = lock_dispute(firing.object_id)
    notice = lock_notice(dispute)
    if notice is None or dispute.state != DisputeState.NON_RESOLUTION or notice.settling_since is None:
        return
    elections = lock_elections(notice)
    if deadlines.claim(firing):
        run_default(dispute, notice, elections, now=firing.now)
