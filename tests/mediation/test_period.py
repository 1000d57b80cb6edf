"""D1, D17, E1, Z7: the 21 days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import audit, selfcheck
from core.errors import TooLateError
from core.models import Deadline
from mediation import clocks
from mediation.models import MediationCase
from tests.factories.mediation import active_case, contested_case, filed_case, recommended_case, unresponsive_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@pytest.mark.rule("D1", "D2", "Z7")
def test_D1_filing_opens_the_case_with_its_clocks_in_the_same_transaction():
    case = filed_case()
    found = case.case
    assert found.ends_at == found.opened_at + timedelta(days=21) == case.now + timedelta(days=21)
    assert case.clock(clocks.MEDIATION_END).due_at == found.ends_at
    # Filed Wed 25 Nov 2026 at 12:00: five business days later is Wed 2 Dec at 12:00.
    assert found.client_answer_due_at == case.clock(clocks.CLIENT_ANSWER).due_at == case.now + timedelta(days=7)
    assert case.clock(clocks.AUTO_ATTEMPT_1).due_at == case.now + timedelta(days=2)
    assert case.clock(clocks.AUTO_ATTEMPT_2).due_at == case.now + timedelta(days=6)
    assert found.state == "assigned"
    assert found.specialist_id == case.dispute.specialist_id == case.specialist.user.pk
    assert case.clock(clocks.ASSIGN_ALERT) is None


def test_Z7_the_reminders_of_the_21_days_come_7_3_and_1_days_before_the_end():
    case = filed_case()
    rows = Deadline.objects.filter(object_id=case.dispute_id, kind__startswith="mediation_end.remind:")
    before = sorted(case.case.ends_at - row.due_at for row in rows)
    assert before == [timedelta(days=1), timedelta(days=3), timedelta(days=7)]


@pytest.mark.rule("D17", "E1", "Z7")
def test_D17_after_21_days_without_a_result_the_case_ends_and_the_money_stays_held():
    case = contested_case()
    case.write(case.freelancer)
    held = case.contract.open_dispute_id
    case.until(case.case.ends_at).sweep()
    assert case.dispute.state == "non_resolution"
    assert (case.case.state, case.case.close_code) == ("closed", "not_resolved")
    assert case.contract.open_dispute_id == held
    assert case.world.held.escrow.amount >= 0
    assert case.running().isdisjoint({clocks.MEDIATION_END, clocks.CLIENT_ANSWER, clocks.REPLY_ALERT})
    assert Deadline.objects.get(object_id=case.dispute_id, kind=clocks.MEDIATION_END).status == "done"


@pytest.mark.rule("D17", "D6")
def test_D17_a_silent_client_does_not_win_because_staff_were_slow():
    case = unresponsive_case()
    case.until(case.case.ends_at).sweep()
    assert case.dispute.resolution_code == "client_unresponsive"
    assert case.dispute.resolution.to_freelancer == case.dispute.amount
    assert case.case.close_code == "client_unresponsive"
    assert Deadline.objects.get(object_id=case.dispute_id, kind=clocks.MEDIATION_END).status == "done"


@pytest.mark.rule("D17", "D7")
def test_D17_a_silent_freelancer_does_not_win_either():
    case = active_case()
    case.later(days=1).contest()
    while case.now < case.case.ends_at:
        case.later(hours=12).sweep()
    assert case.dispute.resolution_code == "freelancer_unresponsive"
    assert case.dispute.resolution.to_client == case.dispute.amount


@pytest.mark.rule("D17")
def test_D17_one_second_before_the_end_nothing_happens():
    case = contested_case()
    case.write(case.freelancer)
    case.until(case.case.ends_at, seconds=1).sweep()
    assert case.dispute.state == "in_mediation"
    case.later(seconds=1).sweep()
    assert case.dispute.state == "non_resolution"


@pytest.mark.rule("D13", "Z7")
def test_Z7_a_recommendation_stops_the_21_day_clock():
    case = recommended_case()
    assert case.clock(clocks.MEDIATION_END) is None
    assert case.case.ended_at == case.now
    case.until(case.case.ends_at).sweep()
    assert case.case.close_code == "not_resolved"
    assert case.dispute.recommended_at < case.dispute.non_resolution_at


@pytest.mark.rule("D13", "D17")
def test_edge_13_a_recommendation_one_minute_before_the_end_is_allowed_and_its_answer_clock_runs_on():
    case = contested_case()
    case.draft()
    case.until(case.case.ends_at, minutes=1)
    found = case.issue()
    assert found.state == "issued"
    assert found.answer_due_at > case.case.ends_at
    case.until(case.case.ends_at).sweep()
    assert case.dispute.state == "recommended"
    case = contested_case()
    case.draft()
    with unchanged(case.contract):
        case.until(case.case.ends_at)
        with pytest.raises(TooLateError):
            case.issue()
    case.sweep()
    assert case.dispute.state == "non_resolution"


@pytest.mark.rule("E1")
def test_E1_a_resolved_dispute_closes_the_case_voids_the_draft_and_ends_all_clocks():
    case = contested_case()
    case.draft()
    from disputes.services import withdrawal

    withdrawal.withdraw_dispute(dispute_id=case.dispute_id, actor=case.freelancer.actor, now=case.now)
    assert (case.case.state, case.case.close_code) == ("closed", "withdrawn")
    assert case.case.recommendations.get().state == "void"
    assert case.running() == set()
    assert case.case.ended_at == case.now


@pytest.mark.rule("D8")
def test_D8_a_lower_claim_unsets_the_split_of_a_draft_recommendation():
    from core.money import Money
    from disputes.services import statements
    from tests.factories.mediation import DETAILS

    case = contested_case()
    case.draft()
    statements.update_statement(
        dispute_id=case.dispute_id,
        side="claim",
        reason="quality_disputed",
        details=DETAILS + " We ask for less now.",
        amount=Money(150_000, "USD"),
        actor=case.freelancer.actor,
        now=case.now,
    )
    draft = case.case.recommendations.get()
    assert (draft.to_freelancer, draft.to_client, draft.frozen) == (None, None, 150_000)
    assert draft.reasons


def test_selfcheck_finds_nothing_in_cases_of_every_stage():
    filed_case(staffed=False)
    for make in (filed_case, contested_case, recommended_case):
        case = make()
    assert [f for f in selfcheck.run(now=case.now) if f.check.startswith("mediation")] == []
    assert audit.verify(case.dispute_id).broken_at is None
    assert MediationCase.objects.count() == 4
