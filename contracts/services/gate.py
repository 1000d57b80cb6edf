"""What the rooms above may do with a contract's money and overlays. The caller holds the contract's lock.

Rules I2, I3, I4, I6 and the disposition of rulebook section 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from contracts.enums import AccountCode, ContractState, MilestoneState, Side
from contracts.events import ContractClosed
from contracts.ledger import services as ledger
from contracts.ledger.selectors import balance_of
from contracts.ledger.services import Cause, Place
from contracts.models import Contract, JournalEntry, Milestone
from core import deadlines, road
from core.events import publish
from core.money import Money
from core.permissions import SYSTEM

REVIEW = "review"  # deadline kind; its object is the milestone


@dataclass(frozen=True, slots=True)
class Shares:
    """Who gets what of a frozen amount. `fee_free` of the freelancer's part bears no service fee (A6)."""

    to_freelancer: Money
    to_client: Money
    fee_free: Money | None = None


def frozen_place(dispute_id: UUID) -> Place:
    """Return the account `escrow_frozen[d]`."""
    return Place(AccountCode.ESCROW_FROZEN, dispute_id)


def name_money(contract: Contract, amount: Money, source: AccountCode) -> None:
    """An open support request names this money: C1 and C5 may not use it."""
    contract.named_amount, contract.named_source = amount.amount, source
    contract.save(update_fields=["named_amount", "named_source"])


def unname_money(contract: Contract) -> None:
    """The support request is over."""
    contract.named_amount, contract.named_source = 0, ""
    contract.save(update_fields=["named_amount", "named_source"])


def freeze(contract: Contract, cause: Cause, amount: Money, *, source: AccountCode, dispute_id: UUID) -> JournalEntry:
    """`source` → escrow_frozen[d] (R3, P3); the contract carries the overlay `dispute_open`."""
    contract.open_dispute_id = dispute_id
    contract.save(update_fields=["open_dispute_id"])
    road.ran("I3")
    road.ran("I6")
    return ledger.post(contract, cause, [(Place(source), frozen_place(dispute_id), amount)])


def lower(contract: Contract, cause: Cause, amount: Money, *, dispute_id: UUID, back_to: AccountCode | None) -> None:
    """Take `amount` out of the frozen account (D8): back to escrow, or to the client when `back_to` is None."""
    if back_to is None:
        ledger.pay_out(contract, cause, amount, source=frozen_place(dispute_id), to=Side.CLIENT)
    else:
        ledger.post(contract, cause, [(frozen_place(dispute_id), Place(back_to), amount)])


def refund(contract: Contract, cause: Cause, amount: Money, *, source: AccountCode) -> JournalEntry:
    """`source` → payable[client]."""
    return ledger.pay_out(contract, cause, amount, source=Place(source), to=Side.CLIENT)


def pay_resolution(
    contract: Contract, cause: Cause, shares: Shares, *, dispute_id: UUID, return_to: AccountCode | None
) -> JournalEntry:
    """Pay out the whole frozen amount in one entry (I3, I4).

    The freelancer's part is a release (service fee, own hold). The client's part is refunded, or goes
    back to the escrow account `return_to` on an active contract.
    Raises ValueError when the shares are not the frozen amount exactly.
    """
    frozen = balance_of(contract, AccountCode.ESCROW_FROZEN, dispute_id)
    if shares.to_freelancer + shares.to_client != frozen:
        raise ValueError(f"shares {shares} are not the frozen amount {frozen}")
    source = frozen_place(dispute_id)
    moves = []
    if shares.to_freelancer:
        moves += ledger.release_moves(contract, shares.to_freelancer, source=source, free_of_fee=shares.fee_free)
    if shares.to_client:
        moves.append((source, Place(return_to or AccountCode.PAYABLE_CLIENT), shares.to_client))
    entry = ledger.post(contract, cause, moves)
    if shares.to_freelancer:
        ledger.start_hold(contract, entry, now=cause.now)
    if shares.to_client and return_to is None:
        ledger.start_payout(contract, entry, shares.to_client, to=Side.CLIENT, now=cause.now)
    contract.open_dispute_id = None
    contract.last_activity_at = cause.now
    contract.save(update_fields=["open_dispute_id", "last_activity_at"])
    for invariant in ("I2", "I3", "I4"):
        road.ran(invariant)
    return entry


def close_if_ended(contract: Contract, cause: Cause) -> None:
    """E1: an ended contract without money in escrow is closed."""
    if contract.state != ContractState.ENDED:
        return
    road.take(contract, "close", actor=SYSTEM, now=cause.now, chain=contract.pk, rule_id=cause.rule)
    publish(ContractClosed(at=cause.now, contract_id=contract.pk))


def begin_dispute_on_milestone(milestone: Milestone, cause: Cause, *, dispute_id: UUID) -> None:
    """C11: P3 stops the review clock; the milestone carries the overlay `disputed`."""
    road.take(
        milestone, "mark_disputed", actor=SYSTEM, now=cause.now, chain=milestone.contract_id, dispute_id=dispute_id
    )
    deadlines.cancel(milestone.pk, REVIEW, now=cause.now)


def end_dispute_on_milestone(
    milestone: Milestone, cause: Cause, *, shares: Shares, withdrawn: bool, carried: bool
) -> None:
    """C11: the milestone after the dispute (locked by the caller).

    Withdrawn (D10): as before P3, a fresh review clock if submitted. Carried-over money: the milestone
    itself was already over and stays. Else: an undisputed rest goes back under review with a fresh clock;
    without a rest it is paid, partly paid or cancelled by the shares.
    """
    contract = milestone.contract
    if carried or withdrawn:
        name = "unmark_disputed"
    elif balance_of(contract, AccountCode.ESCROW_AVAILABLE):
        name = "back_to_review"
    elif not shares.to_client:
        name = "settle_paid"
    elif shares.to_freelancer:
        name = "settle_partially_paid"
    else:
        name = "settle_cancelled"
    road.take(milestone, name, actor=SYSTEM, now=cause.now, chain=contract.pk)
    if milestone.state == MilestoneState.SUBMITTED:
        start_review(milestone, cause)


def start_review(milestone: Milestone, cause: Cause) -> None:
    """Start the review clock (C2, C11): at its end the work is released (C6)."""
    deadlines.schedule(
        REVIEW,
        milestone.pk,
        now=cause.now,
        due_at=cause.now + timedelta(days=milestone.contract.policy.milestone_auto_release_days),
        contract_id=milestone.contract_id,
        remind=(timedelta(days=3), timedelta(days=1)),
    )
