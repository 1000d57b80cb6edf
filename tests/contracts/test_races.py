"""Two at once: one wins, the other is told, money moves once (edge cases 3, 7)."""

import threading

import pytest
from django.db import connection

from contracts.models import JournalEntry, Payment, Payout
from contracts.services import milestones, payments, refunds
from core import deadlines, selfcheck
from core.errors import DomainError
from tests.factories import contracts as make

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Run the acts in threads that start at the same moment; each one's result or refusal, in order."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(timeout=10)
            results[place] = act() or "done"
        except DomainError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert None not in results
    return results


def refusals(results):
    return [r for r in results if isinstance(r, DomainError)]


@pytest.mark.parametrize("attempt", range(3))
def test_accepting_twice_at_once_refunds_once(attempt):
    world = make.refund_requested_contract()
    actor, pk = world.freelancer.actor, world.refund.pk

    def accept():
        return refunds.accept_refund_request(request_id=pk, actor=actor, now=world.now)

    results = together(accept, accept)

    assert len(refusals(results)) == 1
    assert Payout.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_accept_and_expire_race_and_exactly_one_refunds(attempt):
    world = make.refund_requested_contract()
    actor, pk, in_time = world.freelancer.actor, world.refund.pk, world.now
    late = world.refund.due_at

    together(
        lambda: refunds.accept_refund_request(request_id=pk, actor=actor, now=in_time),
        lambda: deadlines.sweep(now=late),
    )

    assert world.refund.state in ("accepted", "expired")
    assert Payout.objects.count() == 1
    assert selfcheck.run(now=late) == []


@pytest.mark.parametrize("attempt", range(3))
def test_edge_7_approve_and_auto_release_race_and_exactly_one_pays(attempt):
    world = make.submitted_contract()
    actor, pk = world.client.actor, world.milestone.pk
    late = deadlines.running(pk, "review").due_at

    together(
        lambda: milestones.approve_milestone(milestone_id=pk, actor=actor, now=world.now),
        lambda: deadlines.sweep(now=late),
    )

    assert world.milestone.state == "paid"
    assert JournalEntry.objects.filter(rule__in=["C4", "C6"]).count() == 1


def test_two_sweeps_at_once_fire_once():
    world = make.refund_requested_contract()
    late = world.refund.due_at

    together(*[lambda: deadlines.sweep(now=late)] * 3)

    assert Payout.objects.count() == 1


def test_edge_3_accept_and_pay_more_at_once():
    world = make.refund_requested_contract()
    proposal = refunds.propose_split(
        request_id=world.refund.pk, keep=world.money(90_000), actor=world.freelancer.actor, now=world.now
    )
    actor, pk = world.client.actor, world.refund.pk

    results = together(
        lambda: refunds.accept_split(request_id=pk, proposal_id=proposal.pk, actor=actor, now=world.now),
        lambda: refunds.pay_more(request_id=pk, amount=world.money(10_000), actor=actor, now=world.now),
    )

    assert len(refusals(results)) == 1
    assert selfcheck.run(now=world.now) == []


def test_edge_18_the_callback_four_times_at_once_funds_once():
    world = make.active_contract()
    milestones.fund_milestone(milestone_id=world.milestone.pk, actor=world.client.actor, now=world.now)
    pk = Payment.objects.get().pk

    together(*[lambda: payments.settle_payment(payment_id=pk, confirmed=True, now=world.now)] * 4)

    assert world.held.available.amount == 180_000
    assert JournalEntry.objects.filter(rule="C1").count() == 1


def test_withdrawing_everything_twice_at_once_pays_once():
    world = make.submitted_contract()
    world.approve()
    world.later(days=5).sweep()
    actor, contract_id = world.freelancer.actor, world.contract_id

    def withdraw():
        return payments.withdraw_earnings(
            contract_id=contract_id, amount=world.money(162_000), actor=actor, now=world.now
        )

    results = together(withdraw, withdraw)

    assert len(refusals(results)) == 1
    assert Payout.objects.get().amount == 162_000
