"""D3, D4, D8, D10 and their later forms N7, A4: answering, accepting, updating, withdrawing."""

from __future__ import annotations

import pytest

from contracts.enums import AccountCode
from contracts.ledger.selectors import balance_of
from contracts.models import JournalEntry
from core import audit, selfcheck
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StaleError, StrangerError
from disputes.models import BlindBid, SettlementOffer
from disputes.services import statements, withdrawal
from disputes.services.statements import diff_texts
from tests.factories.accounts import make_clerk, make_member, make_stranger
from tests.factories.disputes import active_route_case, bid, offer, update_claim
from tests.factories.mediation import ANSWER, active_case, contested_case, filed_case, recommended_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def frozen(case) -> int:
    return balance_of(case.contract, AccountCode.ESCROW_FROZEN, case.dispute_id).amount


def contest(case, person=None, **changes):
    given = {"reason": "not_delivered", "details": ANSWER, "offers": case.world.money(30_000), **changes}
    return statements.contest_claim(
        dispute_id=case.dispute_id, actor=(person or case.client).actor, now=case.now, **given
    )


def accept_claim(case, person=None, **values):
    return statements.accept_claim(
        dispute_id=case.dispute_id, actor=(person or case.client).actor, now=case.now, **values
    )


def withdraw(case, person=None, **values):
    return withdrawal.withdraw_dispute(
        dispute_id=case.dispute_id, actor=(person or case.freelancer).actor, now=case.now, **values
    )


@pytest.mark.rule("D4")
def test_D4_the_client_contests_with_a_reason_details_and_what_it_offers():
    case = active_case()
    assert case.clock("client_answer")
    version = contest(case)
    dispute = case.dispute
    assert (version.side, version.number, version.amount) == ("answer", 1, 30_000)
    assert dispute.client_answered_at == dispute.client_reacted_at == case.now
    assert dispute.freelancer_reacted_at is None
    assert case.clock("client_answer") is None
    assert frozen(case) == dispute.amount == 180_000


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "client_silent"}, "reason"),
        ({"details": "No."}, "details"),
        ({"offers": 180_000}, "offers"),
        ({"offers": 200_000}, "offers"),
        ({"offers": -1}, "offers"),
    ],
)
def test_D4_unfit_answers_are_named_and_change_nothing(changes, field):
    case = active_case()
    if "offers" in changes:
        changes = {"offers": case.world.money(changes["offers"])}
    with unchanged(case.contract), pytest.raises(InvalidInputError) as refusal:
        contest(case, **changes)
    assert set(refusal.value.fields) == {field}


def test_D4_who_may_not_contest_changes_nothing():
    case = active_case()
    with unchanged(case.contract):
        with pytest.raises(StrangerError):
            contest(case, make_stranger())
        with pytest.raises(NotAllowedError):
            contest(case, case.freelancer)
        with pytest.raises(NotAllowedError):
            contest(case, case.specialist)
        with pytest.raises(StaleError):
            contest(case, seen_version=case.dispute.version - 1)


def test_D4_the_client_contests_once():
    case = contested_case()
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        contest(case)


@pytest.mark.rule("D3", "E1", "I3", "I4")
def test_D3_acceptance_in_full_pays_the_claim_and_closes_everything():
    case = active_case(amount=120_000)
    live = offer(case, case.freelancer, 100_000)
    resolution = accept_claim(case)
    assert (resolution.ground, resolution.to_freelancer, resolution.to_client) == (
        "client_accept_dispute",
        120_000,
        0,
    )
    # 10 % service fee, taken in the same entry.
    assert case.world.held.money(AccountCode.FREELANCER_PENDING).amount == 108_000
    assert (case.dispute.state, case.case.state, case.contract.state) == ("resolved", "closed", "closed")
    live.refresh_from_db()
    assert live.state == "void"
    assert case.running() == set()
    assert selfcheck.run(now=case.now) == []


@pytest.mark.rule("D3")
def test_D3_a_recommendation_on_the_table_does_not_stop_acceptance_in_full():
    case = recommended_case()
    accept_claim(case)
    assert case.dispute.resolution_code == "client_accept_dispute"


