"""The agreement and its milestones."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import Account, User
from contracts.enums import MILESTONE_LIVE, AccountCode, ContractState, DecisionKind, MilestoneState, Side
from contracts.transitions import ContractLifecycle, MilestoneLifecycle
from core.models import UUIDModel, new_reference
from core.money import Money
from core.policy import Policy
from core.uploads import private_path


class Contract(UUIDModel, ContractLifecycle):
    """A fixed-price contract between a freelancer's and a client's account."""

    reference = models.CharField(max_length=9, unique=True, default=new_reference, editable=False)
    title = models.CharField(max_length=160)
    terms = models.TextField(blank=True)
    freelancer_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="contracts_as_freelancer")
    client_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="contracts_as_client")
    currency = models.CharField(max_length=3)
    policy_data = models.JSONField(default=dict, help_text="The settings this contract was made under.")
    created_at = models.DateTimeField()
    last_activity_at = models.DateTimeField()
    dormancy_step = models.PositiveSmallIntegerField(default=0)
    # Overlays of rulebook section 7, kept by services of the rooms above through contracts.services.gate,
    # so that this room can refuse what they forbid without knowing them.
    open_dispute_id = models.UUIDField(null=True, blank=True, editable=False)
    named_amount = models.BigIntegerField(default=0, help_text="Money an open support request names, minor units.")
    named_source = models.CharField(max_length=24, choices=AccountCode, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ContractState.values), name="contracts_contract_known_state"),
            models.CheckConstraint(
                condition=~Q(freelancer_account=F("client_account")), name="contracts_contract_two_parties"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", started_at__isnull=True) | Q(~Q(state="draft"), started_at__isnull=False),
                name="contracts_contract_started_iff_not_draft",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ended", "closed"], ended_at__isnull=False)
                | Q(state__in=["draft", "active"], ended_at__isnull=True),
                name="contracts_contract_ended_iff_ended",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | Q(~Q(state="closed"), closed_at__isnull=True),
                name="contracts_contract_closed_iff_closed",
            ),
            models.CheckConstraint(condition=Q(named_amount__gte=0), name="contracts_contract_named_not_negative"),
        ]
        indexes = [
            models.Index(fields=["freelancer_account", "-last_activity_at", "id"], name="contracts_by_freelancer"),
            models.Index(fields=["client_account", "-last_activity_at", "id"], name="contracts_by_client"),
        ]

    def __str__(self) -> str:
        """Title."""
        return self.title

    @property
    def contract(self) -> Contract:
        """Itself, so that rules can say `obj.contract` of anything."""
        return self

    @property
    def policy(self) -> Policy:
        """The settings pinned when the contract was made."""
        return Policy.from_json(self.policy_data)

    def account_id_of(self, side: Side | str) -> object:
        """The party account on a side."""
        return self.freelancer_account_id if side == Side.FREELANCER else self.client_account_id

    def account_of(self, side: Side | str) -> Account:
        """The party account on a side (fetches it unless selected)."""
        return self.freelancer_account if side == Side.FREELANCER else self.client_account

    def money(self, minor: int) -> Money:
        """`minor` units in the contract's currency."""
        return Money(minor, self.currency)


class Milestone(UUIDModel, MilestoneLifecycle):
    """A piece of work with its price; at most one per contract is live."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="milestones")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    amount = models.BigIntegerField(help_text="Price in minor units.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="contracts_milestone_number"),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=[s.value for s in MILESTONE_LIVE]),
                name="contracts_one_live_milestone",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="contracts_milestone_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=MilestoneState.values), name="contracts_milestone_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["paid", "partially_paid", "cancelled"], closed_at__isnull=False)
                | Q(~Q(state__in=["paid", "partially_paid", "cancelled"]), closed_at__isnull=True),
                name="contracts_milestone_closed_iff_over",
            ),
        ]

    def __str__(self) -> str:
        """Number and title."""
        return f"Milestone {self.number}: {self.title}"

    @property
    def money(self) -> Money:
        """The price (needs the contract selected)."""
        return Money(self.amount, self.contract.currency)


class Submission(UUIDModel):
    """Work handed in for a milestone (C2): a message, a link or a file at least."""

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    message = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    file = models.FileField(upload_to=private_path, max_length=300, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_size = models.BigIntegerField(default=0)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone", "number"], name="contracts_submission_number"),
            models.CheckConstraint(condition=~Q(message="", link="", file=""), name="contracts_submission_not_empty"),
        ]

    def __str__(self) -> str:
        """Number."""
        return f"Submission {self.number}"


class MilestoneDecision(UUIDModel):
    """What the client said about a milestone's work (C3, C3b, C4, C5); never overwritten."""

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=DecisionKind)
    text = models.TextField(blank=True)
    released = models.BigIntegerField(default=0)
    carried = models.BigIntegerField(default=0)
    target = models.ForeignKey(Milestone, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="contracts_decision_kind"),
            models.CheckConstraint(condition=Q(released__gte=0, carried__gte=0), name="contracts_decision_amounts"),
        ]

    def __str__(self) -> str:
        """Kind."""
        return self.get_kind_display()
