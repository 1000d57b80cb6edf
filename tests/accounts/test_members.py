"""Agencies and companies: who acts for them (S02, rulebook section 4)."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import Account, Invitation, Membership
from accounts.selectors import actor_for
from accounts.services import members
from core import audit, clock, outbox
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError, TooLateError
from tests.factories.accounts import MONDAY, make_agency, make_company, make_freelancer, make_member
from tests.factories.contracts import refund_requested_contract

pytestmark = pytest.mark.django_db


def membership_of(person):
    return Membership.objects.get(user=person.user, account=person.account, removed_at__isnull=True)


def test_S02_a_freelancer_makes_an_agency_and_owns_it(client, person):
    client.force_login(person)

    answer = client.post("/settings/members/new/", {"kind": "agency", "name": "Harrow & Finch"})

    account = Account.objects.get(kind="agency")
    assert answer["Location"] == reverse("accounts:team", args=[account.pk])
    assert actor_for(person).accounts[account.pk] == "owner"
    assert audit.verify(account.pk).broken_at is None


def test_removal_ends_rights_at_once_on_the_very_next_request(client):
    owner = make_agency()
    colleague = make_member(owner.account)
    page = reverse("accounts:team", args=[owner.account.pk])
    client.force_login(colleague.user)
    assert client.get(page).status_code == 200

    members.remove_member(membership_id=membership_of(colleague).pk, actor=owner.actor, now=MONDAY)

    assert client.get(page).status_code == 404
    assert owner.account.pk not in colleague.actor.accounts


def test_a_member_decides_about_nobody(client):
    owner = make_agency()
    colleague = make_member(owner.account)
    client.force_login(colleague.user)
    page = reverse("accounts:team", args=[owner.account.pk])

    assert "Invite somebody" not in client.get(page).content.decode()
    assert client.post(page, {"email": "new@example.com", "role": "owner"}).status_code == 403
    change = reverse("accounts:member_role", args=[membership_of(owner).pk])
    assert client.post(change, {"role": "member"}).status_code == 403
    assert client.post(reverse("accounts:member_remove", args=[membership_of(owner).pk])).status_code == 403
    assert membership_of(owner).role == "owner"
    assert Invitation.objects.count() == 0


def test_strangers_see_no_account_and_no_membership(client):
    owner = make_agency()
    client.force_login(make_freelancer("Sue Stranger").user)

    for path in (
        reverse("accounts:team", args=[owner.account.pk]),
        reverse("accounts:member_role", args=[membership_of(owner).pk]),
        reverse("accounts:member_remove", args=[membership_of(owner).pk]),
    ):
        assert client.get(path).status_code == 404
        assert client.post(path, {"role": "member"}).status_code == 404


def test_the_last_owner_cannot_leave_while_a_case_is_open():
    company = make_company()
    world = refund_requested_contract(client=company)
    make_member(company.account)
    mine = membership_of(company)

    with pytest.raises(OutOfTurnError, match="while a case is open"):
        members.remove_member(membership_id=mine.pk, actor=company.actor, now=world.now)
    with pytest.raises(OutOfTurnError, match="while a case is open"):
        members.change_role(membership_id=mine.pk, role="member", actor=company.actor, now=world.now)

    assert membership_of(company).role == "owner"


def test_an_owner_leaves_when_another_owner_stays(client):
    owner = make_agency()
    second = make_member(owner.account, "owner", "Second Owner")
    client.force_login(owner.user)

    answer = client.post(reverse("accounts:member_remove", args=[membership_of(owner).pk]))

    assert answer["Location"] == reverse("accounts:members")
    assert owner.actor.accounts == {}
    assert membership_of(second).role == "owner"


def test_refusing_to_leave_is_told_on_the_page(client):
    company = make_company()
    refund_requested_contract(client=company)
    client.force_login(company.user)

    answer = client.post(reverse("accounts:member_remove", args=[membership_of(company).pk]))

    assert answer.status_code == 409
    assert "while a case is open" in answer.content.decode()


def test_an_invitation_is_mailed_and_only_its_address_may_accept(client):
    owner = make_agency()
    client.force_login(owner.user)
    client.post(
        reverse("accounts:team", args=[owner.account.pk]), {"email": "Mika@example.org", "role": "case_manager"}
    )
    outbox.relay(now=clock.now())
    [letter] = mail.outbox
    path = re.search(r"http://testserver(/invitations/\S+/)", letter.body)[1]
    other, mika = make_freelancer("Other Person"), make_freelancer("Mika Park", email="mika@example.org")

    client.force_login(other.user)
    assert client.post(path).status_code == 404
    client.force_login(mika.user)
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 303
    again = client.post(path)

    assert letter.to == ["mika@example.org"]
    assert mika.actor.accounts[owner.account.pk] == "case_manager"
    assert again.status_code == 409
    assert Membership.objects.filter(account=owner.account).count() == 2


def test_an_invitation_counts_for_seven_days_and_can_be_taken_back():
    owner, mika = make_agency(), make_freelancer("Mika Park", email="mika@example.org")
    invitation = members.invite_member(
        account_id=owner.account.pk, email="mika@example.org", role="member", actor=owner.actor, now=MONDAY
    )

    with pytest.raises(TooLateError):
        members.accept_invitation(invitation_id=invitation.pk, actor=mika.actor, now=invitation.expires_at)
    members.revoke_invitation(invitation_id=invitation.pk, actor=owner.actor, now=MONDAY)
    with pytest.raises(OutOfTurnError):
        members.accept_invitation(invitation_id=invitation.pk, actor=mika.actor, now=MONDAY)

    assert owner.account.pk not in mika.actor.accounts


def test_nobody_stands_on_both_sides_of_a_contract():
    company = make_company()
    world = refund_requested_contract(client=company)

    with pytest.raises(InvalidInputError, match="other side"):
        members.add_member(
            account_id=company.account.pk,
            user_id=world.freelancer.user.pk,
            role="member",
            actor=company.actor,
            now=world.now,
        )


def test_a_persons_own_account_takes_no_members():
    person = make_freelancer()

    with pytest.raises(NotAllowedError):
        members.invite_member(
            account_id=person.account.pk, email="a@example.org", role="member", actor=person.actor, now=MONDAY
        )
    with pytest.raises(NotAllowedError):
        members.leave(account_id=person.account.pk, actor=person.actor, now=MONDAY)


def test_nobody_changes_somebody_elses_settings():
    from accounts.services import people

    mine, other = make_freelancer(), make_freelancer("Other Person")
    with pytest.raises(StrangerError):
        people.update_settings(
            user_id=other.user.pk,
            name="X",
            timezone="UTC",
            theme="dark",
            shortcut_keys=False,
            actor=mine.actor,
            now=MONDAY,
        )
