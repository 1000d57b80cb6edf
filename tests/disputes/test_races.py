"""Two people at once on one case: one wins, the other is told, and the money moves once (edge cases 3, 21)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from core import deadlines, selfcheck
from core.errors import DomainError, OutOfTurnError, TooLateError
from disputes.models import Resolution, SettlementOffer
from disputes.negotiation import services as negotiation
from disputes.services import filing, statements
from tests.factories.contracts import refund_requested_contract
from tests.factories.disputes import CLAIM, draft, file_draft, offer
from tests.factories.mediation import active_case

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run the acts in threads of their own, started together; returns their results or refusals."""
    barrier = threading.Barrier(len(acts))
    results: list = [None] * len(acts)

    def run(position, act):
        try:
            barrier.wait(timeout=20)
            results[position] = act()
        except DomainError as refusal:
            results[position] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def refusals(results) -> list:
    return [r for r in results if isinstance(r, DomainError)]


def test_the_race_is_real_without_the_lock():
    """Both read "pending" before either writes: only the lock keeps the second from acting on it."""
    case = active_case()
    found = offer(case, case.freelancer, 150_000)
    barrier = threading.Barrier(2)
    seen = []

    def read():
        state = SettlementOffer.objects.get(pk=found.pk).state
        barrier.wait(timeout=20)
        seen.append(state)
        connections.close_all()

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["pending", "pending"]


@pytest.mark.parametrize("_round", range(3))
def test_edge3_accept_and_counter_at_the_same_time(_round):
    case = active_case()
    found = offer(case, case.freelancer, 150_000)
    client, now = case.client.actor, case.now
    other = case.client.actor

    results = at_once(
        lambda: negotiation.accept_offer(offer_id=found.pk, actor=client, now=now),
        lambda: offer_by(case, other, 90_000),
    )
    assert len(refusals(results)) == 1
    assert isinstance(refusals(results)[0], OutOfTurnError)
    state = SettlementOffer.objects.get(pk=found.pk).state
    if state == "accepted":
        assert Resolution.objects.get().to_freelancer == 150_000
        assert case.dispute.offers.count() == 1
    else:
        assert state == "countered"
        assert case.dispute.state == "in_mediation"
        assert case.dispute.offers.filter(state="pending").count() == 1
    assert selfcheck.run(now=case.now) == []


def offer_by(case, actor, minor):
    dispute = case.dispute
    money = case.world.money
    return negotiation.make_offer(
        dispute_id=dispute.pk,
        to_freelancer=money(minor),
        to_client=money(dispute.amount - minor),
        consent_version="2026-1/en",
        actor=actor,
        now=case.now,
    )


@pytest.mark.parametrize("_round", range(2))
def test_accept_in_the_last_second_and_the_sweep_at_the_same_time(_round):
    case = active_case()
    found = offer(case, case.freelancer, 150_000)
    client, due = case.client.actor, found.expires_at
    results = at_once(
        lambda: negotiation.accept_offer(offer_id=found.pk, actor=client, now=due - timedelta(microseconds=1)),
        lambda: deadlines.sweep(now=due),
    )
    state = SettlementOffer.objects.get(pk=found.pk).state
    if refusals(results):
        assert isinstance(refusals(results)[0], OutOfTurnError | TooLateError)
        assert (state, case.dispute.state) == ("expired", "in_mediation")
    else:
        assert (state, case.dispute.state) == ("accepted", "resolved")
        assert Resolution.objects.count() == 1
    assert selfcheck.run(now=due) == []


def test_a_double_click_accepts_once():
    case = active_case()
    found = offer(case, case.freelancer, 150_000)
    client, now = case.client.actor, case.now
    results = at_once(*[lambda: negotiation.accept_offer(offer_id=found.pk, actor=client, now=now)] * 3)
    assert len(refusals(results)) == 2
    assert Resolution.objects.count() == 1
    assert selfcheck.run(now=now) == []


def test_both_confirm_a_specialists_draft_at_the_same_time():
    case = active_case()
    found = offer(case, case.specialist, 90_000, consent_version="")
    freelancer, client, now = case.freelancer.actor, case.client.actor, case.now
    results = at_once(
        lambda: negotiation.accept_offer(offer_id=found.pk, actor=freelancer, now=now),
        lambda: negotiation.accept_offer(offer_id=found.pk, actor=client, now=now),
    )
    assert refusals(results) == []
    assert sorted(type(r).__name__ for r in results) == ["NoneType", "Resolution"]
    assert case.dispute.state == "resolved"


def test_acceptance_in_full_and_withdrawal_at_the_same_time():
    from disputes.services.withdrawal import withdraw_dispute

    case = active_case()
    freelancer, client, now = case.freelancer.actor, case.client.actor, case.now
    results = at_once(
        lambda: statements.accept_claim(dispute_id=case.dispute_id, actor=client, now=now),
        lambda: withdraw_dispute(dispute_id=case.dispute_id, actor=freelancer, now=now),
    )
    assert len(refusals(results)) == 1
    assert Resolution.objects.count() == 1
    assert selfcheck.run(now=now) == []


def test_filing_in_the_last_second_and_the_sweep_at_the_same_time():
    world = refund_requested_contract()
    found = draft(world, reason="client_silent", details=CLAIM)
    due, actor = world.refund.due_at, world.freelancer.actor
    results = at_once(
        lambda: filing.file_dispute(
            dispute_id=found.pk, consent_version="2026-1/en", actor=actor, now=due - timedelta(microseconds=1)
        ),
        lambda: deadlines.sweep(now=due),
    )
    found.refresh_from_db()
    if refusals(results):
        assert (world.refund.state, found.state) == ("expired", "abandoned")
    else:
        assert (world.refund.state, found.state) == ("disputed", "in_mediation")
    assert selfcheck.run(now=due) == []


def test_the_draft_is_filed_once_from_two_tabs():
    world = refund_requested_contract()
    found = draft(world, reason="client_silent", details=CLAIM)
    results = at_once(lambda: file_draft(world, found), lambda: file_draft(world, found))
    assert len(refusals(results)) == 1
    assert world.contract.disputes.filter(state="in_mediation").count() == 1
