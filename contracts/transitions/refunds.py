"""The lifecycles of refund requests and proposals (R1–R8)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from contracts import rules
from contracts.enums import ProposalState as P
from contracts.enums import RefundState as R
from core.road import LifecycleModel, rule


class RefundRequestLifecycle(LifecycleModel):
    """open → accepted | disputed | expired | withdrawn."""

    NOUN = "refund request"
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = ("state", "closed_at", "amount")

    state = FSMField(default=R.OPEN, choices=R.choices, protected=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    amount = models.BigIntegerField(help_text="What the client asks back now, minor units; R6 lowers it.")

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=R.OPEN,
        target=R.ACCEPTED,
        permission=rules.freelancer_moves_money,
        custom=rule("R2", _("I approve of this request"), money=True),
    )
    def accept(self, *, now: datetime) -> None:
        """R2: the freelancer accepts the refund."""
        self.closed_at = now

    @transition(
        field=state,
        source=R.OPEN,
        target=R.DISPUTED,
        permission=rules.freelancer_moves_money,
        custom=rule("R3", _("I do not approve of this request and wish to file a dispute"), money=True),
    )
    def dispute(self, *, now: datetime) -> None:
        """R3: the freelancer rejects the request and files a dispute."""
        self.closed_at = now

    @transition(
        field=state,
        source=R.OPEN,
        target=R.EXPIRED,
        permission=rules.system,
        custom=rule("R4", _("Expire"), money=True),
    )
    def expire(self, *, now: datetime) -> None:
        """R4: seven days passed in silence."""
        self.closed_at = now

    @transition(
        field=state,
        source=R.OPEN,
        target=R.WITHDRAWN,
        permission=rules.client_moves_money,
        custom=rule("R5", _("Withdraw and pay everything"), money=True),
    )
    def withdraw(self, *, now: datetime) -> None:
        """R5: the client pays all that was asked back."""
        self.closed_at = now

    @transition(
        field=state,
        source=R.OPEN,
        target=None,
        permission=rules.client_moves_money,
        custom=rule("R6", _("Pay more, ask for less back"), money=True),
    )
    def pay_more(self, *, now: datetime, paid: int) -> None:  # noqa: ARG002 - every step is given its instant
        """R6: the request shrinks by what the client pays; the clock runs on."""
        self.amount -= paid

    @transition(
        field=state,
        source=R.OPEN,
        target=None,
        permission=rules.freelancer_moves_money,
        custom=rule("R7", _("Propose a different split")),
    )
    def propose(self, *, now: datetime) -> None:
        """R7: the freelancer proposes to keep a part; the clock runs on."""

    @transition(
        field=state,
        source=R.OPEN,
        target=R.ACCEPTED,
        permission=rules.client_moves_money,
        custom=rule("R8", _("Accept the proposed split"), money=True),
    )
    def accept_proposal(self, *, now: datetime) -> None:
        """R8: the client accepts the freelancer's proposal."""
        self.closed_at = now

    @transition(
        field=state,
        source=R.OPEN,
        target=None,
        permission=rules.client_moves_money,
        custom=rule("R8", _("Decline the proposed split")),
    )
    def decline_proposal(self, *, now: datetime) -> None:
        """R8: the client declines; the request stays open."""


class RefundProposalLifecycle(LifecycleModel):
    """pending → accepted | declined | replaced | void (R7, R8)."""

    NOUN = "proposal"
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = ("state", "closed_at")

    state = FSMField(default=P.PENDING, choices=P.choices, protected=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=P.PENDING,
        target=P.ACCEPTED,
        permission=rules.client_moves_money,
        custom=rule("R8", _("Accept")),
    )
    def accept(self, *, now: datetime) -> None:
        """R8."""
        self.closed_at = now

    @transition(
        field=state,
        source=P.PENDING,
        target=P.DECLINED,
        permission=rules.client_moves_money,
        custom=rule("R8", _("Decline")),
    )
    def decline(self, *, now: datetime) -> None:
        """R8."""
        self.closed_at = now

    @transition(
        field=state,
        source=P.PENDING,
        target=P.REPLACED,
        permission=rules.freelancer_moves_money,
        custom=rule("R7", _("Replace")),
    )
    def replace(self, *, now: datetime) -> None:
        """R7: a newer proposal takes its place."""
        self.closed_at = now

    @transition(field=state, source=P.PENDING, target=P.VOID, permission=rules.system, custom=rule("R6", _("Void")))
    def void(self, *, now: datetime) -> None:
        """The request changed or closed under it."""
        self.closed_at = now
