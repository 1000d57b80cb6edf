"""D18, D20, and what only staff see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import (
    InvalidInputError,
    NotAllowedError,
    OutOfTurnError,
    StrangerError,
    TooLateError,
    UnableToError,
)
from mediation import clocks
from mediation.services import notes
from mediation.services.impasse import UnableToDeclareTwiceError
from tests.factories.accounts import make_member, make_specialist, make_stranger
from tests.factories.mediation import active_case, contested_case, filed_case, recommended_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@pytest.mark.rule("D18", "E1")
def test_D18_when_both_declare_that_they_cannot_agree_mediation_ends():
    case = contested_case()
    case.impasse("client")
    assert case.dispute.state == "in_mediation"
    assert case.dispute.client_reacted_at == case.now
    case.later(hours=4).impasse("freelancer")
    assert case.dispute.state == "non_resolution"
    assert case.case.close_code == "not_resolved"
    assert case.running().isdisjoint({clocks.MEDIATION_END})


@pytest.mark.rule("D18")
def test_D18_each_side_declares_once_in_time_and_with_the_right_to_move_money():
    case = contested_case()
    for person, error in (
        (make_member(case.client.account), NotAllowedError),
        (case.specialist, NotAllowedError),
        (make_stranger(), StrangerError),
    ):
        with unchanged(case.contract), pytest.raises(error):
            case.impasse("client", person)
    case.impasse("client")
    with unchanged(case.contract), pytest.raises(UnableToDeclareTwiceError):
        case.impasse("client")
    case.until(case.case.ends_at)
    with unchanged(case.contract), pytest.raises(TooLateError):
        case.impasse("freelancer")
    late = recommended_case()
    with unchanged(late.contract), pytest.raises(OutOfTurnError):
        late.impasse("client")


@pytest.mark.rule("D20", "D2")
def test_D20_an_upheld_objection_brings_another_specialist_and_all_clocks_run_on():
    case = active_case()
    ends_at = case.clock(clocks.MEDIATION_END).due_at
    second = make_specialist("Second Person")
    found = case.object("client")
    assert case.clock(clocks.OBJECTION_ALERT).due_at == case.now + timedelta(days=1)
    case.later(hours=2).decide(found, upheld=True)
    assert case.case.specialist == second.user
    assert case.case.barred == [case.specialist.user.pk]
    assert case.clock(clocks.MEDIATION_END).due_at == ends_at
    assert case.clock(clocks.OBJECTION_ALERT) is None
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        case.decide(found, upheld=False)


@pytest.mark.rule("D20")
def test_D20_each_side_objects_once_with_a_reason_within_two_business_days():
    case = filed_case()
    for person, error in ((case.specialist, NotAllowedError), (make_stranger(), StrangerError)):
        with unchanged(case.contract), pytest.raises(error):
            case.object("client", person=person)
    with unchanged(case.contract), pytest.raises(InvalidInputError):
        case.object("client", reason="no")
    case.object("client")
    case.object("freelancer")
    with unchanged(case.contract), pytest.raises(UnableToError, match="already objected"):
        case.object("client")
    late = filed_case()
    late.until(late.case.assigned_at + timedelta(days=2))
    with unchanged(late.contract), pytest.raises(TooLateError):
        late.object("client")
    nobody = filed_case(staffed=False)
    nobody.supervisor  # noqa: B018 - the case has none assigned
    if nobody.case.specialist is None:
        with unchanged(nobody.contract), pytest.raises(UnableToError, match="No specialist"):
            nobody.object("client")


@pytest.mark.rule("D20")
def test_D20_only_a_supervisor_decides_and_never_the_specialist_concerned():
    case = active_case()
    found = case.object("client")
    for person, error in ((case.specialist, NotAllowedError), (case.client, NotAllowedError)):
        with unchanged(case.contract), pytest.raises(error):
            case.decide(found, upheld=False, person=person)
    with unchanged(case.contract), pytest.raises(InvalidInputError):
        case.decide(found, upheld=False, text="no")
    case.until(case.clock(clocks.OBJECTION_ALERT).due_at).sweep()
    assert case.clock(clocks.OBJECTION_ALERT) is not None
    case.decide(found, upheld=False)
    assert case.case.specialist == case.specialist.user


@pytest.mark.rule("D20", "E1")
def test_D20_an_open_objection_ends_with_mediation():
    case = contested_case()
    found = case.object("client")
    case.impasse("client")
    case.impasse("freelancer")
    found.refresh_from_db()
    assert found.state == "void"


def test_notes_and_read_marks_are_the_staffs_alone():
    case = contested_case()
    row = case.exhibit(case.client)
    notes.add_note(dispute_id=case.dispute_id, body="Call on Monday.", actor=case.specialist.actor, now=case.now)
    notes.add_note(dispute_id=case.dispute_id, body="Agreed.", actor=case.supervisor.actor, now=case.now)
    assert case.case.notes.count() == 2
    for person, error in ((case.client, NotAllowedError), (make_stranger(), StrangerError)):
        with unchanged(case.contract), pytest.raises(error):
            notes.add_note(dispute_id=case.dispute_id, body="Hello", actor=person.actor, now=case.now)
        with unchanged(case.contract), pytest.raises(error):
            notes.mark_read(evidence_id=row.pk, actor=person.actor, now=case.now)
    with unchanged(case.contract), pytest.raises(NotAllowedError):
        notes.mark_read(evidence_id=row.pk, actor=case.supervisor.actor, now=case.now)
    first = notes.mark_read(evidence_id=row.pk, actor=case.specialist.actor, now=case.now)
    again = notes.mark_read(evidence_id=row.pk, actor=case.specialist.actor, now=case.now + timedelta(hours=1))
    assert (first.pk, again.read_at) == (again.pk, case.now)
