"""The one gate of money. Only `contracts` posts; every road below ends in `post`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.enums import SHARED_ACCOUNTS, AccountCode, Ground, Side
from contracts.models import Contract, JournalEntry, LedgerAccount, Payout, Transfer
from core import deadlines, outbox
from core.errors import UnableToError
from core.money import Money
from core.road import ran

if TYPE_CHECKING:
    from core.permissions import Actor

HOLD = "hold"  # deadline kind; its object is the journal entry (rulebook section 5)
PAYOUT_ALERT = "payout_alert"  # deadline kind; its object is the payout
SEND_PAYOUT = "contracts.send_payout"  # outbox handler

PAYABLE = {Side.CLIENT: AccountCode.PAYABLE_CLIENT, Side.FREELANCER: AccountCode.PAYABLE_FREELANCER}
EXTERNAL = {Side.CLIENT: AccountCode.EXTERNAL_CLIENT, Side.FREELANCER: AccountCode.EXTERNAL_FREELANCER}


class UnableToMoveMoneyError(UnableToError):
    """The account does not hold this much."""

    code = "not_enough"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why: the rule, the object whose transition moves the money, and who acted."""

    rule: str
    obj_type: str
    obj_id: UUID
    actor: Actor
    now: datetime
    ground: Ground
    seq: int = 1
    note: str = ""

    @property
    def key(self) -> str:
        """Idempotency key `object-type:id:transition:seq` (I7)."""
        return f"{self.obj_type}:{self.obj_id}:{self.rule}:{self.ground}:{self.seq}"


@dataclass(frozen=True, slots=True)
class Place:
    """A ledger account by name: shared, of the contract, or of one object on it (`object_id`)."""

    code: AccountCode
    object_id: UUID | None = None


def account(contract: Contract, place: Place) -> LedgerAccount:
    """Return the account row of a place, making it at first use."""
    shared = place.code in SHARED_ACCOUNTS
    row, _ = LedgerAccount.objects.get_or_create(
        code=place.code,
        currency=contract.currency,
        contract=None if shared else contract,
        object_id=None if shared else place.object_id,
        defaults={"balance": None if shared else 0},
    )
    return row


def post(contract: Contract, cause: Cause, moves: Sequence[tuple[Place, Place, Money]]) -> JournalEntry:
    """Write one balanced entry; zero amounts are left out.

    The caller holds the contract's lock. Raises UnableToMoveMoneyError when an account holds too
    little, ValueError for nothing to move or another currency, IntegrityError for a repeated key (I7).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Money moves inside the transaction of its cause.")
    rows: list[Transfer] = []
    entry = JournalEntry(
        key=cause.key,
        contract=contract,
        rule=cause.rule,
        cause_type=cause.obj_type,
        cause_id=cause.obj_id,
        ground=cause.ground,
        actor_kind=cause.actor.kind.value,
        actor_id=cause.actor.user_id,
        posted_at=cause.now,
        note=cause.note,
    )
    need: dict[int, int] = {}
    accounts: dict[int, LedgerAccount] = {}
    for source, target, money in moves:
        if money.currency != contract.currency:
            raise ValueError(f"{money} on a contract in {contract.currency}")
        if money.amount < 0:
            raise ValueError(f"negative movement {money}")
        if not money:
            continue
        debit, credit = account(contract, source), account(contract, target)
        accounts |= {debit.pk: debit, credit.pk: credit}
        need[debit.pk] = need.get(debit.pk, 0) + money.amount
        need[credit.pk] = need.get(credit.pk, 0) - money.amount
        rows.append(Transfer(entry=entry, debit=debit, credit=credit, amount=money.amount, currency=money.currency))
    if not rows:
        raise ValueError("nothing to move")
    for pk, amount in need.items():
        balance = accounts[pk].balance
        if balance is not None and balance < amount:
            raise UnableToMoveMoneyError(
                _("There is not that much money here any more. Reload the page to see what is left."),
                account=accounts[pk].code,
            )
    entry.save(force_insert=True)
    Transfer.objects.bulk_create(rows)
    ran("I1")
    ran("I7")
    return entry


def fee_of(contract: Contract, gross: Money) -> Money:
    """Service fee on what is released: half-even to the minor unit, at the contract's pinned rate."""
    return gross.percent(contract.policy.service_fee_percent)


def release(contract: Contract, cause: Cause, gross: Money, *, source: Place) -> JournalEntry:
    """`source` → freelancer_pending, the service fee in the same entry; starts its own hold (C7)."""
    entry = post(contract, cause, release_moves(contract, gross, source=source))
    start_hold(contract, entry, now=cause.now)
    return entry


def release_moves(
    contract: Contract, gross: Money, *, source: Place, free_of_fee: Money | None = None
) -> list[tuple[Place, Place, Money]]:
    """Moves of a release; `free_of_fee` of it bears no fee (A6: a shifted cost)."""
    base = gross if free_of_fee is None else gross - free_of_fee
    fee = fee_of(contract, base)
    return [
        (source, Place(AccountCode.FREELANCER_PENDING), gross - fee),
        (source, Place(AccountCode.PLATFORM_FEE), fee),
    ]


def start_hold(contract: Contract, entry: JournalEntry, *, now: datetime) -> None:
    """Start the security hold of an entry that paid into freelancer_pending."""
    deadlines.schedule(
        HOLD,
        entry.pk,
        now=now,
        due_at=now + timedelta(days=contract.policy.security_hold_days),
        contract_id=contract.pk,
    )


def pay_out(contract: Contract, cause: Cause, amount: Money, *, source: Place, to: Side) -> JournalEntry:
    """`source` → payable[to]: legally final now; the gateway sends it afterwards."""
    entry = post(contract, cause, [(source, Place(PAYABLE[to]), amount)])
    start_payout(contract, entry, amount, to=to, now=cause.now)
    return entry


def start_payout(contract: Contract, entry: JournalEntry, amount: Money, *, to: Side, now: datetime) -> Payout:
    """Leave the order for the gateway to send what `entry` put into payable[to].

    Staff are alerted when it has not arrived after 24 h.
    """
    payout = Payout.objects.create(
        contract=contract, side=to, amount=amount.amount, currency=amount.currency, entry=entry, due_at=now
    )
    outbox.put(SEND_PAYOUT, {"payout_id": str(payout.pk)}, now=now, ordering_key=str(contract.pk))
    deadlines.schedule(PAYOUT_ALERT, payout.pk, now=now, due_at=now + timedelta(hours=24), contract_id=contract.pk)
    return payout
