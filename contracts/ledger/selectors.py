"""Reads of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, Sum

from contracts.enums import ESCROW_ACCOUNTS, AccountCode
from contracts.models import Contract, LedgerAccount, Transfer
from core.money import Money


@dataclass(frozen=True, slots=True)
class Balances:
    """Money of one contract, by place, in minor units of its currency."""

    currency: str
    by_code: dict[str, int]
    frozen: dict[UUID, int]

    def money(self, code: AccountCode) -> Money:
        """Balance of one kind of account."""
        return Money(self.by_code.get(code, 0), self.currency)

    @property
    def available(self) -> Money:
        """The live milestone's escrow."""
        return self.money(AccountCode.ESCROW_AVAILABLE)

    @property
    def carried(self) -> Money:
        """Remainders of partial releases."""
        return self.money(AccountCode.ESCROW_CARRIED)

    @property
    def refund(self) -> Money:
        """Set aside for an open refund request."""
        return self.money(AccountCode.ESCROW_REFUND)

    @property
    def frozen_total(self) -> Money:
        """Set aside for disputes."""
        return self.money(AccountCode.ESCROW_FROZEN)

    @property
    def escrow(self) -> Money:
        """Everything that is still in escrow."""
        return Money(sum(self.by_code.get(c, 0) for c in ESCROW_ACCOUNTS), self.currency)


def balances(contract: Contract) -> Balances:
    """Balances of a contract. One query."""
    by_code: dict[str, int] = {}
    frozen: dict[UUID, int] = {}
    for code, object_id, balance in LedgerAccount.objects.filter(contract_id=contract.pk).values_list(
        "code", "object_id", "balance"
    ):
        by_code[code] = by_code.get(code, 0) + (balance or 0)
        if code == AccountCode.ESCROW_FROZEN and object_id is not None:
            frozen[object_id] = balance or 0
    return Balances(contract.currency, by_code, frozen)


def balance_of(contract: Contract, code: AccountCode, object_id: UUID | None = None) -> Money:
    """Balance of one account of a contract."""
    found = LedgerAccount.objects.filter(contract_id=contract.pk, code=code, object_id=object_id).first()
    return Money((found.balance or 0) if found else 0, contract.currency)


def shared_total(code: AccountCode, currency: str) -> Money:
    """Credits minus debits of a shared account, summed when asked."""
    credits_ = Transfer.objects.filter(credit__code=code, currency=currency).aggregate(s=Sum("amount"))["s"] or 0
    debits = Transfer.objects.filter(debit__code=code, currency=currency).aggregate(s=Sum("amount"))["s"] or 0
    return Money(credits_ - debits, currency)


def extract(contract: Contract) -> QuerySet[Transfer]:
    """Every movement of a contract, oldest first (closing statement, contract page)."""
    return (
        Transfer.objects.filter(entry__contract_id=contract.pk)
        .select_related("entry", "debit", "credit")
        .order_by("entry__posted_at", "id")
    )
