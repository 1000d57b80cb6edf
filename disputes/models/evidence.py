"""Exhibits and requests for them (D9)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from contracts.enums import Side
from contracts.tombstones import BuriedLine, BuriedName
from core.models import UUIDModel
from core.uploads import private_path
from disputes.enums import Confidentiality, EvidenceKind
from disputes.models.dispute import Dispute


class Evidence(UUIDModel):
    """A file or a text shown as proof. Only shared ones have an exhibit number (E-1 …) and reach the bundle."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="evidence")
    exhibit = models.PositiveIntegerField(null=True, blank=True)
    side = models.CharField(max_length=10, choices=Side)
    kind = models.CharField(max_length=12, choices=EvidenceKind)
    shows = BuriedLine(max_length=300, help_text="What does this file show?")
    confidentiality = models.CharField(max_length=10, choices=Confidentiality, default=Confidentiality.SHARED)
    disclosed_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to=private_path, max_length=300)
    file_name = BuriedName(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    # A small picture drawn anew from the file (disputes.previews); whoever removes the file removes it too.
    preview = models.FileField(upload_to=private_path, max_length=300, blank=True)
    preview_tried = models.BooleanField(default=False)
    # While the dispute is a draft, files belong to the wizard and are numbered at filing.
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Only while the dispute is a draft.")

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["dispute", "exhibit"], name="disputes_exhibit_number"),
            models.CheckConstraint(
                condition=Q(exhibit__isnull=True) | Q(confidentiality="shared"), name="disputes_confidential_unnumbered"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="disputes_evidence_not_empty"),
        ]

    def __str__(self) -> str:
        """Exhibit number or name."""
        return f"E-{self.exhibit}" if self.exhibit else self.file_name

    @property
    def contract(self) -> object:
        """The contract, for rules."""
        return self.dispute.contract


class StagedFile(UUIDModel):
    """A file that arrived with a form which cannot be sent yet: it waits here, so that nobody sends it twice.

    Its sender's alone; it is no evidence, has no exhibit number and changes nothing in the case.
    """

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="staged_files")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=20)
    file = models.FileField(upload_to=private_path, max_length=300)
    file_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    # As typed so far, right or wrong.
    kind = models.CharField(max_length=12, blank=True)
    shows = models.CharField(max_length=600, blank=True)
    confidentiality = models.CharField(max_length=10, blank=True)
    staged_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dispute", "user", "page"], name="disputes_staged_of_page")]

    def __str__(self) -> str:
        """Its name."""
        return self.file_name


class EvidenceRequest(UUIDModel):
    """The specialist asks both or one side for something; a due date moves for both alike (Z8)."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="evidence_requests")
    asked_of = models.CharField(max_length=10, choices=[*Side.choices, ("both", "Both sides")])
    text = models.TextField()
    due_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """First words."""
        return self.text[:60]


class EvidenceRequestAnswer(UUIDModel):
    """One side's answer to an evidence request."""

    request = models.ForeignKey(EvidenceRequest, on_delete=models.PROTECT, related_name="answers")
    side = models.CharField(max_length=10, choices=Side)
    text = models.TextField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "side"], name="disputes_one_answer_per_side")]

    def __str__(self) -> str:
        """Side."""
        return f"answer of the {self.side}"
