"""States and choices of disputes."""

from django.db import models

from contracts.enums import Ground


class Route(models.TextChoices):
    """The two circumstances of S03."""

    ENDED = "ended", "Ended contract"
    ACTIVE = "active", "Active contract"


class DisputeState(models.TextChoices):
    """The spine (rulebook section 7)."""

    DRAFT = "draft", "Draft"
    ABANDONED = "abandoned", "Not filed"
    IN_MEDIATION = "in_mediation", "In mediation"
    RECOMMENDED = "recommended", "Recommendation issued"
    NON_RESOLUTION = "non_resolution", "Non-resolution"
    IN_ARBITRATION = "in_arbitration", "In arbitration"
    RESOLVED = "resolved", "Closed"


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

    ACCEPTED_IN_MESSAGES = "accepted_in_messages", "The work was delivered and accepted in messages"
    CLIENT_SILENT = "client_silent", "The work was delivered and the client did not reply"
    QUALITY_DISPUTED = "quality_disputed", "The work was delivered and the client disputes its quality"
    SCOPE_CHANGED = "scope_changed", "The client changed the scope"
    STOPPED_PARTWAY = "stopped_partway", "The client stopped the project after part of the work"
    OUTSIDE_MY_WORK = "outside_my_work", "The client wants a refund for reasons outside my work"
    OTHER = "other", "Another reason"


class ActiveReason(models.TextChoices):
    """Why the freelancer disputes, active contract: exactly the two of S10."""

    REFUSED_RELEASE = "refused_release", "The client refuses to release the milestone payment"
    PARTIAL_RELEASE = (
        "partial_release_carried_over",
        "The client released a part and moved the remainder to a later milestone",
    )


class AnswerReason(models.TextChoices):
    """Why the client contests (rulebook section 12)."""

    NOT_DELIVERED = "not_delivered", "The work was not delivered"
    LATE = "late", "The work was delivered late"
    OUT_OF_SCOPE = "out_of_scope", "The work does not match the agreed scope"
    PARTLY_DELIVERED = "partly_delivered", "The work was partly delivered"
    BELOW_CRITERIA = "below_criteria", "The quality is below the agreed criteria"
    ALREADY_PAID = "already_paid", "The work is a duplicate or already paid"
    OTHER = "other", "Another reason"


class SupportState(models.TextChoices):
    """Life of a support request."""

    SUBMITTED = "submitted", "Sent"
    IN_REVIEW = "in_review", "In review"
    NEEDS_INFO = "needs_info", "Waiting for your answer"
    CASE_OPENED = "case_opened", "Case opened"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    MOOT = "moot", "No longer needed"
    LAPSED = "lapsed", "Lapsed"


SUPPORT_OPEN = (SupportState.SUBMITTED, SupportState.IN_REVIEW, SupportState.NEEDS_INFO)


class DeclineReason(models.TextChoices):
    """Why support declines to open a case (P4)."""

    NOTHING_IN_ESCROW = "nothing_in_escrow", "Nothing is left in escrow"
    NO_WORK_SUBMITTED = "no_work_submitted", "No work was submitted"
    ALREADY_RELEASED = "already_released", "The client already released the money"
    NOT_CONTACTED = "not_contacted", "The client was not contacted first"
    STILL_TALKING = "still_talking", "The client is still answering"
    OTHER = "other", "Another reason"


class ConsentKind(models.TextChoices):
    """Texts a person agrees to; the version is stored with the consent (S08, N2)."""

    FILE_DISPUTE = "file_dispute", "What it means to start a dispute"
    SUPPORT_REQUEST = "support_request", "What it means to ask support to open a case"
    OFFER = "offer", "An offer is this side's agreement"
    BLIND_BID = "blind_bid", "A bid is consent to be bound"
    ARBITRATION = "arbitration", "The arbitrator's decision is final"


class EvidenceKind(models.TextChoices):
    """What a file is."""

    DELIVERABLE = "deliverable", "Delivered work"
    AGREEMENT = "agreement", "What was agreed"
    MESSAGE = "message", "Messages"
    ACCEPTANCE = "acceptance", "Acceptance or feedback"
    INVOICE = "invoice", "Invoice or receipt"
    OTHER = "other", "Something else"


class Confidentiality(models.TextChoices):
    """Who may see an exhibit."""

    SHARED = "shared", "Everyone in the case"
    SPECIALIST = "specialist", "Only the specialist"


class Audience(models.TextChoices):
    """Who reads a case message."""

    EVERYONE = "everyone", "Everyone in the case"
    FREELANCER = "freelancer", "Only the freelancer's side and the specialist"
    CLIENT = "client", "Only the client's side and the specialist"


class VersionSide(models.TextChoices):
    """Whose statement a version is."""

    CLAIM = "claim", "Claim"
    ANSWER = "answer", "Answer"


class Disposition(models.TextChoices):
    """Where the client's share goes on an active contract (rulebook section 5)."""

    REFUND = "refund", "Refund to the client"
    RETURN = "return_to_escrow", "Stays in escrow for a later milestone"


class OfferSide(models.TextChoices):
    """Who made an offer."""

    FREELANCER = "freelancer", "Freelancer"
    CLIENT = "client", "Client"
    SPECIALIST = "specialist", "Specialist"


class OfferState(models.TextChoices):
    """Life of a settlement offer."""

    PENDING = "pending", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Declined"
    COUNTERED = "countered", "Answered with a counter-offer"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"
    VOID = "void", "Void"


class BidState(models.TextChoices):
    """Life of a blind bid (D19)."""

    SEALED = "sealed", "Sealed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REPLACED = "replaced", "Replaced"
    MATCHED = "matched", "Matched"
    VOID = "void", "Void"
