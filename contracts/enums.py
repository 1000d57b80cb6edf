"""States and choices of contracts, milestones, refund requests, payments and the ledger."""

from django.db import models


class Side(models.TextChoices):
    """The two sides of every contract."""

    FREELANCER = "freelancer", "Freelancer"
    CLIENT = "client", "Client"

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.CLIENT if self is Side.FREELANCER else Side.FREELANCER


class ContractState(models.TextChoices):
    """Life of a contract."""

    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    ENDED = "ended", "Ended"
    CLOSED = "closed", "Closed"


class MilestoneState(models.TextChoices):
    """Life of a milestone."""

    PROPOSED = "proposed", "Proposed"
    FUNDING = "funding", "Being funded"
    FUNDED = "funded", "Funded"
    SUBMITTED = "submitted", "Submitted"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    RELEASE_REFUSED = "release_refused", "Release refused"
    PAID = "paid", "Paid"
    PARTIALLY_PAID = "partially_paid", "Partly paid"
    CANCELLED = "cancelled", "Cancelled"


# Money of the milestone is in escrow.
MILESTONE_HELD = (
    MilestoneState.FUNDED,
    MilestoneState.SUBMITTED,
    MilestoneState.CHANGES_REQUESTED,
    MilestoneState.RELEASE_REFUSED,
)
# Only one of a contract's milestones may be in one of these (I5's reason).
MILESTONE_LIVE = (MilestoneState.FUNDING, *MILESTONE_HELD)


class DecisionKind(models.TextChoices):
    """What a client said about submitted work."""

    CHANGES = "changes", "Asked for changes"
    REFUSED = "refused", "Refused to release"
    APPROVED = "approved", "Approved"
    PARTIAL = "partial", "Released a part"


class RefundState(models.TextChoices):
    """Life of a refund request."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DISPUTED = "disputed", "Disputed"
    EXPIRED = "expired", "Expired"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ProposalState(models.TextChoices):
    """Life of a proposed split on a refund request (R7)."""

    PENDING = "pending", "Waiting for the client"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    REPLACED = "replaced", "Replaced"
    VOID = "void", "Void"


class MessageKind(models.TextChoices):
    """Who wrote a message."""

    PERSON = "person", "Person"
    SYSTEM = "system", "System"


class AccountCode(models.TextChoices):
    """Ledger accounts of rulebook section 5."""

    EXTERNAL_CLIENT = "external_client", "Outside: client"
    EXTERNAL_FREELANCER = "external_freelancer", "Outside: freelancer"
    EXTERNAL_PLATFORM = "external_platform", "Outside: platform"
    PLATFORM_FEE = "platform_fee", "Service fees"
    ARB_PROVIDER = "arb_provider", "Arbitration provider"
    ESCROW_AVAILABLE = "escrow_available", "Escrow"
    ESCROW_REFUND = "escrow_refund", "Escrow, refund asked"
    ESCROW_CARRIED = "escrow_carried", "Escrow, carried over"
    ESCROW_FROZEN = "escrow_frozen", "Escrow, frozen in a dispute"
    FREELANCER_PENDING = "freelancer_pending", "Freelancer, security hold"
    FREELANCER_AVAILABLE = "freelancer_available", "Freelancer, available"
    PAYABLE_CLIENT = "payable_client", "On its way to the client"
    PAYABLE_FREELANCER = "payable_freelancer", "On its way to the freelancer"
    ARB_FEE_CLIENT = "arb_fee_held_client", "Arbitration fee held: client"
    ARB_FEE_FREELANCER = "arb_fee_held_freelancer", "Arbitration fee held: freelancer"
    ARB_FEE_PLATFORM = "arb_fee_held_platform", "Arbitration fee held: platform"


# Everybody's accounts: no balance row, summed when asked (measured: a shared row costs two thirds of throughput).
SHARED_ACCOUNTS = (
    AccountCode.EXTERNAL_CLIENT,
    AccountCode.EXTERNAL_FREELANCER,
    AccountCode.EXTERNAL_PLATFORM,
    AccountCode.PLATFORM_FEE,
    AccountCode.ARB_PROVIDER,
)
EXTERNAL_ACCOUNTS = SHARED_ACCOUNTS[:3]
ESCROW_ACCOUNTS = (
    AccountCode.ESCROW_AVAILABLE,
    AccountCode.ESCROW_REFUND,
    AccountCode.ESCROW_CARRIED,
    AccountCode.ESCROW_FROZEN,
)


class Ground(models.TextChoices):
    """Why money moved. The first group is the closed list of legal grounds of rulebook section 5.

    The second group changes nobody's claim (money comes in, is set aside, or a payout is confirmed);
    docs/decisions/0002 says why it exists.
    """

    CLIENT_APPROVAL = "client_approval", "Client approved"
    REVIEW_TIMEOUT = "review_timeout", "Review time over"
    FREELANCER_CANCEL = "freelancer_cancel", "Freelancer ended the contract"
    FREELANCER_ACCEPT_REFUND = "freelancer_accept_refund", "Freelancer accepted the refund"
    REFUND_TIMEOUT = "refund_timeout", "Refund request not answered in 7 days"
    CLIENT_ACCEPT_DISPUTE = "client_accept_dispute", "Client accepted the dispute"
    JOINT_SETTLEMENT = "joint_settlement", "Agreement of both sides"
    RECOMMENDATION_ACCEPTED = "recommendation_accepted", "Both accepted the recommendation"
    CLIENT_UNRESPONSIVE = "client_unresponsive", "Client did not respond"
    FREELANCER_UNRESPONSIVE = "freelancer_unresponsive", "Freelancer did not respond"
    DISPUTE_WITHDRAWN = "dispute_withdrawn", "Dispute withdrawn"
    ARB_NONE_PAID = "arb_none_paid", "Nobody took part in arbitration"
    ARB_ONE_PAID = "arb_one_paid", "One side took part in arbitration"
    AWARD = "award", "Arbitrator's award"
    DORMANCY = "dormancy", "Dormant contract"
    FRAUD_ORDER = "fraud_order", "Fraud order"
    COURT_ORDER = "court_order", "Court order"
    CORRECTION = "correction", "Correction"
    FUNDING = "funding", "Milestone funded"
    REFUND_REQUESTED = "refund_requested", "Set aside for a refund request"
    DISPUTE_FROZEN = "dispute_frozen", "Set aside for a dispute"
    CARRIED_OVER = "carried_over", "Carried over to a later milestone"
    HOLD_OVER = "hold_over", "Security hold over"
    WITHDRAWAL = "withdrawal", "Withdrawn by the freelancer"
    PAYOUT_CONFIRMED = "payout_confirmed", "Payment arrived"
    ARB_FEE = "arb_fee", "Arbitration fee paid"
    ARB_FEE_RETURNED = "arb_fee_returned", "Arbitration fee returned"
    ARB_FEE_PASSED_ON = "arb_fee_passed_on", "Arbitration fee passed to the provider"


class PaymentPurpose(models.TextChoices):
    """What a payment from outside is for."""

    MILESTONE = "milestone", "Milestone"
    ARB_FEE = "arb_fee", "Arbitration fee"


class PaymentState(models.TextChoices):
    """Life of a payment from outside."""

    STARTED = "started", "Started"
    CONFIRMED = "confirmed", "Confirmed"
    FAILED = "failed", "Failed"
    RETURNED = "returned", "Returned"


class PayoutState(models.TextChoices):
    """Life of a payment to outside."""

    DUE = "due", "On its way"
    CONFIRMED = "confirmed", "Arrived"