@pytest.mark.rule("N7", "E1")
def test_N7_after_the_notice_the_client_can_still_accept_in_full():
    case = contested_case()
    case.until(case.case.ends_at).sweep()
    assert case.dispute.state == "non_resolution"
    accept_claim(case.later(hours=1))
    assert case.dispute.state == "resolved"
    entry = JournalEntry.objects.get(resolution__dispute_id=case.dispute_id)
    assert (entry.rule, entry.ground) == ("N7", "client_accept_dispute")
    assert case.running() == set()
    assert selfcheck.run(now=case.now) == []


def test_D3_only_the_client_with_a_money_role_accepts():
    case = active_case()
    colleague = make_member(case.client.account)
    with unchanged(case.contract):
        for person in (case.freelancer, case.specialist, colleague):
            with pytest.raises(NotAllowedError):
                accept_claim(case, person)
        for person in (make_stranger(), make_clerk()):
            with pytest.raises(StrangerError):
                accept_claim(case, person)
        with pytest.raises(StaleError):
            accept_claim(case, seen_version=0)


def test_D3_a_closed_case_accepts_nothing_more():
    case = active_case()
    accept_claim(case)
    with unchanged(case.contract):
        for act in (accept_claim, withdraw, contest):
            with pytest.raises(OutOfTurnError):
                act(case)
        with pytest.raises(OutOfTurnError):
            update_claim(case, 100)


@pytest.mark.rule("D8", "I3")
def test_D8_edge11_a_lower_claim_pays_the_difference_to_the_client_and_voids_what_was_offered():
    case = contested_case()
    live = offer(case, case.client, 60_000)
    sealed = bid(case, case.freelancer, 90_000)
    version = update_claim(case, 150_000)
    assert (version.number, version.amount) == (2, 150_000)
    assert frozen(case) == case.dispute.amount == 150_000
    assert case.dispute.filed_amount == 180_000
    assert case.world.held.money(AccountCode.PAYABLE_CLIENT).amount == 30_000
    assert JournalEntry.objects.get(rule="D8").ground == "freelancer_accept_refund"
    assert SettlementOffer.objects.get(pk=live.pk).state == "void"
    assert BlindBid.objects.get(pk=sealed.pk).state == "void"
    assert case.clock("offer") is None
    update_claim(case, 140_000)
    assert frozen(case) == 140_000
    assert selfcheck.run(now=case.now) == []


@pytest.mark.rule("D8")
def test_D8_on_an_active_contract_the_difference_returns_to_escrow():
    case = active_route_case()
    before = case.world.held.available.amount
    update_claim(case, 100_000, reason="refused_release")
    assert case.world.held.available.amount == before + 80_000
    assert frozen(case) == 100_000


@pytest.mark.rule("D8")
def test_D8_on_carried_over_money_the_difference_is_carried_over_again():
    case = active_route_case(carried=True)
    assert case.dispute.amount == 120_000
    update_claim(case, 100_000, reason="partial_release_carried_over")
    assert case.world.held.carried.amount == 20_000


@pytest.mark.rule("D8")
def test_D8_a_new_text_alone_moves_no_money_and_leaves_the_offer_alive():
    case = contested_case()
    live = offer(case, case.client, 60_000)
    update_claim(case, 180_000)
    live.refresh_from_db()
    assert live.state == "pending"
    assert not JournalEntry.objects.filter(rule="D8").exists()
    statements.update_statement(
        dispute_id=case.dispute_id,
        side="answer",
        reason="late",
        details=f"{ANSWER} It also came two weeks late.",
        amount=case.world.money(50_000),
        actor=case.client.actor,
        now=case.now,
    )
    numbers = list(case.dispute.statements.order_by("side", "number").values_list("side", "number", "amount"))
    assert numbers == [("answer", 1, 0), ("answer", 2, 50_000), ("claim", 1, 180_000), ("claim", 2, 180_000)]


@pytest.mark.parametrize("minor", [0, -1, 180_001])
def test_D8_a_claim_only_goes_down_and_never_to_nothing(minor):
    case = contested_case()
    with unchanged(case.contract), pytest.raises(InvalidInputError) as refusal:
        update_claim(case, minor)
    assert "can only go down" in refusal.value.fields["amount"]


