"""D19: sealed amounts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contracts.enums import AccountCode
from core import deadlines, selfcheck
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError
from core.models import AuditEntry, OutboxMessage, PolicySetting
from disputes.models import BlindBid, Dispute
from disputes.negotiation import bids
from disputes.negotiation.bids import UnableToBidError
from tests.factories.accounts import make_member, make_stranger
from tests.factories.disputes import bid, offer
from tests.factories.mediation import active_case, contested_case, recommended_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.fixture
def case():
    found = contested_case()
    found.world.now = NOON - timedelta(hours=3)
    deadlines.settle_overdue(found.contract.pk, now=found.now)
    return found


def visible(case) -> tuple:
    """All that the other side could notice: version, record, outbox, running clocks."""
    return (
        case.dispute.version,
        AuditEntry.objects.filter(chain_id__in=[case.dispute_id, case.contract.pk]).count(),
        OutboxMessage.objects.count(),
        sorted((d.kind, d.due_at) for d in deadlines.running_of(case.dispute_id)),
    )


@pytest.mark.rule("D19", "E1", "I4")
@pytest.mark.parametrize(
    ("ask", "most", "to_freelancer"),
    [(100_000, 120_000, 110_000), (100_000, 100_000, 100_000), (100_000, 100_001, 100_001), (0, 180_000, 90_000)],
)
def test_D19_a_match_settles_at_the_midpoint_the_odd_cent_to_the_freelancer(case, ask, most, to_freelancer):
    bid(case, case.freelancer, ask)
    bid(case, case.client, most)
    case.until(NOON).sweep()
    resolution = case.dispute.resolution
    assert (resolution.ground, resolution.to_freelancer) == ("joint_settlement", to_freelancer)
    assert resolution.to_client == 180_000 - to_freelancer
    assert set(BlindBid.objects.values_list("state", flat=True)) == {"matched"}
    assert case.dispute.state == "resolved"
    assert selfcheck.run(now=case.now) == []


@pytest.mark.rule("D19")
def test_D19_no_match_reveals_nothing_not_even_that_a_bid_exists(case):
    before = visible(case)
    bid(case, case.freelancer, 120_001)
    bid(case, case.client, 120_000)
    assert visible(case) == before
    case.until(NOON).sweep()
    with_bids = visible(case)
    other = contested_case()
    other.world.now = NOON - timedelta(hours=3)
    deadlines.settle_overdue(other.contract.pk, now=other.now)
    other.until(NOON).sweep()
    # The same clocks as in a case without any bid: the comparison runs in both.
    assert [kind for kind, _ in with_bids[3]] == [kind for kind, _ in visible(other)[3]]
    assert case.clock("bid_compare").due_at == other.clock("bid_compare").due_at == NOON + timedelta(days=1)
    assert case.dispute.state == "in_mediation"
    assert with_bids[:2] == before[:2]


@pytest.mark.rule("D19")
def test_D19_is_compared_once_more_one_hour_before_the_stage_ends(case):
    end = case.case.ends_at
    case.until(end, hours=2).sweep()
    assert case.clock("bid_compare").due_at == end - timedelta(hours=1)
    bid(case, case.freelancer, 50_000)
    bid(case, case.client, 60_000)
    case.until(end, hours=1).sweep()
    assert case.dispute.state == "resolved"
    assert case.world.held.money(AccountCode.FREELANCER_PENDING).amount == 49_500


@pytest.mark.rule("D19", "D17", "E1")
def test_D19_bids_end_with_their_stage_and_the_next_stage_has_its_own(case):
    bid(case, case.freelancer, 120_000)
    case.until(case.case.ends_at).sweep()
    assert case.dispute.state == "non_resolution"
    assert BlindBid.objects.get().state == "void"
    for minor in (90_000, 91_000, 92_000):
        bid(case.later(minutes=1), case.freelancer, minor)
    bid(case, case.client, 93_000)
    case.later(days=1).sweep()
    assert case.dispute.resolution.to_freelancer == 92_500


@pytest.mark.rule("D19")
def test_D19_three_entries_per_side_and_stage_given_up_ones_count(case):
    bid(case, case.freelancer, 150_000)
    bid(case, case.freelancer, 140_000)
    bids.withdraw_bid(dispute_id=case.dispute_id, actor=case.freelancer.actor, now=case.now)
    bid(case, case.freelancer, 130_000)
    with unchanged(case.contract), pytest.raises(UnableToBidError, match="all 3"):
        bid(case, case.freelancer, 120_000)
    states = BlindBid.objects.order_by("-amount").values_list("state", flat=True)
    assert list(states) == ["replaced", "withdrawn", "sealed"]
    bid(case, case.client, 10_000)


@pytest.mark.rule("D19")
def test_D19_a_withdrawn_entry_is_not_compared(case):
    bid(case, case.freelancer, 50_000)
    bid(case, case.client, 60_000)
    bids.withdraw_bid(dispute_id=case.dispute_id, actor=case.client.actor, now=case.now)
    case.until(NOON).sweep()
    assert case.dispute.state == "in_mediation"
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        bids.withdraw_bid(dispute_id=case.dispute_id, actor=case.client.actor, now=case.now)


def test_D19_nobody_changes_an_entry_while_it_is_due_for_comparison(case):
    bid(case, case.freelancer, 50_000)
    case.until(NOON)
    with unchanged(case.contract):
        with pytest.raises(UnableToBidError, match="being compared"):
            bids.seal_bid(
                dispute_id=case.dispute_id,
                amount=case.world.money(1),
                consent_version="2026-1/en",
                actor=case.client.actor,
                now=case.now,
            )
        with pytest.raises(UnableToBidError, match="being compared"):
            bids.withdraw_bid(dispute_id=case.dispute_id, actor=case.freelancer.actor, now=case.now)


def test_D19_refusals_change_nothing(case):
    with unchanged(case.contract):
        with pytest.raises(InvalidInputError):
            bid(case, case.freelancer, 180_001)
        with pytest.raises(InvalidInputError):
            bid(case, case.freelancer, -1)
        with pytest.raises(NotAllowedError):
            bid(case, case.specialist, 1)
        with pytest.raises(NotAllowedError):
            bid(case, make_member(case.client.account), 1)
        with pytest.raises(StrangerError):
            bid(case, make_stranger(), 1)


def test_D19_is_not_possible_while_a_recommendation_waits():
    case = recommended_case()
    with pytest.raises(OutOfTurnError):
        bid(case, case.freelancer, 1)
    assert case.clock("bid_compare") is None


def test_D19_switched_off_there_is_neither_clock_nor_entry():
    from tests.factories.accounts import MONDAY

    PolicySetting.objects.create(name="blind_bidding", value=False, changed_at=MONDAY)
    case = active_case()
    assert case.clock("bid_compare") is None
    with unchanged(case.contract), pytest.raises(UnableToBidError, match="switched off"):
        bid(case, case.freelancer, 1)


@pytest.mark.rule("D19", "E1")
def test_D19_an_open_offer_is_void_when_the_amounts_meet(case):
    live = offer(case, case.client, 60_000)
    bid(case, case.freelancer, 80_000)
    bid(case, case.client, 90_000)
    case.until(NOON).sweep()
    live.refresh_from_db()
    assert live.state == "void"
    assert Dispute.objects.get(pk=case.dispute_id).resolution.to_freelancer == 85_000
