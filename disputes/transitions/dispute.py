"""The spine: the lifecycle of a dispute."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from core.road import LifecycleModel, rule
from disputes import rules
from disputes.enums import DisputeState as D

OPEN = [D.IN_MEDIATION, D.RECOMMENDED, D.NON_RESOLUTION, D.IN_ARBITRATION]


class DisputeLifecycle(LifecycleModel):
    """draft → in_mediation → recommended → non_resolution → in_arbitration → resolved, with earlier exits."""

    NOUN = "dispute"
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = (
        "state",
        "filed_at",
        "recommended_at",
        "non_resolution_at",
        "arbitration_at",
        "resolved_at",
        "version",
        "amount",
        "client_reacted_at",
        "freelancer_reacted_at",
        "client_answered_at",
        "specialist_id",
    )

    state = FSMField(default=D.DRAFT, choices=D.choices, protected=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    recommended_at = models.DateTimeField(null=True, blank=True)
    non_resolution_at = models.DateTimeField(null=True, blank=True)
    arbitration_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    # Moves with every act, so that a form can say which state of the case it was shown (409 when stale).
    version = models.PositiveIntegerField(default=0)
    amount = models.BigIntegerField(help_text="The disputed amount, minor units; frozen while open (I3).")
    client_reacted_at = models.DateTimeField(null=True, blank=True)
    freelancer_reacted_at = models.DateTimeField(null=True, blank=True)
    client_answered_at = models.DateTimeField(null=True, blank=True)
    # Copied from the mediation case, so that rules here need neither a query nor that app.
    specialist_id = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def _react(self, side: str | None, now: datetime) -> None:
        """Note that a side did something (D6, D7 ask); opening a page is nothing."""
        if side == "client":
            self.client_reacted_at = now
        elif side == "freelancer":
            self.freelancer_reacted_at = now

    @transition(
        field=state,
        source=D.DRAFT,
        target=D.IN_MEDIATION,
        permission=lambda d, a: rules.freelancer_moves_money(d, a) or rules.support(d, a),
        custom=rule("D1", _("Continue to Dispute"), money=True),
    )
    def file(self, *, now: datetime) -> None:
        """D1 (from R3 by the freelancer, from P3 by support)."""
        self.filed_at = now
        self.version += 1

    @transition(
        field=state, source=D.DRAFT, target=D.ABANDONED, permission=rules.system, custom=rule("R4", _("Abandon"))
    )
    def abandon(self, *, now: datetime) -> None:
        """The refund request ended (R2, R4, R5, R8) while the draft was unfinished."""

    @transition(
        field=state,
        source=[D.IN_MEDIATION, D.RECOMMENDED, D.NON_RESOLUTION],
        target=D.RESOLVED,
        permission=rules.client_moves_money,
        custom=rule("D3", _("Accept in full"), money=True),
    )
    def accept_in_full(self, *, now: datetime) -> None:
        """D3 (and N7 before arbitration): the client pays the claimed amount."""
        self._react("client", now)
        self._resolve(now)

    @transition(
        field=state,
        source=D.IN_ARBITRATION,
        target=D.RESOLVED,
        permission=rules.client_moves_money,
        custom=rule("A4", _("Accept in full"), money=True),
    )
    def accept_in_full_in_arbitration(self, *, now: datetime) -> None:
        """A4: the client pays the claimed amount during arbitration."""
        self._resolve(now)

    @transition(
        field=state,
        source=D.IN_MEDIATION,
        target=None,
        conditions=[lambda d: d.client_answered_at is None],
        permission=rules.is_client,
        custom=rule("D4", _("Answer the claim")),
    )
    def contest(self, *, now: datetime) -> None:
        """D4: the client contests, once; later changes are updates (D8)."""
        self.client_answered_at = now
        self._react("client", now)
        self.version += 1

    @transition(
        field=state,
        source=D.IN_MEDIATION,
        target=None,
        permission=rules.is_party,
        custom=rule("D8", _("Update")),
    )
    def update(self, *, now: datetime, side: str, amount: int) -> None:
        """D8: a new version of the claim or the answer; the amount only goes down."""
        self.amount = amount
        self._react(side, now)
        self.version += 1

    @transition(
        field=state,
        source=D.IN_MEDIATION,
        target=None,
        permission=rules.is_party,
        custom=rule("D9", _("Add evidence")),
    )
    def add_evidence(self, *, now: datetime, side: str, shared: bool) -> None:
        """D9: a side adds a file; a reaction (D6 names D9). Only a shared one shows: the version would tell of it."""
        self._react(side, now)
        self.version += int(shared)

    @transition(
        field=state,
        source=D.IN_MEDIATION,
        target=None,
        permission=rules.is_assigned,
        custom=rule("D9", _("Ask for evidence")),
    )
    def request_evidence(self, *, now: datetime) -> None:
        """D9: the specialist asks, or moves the due date for both sides alike."""
        self._react(None, now)
        self.version += 1

    @transition(
        field=state,
        source=D.IN_MEDIATION,
        target=None,
        permission=rules.is_party,
        custom=rule("D9", _("Answer the request for evidence")),
    )
    def answer_evidence(self, *, now: datetime, side: str) -> None:
        """D9: a side answers an evidence request."""
        self._react(side, now)
        self.version += 1

    @transition(
        field=state,
        source=[D.IN_MEDIATION, D.RECOMMENDED, D.NON_RESOLUTION],
        target=None,
        permission=rules.is_party,
        custom=rule("D9", _("Show the file to everyone")),
    )
    def disclose(self, *, now: datetime, side: str) -> None:
        """D9: the owner of a file that only the specialist saw makes it an exhibit, until arbitration begins."""
        self._react(side, now)
        self.version += 1

    @transition(
        field=state,
        source=OPEN,
        target=None,
        permission=rules.party_or_assigned,
        custom=rule("D11", _("Write a message")),
    )
    def post_message(self, *, now: datetime, side: str | None) -> None:
        """A case message is a reaction (D6)."""
        self._react(side, now)
        self.version += 1

    @transition(
        field=state,
        source=D.IN_MEDIATION,
        target=None,
        permission=rules.is_assigned,
        custom=rule("D5", _("Log a reply")),
    )
    def note_reply(self, *, now: datetime, side: str) -> None:
        """A reply to a contact attempt, logged by the specialist, is a reaction (D6)."""
        self._react(side, now)
        self.version += 1

    @transition(
        field=state,
        source=[D.IN_MEDIATION, D.RECOMMENDED, D.NON_RESOLUTION],
        target=D.RESOLVED,
        permission=rules.freelancer_moves_money,
        custom=rule("D10", _("Withdraw the dispute"), money=True),
    )
    def withdraw(self, *, now: datetime) -> None:
        """D10: as if the client's position had been accepted."""
        self._resolve(now)

    @transition(
        field=state,
        source=D.IN_ARBITRATION,
        target=D.RESOLVED,
        permission=rules.freelancer_moves_money,
        custom=rule("A4", _("Withdraw the dispute"), money=True),
    )
    def withdraw_in_arbitration(self, *, now: datetime) -> None:
        """D10 while filing, A4 afterwards: before the award."""
        self._resolve(now)

    @transition(
        field=state,
        source=OPEN,
        target=None,
        permission=lambda d, a: rules.party_moves_money(d, a) or rules.is_assigned(d, a),
        custom=rule("D11", _("Make an offer")),
    )
    def make_offer(self, *, now: datetime, side: str | None) -> None:
        """D11: an offer, counter, rejection or withdrawal of one."""
        self._react(side, now)
        self.version += 1

    @transition(
        field=state,
        source=[D.IN_MEDIATION, D.RECOMMENDED],
        target=D.RESOLVED,
        permission=rules.party_moves_money,
        custom=rule("D12", _("Accept the offer"), money=True),
    )
    def settle(self, *, now: datetime) -> None:
        """D12: both sides agreed."""
        self._resolve(now)

    @transition(
        field=state,
        source=D.NON_RESOLUTION,
        target=D.RESOLVED,
        permission=lambda d, a: a.is_system or rules.party_moves_money(d, a),
        custom=rule("N7", _("Accept the offer"), money=True),
    )
    def settle_after_notice(self, *, now: datetime) -> None:
        """N7: both sides agreed after the Notice of Non-Resolution."""
        self._resolve(now)

    @transition(
        field=state,
        source=D.IN_ARBITRATION,
        target=D.RESOLVED,
        permission=rules.party_moves_money,
        custom=rule("A4", _("Accept the offer"), money=True),
    )
    def settle_in_arbitration(self, *, now: datetime) -> None:
        """A4: both sides agreed before the award."""
        self._resolve(now)

    @transition(
        field=state,
        source=[D.IN_MEDIATION, D.RECOMMENDED, D.NON_RESOLUTION],
        target=D.RESOLVED,
        permission=rules.system,
        custom=rule("D19", _("Bids match"), money=True),
    )
    def match_bids(self, *, now: datetime) -> None:
        """D19: the sealed bids met."""
        self._resolve(now)

    @transition(
        field=state,
        source=[D.IN_MEDIATION, D.NON_RESOLUTION],
        target=None,
        permission=rules.party_moves_money,
        custom=rule("D19", _("Seal a bid")),
    )
    def bid(self, *, now: datetime) -> None:
        """D19: a bid shows nowhere, so neither the version nor the last reaction moves (`acted_in_secret`)."""

    @transition(
        field=state,
        source=D.IN_MEDIATION,
        target=D.RESOLVED,
        permission=rules.is_assigned_or_system,
        custom=rule("D6", _("Close: client unresponsive"), money=True),
    )
    def close_client_unresponsive(self, *, now: datetime) -> None:
        """D6."""
        self._resolve(now)

    @transition(
        field=state,
        source=D.IN_MEDIATION,
        target=D.RESOLVED,
        permission=rules.is_assigned_or_system,
        custom=rule("D7", _("Close: freelancer unresponsive"), money=True),
    )
    def close_freelancer_unresponsive(self, *, now: datetime) -> None:
        """D7."""
        self._resolve(now)

    @transition(
        field=state,
        source=[D.IN_MEDIATION, D.RECOMMENDED],
        target=D.RECOMMENDED,
        permission=rules.is_assigned_or_system,
        custom=rule("D13", _("Issue the recommendation")),
    )
    def recommend(self, *, now: datetime) -> None:
        """D13: mediation has ended in the sense of the founding document."""
        self.recommended_at = now
        self.version += 1

    @transition(
        field=state,
        source=D.RECOMMENDED,
        target=None,
        permission=rules.party_moves_money,
        custom=rule("D14", _("Answer the recommendation")),
    )
    def answer_recommendation(self, *, now: datetime) -> None:
        """D14: one side's answer. The version does not move: it would show that there is one."""

    @transition(
        field=state,
        source=D.RECOMMENDED,
        target=D.RESOLVED,
        permission=rules.system,
        custom=rule("D15", _("Recommendation accepted"), money=True),
    )
    def adopt_recommendation(self, *, now: datetime) -> None:
        """D15: both accepted."""
        self._resolve(now)

    @transition(
        field=state,
        source=D.RECOMMENDED,
        target=D.NON_RESOLUTION,
        permission=rules.system,
        custom=rule("D16", _("Recommendation rejected")),
    )
    def fail_recommendation(self, *, now: datetime) -> None:
        """D16: one side rejected, or the answer time passed in silence."""
        self._non_resolution(now)

    @transition(
        field=state,
        source=D.IN_MEDIATION,
        target=D.NON_RESOLUTION,
        permission=rules.system,
        custom=rule("D17", _("Mediation period over")),
    )
    def end_period(self, *, now: datetime) -> None:
        """D17: 21 days without agreement or recommendation."""
        self._non_resolution(now)

    @transition(
        field=state,
        source=D.IN_MEDIATION,
        target=D.NON_RESOLUTION,
        permission=rules.party_moves_money,
        custom=rule("D18", _("Both declare that they cannot agree")),
    )
    def skip_ahead(self, *, now: datetime) -> None:
        """D18: the second side joined the declaration."""
        self._non_resolution(now)

    @transition(
        field=state,
        source=D.IN_MEDIATION,
        target=None,
        permission=rules.party_moves_money,
        custom=rule("D18", _("Declare that you cannot agree")),
    )
    def declare_impasse(self, *, now: datetime, side: str) -> None:
        """D18: one side's declaration."""
        self._react(side, now)
        self.version += 1

    @transition(
        field=state,
        source=D.NON_RESOLUTION,
        target=D.IN_ARBITRATION,
        permission=rules.system,
        custom=rule("A1", _("File with the provider")),
    )
    def enter_arbitration(self, *, now: datetime) -> None:
        """A1: both elected and paid."""
        self.arbitration_at = now
        self.version += 1

    @transition(
        field=state,
        source=D.IN_ARBITRATION,
        target=D.NON_RESOLUTION,
        permission=rules.clerk_or_system,
        custom=rule("A2", _("Provider rejected the case")),
    )
    def return_from_provider(self, *, now: datetime) -> None:
        """A2: the provider rejects before an award, the first time."""
        self._non_resolution(now)

    @transition(
        field=state,
        source=D.NON_RESOLUTION,
        target=D.RESOLVED,
        permission=rules.system,
        custom=rule("N5", _("Nobody took part in arbitration"), money=True),
    )
    def default_none_paid(self, *, now: datetime) -> None:
        """N5."""
        self._resolve(now)

    @transition(
        field=state,
        source=D.NON_RESOLUTION,
        target=D.RESOLVED,
        permission=rules.system,
        custom=rule("N6", _("One side took part in arbitration"), money=True),
    )
    def default_one_paid(self, *, now: datetime) -> None:
        """N6."""
        self._resolve(now)

    @transition(
        field=state,
        source=D.IN_ARBITRATION,
        target=D.RESOLVED,
        permission=rules.clerk_or_system,
        custom=rule("A6", _("Execute the award"), money=True),
    )
    def execute_award(self, *, now: datetime) -> None:
        """A6."""
        self._resolve(now)

    @transition(
        field=state,
        source=OPEN,
        target=D.RESOLVED,
        permission=rules.system,
        custom=rule("X2", _("Ordered by two admins"), money=True),
    )
    def resolve_by_order(self, *, now: datetime) -> None:
        """X2 (fraud order) and A2's last exit (court order), approved by two admins."""
        self._resolve(now)

    def _non_resolution(self, now: datetime) -> None:
        self.non_resolution_at = now
        self.version += 1

    def _resolve(self, now: datetime) -> None:
        self.resolved_at = now
        self.version += 1
