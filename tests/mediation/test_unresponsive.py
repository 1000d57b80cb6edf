"""D5, D6, D7: contact attempts and a side that does not react."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.enums import Side
from core import events
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError, TooLateError
from core.models import PolicySetting
from mediation import clocks
from mediation.events import UnresponsiveReady
from mediation.services import unresponsive
from mediation.services.common import UnableToActUndeclaredError
from mediation.services.unresponsive import UnableToCloseUnresponsiveError
from tests.factories.accounts import make_clerk, make_stranger
from tests.factories.mediation import active_case, contested_case, filed_case, recommended_case, unresponsive_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def missing(case, side=Side.CLIENT):
    return [g.text for g in unresponsive.guards(case.case, side, now=case.now) if not g.holds]


@pytest.mark.rule("D5")
def test_D5_a_logged_attempt_is_visible_and_ends_the_reply_clock():
    case = active_case()
    found = case.attempt()
    assert (found.side, found.channel, found.by_system, found.made_by) == (
        "client",
        "phone",
        False,
        case.specialist.user,
    )
    assert case.clock(clocks.REPLY_ALERT) is None


def test_edge_15_an_attempt_by_the_wrong_role_is_refused():
    case = active_case()
    for person, error in (
        (case.client, NotAllowedError),
        (case.freelancer, NotAllowedError),
        (case.supervisor, NotAllowedError),
        (make_stranger(), StrangerError),
        (make_clerk(), StrangerError),
    ):
        with unchanged(case.contract), pytest.raises(error):
            case.attempt(person=person)
    undeclared = filed_case()
    with unchanged(undeclared.contract), pytest.raises(UnableToActUndeclaredError):
        undeclared.attempt()
    for values, field in (({"channel": "pigeon"}, "channel"), ({"text": "hm"}, "text")):
        with unchanged(case.contract), pytest.raises(InvalidInputError) as refused:
            case.attempt(**values)
        assert list(refused.value.fields) == [field]
    with unchanged(case.contract), pytest.raises(InvalidInputError):
        case.attempt("everybody")


@pytest.mark.rule("D5", "D6")
def test_D6_the_system_makes_the_two_attempts_where_the_specialist_has_not():
    case = active_case()
    start = case.case.opened_at
    case.until(start + timedelta(days=2)).sweep()
    case.until(start + timedelta(days=6)).sweep()
    found = list(case.case.attempts.order_by("made_at"))
    assert [(a.by_system, a.side) for a in found] == [(True, "client"), (True, "client")]
    assert missing(case) == [
        "The time to answer is over.",
        "2 business days have passed since the last attempt.",
    ]
    case.later(days=1).sweep()
    assert missing(case) == ["2 business days have passed since the last attempt."]
    case.later(days=1).sweep()
    assert missing(case) == []
    result = case.close_unresponsive()
    assert (result.ground, result.to_freelancer, result.to_client) == ("client_unresponsive", case.dispute.amount, 0)
    assert case.case.close_code == "client_unresponsive"
    assert case.running() == set()


@pytest.mark.rule("D5")
def test_D5_where_the_specialist_was_in_time_the_system_makes_no_attempt():
    case = active_case()
    start = case.case.opened_at
    # Filed on a Wednesday: Thursday and, over the weekend, Monday are two business days apart.
    case.until(start + timedelta(days=1)).attempt()
    case.until(start + timedelta(days=2)).sweep()
    case.until(start + timedelta(days=5)).attempt()
    for day in (6, 7):
        case.until(start + timedelta(days=day)).sweep()
    assert case.case.attempts.filter(by_system=True).count() == 0
    assert missing(case) == []


@pytest.mark.rule("D5")
def test_D5_two_attempts_in_one_hour_count_as_one_and_a_late_sweep_keeps_the_spacing():
    case = active_case()
    case.attempt()
    case.later(hours=1).attempt(channel="email")
    assert len(unresponsive.counted_attempts(case.case, Side.CLIENT)) == 1
    late = active_case()
    late.until(late.case.opened_at + timedelta(days=9)).sweep()
    first = late.case.attempts.get()
    again = late.clock(clocks.AUTO_ATTEMPT_2)
    assert again.due_at == late.dispute.policy.business_days_after(first.made_at, 2)
    late.until(again.due_at).sweep()
    assert len(unresponsive.counted_attempts(late.case, Side.CLIENT)) == 2


def test_D6_each_guard_refuses_alone_and_says_which():
    case = active_case()
    with unchanged(case.contract), pytest.raises(UnableToCloseUnresponsiveError) as refused:
        case.close_unresponsive()
    assert refused.value.values["missing"] == missing(case)
    assert "time to answer" in refused.value.message
    for person, error in ((case.client, NotAllowedError), (make_stranger(), StrangerError)):
        with unchanged(case.contract), pytest.raises(error):
            case.close_unresponsive(person=person)
    with unchanged(case.contract), pytest.raises(InvalidInputError):
        case.close_unresponsive("both")


def test_edge_16_a_reaction_after_the_second_attempt_stops_D6_for_good():
    for react in (
        lambda c: c.write(c.client, "Sorry, we were away."),
        lambda c: c.contest(),
        lambda c: c.exhibit(c.client),
        lambda c: c.impasse("client"),
        lambda c: c.reply(c.case.attempts.first()),
    ):
        case = unresponsive_case()
        react(case)
        case.later(minutes=1)
        with unchanged(case.contract), pytest.raises(UnableToCloseUnresponsiveError, match="has not reacted"):
            case.close_unresponsive()


@pytest.mark.rule("D5")
def test_D5_a_logged_reply_is_a_reaction_and_is_logged_once():
    case = active_case()
    found = case.attempt()
    version = case.dispute.version
    case.later(hours=1).reply(found)
    found.refresh_from_db()
    assert (found.replied_at, found.reply) == (case.now, "They will write tomorrow.")
    assert case.dispute.client_reacted_at == case.now
    assert case.dispute.version == version + 1
    with unchanged(case.contract), pytest.raises(InvalidInputError):
        case.reply(found)


def test_D6_the_specialist_is_told_once_when_the_guards_hold_and_the_system_does_not_press_the_button(monkeypatch):
    case = active_case()
    told = []
    monkeypatch.setitem(events._now, UnresponsiveReady, [told.append])
    for _ in range(20):
        case.later(hours=12).sweep()
    assert [event.side for event in told] == ["client"]
    assert case.dispute.state == "in_mediation"
    assert case.clock(clocks.UNRESPONSIVE_READY) is None


@pytest.mark.rule("D6")
def test_D6_with_AUTO_CLOSE_UNRESPONSIVE_the_system_closes_as_soon_as_the_guards_hold():
    from tests.factories.accounts import MONDAY

    PolicySetting.objects.create(name="auto_close_unresponsive", value=True, changed_at=MONDAY)
    case = active_case()
    for _ in range(9):
        case.later(days=1).sweep()
    assert case.dispute.resolution_code == "client_unresponsive"


@pytest.mark.rule("D7")
def test_D7_the_mirror_rule_after_the_client_answered():
    case = active_case()
    case.later(days=1).contest()
    assert case.clock(clocks.CLIENT_ANSWER) is None
    with unchanged(case.contract), pytest.raises(UnableToCloseUnresponsiveError):
        case.close_unresponsive(Side.FREELANCER)
    answered = case.now
    for _ in range(7):
        case.later(days=1).sweep()
    assert [a.side for a in case.case.attempts.all()] == ["freelancer", "freelancer"]
    case.until(case.dispute.policy.business_days_after(answered, 6)).sweep()
    assert missing(case, Side.FREELANCER) == []
    result = case.close_unresponsive(Side.FREELANCER)
    assert (result.ground, result.to_client) == ("freelancer_unresponsive", case.dispute.amount)


@pytest.mark.rule("D7")
def test_D7_needs_the_clients_answer_and_stops_at_any_reaction():
    case = unresponsive_case()
    assert "The client has contested the claim." in missing(case, Side.FREELANCER)
    case = contested_case()
    assert "The freelancer has not reacted since the dispute was filed." in missing(case, Side.FREELANCER)
    with unchanged(case.contract), pytest.raises(UnableToCloseUnresponsiveError):
        case.close_unresponsive(Side.FREELANCER)
    closing = active_case()
    closing.later(days=1).contest()
    for _ in range(8):
        closing.later(days=1).sweep()
    closing.close_unresponsive(Side.FREELANCER)


@pytest.mark.rule("D6", "D20")
def test_D20_an_open_objection_refuses_D6_and_D17_does_not_run_it_either():
    case = filed_case()
    case.take_up()
    case.object("freelancer")
    for _ in range(9):
        case.later(days=1).sweep()
    assert missing(case) == ["No objection to the specialist is open."]
    with unchanged(case.contract), pytest.raises(UnableToCloseUnresponsiveError):
        case.close_unresponsive()
    case.decide(case.case.objections.get(), upheld=False)
    case.close_unresponsive()
    assert case.dispute.state == "resolved"


def test_D6_at_the_end_of_the_period_comes_too_late_for_the_button():
    case = unresponsive_case()
    case.until(case.case.ends_at)
    with unchanged(case.contract), pytest.raises(TooLateError):
        case.close_unresponsive()


def test_D6_is_over_once_a_recommendation_is_out():
    case = recommended_case()
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        case.close_unresponsive()
