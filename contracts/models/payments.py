"""Payments from outside and to outside: the gateway's view, beside the ledger's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from contracts.enums import PaymentPurpose, PaymentState, PayoutState
from contracts.models.agreement import Contract
from core.models import UUIDModel


class Payment(UUIDModel):
    """Money coming in. The id is stored before anything is sent; on "unknown" the gateway is asked."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="payments")
    purpose = models.CharField(max_length=10, choices=PaymentPurpose)
    object_id = models.UUIDField(help_text="The milestone or the election that is paid for.")
    side = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.STARTED)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="contracts_payment_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="contracts_payment_known_state"),
            models.UniqueConstraint(
                fields=["purpose", "object_id"], condition=Q(state="started"), name="contracts_one_running_payment"
            ),
        ]

    def __str__(self) -> str:
        """Purpose and state."""
        return f"{self.get_purpose_display()} payment of {self.amount} {self.currency} ({self.state})"


class Payout(UUIDModel):
    """Money going out: legally final when created (`payable`), paid when the gateway confirms."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="payouts")
    side = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    entry = models.OneToOneField("contracts.JournalEntry", on_delete=models.PROTECT, related_name="payout")
    state = models.CharField(max_length=10, choices=PayoutState, default=PayoutState.DUE)
    due_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="contracts_payout_amount_positive"),
            models.CheckConstraint(
                condition=Q(state="due", confirmed_at__isnull=True) | Q(state="confirmed", confirmed_at__isnull=False),
                name="contracts_payout_confirmed_iff",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="due"), name="contracts_payout_due")]

    def __str__(self) -> str:
        """Side, amount, state."""
        return f"{self.amount} {self.currency} to {self.side} ({self.state})"
