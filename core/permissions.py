"""Who acts. Built once at the edge, so that rules are pure predicates without queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class ActorKind(StrEnum):
    """Where an act comes from."""

    PERSON = "person"
    SYSTEM = "system"
    PROVIDER = "provider"
    GATEWAY = "gateway"
    VISITOR = "visitor"


class StaffRole(StrEnum):
    """Staff roles of rulebook section 4."""

    SUPPORT = "support"
    SPECIALIST = "specialist"
    SUPERVISOR = "supervisor"
    CLERK = "arb_clerk"
    ADMIN = "admin"


class MemberRole(StrEnum):
    """What a member may do for a party's account (rulebook section 4)."""

    OWNER = "owner"
    CASE_MANAGER = "case_manager"
    MEMBER = "member"


# Acts that move money need one of these.
MONEY_ROLES = frozenset({MemberRole.OWNER, MemberRole.CASE_MANAGER})

_NO_ACCOUNTS: Mapping[UUID, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StandIn:
    """For whom a delegate acts, for a time (rulebook section 16)."""

    user_id: UUID
    name: str


_FOR_NOBODY: Mapping[UUID, StandIn] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with memberships and staff roles, or a machine with a name."""

    kind: ActorKind
    name: str
    user_id: UUID | None = None
    accounts: Mapping[UUID, str] = field(default_factory=lambda: _NO_ACCOUNTS)
    staff: frozenset[str] = frozenset()
    # "freelancer", "client": for which sides of contracts the person acts at all (which bar to show).
    sides: frozenset[str] = frozenset()
    # Accounts whose cases the person handles as somebody's delegate, with more rights than the own role gives.
    stands_in: Mapping[UUID, StandIn] = field(default_factory=lambda: _FOR_NOBODY)

    @property
    def is_system(self) -> bool:
        """Whether the system itself acts (sweep, wiring)."""
        return self.kind is ActorKind.SYSTEM

    @property
    def is_person(self) -> bool:
        """Whether a signed-in person acts."""
        return self.kind is ActorKind.PERSON

    def is_staff(self, *roles: StaffRole) -> bool:
        """Whether the actor holds one of these staff roles (any role when none is named)."""
        return bool(self.staff.intersection(roles)) if roles else bool(self.staff)

    def acts_for(self, account_id: UUID) -> bool:
        """Whether the actor is a member of this party account."""
        return account_id in self.accounts

    def moves_money_for(self, account_id: UUID) -> bool:
        """Whether the actor may do acts that move money for this party account."""
        return self.accounts.get(account_id) in MONEY_ROLES


SYSTEM = Actor(kind=ActorKind.SYSTEM, name="Evenhand")
GATEWAY = Actor(kind=ActorKind.GATEWAY, name="Payment gateway")
PROVIDER = Actor(kind=ActorKind.PROVIDER, name="Arbitration provider")
VISITOR = Actor(kind=ActorKind.VISITOR, name="Visitor")
