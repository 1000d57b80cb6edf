"""Rows that every room uses: clock, deadlines, outbox, audit, settings, one-time keys."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from core.uploads import private_path

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to misread aloud


def new_reference() -> str:
    """Eight characters a person can read over the phone and nobody can guess (40 bits)."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{code[:4]}-{code[4:]}"


def new_code() -> str:
    """``7K4M-9QPT-X2BD``: 60 random bits in letters and figures that nobody confuses."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return "-".join(letters[at : at + 4] for at in (0, 4, 8))


class UUIDModel(models.Model):
    """A row whose id cannot be guessed from its neighbour's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class TestClock(models.Model):
    """Sandbox only: how far time has been moved (a single row, id 1)."""

    __test__ = False  # not a pytest class, whatever its name begins with
    offset = models.DurationField(default=timedelta(0))
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="core_testclock_single_row")]

    def __str__(self) -> str:
        """Name the offset."""
        return f"test clock +{self.offset}"


class DeadlineStatus(models.TextChoices):
    """Life of a timer row (Z4)."""

    PENDING = "pending", "Pending"
    DONE = "done", "Fired"
    CANCELLED = "cancelled", "Cancelled"
    OBSOLETE = "obsolete", "Overtaken"


class Deadline(models.Model):
    """A timer (Z4): when `due_at` is reached its kind's handler runs once."""

    kind = models.CharField(max_length=60)
    object_id = models.UUIDField(help_text="The aggregate the handler locks.")
    contract_id = models.UUIDField(null=True, help_text="The contract it belongs to, for 'fire what is overdue first'.")
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=DeadlineStatus, default=DeadlineStatus.PENDING)
    executed_at = models.DateTimeField(null=True, blank=True)
    try_at = models.DateTimeField(help_text="due_at, or later after a failure.")
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"], condition=Q(status="pending"), name="core_deadline_one_running_per_kind"
            ),
            models.CheckConstraint(condition=Q(status__in=DeadlineStatus.values), name="core_deadline_known_status"),
            models.CheckConstraint(
                condition=Q(status="pending", executed_at__isnull=True)
                | Q(~Q(status="pending"), executed_at__isnull=False),
                name="core_deadline_executed_iff_ended",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("starts_at")), name="core_deadline_due_after_start"),
        ]
        indexes = [
            models.Index(fields=["try_at", "id"], condition=Q(status="pending"), name="core_deadline_due"),
            models.Index(
                fields=["contract_id", "due_at"], condition=Q(status="pending"), name="core_deadline_contract"
            ),
            models.Index(fields=["object_id"], name="core_deadline_object"),
        ]

    def __str__(self) -> str:
        """Kind and instant."""
        return f"{self.kind} due {self.due_at:%Y-%m-%d %H:%M}Z ({self.status})"


class OutboxMessage(models.Model):
    """Something that must be sent, committed with the change that caused it."""

    handler = models.CharField(max_length=120)
    payload = models.JSONField()
    ordering_key = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                condition=Q(delivered_at__isnull=True, given_up_at__isnull=True),
                name="core_outbox_waiting",
            )
        ]

    def __str__(self) -> str:
        """Handler and state."""
        return f"{self.handler} #{self.pk} {'sent' if self.delivered_at else 'waiting'}"


class AuditChain(models.Model):
    """Head of one chain of audit entries; locked while an entry is appended."""

    id = models.UUIDField(primary_key=True, help_text="The dispute's id, or the contract's before there is one.")
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        """Length and head."""
        return f"{self.id}: {self.length} entries"


class AuditEntry(models.Model):
    """One thing that happened. Append-only by trigger; each hash covers the one before."""

    chain_id = models.UUIDField()
    position = models.PositiveIntegerField()
    at = models.DateTimeField()
    rule = models.CharField(max_length=8)
    act = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=150)
    old_state = models.CharField(max_length=40, blank=True)
    new_state = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    payload = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "audit entries"
        constraints = [
            models.UniqueConstraint(fields=["chain_id", "position"], name="core_audit_one_entry_per_position"),
        ]
        indexes = [
            models.Index(fields=["object_id", "id"], name="core_audit_object"),
            models.Index(fields=["at"], name="core_audit_at"),
        ]

    def __str__(self) -> str:
        """Rule and act."""
        return f"{self.rule} {self.act}"


class IssuedDocument(UUIDModel):
    """A PDF of a case, with the head of its record at the moment of issue. Made by the worker, never changed."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    case_id = models.UUIDField(help_text="The dispute's id.")
    case_number = models.CharField(max_length=20)
    subject_id = models.UUIDField(help_text="What it documents: a notice, an offer, an award.")
    chain_id = models.UUIDField()
    chain_length = models.PositiveIntegerField()
    chain_head = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    file = models.FileField(upload_to=private_path, max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id", "language"], name="core_document_issued_once"),
        ]
        indexes = [models.Index(fields=["case_id", "issued_at"], name="core_documents_of_case")]

    def __str__(self) -> str:
        """Kind and case."""
        return f"{self.kind} of {self.case_number} ({self.code})"


class PolicySetting(models.Model):
    """An override of one configurable setting of rulebook section 3."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()
    changed_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        """Name and value."""
        return f"{self.name} = {self.value}"


class OnceKey(models.Model):
    """A form's one-time key (reliability section 4, 6): a repeat answers as the first did."""

    key = models.UUIDField(primary_key=True)
    user_id = models.UUIDField(null=True)
    path = models.CharField(max_length=300)
    # Keyed hash of what the form said: the same key with other words is no repeat.
    fingerprint = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        """Path it was used on."""
        return f"{self.path} {self.key}"


class Heartbeat(models.Model):
    """Written through the whole chain (beat, broker, worker, database): alive means this moved."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Name and instant."""
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}Z"
