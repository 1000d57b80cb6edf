"""What the two sides read in mediation: what each choice pays, who was reached, and nothing that is secret."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from contracts.enums import Side
from core import clock
from core.money import Money
from disputes.panels import viewer_of
from disputes.services.evidence import answer_evidence_request, request_evidence
from disputes.services.statements import accept_claim
from mediation import panels
from mediation.enums import SYSTEM_WORDS
from mediation.readmodels.cited import cited
from mediation.readmodels.contact import contact_page
from mediation.readmodels.endings import endings
from mediation.services import unresponsive
from tests.factories.accounts import make_stranger
from tests.factories.mediation import (
    active_case,
    contested_case,
    filed_case,
    recommended_case,
    unresponsive_case,
)
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client):
    """Sign a person in at the case's present and read one of its pages."""

    def read(case, person, name, *args):
        clock.freeze(case.now)
        client.force_login(person.user)
        answer = client.get(reverse(f"mediation:{name}", args=[case.reference, *args]))
        assert answer.status_code == 200
        return answer.content.decode()

    return read


def turns(case, person):
    viewer = viewer_of(case.dispute, person.actor, case.now)
    return panels.contribute(case.dispute, viewer)


def sums(found):
    return [(r.first.amount, r.second.amount) if r.first is not None else (None, None) for r in found.rows]


# --- what each way pays


def test_the_endings_are_mirrored_and_say_what_reaches_the_balance():
    case = recommended_case()
    split = (Money(120_000, "USD"), Money(60_000, "USD"))
    mine = endings(case.dispute, "freelancer", other_name="Northwind Goods", recommended=split)
    theirs = endings(case.dispute, "client", other_name="Rafael Domingo", recommended=split)
    assert sums(mine) == [
        (120_000, 60_000),
        (0, 180_000),
        (180_000, 0),
        (0, 180_000),
        (None, None),
    ]
    assert sums(theirs) == [
        (60_000, 120_000),
        (180_000, 0),
        (180_000, 0),
        (0, 180_000),
        (None, None),
    ]
    assert mine.rows[0].sub == "$1,080.00 reaches your balance."
    assert mine.rows[2].label == "Only you pay for arbitration"
    assert mine.rows[2].sub == "$1,620.00 reaches your balance. The fee comes back."
    # Half of 1,800.00, less the service fee for the freelancer, less 337.50.
    assert "$472.50 would be left for you" in mine.rows[4].sub
    assert "$562.50 would be left for you" in theirs.rows[4].sub
    assert (mine.fee, mine.fee_exceeds) == (Money(33_750, "USD"), False)


def test_a_fee_above_the_amount_is_said_before_the_choice(look):
    case = contested_case(amount=20_000)
    page = look(case, case.client, "impasse")
    assert "That is more than the $200.00 in dispute" in page
    assert endings(case.dispute, "client", other_name="X").fee_exceeds


# --- the recommendation


def test_cited_exhibits_are_links_and_nothing_else_is_markup():
    text = str(cited("See E-1, not E-7 nor ME-1; <b>E-1</b>.", [1, None]))
    link = '<a href="#exhibit-1">E-1</a>'
    assert text == f"See {link}, not E-7 nor ME-1; &lt;b&gt;{link}&lt;/b&gt;."


def test_both_sides_read_the_reasons_with_their_exhibits(look):
    case = recommended_case()
    page = look(case, case.freelancer, "recommendation")
    assert 'id="exhibit-1"' in page
    assert '<a href="#exhibit-1">E-1</a>' in page
    assert "Your main points, and how they were weighed" in page
    assert "From your side" in page
    assert "Do you accept $1,200.00 of $1,800.00?" in page
    page = look(case, case.client, "recommendation")
    assert f"From {case.freelancer.account.name}" in page
    assert "Do you accept to get $600.00 of $1,800.00 back?" in page


