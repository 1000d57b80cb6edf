"""Reads of accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import JSONField, OuterRef, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from accounts.enums import FREELANCER_SIDE, AccountKind, StaffRoleChoice
from accounts.models import Account, Delegation, Invitation, Membership, User
from core.errors import StrangerError
from core.permissions import MONEY_ROLES, Actor, ActorKind, MemberRole, StandIn


def actor_for(user: User, now: datetime | None = None) -> Actor:
    """Build the actor of a signed-in person: live memberships and staff roles. One query.

    With `now`, a plain member whom a colleague with more rights has named as delegate acts as case manager
    in that account's cases (rulebook section 16); never as owner.
    """
    memberships = Membership.objects.filter(
        user_id=user.pk, removed_at__isnull=True, account__deactivated_at__isnull=True
    )
    accounts: dict[UUID, str] = {}
    stands_in: dict[UUID, StandIn] = {}
    sides: set[str] = set()
    for row in memberships.annotate(given=_given(now)).values_list("account_id", "role", "account__kind", "given"):
        account_id, role, kind, given = row
        if given and role not in MONEY_ROLES:
            role = MemberRole.CASE_MANAGER.value
            stands_in[account_id] = StandIn(UUID(given["id"]), given["name"])
        accounts[account_id] = role
        sides.add("freelancer" if kind in FREELANCER_SIDE else "client")
    return Actor(
        kind=ActorKind.PERSON,
        name=user.name,
        user_id=user.pk,
        accounts=accounts,
        staff=frozenset(user.staff_roles) if user.is_active else frozenset(),
        sides=frozenset(sides),
        stands_in=stands_in,
    )


def _given(now: datetime | None) -> Subquery | Value:
    """Who gives the member more rights at `now`: id and name, inside the same query. The first named, if several."""
    if now is None:
        return Value(None, output_field=JSONField())
    in_force = Delegation.objects.filter(
        # One join: the giver's own live membership of this very account, with rights worth giving.
        delegator__memberships__account_id=OuterRef("account_id"),
        delegator__memberships__removed_at__isnull=True,
        delegator__memberships__role__in=[role.value for role in MONEY_ROLES],
        delegator__is_active=True,
        account_id=OuterRef("account_id"),
        delegate_id=OuterRef("user_id"),
        ended_at__isnull=True,
        starts_at__lte=now,
        ends_at__gt=now,
    )
    told = JSONObject(id="delegator_id", name="delegator__name")
    return Subquery(in_force.order_by("created_at", "id").values(told=told)[:1], output_field=JSONField())


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


def delegations_of(account: Account, *, now: datetime) -> list[Delegation]:
    """Delegations of an account that are in force or still to come, by their start. One query."""
    return list(
        Delegation.objects.filter(account=account, ended_at__isnull=True, ends_at__gt=now)
        .select_related("delegator", "delegate")
        .order_by("starts_at", "id")
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
    freelancers: list[DemoPerson] = []
    clients: list[DemoPerson] = []
    staff: list[DemoPerson] = []
    for user in User.objects.filter(is_active=True).order_by("name"):
        mine = memberships.get(user.pk, [])
        if user.staff_roles or user.is_superuser:
            roles = [str(StaffRoleChoice(r).label) for r in user.staff_roles] or [_("Admin")]
            role = next((str(r) for r, _path in _DESKS if r in user.staff_roles), "admin")
            staff.append(DemoPerson(user, role, ", ".join(roles)))
        elif any(m.account.kind in FREELANCER_SIDE for m in mine):
            freelancers.append(DemoPerson(user, "freelancer", _what(mine)))
        elif mine:
            clients.append(DemoPerson(user, "client", _what(mine)))
    groups = [(_("Freelancers"), freelancers), (_("Clients"), clients), (_("Staff"), staff)]
    return [(name, people) for name, people in groups if people]


def _what(memberships: list[Membership]) -> str:
    told = []
    for m in memberships:
        if m.account.kind in {AccountKind.FREELANCER, AccountKind.CLIENT} and m.account.name == m.user.name:
            told.append(m.account.get_kind_display())
        else:
            told.append(f"{m.get_role_display()}, {m.account.name}")
    return "; ".join(told)
