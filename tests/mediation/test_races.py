"""Two people at once: one outcome, one notice, and the other is told what happened (edge case 4)."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from arbitration.models import NonResolutionNotice
from core import deadlines
from core.errors import DomainError
from mediation.models import Recommendation
from mediation.services import answering, impasse, recommendation
from tests.factories.mediation import contested_case, recommended_case

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run the acts in threads started together; returns their results or refusals."""
    barrier = threading.Barrier(len(acts))
    results = [None] * len(acts)

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


def answer(case, actor, *, accept):
    return lambda: answering.answer_recommendation(dispute_id=case.dispute_id, accept=accept, actor=actor, now=case.now)


def test_the_race_is_real_without_the_lock():
    """Both read "pending" before either writes: only the lock keeps the second from acting on it."""
    case = recommended_case()
    barrier, seen = threading.Barrier(2), []

    def read():
        found = Recommendation.objects.get(case__dispute_id=case.dispute_id)
        barrier.wait(timeout=20)
        seen.append(found.state)
        connections.close_all()

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["issued", "issued"]


@pytest.mark.parametrize("_round", range(3))
def test_edge_4_both_reject_in_the_same_second_and_one_notice_is_issued(_round):
    case = recommended_case()
    results = at_once(answer(case, case.client.actor, accept=False), answer(case, case.freelancer.actor, accept=False))
    assert [r for r in results if isinstance(r, DomainError)] == []
    assert case.dispute.state == "non_resolution"
    assert case.case.recommendations.get().state == "rejected"
    assert NonResolutionNotice.objects.filter(dispute_id=case.dispute_id).count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_both_accept_in_the_same_second_and_the_money_moves_once(_round):
    case = recommended_case()
    at_once(answer(case, case.client.actor, accept=True), answer(case, case.freelancer.actor, accept=True))
    assert case.dispute.resolution_code == "recommendation_accepted"
    assert case.dispute.resolution.to_freelancer == 120_000


@pytest.mark.parametrize("_round", range(3))
def test_the_last_acceptance_and_the_lapse_never_both_count(_round):
    case = recommended_case()
    case.answer("client", accept=True)
    due = case.case.recommendations.get().answer_due_at
    case.until(due, seconds=1)
    at_once(answer(case, case.freelancer.actor, accept=True), lambda: deadlines.sweep(now=due))
    found = case.case.recommendations.get()
    ends = {"resolved": "accepted", "non_resolution": "lapsed"}
    assert ends[case.dispute.state] == found.state
    notices = NonResolutionNotice.objects.filter(dispute_id=case.dispute_id).count()
    assert notices == (1 if found.state == "lapsed" else 0)


def test_both_declare_at_once_and_one_notice_is_issued():
    case = contested_case()
    people = (case.client.actor, case.freelancer.actor)
    at_once(
        *[
            lambda actor=actor: impasse.declare_impasse(dispute_id=case.dispute_id, actor=actor, now=case.now)
            for actor in people
        ]
    )
    assert case.dispute.state == "non_resolution"
    assert case.case.impasses.count() == 2
    assert NonResolutionNotice.objects.filter(dispute_id=case.dispute_id).count() == 1


def test_two_tabs_issue_one_recommendation():
    case = contested_case()
    case.draft()
    actor, version = case.specialist.actor, case.dispute.version
    results = at_once(
        *[
            lambda: recommendation.issue_recommendation(
                dispute_id=case.dispute_id, seen_version=version, actor=actor, now=case.now
            )
            for _ in range(2)
        ]
    )
    assert len([r for r in results if isinstance(r, DomainError)]) == 1
    assert case.case.recommendations.filter(state="issued").count() == 1
