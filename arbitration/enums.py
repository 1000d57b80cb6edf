"""States and choices of non-resolution and arbitration."""

from django.db import models


class NoticeState(models.TextChoices):
    """Life of a Notice of Non-Resolution."""

    ISSUED = "issued", "Issued"
    CLOSED = "closed", "Closed"


class ElectionState(models.TextChoices):
    """One side's choice after the notice (N2–N4)."""

    UNDECIDED = "undecided", "Not decided"
    AGREED_UNPAID = "agreed_unpaid", "Chose arbitration, not paid yet"
    PAID = "paid", "Chose arbitration and paid"
    DECLINED = "declined", "Declined"


class ArbitrationState(models.TextChoices):
    """Life of an arbitration case."""

    FILING = "filing", "Being filed"
    SUBMITTED = "submitted", "Filed"
    IN_PROGRESS = "in_progress", "In progress"
    AWARDED = "awarded", "Award made"
    EXECUTED = "executed", "Award carried out"
    SETTLED = "settled", "Settled"
    PROVIDER_REJECTED = "provider_rejected", "Rejected by the provider"


OPEN_ARBITRATION = (
    ArbitrationState.FILING,
    ArbitrationState.SUBMITTED,
    ArbitrationState.IN_PROGRESS,
    ArbitrationState.AWARDED,
)


class EventState(models.TextChoices):
    """What became of a message from the provider."""

    RECEIVED = "received", "Stored"
    APPLIED = "applied", "Applied"
    IGNORED = "ignored", "Nothing to do"
    HELD = "held", "Held for a person"


class OrderKind(models.TextChoices):
    """What two admins may order (X1, X2, A2)."""

    CORRECTION = "correction", "Correction"
    FRAUD = "fraud_order", "Fraud order"
    COURT = "court_order", "Court order"
