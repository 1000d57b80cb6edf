"""Models of mediation."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import translation

from accounts.models import User
from contracts.enums import Side
from core.models import UUIDModel
from disputes.enums import Disposition
from disputes.models import Dispute, Evidence
from mediation.enums import (
    SYSTEM_WORDS,
    Answer,
    CaseState,
    Channel,
    CloseCode,
    Failure,
    ObjectionState,
    RecommendationState,
)
from mediation.transitions import MediationCaseLifecycle, ObjectionLifecycle, RecommendationLifecycle


class MediationCase(UUIDModel, MediationCaseLifecycle):
    """Mediation of one dispute: opened at filing, 21 days at most (S16, S18)."""

    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, related_name="mediation")
    specialist = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="opened_at + 21 × 24 h (S18, Z7).")
    client_answer_due_at = models.DateTimeField()
    # Who declared a conflict here, or against whom an objection was upheld: never assigned to this case again.
    barred = ArrayField(models.UUIDField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="mediation_case_known_state"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, close_code__in=CloseCode.values)
                | Q(~Q(state="closed"), closed_at__isnull=True, close_code=""),
                name="mediation_case_closed_iff_closed",
            ),
        ]
        indexes = [models.Index(fields=["specialist", "state"], name="mediation_by_specialist")]

    def __str__(self) -> str:
        """Dispute."""
        return f"mediation of {self.dispute_id}"

    @property
    def contract(self) -> object:
        """The contract, for rules."""
        return self.dispute.contract


class ConflictDeclaration(UUIDModel):
    """The specialist declares that nothing ties them to either side (ICODR); at every assignment."""

    case = models.ForeignKey(MediationCase, on_delete=models.PROTECT, related_name="declarations")
    specialist = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text_version = models.CharField(max_length=20)
    declared_at = models.DateTimeField()

    def __str__(self) -> str:
        """Who."""
        return f"declaration of {self.specialist}"


class ContactAttempt(UUIDModel):
    """One attempt to reach a side (D5), with the reply if one came."""

    case = models.ForeignKey(MediationCase, on_delete=models.PROTECT, related_name="attempts")
    side = models.CharField(max_length=10, choices=Side)
    channel = models.CharField(max_length=10, choices=Channel)
    text = models.TextField()
    by_system = models.BooleanField(default=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    reply = models.TextField(blank=True, help_text="A reply logged by the specialist is a reaction (D6).")
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "side", "made_at"], name="mediation_attempts")]

    def __str__(self) -> str:
        """Side and channel."""
        return f"{self.get_channel_display()} to the {self.side}"

    @property
    def words(self) -> str:
        """What was said, in the reader's language where the system said it."""
        if not self.by_system or self.side not in SYSTEM_WORDS:
            return self.text
        with translation.override(None):
            unchanged = self.text == str(SYSTEM_WORDS[self.side])
        return str(SYSTEM_WORDS[self.side]) if unchanged else self.text


class Recommendation(UUIDModel, RecommendationLifecycle):
    """A split that binds nobody, with its reasons (S21, D13)."""

    case = models.ForeignKey(MediationCase, on_delete=models.PROTECT, related_name="recommendations")
    number = models.PositiveIntegerField()
    # Unset while a draft whose amount was changed under it (D8).
    to_freelancer = models.BigIntegerField(null=True, blank=True)
    to_client = models.BigIntegerField(null=True, blank=True)
    frozen = models.BigIntegerField()
    disposition = models.CharField(max_length=16, choices=Disposition, default=Disposition.REFUND)
    reasons = models.TextField(blank=True)
    freelancer_points = models.TextField(blank=True, help_text="How the freelancer's main points were weighed.")
    client_points = models.TextField(blank=True, help_text="How the client's main points were weighed.")
    exhibits = models.ManyToManyField(Evidence, blank=True, related_name="+")
    failure = models.CharField(max_length=16, choices=Failure, blank=True)
    failure_note = models.TextField(blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="mediation_recommendation_number"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="issued"), name="mediation_one_live_recommendation"
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(state="draft"), name="mediation_one_draft"),
            models.CheckConstraint(
                condition=Q(state__in=RecommendationState.values), name="mediation_recommendation_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "void"])
                | Q(frozen=F("to_freelancer") + F("to_client"), to_freelancer__gte=0, to_client__gte=0),
                name="mediation_I4_recommended_shares_sum",
            ),
            models.CheckConstraint(
                condition=Q(freelancer_answer__in=Answer.values, client_answer__in=Answer.values),
                name="mediation_recommendation_known_answers",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(freelancer_answer="accepted", client_answer="accepted"),
                name="mediation_accepted_by_both",
            ),
        ]

    def __str__(self) -> str:
        """Number and state."""
        return f"recommendation {self.number} ({self.state})"

    @property
    def dispute(self) -> Dispute:
        """The dispute, for rules."""
        return self.case.dispute

    @property
    def contract(self) -> object:
        """The contract, for rules."""
        return self.case.dispute.contract


class ReadMark(models.Model):
    """The specialist has read an exhibit (pain 3: 'evidence was not read')."""

    case = models.ForeignKey(MediationCase, on_delete=models.PROTECT, related_name="read_marks")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    specialist = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "evidence", "specialist"], name="mediation_read_once")]

    def __str__(self) -> str:
        """What."""
        return f"{self.evidence_id} read"


class Objection(UUIDModel, ObjectionLifecycle):
    """A party objects to the specialist, once, with a reason (D20)."""

    case = models.ForeignKey(MediationCase, on_delete=models.PROTECT, related_name="objections")
    side = models.CharField(max_length=10, choices=Side)
    specialist = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "side"], name="mediation_one_objection_per_side"),
            models.CheckConstraint(
                condition=Q(state__in=ObjectionState.values), name="mediation_objection_known_state"
            ),
        ]

    def __str__(self) -> str:
        """Side."""
        return f"objection of the {self.side}"

    @property
    def dispute(self) -> Dispute:
        """The dispute, for rules."""
        return self.case.dispute

    @property
    def contract(self) -> object:
        """The contract, for rules."""
        return self.case.dispute.contract


class InternalNote(UUIDModel):
    """A staff note on a case; no party ever sees it."""

    case = models.ForeignKey(MediationCase, on_delete=models.PROTECT, related_name="notes")
    body = models.TextField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        """First words."""
        return self.body[:60]


class ImpasseDeclaration(UUIDModel):
    """A side declares that agreement is not possible (D18)."""

    case = models.ForeignKey(MediationCase, on_delete=models.PROTECT, related_name="impasses")
    side = models.CharField(max_length=10, choices=Side)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "side"], name="mediation_one_impasse_per_side")]

    def __str__(self) -> str:
        """Side."""
        return f"impasse declared by the {self.side}"
