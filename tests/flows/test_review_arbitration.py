"""Arbitration from other angles: messages out of order, clerks who are a side, alerts that reach who can act."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Membership
from arbitration.services import inbox, sending
from core import clock
from core.errors import StrangerError
from core.models import AuditEntry
from notifications.models import Notice
from tests.factories.accounts import make_clerk
from tests.factories.arbitration import (
    REASON,
    C,
    F,
    both_paid_case,
    failed_case,
    filed_arbitration,
    rejected_once,
    rejected_twice,
)
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def join(person, account, now):
    Membership.objects.create(account=account, user=person.user, role="owner", joined_at=now)


@pytest.mark.rule("A1", "A3", "A5", "A6")
def test_a5_an_award_that_overtakes_the_acceptance_is_kept_and_carried_out_after_it():
    arb = both_paid_case()
    step = arb.hear(arb.event("case.progress", {"step": "The hearing is set."}))
    arb.later(seconds=1)  # what waits is applied in the order in which it came
    award = arb.hear(arb.event("award.made", arb.award_data(120_000)))
    assert (step.state, award.state, arb.dispute.state) == ("received", "received", "in_arbitration")
    arb.later(minutes=1)
    assert arb.hear(arb.event("case.accepted")).state == "applied"
    assert sending._apply_waiting(arb.now) == 2
    assert arb.dispute.resolution_code == "award"
    assert arb.dispute.resolution.to_freelancer == 120_000
    assert sending._apply_waiting(arb.now) == 0


@pytest.mark.rule("A4")
def test_a4_an_award_that_overtook_an_acceptance_changes_nothing_after_a_settlement():
    arb = both_paid_case()
    body = arb.event("award.made", arb.award_data(120_000))
    row = arb.hear(body)
    arb.accept_claim()
    with unchanged_money(arb):
        sending._apply_waiting(arb.now)
    row.refresh_from_db()
    assert row.state == "ignored"


def unchanged_money(arb):
    from contextlib import contextmanager

    from contracts.models import JournalEntry

    @contextmanager
    def same():
        before = JournalEntry.objects.filter(contract=arb.contract).count()
        yield
        assert JournalEntry.objects.filter(contract=arb.contract).count() == before

    return same()


@pytest.mark.rule("A1")
def test_a_clerk_who_is_a_side_reads_nothing_of_the_desk_and_sets_nothing_aside(client):
    arb = filed_arbitration()
    held = arb.hear(arb.event("award.made", arb.award_data(120_000, to_client=1)))
    assert held.state == "held"
    partisan = make_clerk("Partisan Clerk")
    join(partisan, arb.contract.client_account, arb.now)
    clock.freeze(arb.now)
    client.force_login(partisan.user)
    for path in (
        reverse("arbitration:desk_case", args=[arb.reference]),
        reverse("arbitration:held", args=[held.pk]),
    ):
        assert client.get(path).status_code == 404, path
    assert arb.dispute.number not in client.get(reverse("arbitration:desk")).content.decode()
    with unchanged(arb.contract), pytest.raises(StrangerError):
        inbox.set_aside(event_id=held.pk, note="Not good for us.", actor=partisan.actor, now=arb.now)
    client.force_login(arb.clerk.user)
    assert arb.dispute.number in client.get(reverse("arbitration:desk")).content.decode()
    answer = client.post(
        reverse("arbitration:held", args=[held.pk]), {"reason": "The sum was wrong.", "_once": str(uuid.uuid4())}
    )
    assert answer.status_code == 303
    held.refresh_from_db()
    assert held.state == "ignored"
    row = AuditEntry.objects.get(chain_id=arb.dispute_id, act="set_message_aside")
    assert (row.actor_id, row.reason) == (arb.clerk.user.pk, "The sum was wrong.")


@pytest.mark.rule("X2")
def test_x2_the_admins_are_told_that_the_money_is_frozen_and_both_sides_why():
    from tests.factories.contracts import submitted_contract

    arb = failed_case()
    world = submitted_contract()
    order = _freeze(arb, world)
    told = Notice.objects.filter(kind="order_carried_out", contract_id=world.contract.pk)
    assert told.count() == 2
    assert all(REASON in notice.details for notice in told)
    from core import deadlines

    deadlines.sweep(now=world.now + timedelta(days=1))
    late = Notice.objects.filter(contract_id=world.contract.pk, kind="desk_alert")
    assert {n.recipient_id for n in late} == {a.user.pk for a in arb.admins}
    assert late.first().link == reverse("arbitration:orders")
    assert order.executed_at is not None


def _freeze(arb, world):
    from arbitration.services import orders
    from arbitration.services.orders import Terms

    order = orders.propose_order(
        kind="fraud_order",
        contract_id=world.contract.pk,
        terms=Terms(),
        reason=REASON,
        actor=arb.admins[0].actor,
        now=world.now,
    )
    return orders.approve_order(order_id=order.pk, actor=arb.admins[1].actor, now=world.now)


@pytest.mark.rule("N3")
def test_n3_a_fee_that_fails_after_the_end_is_not_said_to_be_payable_again():
    arb = failed_case()
    arb.elect(F)
    arb.to_end(seconds=1)
    payment = arb.start(F)
    arb.to_end(seconds=-30)
    arb.settle(payment, confirmed=False)
    told = Notice.objects.filter(recipient=arb.freelancer.user, kind="payment_failed").latest("created_at")
    assert "cannot be paid again" in told.may_do
    assert told.until is None


@pytest.mark.rule("A2", "N3")
def test_a2_texts_of_an_open_ended_notice_promise_no_default(client):
    arb = rejected_twice()
    arb.pay_fee(F)
    clock.freeze(arb.now)
    client.force_login(arb.freelancer.user)
    page = client.get(reverse("arbitration:status", args=[arb.reference])).content.decode()
    assert "goes to you and your fee comes back" not in page
    page = client.get(reverse("disputes:dispute", args=[arb.reference])).content.decode()
    assert "Neither side goes to arbitration" not in page
    assert "Nobody does anything" in page


@pytest.mark.rule("A2")
def test_a2_staff_are_not_sent_to_another_provider_after_a_first_rejection():
    arb = rejected_once()
    told = Notice.objects.filter(recipient=arb.clerk.user, title__contains="does not take").latest("created_at")
    assert "another provider" not in told.may_do
    assert "elsewhere" not in told.may_do


@pytest.mark.rule("A1")
def test_in_arbitration_the_page_names_no_default_that_cannot_come_any_more(client):
    arb = filed_arbitration()
    clock.freeze(arb.now)
    client.force_login(arb.person(C).user)
    page = client.get(reverse("disputes:dispute", args=[arb.reference])).content.decode()
    for words in ("Neither side goes to arbitration", "goes to arbitration</", "Nobody pays"):
        assert words not in page
    assert "The award" in page
