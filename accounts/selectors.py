"""Reads of accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.enums import FREELANCER_SIDE, AccountKind, StaffRoleChoice
from accounts.models import Account, Invitation, Membership, User
from core.errors import StrangerError
from core.permissions import Actor, ActorKind, MemberRole


def actor_for(user: User) -> Actor:
    """Build the actor of a signed-in person: live memberships and staff roles. One query."""
    rows = list(
        Membership.objects.filter(
            user_id=user.pk, removed_at__isnull=True, account__deactivated_at__isnull=True
        ).values_list("account_id", "role", "account__kind")
    )
    return Actor(
        kind=ActorKind.PERSON,
        name=user.name,
        user_id=user.pk,
        accounts={account_id: role for account_id, role, _ in rows},
        staff=frozenset(user.staff_roles) if user.is_active else frozenset(),
        sides=frozenset("freelancer" if kind in FREELANCER_SIDE else "client" for _, _, kind in rows),
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


# --- the account pages -----------------------------------------------------------


def accounts_of(user: User) -> list[Membership]:
    """Live memberships of a person with their accounts, oldest first. One query."""
    return list(
        Membership.objects.filter(user=user, removed_at__isnull=True, account__deactivated_at__isnull=True)
        .select_related("account")
        .order_by("joined_at", "id")
    )


def get_account_for(actor: Actor, account_id: UUID) -> Account:
    """An account the actor is a member of. Raises StrangerError."""
    if not actor.acts_for(account_id):
        raise StrangerError
    found = Account.objects.filter(pk=account_id, deactivated_at__isnull=True).first()
    if found is None:
        raise StrangerError
    return found


def members_of(account: Account) -> list[Membership]:
    """Live members with their people, owners first. One query."""
    rows = Membership.objects.filter(account=account, removed_at__isnull=True).select_related("user")
    rank = {MemberRole.OWNER: 0, MemberRole.CASE_MANAGER: 1}
    return sorted(rows, key=lambda m: (rank.get(MemberRole(m.role), 2), m.joined_at))


def open_invitations(account: Account, *, now: datetime) -> list[Invitation]:
    """Invitations nobody has accepted yet and that still count. One query."""
    return list(
        Invitation.objects.filter(
            account=account, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
        ).order_by("invited_at")
    )


def home_path(actor: Actor, kinds: Iterable[str]) -> str:
    """Where a person starts: staff at their desk, freelancers at Find Work, clients at My Jobs."""
    for role, path in _DESKS:
        if role in actor.staff:
            return path
    mine = set(kinds)
    return "/find-work/" if mine & FREELANCER_SIDE or not mine else "/my-jobs/"


_DESKS = (
    (StaffRoleChoice.SUPERVISOR, "/desk/"),
    (StaffRoleChoice.SPECIALIST, "/desk/"),
    (StaffRoleChoice.SUPPORT, "/support-desk/"),
    (StaffRoleChoice.CLERK, "/arbitration-desk/"),
    (StaffRoleChoice.ADMIN, "/admin/"),
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the sandbox's sign-in list."""

    user: User
    role: str  # shape of the avatar
    what: str  # "Freelancer", "Owner of Northwind Goods"


def demo_people() -> list[tuple[str, list[DemoPerson]]]:
    """Everybody who can sign in, grouped by what they do (sandbox only). Two queries."""
    memberships: dict[UUID, list[Membership]] = {}
    for membership in (
        Membership.objects.filter(removed_at__isnull=True).select_related("account", "user").order_by("joined_at")
    ):
        memberships.setdefault(membership.user_id, []).append(membership)
    groups: dict[str, list[DemoPerson]] = {name: [] for name in ("Freelancers", "Clients", "Staff")}
    for user in User.objects.filter(is_active=True).order_by("name"):
        mine = memberships.get(user.pk, [])
        if user.staff_roles or user.is_superuser:
            roles = [str(StaffRoleChoice(r).label) for r in user.staff_roles] or ["Admin"]
            role = next((str(r) for r, _ in _DESKS if r in user.staff_roles), "admin")
            groups["Staff"].append(DemoPerson(user, role, ", ".join(roles)))
        elif any(m.account.kind in FREELANCER_SIDE for m in mine):
            groups["Freelancers"].append(DemoPerson(user, "freelancer", _what(mine)))
        elif mine:
            groups["Clients"].append(DemoPerson(user, "client", _what(mine)))
    return [(name, people) for name, people in groups.items() if people]


def _what(memberships: list[Membership]) -> str:
    told = []
    for m in memberships:
        if m.account.kind in {AccountKind.FREELANCER, AccountKind.CLIENT} and m.account.name == m.user.name:
            told.append(m.account.get_kind_display())
        else:
            told.append(f"{m.get_role_display()}, {m.account.name}")
    return "; ".join(told)
