"""The desk's and the parties' pages: who sees what, what a form does, what stays secret."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from core import clock
from mediation.models import MediationCase
from mediation.services import notes
from tests.factories.accounts import make_clerk, make_member, make_specialist, make_stranger, make_support
from tests.factories.mediation import (
    active_case,
    contested_case,
    filed_case,
    recommended_case,
    unresponsive_case,
)
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

DESK_PAGES = ("case", "preview", "draft", "conflict", "issue")
PARTY_PAGES = ("recommendation", "impasse", "object")


@pytest.fixture
def at(client):
    """Sign somebody in and hold the clock at the case's present."""

    def sign_in(case, person):
        clock.freeze(case.now)
        client.force_login(person.user)
        return client

    return sign_in


def url(case, name, *args):
    return reverse(f"mediation:{name}", args=[case.reference, *args])


def once(**data):
    return {"_once": str(uuid.uuid4()), **data}


def test_the_case_page_shows_the_specialist_everything(at):
    case = contested_case()
    secret = case.exhibit(case.client, confidentiality="specialist", name="secret-plan.txt")
    case.write(case.client, "PRIVATE-MARKER", audience="client", purpose="Dates")
    case.world.write(case.client, "CONTRACT-MARKER")
    notes.add_note(dispute_id=case.dispute_id, body="NOTE-MARKER", actor=case.specialist.actor, now=case.now)
    page = at(case, case.specialist).get(url(case, "case"))
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("PRIVATE-MARKER", "CONTRACT-MARKER", "NOTE-MARKER", secret.file_name, "E-1", "2 not read"):
        assert words in text


def test_what_only_staff_see_is_in_no_page_of_a_party(at):
    case = contested_case()
    case.exhibit(case.client, confidentiality="specialist", name="secret-plan.txt")
    case.write(case.client, "PRIVATE-MARKER", audience="client", purpose="Dates")
    case.object("client", reason="OBJECTION-MARKER: worked for the other side.")
    notes.add_note(dispute_id=case.dispute_id, body="NOTE-MARKER", actor=case.specialist.actor, now=case.now)
    case.draft(reasons="DRAFT-MARKER " * 50)
    client = at(case, case.freelancer)
    pages = [url(case, "impasse"), url(case, "object"), reverse("disputes:dispute", args=[case.reference])]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        for marker in ("PRIVATE-MARKER", "OBJECTION-MARKER", "NOTE-MARKER", "DRAFT-MARKER", "secret-plan"):
            assert marker not in answer.content.decode(), (page, marker)


def test_strangers_and_the_wrong_staff_find_nothing(at):
    case = recommended_case()
    others = (make_stranger(), make_specialist("Other Person"), make_support(), make_clerk())
    for person in others:
        client = at(case, person)
        for name in (*DESK_PAGES, *PARTY_PAGES, "take_up", "assign", "release"):
            assert client.get(url(case, name)).status_code == 404, (person.user.name, name)
        assert client.get(url(case, "answer", "accept")).status_code == 404
    for person in (case.client, case.freelancer):
        client = at(case, person)
        for name in (*DESK_PAGES, "take_up", "assign", "release"):
            assert client.get(url(case, name)).status_code == 404, (person.user.name, name)
        assert client.get(reverse("mediation:desk")).status_code == 404
        assert client.get(reverse("mediation:workload")).status_code == 404
    client = at(case, case.specialist)
    for name in PARTY_PAGES:
        assert client.get(url(case, name)).status_code == 404
    assert client.get(url(case, "assign")).status_code == 404
    assert client.get(reverse("mediation:workload")).status_code == 404


def test_the_sign_in_page_comes_first(client):
    case = filed_case()
    answer = client.get(url(case, "case"))
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def test_take_up_by_the_form(at):
    case = filed_case()
    client = at(case, case.specialist)
    assert "Take the case up" in client.get(url(case, "case")).content.decode()
    with unchanged(case.contract):
        answer = client.post(url(case, "take_up"), once())
    assert answer.status_code == 422
    assert "Tick the declaration" in answer.content.decode()
    answer = client.post(url(case, "take_up"), once(declares="on"))
    assert (answer.status_code, case.case.state) == (303, "active")


