"""What the provider keeps. No row here refers to a row of ours."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import UUIDModel
from core.money import Money


class CaseState(models.TextChoices):
    """Life of a case with the provider."""

    RECEIVED = "received", "Received"
    ACCEPTED = "accepted", "Accepted"
    IN_PROGRESS = "in_progress", "In progress"
    AWARDED = "awarded", "Award made"
    REJECTED = "rejected", "Rejected"
    SETTLED = "settled", "Settled by the parties"


OPEN = (CaseState.ACCEPTED, CaseState.IN_PROGRESS)


class Case(UUIDModel):
    """A filed case. `filing` is the id the marketplace gave it, the idempotency key of the filing."""

    number = models.CharField(max_length=20, unique=True)
    filing = models.UUIDField(unique=True)
    state = models.CharField(max_length=12, choices=CaseState, default=CaseState.RECEIVED)
    bundle = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("-received_at",)

    def __str__(self) -> str:
        """Number."""
        return self.number

    @property
    def money(self) -> Money:
        """The amount in dispute."""
        return Money(int(self.bundle["amount"]), str(self.bundle["currency"]))


class Exhibit(models.Model):
    """The bytes of one exhibit."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="exhibits")
    number = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="sandbox_provider_exhibit_once")]

    def __str__(self) -> str:
        """Number."""
        return self.number


class Mode(models.TextChoices):
    """How the sandbox behaves with the messages it sends."""

    HONEST = "honest", "As it should"
    DROP = "drop", "Never arrives"
    HOLD = "hold", "Waits until “Send now”"
    TWICE = "twice", "Arrives twice"
    FORGED = "forged", "Wrong signature"
    WRONG_SUM = "wrong_sum", "Award with a wrong sum"


class Behaviour(models.Model):
    """One row: the switch."""

    mode = models.CharField(max_length=10, choices=Mode, default=Mode.HONEST)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="sandbox_provider_one_switch")]

    def __str__(self) -> str:
        """Mode."""
        return self.get_mode_display()


class Message(UUIDModel):
    """A webhook: stored first, then sent; the body is what is signed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    body = models.TextField()
    mode = models.CharField(max_length=10, choices=Mode)
    made_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("made_at", "id")

    def __str__(self) -> str:
        """Kind."""
        return self.kind
