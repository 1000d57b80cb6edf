"""People of these tests, made by the services."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from accounts.models import User
from accounts.selectors import actor_for
from accounts.services import members, people
from core.permissions import VISITOR

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "a-long-password"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def make_person(db):
    def make(name="Rafael Domingo", kind="freelancer", email=None, **fields):
        email = email or f"{name.split()[0].lower()}@example.com"
        return people.sign_up(email=email, name=name, password=PASSWORD, kind=kind, actor=VISITOR, now=NOW, **fields)

    return make


@pytest.fixture
def person(make_person):
    return make_person()


@pytest.fixture
def agency(make_person):
    """(account, owner, member) of an agency."""
    owner = make_person("Niamh Harrow")
    member = make_person("Bea Alves")
    account = members.create_agency(name="Harrow & Finch", actor=actor_for(owner), now=NOW)
    members.add_member(account_id=account.pk, user_id=member.pk, role="member", actor=actor_for(owner), now=NOW)
    return account, owner, member


@pytest.fixture
def staff(db):
    return User.objects.create_user("maya@example.com", PASSWORD, name="Maya Okonkwo", staff_roles=["specialist"])
