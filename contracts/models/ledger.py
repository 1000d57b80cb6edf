"""Double entry, append-only. A transfer is one row: it balances by construction."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from contracts.enums import SHARED_ACCOUNTS, AccountCode, Ground
from contracts.models.agreement import Contract
from core.models import UUIDModel

_SHARED = [c.value for c in SHARED_ACCOUNTS]


class LedgerAccount(models.Model):
    """A place where money is. Shared ones have no balance row and are summed when asked."""

    code = models.CharField(max_length=24, choices=AccountCode)
    currency = models.CharField(max_length=3)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts")
    object_id = models.UUIDField(null=True, blank=True, help_text="The dispute or arbitration it belongs to.")
    balance = models.BigIntegerField(null=True, blank=True, help_text="Minor units, moved by trigger.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "currency", "contract", "object_id"],
                nulls_distinct=False,
                name="contracts_ledger_account_once",
            ),
            models.CheckConstraint(condition=Q(code__in=AccountCode.values), name="contracts_ledger_known_code"),
            models.CheckConstraint(
                condition=Q(code__in=_SHARED, contract__isnull=True, balance__isnull=True)
                | Q(~Q(code__in=_SHARED), contract__isnull=False, balance__isnull=False),
                name="contracts_ledger_shared_without_balance",
            ),
            models.CheckConstraint(
                condition=Q(balance__isnull=True) | Q(balance__gte=0), name="contracts_I1_never_below_zero"
            ),
        ]
        indexes = [models.Index(fields=["contract", "code"], name="contracts_ledger_by_contract")]

    def __str__(self) -> str:
        """Code."""
        return self.get_code_display()


class JournalEntry(UUIDModel):
    """Why money moved: cause, actor, one ground, one idempotency key (I7)."""

    key = models.CharField(max_length=160, unique=True, help_text="object-type:id:transition:seq")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="entries")
    rule = models.CharField(max_length=8)
    cause_type = models.CharField(max_length=40)
    cause_id = models.UUIDField()
    ground = models.CharField(max_length=24, choices=Ground)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True, blank=True)
    posted_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "journal entries"
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=Ground.values), name="contracts_entry_closed_list_of_grounds")
        ]
        indexes = [models.Index(fields=["contract", "posted_at"], name="contracts_entry_by_contract")]

    def __str__(self) -> str:
        """Ground."""
        return self.get_ground_display()


class Transfer(models.Model):
    """`amount` minor units from `debit` to `credit`. Never updated, never deleted (trigger)."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="transfers")
    debit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="credits")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="contracts_transfer_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="contracts_transfer_two_accounts"),
        ]

    def __str__(self) -> str:
        """Amount."""
        return f"{self.amount} {self.currency}"
