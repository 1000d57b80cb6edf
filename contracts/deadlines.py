"""What the clocks of this room do (C1, C6, C7, C10, R4).

Each locks the aggregate, re-checks, claims its row and acts. The claim comes before the act because the act
ends what still runs of the object, its own row included; the aggregate's lock is held, so nobody comes between.
"""

from __future__ import annotations

from datetime import timedelta

from contracts.enums import AccountCode, ContractState, Ground, MilestoneState, PayoutState, RefundState
from contracts.events import HoldOver
from contracts.ledger import services as ledger
from contracts.ledger.selectors import balance_of
from contracts.ledger.services import PAYOUT_ALERT, Cause, Place
from contracts.locks import lock_contract, lock_milestone, lock_payment, lock_payout, lock_refund_request
from contracts.models import JournalEntry
from contracts.services import dormancy, gate, milestones, payments, refunds, reversal
from contracts.services.common import DORMANCY, FUNDING
from core import deadlines, road
from core.deadlines import Firing
from core.events import publish
from core.permissions import SYSTEM


def fire_refund_response(firing: Firing) -> None:
    """R4: seven days in silence: the escrow goes back to the client."""
    request = lock_refund_request(firing.object_id)
    if request.state != RefundState.OPEN or firing.now < request.due_at:
        return
    if deadlines.claim(firing):
        refunds.expire_refund_request(request=request, now=firing.now)


def fire_review(firing: Firing) -> None:
    """C6: the review time is over and the work is still only submitted: paid in full."""
    milestone = lock_milestone(firing.object_id)
    if milestone.state != MilestoneState.SUBMITTED or milestone.disputed_by is not None:
        return
    if deadlines.claim(firing):
        milestones.auto_release(milestone=milestone, now=firing.now)


def fire_funding(firing: Firing) -> None:
    """C1: 24 h without the gateway's confirmation: the milestone is proposed again."""
    milestone = lock_milestone(firing.object_id)
    if milestone.state != MilestoneState.FUNDING:
        return
    if deadlines.claim(firing):
        payments.give_up_funding(milestone=milestone, now=firing.now)


def fire_hold(firing: Firing) -> None:
    """C7: the security hold of one entry is over: pending → available."""
    contract = lock_contract(JournalEntry.objects.values_list("contract_id", flat=True).get(pk=firing.object_id))
    entry = JournalEntry.objects.get(pk=firing.object_id)
    held = sum(entry.transfers.filter(credit__code=AccountCode.FREELANCER_PENDING).values_list("amount", flat=True))
    # A fraud order (X2) may have taken some of it meanwhile; never more than there is.
    amount = min(contract.money(held), balance_of(contract, AccountCode.FREELANCER_PENDING))
    if not amount or not deadlines.claim(firing):
        return
    ledger.post(
        contract,
        Cause("C7", "journal_entry", entry.pk, SYSTEM, firing.now, Ground.HOLD_OVER),
        [(Place(AccountCode.FREELANCER_PENDING), Place(AccountCode.FREELANCER_AVAILABLE), amount)],
    )
    road.ran("C7")
    publish(HoldOver(at=firing.now, contract_id=contract.pk, entry_id=entry.pk, amount=amount.amount))


def fire_payout_alert(firing: Firing) -> None:
    """A payout has not arrived for 24 h: alert, try again, look again in 24 h."""
    payout = lock_payout(firing.object_id)
    if payout.state != PayoutState.DUE:
        return
    if deadlines.claim(firing):
        payments.alert_payout(payout=payout, now=firing.now)
        deadlines.schedule(
            PAYOUT_ALERT,
            payout.pk,
            now=firing.now,
            due_at=firing.now + timedelta(hours=24),
            contract_id=payout.contract_id,
        )


def fire_dormancy(firing: Firing) -> None:
    """C10: nobody has done anything: the next step of the ladder."""
    contract = lock_contract(firing.object_id)
    if contract.state != ContractState.ACTIVE:
        return
    if deadlines.claim(firing):
        dormancy.climb(contract=contract, due_at=firing.due_at, now=firing.now)


# Kind → (handler, what happens if nobody acts).
def fire_reversal_alert(firing: Firing) -> None:
    """X2: a reversed payment's contract still holds money that nobody has frozen: tell the admins again."""
    payment = lock_payment(firing.object_id)
    if deadlines.claim(firing):
        reversal.alert_reversal(payment=payment, now=firing.now)


HANDLERS = {
    refunds.REFUND_CLOCK: (fire_refund_response, "The whole amount goes back to the client."),
    gate.REVIEW: (fire_review, "The whole amount of the milestone is released to the freelancer."),
    FUNDING: (fire_funding, "The milestone is unfunded again; money that still arrives is returned."),
    ledger.HOLD: (fire_hold, "The money becomes available to the freelancer."),
    PAYOUT_ALERT: (fire_payout_alert, "The payout is tried again and staff are told."),
    reversal.REVERSAL_ALERT: (fire_reversal_alert, "The admins are told again that the money is not frozen."),
    DORMANCY: (fire_dormancy, "The next step for a quiet contract is taken."),
}
