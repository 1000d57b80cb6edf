"""Requests to customer support on an active contract (S12–S14)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from contracts.models import Contract, Message, Milestone
from contracts.tombstones import BuriedText
from core.models import UUIDModel, new_reference
from core.money import Money
from core.policy import Policy
from disputes.enums import SUPPORT_OPEN, ActiveReason, DeclineReason, SupportState
from disputes.models.dispute import Dispute
from disputes.transitions import SupportRequestLifecycle


class SupportRequest(UUIDModel, SupportRequestLifecycle):
    """The freelancer asks customer support to open a case (P1)."""

    reference = models.CharField(max_length=9, unique=True, default=new_reference, editable=False)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="support_requests")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="support_requests")
    dispute = models.OneToOneField(
        Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="support_request"
    )
    reason = models.CharField(max_length=40, choices=ActiveReason)
    amount = models.BigIntegerField(help_text="The money named, minor units.")
    details = BuriedText()
    attested = models.BooleanField(help_text="'I contacted the client.'")
    contact_messages = models.ManyToManyField(Message, blank=True, related_name="+")
    # The platform's own record at the time (C3, C3b, C5, review clock, unanswered messages): shown, blocks nothing.
    record = models.JSONField(default=dict)
    policy_data = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    handled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    circumstance = models.CharField(max_length=40, blank=True, help_text="Which of S10 is shown (P3).")
    shown_by = models.TextField(blank=True, help_text="By what it is shown (P3).")
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    decline_text = models.TextField(blank=True)
    review_reason = models.TextField(blank=True)
    review_text = models.TextField(blank=True)
    review_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=[s.value for s in SUPPORT_OPEN]),
                name="disputes_one_open_support_request",
            ),
            models.CheckConstraint(condition=Q(state__in=SupportState.values), name="disputes_support_known_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="disputes_support_amount_positive"),
            models.CheckConstraint(condition=Q(reason__in=ActiveReason.values), name="disputes_support_reason_of_S10"),
        ]

    def __str__(self) -> str:
        """Reference."""
        return f"S-{self.reference}"

    @property
    def number(self) -> str:
        """What people call it."""
        return f"S-{self.reference}"

    @property
    def money(self) -> Money:
        """The money named (needs the contract selected)."""
        return Money(self.amount, self.contract.currency)

    @property
    def policy(self) -> Policy:
        """The settings pinned when it was asked."""
        return Policy.from_json(self.policy_data)


class SupportNote(UUIDModel):
    """A question of the agent or an answer of the freelancer (P2)."""

    request = models.ForeignKey(SupportRequest, on_delete=models.PROTECT, related_name="notes")
    from_staff = models.BooleanField()
    body = models.TextField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        """First words."""
        return self.body[:60]
