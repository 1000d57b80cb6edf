"""Pure predicates of arbitration. Every object here knows its `.dispute`."""

from typing import Any

from core.permissions import Actor, ActorKind, StaffRole
from disputes.rules import is_party, may_see, party_moves_money, side_of, system

__all__ = [
    "admin",
    "award_recorder",
    "clerk",
    "clerk_or_system",
    "is_party",
    "may_see",
    "owns_election",
    "party_moves_money",
    "provider_or_clerk",
    "side_of",
    "system",
]


def owns_election(election: Any, actor: Actor) -> bool:
    """The side whose choice this is, with the right to move money."""
    return party_moves_money(election, actor) and side_of(election, actor) == election.side


def clerk(obj: Any, actor: Actor) -> bool:
    """An arbitration clerk who is no party of this case (rulebook section 4, separation)."""
    return actor.is_staff(StaffRole.CLERK) and not is_party(obj, actor)


def clerk_or_system(obj: Any, actor: Actor) -> bool:
    """The clerk, or the system on the provider's behalf."""
    return actor.is_system or clerk(obj, actor)


def provider_or_clerk(obj: Any, actor: Actor) -> bool:
    """The provider by signed message, the system on its behalf, or the clerk."""
    return actor.kind is ActorKind.PROVIDER or clerk_or_system(obj, actor)


def award_recorder(obj: Any, actor: Actor) -> bool:
    """Whoever may make an award count: the provider, or the second person of an award entered by hand (A5)."""
    second = actor.is_staff(StaffRole.CLERK, StaffRole.SUPERVISOR, StaffRole.ADMIN) and not is_party(obj, actor)
    return second or provider_or_clerk(obj, actor)


def admin(obj: Any, actor: Actor) -> bool:
    """An admin who is no party of the contract."""
    return actor.is_staff(StaffRole.ADMIN) and not is_party(obj, actor)
