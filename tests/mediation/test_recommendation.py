"""D13–D16: the recommendation and both sides' answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StaleError, StrangerError, TooLateError
from core.models import AuditEntry, Deadline, PolicySetting
from core.money import Money
from mediation import clocks
from mediation.models import Recommendation
from mediation.services import recommendation
from mediation.services.answering import UnableToAnswerTwiceError
from mediation.services.recommendation import UnableToRecommendError
from tests.factories.accounts import MONDAY, make_member, make_stranger, make_supervisor
from tests.factories.mediation import active_case, contested_case, recommended_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(monkeypatch):
    """What `arbitration` would hear: one MediationFailed is one Notice of Non-Resolution."""
    from core import events
    from mediation.events import MediationFailed

    heard = []
    reactions = events._now[MediationFailed]
    monkeypatch.setitem(events._now, MediationFailed, [*reactions, heard.append])
    return heard


@pytest.mark.rule("D13", "I4")
def test_D13_goes_to_both_sides_with_an_answer_clock_of_two_business_days():
    case = contested_case()
    case.draft(120_000)
    assert case.dispute.state == "in_mediation"
    found = case.later(hours=1).issue()
    assert (found.state, found.to_freelancer, found.to_client, found.frozen) == ("issued", 120_000, 60_000, 180_000)
    assert case.dispute.state == "recommended"
    assert case.case.state == "recommendation_issued"
    assert case.running() == {clocks.RECOMMENDATION_ANSWER}
    due = case.dispute.policy.business_days_after(case.now, 2)
    assert case.clock(clocks.RECOMMENDATION_ANSWER).due_at == found.answer_due_at == due
    reminders = Deadline.objects.filter(
        object_id=case.dispute_id, kind__startswith="recommendation_answer.remind:", status="pending"
    )
    assert {due - row.due_at for row in reminders} == {timedelta(hours=24), timedelta(hours=6)}


@pytest.mark.rule("D13")
def test_D13_refuses_what_is_not_reasoned_cited_or_addressed_and_says_what_is_missing():
    for values, field in (
        ({"reasons": "Too short."}, "reasons"),
        ({"freelancer_points": ""}, "freelancer_points"),
        ({"client_points": "no"}, "client_points"),
        ({"exhibit_ids": []}, "exhibits"),
        ({"unset": True}, "to_freelancer"),
        ({"failure": ""}, "failure"),
        ({"failure": "offer_declined"}, "failure"),
        ({"failure": "offer_expired"}, "failure"),
        ({"failure": "no_answer"}, "failure"),
        ({"failure": "statement", "failure_note": ""}, "failure"),
    ):
        case = contested_case()
        case.draft(**values)
        with unchanged(case.contract), pytest.raises(InvalidInputError) as refused:
            case.issue()
        assert list(refused.value.fields) == [field], values


@pytest.mark.rule("D13")
def test_D13_needs_that_both_were_heard_or_had_the_chance():
    case = active_case()
    case.exhibit()
    case.draft()
    with unchanged(case.contract), pytest.raises(UnableToRecommendError, match="heard"):
        case.issue()
    case.until(case.case.client_answer_due_at)
    case.draft(failure="no_answer", failure_note="")
    case.issue()
    assert case.dispute.state == "recommended"


def test_D13_what_only_the_specialist_may_see_cannot_be_cited():
    case = contested_case()
    secret = case.exhibit(case.client, confidentiality="specialist")
    foreign = contested_case().exhibit()
    for row in (secret, foreign):
        with unchanged(case.contract), pytest.raises(InvalidInputError, match="both sides can see"):
            case.draft(exhibit_ids=[row.pk])


def test_D13_a_split_must_add_up_to_the_frozen_amount():
    case = contested_case()
    with unchanged(case.contract), pytest.raises(InvalidInputError, match="add up"):
        case.draft(to_client=Money(1, "USD"))
    with unchanged(case.contract), pytest.raises(InvalidInputError):
        case.draft(190_000, to_client=Money(-10_000, "USD"))


def test_D13_a_draft_of_an_older_view_of_the_case_is_stopped():
    case = contested_case()
    seen = case.dispute.version
    case.write(case.client, "One more thing.")
    for act in (lambda: case.draft(seen_version=seen), lambda: case.issue(seen_version=seen)):
        with unchanged(case.contract), pytest.raises(StaleError):
            act()


@pytest.mark.rule("D13", "D20")
def test_D13_is_refused_while_an_objection_is_open_and_for_everybody_but_the_specialist():
    case = contested_case()
    case.draft()
    case.object("client")
    with unchanged(case.contract), pytest.raises(UnableToRecommendError, match="objection"):
        case.issue()
    case.decide(case.case.objections.get(), upheld=False)
    for person, error in (
        (case.client, NotAllowedError),
        (case.supervisor, NotAllowedError),
        (make_stranger(), StrangerError),
    ):
        with unchanged(case.contract), pytest.raises(error):
            case.issue(person)
    case.issue()


@pytest.mark.rule("D13")
def test_D13_may_be_issued_once_more_while_nobody_has_answered_and_the_answer_clock_restarts_in_full():
    case = recommended_case()
    first = case.case.recommendations.get()
    case.later(hours=20)
    second = case.recommend(90_000)
    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("void", "issued", 2)
    assert second.answer_due_at == case.dispute.policy.business_days_after(case.now, 2)
    assert case.clock(clocks.RECOMMENDATION_ANSWER).due_at == second.answer_due_at
    with unchanged(case.contract), pytest.raises(StaleError):
        case.answer("client", accept=True, recommendation_id=first.pk)
    case.draft(80_000)
    with unchanged(case.contract), pytest.raises(UnableToRecommendError, match="only once"):
        case.issue()


@pytest.mark.rule("D13", "D14")
def test_D13_cannot_be_replaced_once_a_side_has_answered():
    case = recommended_case()
    case.answer("client", accept=True)
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        case.draft(90_000)


@pytest.mark.rule("D13")
def test_D13_with_the_release_flag_a_second_pair_of_eyes_lets_it_out():
    PolicySetting.objects.create(name="recommendation_needs_release", value=True, changed_at=MONDAY)
    case = contested_case()
    case.draft()
    waiting = case.issue()
    assert (waiting.state, case.dispute.state) == ("draft", "in_mediation")
    alert = case.clock(clocks.RELEASE_ALERT)
    assert alert.due_at == case.dispute.policy.business_days_after(case.now, 1)
    case.until(alert.due_at).sweep()
    assert case.clock(clocks.RELEASE_ALERT).due_at == alert.due_at + timedelta(hours=24)
    for person, error in ((case.specialist, NotAllowedError), (case.client, NotAllowedError)):
        with unchanged(case.contract), pytest.raises(error):
            recommendation.release(recommendation_id=waiting.pk, actor=person.actor, now=case.now)
    recommendation.send_back(
        recommendation_id=waiting.pk, text="Say more about the tax.", actor=case.supervisor.actor, now=case.now
    )
    assert case.clock(clocks.RELEASE_ALERT) is None
    assert case.case.notes.get().body == "Say more about the tax."
    case.issue()
    case.draft(110_000)
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        recommendation.release(recommendation_id=waiting.pk, actor=case.supervisor.actor, now=case.now)
    case.issue()
    found = recommendation.release(recommendation_id=waiting.pk, actor=case.supervisor.actor, now=case.now)
    assert (found.state, found.released_by, found.to_freelancer) == ("issued", case.supervisor.user, 110_000)
    assert case.dispute.state == "recommended"


@pytest.mark.rule("D13")
def test_D13_a_supervisor_does_not_release_what_they_wrote():
    PolicySetting.objects.create(name="recommendation_needs_release", value=True, changed_at=MONDAY)
    boss = make_supervisor("Acting Boss")
    case = contested_case()
    case.assign(boss)
    case.take_up(boss)
    case.draft(person=boss)
    waiting = case.issue(boss)
    with unchanged(case.contract), pytest.raises(NotAllowedError):
        recommendation.release(recommendation_id=waiting.pk, actor=boss.actor, now=case.now)
    with unchanged(case.contract), pytest.raises(NotAllowedError):
        recommendation.send_back(recommendation_id=waiting.pk, text="Say more here.", actor=boss.actor, now=case.now)
    recommendation.release(recommendation_id=waiting.pk, actor=case.supervisor.actor, now=case.now)


@pytest.mark.rule("D14", "D15", "E1", "I3", "I4")
def test_D15_both_accept_and_the_money_moves_as_recommended():
    case = recommended_case(120_000)
    case.later(hours=1).answer("client", accept=True)
    assert case.dispute.state == "recommended"
    case.later(hours=1).answer("freelancer", accept=True)
    dispute = case.dispute
    assert (dispute.state, dispute.resolution_code) == ("resolved", "recommendation_accepted")
    assert (dispute.resolution.to_freelancer, dispute.resolution.to_client) == (120_000, 60_000)
    found = case.case.recommendations.get()
    assert (found.state, case.case.close_code) == ("accepted", "recommendation_accepted")
    assert case.contract.state == "closed"
    assert case.running() == set()


@pytest.mark.rule("D14")
def test_D14_the_record_and_the_version_do_not_tell_what_a_side_answered():
    accepted, rejected = recommended_case(), recommended_case()
    before = accepted.dispute.version
    accepted.answer("client", accept=True)
    rejected.answer("client", accept=True)
    assert accepted.dispute.version == before
    rows = AuditEntry.objects.filter(chain_id=accepted.dispute_id, rule="D14")
    assert "accept" not in str(list(rows.values("payload", "new_state", "reason", "act")))


@pytest.mark.rule("D14")
def test_D14_an_answer_is_final_and_needs_the_right_to_move_money():
    case = recommended_case()
    member = make_member(case.client.account)
    with unchanged(case.contract), pytest.raises(NotAllowedError):
        case.answer("client", accept=True, person=member)
    for person in (case.specialist, case.supervisor):
        with unchanged(case.contract), pytest.raises(NotAllowedError):
            case.answer("client", accept=True, person=person)
    with unchanged(case.contract), pytest.raises(StrangerError):
        case.answer("client", accept=False, person=make_stranger())
    case.answer("client", accept=True)
    for accept in (True, False):
        with unchanged(case.contract), pytest.raises(UnableToAnswerTwiceError):
            case.answer("client", accept=accept)


@pytest.mark.rule("D14", "D16", "E1")
def test_D16_the_first_rejection_is_enough_and_the_money_stays_held(failed):
    case = recommended_case()
    case.answer("client", accept=True)
    case.answer("freelancer", accept=False)
    assert case.dispute.state == "non_resolution"
    assert case.case.recommendations.get().state == "rejected"
    assert case.case.close_code == "not_resolved"
    assert case.contract.open_dispute_id == case.dispute_id
    assert [(e.cause, e.dispute_id) for e in failed] == [("D16", case.dispute_id)]


@pytest.mark.rule("D16")
def test_edge_4_a_second_rejection_in_the_same_second_is_harmless_and_one_notice_is_issued(failed):
    case = recommended_case()
    case.answer("client", accept=False)
    with unchanged(case.contract):
        found = case.answer("freelancer", accept=False)
    assert found.state == "rejected"
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        case.answer("freelancer", accept=True)
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        case.answer("client", accept=False)
    assert len(failed) == 1


@pytest.mark.rule("D16", "Z3")
def test_D16_silence_counts_as_a_rejection_at_the_deadline_and_not_a_second_before(failed):
    case = recommended_case()
    case.answer("client", accept=True)
    due = case.clock(clocks.RECOMMENDATION_ANSWER).due_at
    case.until(due, seconds=1).sweep()
    assert case.dispute.state == "recommended"
    case.until(due)
    with unchanged(case.contract), pytest.raises(TooLateError):
        case.answer("freelancer", accept=True)
    case.sweep()
    assert case.dispute.state == "non_resolution"
    assert case.case.recommendations.get().state == "lapsed"
    assert Deadline.objects.get(object_id=case.dispute_id, kind=clocks.RECOMMENDATION_ANSWER).status == "done"
    assert len(failed) == 1


@pytest.mark.rule("D14", "D15")
def test_D14_one_second_before_the_end_an_acceptance_still_counts():
    case = recommended_case()
    case.answer("client", accept=True)
    case.until(case.clock(clocks.RECOMMENDATION_ANSWER).due_at, seconds=1)
    case.answer("freelancer", accept=True)
    assert case.dispute.state == "resolved"


def test_D13_drafts_of_two_specialists_are_one_draft():
    case = contested_case()
    case.draft(100_000)
    case.draft(90_000)
    assert Recommendation.objects.filter(case=case.case).count() == 1
