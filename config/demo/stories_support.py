"""Requests to customer support on active contracts, in every state (P1–P6)."""

from __future__ import annotations

from config.demo.people import Cast
from config.demo.scheduler import World


def tell(world: World, cast: Cast) -> None:
    """Put these stories on the timeline."""
