"""Lifecycles of this room. A transition sets the state and its own timestamps; the road asks who may."""

from disputes.transitions.dispute import DisputeLifecycle
from disputes.transitions.negotiation import BlindBidLifecycle, SettlementOfferLifecycle
from disputes.transitions.support import SupportRequestLifecycle

__all__ = [
    "BlindBidLifecycle",
    "DisputeLifecycle",
    "SettlementOfferLifecycle",
    "SupportRequestLifecycle",
]