@pytest.mark.rule("D14")
def test_the_pages_say_answered_and_never_what(look):
    case = recommended_case()
    before = look(case, case.client, "recommendation")
    case.answer("freelancer", accept=True)
    after = look(case, case.client, "recommendation")
    # Word for word the same but for the one state, the case's version and the forms' one-time keys.
    changed = [
        (old.strip(), new.strip())
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]
    news = [new for _, new in changed if "since=" not in new and "csrf" not in new]
    assert [new for new in news if "Answered" not in new and "count-dot" not in new and "unread" not in new] == []
    assert "Accepted" not in after
    assert f"<dt>{case.freelancer.account.name}</dt><dd>Answered</dd>" in after


def test_an_answer_that_is_given_or_not_needed_has_no_form(look):
    case = recommended_case()
    case.answer("client", accept=True)
    page = look(case, case.client, "answer", "reject")
    assert "Your side has already answered" in page
    assert 'name="seen"' not in page
    case.answer("freelancer", accept=False)
    for person in (case.client, case.freelancer):
        page = look(case, person, "answer", "accept")
        assert "This recommendation is no longer open" in page
        assert "rejected" not in page
        page = look(case, person, "recommendation")
        assert "Not accepted by both sides" in page
        assert case.client.account.name + " rejected" not in page


@pytest.mark.rule("D13")
def test_a_second_recommendation_says_that_it_replaces_the_first(look):
    case = recommended_case()
    first = case.case.recommendations.get().issued_at
    case.later(hours=1).recommend(90_000)
    page = look(case, case.client, "recommendation")
    assert "This replaces the recommendation issued" in page
    assert first.isoformat(timespec="seconds").replace("+00:00", "Z") in page


def test_a_recommendation_that_another_end_overtook_can_still_be_read(look):
    case = recommended_case()
    accept_claim(dispute_id=case.dispute_id, actor=case.client.actor, now=case.now)
    page = look(case, case.freelancer, "recommendation")
    assert "this recommendation has no effect" in page
    assert "Accept $1,200.00" not in page


# --- impasse and objection


@pytest.mark.rule("D18")
def test_a_side_that_has_declared_reads_until_when_and_has_no_form(look, client):
    case = contested_case()
    case.impasse("client")
    page = look(case, case.client, "impasse")
    assert "Your side has declared that it sees no agreement" in page
    assert "data-once" not in page.partition("<main")[2].partition("</main>")[0]
    page = look(case, case.freelancer, "impasse")
    assert "End mediation without an agreement?" in page
    case.impasse("freelancer")
    assert "Mediation of this dispute has ended" in look(case, case.freelancer, "impasse")


@pytest.mark.rule("D20")
def test_the_objection_page_follows_the_objection(look):
    case = active_case()
    found = case.object("client")
    page = look(case, case.client, "object")
    assert "Your objection is with a supervisor" in page
    assert "A decision is due by" in page
    assert found.reason in page
    assert found.reason not in look(case, case.freelancer, "object")
    case.decide(found, upheld=False, text="The record shows no tie at all.")
    page = look(case, case.client, "object")
    assert "Your objection was dismissed" in page
    assert "The record shows no tie at all." in page
    assert "The record shows no tie at all." not in look(case, case.freelancer, "object")


def test_without_a_specialist_or_after_the_time_there_is_nobody_to_object_to(look):
    case = filed_case(staffed=False)
    assert "There is nobody to object to yet" in look(case, case.client, "object")
    case = active_case()
    case.later(days=7)
    assert "The time to object is over" in look(case, case.freelancer, "object")


# --- contact attempts and requests for evidence


@pytest.mark.rule("D5")
def test_both_sides_read_the_attempts_and_what_silence_does(look):
    case = unresponsive_case()
    assert unresponsive.all_hold(case.case, Side.CLIENT, now=case.now)
    own = look(case, case.client, "contact")
    assert "Please react to this dispute" in own
    assert "Evenhand wrote to you here" in own
    assert f"{case.freelancer.account.name} gets $1,800.00. That is final." in own
    assert "This attempt counts." in own
    other = look(case, case.freelancer, "contact")
    assert f"{case.client.account.name} has not reacted yet" in other
    assert f"Evenhand wrote to {case.client.account.name} here" in other
    assert "Enough attempts were made." in other


