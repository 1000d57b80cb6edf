"""Fees of one notice (I8): held, returned, passed on, taken back. Only `contracts` posts; this names the cause.

The fee accounts of the ledger carry the notice's id, so that a second round (A2) never mixes with the first.
"""

from __future__ import annotations

from datetime import datetime

from arbitration.events import FeeReturned
from arbitration.models import Election, NonResolutionNotice
from contracts.enums import Ground, Side
from contracts.ledger.services import Cause
from contracts.services import fees
from core import road
from core.events import publish
from core.money import Money
from core.permissions import Actor

PLATFORM = fees.PLATFORM
PAYERS = (*Side.values, PLATFORM)


def _cause(notice: NonResolutionNotice, rule: str, payer: str, ground: Ground, actor: Actor, now: datetime) -> Cause:
    # One entry per payer and notice: the sequence tells them apart in the idempotency key (I7).
    seq = PAYERS.index(payer) + 1
    return Cause(
        rule=rule, obj_type="notice", obj_id=notice.pk, actor=actor, now=now, ground=ground, seq=seq, note=payer
    )


def held(notice: NonResolutionNotice, payer: str) -> Money:
    """What is held of this payer's fee."""
    return fees.held_fee(notice.contract, payer, notice.pk)


def hold(election: Election, amount: Money, *, actor: Actor, now: datetime) -> None:
    """N3: external_x → arb_fee_held[x]."""
    notice = election.notice
    cause = _cause(notice, "N3", election.side, Ground.ARB_FEE, actor, now)
    fees.hold_fee(notice.contract, cause, side=election.side, amount=amount, notice_id=notice.pk)


def hold_platform_share(notice: NonResolutionNotice, *, actor: Actor, now: datetime) -> None:
    """A1: external_platform → arb_fee_held[platform], where the band has a share."""
    if notice.platform_share:
        amount = notice.contract.money(notice.platform_share)
        cause = _cause(notice, "A1", PLATFORM, Ground.ARB_FEE, actor, now)
        fees.hold_fee(notice.contract, cause, side=PLATFORM, amount=amount, notice_id=notice.pk)


def pass_on(notice: NonResolutionNotice, *, actor: Actor, now: datetime) -> int:
    """A1: arb_fee_held → arb_provider, once the provider confirmed. Returns the sum in minor units."""
    total = 0
    for payer in PAYERS:
        amount = held(notice, payer)
        if amount:
            cause = _cause(notice, "A1", payer, Ground.ARB_FEE_PASSED_ON, actor, now)
            fees.pass_on_fee(notice.contract, cause, side=payer, amount=amount, notice_id=notice.pk)
            total += amount.amount
    road.ran("I8")
    return total


def return_held(notice: NonResolutionNotice, rule: str, *, actor: Actor, now: datetime) -> None:
    """Held fees → payable of each payer (N6, N7, A2, A4, D10). What was passed on stays where it is."""
    for payer in PAYERS:
        amount = held(notice, payer)
        if amount:
            cause = _cause(notice, rule, payer, Ground.ARB_FEE_RETURNED, actor, now)
            fees.return_fee(notice.contract, cause, side=payer, amount=amount, notice_id=notice.pk)
            _tell(notice, payer, amount, now)
    road.ran("I8")


def take_back(notice: NonResolutionNotice, *, actor: Actor, now: datetime) -> None:
    """A2: the provider rejected after the fees were passed on: arb_provider → payable of each payer."""
    for payer in PAYERS:
        amount = notice.contract.money(notice.platform_share if payer == PLATFORM else notice.fee)
        if amount:
            cause = _cause(notice, "A2", payer, Ground.ARB_FEE_RETURNED, actor, now)
            fees.take_back_fee(notice.contract, cause, side=payer, amount=amount)
            _tell(notice, payer, amount, now)


def _tell(notice: NonResolutionNotice, payer: str, amount: Money, now: datetime) -> None:
    if payer != PLATFORM:
        tell_returned(notice, payer, amount, now=now)


def tell_returned(notice: NonResolutionNotice, payer: str, amount: Money, *, now: datetime) -> None:
    """Tell both sides that a fee goes back."""
    publish(
        FeeReturned(
            at=now,
            contract_id=notice.contract.pk,
            dispute_id=notice.dispute_id,
            side=payer,
            amount=amount.amount,
        )
    )
