"""People and party accounts."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime

from accounts.enums import AccountKind
from accounts.models import Account, Membership, User
from accounts.selectors import actor_for
from core.permissions import Actor, MemberRole, StaffRole

# A Monday, 09:00 UTC: business days and calendar days are easy to count from it.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

_numbers = itertools.count(1)


@dataclass
class Person:
    """A user, the account they act for (staff have none) and a fresh actor whenever asked."""

    user: User
    account: Account | None = None

    @property
    def actor(self) -> Actor:
        return actor_for(User.objects.get(pk=self.user.pk))


def make_user(name: str = "", **fields) -> User:
    number = next(_numbers)
    name = name or f"Person {number}"
    email = fields.pop("email", f"{name.split()[0].lower()}.{number}@example.org")
    return User.objects.create_user(email, fields.pop("password", "a long enough password"), name=name, **fields)


def make_account(kind: str, name: str = "", *, now: datetime = MONDAY) -> Account:
    return Account.objects.create(kind=kind, name=name or f"{kind.title()} {next(_numbers)}", created_at=now)


def join(user: User, account: Account, role: str = MemberRole.OWNER, *, now: datetime = MONDAY) -> Membership:
    return Membership.objects.create(user=user, account=account, role=role, joined_at=now)


def _owner(kind: str, name: str, account_name: str, **fields) -> Person:
    user = make_user(name, **fields)
    account = make_account(kind, account_name or name)
    join(user, account)
    return Person(user, account)


def make_freelancer(name: str = "Rafael Domingo", **fields) -> Person:
    return _owner(AccountKind.FREELANCER, name, "", **fields)


def make_agency(name: str = "Lin Agency Owner", account_name: str = "Pixel & Sons", **fields) -> Person:
    return _owner(AccountKind.AGENCY, name, account_name, **fields)


def make_client(name: str = "Anna Kowalski", **fields) -> Person:
    return _owner(AccountKind.CLIENT, name, "", **fields)


def make_company(name: str = "Tom Reed", account_name: str = "Northwind Goods", **fields) -> Person:
    return _owner(AccountKind.COMPANY, name, account_name, **fields)


def make_member(account: Account, role: str = MemberRole.MEMBER, name: str = "Mika Colleague", **fields) -> Person:
    """A colleague: `member` reads and writes, `case_manager` may also move money."""
    user = make_user(name, **fields)
    join(user, account, role)
    return Person(user, account)


def make_staff(*roles: str, name: str = "Maya Staff", **fields) -> Person:
    return Person(make_user(name, staff_roles=[str(r) for r in roles], **fields))


def make_support(name: str = "Sam Support", **fields) -> Person:
    return make_staff(StaffRole.SUPPORT, name=name, **fields)


def make_specialist(name: str = "Maya Okafor", **fields) -> Person:
    return make_staff(StaffRole.SPECIALIST, name=name, **fields)


def make_supervisor(name: str = "Tomas Lind", **fields) -> Person:
    return make_staff(StaffRole.SUPERVISOR, name=name, **fields)


def make_clerk(name: str = "Clara Clerk", **fields) -> Person:
    return make_staff(StaffRole.CLERK, name=name, **fields)


def make_admin(name: str = "Ada Admin", **fields) -> Person:
    return make_staff(StaffRole.ADMIN, name=name, **fields)


def make_stranger(name: str = "Sue Stranger", **fields) -> Person:
    """Somebody with an account of their own and no part in anybody else's contract."""
    return make_freelancer(name, **fields)
