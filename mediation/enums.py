"""States and choices of mediation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    """Life of a mediation case."""

    UNASSIGNED = "unassigned", _("Waiting for a specialist")
    ASSIGNED = "assigned", _("Assigned")
    ACTIVE = "active", _("Active")
    RECOMMENDATION_ISSUED = "recommendation_issued", _("Recommendation issued")
    CLOSED = "closed", _("Closed")


class CloseCode(models.TextChoices):
    """How mediation ended."""

    SETTLED = "settled", _("Settled")
    CLIENT_ACCEPTED = "client_accepted", _("Client accepted in full")
    CLIENT_UNRESPONSIVE = "client_unresponsive", _("Client unresponsive")
    FREELANCER_UNRESPONSIVE = "freelancer_unresponsive", _("Freelancer unresponsive")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RECOMMENDATION_ACCEPTED = "recommendation_accepted", _("Recommendation accepted")
    NOT_RESOLVED = "not_resolved", _("Not resolved")


class RecommendationState(models.TextChoices):
    """Life of a recommendation."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    ACCEPTED = "accepted", _("Accepted by both")
    REJECTED = "rejected", _("Rejected")
    LAPSED = "lapsed", _("Not answered in time")
    VOID = "void", _("Void")


class Answer(models.TextChoices):
    """One side's answer to a recommendation (D14)."""

    PENDING = "pending", _("Not answered")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


class Failure(models.TextChoices):
    """Why agreement failed, recorded with a recommendation (D13)."""

    OFFER_DECLINED = "offer_declined", _("An offer was declined")
    OFFER_EXPIRED = "offer_expired", _("An offer expired")
    STATEMENT = "statement", _("A side says that agreement is not possible")
    NO_ANSWER = "no_answer", _("A side did not answer within the window")


class Channel(models.TextChoices):
    """How a party was contacted (D5)."""

    PLATFORM = "platform", _("Message on the platform")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")
    VIDEO = "video", _("Video call")


class ObjectionState(models.TextChoices):
    """Life of an objection to the specialist (D20)."""

    OPEN = "open", _("Waiting for the supervisor")
    UPHELD = "upheld", _("Upheld: another specialist takes over")
    DISMISSED = "dismissed", _("Dismissed")
    VOID = "void", _("Void")


# What the system itself writes to a side that does not react (D6, D7). Stored in English, worded at display.
SYSTEM_WORDS = {
    "client": _(
        "There is an open dispute about this contract and you have not reacted to it yet. Please answer the claim,"
        " make an offer or write a message. If you do not react, the full amount can go to the freelancer."
    ),
    "freelancer": _(
        "The client has answered your claim and you have not reacted since you filed it. Please write a message,"
        " add evidence or make an offer. If you do not react, the full amount can go back to the client."
    ),
}
