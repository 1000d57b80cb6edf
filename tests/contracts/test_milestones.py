"""C1-C7, C11: from funding to release, to the cent, in time, by the right person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from contracts import events
from contracts.enums import AccountCode, MilestoneState, Side
from contracts.ledger.services import Cause, Ground
from contracts.locks import lock_milestone
from contracts.models import JournalEntry, MilestoneDecision, Payment, Payout
from contracts.services import agreement, gate, milestones
from contracts.services.agreement import NewMilestone
from contracts.services.common import UnableToActInDisputeError
from contracts.services.milestones import UnableToCarryOverError, UnableToFundError
from core import deadlines, selfcheck
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError, TooLateError
from core.money import Money
from core.permissions import SYSTEM, MemberRole
from tests.factories import contracts as make
from tests.factories.accounts import make_client, make_member, make_stranger, make_support
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def name_money(world, minor, source):
    with transaction.atomic():
        gate.name_money(world.contract, world.money(minor), source)


def open_dispute(world, minor, number=1):
    """What P3 does to this room: freeze, and mark the milestone."""
    dispute = uuid4()
    with transaction.atomic():
        milestone = lock_milestone(world.milestones[number - 1].pk)
        cause = Cause("P3", "dispute", dispute, SYSTEM, world.now, Ground.DISPUTE_FROZEN)
        gate.freeze(
            milestone.contract, cause, world.money(minor), source=AccountCode.ESCROW_AVAILABLE, dispute_id=dispute
        )
        gate.begin_dispute_on_milestone(milestone, cause, dispute_id=dispute)
    return dispute


def end_dispute(world, dispute, to_freelancer, to_client, ground=Ground.JOINT_SETTLEMENT, return_to=None, number=1):
    with transaction.atomic():
        milestone = lock_milestone(world.milestones[number - 1].pk)
        cause = Cause("D12", "dispute", dispute, SYSTEM, world.now, ground)
        shares = gate.Shares(world.money(to_freelancer), world.money(to_client))
        gate.pay_resolution(milestone.contract, cause, shares, dispute_id=dispute, return_to=return_to)
        gate.end_dispute_on_milestone(
            milestone, cause, shares=shares, withdrawn=ground == Ground.DISPUTE_WITHDRAWN, carried=False
        )


# --- C1 ---------------------------------------------------------------------------------


@pytest.mark.rule("C1", "I2")
def test_C1_funding_puts_the_money_into_escrow_when_the_gateway_confirms():
    world = make.active_contract()
    milestones.fund_milestone(milestone_id=world.milestone.pk, actor=world.client.actor, now=world.now)
    assert world.milestone.state == MilestoneState.FUNDING
    assert world.held.escrow.amount == 0

    world.later(seconds=2).pay()

    assert world.milestone.state == MilestoneState.FUNDED
    assert world.milestone.funded_at == world.now
    assert world.held.available == world.money(180_000)
    assert deadlines.running(world.milestone.pk, "funding") is None


@pytest.mark.rule("C1")
def test_C1_carried_over_money_is_used_first_and_only_the_rest_is_asked_from_outside():
    world = make.partly_released_contract(released=150_000)  # 300.00 carried over, next milestone 900.00

    milestones.fund_milestone(milestone_id=world.milestones[1].pk, actor=world.client.actor, now=world.now)

    payment = Payment.objects.get(object_id=world.milestones[1].pk)
    assert payment.amount == 60_000
    world.pay(payment)
    assert (world.held.available.amount, world.held.carried.amount) == (90_000, 0)


@pytest.mark.rule("C1")
def test_C1_a_milestone_covered_by_carried_over_money_is_funded_at_once():
    world = make.partly_released_contract(released=60_000)  # 1,200.00 carried over

    milestones.fund_milestone(milestone_id=world.milestones[1].pk, actor=world.client.actor, now=world.now)

    assert world.milestones[1].state == MilestoneState.FUNDED
    assert not Payment.objects.filter(object_id=world.milestones[1].pk).exists()
    assert (world.held.available.amount, world.held.carried.amount) == (90_000, 30_000)


@pytest.mark.rule("C1")
def test_C1_money_named_in_a_support_request_is_not_used():
    world = make.partly_released_contract(released=60_000)
    name_money(world, 120_000, AccountCode.ESCROW_CARRIED)

    milestones.fund_milestone(milestone_id=world.milestones[1].pk, actor=world.client.actor, now=world.now)

    assert Payment.objects.get(object_id=world.milestones[1].pk).amount == 90_000


@pytest.mark.rule("C1", "Z4")
def test_C1_without_a_confirmation_in_24_hours_it_is_proposed_again_and_late_money_goes_back():
    world = make.active_contract()
    milestones.fund_milestone(milestone_id=world.milestone.pk, actor=world.client.actor, now=world.now)
    payment = Payment.objects.get()

    world.later(hours=24).sweep()

    assert world.milestone.state == MilestoneState.PROPOSED
    payment.refresh_from_db()
    assert payment.state == "failed"

    world.later(hours=1).pay(payment)

    payment.refresh_from_db()
    assert payment.state == "returned"
    assert world.milestone.state == MilestoneState.PROPOSED
    payout = Payout.objects.get()
    assert (payout.side, payout.amount) == (Side.CLIENT, 180_000)
    assert world.held.escrow.amount == 0
    assert selfcheck.run(now=world.now) == []


@pytest.mark.rule("C1")
def test_C1_after_a_failed_payment_the_client_can_try_again():
    world = make.active_contract()
    milestones.fund_milestone(milestone_id=world.milestone.pk, actor=world.client.actor, now=world.now)
    world.pay(confirmed=False)
    assert world.milestone.state == MilestoneState.PROPOSED

    assert world.fund().state == MilestoneState.FUNDED


@pytest.mark.rule("C1")
def test_C1_a_confirmation_on_a_contract_that_ended_is_refunded_at_once():
    world = make.active_contract()
    milestones.fund_milestone(milestone_id=world.milestone.pk, actor=world.client.actor, now=world.now)
    payment = Payment.objects.get()
    world.end()
    assert world.milestone.state == MilestoneState.CANCELLED

    world.later(minutes=1).pay(payment)

    payment.refresh_from_db()
    assert payment.state == "returned"
    assert world.held.money(AccountCode.PAYABLE_CLIENT).amount == 180_000
    assert selfcheck.run(now=world.now) == []


@pytest.mark.rule("C1")
def test_C1_when_the_carried_over_part_is_named_meanwhile_nothing_is_half_funded():
    world = make.partly_released_contract(released=150_000)
    milestones.fund_milestone(milestone_id=world.milestones[1].pk, actor=world.client.actor, now=world.now)
    name_money(world, 30_000, AccountCode.ESCROW_CARRIED)

    world.later(minutes=1).pay()

    assert world.milestones[1].state == MilestoneState.PROPOSED
    assert (world.held.available.amount, world.held.carried.amount) == (0, 30_000)
    assert world.held.money(AccountCode.PAYABLE_CLIENT).amount == 60_000


def test_C1_only_one_milestone_is_funded_at_a_time():
    world = make.funded_contract(amounts=(180_000, 90_000))

    with unchanged(world.contract), pytest.raises(UnableToFundError):
        milestones.fund_milestone(milestone_id=world.milestones[1].pk, actor=world.client.actor, now=world.now)


def test_C1_a_draft_cannot_be_funded():
    world = make.draft_contract()

    with unchanged(world.contract), pytest.raises(OutOfTurnError):
        milestones.fund_milestone(milestone_id=world.milestone.pk, actor=world.client.actor, now=world.now)


@pytest.mark.rule("I6")
def test_C1_nothing_is_funded_during_a_dispute():
    world = make.submitted_contract(amounts=(180_000, 90_000))
    dispute = open_dispute(world, 180_000)

    with unchanged(world.contract), pytest.raises(UnableToActInDisputeError):
        milestones.fund_milestone(milestone_id=world.milestones[1].pk, actor=world.client.actor, now=world.now)
    assert world.held.frozen == {dispute: 180_000}


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("freelancer", NotAllowedError),
        ("member", NotAllowedError),
        ("support", NotAllowedError),
        ("stranger", StrangerError),
        ("other_client", StrangerError),
    ],
)
def test_C1_only_the_clients_side_with_the_right_to_move_money_funds(who, error):
    world = make.active_contract()
    person = {
        "freelancer": lambda: world.freelancer,
        "member": lambda: make_member(world.client.account),
        "support": make_support,
        "stranger": make_stranger,
        "other_client": make_client,
    }[who]()

    with unchanged(world.contract), pytest.raises(error):
        milestones.fund_milestone(milestone_id=world.milestone.pk, actor=person.actor, now=world.now)


def test_C1_a_case_manager_of_the_client_may_fund():
    world = make.active_contract()
    manager = make_member(world.client.account, MemberRole.CASE_MANAGER)

    milestones.fund_milestone(milestone_id=world.milestone.pk, actor=manager.actor, now=world.now)

    assert world.milestone.state == MilestoneState.FUNDING


# --- C2, C3, C3b ------------------------------------------------------------------------


@pytest.mark.rule("C2", "Z4")
def test_C2_submitting_starts_the_review_clock_of_14_days():
    world = make.submitted_contract()

    assert world.milestone.state == MilestoneState.SUBMITTED
    assert deadlines.running(world.milestone.pk, "review").due_at == world.now + 14 * DAY


def test_C2_an_empty_submission_is_refused():
    world = make.funded_contract()

    with unchanged(world.contract), pytest.raises(InvalidInputError) as refusal:
        milestones.submit_work(
            milestone_id=world.milestone.pk, message="  ", link="", actor=world.freelancer.actor, now=world.now
        )
    assert refusal.value.fields == {"message": "Add a message, a link or a file that shows the work."}


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://example.org/x", "example.org", "https://"])
def test_C2_a_link_that_is_no_web_address_is_refused(link):
    world = make.funded_contract()

    with unchanged(world.contract), pytest.raises(InvalidInputError) as refusal:
        milestones.submit_work(milestone_id=world.milestone.pk, link=link, actor=world.freelancer.actor, now=world.now)
    assert set(refusal.value.fields) == {"link"}


def test_C2_the_client_cannot_submit():
    world = make.funded_contract()

    with unchanged(world.contract), pytest.raises(NotAllowedError):
        milestones.submit_work(milestone_id=world.milestone.pk, message="x", actor=world.client.actor, now=world.now)


@pytest.mark.rule("C2", "C3")
def test_C3_asking_for_changes_stops_the_clock_and_the_next_submission_starts_a_fresh_one():
    world = make.changes_requested_contract()
    assert world.milestone.state == MilestoneState.CHANGES_REQUESTED
    assert deadlines.running(world.milestone.pk, "review") is None

    world.later(days=2).submit(message="The logo is larger now.")

    assert deadlines.running(world.milestone.pk, "review").due_at == world.now + 14 * DAY
    assert [s.number for s in world.milestone.submissions.order_by("number")] == [1, 2]


@pytest.mark.rule("C3b")
def test_C3b_refusing_is_kept_with_its_reason_and_the_freelancer_may_submit_again():
    world = make.refused_contract()
    decision = MilestoneDecision.objects.get()
    assert (decision.kind, decision.text) == ("refused", "The work does not match what we agreed.")

    world.later(days=1).submit(message="Here it is again, with the missing part.")

    assert world.milestone.state == MilestoneState.SUBMITTED


@pytest.mark.parametrize("service", [milestones.request_changes, milestones.refuse_release])
def test_C3_C3b_need_a_reason(service):
    world = make.submitted_contract()

    with unchanged(world.contract), pytest.raises(InvalidInputError) as refusal:
        service(milestone_id=world.milestone.pk, text=" \n ", actor=world.client.actor, now=world.now)
    assert set(refusal.value.fields) == {"text"}


@pytest.mark.rule("Z3")
@pytest.mark.parametrize(
    "act",
    [
        lambda w: w.request_changes(),
        lambda w: w.refuse_release(),
        lambda w: w.approve(),
        lambda w: w.release_part(1_000, new_milestone=NewMilestone("Rest", "", w.money(5_000))),
    ],
    ids=["changes", "refuse", "approve", "part"],
)
def test_Z3_at_the_end_of_the_review_time_only_the_default_is_possible(act):
    world = make.submitted_contract()
    world.later(days=14)

    with unchanged(world.contract), pytest.raises(TooLateError):
        act(world)


def test_Z3_one_second_before_the_end_of_the_review_time_is_in_time():
    world = make.submitted_contract()
    world.now += 14 * DAY - SECOND

    world.request_changes()

    assert world.milestone.state == MilestoneState.CHANGES_REQUESTED


# --- C4, C6, C7 -------------------------------------------------------------------------


@pytest.mark.rule("C4", "I1", "I2")
def test_C4_the_whole_escrow_goes_to_the_freelancer_less_the_fee():
    world = make.submitted_contract()

    world.approve()

    assert world.milestone.state == MilestoneState.PAID
    assert world.held.escrow.amount == 0
    assert world.held.money(AccountCode.FREELANCER_PENDING).amount == 162_000
    entry = JournalEntry.objects.get(rule="C4")
    assert sorted(entry.transfers.values_list("credit__code", "amount")) == [
        ("freelancer_pending", 162_000),
        ("platform_fee", 18_000),
    ]
    assert entry.ground == Ground.CLIENT_APPROVAL


@pytest.mark.rule("C4")
def test_C4_funded_work_can_be_paid_before_it_is_submitted():
    world = make.funded_contract()
    world.approve()
    assert world.milestone.state == MilestoneState.PAID


@pytest.mark.rule("C4")
def test_C4_money_named_in_a_support_request_can_be_released_in_full():
    world = make.refused_contract()
    name_money(world, 180_000, AccountCode.ESCROW_AVAILABLE)

    world.approve()

    assert world.milestone.state == MilestoneState.PAID


@pytest.mark.parametrize("minor", [1, 5, 15, 25, 99, 101, 33_335, 180_001])
def test_I4_fee_and_net_are_always_the_whole(minor):
    gross = Money(minor, "USD")
    fee = gross.percent("10")
    assert (gross - fee) + fee == gross


@pytest.mark.rule("C6", "Z4")
def test_C6_after_14_days_of_silence_submitted_work_is_paid():
    world = make.submitted_contract()

    world.later(days=14).sweep()

    assert world.milestone.state == MilestoneState.PAID
    assert JournalEntry.objects.get(rule="C6").ground == Ground.REVIEW_TIMEOUT
    assert world.held.money(AccountCode.FREELANCER_PENDING).amount == 162_000


@pytest.mark.rule("C6", "C7", "Z4")
def test_edge_2_late_sweeps_catch_up_in_due_order_from_their_own_present():
    world = make.submitted_contract()

    world.later(days=40)
    while world.sweep():
        pass

    entry = JournalEntry.objects.get(rule="C6")
    assert entry.posted_at == world.now
    assert world.held.money(AccountCode.FREELANCER_PENDING).amount == 162_000  # the hold began at the late release
    world.later(days=5).sweep()
    assert world.held.money(AccountCode.FREELANCER_AVAILABLE).amount == 162_000


def test_C6_a_second_sweep_does_nothing():
    world = make.submitted_contract()
    world.later(days=14).sweep()

    with unchanged(world.contract):
        world.sweep()


@pytest.mark.rule("C7")
def test_C7_the_hold_of_each_release_runs_by_itself():
    world = make.partly_released_contract(released=60_000)
    world.later(days=2).fund(2)
    world.approve(2)

    world.later(days=3).sweep()
    assert world.held.money(AccountCode.FREELANCER_AVAILABLE).amount == 54_000
    world.later(days=2).sweep()
    assert world.held.money(AccountCode.FREELANCER_AVAILABLE).amount == 54_000 + 81_000


# --- C5 ---------------------------------------------------------------------------------


@pytest.mark.rule("C5", "I2")
def test_C5_a_part_is_released_and_the_rest_carried_over():
    world = make.partly_released_contract(released=60_000)

    assert world.milestone.state == MilestoneState.PARTIALLY_PAID
    assert world.held.carried.amount == 120_000
    assert world.held.money(AccountCode.FREELANCER_PENDING).amount == 54_000
    decision = MilestoneDecision.objects.get()
    assert (decision.released, decision.carried, decision.target) == (60_000, 120_000, world.milestones[1])
    assert set(JournalEntry.objects.filter(rule="C5").values_list("ground", flat=True)) == {
        Ground.CLIENT_APPROVAL,
        Ground.CARRIED_OVER,
    }


@pytest.mark.rule("C5")
def test_C5_the_rest_may_go_to_a_new_milestone():
    world = make.submitted_contract()

    world.release_part(60_000, new_milestone=NewMilestone("The rest", "", world.money(120_000)))

    assert [(m.number, m.title, m.state) for m in world.milestones] == [
        (1, "Part 1", "partially_paid"),
        (2, "The rest", "proposed"),
    ]


@pytest.mark.parametrize("minor", [0, -1, 180_000, 180_001])
def test_C5_the_part_lies_strictly_between_nothing_and_everything(minor):
    world = make.submitted_contract(amounts=(180_000, 90_000))

    with unchanged(world.contract), pytest.raises(InvalidInputError) as refusal:
        world.release_part(minor)
    assert refusal.value.fields == {"amount": "Enter an amount between $0.01 and $1,799.99."}


def test_C5_needs_an_explanation_a_target_and_the_contracts_currency():
    world = make.submitted_contract()
    rest = NewMilestone("The rest", "", world.money(120_000))

    with unchanged(world.contract):
        with pytest.raises(InvalidInputError, match="Explain"):
            world.release_part(60_000, text=" ", new_milestone=rest)
        with pytest.raises(InvalidInputError, match="Choose the milestone"):
            world.release_part(60_000)
        with pytest.raises(InvalidInputError, match="in USD"):
            milestones.release_part(
                milestone_id=world.milestone.pk,
                amount=Money(60_000, "EUR"),
                text="x",
                new_milestone=rest,
                actor=world.client.actor,
                now=world.now,
            )


def test_C5_a_milestone_of_another_contract_is_no_target():
    world, other = make.submitted_contract(), make.active_contract()

    with unchanged(world.contract), pytest.raises(InvalidInputError, match="Choose the milestone"):
        world.release_part(60_000, target_id=other.milestone.pk)


def test_C5_money_named_in_a_support_request_is_not_carried_over():
    world = make.refused_contract(amounts=(180_000, 90_000))
    name_money(world, 50_000, AccountCode.ESCROW_AVAILABLE)

    with unchanged(world.contract), pytest.raises(UnableToCarryOverError):
        world.release_part(60_000)


@pytest.mark.rule("I6")
def test_I6_during_a_dispute_nothing_of_it_is_carried_over_released_or_ended():
    world = make.submitted_contract(amounts=(180_000, 90_000))
    open_dispute(world, 180_000)

    with unchanged(world.contract):
        with pytest.raises(UnableToActInDisputeError):
            world.release_part(60_000)
        with pytest.raises(UnableToActInDisputeError):
            world.approve()
        with pytest.raises(UnableToActInDisputeError):
            world.submit()
        with pytest.raises(UnableToActInDisputeError):
            world.request_changes()
        with pytest.raises(UnableToActInDisputeError):
            world.end()
        with pytest.raises(UnableToActInDisputeError):
            agreement.end_contract_by_freelancer(
                contract_id=world.contract_id, actor=world.freelancer.actor, now=world.now
            )


# --- C11 --------------------------------------------------------------------------------


@pytest.mark.rule("C11", "I3")
def test_C11_a_dispute_stops_the_review_clock_and_only_the_rest_can_be_released():
    world = make.submitted_contract()
    dispute = open_dispute(world, 100_000)
    assert deadlines.running(world.milestone.pk, "review") is None

    world.later(days=20).sweep()
    assert world.milestone.state == MilestoneState.SUBMITTED
    world.approve()

    assert world.milestone.state == MilestoneState.SUBMITTED
    assert world.held.frozen == {dispute: 100_000}
    assert world.held.money(AccountCode.FREELANCER_PENDING).amount == 72_000
    assert JournalEntry.objects.get(rule="C11").ground == Ground.CLIENT_APPROVAL


@pytest.mark.rule("C11")
@pytest.mark.parametrize(
    ("to_freelancer", "to_client", "state"),
    [(180_000, 0, "paid"), (90_000, 90_000, "partially_paid"), (0, 180_000, "cancelled")],
)
def test_C11_the_milestone_follows_the_outcome(to_freelancer, to_client, state):
    world = make.submitted_contract()
    dispute = open_dispute(world, 180_000)

    end_dispute(world, dispute, to_freelancer, to_client)

    assert world.milestone.state == state
    assert world.contract.open_dispute_id is None
    assert selfcheck.run(now=world.now) == []


@pytest.mark.rule("C11")
def test_C11_an_undisputed_rest_is_back_under_review_with_a_fresh_clock():
    world = make.submitted_contract()
    dispute = open_dispute(world, 100_000)

    world.later(days=9)
    end_dispute(world, dispute, 40_000, 60_000)

    assert world.milestone.state == MilestoneState.SUBMITTED
    assert deadlines.running(world.milestone.pk, "review").due_at == world.now + 14 * DAY
    assert world.held.available.amount == 80_000


@pytest.mark.rule("C11")
@pytest.mark.parametrize(
    ("factory", "state", "clock"),
    [(make.submitted_contract, "submitted", True), (make.refused_contract, "release_refused", False)],
)
def test_C11_after_a_withdrawn_dispute_the_milestone_is_as_before(factory, state, clock):
    world = factory()
    dispute = open_dispute(world, 180_000)

    end_dispute(world, dispute, 0, 180_000, Ground.DISPUTE_WITHDRAWN, AccountCode.ESCROW_AVAILABLE)

    assert world.milestone.state == state
    assert world.held.available.amount == 180_000
    assert (deadlines.running(world.milestone.pk, "review") is not None) is clock


@pytest.mark.rule("C11")
def test_C11_money_returned_to_escrow_stays_for_a_future_milestone():
    world = make.submitted_contract(amounts=(180_000, 90_000))
    dispute = open_dispute(world, 180_000)

    end_dispute(world, dispute, 90_000, 90_000, return_to=AccountCode.ESCROW_CARRIED)

    assert world.milestone.state == MilestoneState.PARTIALLY_PAID
    assert world.held.carried.amount == 90_000
    assert world.fund(2).state == MilestoneState.FUNDED


def test_every_event_of_a_milestone_names_it():
    for event in (events.WorkSubmitted, events.ChangesRequested, events.ReleaseRefused, events.MilestonePaid):
        assert "milestone_id" in event.__dataclass_fields__
