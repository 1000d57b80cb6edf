"""The pages around Customer Support: /help/contact/, /help/requests/, /support-desk/ (S12–S14)."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from core import clock
from disputes.models import SupportRequest
from disputes.services import support
from tests.factories.accounts import (
    join,
    make_clerk,
    make_member,
    make_specialist,
    make_stranger,
    make_supervisor,
    make_support,
)
from tests.factories.contracts import active_contract, refused_contract
from tests.factories.disputes import CLAIM, SHOWN, WHY, asked, declined, upload
from tests.support.html import CheckedClient
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def browse(person, now) -> CheckedClient:
    clock.freeze(now)
    client = CheckedClient()
    client.force_login(person.user)
    return client


def contact(world) -> str:
    return reverse("disputes:support_new", args=[world.contract.reference])


def own(request, page="support_request") -> str:
    return reverse(f"disputes:{page}", args=[request.reference])


def filled(world, **changes):
    message = world.contract.messages.filter(side="freelancer").first() or world.write(world.freelancer)
    return {
        "details": CLAIM,
        "amount": "1,800.00",
        "messages": [str(message.pk)],
        "attested": "on",
        "agreed": "on",
        "text_version": "2026-1/en",
        "_once": str(uuid.uuid4()),
        **changes,
    }


@pytest.mark.rule("P1")
def test_S12_the_freelancer_writes_to_customer_support_from_the_contract():
    world = refused_contract()
    world.write(world.freelancer, "Please release the milestone, all pages are done.")
    client = browse(world.freelancer, world.now)
    page = client.get(contact(world)).content.decode()
    assert "Contact Customer Support" in page
    assert "Still talking?" in page
    assert "all pages are done" in page
    assert "at most $1,800.00" in page
    answer = client.post(contact(world), {**filled(world), "files": [upload("a.txt"), upload("b.txt")]})
    request = SupportRequest.objects.get()
    assert (answer.status_code, answer.url) == (303, own(request))
    assert request.dispute.evidence.count() == 2
    shown = client.get(answer.url).content.decode()
    assert request.number in shown
    assert "Customer Support has your request" in shown
    # The contact page leads to the open request.
    assert client.get(contact(world)).url == own(request)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amount": "1800.001"}, "2 digits"),
        ({"amount": "-1"}, "without a minus"),
        ({"amount": "0"}, "between $0.01 and $1,800.00"),
        ({"amount": "99999"}, "between $0.01 and $1,800.00"),
        ({"amount": "EUR 10"}, "in USD"),
        ({"amount": "a lot"}, "in figures"),
        ({"details": "Pay me."}, "73 more are needed"),
        ({"messages": []}, "Choose at least one message"),
        ({"messages": [str(uuid.uuid4())]}, "Select a valid choice"),
        ({"attested": ""}, "Tick the box if you contacted the client"),
        ({"agreed": ""}, "Read the text and tick the box"),
        ({"text_version": "1999"}, "changed while you were reading"),
    ],
)
def test_bad_input_is_told_in_words_and_nothing_typed_is_lost(changes, says):
    world = refused_contract()
    data = filled(world, **{"details": f"{CLAIM} KEEP-ME", **changes})
    client = browse(world.freelancer, world.now)
    with unchanged(world.contract):
        answer = client.post(contact(world), data)
    page = answer.content.decode()
    assert answer.status_code in {409, 422}
    assert says in page
    assert ("KEEP-ME" in page) or "details" in changes
    assert not SupportRequest.objects.exists()


def test_a_bad_file_is_named_and_the_rest_of_the_form_kept():
    world = refused_contract()
    data = filled(world, details=f"{CLAIM} KEEP-ME")
    client = browse(world.freelancer, world.now)
    with unchanged(world.contract):
        answer = client.post(contact(world), {**data, "files": [upload("good.txt"), upload("bill.pdf", b"MZ\x90")]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "bill.pdf" in page
    assert "a Windows program" in page
    assert "KEEP-ME" in page


def test_a_file_name_with_path_parts_is_refused_with_the_reason():
    world = refused_contract()
    data = filled(world)
    boundary = "xxBOUNDARYxx"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{one}\r\n'
        for name, value in data.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="../../etc/note.txt"\r\n'
        f"Content-Type: text/plain\r\n\r\nhello\r\n--{boundary}--\r\n"
    )
    client = browse(world.freelancer, world.now)
    with unchanged(world.contract):
        answer = client.post(
            contact(world), "".join(parts).encode(), content_type=f"multipart/form-data; boundary={boundary}"
        )
    assert answer.status_code == 422
    assert "parts of a folder path" in answer.content.decode()


def test_a_double_post_asks_once():
    world = refused_contract()
    data = filled(world)
    client = browse(world.freelancer, world.now)
    first, second = client.post(contact(world), data), client.post(contact(world), data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.url == second.url
    assert SupportRequest.objects.count() == 1


def test_without_grounds_the_page_says_why_and_what_else_is_possible():
    world = active_contract()
    page = browse(world.freelancer, world.now).get(contact(world)).content.decode()
    assert "A case is not possible right now" in page
    assert "refuses to release" in page


def test_who_sees_the_pages():
    world, request, agent = asked()
    for path in (contact(world), own(request)):
        assert browse(make_stranger(), world.now).get(path).status_code == 404
        assert CheckedClient().get(path).status_code == 302
    assert browse(world.client, world.now).get(contact(world)).status_code == 403
    assert browse(world.client, world.now).get(own(request)).status_code == 404
    # An agent who follows the freelancer's link lands on the desk.
    assert browse(agent, world.now).get(own(request)).url == own(request, "support_case")
    desk = [
        reverse("disputes:support_desk"),
        own(request, "support_case"),
        own(request, "support_open"),
        own(request, "support_decline"),
    ]
    for path in desk:
        for person in (world.freelancer, world.client, make_stranger(), make_specialist(), make_clerk()):
            assert browse(person, world.now).get(path).status_code == 404
        assert browse(agent, world.now).get(path).status_code == 200
    assert browse(make_supervisor(), world.now).get(own(request, "support_open")).status_code == 403
    insider = make_support("Ines Insider")
    join(insider.user, world.client.account)
    assert browse(insider, world.now).get(own(request, "support_case")).status_code == 403


def test_a_plain_member_reads_but_cannot_ask():
    world = refused_contract()
    colleague = make_member(world.freelancer.account)
    assert browse(colleague, world.now).get(contact(world)).status_code == 403
    _, request, _ = asked()
    colleague = make_member(request.contract.freelancer_account)
    assert browse(colleague, world.now).get(own(request)).status_code == 200


@pytest.mark.rule("P2", "P3", "D1")
def test_S14_an_agent_takes_asks_and_opens_the_case():
    world, request, agent = asked()
    client = browse(agent, world.now)
    inbox = client.get(reverse("disputes:support_desk")).content.decode()
    assert request.number in inbox
    sheet = client.get(own(request, "support_case")).content.decode()
    assert "Refused to release" in sheet
    assert "The work does not match what we agreed." in sheet
    assert CLAIM[:40] in sheet
    assert client.post(own(request, "support_take"), {}).status_code == 303
    assert client.post(own(request, "support_ask"), {"text": "?"}).status_code == 422
    assert client.post(own(request, "support_ask"), {"text": "Which page was refused?"}).status_code == 303
    freelancer = browse(world.freelancer, world.now)
    assert "Which page was refused?" in freelancer.get(own(request)).content.decode()
    assert freelancer.post(own(request, "support_answer"), {"text": ""}).status_code == 422
    assert freelancer.post(own(request, "support_answer"), {"text": "The order history."}).status_code == 303
    bad = client.post(own(request, "support_open"), {"circumstance": "refused_release", "shown_by": "", "amount": "9"})
    assert bad.status_code == 422
    opened = client.post(
        own(request, "support_open"), {"circumstance": "refused_release", "shown_by": SHOWN, "amount": "1,800.00"}
    )
    assert opened.status_code == 303
    request.refresh_from_db()
    assert (request.state, request.dispute.state) == ("case_opened", "in_mediation")
    assert request.dispute.number in client.get(own(request, "support_case")).content.decode()
    assert "See Dispute" in freelancer.get(own(request)).content.decode()


@pytest.mark.rule("P4", "P6")
def test_P6_declined_reviewed_and_sent_back_in_the_browser():
    world, request, agent = asked()
    client = browse(agent, world.now)
    reason = "The client answered yesterday and asks for the source files. KEEP-ME"
    kept = client.post(own(request, "support_decline"), {"reason": "", "text": reason})
    assert kept.status_code == 422
    assert "KEEP-ME" in kept.content.decode()
    assert client.post(own(request, "support_decline"), {"reason": "still_talking", "text": reason}).status_code == 303
    freelancer = browse(world.freelancer, world.now)
    page = freelancer.get(own(request)).content.decode()
    assert "Ask a supervisor to look again" in page
    assert "asks for the source files" in page
    assert freelancer.post(own(request, "support_ask_review"), {"text": "No."}).status_code == 422
    assert freelancer.post(own(request, "support_ask_review"), {"text": WHY}).status_code == 303
    assert client.get(own(request, "support_review")).status_code == 403
    supervisor = browse(make_supervisor(), world.now)
    assert request.number in supervisor.get(reverse("disputes:support_desk")).content.decode()
    assert "was overlooked" in supervisor.get(own(request, "support_review")).content.decode()
    done = supervisor.post(own(request, "support_review"), {"decision": "send_back", "text": WHY})
    assert done.status_code == 303
    request.refresh_from_db()
    assert request.state == "in_review"


@pytest.mark.rule("P5")
def test_P5_withdrawing_has_a_confirm_page():
    world, request, _ = asked()
    client = browse(world.freelancer, world.now)
    assert "No case is opened" in client.get(own(request, "support_withdraw")).content.decode()
    assert client.post(own(request, "support_withdraw"), {}).status_code == 303
    request.refresh_from_db()
    assert request.state == "withdrawn"
    with unchanged(world.contract):
        assert client.post(own(request, "support_withdraw"), {}).status_code == 409


def test_an_act_out_of_turn_is_a_409_and_changes_nothing():
    world, request, agent = declined()
    client = browse(agent, world.now)
    with unchanged(world.contract):
        for page in ("support_take", "support_ask", "support_open", "support_decline"):
            answer = client.post(
                own(request, page),
                {"text": "Which page was refused?", "reason": "other", "shown_by": SHOWN, "amount": "1"},
            )
            assert answer.status_code == 409
            assert "is declined" in answer.content.decode(), page
    kept = client.post(own(request, "support_ask"), {"text": "KEEP-ME: which page was refused?"})
    assert "KEEP-ME" in kept.content.decode()
    freelancer = browse(world.freelancer, world.now)
    with unchanged(world.contract):
        late = freelancer.post(own(request, "support_answer"), {"text": "KEEP-ME too."})
    assert late.status_code == 409
    assert "KEEP-ME too." in late.content.decode()


def test_every_state_has_its_page_on_both_sides():
    def lapse(world, request, agent):
        actor = agent.actor
        support.ask_information(request_id=request.pk, text="Which page was it?", actor=actor, now=world.now)
        world.later(days=8).sweep()

    def moot(world, request, agent):
        world.end()

    for change, title in ((lapse, "lapsed"), (moot, "no longer needed")):
        world, request, agent = asked()
        change(world, request, agent)
        assert title in browse(world.freelancer, world.now).get(own(request)).content.decode()
        assert browse(agent, world.now).get(own(request, "support_case")).status_code == 200


def content_of(answer) -> bytes:
    """Read a download to its end, which closes it."""
    return b"".join(answer.streaming_content)


def test_files_leave_as_attachments_for_those_who_may_read_them():
    world = refused_contract()
    client = browse(world.freelancer, world.now)
    client.post(contact(world), {**filled(world), "files": [upload("a <b>.txt")]})
    request = SupportRequest.objects.get()
    path = reverse("disputes:support_file", args=[request.reference, request.dispute.evidence.get().pk])
    answer = client.get(path)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert content_of(answer).startswith(b"What was delivered")
    staff = browse(make_support(), world.now).get(path)
    assert content_of(staff)
    for person in (world.client, make_stranger()):
        assert browse(person, world.now).get(path).status_code == 404


def test_the_inbox_costs_the_same_for_one_and_three(django_assert_num_queries):
    world, _, agent = asked()
    client = browse(agent, world.now)
    path = reverse("disputes:support_view", args=["waiting"])
    client.get(path)
    with django_assert_num_queries(INBOX_QUERIES):
        client.get(path)
    asked()
    asked()
    clock.freeze(world.now)
    with django_assert_num_queries(INBOX_QUERIES):
        assert client.get(path).content.decode().count("data-row-link") == 3


# Two of them count the reports and removals of the desk’s other views.
INBOX_QUERIES = 11


def test_views_and_search_of_the_inbox():
    world, request, agent = asked()
    other, second, _ = declined()
    client = browse(agent, world.now)

    def rows(view, query=""):
        return client.get(reverse("disputes:support_view", args=[view]) + query).content.decode()

    assert request.number in rows("waiting")
    assert second.number in rows("over")
    assert second.number not in rows("waiting")
    assert request.number in rows("waiting", f"?q={request.reference.lower()}")
    assert "No request matches" in rows("waiting", "?q=nobody-of-this-name")
    assert client.get(reverse("disputes:support_view", args=["nonsense"])).status_code == 404
    assert client.get(reverse("disputes:support_view", args=["waiting"]) + "?after=-1x").status_code == 200
    assert other.contract.reference
