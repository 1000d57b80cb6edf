"""Pure predicates of mediation. Every object here knows its `.dispute`."""

from __future__ import annotations

from typing import Any

from core.permissions import Actor
from disputes.rules import (
    is_assigned,
    is_assigned_or_system,
    is_party,
    may_see,
    party_moves_money,
    side_of,
    supervisor,
    supervisor_or_system,
    system,
)

__all__ = [
    "is_assigned",
    "is_assigned_or_system",
    "is_party",
    "may_see",
    "party_moves_money",
    "releases",
    "side_of",
    "staff_may_see",
    "supervisor",
    "supervisor_or_system",
    "system",
]


def releases(obj: Any, actor: Actor) -> bool:
    """Four eyes: a supervisor releases what somebody else wrote."""
    return supervisor(obj, actor) and obj.written_by_id != actor.user_id


def staff_may_see(obj: Any, actor: Actor) -> bool:
    """The desk's side of a case: the assigned specialist and supervisors, never a party."""
    return is_assigned(obj, actor) or supervisor(obj, actor)
