"""The lifecycles of offers and sealed bids (D11, D12, D19)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from core.road import LifecycleModel, rule
from disputes import rules
from disputes.enums import BidState as B
from disputes.enums import OfferState as O


class SettlementOfferLifecycle(LifecycleModel):
    """pending → accepted | rejected | countered | withdrawn | expired | void (D11, D12)."""

    NOUN = "offer"
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = (
        "state",
        "closed_at",
        "freelancer_confirmed_at",
        "client_confirmed_at",
    )

    state = FSMField(default=O.PENDING, choices=O.choices, protected=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    freelancer_confirmed_at = models.DateTimeField(null=True, blank=True)
    client_confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=O.PENDING,
        target=None,
        permission=rules.party_moves_money,
        custom=rule("D12", _("Agree to the specialist's draft")),
    )
    def confirm(self, *, now: datetime, side: str) -> None:
        """D12: one side's agreement to a specialist's draft, secret until both agreed."""
        if side == "freelancer":
            self.freelancer_confirmed_at = now
        else:
            self.client_confirmed_at = now

    @transition(
        field=state,
        source=O.PENDING,
        target=O.ACCEPTED,
        permission=lambda o, a: rules.party_moves_money(o, a) and rules.side_of(o, a) != o.side,
        custom=rule("D12", _("Accept"), money=True),
    )
    def accept(self, *, now: datetime) -> None:
        """D12: the second confirmation."""
        self.freelancer_confirmed_at = self.freelancer_confirmed_at or now
        self.client_confirmed_at = self.client_confirmed_at or now
        self.closed_at = now

    @transition(
        field=state,
        source=O.PENDING,
        target=O.REJECTED,
        permission=lambda o, a: rules.party_moves_money(o, a) and rules.side_of(o, a) != o.side,
        custom=rule("D11", _("Decline")),
    )
    def reject(self, *, now: datetime) -> None:
        """D11."""
        self.closed_at = now

    @transition(
        field=state,
        source=O.PENDING,
        target=O.COUNTERED,
        permission=lambda o, a: rules.party_moves_money(o, a) or rules.is_assigned(o, a),
        custom=rule("D11", _("Counter")),
    )
    def counter(self, *, now: datetime) -> None:
        """D11: a newer offer takes its place."""
        self.closed_at = now

    @transition(
        field=state,
        source=O.PENDING,
        target=O.WITHDRAWN,
        permission=lambda o, a: (
            rules.is_assigned(o, a)
            if o.side == "specialist"
            else rules.party_moves_money(o, a) and rules.side_of(o, a) == o.side
        ),
        custom=rule("D11", _("Withdraw")),
    )
    def withdraw(self, *, now: datetime) -> None:
        """D11: the offeror takes it back."""
        self.closed_at = now

    @transition(
        field=state, source=O.PENDING, target=O.EXPIRED, permission=rules.system, custom=rule("D11", _("Expire"))
    )
    def expire(self, *, now: datetime) -> None:
        """Z8: 72 h, or the end of its stage."""
        self.closed_at = now

    @transition(field=state, source=O.PENDING, target=O.VOID, permission=rules.system, custom=rule("E1", _("Void")))
    def void(self, *, now: datetime) -> None:
        """E1, D8: the stage or the amount changed under it."""
        self.closed_at = now


class BlindBidLifecycle(LifecycleModel):
    """sealed → withdrawn | replaced | matched | void (D19)."""

    NOUN = "bid"
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = ("state", "closed_at")

    state = FSMField(default=B.SEALED, choices=B.choices, protected=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=B.SEALED,
        target=B.WITHDRAWN,
        permission=lambda b, a: rules.party_moves_money(b, a) and rules.side_of(b, a) == b.side,
        custom=rule("D19", _("Withdraw the bid")),
    )
    def withdraw(self, *, now: datetime) -> None:
        """D19: until the comparison."""
        self.closed_at = now

    @transition(
        field=state,
        source=B.SEALED,
        target=B.REPLACED,
        permission=lambda b, a: rules.party_moves_money(b, a) and rules.side_of(b, a) == b.side,
        custom=rule("D19", _("Replace the bid")),
    )
    def replace(self, *, now: datetime) -> None:
        """D19."""
        self.closed_at = now

    @transition(field=state, source=B.SEALED, target=B.MATCHED, permission=rules.system, custom=rule("D19", _("Match")))
    def match(self, *, now: datetime) -> None:
        """D19."""
        self.closed_at = now

    @transition(field=state, source=B.SEALED, target=B.VOID, permission=rules.system, custom=rule("E1", _("Void")))
    def void(self, *, now: datetime) -> None:
        """E1, D8."""
        self.closed_at = now
