"""C8, C9, R1-R8: ending a contract, and who gets what is left (S03, S04)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from contracts.enums import AccountCode, Ground, ProposalState, RefundState, Side
from contracts.ledger import services as ledger
from contracts.models import JournalEntry, Payout, RefundProposal, RefundRequest
from contracts.services import agreement, refunds
from contracts.services.common import UnableToActInDisputeError
from contracts.services.refunds import UnableToAnswerProposalError
from core import deadlines, selfcheck
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError, TooLateError
from core.money import Money
from tests.factories import contracts as make
from tests.factories.accounts import make_agency, make_client, make_freelancer, make_member, make_stranger
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


# --- C8, C9 -----------------------------------------------------------------------------


@pytest.mark.rule("C8", "R1", "I2", "Z1", "Z5")
def test_C8_ending_with_money_in_escrow_asks_for_it_back_for_exactly_7_days():
    world = make.submitted_contract()

    request = world.end(50_000)

    assert world.contract.state == "ended"
    assert (request.amount, request.paid_at_end) == (130_000, 50_000)
    assert request.due_at == world.now + timedelta(hours=7 * 24)
    assert deadlines.running(request.pk, "refund_response").due_at == request.due_at
    assert world.held.refund.amount == 130_000
    assert world.held.money(AccountCode.FREELANCER_PENDING).amount == 45_000
    assert world.milestone.state == "partially_paid"


@pytest.mark.rule("C8")
def test_edge_8_a_final_payment_of_the_whole_balance_makes_no_refund_request():
    world = make.submitted_contract()

    assert world.end(180_000) is None

    assert world.contract.state == "closed"
    assert world.milestone.state == "paid"
    assert not RefundRequest.objects.exists()


@pytest.mark.rule("C8")
def test_edge_9_with_an_empty_escrow_nothing_is_asked_back():
    world = make.active_contract()

    assert world.end() is None

    assert (world.contract.state, world.milestone.state) == ("closed", "cancelled")


@pytest.mark.rule("C8", "R1")
def test_C8_carried_over_money_is_included_and_the_fee_is_taken_once():
    world = make.partly_released_contract(released=60_000)  # 1,200.00 carried
    world.later(days=6).sweep()
    world.fund(2)  # 900.00 of it

    request = world.end(100_005)  # 900.00 of the milestone, 100.05 of the carried rest

    entry = JournalEntry.objects.get(rule="C8")
    assert sorted(entry.transfers.values_list("debit__code", "credit__code", "amount")) == [
        ("escrow_available", "freelancer_pending", 80_000),
        ("escrow_available", "platform_fee", 10_000),
        ("escrow_carried", "freelancer_pending", 10_005),
    ]
    assert request.amount == 19_995
    assert selfcheck.run(now=world.now) == []


@pytest.mark.parametrize("minor", [-1, 180_001, 10**13])
def test_C8_more_than_the_balance_or_less_than_nothing_is_refused(minor):
    world = make.submitted_contract()

    with unchanged(world.contract), pytest.raises(InvalidInputError) as refusal:
        world.end(minor)
    assert refusal.value.fields == {"pay": "Enter an amount between $0.00 and $1,800.00."}


def test_C8_the_currency_is_the_contracts():
    world = make.submitted_contract()

    with unchanged(world.contract), pytest.raises(InvalidInputError, match="in USD"):
        agreement.end_contract(
            contract_id=world.contract_id, pay=Money(1, "JPY"), actor=world.client.actor, now=world.now
        )


def test_C8_ending_twice_is_told():
    world = make.refund_requested_contract()

    with unchanged(world.contract), pytest.raises(OutOfTurnError, match="ended"):
        world.end()


@pytest.mark.rule("C9")
def test_C9_when_the_freelancer_ends_all_of_the_escrow_goes_back():
    world = make.partly_released_contract(released=60_000)
    world.fund(2)

    agreement.end_contract_by_freelancer(contract_id=world.contract_id, actor=world.freelancer.actor, now=world.now)

    assert world.contract.state == "closed"
    assert world.held.escrow.amount == 0
    payout = Payout.objects.get()
    assert (payout.side, payout.amount, payout.entry.ground) == (Side.CLIENT, 120_000, Ground.FREELANCER_CANCEL)
    assert world.milestones[1].state == "cancelled"


def test_C8_C9_each_side_ends_in_its_own_way():
    world = make.submitted_contract()

    with unchanged(world.contract):
        with pytest.raises(NotAllowedError):
            agreement.end_contract(
                contract_id=world.contract_id, pay=world.money(0), actor=world.freelancer.actor, now=world.now
            )
        with pytest.raises(NotAllowedError):
            agreement.end_contract_by_freelancer(contract_id=world.contract_id, actor=world.client.actor, now=world.now)


@pytest.mark.rule("R1", "I5")
def test_I5_the_database_holds_one_open_refund_request_per_contract():
    world = make.refund_requested_contract()
    first = world.refund

    with pytest.raises(IntegrityError, match="contracts_one_open_refund_request"), transaction.atomic():
        RefundRequest.objects.create(
            contract=first.contract, amount=1, original_amount=1, opened_at=world.now, due_at=world.now
        )


# --- R2, R4, R5: the ends ---------------------------------------------------------------


@pytest.mark.rule("R2", "I2")
def test_R2_accepting_gives_everything_back_and_closes_the_contract():
    world = make.refund_requested_contract()

    world.later(days=2).accept_refund()

    assert (world.refund.state, world.contract.state) == (RefundState.ACCEPTED, "closed")
    payout = Payout.objects.get()
    assert (payout.side, payout.amount, payout.entry.ground) == (Side.CLIENT, 180_000, Ground.FREELANCER_ACCEPT_REFUND)
    assert deadlines.running(world.refund.pk, "refund_response") is None


@pytest.mark.rule("R4", "Z4")
def test_R4_after_7_days_of_silence_the_money_goes_back():
    world = make.refund_requested_contract()

    world.later(days=7).sweep()

    assert (world.refund.state, world.contract.state) == (RefundState.EXPIRED, "closed")
    assert Payout.objects.get().entry.ground == Ground.REFUND_TIMEOUT
    assert world.held.escrow.amount == 0


@pytest.mark.rule("R5")
def test_R5_the_client_can_pay_it_all_after_all():
    world = make.refund_requested_contract()

    refunds.withdraw_refund_request(request_id=world.refund.pk, actor=world.client.actor, now=world.now)

    assert (world.refund.state, world.contract.state) == (RefundState.WITHDRAWN, "closed")
    assert world.held.money(AccountCode.FREELANCER_PENDING).amount == 162_000
    assert JournalEntry.objects.get(rule="R5").ground == Ground.CLIENT_APPROVAL


ANSWERS = {
    "accept": lambda w: w.accept_refund(),
    "dispute": lambda w: make.disputed_refund(w, uuid4()),
    "withdraw": lambda w: refunds.withdraw_refund_request(request_id=w.refund.pk, actor=w.client.actor, now=w.now),
    "pay_more": lambda w: refunds.pay_more(request_id=w.refund.pk, amount=w.money(1), actor=w.client.actor, now=w.now),
    "propose": lambda w: refunds.propose_split(
        request_id=w.refund.pk, keep=w.money(1), actor=w.freelancer.actor, now=w.now
    ),
}


@pytest.mark.rule("Z3")
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("late", [timedelta(0), SECOND])
def test_Z3_at_and_after_the_deadline_every_answer_is_refused_even_before_the_sweep(answer, late):
    world = make.refund_requested_contract()
    world.now += 7 * DAY + late

    with unchanged(world.contract), pytest.raises(TooLateError):
        ANSWERS[answer](world)


@pytest.mark.rule("Z3")
@pytest.mark.parametrize("answer", ANSWERS)
def test_Z3_one_second_before_the_deadline_every_answer_is_in_time(answer):
    world = make.refund_requested_contract()
    world.now += 7 * DAY - SECOND

    ANSWERS[answer](world)


@pytest.mark.rule("R1", "Z1")
def test_edge_23_seven_days_are_168_hours_across_a_change_of_clocks():
    sunday_change = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)  # Europe puts its clocks back on 25 October
    world = make.submitted_contract(now=sunday_change)

    request = world.end()

    assert request.due_at - request.opened_at == timedelta(hours=168)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_closed_request_answers_no_more(answer):
    world = make.refund_requested_contract()
    world.accept_refund()

    with unchanged(world.contract), pytest.raises(OutOfTurnError):
        ANSWERS[answer](world)


SERVICES = {
    refunds.accept_refund_request: Side.FREELANCER,
    refunds.withdraw_refund_request: Side.CLIENT,
    lambda **k: refunds.pay_more(amount=Money(100, "USD"), **k): Side.CLIENT,
    lambda **k: refunds.propose_split(keep=Money(100, "USD"), **k): Side.FREELANCER,
}


@pytest.mark.parametrize("number", range(len(SERVICES)))
def test_strangers_get_404_the_other_side_and_members_without_the_right_403(number):
    service, side = list(SERVICES.items())[number]
    world = make.refund_requested_contract(freelancer=make_agency())
    acting, other = world.freelancer, world.client
    if side is Side.CLIENT:
        acting, other = other, acting

    for person, error in [
        (make_stranger(), StrangerError),
        (make_client("Eve Other"), StrangerError),
        (other, NotAllowedError),
        (make_member(acting.account), NotAllowedError),
    ]:
        with unchanged(world.contract), pytest.raises(error):
            service(request_id=world.refund.pk, actor=person.actor, now=world.now)


# --- R3 ---------------------------------------------------------------------------------


@pytest.mark.rule("R3", "I3", "I6")
def test_edge_10_a_claim_below_the_request_gives_the_rest_back_at_once():
    world = make.refund_requested_contract()
    dispute = uuid4()

    make.disputed_refund(world, dispute, claimed=120_000)

    assert world.refund.state == RefundState.DISPUTED
    assert world.held.frozen == {dispute: 120_000}
    payout = Payout.objects.get()
    assert (payout.amount, payout.entry.ground) == (60_000, Ground.FREELANCER_ACCEPT_REFUND)
    assert world.contract.state == "ended"
    assert deadlines.running(world.refund.pk, "refund_response") is None


@pytest.mark.parametrize("minor", [0, -5, 180_001])
def test_R3_the_claim_is_above_nothing_and_at_most_what_is_asked(minor):
    world = make.refund_requested_contract()

    with unchanged(world.contract), pytest.raises(InvalidInputError) as refusal:
        make.disputed_refund(world, uuid4(), claimed=minor)
    assert refusal.value.fields == {"amount": "Enter an amount between $0.01 and $1,800.00."}


# --- R6, R7, R8 -------------------------------------------------------------------------


@pytest.mark.rule("R6", "Z8")
def test_R6_paying_more_shrinks_the_request_voids_a_proposal_and_leaves_the_clock():
    world = make.refund_requested_contract()
    due = world.refund.due_at
    refunds.propose_split(
        request_id=world.refund.pk, keep=world.money(90_000), actor=world.freelancer.actor, now=world.now
    )

    for minor in (30_000, 20_000):
        world.later(days=1)
        refunds.pay_more(request_id=world.refund.pk, amount=world.money(minor), actor=world.client.actor, now=world.now)

    assert (world.refund.amount, world.refund.original_amount) == (130_000, 180_000)
    assert RefundProposal.objects.get().state == ProposalState.VOID
    assert world.refund.due_at == due
    assert deadlines.running(world.refund.pk, "refund_response").due_at == due
    assert world.held.money(AccountCode.FREELANCER_PENDING).amount == 45_000
    world.now = due
    world.sweep()
    assert Payout.objects.get().amount == 130_000


@pytest.mark.parametrize(
    ("minor", "words"), [(0, "between"), (180_000, "withdraw the request instead"), (180_001, "between")]
)
def test_R6_less_than_everything_and_more_than_nothing(minor, words):
    world = make.refund_requested_contract()

    with unchanged(world.contract), pytest.raises(InvalidInputError, match=words):
        refunds.pay_more(request_id=world.refund.pk, amount=world.money(minor), actor=world.client.actor, now=world.now)


@pytest.mark.rule("R7", "Z8")
def test_R7_a_newer_proposal_replaces_the_older_and_the_clock_runs_on():
    world = make.refund_requested_contract()
    due = world.refund.due_at
    for minor in (120_000, 90_000):
        refunds.propose_split(
            request_id=world.refund.pk, keep=world.money(minor), actor=world.freelancer.actor, now=world.now
        )

    assert list(RefundProposal.objects.order_by("number").values_list("keep", "give_back", "state")) == [
        (120_000, 60_000, "replaced"),
        (90_000, 90_000, "pending"),
    ]
    world.now = due
    world.sweep()
    assert world.refund.state == RefundState.EXPIRED
    assert RefundProposal.objects.get(number=2).state == ProposalState.VOID


@pytest.mark.parametrize("minor", [0, 180_000, 200_000])
def test_R7_keeps_a_part_never_all_or_nothing(minor):
    world = make.refund_requested_contract()

    with unchanged(world.contract), pytest.raises(InvalidInputError):
        refunds.propose_split(
            request_id=world.refund.pk, keep=world.money(minor), actor=world.freelancer.actor, now=world.now
        )


@pytest.mark.rule("R8", "I4")
def test_R8_accepting_the_split_pays_both_in_one_entry_and_closes():
    world = make.refund_requested_contract()
    proposal = refunds.propose_split(
        request_id=world.refund.pk, keep=world.money(115_000), actor=world.freelancer.actor, now=world.now
    )

    refunds.accept_split(request_id=world.refund.pk, proposal_id=proposal.pk, actor=world.client.actor, now=world.now)

    entry = JournalEntry.objects.get(rule="R8")
    assert entry.ground == Ground.JOINT_SETTLEMENT
    assert sorted(entry.transfers.values_list("credit__code", "amount")) == [
        ("freelancer_pending", 103_500),
        ("payable_client", 65_000),
        ("platform_fee", 11_500),
    ]
    assert (world.refund.state, world.contract.state) == (RefundState.ACCEPTED, "closed")
    assert selfcheck.run(now=world.now) == []
    world.later(days=5).sweep()
    assert world.held.money(AccountCode.FREELANCER_AVAILABLE).amount == 103_500


@pytest.mark.rule("R8")
def test_R8_declining_leaves_the_request_open():
    world = make.refund_requested_contract()
    refunds.propose_split(
        request_id=world.refund.pk, keep=world.money(115_000), actor=world.freelancer.actor, now=world.now
    )

    refunds.decline_split(request_id=world.refund.pk, actor=world.client.actor, now=world.now)

    assert world.refund.state == RefundState.OPEN
    assert RefundProposal.objects.get().state == ProposalState.DECLINED


def test_R8_a_replaced_proposal_is_never_accepted_unseen():
    world = make.refund_requested_contract()
    propose = lambda minor: refunds.propose_split(  # noqa: E731
        request_id=world.refund.pk, keep=world.money(minor), actor=world.freelancer.actor, now=world.now
    )
    shown = propose(90_000)
    propose(120_000)

    with unchanged(world.contract), pytest.raises(UnableToAnswerProposalError):
        refunds.accept_split(request_id=world.refund.pk, proposal_id=shown.pk, actor=world.client.actor, now=world.now)


def test_R8_without_a_proposal_there_is_nothing_to_answer():
    world = make.refund_requested_contract()

    with unchanged(world.contract):
        for service in (refunds.accept_split, refunds.decline_split):
            with pytest.raises(UnableToAnswerProposalError):
                service(request_id=world.refund.pk, actor=world.client.actor, now=world.now)


@pytest.mark.rule("R1", "Z4")
def test_reminders_come_72_24_and_3_hours_before_the_end():
    world = make.refund_requested_contract()
    kinds = {d.kind: world.refund.due_at - d.due_at for d in deadlines.running_of(world.refund.pk)}

    assert set(kinds.values()) == {timedelta(0), *(timedelta(hours=h) for h in (72, 24, 3))}


def test_S02_an_agency_answers_as_a_freelancer_does():
    world = make.refund_requested_contract(freelancer=make_agency())
    world.accept_refund()
    assert world.refund.state == RefundState.ACCEPTED


@pytest.mark.rule("R3")
def test_edge_6_during_a_dispute_the_client_ends_nothing_and_the_request_is_closed():
    world = make.refund_requested_contract()
    make.disputed_refund(world, uuid4())

    with unchanged(world.contract):
        with pytest.raises(OutOfTurnError):
            world.end()
        with pytest.raises(OutOfTurnError):
            refunds.withdraw_refund_request(request_id=world.refund.pk, actor=world.client.actor, now=world.now)


@pytest.mark.rule("I7")
def test_I7_the_same_key_never_posts_twice():
    world = make.submitted_contract()
    world.approve()
    entry = JournalEntry.objects.get(rule="C4")
    again = ledger.Cause("C4", "milestone", world.milestone.pk, world.client.actor, world.now, Ground.CLIENT_APPROVAL)
    assert again.key == entry.key
    move = (ledger.Place(AccountCode.EXTERNAL_CLIENT), ledger.Place(AccountCode.ESCROW_AVAILABLE), world.money(1))

    with unchanged(world.contract), pytest.raises(IntegrityError, match="key"), transaction.atomic():
        ledger.post(world.contract, again, [move])


def test_two_contracts_of_the_same_people_do_not_touch_each_other():
    freelancer, client = make_freelancer(), make_client()
    one = make.refund_requested_contract(freelancer=freelancer, client=client)
    other = make.refund_requested_contract(freelancer=freelancer, client=client)

    one.accept_refund()

    assert (other.refund.state, other.held.refund.amount) == (RefundState.OPEN, 180_000)


def test_dispute_during_open_request_blocks_by_the_overlay_too():
    world = make.submitted_contract()
    contract = world.contract
    contract.open_dispute_id = uuid4()
    contract.save(update_fields=["open_dispute_id"])

    with unchanged(world.contract), pytest.raises(UnableToActInDisputeError):
        world.end()
