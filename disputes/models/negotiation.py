"""Offers and sealed bids: what is said here never reaches the arbitrator."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from contracts.enums import Side
from contracts.tombstones import BuriedText
from core.models import UUIDModel
from disputes.enums import BidState, Disposition, OfferSide, OfferState
from disputes.models.dispute import Dispute
from disputes.transitions import BlindBidLifecycle, SettlementOfferLifecycle


class SettlementOffer(UUIDModel, SettlementOfferLifecycle):
    """A proposed split of the frozen amount; only the newest is live (D11)."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="offers")
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=10, choices=OfferSide)
    to_freelancer = models.BigIntegerField()
    to_client = models.BigIntegerField()
    disposition = models.CharField(max_length=16, choices=Disposition, default=Disposition.REFUND)
    note = BuriedText(blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="disputes_offer_number"),
            models.UniqueConstraint(fields=["dispute"], condition=Q(state="pending"), name="disputes_one_live_offer"),
            models.CheckConstraint(
                condition=Q(to_freelancer__gte=0, to_client__gte=0), name="disputes_offer_shares_not_negative"
            ),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="disputes_offer_known_state"),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(freelancer_confirmed_at__isnull=False, client_confirmed_at__isnull=False),
                name="disputes_offer_accepted_by_both",
            ),
        ]

    def __str__(self) -> str:
        """Shares."""
        return f"offer {self.number}: {self.to_freelancer} / {self.to_client}"

    @property
    def contract(self) -> object:
        """The contract, for rules."""
        return self.dispute.contract


class BlindBid(UUIDModel, BlindBidLifecycle):
    """In secret: the least one side would take, or the most the other would pay (D19)."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="bids")
    side = models.CharField(max_length=10, choices=Side)
    stage = models.CharField(max_length=16)
    amount = models.BigIntegerField(help_text="What the freelancer would get, minor units.")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dispute", "side"], condition=Q(state="sealed"), name="disputes_one_sealed_bid_per_side"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="disputes_bid_not_negative"),
            models.CheckConstraint(condition=Q(state__in=BidState.values), name="disputes_bid_known_state"),
        ]

    def __str__(self) -> str:
        """Side only: the amount is secret."""
        return f"sealed bid of the {self.side}"

    @property
    def contract(self) -> object:
        """The contract, for rules."""
        return self.dispute.contract
