"""A delegate for a time (rulebook section 16): whose rights, from when to when, told to whom."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import Account, Delegation, Invitation, Membership
from accounts.selectors import actor_for
from accounts.services import delegates, members
from contracts.services.milestones.release import approve_milestone
from core import audit, clock, outbox
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError
from core.models import AuditEntry, OutboxMessage
from disputes.negotiation.services import reject_offer
from notifications.models import Notice
from tests.factories import disputes
from tests.factories.accounts import MONDAY, make_agency, make_client, make_company, make_member, make_stranger
from tests.factories.contracts import submitted_contract

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


@contextmanager
def unchanged():
    """No row of accounts, of the record, of the notices or of the outbox differs afterwards."""

    def rows():
        models = (Account, Membership, Invitation, Delegation, AuditEntry, Notice, OutboxMessage)
        return {model: sorted(map(str, model.objects.values_list())) for model in models}

    before = rows()
    yield
    assert rows() == before


@pytest.fixture
def team():
    """(owner, a plain member) of a client company."""
    owner = make_company("Ellen Marsh")
    return owner, make_member(owner.account, name="Josh Berg")


def name(team, *, starts_at=MONDAY, ends_at=MONDAY + WEEK, now=MONDAY):
    owner, colleague = team
    return delegates.name_delegate(
        account_id=owner.account.pk,
        delegate_id=colleague.user.pk,
        starts_at=starts_at,
        ends_at=ends_at,
        actor=owner.actor,
        now=now,
    )


def role_at(person, account, instant):
    return actor_for(person.user, instant).accounts.get(account.pk)


@pytest.mark.parametrize(
    ("after_start", "role"),
    [
        (-SECOND, "member"),
        (timedelta(0), "case_manager"),
        (WEEK - SECOND, "case_manager"),
        (WEEK, "member"),
        (WEEK + SECOND, "member"),
    ],
)
def test_the_rights_hold_from_the_start_until_just_before_the_end(team, after_start, role):
    start = MONDAY + timedelta(days=1)
    name(team, starts_at=start, ends_at=start + WEEK)
    owner, colleague = team

    assert role_at(colleague, owner.account, start + after_start) == role
    assert role_at(owner, owner.account, start + after_start) == "owner"


def test_a_delegate_never_decides_about_the_team(team, client):
    name(team)
    owner, colleague = team
    acting = actor_for(colleague.user, MONDAY)

    with unchanged(), pytest.raises(NotAllowedError):
        members.invite_member(
            account_id=owner.account.pk, email="new@example.org", role="owner", actor=acting, now=MONDAY
        )
    assert acting.stands_in[owner.account.pk].name == "Ellen Marsh"


def test_whoever_has_the_rights_already_acts_in_their_own_name(team):
    owner, _ = team
    peer = make_member(owner.account, "case_manager", "Peer Manager")
    name((owner, peer))

    acting = actor_for(peer.user, MONDAY)

    assert acting.accounts[owner.account.pk] == "case_manager"
    assert acting.stands_in == {}


def test_a_plain_member_has_no_rights_to_give(team):
    owner, colleague = team
    other = make_member(owner.account, name="Other Member")
    delegates.name_delegate(
        account_id=owner.account.pk,
        delegate_id=other.user.pk,
        starts_at=MONDAY,
        ends_at=MONDAY + WEEK,
        actor=colleague.actor,
        now=MONDAY,
    )

    assert role_at(other, owner.account, MONDAY) == "member"


def test_rights_lost_by_the_giver_are_lost_by_the_delegate_at_once(team):
    owner, colleague = team
    manager = make_member(owner.account, "case_manager", "Max Manager")
    name((manager, colleague))
    assert role_at(colleague, owner.account, MONDAY) == "case_manager"

    mine = Membership.objects.get(user=manager.user)
    members.change_role(membership_id=mine.pk, role="member", actor=owner.actor, now=MONDAY)

    assert role_at(colleague, owner.account, MONDAY) == "member"


def test_an_act_of_a_delegate_moves_money_and_says_for_whom(team):
    owner, colleague = team
    world = submitted_contract(client=owner)
    with pytest.raises(NotAllowedError):
        approve_milestone(milestone_id=world.milestone.pk, actor=actor_for(colleague.user, world.now), now=world.now)

    name(team, starts_at=world.now, ends_at=world.now + WEEK, now=world.now)
    approve_milestone(milestone_id=world.milestone.pk, actor=actor_for(colleague.user, world.now), now=world.now)

    entry = audit.entries(world.contract.pk).filter(rule="C4").get()
    assert (entry.actor_id, entry.actor_name) == (colleague.user.pk, "Josh Berg")
    assert audit.teller(entry) == "Josh Berg, for Ellen Marsh"
    assert audit.verify(world.contract.pk).broken_at is None


def test_the_delegates_own_cases_are_not_done_for_anybody(team):
    _, colleague = team
    name(team)
    own = make_client("Josh Alone")
    Membership.objects.create(user=colleague.user, account=own.account, role="owner", joined_at=MONDAY)
    world = submitted_contract(client=own)

    acting = actor_for(colleague.user, world.now)
    approve_milestone(milestone_id=world.milestone.pk, actor=acting, now=world.now)

    entry = audit.entries(world.contract.pk).filter(rule="C4").get()
    assert audit.teller(entry) == "Josh Berg"


def test_both_are_told_in_the_product_and_by_mail(team):
    owner, colleague = team
    name(team, now=clock.now(), starts_at=clock.now(), ends_at=clock.now() + WEEK)
    outbox.relay(now=clock.now())

    told = {n.recipient_id: n for n in Notice.objects.filter(kind="delegation")}
    assert told[owner.user.pk].title == "Josh Berg stands in for you at Northwind Goods"
    assert told[colleague.user.pk].title == "You stand in for Ellen Marsh at Northwind Goods"
    assert {n.contract_id for n in told.values()} == {None}
    assert {m.to[0] for m in mail.outbox} == {owner.user.email, colleague.user.email}


def test_it_is_ended_early_by_either_or_by_an_owner_and_both_are_told(team):
    owner, colleague = team
    second = make_member(owner.account, "owner", "Second Owner")
    for n, who in enumerate((owner, colleague, second)):
        at = MONDAY + timedelta(hours=n)
        found = name(team, starts_at=at, ends_at=at + WEEK, now=at)
        delegates.end_delegation(delegation_id=found.pk, actor=who.actor, now=at + SECOND)
        assert role_at(colleague, owner.account, at + SECOND) == "member"

    assert Notice.objects.filter(title="Josh Berg no longer stands in for you at Northwind Goods").count() == 3


def test_nobody_else_ends_it(team):
    owner, _ = team
    found = name(team)
    bystander = make_member(owner.account, "case_manager", "By Stander")
    stranger = make_stranger()

    with unchanged(), pytest.raises(NotAllowedError):
        delegates.end_delegation(delegation_id=found.pk, actor=bystander.actor, now=MONDAY)
    with unchanged(), pytest.raises(StrangerError):
        delegates.end_delegation(delegation_id=found.pk, actor=stranger.actor, now=MONDAY)


def test_what_is_over_cannot_be_ended_again(team):
    owner, _ = team
    found = name(team)

    with unchanged(), pytest.raises(OutOfTurnError):
        delegates.end_delegation(delegation_id=found.pk, actor=owner.actor, now=found.ends_at)
    delegates.end_delegation(delegation_id=found.pk, actor=owner.actor, now=found.ends_at - SECOND)
    with unchanged(), pytest.raises(OutOfTurnError):
        delegates.end_delegation(delegation_id=found.pk, actor=owner.actor, now=found.ends_at - SECOND)


@pytest.mark.parametrize("who_leaves", ["delegator", "delegate"])
def test_leaving_the_account_ends_it(team, who_leaves):
    owner, colleague = team
    second = make_member(owner.account, "owner", "Second Owner")
    found = name(team)
    leaver = owner if who_leaves == "delegator" else colleague
    mine = Membership.objects.get(user=leaver.user, account=owner.account)

    members.remove_member(membership_id=mine.pk, actor=second.actor, now=MONDAY + SECOND)

    found.refresh_from_db()
    assert found.ended_at == MONDAY + SECOND
    assert role_at(colleague, owner.account, MONDAY + SECOND) != "case_manager"


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "field"),
    [
        (MONDAY - SECOND, MONDAY + WEEK, "first_day"),
        (MONDAY, MONDAY, "last_day"),
        (MONDAY + WEEK, MONDAY + WEEK, "last_day"),
        (MONDAY, MONDAY + timedelta(days=91), "last_day"),
    ],
)
def test_days_that_make_no_sense_are_refused(team, starts_at, ends_at, field):
    with unchanged(), pytest.raises(InvalidInputError) as refused:
        name(team, starts_at=starts_at, ends_at=ends_at)
    assert list(refused.value.fields) == [field]


def test_nobody_stands_in_for_themselves_and_strangers_for_nobody(team):
    owner, _ = team
    elsewhere, stranger = make_agency("Other Owner"), make_stranger()
    for who in (owner, elsewhere):
        with unchanged(), pytest.raises(InvalidInputError):
            name((owner, who))
    with unchanged(), pytest.raises(StrangerError):
        delegates.name_delegate(
            account_id=owner.account.pk,
            delegate_id=owner.user.pk,
            starts_at=MONDAY,
            ends_at=MONDAY + WEEK,
            actor=stranger.actor,
            now=MONDAY,
        )


def test_two_at_once_are_refused_and_one_after_the_other_is_fine(team):
    name(team)

    with unchanged(), pytest.raises(OutOfTurnError):
        name(team, starts_at=MONDAY + WEEK - SECOND, ends_at=MONDAY + 2 * WEEK)
    name(team, starts_at=MONDAY + WEEK, ends_at=MONDAY + 2 * WEEK)
    assert Delegation.objects.count() == 2


def test_naming_and_ending_on_the_pages(team, client):
    owner, colleague = team
    client.force_login(owner.user)
    today = clock.now().date()
    page = reverse("accounts:delegate", args=[owner.account.pk])
    form = {"delegate": str(colleague.user.pk), "first_day": today, "last_day": today + timedelta(days=6)}

    assert "at most what a case manager may do" in client.get(page).content.decode()
    refused = client.post(page, form | {"last_day": today - timedelta(days=1)})
    assert refused.status_code == 422
    assert client.post(page, form).status_code == 303
    team_page = client.get(reverse("accounts:team", args=[owner.account.pk])).content.decode()
    assert "Josh Berg for Ellen Marsh" in team_page

    found = Delegation.objects.get()
    end = reverse("accounts:delegation_end", args=[found.pk])
    assert client.get(end).status_code == 200
    assert client.post(end).status_code == 303
    assert client.post(end).status_code == 409
    client.force_login(make_stranger().user)
    assert client.get(end).status_code == 404
    assert client.get(page).status_code == 404


def test_a_day_of_a_delegation_is_a_day_of_ones_own_zone(team, client):
    owner, colleague = team
    owner.user.timezone = "Asia/Manila"
    owner.user.save(update_fields=["timezone"])
    client.force_login(owner.user)
    day = (clock.now() + timedelta(days=10)).date()

    client.post(
        reverse("accounts:delegate", args=[owner.account.pk]),
        {"delegate": str(colleague.user.pk), "first_day": day, "last_day": day},
    )

    found = Delegation.objects.get()
    assert (found.ends_at - found.starts_at) == timedelta(days=1)
    assert found.starts_at.isoformat().endswith("T16:00:00+00:00")


def test_the_actor_costs_one_query_with_and_without_a_delegate(team, django_assert_num_queries):
    owner, colleague = team
    name(team)

    for person in (owner, colleague):
        with django_assert_num_queries(1):
            actor_for(person.user, MONDAY)


def test_the_dispute_page_says_which_colleague_acted_and_for_whom(client):
    case = disputes.active_route_case()
    owner = case.world.client
    colleague = make_member(owner.account, name="Josh Berg")
    name((owner, colleague), starts_at=case.now, ends_at=case.now + WEEK, now=case.now)
    acting = actor_for(colleague.user, case.now)

    found = disputes.offer(case, case.world.freelancer, 50_000)
    reject_offer(offer_id=found.pk, actor=acting, now=case.now)

    entry = audit.entries(case.dispute_id).filter(actor_id=colleague.user.pk).last()
    assert audit.teller(entry) == f"Josh Berg, for {owner.user.name}"
    for reader in (case.world.freelancer, owner):
        client.force_login(reader.user)
        page = client.get(reverse("disputes:dispute", args=[case.dispute.reference])).content.decode()
        assert f"(Josh Berg, for {owner.user.name})" in page
