"""X1 in the ledger: one balanced entry on money that is no longer in escrow. The caller holds the contract's lock."""

from __future__ import annotations

from django.db.models import Sum
from django.utils.translation import gettext as _

from contracts.enums import AccountCode, Side
from contracts.ledger import services as ledger
from contracts.ledger.selectors import balance_of
from contracts.ledger.services import PAYABLE, Cause, Place
from contracts.models import Contract, JournalEntry, Transfer
from core.errors import InvalidInputError
from core.formatting import format_money
from core.money import Money

# Escrow, frozen money, holds and payouts on their way each have transitions of their own; a correction
# never reaches into them (I2, I3, I6).
SOURCES = (AccountCode.PLATFORM_FEE, AccountCode.EXTERNAL_PLATFORM, AccountCode.FREELANCER_AVAILABLE)
TARGETS = (*SOURCES, AccountCode.PAYABLE_CLIENT, AccountCode.PAYABLE_FREELANCER)


def check(contract: Contract, source: str, target: str, amount: Money) -> None:
    """Raise InvalidInputError (from_account, to_account, amount) for what cannot be corrected this way."""
    if source not in SOURCES:
        raise InvalidInputError({"from_account": _("Choose where the money is taken from.")})
    if target not in TARGETS or target == source:
        raise InvalidInputError({"to_account": _("Choose another place where the money goes.")})
    if amount.currency != contract.currency or amount.amount <= 0:
        raise InvalidInputError(
            {"amount": _("Enter an amount above zero in {currency}.").format(currency=contract.currency)}
        )
    most = _at_hand(contract, AccountCode(source))
    if most is not None and amount > most:
        raise InvalidInputError(
            {"amount": _("Only {amount} can be moved from there.").format(amount=format_money(most))}
        )


def correct(contract: Contract, cause: Cause, source: str, target: str, amount: Money) -> JournalEntry:
    """Move `amount`; what becomes payable is sent out like any other payout."""
    entry = ledger.post(contract, cause, [(Place(AccountCode(source)), Place(AccountCode(target)), amount)])
    for side in Side:
        if target == PAYABLE[side]:
            ledger.start_payout(contract, entry, amount, to=side, now=cause.now)
    return entry


def _at_hand(contract: Contract, source: AccountCode) -> Money | None:
    """What a correction may take: the balance, or the fees taken on this contract; None when outside pays."""
    if source == AccountCode.FREELANCER_AVAILABLE:
        return balance_of(contract, source)
    if source == AccountCode.PLATFORM_FEE:
        rows = Transfer.objects.filter(entry__contract_id=contract.pk)
        taken = rows.filter(credit__code=source).aggregate(s=Sum("amount"))["s"] or 0
        given = rows.filter(debit__code=source).aggregate(s=Sum("amount"))["s"] or 0
        return contract.money(max(0, taken - given))
    return None
