"""Arbitration fees in the ledger, for the arbitration room (N3, A1, A2, A4, I8).

The fee of a side is kept in `arb_fee_held[side]` of one notice (`notice_id`). The caller holds the contract's
lock and brings the cause; the platform's own share moves the same way.
"""

from __future__ import annotations

from uuid import UUID

from contracts.enums import AccountCode, Side
from contracts.ledger import services as ledger
from contracts.ledger.selectors import balance_of
from contracts.ledger.services import EXTERNAL, Cause, Place
from contracts.models import Contract, JournalEntry
from core.money import Money
from core.road import ran

PLATFORM = "platform"

HELD = {
    Side.CLIENT: AccountCode.ARB_FEE_CLIENT,
    Side.FREELANCER: AccountCode.ARB_FEE_FREELANCER,
    PLATFORM: AccountCode.ARB_FEE_PLATFORM,
}
PROVIDER = Place(AccountCode.ARB_PROVIDER)


def held_fee(contract: Contract, side: str, notice_id: UUID) -> Money:
    """What is held of a side's fee for this notice."""
    return balance_of(contract, HELD[_key(side)], notice_id)


def hold_fee(contract: Contract, cause: Cause, *, side: str, amount: Money, notice_id: UUID) -> JournalEntry:
    """Book a paid fee (N3), or the platform's share: outside → arb_fee_held[side]."""
    entry = ledger.post(contract, cause, [(_outside(side), _held(side, notice_id), amount)])
    ran("I8")
    return entry


def return_fee(contract: Contract, cause: Cause, *, side: str, amount: Money, notice_id: UUID) -> JournalEntry:
    """Give a held fee back (N6, N7, A2, A4): arb_fee_held[side] → payable[side], the platform's to outside."""
    entry = _give_back(contract, cause, side=side, amount=amount, source=_held(side, notice_id))
    ran("I8")
    return entry


def pass_on_fee(contract: Contract, cause: Cause, *, side: str, amount: Money, notice_id: UUID) -> JournalEntry:
    """Pass a held fee to the provider once the filing is confirmed (A1): arb_fee_held[side] → arb_provider."""
    entry = ledger.post(contract, cause, [(_held(side, notice_id), PROVIDER, amount)])
    ran("I8")
    return entry


def take_back_fee(contract: Contract, cause: Cause, *, side: str, amount: Money) -> JournalEntry:
    """Give back a fee that was already passed on, when the provider rejects (A2): arb_provider → payable[side]."""
    return _give_back(contract, cause, side=side, amount=amount, source=PROVIDER)


def _give_back(contract: Contract, cause: Cause, *, side: str, amount: Money, source: Place) -> JournalEntry:
    if side == PLATFORM:
        return ledger.post(contract, cause, [(source, Place(AccountCode.EXTERNAL_PLATFORM), amount)])
    return ledger.pay_out(contract, cause, amount, source=source, to=Side(side))


def _key(side: str) -> str:
    return PLATFORM if side == PLATFORM else Side(side)


def _held(side: str, notice_id: UUID) -> Place:
    return Place(HELD[_key(side)], notice_id)


def _outside(side: str) -> Place:
    return Place(AccountCode.EXTERNAL_PLATFORM if side == PLATFORM else EXTERNAL[Side(side)])
