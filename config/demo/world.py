"""Builds the demonstration world: everybody, then all stories on one timeline."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.demo import (
    people,
    stories_arbitration,
    stories_contracts,
    stories_mediation,
    stories_moderation,
    stories_support,
)
from config.demo.outside import answer_everything
from config.demo.post import count_as_mailed
from config.demo.scheduler import World
from core import clock


def build(*, everybody_only: bool = False) -> int:
    """Make the world up to the present. Returns how many people live in it."""
    now = clock.now()
    cast = people.gather(now - timedelta(days=120))
    if not everybody_only:
        _play(now, cast)
    return len(cast.users)


def _play(now: datetime, cast: people.Cast) -> None:
    world = World(now)
    for stories in (stories_contracts, stories_support, stories_moderation, stories_mediation, stories_arbitration):
        stories.tell(world, cast)
    world.tell(answer_everything, ago=timedelta(days=60))
    world.play()
    count_as_mailed(now)
