"""Pure predicates of arbitration. Every object here knows its `.dispute`."""

from typing import Any

from core.permissions import Actor, ActorKind, StaffRole
from disputes.rules import clerk_or_system, is_party, party_moves_money, side_of, system

__all__ = [
    "admin",
    "clerk_or_system",
    "is_party",
    "owns_election",
    "party_moves_money",
    "provider_or_clerk",
    "side_of",
    "system",
]


def owns_election(election: Any, actor: Actor) -> bool:
    """The side whose choice this is, with the right to move money."""
    return party_moves_money(election, actor) and side_of(election, actor) == election.side


def provider_or_clerk(_obj: Any, actor: Actor) -> bool:
    """The provider by signed message, the system on its behalf, or the clerk."""
    return actor.kind is ActorKind.PROVIDER or actor.is_system or actor.is_staff(StaffRole.CLERK)


def admin(_obj: Any, actor: Actor) -> bool:
    """An admin."""
    return actor.is_staff(StaffRole.ADMIN)
