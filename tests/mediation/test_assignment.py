"""D2: who mediates, conflicts, the declaration, leaving a case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError, UnableToError
from core.models import Deadline
from disputes.services import evidence
from mediation import clocks, selectors
from mediation.services import assignment
from mediation.services.common import UnableToActUndeclaredError
from tests.factories.accounts import join, make_freelancer, make_specialist, make_supervisor
from tests.factories.mediation import active_case, contested_case, filed_case, recommended_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@pytest.mark.rule("D2")
def test_D2_the_least_loaded_free_specialist_without_a_conflict_gets_the_case():
    busy = make_specialist("Busy Bea")
    first = filed_case(specialist=busy)
    assert first.case.specialist == busy.user
    idle = make_specialist("Zoe Idle")
    away = make_specialist("Ann Away", out_of_office_until=first.now + timedelta(days=9))
    second = filed_case(specialist=idle)
    assert second.case.specialist == idle.user
    assert away.user.cases.count() == 0


@pytest.mark.rule("D2")
def test_D2_a_case_that_nobody_can_take_waits_and_supervisors_are_told_every_24_hours():
    case = filed_case(staffed=False)
    assert (case.case.state, case.case.specialist) == ("unassigned", None)
    first = case.clock(clocks.ASSIGN_ALERT)
    assert first.due_at == case.now + timedelta(hours=24)
    case.until(first.due_at).sweep()
    again = case.clock(clocks.ASSIGN_ALERT)
    assert again.due_at == first.due_at + timedelta(hours=24)
    late = make_specialist("Late Comer")
    case.until(again.due_at).sweep()
    assert case.case.specialist == late.user
    assert case.clock(clocks.ASSIGN_ALERT) is None


@pytest.mark.rule("D2")
def test_edge_14_conflicts_are_named_and_refused_and_nothing_changes():
    case = filed_case()
    member = make_specialist("Former Member")
    membership = join(member.user, case.freelancer.account)
    membership.removed_at = case.now
    membership.save()
    gone = make_specialist("Gone Person", is_active=False)
    nobody = make_freelancer("Not Staff")
    for person, words in (
        (member, "was a member of the freelancer’s account"),
        (gone, "deactivated"),
        (nobody, "no mediation specialist"),
        (case.specialist, "already has this case"),
    ):
        with unchanged(case.contract), pytest.raises(UnableToError, match=words):
            case.assign(person)
    assert member.user not in selectors.candidates(case.case, now=case.now)


@pytest.mark.rule("D2")
def test_edge_14_reassignment_keeps_every_clock_and_asks_for_a_new_declaration():
    case = active_case()
    before = {row.kind: row.due_at for row in Deadline.objects.filter(object_id=case.dispute_id, status="pending")}
    other = make_specialist("Second Person")
    case.later(hours=5).assign(other)
    after = {row.kind: row.due_at for row in Deadline.objects.filter(object_id=case.dispute_id, status="pending")}
    assert before == after
    assert case.case.state == "assigned"
    assert case.dispute.specialist_id == other.user.pk
    with unchanged(case.contract), pytest.raises(StrangerError):
        case.attempt(person=case.specialist)
    with unchanged(case.contract), pytest.raises(UnableToActUndeclaredError):
        case.attempt(person=other)
    case.take_up(other)
    case.attempt(person=other)
    assert case.case.declarations.count() == 2


@pytest.mark.rule("D2")
def test_D2_only_supervisors_assign_and_only_the_assigned_specialist_takes_up():
    case = filed_case()
    other = make_specialist("Other Person")
    for person, error in ((case.specialist, NotAllowedError), (case.client, NotAllowedError), (other, StrangerError)):
        with unchanged(case.contract), pytest.raises(error):
            assignment.assign_specialist(
                dispute_id=case.dispute_id, specialist_id=other.user.pk, actor=person.actor, now=case.now
            )
    for person, error in ((case.supervisor, NotAllowedError), (case.freelancer, NotAllowedError)):
        with unchanged(case.contract), pytest.raises(error):
            case.take_up(person)
    with unchanged(case.contract), pytest.raises(InvalidInputError):
        assignment.take_up(dispute_id=case.dispute_id, declares=False, actor=case.specialist.actor, now=case.now)
    case.take_up()
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        case.take_up()


@pytest.mark.rule("D2")
def test_D2_a_specialist_who_has_a_conflict_leaves_and_is_never_assigned_again():
    case = active_case()
    second = make_specialist("Second Person")
    assignment.report_conflict(
        dispute_id=case.dispute_id, reason="I know the client.", actor=case.specialist.actor, now=case.now
    )
    assert case.case.specialist == second.user
    assert case.case.barred == [case.specialist.user.pk]
    with pytest.raises(UnableToError, match="left the case"):
        case.assign(case.specialist)
    with pytest.raises(StrangerError):
        case.attempt(person=case.specialist)


@pytest.mark.rule("D2")
def test_a_deactivated_specialist_leaves_every_open_case_at_once_and_the_24_h_alert_starts():
    case, later_case = active_case(), None
    later_case = recommended_case(specialist=case.specialist)
    case.specialist.user.is_active = False
    case.specialist.user.save()
    assert assignment.release_cases(specialist_id=case.specialist.user.pk, now=later_case.now) == 2
    assert case.case.state == "unassigned"
    assert case.dispute.specialist_id is None
    assert case.clock(clocks.ASSIGN_ALERT).due_at == later_case.now + timedelta(hours=24)
    assert later_case.case.state == "recommendation_issued"
    assert later_case.case.specialist is None
    successor = make_specialist("Successor Person")
    later_case.assign(successor)
    later_case.take_up(successor)
    assert later_case.case.state == "recommendation_issued"


@pytest.mark.rule("D2")
def test_D2_a_supervisor_may_take_a_specialist_off_a_case():
    case = active_case()
    with unchanged(case.contract), pytest.raises(InvalidInputError):
        assignment.unassign(dispute_id=case.dispute_id, reason="", actor=case.supervisor.actor, now=case.now)
    assignment.unassign(
        dispute_id=case.dispute_id, reason="On long leave from today.", actor=case.supervisor.actor, now=case.now
    )
    assert case.case.state == "unassigned"
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        assignment.unassign(
            dispute_id=case.dispute_id, reason="On long leave from today.", actor=case.supervisor.actor, now=case.now
        )


@pytest.mark.rule("D2")
def test_D2_a_specialist_who_does_not_write_is_reported_and_a_message_ends_the_clock():
    case = filed_case()
    first = case.clock(clocks.REPLY_ALERT)
    assert first.due_at == case.now + timedelta(days=2)
    case.until(first.due_at).sweep()
    assert case.clock(clocks.REPLY_ALERT).due_at == first.due_at + timedelta(hours=24)
    case.take_up()
    case.write(case.specialist, "Hello to both, I read the claim today.")
    assert case.clock(clocks.REPLY_ALERT) is None
    case.later(hours=1).write(case.client, "When will you call us?")
    assert case.clock(clocks.REPLY_ALERT).due_at == case.dispute.policy.business_days_after(case.now, 2)


@pytest.mark.rule("D2")
def test_a_specialist_may_not_write_or_ask_before_the_declaration():
    case = filed_case()
    with unchanged(case.contract), pytest.raises(UnableToActUndeclaredError):
        case.write(case.specialist, "Hello to both.")
    with unchanged(case.contract), pytest.raises(UnableToActUndeclaredError):
        evidence.request_evidence(
            dispute_id=case.dispute_id,
            asked_of="both",
            text="Please add the signed terms.",
            actor=case.specialist.actor,
            now=case.now,
        )
    case.take_up()
    evidence.request_evidence(
        dispute_id=case.dispute_id,
        asked_of="both",
        text="Please add the signed terms.",
        actor=case.specialist.actor,
        now=case.now,
    )
    assert case.clock(clocks.REPLY_ALERT) is None


@pytest.mark.rule("D2")
def test_edge_26_a_specialist_sees_only_assigned_cases_and_a_supervisor_sees_all():
    case = contested_case()
    other, boss = make_specialist("Other Person"), make_supervisor("Second Boss")
    assert selectors.get_case_for_staff(case.specialist.actor, case.reference).pk == case.case.pk
    assert selectors.get_case_for_staff(boss.actor, case.reference).pk == case.case.pk
    for person in (other, case.client, case.freelancer):
        with pytest.raises(StrangerError):
            selectors.get_case_for_staff(person.actor, case.reference)
