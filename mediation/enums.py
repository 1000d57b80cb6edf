"""States and choices of mediation."""

from django.db import models


class CaseState(models.TextChoices):
    """Life of a mediation case."""

    UNASSIGNED = "unassigned", "Waiting for a specialist"
    ASSIGNED = "assigned", "Assigned"
    ACTIVE = "active", "Active"
    RECOMMENDATION_ISSUED = "recommendation_issued", "Recommendation issued"
    CLOSED = "closed", "Closed"


class CloseCode(models.TextChoices):
    """How mediation ended."""

    SETTLED = "settled", "Settled"
    CLIENT_ACCEPTED = "client_accepted", "Client accepted in full"
    CLIENT_UNRESPONSIVE = "client_unresponsive", "Client unresponsive"
    FREELANCER_UNRESPONSIVE = "freelancer_unresponsive", "Freelancer unresponsive"
    WITHDRAWN = "withdrawn", "Withdrawn"
    RECOMMENDATION_ACCEPTED = "recommendation_accepted", "Recommendation accepted"
    NOT_RESOLVED = "not_resolved", "Not resolved"


class RecommendationState(models.TextChoices):
    """Life of a recommendation."""

    DRAFT = "draft", "Draft"
    ISSUED = "issued", "Issued"
    ACCEPTED = "accepted", "Accepted by both"
    REJECTED = "rejected", "Rejected"
    LAPSED = "lapsed", "Not answered in time"
    VOID = "void", "Void"


class Answer(models.TextChoices):
    """One side's answer to a recommendation (D14)."""

    PENDING = "pending", "Not answered"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"


class Failure(models.TextChoices):
    """Why agreement failed, recorded with a recommendation (D13)."""

    OFFER_DECLINED = "offer_declined", "An offer was declined"
    OFFER_EXPIRED = "offer_expired", "An offer expired"
    STATEMENT = "statement", "A side says that agreement is not possible"
    NO_ANSWER = "no_answer", "A side did not answer within the window"


class Channel(models.TextChoices):
    """How a party was contacted (D5)."""

    PLATFORM = "platform", "Message on the platform"
    EMAIL = "email", "E-mail"
    PHONE = "phone", "Telephone"
    VIDEO = "video", "Video call"


class ObjectionState(models.TextChoices):
    """Life of an objection to the specialist (D20)."""

    OPEN = "open", "Waiting for the supervisor"
    UPHELD = "upheld", "Upheld: another specialist takes over"
    DISMISSED = "dismissed", "Dismissed"
    VOID = "void", "Void"