@pytest.mark.rule("D5")
def test_an_attempt_too_soon_says_that_it_does_not_count_and_a_reply_ends_it(look):
    case = active_case()
    case.attempt()
    attempt = case.later(hours=1).attempt()
    page = look(case, case.client, "contact")
    assert "1 more contact attempt is needed" in look(case, case.freelancer, "contact")
    assert "It does not count: it came less than 2 business days after the one before." in page
    case.reply(attempt)
    page = look(case, case.client, "contact")
    assert "They will write tomorrow." in page
    assert "Please react" not in page


@pytest.mark.rule("D9")
def test_a_request_shows_its_date_and_both_answers(look):
    case = contested_case()
    due = case.case.ends_at.replace(hour=12)
    found = request_evidence(
        dispute_id=case.dispute_id,
        asked_of="both",
        text="Please add the terms you agreed on.",
        due_at=due,
        actor=case.specialist.actor,
        now=case.now,
    )
    page = look(case, case.client, "contact")
    assert f"{case.specialist.user.name} asks both sides." in page
    assert "If you do nothing, the case goes on with what is there." in page
    assert "Answer the request" in page
    answer_evidence_request(request_id=found.pk, text="TERMS-MARKER", actor=case.client.actor, now=case.now)
    page = look(case, case.client, "contact")
    assert "Your answer" in page
    assert "Answer the request" not in page
    page = look(case, case.freelancer, "contact")
    assert f"Answer of {case.client.account.name}" in page
    assert "TERMS-MARKER" in page


def test_contact_is_the_two_sides_page_and_changes_nothing(client):
    case = active_case()
    clock.freeze(case.now)
    target = reverse("mediation:contact", args=[case.reference])
    for person in (make_stranger(), case.specialist, case.supervisor):
        client.force_login(person.user)
        assert client.get(target).status_code == 404
    client.force_login(case.client.user)
    with unchanged(case.contract):
        assert client.get(target).status_code == 200


def test_a_freelancer_who_says_nothing_after_the_answer_is_told_on_the_dispute_page(django_assert_num_queries):
    case = active_case()
    case.later(hours=1).contest()
    viewer = viewer_of(case.dispute, case.freelancer.actor, case.now)
    dispute = case.dispute
    with django_assert_num_queries(1):
        own = panels.contribute(dispute, viewer)
    assert [(t.state, t.title) for t in own.turns] == [
        ("yours", f"{case.client.account.name} contests your claim. What do you say?")
    ]
    assert own.turns[0].due_at == unresponsive.window_end(case.case, Side.FREELANCER)
    other = turns(case, case.client)
    assert [(t.state, t.waiting_for) for t in other.turns] == [("waiting", case.freelancer.account.name)]
    case.write(case.freelancer)
    assert turns(case, case.freelancer).turns == ()


def test_the_dispute_page_counts_the_attempts_for_both_sides():
    case = unresponsive_case()
    closes = contact_page(case.case, "client", now=case.now).closes_at
    own, other = turns(case, case.client), turns(case, case.freelancer)
    assert own.notices[0].startswith("There have been 2 attempts to reach you.")
    assert other.notices[0].startswith(f"{case.client.account.name} has not reacted to 2 contact attempts.")
    assert [row.due_at for row in own.dates] == [row.due_at for row in other.dates] == [closes]
    case.until(closes, seconds=1)
    assert not unresponsive.all_hold(case.case, Side.CLIENT, now=case.now)


# --- languages


def test_the_systems_words_are_kept_in_english_and_read_in_the_readers_language(monkeypatch):
    with translation.override("es"):
        case = unresponsive_case()
    attempt = case.case.attempts.filter(by_system=True).first()
    with translation.override(None):
        assert attempt.text == str(SYSTEM_WORDS[attempt.side])
    monkeypatch.setitem(SYSTEM_WORDS, attempt.side, Fake())
    assert attempt.words == "translated"
    attempt.text = "Older words."
    assert attempt.words == "Older words."


class Fake:
    """A lazy text that has a translation in every language but the source."""

    def __str__(self) -> str:
        return "translated" if translation.get_language() else str(_ORIGINAL)


_ORIGINAL = SYSTEM_WORDS["client"]


def test_the_declaration_is_signed_in_the_language_it_was_shown_in():
    with translation.override("es"):
        case = active_case()
    assert case.case.declarations.get().text_version == "2026-1/es"
