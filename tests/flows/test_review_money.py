"""Odd sums and odd hours: nothing leaks, nothing sticks, whatever the currency and however late the sweep."""

from __future__ import annotations

import logging

import pytest

from core import selfcheck
from core.models import Deadline
from disputes.services import withdrawal
from tests.factories.contracts import refund_requested_contract, submitted_contract
from tests.factories.disputes import accept, active_route_case, asked, bid, offer, update_claim
from tests.factories.mediation import active_case, contested_case, filed_case, recommended_case

pytestmark = pytest.mark.django_db


def sound(world) -> None:
    assert selfcheck.run(now=world.now) == []
    assert not Deadline.objects.filter(failures__gt=0).exists()


@pytest.mark.parametrize(
    "start",
    [filed_case, active_case, contested_case, recommended_case, active_route_case, submitted_contract,
     refund_requested_contract, lambda: asked()[0], lambda: active_route_case(carried=True)],
)  # fmt: skip
@pytest.mark.rule("Z4")
def test_Z4_weeks_without_a_sweep_are_caught_up_in_order(start, caplog):
    world = start()
    world.later(days=90)
    with caplog.at_level(logging.ERROR):
        for _ in range(12):
            fired = world.sweep()
            sound(world)
            world.later(days=9)
            if not fired:
                break
    assert not [r for r in caplog.records if "failed" in r.getMessage()]


@pytest.mark.parametrize(("currency", "amount"), [("JPY", 501), ("USD", 501), ("USD", 12_345)])
@pytest.mark.parametrize("act", ["offer", "bid", "lower", "withdraw"])
@pytest.mark.rule("I4")
def test_I4_odd_sums_are_divided_without_a_leak(currency, amount, act):
    case = active_case(amounts=(amount,), currency=currency)
    if act == "lower":
        update_claim(case, 3)
    if act in {"offer", "lower"}:
        accept(case, offer(case, case.freelancer, 1), case.client)
    elif act == "bid":
        bid(case, case.freelancer, 2)
        bid(case, case.client, 5)
        case.later(days=1)
        case.sweep()
    else:
        withdrawal.withdraw_dispute(dispute_id=case.dispute_id, actor=case.freelancer.actor, now=case.now)
    assert case.dispute.state == "resolved"
    found = case.dispute.resolution
    assert found.to_freelancer + found.to_client == found.frozen == case.dispute.amount
    sound(case)


@pytest.mark.parametrize("carried", [False, True])
@pytest.mark.parametrize("disposition", ["refund", "return_to_escrow"])
@pytest.mark.rule("C11", "D12")
def test_C11_D8_lowering_then_settling_leaves_no_money_without_a_home(carried, disposition):
    case = active_route_case(carried=carried)
    before = case.dispute.amount
    update_claim(case, before - 10_001)
    accept(case, offer(case, case.freelancer, 7, disposition=disposition), case.client)
    sound(case)
    case.later(days=60)
    for _ in range(4):
        case.sweep()
        sound(case)
        case.later(days=30)
