"""X1, X2: orders of two admins."""

from __future__ import annotations

import pytest

from arbitration.models import AdminOrder
from arbitration.services import fraud, orders
from core import selfcheck
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError
from core.money import Money
from tests.factories.accounts import join, make_admin
from tests.factories.arbitration import REASON, awarded_case, failed_case
from tests.factories.contracts import refund_requested_contract, submitted_contract
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

X = 180_000


@pytest.mark.rule("X2", "I3", "I4")
def test_x2_on_a_dispute_divides_the_frozen_amount():
    arb = failed_case()
    arb.pay_fee("freelancer")
    order = arb.propose("fraud_order", to_freelancer=0, to_client=X)
    assert arb.dispute.state == "non_resolution"
    arb.approve(order)
    assert arb.dispute.resolution_code == "fraud_order"
    assert arb.fees() == (0, 0)
    assert not selfcheck.run(now=arb.now)
    with unchanged(arb.contract), pytest.raises(OutOfTurnError):
        arb.approve(order)


@pytest.mark.rule("N1")
def test_x2_needs_two_admins_who_are_no_party():
    arb = failed_case()
    party_admin = make_admin("Party Admin")
    join(party_admin.user, arb.client.account)
    order = arb.propose("fraud_order", to_freelancer=0, to_client=X)
    with unchanged(arb.contract):
        with pytest.raises(NotAllowedError):
            arb.approve(order, arb.admins[0])
        with pytest.raises(NotAllowedError):
            arb.approve(order, party_admin)
        for person in (arb.client, arb.clerk, arb.supervisor):
            with pytest.raises(StrangerError):
                arb.approve(order, person)
            with pytest.raises(StrangerError):
                arb.propose("fraud_order", person, to_freelancer=0, to_client=X)
        with pytest.raises(InvalidInputError):
            arb.propose("fraud_order", to_freelancer=1, to_client=X)
        with pytest.raises(InvalidInputError):
            arb.propose("fraud_order", reason="short", to_freelancer=0, to_client=X)
        with pytest.raises(InvalidInputError):
            arb.propose("gift", to_freelancer=0, to_client=X)
    orders.refuse_order(order_id=order.pk, reason="Cleared.", actor=arb.admins[0].actor, now=arb.now)
    with unchanged(arb.contract), pytest.raises(OutOfTurnError):
        arb.approve(order)


@pytest.mark.rule("N1")
def test_x2_order_that_no_longer_fits_is_refused_at_the_approval():
    arb = failed_case()
    order = arb.propose("fraud_order", to_freelancer=0, to_client=X)
    arb.accept_claim()
    with unchanged(arb.contract), pytest.raises((OutOfTurnError, fraud.UnableToFreezeError, InvalidInputError)):
        arb.approve(order)


@pytest.mark.rule("X1", "I1")
def test_x1_correction_is_a_balanced_entry():
    arb = awarded_case(120_000)
    order = arb.propose("correction", from_account="platform_fee", to_account="payable_freelancer", amount=2_000)
    arb.approve(order)
    assert arb.payable("freelancer") == 2_000
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("A6")
@pytest.mark.parametrize(
    "terms",
    [
        {"from_account": "platform_fee", "to_account": "payable_client", "amount": 12_001},
        {"from_account": "freelancer_available", "to_account": "payable_client", "amount": 1},
        {"from_account": "escrow_frozen", "to_account": "payable_client", "amount": 1},
        {"from_account": "platform_fee", "to_account": "escrow_available", "amount": 1},
        {"from_account": "platform_fee", "to_account": "platform_fee", "amount": 1},
        {"from_account": "platform_fee", "to_account": "payable_client", "amount": 0},
        {"from_account": "platform_fee", "to_account": "payable_client"},
    ],
)
def test_x1_refuses_what_is_no_correction(terms):
    arb = awarded_case(120_000)
    with unchanged(arb.contract), pytest.raises(InvalidInputError):
        arb.propose("correction", **terms)


def order(world, admin, kind="fraud_order", **terms):
    return orders.propose_order(
        kind=kind,
        contract_id=world.contract_id,
        terms=orders.Terms(**{k: Money(v, "USD") for k, v in terms.items()}),
        reason=REASON,
        actor=admin.actor,
        now=world.now,
    )


def approve(world, admin, row):
    return orders.approve_order(order_id=row.pk, actor=admin.actor, now=world.now)


@pytest.mark.rule("X2", "I6")
def test_x2_without_a_dispute_freezes_then_divides_unreleased_money():
    world = submitted_contract()
    one, two = make_admin(), make_admin("Omar Admin")
    row = order(world, one)
    approve(world, two, row)
    assert (world.held.available.amount, world.held.frozen_total.amount) == (0, X)
    with unchanged(world.contract), pytest.raises(Exception, match=r"dispute|step|more"):
        world.approve()
    with unchanged(world.contract), pytest.raises(Exception, match=r"dispute"):
        world.end()
    world.later(days=20).sweep()
    assert world.held.frozen_total.amount == X
    assert AdminOrder.objects.count() == 1
    second = order(world, two, to_freelancer=0, to_client=X)
    approve(world, one, second)
    assert world.held.frozen_total.amount == 0
    assert world.held.by_code["payable_client"] == X
    assert world.milestone.state == "cancelled"
    assert world.contract.open_dispute_id is None


@pytest.mark.rule("R1")
def test_x2_without_a_dispute_refusals():
    one = make_admin()
    world = refund_requested_contract()
    with unchanged(world.contract), pytest.raises(fraud.UnableToFreezeError):
        order(world, one)
    world = submitted_contract()
    with unchanged(world.contract):
        with pytest.raises(InvalidInputError):
            order(world, one, to_freelancer=0, to_client=X)
        with pytest.raises(orders.UnableToOrderError):
            order(world, one, kind="court_order", to_freelancer=0, to_client=X)
