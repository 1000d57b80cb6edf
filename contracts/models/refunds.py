"""Refund requests and proposals (R1–R8)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from contracts.enums import ProposalState, RefundState
from contracts.models.agreement import Contract
from contracts.transitions import RefundProposalLifecycle, RefundRequestLifecycle
from core.models import UUIDModel
from core.money import Money


class RefundRequest(UUIDModel, RefundRequestLifecycle):
    """The client asks for the escrow back after ending the contract (S04)."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="refund_requests")
    original_amount = models.BigIntegerField(help_text="What was asked back at first, minor units.")
    paid_at_end = models.BigIntegerField(default=0, help_text="What the client paid when ending the contract.")
    reason = models.TextField(blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="opened_at + 7 × 24 h (S04, Z1).")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state="open"), name="contracts_one_open_refund_request"
            ),
            models.CheckConstraint(condition=Q(state__in=RefundState.values), name="contracts_refund_known_state"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=F("original_amount")), name="contracts_refund_amount"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | Q(~Q(state="open"), closed_at__isnull=False),
                name="contracts_refund_closed_iff_not_open",
            ),
        ]

    def __str__(self) -> str:
        """Amount and state."""
        return f"refund request of {self.amount} ({self.state})"

    @property
    def money(self) -> Money:
        """What is asked back now (needs the contract selected)."""
        return Money(self.amount, self.contract.currency)


class RefundProposal(UUIDModel, RefundProposalLifecycle):
    """The freelancer proposes to keep `keep` and give the rest back (R7); rounds are rows."""

    refund_request = models.ForeignKey(RefundRequest, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    keep = models.BigIntegerField(help_text="What the freelancer would keep, gross, minor units.")
    give_back = models.BigIntegerField(help_text="What the client would get back, minor units.")
    note = models.TextField(blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund_request", "number"], name="contracts_proposal_number"),
            models.UniqueConstraint(
                fields=["refund_request"], condition=Q(state="pending"), name="contracts_one_pending_proposal"
            ),
            models.CheckConstraint(condition=Q(keep__gt=0, give_back__gt=0), name="contracts_proposal_shares"),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="contracts_proposal_known_state"),
        ]

    def __str__(self) -> str:
        """Shares."""
        return f"keep {self.keep}, give back {self.give_back}"

    @property
    def contract(self) -> Contract:
        """The contract, for rules."""
        return self.refund_request.contract