def test_attempts_notes_requests_and_messages_by_their_forms(at):
    case = active_case()
    client = at(case, case.specialist)
    for name, good, bad in (
        ("log_attempt", {"side": "client", "channel": "phone", "text": "Called twice, no answer."}, {"text": "x"}),
        ("add_note", {"text": "Call again on Monday."}, {"text": ""}),
        ("ask_evidence", {"asked_of": "both", "text": "Please add the terms."}, {"asked_of": "both", "text": "x"}),
        ("post_message", {"body": "Hello both.", "audience": "everyone"}, {"body": "", "audience": "everyone"}),
    ):
        with unchanged(case.contract):
            answer = client.post(url(case, name), once(**bad))
        assert answer.status_code == 422, name
        answer = client.post(url(case, name), once(**good))
        assert answer.status_code == 303, name
    attempt = case.case.attempts.get()
    assert client.get(url(case, "log_reply", attempt.pk)).status_code == 200
    assert client.post(url(case, "log_reply", attempt.pk), once(text="They write tomorrow.")).status_code == 303
    assert case.dispute.client_reacted_at == case.now
    row = case.exhibit()
    assert client.post(url(case, "mark_read", row.pk), once()).status_code == 303
    assert case.case.read_marks.count() == 1


def test_a_form_posted_twice_acts_once(at):
    case = active_case()
    client = at(case, case.specialist)
    data = once(side="client", channel="phone", text="Called twice, no answer.")
    for _ in range(2):
        assert client.post(url(case, "log_attempt"), data).status_code == 303
    assert case.case.attempts.count() == 1


def test_a_form_written_before_the_case_was_reassigned_is_stopped_and_its_text_kept(at):
    case = active_case()
    case.assign(make_specialist("Second Person"))
    client = at(case, case.specialist)
    with unchanged(case.contract):
        answer = client.post(
            url(case, "log_attempt"), once(side="client", channel="phone", text="My long text about the call.")
        )
    assert answer.status_code == 409
    assert "My long text about the call." in answer.content.decode()
    assert "DETAILS" not in answer.content.decode()
    assert client.get(url(case, "case")).status_code == 404


@pytest.mark.rule("D13")
def test_the_recommendation_from_draft_to_both_sides(at):
    case = contested_case()
    client = at(case, case.specialist)
    assert client.get(url(case, "draft")).status_code == 200
    from tests.factories.mediation import POINTS, REASONS

    data = {
        "to_freelancer": "1,200",
        "to_client": "600.00",
        "reasons": REASONS,
        "freelancer_points": POINTS,
        "client_points": "",
        "exhibits": [str(case.dispute.evidence.get().pk)],
        "failure": "statement",
        "failure_note": "Both said so in the messages.",
        "seen": str(case.dispute.version),
    }
    answer = client.post(url(case, "draft"), once(**{**data, "to_client": "700"}))
    assert answer.status_code == 422
    assert "add up" in answer.content.decode()
    assert REASONS[:60] in answer.content.decode()
    assert client.post(url(case, "draft"), once(preview="1", **data))["Location"] == url(case, "preview")
    preview = client.get(url(case, "preview")).content.decode()
    assert "Missing: </span>The client’s main points are addressed." in preview
    answer = client.post(url(case, "issue"), once(seen=str(case.dispute.version)))
    assert answer.status_code == 422
    client.post(url(case, "draft"), once(**{**data, "client_points": POINTS}))
    page = client.get(url(case, "issue")).content.decode()
    assert "$1,200.00" in page
    answer = client.post(url(case, "issue"), once(seen=str(case.dispute.version)))
    assert (answer.status_code, case.dispute.state) == (303, "recommended")
    for person, words in ((case.freelancer, "$1,080.00"), (case.client, "$600.00")):
        page = at(case, person).get(url(case, "recommendation"))
        assert page.status_code == 200
        assert words in page.content.decode()
        assert "Silence counts as a rejection" in page.content.decode()


def test_a_draft_from_an_older_view_is_stopped_once_with_its_text(at):
    case = contested_case()
    seen = str(case.dispute.version)
    case.write(case.client, "News.")
    client = at(case, case.specialist)
    data = {"reasons": "KEPT-TEXT", "failure": "", "seen": seen}
    answer = client.post(url(case, "draft"), once(**data))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "KEPT-TEXT" in text
    assert "This changed while you were writing" in text
    again = {**data, "seen": str(case.dispute.version)}
    assert client.post(url(case, "draft"), once(**again)).status_code == 303


@pytest.mark.rule("D14", "D15")
def test_both_sides_accept_on_their_pages_and_learn_only_answered(at):
    case = recommended_case()
    found = case.case.recommendations.get()
    client = at(case, case.client)
    assert client.get(url(case, "answer", "accept")).status_code == 200
    assert client.post(url(case, "answer", "accept"), once(seen=str(found.number))).status_code == 303
    own = client.get(url(case, "recommendation")).content.decode()
    assert "Your side accepted" in own
    client = at(case, case.freelancer)
    page = client.get(url(case, "recommendation")).content.decode()
    assert "<dt>Northwind Goods</dt><dd>Answered</dd>" in page
    assert "Your side accepted" not in page
    assert "<dd>Accepted</dd>" not in page
    assert client.post(url(case, "answer", "accept"), once(seen=str(found.number))).status_code == 303
    assert case.dispute.resolution_code == "recommendation_accepted"
    assert client.get(url(case, "recommendation")).status_code == 200


