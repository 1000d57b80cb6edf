"""Z3 at the end of a stage: one second before an act counts, at the end only the default does, swept or not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.enums import AccountCode
from contracts.ledger.selectors import balance_of
from core.errors import NotAllowedError, TooLateError
from core.permissions import MemberRole
from disputes.services import evidence, messages, statements, withdrawal
from tests.factories.accounts import make_member
from tests.factories.arbitration import failed_case
from tests.factories.contracts import submitted_contract
from tests.factories.disputes import CLAIM, update_claim, upload
from tests.factories.mediation import ANSWER, active_case, recommended_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def _contest(case):
    return statements.contest_claim(
        dispute_id=case.dispute_id,
        reason="not_delivered",
        details=ANSWER,
        offers=case.world.money(0),
        actor=case.client.actor,
        now=case.now,
    )


def _accept(case):
    return statements.accept_claim(dispute_id=case.dispute_id, actor=case.client.actor, now=case.now)


def _withdraw(case):
    return withdrawal.withdraw_dispute(dispute_id=case.dispute_id, actor=case.freelancer.actor, now=case.now)


def _lower(case):
    return update_claim(case, 100_000)


def _add(case):
    return evidence.add_evidence(
        dispute_id=case.dispute_id,
        upload=upload(),
        kind="other",
        shows="What was delivered.",
        actor=case.client.actor,
        now=case.now,
    )


def _ask(case):
    return evidence.request_evidence(
        dispute_id=case.dispute_id,
        asked_of="client",
        text="Send the acceptance mail.",
        actor=case.specialist.actor,
        now=case.now,
    )


def _write(case):
    return messages.post_case_message(
        dispute_id=case.dispute_id, body="Sorry for the delay.", actor=case.client.actor, now=case.now
    )


@pytest.mark.rule("Z3")
@pytest.mark.parametrize("act", [_contest, _accept, _withdraw, _lower, _add, _ask, _write])
def test_Z3_acts_of_mediation_end_with_the_21_days(act):
    case = active_case()
    end = case.clock("mediation_end").due_at
    case.until(end)
    with unchanged(case.contract), pytest.raises(TooLateError):
        act(case)
    case.until(end, seconds=1)
    act(case)


@pytest.mark.rule("Z3")
@pytest.mark.parametrize("act", [_accept, _withdraw])
def test_Z3_nothing_slips_in_between_the_answer_time_and_its_default(act):
    case = recommended_case()
    case.until(case.clock("recommendation_answer").due_at)
    with unchanged(case.contract), pytest.raises(TooLateError):
        act(case)


@pytest.mark.rule("Z3")
@pytest.mark.parametrize("act", [_accept, _withdraw])
def test_N7_D10_are_possible_until_the_default_of_the_election_is_due(act):
    case = failed_case()
    end = case.clock("election_end").due_at
    case.until(end)
    with unchanged(case.contract), pytest.raises(TooLateError):
        act(case)
    case.until(end, seconds=1)
    act(case)


@pytest.mark.rule("C8", "Z3")
def test_C8_after_the_review_time_the_client_cannot_end_the_contract_unpaid():
    world = submitted_contract()
    due = world.now + timedelta(days=world.contract.policy.milestone_auto_release_days)
    world.now = due
    with unchanged(world.contract), pytest.raises(TooLateError):
        world.end(0)
    world.sweep()
    assert not world.held.escrow
    assert balance_of(world.contract, AccountCode.FREELANCER_PENDING)
    assert world.end(0) is None


def test_D8_a_member_without_the_right_is_told_so_before_the_amount_is_judged():
    case = active_case()
    member = make_member(case.freelancer.account, MemberRole.MEMBER)
    with unchanged(case.contract), pytest.raises(NotAllowedError):
        update_claim(case, 999_999_999, actor=member.actor, details=CLAIM)
