"""The dispute, its statements, consents, messages and resolution."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from contracts.enums import AccountCode, Side
from contracts.models import Contract, JournalEntry, Milestone, RefundRequest
from contracts.tombstones import BuriedText
from core.models import UUIDModel, new_reference
from core.money import Money
from core.policy import Policy
from core.uploads import private_path
from disputes.enums import (
    RESOLUTION_GROUNDS,
    Audience,
    ConsentKind,
    Disposition,
    DisputeState,
    Route,
    VersionSide,
)
from disputes.transitions import DisputeLifecycle


class Dispute(UUIDModel, DisputeLifecycle):
    """The spine of a case: one disputed amount, from filing to resolution."""

    reference = models.CharField(max_length=9, unique=True, default=new_reference, editable=False)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="disputes")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes")
    refund_request = models.ForeignKey(
        RefundRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes"
    )
    route = models.CharField(max_length=6, choices=Route)
    reason = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3)
    filed_amount = models.BigIntegerField(default=0, help_text="The amount at filing, minor units.")
    # Where P3 took the money from: escrow_available or escrow_carried (D8 and D10 give it back there).
    source = models.CharField(max_length=24, choices=AccountCode, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The support agent of P3."
    )
    resolution_code = models.CharField(max_length=24, blank=True)
    policy_data = models.JSONField(default=dict, help_text="The settings this case was opened under.")
    # The unfinished wizard (saved at every step): reason, amount, details as typed.
    draft = models.JSONField(default=dict, blank=True)
    draft_saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DisputeState.values), name="disputes_dispute_known_state"),
            models.CheckConstraint(condition=Q(route__in=Route.values), name="disputes_dispute_known_route"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="disputes_dispute_amount_positive"),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=["in_mediation", "recommended", "non_resolution", "in_arbitration"]),
                name="disputes_I5_one_open_dispute",
            ),
            models.UniqueConstraint(
                fields=["refund_request"], condition=Q(state="draft"), name="disputes_one_draft_per_request"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "abandoned"], filed_at__isnull=True)
                | Q(~Q(state__in=["draft", "abandoned"]), filed_at__isnull=False),
                name="disputes_dispute_filed_iff_filed",
            ),
            models.CheckConstraint(
                condition=Q(state="resolved", resolved_at__isnull=False)
                | Q(~Q(state="resolved"), resolved_at__isnull=True),
                name="disputes_dispute_resolved_iff_resolved",
            ),
            models.CheckConstraint(
                condition=Q(state="resolved", resolution_code__in=[g.value for g in RESOLUTION_GROUNDS])
                | Q(~Q(state="resolved"), resolution_code=""),
                name="disputes_dispute_code_iff_resolved",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "filed_at"], name="disputes_by_state"),
            models.Index(fields=["specialist_id", "state"], name="disputes_by_specialist"),
        ]

    def __str__(self) -> str:
        """Reference."""
        return f"D-{self.reference}"

    @property
    def number(self) -> str:
        """What people call it."""
        return f"D-{self.reference}"

    @property
    def money(self) -> Money:
        """The disputed amount."""
        return Money(self.amount, self.currency)

    @property
    def policy(self) -> Policy:
        """The settings pinned at filing."""
        return Policy.from_json(self.policy_data)


class StatementVersion(UUIDModel):
    """One version of the claim or of the answer (S15, D8); both sides see all of them."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="statements")
    side = models.CharField(max_length=6, choices=VersionSide)
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=40)
    details = BuriedText()
    amount = models.BigIntegerField(help_text="Claim: amount asked for. Answer: what the client offers to pay.")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "side", "number"], name="disputes_statement_number"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="disputes_statement_amount"),
        ]

    def __str__(self) -> str:
        """Side and number."""
        return f"{self.get_side_display()} {self.number}"


class Consent(UUIDModel):
    """A person agreed to a text: which version, when (S08, N2)."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, null=True, related_name="consents")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    kind = models.CharField(max_length=20, choices=ConsentKind)
    text_version = models.CharField(max_length=20)
    text_sha256 = models.CharField(max_length=64)
    text = models.TextField(help_text="The text as it was shown, with this case's amounts and dates.")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        """Kind and version."""
        return f"{self.kind} {self.text_version}"


class CaseMessage(UUIDModel):
    """A message in the case: to everyone, or privately between one side and the specialist.

    That a private message exists, when, and what for (`purpose`) is shown to the other side; its text never.
    """

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="messages")
    sender = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sender_role = models.CharField(max_length=12)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.EVERYONE)
    purpose = models.CharField(max_length=80, blank=True)
    body = BuriedText()
    file = models.FileField(upload_to=private_path, max_length=300, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dispute", "-sent_at"], name="disputes_message_thread")]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience="everyone") | ~Q(purpose=""), name="disputes_private_message_has_purpose"
            )
        ]

    def __str__(self) -> str:
        """Who wrote to whom: never the words, which may be private."""
        return f"message of the {self.sender_role} to {self.get_audience_display().lower()}"


class Resolution(UUIDModel):
    """Who gets what of the frozen amount (I4). One per dispute; execution is its journal entry."""

    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, related_name="resolution")
    ground = models.CharField(max_length=24)
    frozen = models.BigIntegerField()
    to_freelancer = models.BigIntegerField(help_text="Gross, before the service fee.")
    to_client = models.BigIntegerField()
    # A6: cost shift inside the resolution; bears no service fee.
    fee_free = models.BigIntegerField(default=0)
    disposition = models.CharField(max_length=16, choices=Disposition, default=Disposition.REFUND)
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, null=True, related_name="resolution")
    resolved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(frozen=F("to_freelancer") + F("to_client"), to_freelancer__gte=0, to_client__gte=0),
                name="disputes_I4_shares_sum_to_frozen",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=[g.value for g in RESOLUTION_GROUNDS]), name="disputes_resolution_ground"
            ),
        ]

    def __str__(self) -> str:
        """Shares."""
        return f"{self.to_freelancer} / {self.to_client} ({self.ground})"
