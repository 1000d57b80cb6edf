"""What each choice comes to: every line of both sides' tables, to the cent."""

from __future__ import annotations

import pytest

from arbitration.outlook import outlook_for
from contracts.enums import Side
from core.formatting import net_of_fee
from core.money import Money
from tests.factories.arbitration import failed_case, rejected_twice

pytestmark = pytest.mark.django_db


def table(arb, side, **more):
    return outlook_for(arb.dispute, arb.notice, Side(side), you=True, **more)


def sums(outlook):
    return [(r.receives.amount, r.fee.amount, r.ends_with.amount, r.other_ends_with.amount) for r in outlook.rows]


@pytest.mark.rule("N1")
def test_the_freelancers_table_counts_both_fees():
    found = table(failed_case(), "freelancer")
    assert sums(found) == [
        (162_000, 0, 162_000, 0),  # alone
        (0, 33_750, -33_750, 146_250),
        (81_000, 33_750, 47_250, 56_250),
        (162_000, 33_750, 128_250, -33_750),
        (0, 0, 0, 180_000),  # only the other side
        (0, 0, 0, 180_000),  # nobody
    ]
    assert [g.title for g in found.groups] == ["If you choose arbitration and pay", "If you do not pay"]


@pytest.mark.rule("N1")
def test_the_clients_table_is_its_mirror():
    arb = failed_case()
    freelancer, client = table(arb, "freelancer"), table(arb, "client")
    assert sums(client) == [
        (180_000, 0, 180_000, 0),
        (0, 33_750, -33_750, 128_250),
        (90_000, 33_750, 56_250, 47_250),
        (180_000, 33_750, 146_250, -33_750),
        (0, 0, 0, 162_000),
        (180_000, 0, 180_000, 0),
    ]
    awards = {(r.ends_with, r.other_ends_with) for r in freelancer.rows[1:4]}
    assert awards == {(r.other_ends_with, r.ends_with) for r in client.rows[1:4]}


@pytest.mark.rule("N1")
def test_a_recommendation_is_one_more_line_unless_it_says_the_same():
    arb = failed_case()
    more = table(arb, "client", recommended=Money(120_000, "USD"))
    assert any("as recommended" in r.label and r.receives.amount == 60_000 for r in more.rows)
    assert [r.ends_with for r in more.rows[1:5]] == sorted(r.ends_with for r in more.rows[1:5])
    for same in (0, 90_000, 180_000):
        assert len(table(arb, "client", recommended=Money(same, "USD")).rows) == 6


@pytest.mark.rule("N1")
@pytest.mark.parametrize("side", list(Side))
def test_break_even_is_the_least_award_that_covers_the_fee(side):
    arb = failed_case()
    least = table(arb, side).break_even
    percent = arb.contract.policy.service_fee_percent

    def net(amount):
        return net_of_fee(Money(amount, "USD"), percent).amount if side == Side.FREELANCER else amount

    assert net(least.amount) >= 33_750 > net(least.amount - 1)


@pytest.mark.rule("N1")
def test_a_full_award_below_the_fee_is_said_and_has_no_break_even():
    found = table(failed_case(amounts=(36_000,)), "freelancer")
    assert found.fee_eats_all  # $324.00 reach the freelancer, the fee is $337.50
    assert found.break_even is None
    assert not table(failed_case(amounts=(40_000,)), "freelancer").fee_eats_all


@pytest.mark.rule("A2")
def test_after_a_second_rejection_only_the_award_decides():
    found = table(rejected_twice(), "freelancer")
    assert [g.title for g in found.groups] == ["If you choose arbitration and pay"]
    assert len(found.rows) == 3


def test_somebody_of_the_house_reads_names():
    arb = failed_case()
    found = outlook_for(arb.dispute, arb.notice, Side.CLIENT, you=False)
    words = " ".join([*(g.title for g in found.groups), *(r.label for r in found.rows)])
    assert "you" not in words.lower().split()