def test_D8_refusals_change_nothing():
    case = contested_case()
    claim = case.dispute.statements.get(side="claim")
    with unchanged(case.contract):
        with pytest.raises(InvalidInputError, match="Nothing has changed"):
            update_claim(case, 180_000, details=claim.details)
        with pytest.raises(StaleError):
            update_claim(case, 100_000, seen_version=1)
        with pytest.raises(NotAllowedError):
            update_claim(case, 100_000, actor=case.client.actor)
        with pytest.raises(NotAllowedError):
            update_claim(case, 100_000, side="answer")
        with pytest.raises(NotAllowedError):
            update_claim(case, 100_000, actor=case.specialist.actor)
        with pytest.raises(NotAllowedError, match="moves money"):
            update_claim(case, 100_000, actor=make_member(case.freelancer.account).actor)
        with pytest.raises(StrangerError):
            update_claim(case, 100_000, actor=make_stranger().actor)
        with pytest.raises(InvalidInputError):
            update_claim(case, 100_000, reason="not_delivered")


def test_D8_the_client_updates_only_what_was_answered():
    case = active_case()
    with unchanged(case.contract), pytest.raises(OutOfTurnError, match="no answer to update"):
        update_claim(case, 10, side="answer", actor=case.client.actor)


def test_D8_statements_are_locked_once_a_recommendation_is_issued():
    case = recommended_case()
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        update_claim(case, 100_000)


def test_versions_are_written_once():
    from django.db import DatabaseError, transaction

    case = contested_case()
    with pytest.raises(DatabaseError), transaction.atomic():
        case.dispute.statements.update(details="something else")


@pytest.mark.rule("D10", "E1", "I3")
def test_D10_withdrawn_on_an_ended_contract_the_money_goes_to_the_client():
    case = contested_case()
    resolution = withdraw(case)
    assert (resolution.ground, resolution.to_freelancer, resolution.to_client) == ("dispute_withdrawn", 0, 180_000)
    assert (case.dispute.state, case.contract.state) == ("resolved", "closed")
    assert case.world.held.money(AccountCode.PAYABLE_CLIENT).amount == 180_000
    assert selfcheck.run(now=case.now) == []


@pytest.mark.rule("D10", "C11")
def test_D10_withdrawn_on_an_active_contract_the_milestone_stands_as_before():
    case = active_route_case()
    before = case.world.milestone.state
    withdraw(case)
    milestone = case.world.milestone
    assert (milestone.state, milestone.disputed_by) == (before, None) == ("release_refused", None)
    assert case.world.held.available.amount == 180_000
    assert case.contract.state == "active"
    assert selfcheck.run(now=case.now) == []


@pytest.mark.rule("D10")
def test_D10_withdrawn_carried_over_money_is_carried_over_again():
    case = active_route_case(carried=True)
    withdraw(case)
    assert case.world.held.carried.amount == 120_000
    assert case.world.milestone.state == "partially_paid"


def test_D10_nobody_else_withdraws():
    case = contested_case()
    with unchanged(case.contract):
        for person in (case.client, case.specialist, make_member(case.freelancer.account)):
            with pytest.raises(NotAllowedError):
                withdraw(case, person)
        with pytest.raises(StrangerError):
            withdraw(case, make_stranger())


def test_the_chain_of_a_case_holds_after_many_acts():
    case = contested_case()
    update_claim(case, 150_000)
    offer(case, case.client, 50_000)
    withdraw(case)
    verdict = audit.verify(case.dispute_id)
    assert verdict.broken_at is None
    assert verdict.length > 5


def test_differences_are_told_word_by_word_and_lose_nothing():
    old = "All pages were delivered on <b>Monday</b>.\nNothing is missing."
    new = "All pages were delivered on Tuesday.\nNothing is missing at all."
    pieces = diff_texts(old, new)
    assert "".join(text for op, text in pieces if op != "added") == old
    assert "".join(text for op, text in pieces if op != "removed") == new
    assert ("removed", "<b>Monday</b>.") in pieces


def test_differences_of_long_texts_stay_quick():
    import time

    old = "\n".join(f"Line {n} of a very long statement about the work." for n in range(400))
    new = old.replace("Line 7 ", "Line seven ")
    started = time.monotonic()
    pieces = diff_texts(old, new)
    assert time.monotonic() - started < 2
    assert "".join(text for op, text in pieces if op != "removed") == new


@pytest.mark.rule("D1")
def test_edge25_a_party_of_another_contract_is_a_stranger_here():
    case, other = filed_case(), filed_case()
    with unchanged(case.contract), pytest.raises(StrangerError):
        accept_claim(case, other.client)
