"""States and choices of non-resolution and arbitration."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeState(models.TextChoices):
    """Life of a Notice of Non-Resolution."""

    ISSUED = "issued", _("Issued")
    CLOSED = "closed", _("Closed")


class ElectionState(models.TextChoices):
    """One side's choice after the notice (N2–N4)."""

    UNDECIDED = "undecided", _("Not decided")
    AGREED_UNPAID = "agreed_unpaid", _("Chose arbitration, not paid yet")
    PAID = "paid", _("Chose arbitration and paid")
    DECLINED = "declined", _("Declined")


class ArbitrationState(models.TextChoices):
    """Life of an arbitration case."""

    FILING = "filing", _("Being filed")
    SUBMITTED = "submitted", _("Filed")
    IN_PROGRESS = "in_progress", _("In progress")
    AWARDED = "awarded", _("Award made")
    EXECUTED = "executed", _("Award carried out")
    SETTLED = "settled", _("Settled")
    PROVIDER_REJECTED = "provider_rejected", _("Rejected by the provider")


OPEN_ARBITRATION = (
    ArbitrationState.FILING,
    ArbitrationState.SUBMITTED,
    ArbitrationState.IN_PROGRESS,
    ArbitrationState.AWARDED,
)


class EventState(models.TextChoices):
    """What became of a message from the provider."""

    RECEIVED = "received", _("Stored")
    APPLIED = "applied", _("Applied")
    IGNORED = "ignored", _("Nothing to do")
    HELD = "held", _("Held for a person")


class OrderKind(models.TextChoices):
    """What two admins may order (X1, X2, A2)."""

    CORRECTION = "correction", _("Correction")
    FRAUD = "fraud_order", _("Fraud order")
    COURT = "court_order", _("Court order")
