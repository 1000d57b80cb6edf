"""Models of non-resolution and arbitration."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from arbitration.enums import (
    OPEN_ARBITRATION,
    ArbitrationState,
    ElectionState,
    EventState,
    NoticeState,
    OrderKind,
)
from arbitration.transitions import ArbitrationLifecycle, ElectionLifecycle, NoticeLifecycle
from contracts.enums import Side
from contracts.models import Contract, Payment
from core.models import UUIDModel
from core.uploads import private_path
from disputes.models import Consent, Dispute


class NonResolutionNotice(UUIDModel, NoticeLifecycle):
    """Both sides are told that mediation ended without agreement (S22, N1). A second one after A2 is a new row."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveIntegerField(default=1)
    issued_at = models.DateTimeField()
    election_ends_at = models.DateTimeField(null=True, blank=True, help_text="None after a second rejection (A2).")
    # As shown: facts, positions, costs, the three defaults. Goes into the bundle.
    content = models.JSONField(default=dict)
    # For the parties only: the recommendation. Never in the bundle.
    annex = models.JSONField(default=dict)
    fee = models.BigIntegerField(help_text="Fee per party, minor units.")
    platform_share = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="arbitration_notice_number"),
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(state="issued"), name="arbitration_one_live_notice"
            ),
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="arbitration_notice_known_state"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | Q(state="issued", closed_at__isnull=True),
                name="arbitration_notice_closed_iff_closed",
            ),
        ]

    def __str__(self) -> str:
        """Number."""
        return f"Notice of Non-Resolution {self.number}"

    @property
    def contract(self) -> Contract:
        """The contract, for rules."""
        return self.dispute.contract


class Election(UUIDModel, ElectionLifecycle):
    """One side's choice: arbitrate and pay, or decline."""

    notice = models.ForeignKey(NonResolutionNotice, on_delete=models.PROTECT, related_name="elections")
    side = models.CharField(max_length=10, choices=Side)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "side"], name="arbitration_one_election_per_side"),
            models.CheckConstraint(
                condition=Q(state__in=ElectionState.values), name="arbitration_election_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False) | Q(~Q(state="paid"), paid_at__isnull=True),
                name="arbitration_election_paid_iff_paid",
            ),
        ]

    def __str__(self) -> str:
        """Side and state."""
        return f"{self.side}: {self.get_state_display()}"

    @property
    def dispute(self) -> Dispute:
        """The dispute, for rules."""
        return self.notice.dispute

    @property
    def contract(self) -> Contract:
        """The contract, for rules."""
        return self.notice.dispute.contract


class ArbitrationCase(UUIDModel, ArbitrationLifecycle):
    """The case with the outside provider."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="arbitrations")
    notice = models.OneToOneField(NonResolutionNotice, on_delete=models.PROTECT, related_name="arbitration")
    provider = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    reject_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"],
                condition=Q(state__in=[s.value for s in OPEN_ARBITRATION]),
                name="arbitration_one_open_case",
            ),
            models.CheckConstraint(condition=Q(state__in=ArbitrationState.values), name="arbitration_case_known_state"),
            models.CheckConstraint(
                condition=Q(state="executed", executed_at__isnull=False)
                | Q(~Q(state="executed"), executed_at__isnull=True),
                name="arbitration_case_executed_iff_executed",
            ),
        ]

    def __str__(self) -> str:
        """Provider and state."""
        return f"{self.provider}: {self.get_state_display()}"

    @property
    def contract(self) -> Contract:
        """The contract, for rules."""
        return self.dispute.contract


class Award(UUIDModel):
    """The arbitrator's final decision (S23, A5). By hand it needs a second approver."""

    case = models.ForeignKey(ArbitrationCase, on_delete=models.PROTECT, related_name="awards")
    frozen = models.BigIntegerField()
    to_freelancer = models.BigIntegerField()
    to_client = models.BigIntegerField()
    # Cost shift s: paid by `shift_from` to the other side, out of its share as far as that reaches (A6).
    shift_from = models.CharField(max_length=10, choices=Side, blank=True)
    shift = models.BigIntegerField(default=0)
    reasons = models.TextField()
    arbitrator = models.CharField(max_length=120)
    document = models.FileField(upload_to=private_path, max_length=300, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True, blank=True)
    rejected_at = models.DateTimeField(null=True, blank=True, help_text="A draft by hand that was not approved.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(frozen=F("to_freelancer") + F("to_client"), to_freelancer__gte=0, to_client__gte=0),
                name="arbitration_I4_award_sums_to_frozen",
            ),
            models.CheckConstraint(condition=Q(shift__gte=0), name="arbitration_shift_not_negative"),
            models.CheckConstraint(
                condition=Q(entered_by__isnull=True) | Q(recorded_at__isnull=True) | ~Q(approved_by=F("entered_by")),
                name="arbitration_award_second_approver",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(recorded_at__isnull=False), name="arbitration_one_recorded_award"
            ),
        ]

    def __str__(self) -> str:
        """Shares."""
        return f"award {self.to_freelancer} / {self.to_client}"


class PartyClaim(UUIDModel):
    """A cost shift beyond the loser's share: a claim between the parties, no money here (A6)."""

    case = models.ForeignKey(ArbitrationCase, on_delete=models.PROTECT, related_name="party_claims")
    debtor = models.CharField(max_length=10, choices=Side)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        """Amount."""
        return f"{self.amount} {self.currency} owed by the {self.debtor}"


class ProviderEvent(UUIDModel):
    """Inbox: every signed message of the provider, stored before it is understood; ids are unique."""

    event_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    case_reference = models.CharField(max_length=80, blank=True)
    body = models.TextField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=EventState, default=EventState.RECEIVED)
    note = models.CharField(max_length=300, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Kind."""
        return f"{self.kind} {self.event_id}"


class ProviderRequest(UUIDModel):
    """What we told the provider: the id is stored first, then sent; on 'unknown' we ask, never resend."""

    case = models.ForeignKey(ArbitrationCase, on_delete=models.PROTECT, related_name="requests")
    verb = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "verb"], condition=Q(cancelled_at__isnull=True), name="arbitration_one_request_per_verb"
            )
        ]

    def __str__(self) -> str:
        """Verb."""
        return self.verb


class NonComplianceReport(UUIDModel):
    """An award's obligation was not met (A7): the admins decide in a procedure of their own."""

    case = models.ForeignKey(ArbitrationCase, on_delete=models.PROTECT, related_name="reports")
    side = models.CharField(max_length=10, choices=Side)
    text = models.TextField()
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    def __str__(self) -> str:
        """Side."""
        return f"report on the {self.side}"


class AdminOrder(UUIDModel):
    """X1, X2 and a court's order (A2): proposed by one admin, carried out when another approves."""

    kind = models.CharField(max_length=12, choices=OrderKind)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="orders")
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    # Correction: which ledger account pays which. Orders on a dispute: shares of the frozen amount.
    from_account = models.CharField(max_length=24, blank=True)
    to_account = models.CharField(max_length=24, blank=True)
    amount = models.BigIntegerField(null=True, blank=True)
    to_freelancer = models.BigIntegerField(null=True, blank=True)
    to_client = models.BigIntegerField(null=True, blank=True)
    reason = models.TextField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    executed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="arbitration_order_two_admins",
            ),
        ]

    def __str__(self) -> str:
        """Kind."""
        return self.get_kind_display()
