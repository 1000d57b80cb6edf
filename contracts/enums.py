"""States and choices of contracts, milestones, refund requests, payments and the ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Side(models.TextChoices):
    """The two sides of every contract."""

    FREELANCER = "freelancer", _("Freelancer")
    CLIENT = "client", _("Client")

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.CLIENT if self is Side.FREELANCER else Side.FREELANCER


class ContractState(models.TextChoices):
    """Life of a contract."""

    DRAFT = "draft", pgettext_lazy("contract", "Draft")
    ACTIVE = "active", pgettext_lazy("contract", "Active")
    ENDED = "ended", pgettext_lazy("contract", "Ended")
    CLOSED = "closed", pgettext_lazy("contract", "Closed")


class MilestoneState(models.TextChoices):
    """Life of a milestone."""

    PROPOSED = "proposed", pgettext_lazy("milestone", "Proposed")
    FUNDING = "funding", pgettext_lazy("milestone", "Being funded")
    FUNDED = "funded", pgettext_lazy("milestone", "Funded")
    SUBMITTED = "submitted", pgettext_lazy("milestone", "Submitted")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("milestone", "Changes requested")
    RELEASE_REFUSED = "release_refused", pgettext_lazy("milestone", "Release refused")
    PAID = "paid", pgettext_lazy("milestone", "Paid")
    PARTIALLY_PAID = "partially_paid", pgettext_lazy("milestone", "Partly paid")
    CANCELLED = "cancelled", pgettext_lazy("milestone", "Cancelled")


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

    CHANGES = "changes", _("Asked for changes")
    REFUSED = "refused", _("Refused to release")
    APPROVED = "approved", _("Approved")
    PARTIAL = "partial", _("Released a part")


class RefundState(models.TextChoices):
    """Life of a refund request."""

    OPEN = "open", pgettext_lazy("refund request", "Open")
    ACCEPTED = "accepted", pgettext_lazy("refund request", "Accepted")
    DISPUTED = "disputed", pgettext_lazy("refund request", "Disputed")
    EXPIRED = "expired", pgettext_lazy("refund request", "Expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("refund request", "Withdrawn")


class ProposalState(models.TextChoices):
    """Life of a proposed split on a refund request (R7)."""

    PENDING = "pending", pgettext_lazy("proposed split", "Waiting for the client")
    ACCEPTED = "accepted", pgettext_lazy("proposed split", "Accepted")
    DECLINED = "declined", pgettext_lazy("proposed split", "Declined")
    REPLACED = "replaced", pgettext_lazy("proposed split", "Replaced")
    VOID = "void", pgettext_lazy("proposed split", "Void")


class MessageKind(models.TextChoices):
    """Who wrote a message."""

    PERSON = "person", _("Person")
    SYSTEM = "system", _("System")


class AccountCode(models.TextChoices):
    """Ledger accounts of rulebook section 5."""

    EXTERNAL_CLIENT = "external_client", _("Outside: client")
    EXTERNAL_FREELANCER = "external_freelancer", _("Outside: freelancer")
    EXTERNAL_PLATFORM = "external_platform", _("Outside: platform")
    PLATFORM_FEE = "platform_fee", _("Service fees")
    ARB_PROVIDER = "arb_provider", _("Arbitration provider")
    ESCROW_AVAILABLE = "escrow_available", _("Escrow")
    ESCROW_REFUND = "escrow_refund", _("Escrow, refund asked")
    ESCROW_CARRIED = "escrow_carried", _("Escrow, carried over")
    ESCROW_FROZEN = "escrow_frozen", _("Escrow, frozen in a dispute")
    FREELANCER_PENDING = "freelancer_pending", _("Freelancer, security hold")
    FREELANCER_AVAILABLE = "freelancer_available", _("Freelancer, available")
    PAYABLE_CLIENT = "payable_client", _("On its way to the client")
    PAYABLE_FREELANCER = "payable_freelancer", _("On its way to the freelancer")
    ARB_FEE_CLIENT = "arb_fee_held_client", _("Arbitration fee held: client")
    ARB_FEE_FREELANCER = "arb_fee_held_freelancer", _("Arbitration fee held: freelancer")
    ARB_FEE_PLATFORM = "arb_fee_held_platform", _("Arbitration fee held: platform")


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

    CLIENT_APPROVAL = "client_approval", _("Client approved")
    REVIEW_TIMEOUT = "review_timeout", _("Review time over")
    FREELANCER_CANCEL = "freelancer_cancel", _("Freelancer ended the contract")
    FREELANCER_ACCEPT_REFUND = "freelancer_accept_refund", _("Freelancer accepted the refund")
    REFUND_TIMEOUT = "refund_timeout", _("Refund request not answered in 7 days")
    CLIENT_ACCEPT_DISPUTE = "client_accept_dispute", _("Client accepted the dispute")
    JOINT_SETTLEMENT = "joint_settlement", _("Agreement of both sides")
    RECOMMENDATION_ACCEPTED = "recommendation_accepted", _("Both accepted the recommendation")
    CLIENT_UNRESPONSIVE = "client_unresponsive", _("Client did not respond")
    FREELANCER_UNRESPONSIVE = "freelancer_unresponsive", _("Freelancer did not respond")
    DISPUTE_WITHDRAWN = "dispute_withdrawn", _("Dispute withdrawn")
    ARB_NONE_PAID = "arb_none_paid", _("Nobody took part in arbitration")
    ARB_ONE_PAID = "arb_one_paid", _("One side took part in arbitration")
    AWARD = "award", _("Arbitrator's award")
    DORMANCY = "dormancy", _("Dormant contract")
    FRAUD_ORDER = "fraud_order", _("Fraud order")
    COURT_ORDER = "court_order", _("Court order")
    CORRECTION = "correction", _("Correction")
    FUNDING = "funding", _("Milestone funded")
    REFUND_REQUESTED = "refund_requested", _("Set aside for a refund request")
    DISPUTE_FROZEN = "dispute_frozen", _("Set aside for a dispute")
    CARRIED_OVER = "carried_over", _("Carried over to a later milestone")
    HOLD_OVER = "hold_over", _("Security hold over")
    WITHDRAWAL = "withdrawal", _("Withdrawn by the freelancer")
    PAYOUT_CONFIRMED = "payout_confirmed", _("Payment arrived")
    ARB_FEE = "arb_fee", _("Arbitration fee paid")
    ARB_FEE_RETURNED = "arb_fee_returned", _("Arbitration fee returned")
    ARB_FEE_PASSED_ON = "arb_fee_passed_on", _("Arbitration fee passed to the provider")


class PaymentPurpose(models.TextChoices):
    """What a payment from outside is for."""

    MILESTONE = "milestone", _("Milestone")
    ARB_FEE = "arb_fee", _("Arbitration fee")


class PaymentState(models.TextChoices):
    """Life of a payment from outside."""

    STARTED = "started", pgettext_lazy("payment", "Started")
    CONFIRMED = "confirmed", pgettext_lazy("payment", "Confirmed")
    FAILED = "failed", pgettext_lazy("payment", "Failed")
    RETURNED = "returned", pgettext_lazy("payment", "Returned")


class PayoutState(models.TextChoices):
    """Life of a payment to outside."""

    DUE = "due", pgettext_lazy("payment", "On its way")
    CONFIRMED = "confirmed", pgettext_lazy("payment", "Arrived")
