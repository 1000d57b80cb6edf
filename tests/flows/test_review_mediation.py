"""Mediation from other angles: late reissues, drafts of somebody who has left, reminders after an objection."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.enums import Side
from core.errors import DomainError, NotAllowedError, TooLateError
from core.models import PolicySetting
from mediation import clocks
from mediation.services import assignment, recommendation
from notifications.models import Notice
from tests.factories.accounts import make_specialist, make_supervisor
from tests.factories.contracts import MONDAY
from tests.factories.mediation import active_case, contested_case, filed_case, recommended_case, unresponsive_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

F, C = Side.FREELANCER, Side.CLIENT


def needs_release():
    PolicySetting.objects.create(name="recommendation_needs_release", value=True, changed_at=MONDAY)


@pytest.mark.rule("D13", "D16", "Z3")
@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=1)])
def test_d13_a_recommendation_whose_answer_time_is_over_is_not_replaced_but_lapses(late):
    case = recommended_case()
    case.draft(90_000)
    case.until(case.clock(clocks.RECOMMENDATION_ANSWER).due_at + late)
    with unchanged(case.contract), pytest.raises(TooLateError):
        case.issue()
    case.sweep()
    assert case.dispute.state == "non_resolution"


@pytest.mark.rule("D13", "D16")
def test_d13_a_release_does_not_revive_an_overdue_recommendation():
    needs_release()
    case = contested_case()
    case.draft()
    first = case.issue()
    recommendation.release(recommendation_id=first.pk, actor=case.supervisor.actor, now=case.now)
    case.draft(90_000)
    second = case.issue()
    case.until(case.clock(clocks.RECOMMENDATION_ANSWER).due_at)
    with unchanged(case.contract), pytest.raises(TooLateError):
        recommendation.release(recommendation_id=second.pk, actor=case.supervisor.actor, now=case.now)
    case.sweep()
    assert case.dispute.state == "non_resolution"


@pytest.mark.rule("D2", "D13")
def test_d2_a_draft_of_a_specialist_who_left_over_a_conflict_waits_for_no_release():
    needs_release()
    case = contested_case()
    case.draft()
    waiting = case.issue()
    assignment.report_conflict(
        dispute_id=case.dispute_id, reason="My sister works for the client.", actor=case.specialist.actor, now=case.now
    )
    other = make_specialist("Nia Newcomer")
    case.assign(other)
    with unchanged(case.contract), pytest.raises(DomainError):
        recommendation.release(recommendation_id=waiting.pk, actor=case.supervisor.actor, now=case.now)
    assert case.clock(clocks.RELEASE_ALERT) is None
    case.take_up(other)
    asked = case.issue(other)
    assert asked.written_by == other.user
    found = recommendation.release(recommendation_id=asked.pk, actor=case.supervisor.actor, now=case.now)
    assert (found.state, found.written_by) == ("issued", other.user)


@pytest.mark.rule("D13")
def test_d13_a_supervisor_who_takes_a_case_over_does_not_release_alone_what_another_drafted():
    needs_release()
    boss = make_supervisor("Acting Boss")
    case = contested_case()
    case.draft()
    case.assign(boss)
    case.take_up(boss)
    waiting = case.issue(boss)
    with unchanged(case.contract), pytest.raises(NotAllowedError):
        recommendation.release(recommendation_id=waiting.pk, actor=boss.actor, now=case.now)


@pytest.mark.rule("D5", "D20")
def test_d6_the_reminder_comes_again_when_an_objection_ends_by_a_reassignment():
    case = active_case()
    for _ in range(30):
        case.later(hours=12).sweep()
        if case.clock(clocks.UNRESPONSIVE_READY):
            break
    ready = case.clock(clocks.UNRESPONSIVE_READY).due_at
    case.until(ready, hours=3)
    first = make_specialist("First Newcomer")
    case.assign(first)
    case.object(F)
    case.until(ready).sweep()
    assert case.clock(clocks.UNRESPONSIVE_READY) is None
    second = make_specialist("Second Newcomer")
    case.later(hours=2).assign(second)
    case.take_up(second)
    case.later(minutes=1).sweep()
    assert Notice.objects.filter(recipient=second.user, title__contains="you may close it").exists()


@pytest.mark.rule("D5", "D6", "D17", "Z3")
def test_d17_what_comes_after_the_21_days_does_not_turn_the_outcome():
    case = active_case()
    attempt = case.attempt()
    case.later(days=7).attempt()
    case.until(case.case.ends_at, hours=1)
    newcomer = make_specialist("Late Newcomer")
    case.assign(newcomer)
    case.take_up(newcomer)
    case.specialist = newcomer
    case.until(case.case.ends_at)
    for act in (lambda: case.reply(attempt), lambda: case.object(C), case.attempt):
        with unchanged(case.contract), pytest.raises(TooLateError):
            act()
    case.sweep()
    assert case.dispute.resolution_code == "client_unresponsive"


@pytest.mark.rule("D6", "D17", "Z4")
def test_weeks_without_a_sweep_run_every_default_once_and_in_order():
    case = unresponsive_case()
    case.until(case.case.ends_at + timedelta(days=40)).sweep()
    assert case.dispute.resolution_code == "client_unresponsive"
    case.sweep()
    assert case.running() == set()


@pytest.mark.rule("Z4")
def test_d2_a_supervisor_on_a_side_is_told_nothing_of_the_desk():
    case = filed_case(staffed=False)
    partisan = make_supervisor("Partisan Boss")
    from accounts.models import Membership

    Membership.objects.create(
        account=case.contract.client_account, user=partisan.user, role="member", joined_at=case.now
    )
    before = Notice.objects.filter(recipient=partisan.user, account__isnull=True).count()
    case.until(case.clock(clocks.ASSIGN_ALERT).due_at).sweep()
    assert Notice.objects.filter(recipient=case.supervisor.user, kind="desk_alert").exists()
    assert Notice.objects.filter(recipient=partisan.user, account__isnull=True).count() == before


@pytest.mark.rule("D20")
def test_d20_notices_say_where_the_reason_of_a_decision_can_be_read():
    case = active_case()
    found = case.object(C)
    case.decide(found, upheld=False, text="The record shows no tie of any kind to either side.")
    told = {n.account_id: n for n in Notice.objects.filter(kind="objection", title__contains="dismissed")}
    objector = told[case.contract.client_account_id]
    other = told[case.contract.freelancer_account_id]
    assert "/object/" in objector.link
    assert "Read the reason" in objector.may_do
    assert "Read the reason" not in other.may_do


@pytest.mark.rule("D2")
def test_d2_the_notice_speaks_of_an_objection_only_where_one_is_open_to_the_reader():
    case = active_case()
    case.decide(case.object(C), upheld=False)
    case.later(hours=1).assign(make_specialist("Nia Newcomer"))
    told = {n.account_id: n for n in Notice.objects.filter(kind="specialist_assigned", title__contains="takes over")}
    mine = told[case.contract.freelancer_account_id]
    assert "object once" in mine.may_do
    assert mine.until == case.dispute.policy.business_days_after(case.now, 2)
    assert "object" not in told[case.contract.client_account_id].may_do


@pytest.mark.rule("D2")
def test_d2_the_notice_offers_no_objection_once_there_is_a_recommendation():
    case = recommended_case()
    case.later(hours=1).assign(make_specialist("Ola Newcomer"))
    late = Notice.objects.filter(
        kind="specialist_assigned", dispute_id=case.dispute_id, title__contains="takes over"
    ).first()
    assert "object" not in late.may_do


@pytest.mark.rule("D2")
def test_d2_a_specialist_who_joins_a_side_or_loses_the_role_leaves_the_case_at_once():
    from accounts.services import members, people
    from tests.factories.accounts import make_company

    case = contested_case(client=make_company())
    other = make_specialist("Nia Newcomer")
    members.add_member(
        account_id=case.contract.client_account_id,
        user_id=case.specialist.user.pk,
        role="member",
        actor=case.client.actor,
        now=case.now,
    )
    assert case.case.specialist == other.user
    assert case.dispute.specialist_id == other.user.pk
    other.user.staff_roles = ["support"]
    other.user.save(update_fields=["staff_roles"])
    people.standing_changed(user_id=other.user.pk, now=case.now)
    assert (case.case.state, case.case.specialist) == ("unassigned", None)
    assert case.clock(clocks.ASSIGN_ALERT).due_at == case.now + timedelta(hours=24)


@pytest.mark.rule("D13")
def test_d14_a_form_that_names_no_recommendation_answers_none(client):
    import uuid

    from django.urls import reverse

    from core import clock

    case = recommended_case()
    clock.freeze(case.now)
    client.force_login(case.client.user)
    path = reverse("mediation:answer", args=[case.reference, "reject"])
    assert client.post(path, {"_once": str(uuid.uuid4())}).status_code == 409
    assert case.dispute.state == "recommended"
    assert client.post(path, {"_once": str(uuid.uuid4()), "seen": "1"}).status_code == 303
    assert case.dispute.state == "non_resolution"