@pytest.mark.rule("D16")
def test_a_rejection_on_the_page_and_a_member_without_the_right(at):
    case = recommended_case()
    member = make_member(case.client.account)
    client = at(case, member)
    assert client.get(url(case, "recommendation")).status_code == 200
    with unchanged(case.contract):
        assert client.post(url(case, "answer", "reject"), once(seen="1")).status_code == 403
    client = at(case, case.client)
    assert "does not say who rejected" in client.get(url(case, "answer", "reject")).content.decode()
    client.post(url(case, "answer", "reject"), once(seen=str(case.case.recommendations.get().number)))
    assert case.dispute.state == "non_resolution"


@pytest.mark.rule("D16", "Z9")
def test_an_answer_that_comes_late_finds_the_default_already_done(at):
    case = recommended_case()
    case.until(case.case.recommendations.get().answer_due_at)
    client = at(case, case.client)
    answer = client.post(url(case, "answer", "accept"), once(seen="1"))
    assert answer.status_code == 409
    assert case.dispute.state == "non_resolution"


@pytest.mark.rule("D18")
def test_the_impasse_pages(at):
    case = contested_case()
    client = at(case, case.client)
    assert client.get(url(case, "impasse")).status_code == 200
    assert client.post(url(case, "impasse"), once()).status_code == 303
    page = client.post(url(case, "impasse"), once())
    assert page.status_code == 409
    client = at(case, case.freelancer)
    assert "mediation ends now" in client.get(url(case, "impasse")).content.decode()
    assert client.post(url(case, "impasse"), once()).status_code == 303
    assert case.dispute.state == "non_resolution"


@pytest.mark.rule("D20")
def test_the_objection_from_the_party_to_the_supervisor(at):
    case = active_case()
    client = at(case, case.client)
    with unchanged(case.contract):
        answer = client.post(url(case, "object"), once(text="no"))
    assert answer.status_code == 422
    assert "more characters are needed" in answer.content.decode()
    assert client.post(url(case, "object"), once(text="Worked for the other side last year.")).status_code == 303
    found = case.case.objections.get()
    boss = at(case, case.supervisor)
    page = boss.get(reverse("mediation:workload")).content.decode()
    assert case.dispute.number in page
    target = reverse("mediation:decide_objection", args=[found.pk])
    assert boss.get(target).status_code == 200
    assert boss.post(target, once(decision="dismissed", text="no")).status_code == 422
    assert boss.post(target, once(decision="dismissed", text="The record shows no tie at all.")).status_code == 303
    found.refresh_from_db()
    assert found.state == "dismissed"


@pytest.mark.rule("D6")
def test_closing_for_silence_has_a_confirm_page_with_the_guards(at):
    case = unresponsive_case()
    client = at(case, case.specialist)
    page = client.get(url(case, "unresponsive", "client")).content.decode()
    assert "Holds: " in page
    assert "Missing: " not in page
    assert client.get(url(case, "unresponsive", "both")).status_code == 404
    assert client.post(url(case, "unresponsive", "freelancer"), once()).status_code == 409
    assert client.post(url(case, "unresponsive", "client"), once()).status_code == 303
    assert case.dispute.resolution_code == "client_unresponsive"


@pytest.mark.rule("D2")
def test_a_supervisor_assigns_by_the_page_and_conflicts_are_named(at):
    case = filed_case()
    from tests.factories.accounts import join

    tied, other = make_specialist("Tied Person"), make_specialist("Free Person")
    join(tied.user, case.client.account)
    boss = at(case, case.supervisor)
    page = boss.get(url(case, "assign")).content.decode()
    assert "is a member of the client’s account" in page
    assert boss.post(url(case, "assign"), once(specialist=str(tied.user.pk))).status_code == 422
    assert boss.post(url(case, "assign"), once(specialist=str(other.user.pk))).status_code == 303
    assert MediationCase.objects.get().specialist == other.user


@pytest.mark.rule("D13")
def test_the_release_page(at):
    from core.models import PolicySetting
    from tests.factories.accounts import MONDAY

    PolicySetting.objects.create(name="recommendation_needs_release", value=True, changed_at=MONDAY)
    case = contested_case()
    case.draft()
    client = at(case, case.specialist)
    assert client.post(url(case, "issue"), once(seen=str(case.dispute.version))).status_code == 303
    boss = at(case, case.supervisor)
    assert boss.get(url(case, "release")).status_code == 200
    assert boss.post(url(case, "release"), once(send_back="1", text="no")).status_code == 422
    assert boss.post(url(case, "release"), once(release="1")).status_code == 303
    assert case.dispute.state == "recommended"
