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
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the gateway was last asked for it.")
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
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the gateway was last told to send it.")
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


class GatewayEvent(models.Model):
    """A signed callback that was taken in: the same event id a second time is answered and ignored."""

    event_id = models.CharField(max_length=80, primary_key=True)
    kind = models.CharField(max_length=10)
    object_id = models.UUIDField()
    status = models.CharField(max_length=12)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        """What was said."""
        return f"{self.kind} {self.object_id}: {self.status}"


class SandboxOperation(models.Model):
    """Sandbox only: what the sandbox's payment gateway was asked, kept on its side of the wire.

    It knows our ids and amounts and nothing else of us.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    side = models.CharField(max_length=10)
    purpose = models.CharField(max_length=12)
    behaviour = models.CharField(max_length=10)
    status = models.CharField(max_length=12, default="pending")
    received_at = models.DateTimeField()
    told = models.PositiveIntegerField(default=0, help_text="Callbacks sent.")

    class Meta:
        db_table = "sandbox_payments_operation"

    def __str__(self) -> str:
        """Direction and status."""
        return f"{self.kind} of {self.amount} {self.currency}: {self.status}"


class SandboxBehaviour(models.Model):
    """Sandbox only: how the gateway behaves from now on (one row, id 1)."""

    behaviour = models.CharField(max_length=10, default="confirm")

    class Meta:
        db_table = "sandbox_payments_behaviour"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="sandbox_payments_one_behaviour")]

    def __str__(self) -> str:
        """Behaviour."""
        return self.behaviour
