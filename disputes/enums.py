"""States and choices of disputes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.enums import Ground


class Route(models.TextChoices):
    """The two circumstances of S03."""

    ENDED = "ended", _("Ended contract")
    ACTIVE = "active", _("Active contract")


class DisputeState(models.TextChoices):
    """The spine (rulebook section 7)."""

    DRAFT = "draft", _("Draft")
    ABANDONED = "abandoned", _("Not filed")
    IN_MEDIATION = "in_mediation", _("In mediation")
    RECOMMENDED = "recommended", _("Recommendation issued")
    NON_RESOLUTION = "non_resolution", _("Non-resolution")
    IN_ARBITRATION = "in_arbitration", _("In arbitration")
    RESOLVED = "resolved", _("Closed")


OPEN_STATES = (
    DisputeState.IN_MEDIATION,
    DisputeState.RECOMMENDED,
    DisputeState.NON_RESOLUTION,
    DisputeState.IN_ARBITRATION,
)
MEDIATION_STATES = (DisputeState.IN_MEDIATION, DisputeState.RECOMMENDED)

# How a dispute may end: the grounds of section 9.
RESOLUTION_GROUNDS = (
    Ground.CLIENT_ACCEPT_DISPUTE,
    Ground.JOINT_SETTLEMENT,
    Ground.RECOMMENDATION_ACCEPTED,
    Ground.CLIENT_UNRESPONSIVE,
    Ground.FREELANCER_UNRESPONSIVE,
    Ground.DISPUTE_WITHDRAWN,
    Ground.ARB_NONE_PAID,
    Ground.ARB_ONE_PAID,
    Ground.AWARD,
    Ground.FRAUD_ORDER,
    Ground.COURT_ORDER,
)


class EndedReason(models.TextChoices):
    """Why the freelancer disputes, ended contract (rulebook section 12)."""

    ACCEPTED_IN_MESSAGES = "accepted_in_messages", _("The work was delivered and accepted in messages")
    CLIENT_SILENT = "client_silent", _("The work was delivered and the client did not reply")
    QUALITY_DISPUTED = "quality_disputed", _("The work was delivered and the client disputes its quality")
    SCOPE_CHANGED = "scope_changed", _("The client changed the scope")
    STOPPED_PARTWAY = "stopped_partway", _("The client stopped the project after part of the work")
    OUTSIDE_MY_WORK = "outside_my_work", _("The client wants a refund for reasons outside my work")
    OTHER = "other", _("Another reason")


class ActiveReason(models.TextChoices):
    """Why the freelancer disputes, active contract: exactly the two of S10."""

    REFUSED_RELEASE = "refused_release", _("The client refuses to release the milestone payment")
    PARTIAL_RELEASE = (
        "partial_release_carried_over",
        _("The client released a part and moved the remainder to a later milestone"),
    )


class AnswerReason(models.TextChoices):
    """Why the client contests (rulebook section 12)."""

    NOT_DELIVERED = "not_delivered", _("The work was not delivered")
    LATE = "late", _("The work was delivered late")
    OUT_OF_SCOPE = "out_of_scope", _("The work does not match the agreed scope")
    PARTLY_DELIVERED = "partly_delivered", _("The work was partly delivered")
    BELOW_CRITERIA = "below_criteria", _("The quality is below the agreed criteria")
    ALREADY_PAID = "already_paid", _("The work is a duplicate or already paid")
    OTHER = "other", _("Another reason")


class SupportState(models.TextChoices):
    """Life of a support request."""

    SUBMITTED = "submitted", _("Sent")
    IN_REVIEW = "in_review", _("In review")
    NEEDS_INFO = "needs_info", _("Waiting for your answer")
    CASE_OPENED = "case_opened", _("Case opened")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MOOT = "moot", _("No longer needed")
    LAPSED = "lapsed", _("Lapsed")


SUPPORT_OPEN = (SupportState.SUBMITTED, SupportState.IN_REVIEW, SupportState.NEEDS_INFO)


class DeclineReason(models.TextChoices):
    """Why support declines to open a case (P4)."""

    NOTHING_IN_ESCROW = "nothing_in_escrow", _("Nothing is left in escrow")
    NO_WORK_SUBMITTED = "no_work_submitted", _("No work was submitted")
    ALREADY_RELEASED = "already_released", _("The client already released the money")
    NOT_CONTACTED = "not_contacted", _("The client was not contacted first")
    STILL_TALKING = "still_talking", _("The client is still answering")
    OTHER = "other", _("Another reason")


class ConsentKind(models.TextChoices):
    """Texts a person agrees to; the version is stored with the consent (S08, N2)."""

    FILE_DISPUTE = "file_dispute", _("What it means to start a dispute")
    SUPPORT_REQUEST = "support_request", _("What it means to ask support to open a case")
    OFFER = "offer", _("An offer is this side's agreement")
    BLIND_BID = "blind_bid", _("A bid is consent to be bound")
    ARBITRATION = "arbitration", _("The arbitrator's decision is final")


class EvidenceKind(models.TextChoices):
    """What a file is."""

    DELIVERABLE = "deliverable", _("Delivered work")
    AGREEMENT = "agreement", _("What was agreed")
    MESSAGE = "message", _("Messages")
    ACCEPTANCE = "acceptance", _("Acceptance or feedback")
    INVOICE = "invoice", _("Invoice or receipt")
    OTHER = "other", _("Something else")


class Confidentiality(models.TextChoices):
    """Who may see an exhibit."""

    SHARED = "shared", _("Everyone in the case")
    SPECIALIST = "specialist", _("Only the specialist")


class Audience(models.TextChoices):
    """Who reads a case message."""

    EVERYONE = "everyone", _("Everyone in the case")
    FREELANCER = "freelancer", _("Only the freelancer's side and the specialist")
    CLIENT = "client", _("Only the client's side and the specialist")


class VersionSide(models.TextChoices):
    """Whose statement a version is."""

    CLAIM = "claim", _("Claim")
    ANSWER = "answer", _("Answer")


class Disposition(models.TextChoices):
    """Where the client's share goes on an active contract (rulebook section 5)."""

    REFUND = "refund", _("Refund to the client")
    RETURN = "return_to_escrow", _("Stays in escrow for a later milestone")


class OfferSide(models.TextChoices):
    """Who made an offer."""

    FREELANCER = "freelancer", _("Freelancer")
    CLIENT = "client", _("Client")
    SPECIALIST = "specialist", _("Specialist")


class OfferState(models.TextChoices):
    """Life of a settlement offer."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Declined")
    COUNTERED = "countered", _("Answered with a counter-offer")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    VOID = "void", _("Void")


class BidState(models.TextChoices):
    """Life of a blind bid (D19)."""

    SEALED = "sealed", _("Sealed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Replaced")
    MATCHED = "matched", _("Matched")
    VOID = "void", _("Void")
