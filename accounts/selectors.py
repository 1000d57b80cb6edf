"""Reads of accounts."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.models import Membership, User
from core.permissions import Actor, ActorKind


def actor_for(user: User) -> Actor:
    """Build the actor of a signed-in person: live memberships and staff roles. One query."""
    accounts = dict(
        Membership.objects.filter(
            user_id=user.pk, removed_at__isnull=True, account__deactivated_at__isnull=True
        ).values_list("account_id", "role")
    )
    return Actor(
        kind=ActorKind.PERSON,
        name=user.name,
        user_id=user.pk,
        accounts=accounts,
        staff=frozenset(user.staff_roles) if user.is_active else frozenset(),
    )


def people_of(account_ids: Iterable[UUID]) -> list[tuple[UUID, User]]:
    """(account id, person) for each live membership, for notices. One query."""
    rows = (
        Membership.objects.filter(account_id__in=list(account_ids), removed_at__isnull=True)
        .select_related("user")
        .order_by("joined_at")
    )
    return [(m.account_id, m.user) for m in rows]


def staff_with(*roles: str) -> list[User]:
    """Active people holding one of these staff roles."""
    return list(User.objects.filter(is_active=True, staff_roles__overlap=list(roles)).order_by("name"))
