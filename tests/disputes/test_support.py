"""P1–P6, D1 on an active contract, edge cases 5–9."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.enums import AccountCode
from contracts.ledger.selectors import balance_of
from contracts.services import agreement
from core import deadlines, selfcheck
from core.errors import (
    InvalidInputError,
    NotAllowedError,
    OutOfTurnError,
    StaleError,
    StrangerError,
    TooLateError,
    UnableToError,
)
from disputes.models import Dispute, Evidence, SupportRequest
from disputes.selectors import get_support_for
from disputes.services import support
from disputes.services.support import UnableToAskSupportError, UnableToOpenCaseError
from tests.factories.accounts import join, make_member, make_stranger, make_supervisor, make_support
from tests.factories.contracts import (
    active_contract,
    closed_contract,
    funded_contract,
    partly_released_contract,
    refund_requested_contract,
    refused_contract,
    submitted_contract,
)
from tests.factories.disputes import (
    CLAIM,
    SHOWN,
    WHY,
    active_route_case,
    ask,
    asked,
    declined,
    open_case,
    upload,
)
from tests.factories.mediation import filed_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def act(name, world, request, person, **values):
    return getattr(support, name)(request_id=request.pk, actor=person.actor, now=world.now, **values)


def fresh(request) -> SupportRequest:
    return SupportRequest.objects.get(pk=request.pk)


@pytest.mark.rule("P1", "Z5")
def test_P1_the_freelancer_asks_and_the_money_is_named():
    world, request, _ = asked()
    assert (request.state, request.amount, request.reason) == ("submitted", 180_000, "refused_release")
    contract = world.contract
    assert (contract.named_amount, contract.named_source) == (180_000, "escrow_available")
    # Wed 25 Nov 2026 + 2 business days.
    assert deadlines.running(request.pk, "support_reply").due_at == world.now + timedelta(days=2)
    assert request.contact_messages.count() == 1
    consent = request.dispute.consents.get()
    assert (consent.kind, consent.text_version) == ("support_request", "2026-1/en")
    assert "over Milestone 1: Part 1, for the amount you name: at most $1,800.00." in consent.text
    assert request.dispute.state == "draft"
    assert selfcheck.run(now=world.now) == []


@pytest.mark.rule("P1")
def test_P1_the_platforms_own_record_is_attached_and_blocks_nothing():
    world = submitted_contract()
    world.later(days=1).request_changes()
    world.later(hours=1).submit()
    world.later(hours=1).write(world.client, "I will look at it.")
    world.later(hours=1)
    record = ask(world).record
    assert record["milestone"] == {"number": 1, "state": "submitted", "price": 180_000}
    assert [d["rule"] for d in record["decisions"]] == ["C3"]
    assert len(record["submissions"]) == 2
    assert record["review_ends_at"]
    assert record["unanswered_messages"] == 1
    assert record["client_last_wrote_at"]


@pytest.mark.rule("P1")
def test_P1_files_wait_in_the_prepared_case():
    world = refused_contract()
    request = ask(world, uploads=[upload("a.txt"), upload("b.txt")])
    assert list(Evidence.objects.filter(dispute=request.dispute).values_list("exhibit", "side")) == [
        (None, "freelancer"),
        (None, "freelancer"),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": 180_001}, "amount"),
        ({"details": "Pay me."}, "details"),
        ({"attested": False}, "attested"),
        ({"message_ids": []}, "messages"),
    ],
)
def test_P1_unfit_input_is_named_and_changes_nothing(changes, field):
    world = refused_contract()
    if "amount" in changes:
        changes = {"amount": world.money(changes["amount"])}
    message = world.write(world.freelancer)
    with unchanged(world.contract), pytest.raises(InvalidInputError) as refusal:
        ask(world, message=message, **changes)
    assert set(refusal.value.fields) == {field}


def test_P1_the_message_must_be_the_freelancers_own_in_this_thread():
    world, other = refused_contract(), refused_contract()
    theirs = world.write(world.client)
    elsewhere = other.write(other.freelancer)
    with unchanged(world.contract):
        for message in (theirs, elsewhere):
            with pytest.raises(InvalidInputError) as refusal:
                ask(world, message=message)
            assert set(refusal.value.fields) == {"messages"}


@pytest.mark.parametrize(
    ("make", "reason", "says"),
    [
        (active_contract, "refused_release", "No submitted work"),
        (funded_contract, "refused_release", "No submitted work"),
        (refused_contract, "partial_release_carried_over", "No remainder"),
        (partly_released_contract, "refused_release", "No submitted work"),
        (refund_requested_contract, "refused_release", "no longer active"),
        (closed_contract, "refused_release", "no longer active"),
        (refused_contract, "because", "Choose one of the two reasons"),
    ],
)
def test_P1_guards_refuse_in_words_and_change_nothing(make, reason, says):
    world = make()
    message = world.write(world.freelancer)
    with unchanged(world.contract), pytest.raises(UnableToAskSupportError, match=says):
        ask(world, message=message, reason=reason, amount=world.money(100))


def test_P1_who_may_ask():
    world = refused_contract()
    message = world.write(world.freelancer)
    with unchanged(world.contract):
        for person in (world.client, make_member(world.freelancer.account), make_support()):
            with pytest.raises(NotAllowedError):
                ask(world, message=message, person=person)
        with pytest.raises(StrangerError):
            ask(world, message=message, person=make_stranger())
        with pytest.raises(StaleError):
            ask(world, message=message, consent_version="old")


@pytest.mark.rule("P1")
def test_P1_one_request_at_a_time_and_its_money_is_not_moved_elsewhere():
    world, _request, _ = asked(amounts=(180_000, 50_000))
    message = world.write(world.freelancer)
    with unchanged(world.contract):
        with pytest.raises(UnableToAskSupportError, match="already open"):
            ask(world, message=message)
        with pytest.raises(UnableToError):
            world.release_part(60_000)


@pytest.mark.rule("P2", "Z5")
def test_P2_take_up_ask_and_answer():
    world, request, agent = asked()
    act("take_up", world.later(hours=1), request, agent)
    assert (fresh(request).state, fresh(request).first_reply_at) == ("in_review", world.now)
    act("ask_information", world, request, agent, text="Which page was refused?")
    clock = deadlines.running(request.pk, "support_info")
    # Wed 25 Nov + 5 business days = Wed 2 Dec; the reminder after 3 of them.
    assert clock.due_at == world.now + timedelta(days=7)
    reminder = next(d for d in deadlines.running_of(request.pk) if ".remind:" in d.kind)
    assert reminder.due_at == world.now + timedelta(days=5)
    assert deadlines.running(request.pk, "support_reply") is None
    act("answer_information", world.later(days=1), request, world.freelancer, text="The order history.")
    assert fresh(request).state == "in_review"
    assert deadlines.running(request.pk, "support_reply")
    assert list(fresh(request).notes.order_by("written_at").values_list("from_staff", flat=True)) == [True, False]


@pytest.mark.rule("P2", "Z3", "Z4")
def test_P2_without_an_answer_the_request_lapses_and_the_money_is_free():
    world, request, agent = asked()
    act("ask_information", world, request, agent, text="Which page was refused?")
    due = deadlines.running(request.pk, "support_info").due_at
    world.now = due
    with unchanged(world.contract), pytest.raises(TooLateError):
        act("answer_information", world, request, world.freelancer, text="Late.")
    world.sweep()
    assert fresh(request).state == "lapsed"
    assert world.contract.named_amount == 0
    assert fresh(request).dispute.state == "abandoned"
    assert deadlines.running_of(request.pk) == []
    again = ask(world)
    assert again.state == "submitted"
    assert selfcheck.run(now=world.now) == []


@pytest.mark.rule("P1", "Z5")
def test_P1_the_alert_repeats_until_somebody_acts():
    world, request, agent = asked()
    for _ in range(3):
        world.now = deadlines.running(request.pk, "support_reply").due_at
        world.sweep()
        assert fresh(request).state == "submitted"
        assert deadlines.running(request.pk, "support_reply").due_at > world.now
    act("decline", world, request, agent, reason="other", text="The reasons are given here in full.")
    assert deadlines.running(request.pk, "support_reply") is None


@pytest.mark.rule("P3", "D1", "C11", "I3", "I6")
def test_P3_support_opens_the_case_from_the_milestones_escrow():
    world, request, agent = asked()
    world.later(hours=2)
    dispute = open_case(world, request, agent, amount=world.money(150_000))
    assert (dispute.state, dispute.route, dispute.reason) == ("in_mediation", "active", "refused_release")
    assert (dispute.amount, dispute.source) == (150_000, "escrow_available")
    assert dispute.opened_by_id == agent.user.pk
    contract = world.contract
    assert (contract.state, contract.named_amount, contract.open_dispute_id) == ("active", 0, dispute.pk)
    assert balance_of(contract, AccountCode.ESCROW_FROZEN, dispute.pk).amount == 150_000
    assert world.held.available.amount == 30_000
    assert world.milestone.disputed_by == dispute.pk
    claim = dispute.statements.get()
    assert (claim.details, claim.written_by_id) == (CLAIM, world.freelancer.user.pk)
    request = fresh(request)
    assert (request.state, request.circumstance, request.shown_by) == ("case_opened", "refused_release", SHOWN)
    assert deadlines.running_of(request.pk) == []
    assert selfcheck.run(now=world.now) == []


@pytest.mark.rule("P3", "D1", "C11")
def test_P3_carried_over_money_is_frozen_from_what_was_carried():
    case = active_route_case(carried=True)
    dispute = case.dispute
    assert (dispute.amount, dispute.source, dispute.reason) == (
        120_000,
        "escrow_carried",
        "partial_release_carried_over",
    )
    assert case.world.held.carried.amount == 0
    assert selfcheck.run(now=case.now) == []


@pytest.mark.rule("P3")
def test_P3_files_become_exhibits_when_the_case_opens():
    world = refused_contract()
    request = ask(world, uploads=[upload("a.txt"), upload("b.txt")])
    dispute = open_case(world, request, make_support())
    assert sorted(dispute.evidence.values_list("exhibit", flat=True)) == [1, 2]


@pytest.mark.rule("P3", "C11")
def test_P3_stops_the_review_clock_and_edge7_nothing_is_released_twice():
    world = submitted_contract()
    world.later(days=1)
    request = ask(world)
    assert deadlines.running(world.milestone.pk, "review")
    due = deadlines.running(world.milestone.pk, "review").due_at
    world.now = due - timedelta(seconds=30)
    open_case(world, request, make_support())
    assert deadlines.running(world.milestone.pk, "review") is None
    world.now = due + timedelta(minutes=1)
    world.sweep()
    assert world.milestone.state == "submitted"
    assert world.held.frozen_total.amount == 180_000


@pytest.mark.rule("C6", "P5")
def test_P5_edge7_released_first_the_request_is_moot_and_no_case_opens():
    world = submitted_contract()
    world.later(days=1)
    request = ask(world)
    world.now = deadlines.running(world.milestone.pk, "review").due_at
    world.sweep()
    assert world.milestone.state == "paid"
    assert fresh(request).state == "moot"
    with unchanged(world.contract), pytest.raises(OutOfTurnError):
        open_case(world, request, make_support())
    assert selfcheck.run(now=world.now) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"circumstance": ""}, "circumstance"),
        ({"circumstance": "partial_release_carried_over"}, "circumstance"),
        ({"shown_by": "It is so."}, "shown_by"),
        ({"amount": 180_001}, "amount"),
        ({"amount": 0}, "amount"),
    ],
)
def test_P3_unfit_input_is_named_and_changes_nothing(changes, field):
    world, request, agent = asked()
    if "amount" in changes:
        changes = {"amount": world.money(changes["amount"])}
    with unchanged(world.contract), pytest.raises(InvalidInputError) as refusal:
        open_case(world, request, agent, **changes)
    assert set(refusal.value.fields) == {field}


def test_P3_S14_only_support_opens_a_case():
    world, request, _ = asked()
    with unchanged(world.contract):
        with pytest.raises(NotAllowedError):
            open_case(world, request, world.freelancer)
        with pytest.raises(NotAllowedError):
            open_case(world, request, make_supervisor())
        for person in (world.client, make_stranger()):
            with pytest.raises(StrangerError):
                open_case(world, request, person)
        insider = make_support("Sam Insider")
        join(insider.user, world.freelancer.account)
        with pytest.raises(NotAllowedError, match="somebody else"):
            open_case(world, request, insider)


@pytest.mark.rule("P4")
def test_P4_declined_with_a_reason_the_money_is_free_at_once():
    world, request, agent = declined()
    request = fresh(request)
    assert (request.state, request.decline_reason) == ("declined", "still_talking")
    # Wed 25 Nov + 5 business days.
    assert request.review_until == world.now + timedelta(days=7)
    assert world.contract.named_amount == 0
    assert deadlines.running_of(request.pk) == []
    with unchanged(world.contract), pytest.raises(OutOfTurnError):
        open_case(world, request, agent)


def test_P4_needs_a_reason_and_a_text():
    world, request, agent = asked()
    with unchanged(world.contract), pytest.raises(InvalidInputError) as refusal:
        act("decline", world, request, agent, reason="no", text="No.")
    assert set(refusal.value.fields) == {"reason", "text"}


@pytest.mark.rule("P5")
def test_P5_the_freelancer_withdraws():
    world, request, _ = asked()
    with unchanged(world.contract), pytest.raises(StrangerError):
        act("withdraw_support", world, request, world.client)
    act("withdraw_support", world, request, world.freelancer)
    assert (fresh(request).state, world.contract.named_amount) == ("withdrawn", 0)
    assert fresh(request).dispute.state == "abandoned"


@pytest.mark.rule("P5", "C8", "R1")
def test_P5_edge5_the_client_ends_the_contract_and_the_request_is_moot():
    world, request, _ = asked()
    world.later(hours=1).end()
    assert fresh(request).state == "moot"
    assert world.refund.state == "open"
    assert world.contract.named_amount == 0
    assert selfcheck.run(now=world.now) == []


@pytest.mark.rule("P5", "C9")
def test_P5_the_freelancer_ends_the_contract_and_the_request_is_moot():
    world, request, _ = asked()
    agreement.end_contract_by_freelancer(contract_id=world.contract_id, actor=world.freelancer.actor, now=world.now)
    assert fresh(request).state == "moot"


@pytest.mark.rule("P5", "C4")
def test_P5_paid_in_full_the_request_is_moot():
    world, request, _ = asked()
    world.approve()
    assert fresh(request).state == "moot"
    assert world.milestone.state == "paid"


@pytest.mark.rule("P6")
def test_P6_a_supervisor_sends_it_back_and_the_money_is_named_again():
    world, request, agent = declined()
    act("ask_review", world.later(days=1), request, world.freelancer, text=WHY)
    assert world.contract.named_amount == 0
    assert deadlines.running(request.pk, "support_review")
    supervisor = make_supervisor()
    act("send_back", world, request, supervisor, text="The refusal is in the history; look again.")
    assert (fresh(request).state, world.contract.named_amount) == ("in_review", 180_000)
    assert deadlines.running(request.pk, "support_review") is None
    dispute = open_case(world, request, agent)
    assert dispute.state == "in_mediation"
    assert selfcheck.run(now=world.now) == []


@pytest.mark.rule("P6", "Z5")
def test_P6_upheld_is_final_and_the_alert_repeats_before():
    world, request, _ = declined()
    act("ask_review", world, request, world.freelancer, text=WHY)
    first = deadlines.running(request.pk, "support_review").due_at
    world.now = first
    world.sweep()
    assert deadlines.running(request.pk, "support_review").due_at > first
    supervisor = make_supervisor()
    act("uphold", world, request, supervisor, text="The client is still answering, as support said.")
    assert (fresh(request).state, fresh(request).reviewed_at) == ("declined", world.now)
    assert deadlines.running_of(request.pk) == []
    assert fresh(request).dispute.state == "abandoned"
    with unchanged(world.contract):
        for name, person in (("ask_review", world.freelancer), ("uphold", supervisor), ("send_back", supervisor)):
            with pytest.raises(OutOfTurnError):
                act(name, world, request, person, text=WHY)


def test_P6_once_in_time_and_not_by_who_declined():
    world, request, agent = declined()
    until = fresh(request).review_until
    world.now = until
    with unchanged(world.contract), pytest.raises(TooLateError):
        act("ask_review", world, request, world.freelancer, text=WHY)
    world.now = until - timedelta(seconds=1)
    act("ask_review", world, request, world.freelancer, text=WHY)
    agent.user.staff_roles = ["support", "supervisor"]
    agent.user.save()
    with unchanged(world.contract):
        with pytest.raises(OutOfTurnError):
            act("ask_review", world, request, world.freelancer, text=WHY)
        with pytest.raises(NotAllowedError, match="Another supervisor"):
            act("send_back", world, request, agent, text=WHY)
        with pytest.raises(NotAllowedError):
            act("uphold", world, request, make_support(), text=WHY)
        with pytest.raises(InvalidInputError):
            act("uphold", world, request, make_supervisor(), text="No.")


@pytest.mark.rule("P6")
def test_P6_it_cannot_be_sent_back_once_the_money_went_another_way():
    world, request, _ = declined()
    act("ask_review", world, request, world.freelancer, text=WHY)
    world.end()
    with unchanged(world.contract), pytest.raises(UnableToOpenCaseError, match="can only be upheld"):
        act("send_back", world, request, make_supervisor(), text=WHY)


@pytest.mark.rule("P1", "D10")
def test_withdrawn_money_can_be_asked_about_again():
    from disputes.services.withdrawal import withdraw_dispute

    case = active_route_case(carried=True)
    withdraw_dispute(dispute_id=case.dispute_id, actor=case.freelancer.actor, now=case.now)
    again = ask(case.world, reason="partial_release_carried_over")
    assert again.amount == 120_000


@pytest.mark.rule("C11", "D12")
def test_C11_a_remainder_that_was_disputed_is_not_disputable_on_the_same_ground_again():
    from tests.factories.disputes import accept, offer

    case = active_route_case(carried=True)
    accept(case, offer(case, case.freelancer, 50_000, disposition="return_to_escrow"), case.client)
    world = case.world
    assert world.held.carried.amount == 70_000
    message = world.write(world.freelancer)
    with unchanged(world.contract), pytest.raises(UnableToAskSupportError):
        ask(world, message=message, reason="partial_release_carried_over", amount=world.money(100))


def test_possible_requests_are_what_the_guards_let_through():
    world = refused_contract()
    assert [(m.number, r, most.amount) for m, r, most in support.possible_requests(world.contract)] == [
        (1, "refused_release", 180_000)
    ]
    world = partly_released_contract()
    assert [(m.number, r, most.amount) for m, r, most in support.possible_requests(world.contract)] == [
        (1, "partial_release_carried_over", 120_000)
    ]
    assert support.possible_requests(filed_case().contract) == []


def test_the_client_learns_nothing_of_a_request_and_staff_see_it():
    world, request, agent = asked()
    for person in (world.client, make_stranger()):
        with pytest.raises(StrangerError):
            get_support_for(person.actor, request.reference)
    for person in (world.freelancer, agent, make_supervisor()):
        assert get_support_for(person.actor, request.number).pk == request.pk
    assert Dispute.objects.get(pk=request.dispute_id).state == "draft"
