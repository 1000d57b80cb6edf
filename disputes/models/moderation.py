"""Reported messages, originals of hidden ones, and redactions (rulebook section 16)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.enums import StaffRoleChoice
from accounts.models import User
from contracts.enums import Side
from contracts.models import Contract, Message
from contracts.tombstones import HideReason, RedactionKind
from core.models import UUIDModel
from core.uploads import private_path
from disputes.models.dispute import CaseMessage, Dispute, StatementVersion
from disputes.models.evidence import Evidence
from disputes.models.negotiation import SettlementOffer
from disputes.transitions.moderation import MessageReportLifecycle, RedactionLifecycle

MESSAGES = ("message", "case_message")
TARGETS = (*MESSAGES, "statement", "offer", "evidence")


def _exactly_one(names: tuple[str, ...]) -> Q:
    """Exactly one of these columns is filled."""
    found = Q()
    for chosen in names:
        found |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return found


class Aimed(UUIDModel):
    """Base of what is about one message: of the contract's thread, or of the case."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    case_message = models.ForeignKey(CaseMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def kind(self) -> str:
        """Which column is filled."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id", None) is not None)

    @property
    def target(self) -> Any:
        """The row it is about."""
        return getattr(self, self.kind)

    @property
    def target_id(self) -> Any:
        """Its id, without a query."""
        return getattr(self, f"{self.kind}_id")


class MessageReport(Aimed, MessageReportLifecycle):
    """A side tells customer support of a message of the other side (M1)."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="message_reports")
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=12, choices=HideReason)
    details = models.TextField(blank=True)
    side = models.CharField(max_length=10, choices=Side, help_text="Of the reporter.")
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Hidden: one of HideReason. The words are for the reporter and, when hidden, for the author.
    hide_reason = models.CharField(max_length=12, choices=HideReason, blank=True)
    decision_text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_exactly_one(MESSAGES), name="disputes_report_of_one_message"),
            models.UniqueConstraint(fields=["message", "reported_by"], name="disputes_report_message_once"),
            models.UniqueConstraint(fields=["case_message", "reported_by"], name="disputes_report_case_message_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by__isnull=True) | Q(~Q(state="open"), decided_by__isnull=False),
                name="disputes_report_decided_iff",
            ),
        ]
        indexes = [models.Index(fields=["state", "reported_at"], name="disputes_reports")]

    def __str__(self) -> str:
        """Reason and state."""
        return f"report of a message ({self.reason}, {self.state})"


class HiddenOriginal(Aimed):
    """What a hidden message said: for the case's specialist and the staff who decide, never for the sides."""

    report = models.ForeignKey(MessageReport, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    file = models.FileField(upload_to=private_path, max_length=300, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    hidden_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_exactly_one(MESSAGES), name="disputes_original_of_one_message"),
            models.UniqueConstraint(fields=["message"], name="disputes_original_message_once"),
            models.UniqueConstraint(fields=["case_message"], name="disputes_original_case_message_once"),
        ]

    def __str__(self) -> str:
        """Never the words."""
        return f"original of a hidden {self.kind}"


class Redaction(Aimed, RedactionLifecycle):
    """Removal of one text or file for good: one person asks (M4), another approves (M5) or refuses (M6)."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="redactions")
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    statement = models.ForeignKey(StatementVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    offer = models.ForeignKey(SettlementOffer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=12, choices=RedactionKind)
    why = models.TextField(help_text="For staff.")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_role = models.CharField(max_length=12, choices=StaffRoleChoice)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_role = models.CharField(max_length=12, choices=StaffRoleChoice, blank=True)
    decision_text = models.TextField(blank=True, help_text="For staff: why it is refused.")
    # What took the text's place: the trigger of append-only rows lets exactly this through.
    tombstone = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_exactly_one(TARGETS), name="disputes_redaction_of_one_text"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True)
                | Q(Q(state__in=["done", "refused"], decided_by__isnull=False), ~Q(decided_by=F("asked_by"))),
                name="disputes_redaction_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="done") & ~Q(tombstone="") | ~Q(state="done") & Q(tombstone=""),
                name="disputes_redaction_tombstone_iff_done",
            ),
            *(
                models.UniqueConstraint(
                    fields=[name], condition=~Q(state="refused"), name=f"disputes_redaction_{name}_once"
                )
                for name in TARGETS
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="disputes_redactions")]

    def __str__(self) -> str:
        """What and state."""
        return f"redaction of a {self.kind} ({self.state})"
