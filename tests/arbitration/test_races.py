"""Two at once on one case: one wins, the other is told."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from contracts.models import Payment
from core import deadlines, selfcheck
from core.errors import DomainError
from tests.factories.arbitration import C, F, failed_case, filed_arbitration

pytestmark = pytest.mark.django_db(transaction=True)


def race(*acts):
    """Run the acts at the same moment in threads of their own; ("ok" or the refusal) of each."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(index, act):
        try:
            barrier.wait(timeout=10)
            act()
            results[index] = "ok"
        except DomainError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, a)) for i, a in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.rule("A1", "N3")
def test_both_payments_confirmed_at_once_open_one_arbitration():
    arb = failed_case()
    arb.elect(F)
    arb.elect(C)
    first, second = arb.start(F), arb.start(C)
    results = race(lambda: arb.settle(first), lambda: arb.settle(second))
    assert results == ["ok", "ok"]
    assert arb.dispute.arbitrations.count() == 1
    assert arb.fees() == (33_750, 33_750)
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("N3")
def test_confirmation_against_the_end_of_the_waiting():
    arb = failed_case()
    arb.elect(F)
    arb.to_end(seconds=1)
    payment = arb.start(F)
    arb.to_end().sweep()
    at = arb.now
    arb.later(hours=24)
    confirmed_at, swept_at = arb.now.replace(microsecond=0), arb.now
    from contracts.services import payments

    race(
        lambda: payments.settle_payment(payment_id=payment.pk, confirmed=True, now=at),
        lambda: deadlines.sweep(now=swept_at),
    )
    assert confirmed_at
    dispute = arb.dispute
    # Either order is right; never both, and the money is whole either way.
    assert dispute.resolution_code in {"arb_one_paid", "arb_none_paid"}
    assert Payment.objects.get(pk=payment.pk).state in {"confirmed", "returned"}
    assert arb.fees() == (0, 0)
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("E1")
def test_edge_21_settlement_while_the_provider_awards():
    arb = filed_arbitration()
    results = race(arb.accept_claim, lambda: arb.award(0))
    assert sorted(r == "ok" for r in results) == [False, True]
    assert arb.dispute.resolution_code in {"client_accept_dispute", "award"}
    assert arb.world.held.frozen_total.amount == 0
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("E1", "N4")
def test_both_decline_at_once_resolve_once():
    arb = failed_case()
    results = race(lambda: arb.decline(F), lambda: arb.decline(C))
    assert results == ["ok", "ok"]
    assert arb.dispute.resolution_code == "arb_none_paid"
    assert arb.payable(C) == 180_000
