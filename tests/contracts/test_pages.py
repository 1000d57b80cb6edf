"""The pages: literal labels, the right answer to the right person, everything typed is kept."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contracts.models import Contract, Message, RefundProposal
from contracts.services import messages, refunds
from core import clock
from tests.factories import contracts as make
from tests.factories.accounts import make_agency, make_freelancer, make_member, make_stranger, make_support
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"contracts:{name}", args=args)


@pytest.fixture
def as_(client):
    """Sign a person in and hold the clock at the world's present."""

    def sign_in(world, person):
        clock.freeze(world.now)
        client.force_login(person.user)
        return client

    return sign_in


def text(response):
    """The page's words: tags off, blanks folded."""
    plain = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", plain)).replace("&#x27;", "'").replace("&amp;", "&")


def key():
    return {"_once": str(uuid4())}


# --- S05, S06: the founding document's path and labels ----------------------------------


def test_S05_from_find_work_by_My_Jobs_and_All_Contracts_to_See_Request(as_):
    world = make.refund_requested_contract()
    browser = as_(world, world.freelancer)

    home = browser.get("/find-work/")
    assert "My Jobs" in text(home)
    assert "View All Contracts" in text(home)
    jobs = browser.get("/my-jobs/")
    assert "All Contracts" in text(jobs)
    listed = browser.get("/my-jobs/contracts/")
    assert "See Request" in text(listed)
    assert url("refund_request", world.contract.reference) in listed.content.decode()


def test_S06_the_question_its_literal_answers_and_Next(as_):
    world = make.refund_requested_contract()

    page = text(as_(world, world.freelancer).get(url("refund_request", world.contract.reference)))

    for label in (
        "I approve of this request",
        "I do not approve of this request and wish to file a dispute",
        "Propose a different split",
        "Next",
        "7 days",
        "If you do nothing:",
        "$1,800.00 goes back to",
    ):
        assert label in page


@pytest.mark.parametrize(
    ("answer", "to"),
    [
        ("approve", "/refund-request/approve/"),
        ("dispute", "/refund-request/claim/"),
        ("propose", "/refund-request/propose/"),
    ],
)
def test_S06_Next_leads_on_and_changes_nothing(as_, answer, to):
    world = make.refund_requested_contract()
    browser = as_(world, world.freelancer)

    with unchanged(world.contract):
        response = browser.post(url("refund_request", world.contract.reference), {"answer": answer})

    assert response.status_code == 303
    assert response["Location"] == f"/contracts/{world.contract.reference}{to}"


def test_Next_without_a_choice_says_what_to_do(as_):
    world = make.refund_requested_contract()
    response = as_(world, world.freelancer).post(url("refund_request", world.contract.reference), {})
    assert response.status_code == 422
    assert "Choose what you want to do." in text(response)


def test_the_deadline_stands_in_the_viewers_zone(as_):
    world = make.refund_requested_contract(freelancer=make_freelancer(timezone="Asia/Manila"))
    page = text(as_(world, world.freelancer).get(url("refund_request", world.contract.reference)))
    local = world.refund.due_at + timedelta(hours=8)
    assert f"{local:%a} {local.day} {local:%b %Y}, 5:00 pm, Manila time (GMT+8)" in page


@pytest.mark.rule("R2")
def test_approving_goes_by_a_confirm_page_that_repeats_the_sum(as_):
    world = make.refund_requested_contract()
    browser = as_(world, world.freelancer)
    address = url("refund_approve", world.contract.reference)

    with unchanged(world.contract):
        assert "Approve the refund of $1,800.00" in text(browser.get(address))
    response = browser.post(address, key())

    assert (response.status_code, response["Location"]) == (303, url("contract", world.contract.reference))
    assert world.refund.state == "accepted"


@pytest.mark.rule("R2")
def test_a_double_click_answers_as_the_first_did(as_):
    world = make.refund_requested_contract()
    browser = as_(world, world.freelancer)
    address, once = url("refund_approve", world.contract.reference), key()

    first, second = browser.post(address, once), browser.post(address, once)

    assert first["Location"] == second["Location"]
    assert second.status_code == 303


# --- who may read, who may act ----------------------------------------------------------

PAGES = ["contract", "thread", "refund_request"]


@pytest.mark.parametrize("name", PAGES)
def test_strangers_get_404_visitors_the_sign_in_page_support_may_read(as_, client, name):
    world = make.refund_requested_contract()
    address = url(name, world.contract.reference)

    assert client.get(address).status_code == 302
    assert as_(world, make_stranger()).get(address).status_code == 404
    assert as_(world, make_support()).get(address).status_code == 200


def test_an_unknown_contract_and_a_strangers_look_the_same(as_):
    world = make.active_contract()
    browser = as_(world, make_stranger())
    unknown, foreign = browser.get(url("contract", "0000-0000")), browser.get(url("contract", world.contract.reference))
    assert (unknown.status_code, foreign.status_code) == (404, 404)
    strip = lambda r: re.sub(r'data-now="[^"]+"|csrfmiddlewaretoken" value="\w+|_once" value="[\w-]+', "", text(r))  # noqa: E731
    assert strip(unknown) == strip(foreign)


ACTS = {
    "fund": lambda w: url("fund", w.milestones[1].pk),
    "changes": lambda w: url("changes", w.milestone.pk),
    "refuse": lambda w: url("refuse", w.milestone.pk),
    "release": lambda w: url("release", w.milestone.pk),
    "end": lambda w: url("end_check", w.contract.reference),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_member_without_the_right_gets_403_and_a_stranger_404(as_, act):
    world = make.submitted_contract(amounts=(180_000, 90_000))
    address = ACTS[act](world)

    with unchanged(world.contract):
        assert as_(world, world.freelancer).get(address).status_code == 403
        assert as_(world, make_stranger()).get(address).status_code == 404
        assert as_(world, make_stranger()).post(address, key()).status_code in (404, 422)


def test_a_colleague_without_money_rights_sees_no_money_buttons_and_is_refused(as_):
    world = make.refund_requested_contract(freelancer=make_agency())
    colleague = make_member(world.freelancer.account)
    browser = as_(world, colleague)

    assert browser.get(url("refund_request", world.contract.reference)).status_code == 200
    with unchanged(world.contract):
        assert browser.post(url("refund_approve", world.contract.reference), key()).status_code == 403


def test_what_is_no_longer_open_is_told_with_409(as_):
    world = make.refund_requested_contract()
    world.accept_refund()
    browser = as_(world, world.freelancer)

    with unchanged(world.contract):
        assert browser.get(url("refund_approve", world.contract.reference)).status_code == 409
        response = browser.post(url("refund_approve", world.contract.reference), key())
    assert response.status_code == 409
    assert "this step is no longer open" in text(response)


@pytest.mark.rule("Z9", "R4")
def test_Z9_a_page_never_shows_a_state_that_time_has_ended(as_):
    world = make.refund_requested_contract()
    world.later(days=7, seconds=1)

    response = as_(world, world.freelancer).get(url("refund_request", world.contract.reference))

    assert "This request is closed" in text(response)
    assert world.refund.state == "expired"


@pytest.mark.rule("Z9", "R4")
def test_Z9_a_late_answer_is_refused_after_the_default_fired(as_):
    world = make.refund_requested_contract()
    world.later(days=7)

    response = as_(world, world.freelancer).post(url("refund_approve", world.contract.reference), key())

    assert response.status_code == 409
    assert world.refund.state == "expired"


# --- bad amounts: in words, everything typed is kept ------------------------------------

BAD_AMOUNTS = [
    ("", "Enter the amount to release now."),
    ("abc", "Enter the amount in figures"),
    ("10.005", "USD has 2 digits after the point"),
    ("-5", "without a minus sign"),
    ("0", "Enter an amount between $0.01 and $1,799.99."),
    ("1800", "Enter an amount between $0.01 and $1,799.99."),
    ("99999999999999999999", "larger than any contract here can hold"),
    ("€50", "This contract is in USD"),
    ("1,35", "Enter the amount in figures"),
]


@pytest.mark.parametrize(("typed", "words"), BAD_AMOUNTS)
def test_bad_amounts_are_told_at_the_field_and_the_form_keeps_what_was_typed(as_, typed, words):
    world = make.submitted_contract(amounts=(180_000, 90_000))
    data = {"how": "part", "amount": typed, "text": "Half of it is missing.", "target": str(world.milestones[1].pk)}

    with unchanged(world.contract):
        response = as_(world, world.client).post(url("release_check", world.milestone.pk), data)

    assert response.status_code == 422
    assert words in text(response)
    assert "Half of it is missing." in text(response)
    if typed:
        assert f'value="{typed}"' in response.content.decode()


@pytest.mark.rule("C5")
def test_a_part_is_previewed_to_the_cent_changed_and_released(as_):
    world = make.submitted_contract(amounts=(180_000, 90_000))
    browser = as_(world, world.client)
    address = url("release_check", world.milestone.pk)
    data = {"how": "part", "amount": "600", "text": "Half is missing.", "target": str(world.milestones[1].pk)}

    with unchanged(world.contract):
        preview = text(browser.post(address, data))
        assert "$540.00 reaches" in preview
        assert "$60.00 is the service fee" in preview
        assert "$1,200.00 stays in escrow" in preview
        assert 'value="600"' in browser.post(address, {**data, "edit": "1"}).content.decode()
    response = browser.post(address, {**data, "confirmed": "1", "seen": "180000", **key()})

    assert response.status_code == 303
    assert world.held.carried.amount == 120_000


def test_a_preview_made_before_the_money_changed_is_refused_with_409(as_):
    world = make.submitted_contract()
    browser = as_(world, world.client)

    with unchanged(world.contract):
        response = browser.post(
            url("end_check", world.contract.reference),
            {"how": "all", "reason": "", "confirmed": "1", "seen": "90000", **key()},
        )

    assert response.status_code == 409
    assert "changed while you were reading" in text(response)


@pytest.mark.rule("C8", "R1")
def test_ending_previews_both_sides_and_makes_the_request(as_):
    world = make.submitted_contract()
    browser = as_(world, world.client)
    data = {"how": "other", "pay": "300", "reason": "The history page is missing."}

    preview = text(browser.post(url("end_check", world.contract.reference), data))
    assert "$1,500.00 is asked back" in preview
    assert "comes back to you after 7 days" in preview
    done = browser.post(
        url("end_check", world.contract.reference), {**data, "confirmed": "1", "seen": "180000", **key()}
    )

    assert done.status_code == 303
    assert (world.refund.amount, world.refund.reason) == (150_000, "The history page is missing.")


@pytest.mark.rule("R6")
def test_paying_more_is_previewed_and_a_repeat_of_the_post_pays_once(as_):
    world = make.refund_requested_contract()
    browser = as_(world, world.client)
    address = url("refund_pay", world.contract.reference)
    data = {"amount": "500", "confirmed": "1", "seen": "180000", **key()}
    assert "$1,300.00 is still asked back" in text(browser.post(address, {"amount": "500"}))

    first, second = browser.post(address, data), browser.post(address, data)

    assert (first.status_code, second.status_code) == (303, 303)
    assert world.refund.amount == 130_000


@pytest.mark.rule("R7", "R8")
def test_a_proposal_goes_from_side_to_side_by_pages(as_):
    world = make.refund_requested_contract()
    reference = world.contract.reference
    propose = as_(world, world.freelancer).post(
        url("refund_propose", reference), {"amount": "1,150", "note": "Eleven of twelve.", **key()}
    )
    assert propose.status_code == 303
    proposal = RefundProposal.objects.get()

    browser = as_(world, world.client)
    page = text(browser.get(url("refund_request", reference)))
    assert "Accept, $650.00 to you" in page
    assert "Eleven of twelve." in page
    accepted = browser.post(url("proposal_accept", reference, proposal.pk), key())

    assert accepted.status_code == 303
    assert world.contract.state == "closed"


def test_R7_page_says_that_the_clock_runs_on_and_until_when(as_):
    world = make.refund_requested_contract()
    page = text(as_(world, world.freelancer).get(url("refund_propose", world.contract.reference)))
    assert "This does not stop the clock" in page
    assert "Without acceptance or a dispute by" in page
    assert "is refunded in full" in page


# --- submitting, messages, files --------------------------------------------------------

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def test_a_refused_file_keeps_the_rest_of_the_form(as_):
    world = make.funded_contract()
    bad = SimpleUploadedFile("work.pdf", b"MZ\x90\x00 this is a program", content_type="application/pdf")

    with unchanged(world.contract):
        response = as_(world, world.freelancer).post(
            url("submit", world.milestone.pk), {"message": "All screens are done.", "file": bad, **key()}
        )

    assert response.status_code == 422
    assert "All screens are done." in text(response)
    assert "work.pdf" in text(response)


@pytest.mark.rule("C2")
def test_work_with_a_file_is_stored_and_leaves_as_an_attachment(as_):
    world = make.funded_contract()
    good = SimpleUploadedFile("work.pdf", PDF, content_type="application/pdf")
    browser = as_(world, world.freelancer)

    response = browser.post(url("submit", world.milestone.pk), {"message": "Done.", "file": good, **key()})
    assert response.status_code == 303, text(response)
    submission = world.milestone.submissions.get()
    download = as_(world, world.client).get(url("file", world.contract.reference, submission.pk))

    assert b"".join(download.streaming_content) == PDF
    assert download["Content-Disposition"].startswith("attachment")
    assert as_(world, make_stranger()).get(url("file", world.contract.reference, submission.pk)).status_code == 404


def test_messages_are_written_read_and_never_empty(as_):
    world = make.active_contract()
    address = url("thread", world.contract.reference)
    browser = as_(world, world.freelancer)

    assert browser.post(address, {"body": "Shall we talk on Monday?", **key()}).status_code == 303
    with unchanged(world.contract):
        empty = browser.post(address, {"body": "   ", **key()})
    assert empty.status_code == 422
    assert "Write a message, or add a file." in text(empty)
    assert "Shall we talk on Monday?" in text(as_(world, world.client).get(address))
    with unchanged(world.contract):
        assert as_(world, make_support()).post(address, {"body": "hello", **key()}).status_code == 403


def test_what_people_write_is_never_markup(as_):
    world = make.submitted_contract()
    world.write(world.freelancer, "<script>alert(1)</script> & <b>bold</b>")

    page = as_(world, world.client).get(url("thread", world.contract.reference)).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold" in page


def test_S09_a_system_messages_link_is_shown_to_its_side_only(as_):
    world = make.refund_requested_contract()
    messages.post_system_message(
        contract_id=world.contract_id,
        body="Marker of a system message",
        link="/only-for-the-freelancer/",
        link_label="See Request",
        link_side="freelancer",
        now=world.now,
    )
    address = url("thread", world.contract.reference)

    assert "/only-for-the-freelancer/" in as_(world, world.freelancer).get(address).content.decode()
    assert "/only-for-the-freelancer/" not in as_(world, world.client).get(address).content.decode()


def test_each_side_reads_a_system_message_in_the_own_language(as_):
    world = make.refund_requested_contract()
    messages.post_system_message(
        contract_id=world.contract_id,
        body="The contract is ended.",
        link="/somewhere/",
        link_label="See Request",
        translations={"es": {"body": "El contrato ha terminado.", "link_label": "Ver la solicitud"}},
        now=world.now,
    )
    world.freelancer.user.language = "es"
    world.freelancer.user.save(update_fields=["language"])
    address = url("thread", world.contract.reference)

    spanish, english = as_(world, world.freelancer).get(address), as_(world, world.client).get(address)

    assert "El contrato ha terminado." in text(spanish)
    assert "Ver la solicitud" in text(spanish)
    assert "The contract is ended." not in text(spanish)
    assert "The contract is ended." in text(english)
    assert "terminado" not in text(english)


def test_a_thread_shows_the_newest_and_leads_back(as_):
    world = make.active_contract()
    for number in range(45):
        Message.objects.create(
            contract=world.contract,
            sender=world.client.user,
            side="client",
            body=f"Message number {number:02d}",
            sent_at=world.now + timedelta(minutes=number),
        )
    world.later(hours=2)
    browser = as_(world, world.freelancer)

    newest = browser.get(url("thread", world.contract.reference))
    assert "Message number 44" in text(newest)
    assert "Message number 03" not in text(newest)
    older = re.search(r'href="(\?before=[^"]+)"', newest.content.decode()).group(1)
    assert "Message number 03" in text(browser.get(url("thread", world.contract.reference) + older))


@pytest.mark.parametrize("junk", ["?before=x", "?after=%00", "?after=AAAA&state=zzz", "?q=%00", "?before=" + "9" * 400])
def test_junk_in_the_address_is_harmless(as_, junk):
    world = make.active_contract()
    browser = as_(world, world.freelancer)
    assert browser.get(url("thread", world.contract.reference) + junk).status_code == 200
    assert browser.get(url("all_contracts") + junk).status_code == 200


# --- drafting ---------------------------------------------------------------------------


@pytest.mark.rule("C0")
def test_a_client_drafts_and_the_freelancer_accepts(as_):
    world = make.active_contract()
    freelancer = make_freelancer("Nia Okoro")
    browser = as_(world, world.client)
    data = {
        "client": str(world.client.account.pk), "freelancer": freelancer.user.email.upper(), "title": "Poster series",
        "terms": "Three posters.", "currency": "EUR", "title_1": "First poster", "amount_1": "250,000.50",
        "title_2": "Second poster", "amount_2": "€300", **key(),
    }  # fmt: skip
    response = browser.post(url("new_contract"), data)
    assert response.status_code == 303, text(response)
    contract = Contract.objects.get(title="Poster series")
    assert list(contract.milestones.order_by("number").values_list("amount", flat=True)) == [25_000_050, 30_000]

    accepted = as_(world, freelancer).post(url("accept", contract.reference), key())

    assert accepted.status_code == 303
    contract.refresh_from_db()
    assert contract.state == "active"


def test_a_draft_names_each_mistake_and_keeps_the_rest(as_):
    world = make.active_contract()
    data = {
        "client": str(world.client.account.pk), "freelancer": "nobody@example.org", "title": "Poster series",
        "currency": "USD", "title_1": "First poster", "amount_1": "4.99", "title_2": "", "amount_2": "7", **key(),
    }  # fmt: skip
    response = as_(world, world.client).post(url("new_contract"), data)

    page = text(response)
    assert response.status_code == 422
    assert "No freelancer or agency signs in with this address." in page
    assert "A milestone is at least $5.00." in page
    assert "Give milestone 2 a title." in page
    assert 'value="4.99"' in response.content.decode()


def test_only_clients_draft(as_):
    world = make.active_contract()
    assert as_(world, world.freelancer).get(url("new_contract")).status_code == 403


# --- every page answers, in a fixed number of queries -----------------------------------

WORLDS = [
    make.draft_contract, make.active_contract, make.funded_contract, make.submitted_contract,
    make.changes_requested_contract, make.refused_contract, make.partly_released_contract,
    make.refund_requested_contract, make.closed_contract,
]  # fmt: skip


@pytest.mark.parametrize("factory", WORLDS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("side", ["freelancer", "client"])
def test_every_page_answers_in_every_state(as_, factory, side):
    world = factory()
    browser = as_(world, getattr(world, side))
    reference, milestone = world.contract.reference, world.milestone.pk
    own = [url(n) for n in ("find_work", "my_jobs", "all_contracts", "threads")]
    read = [url(n, reference) for n in ("contract", "thread")]
    act = [url(n, reference) for n in (
        "accept", "add_milestone", "end", "withdraw", "quiet", "refund_request", "refund_approve", "refund_propose",
        "refund_pay", "refund_withdraw",
    )]  # fmt: skip
    act += [url(n, milestone) for n in ("fund", "submit", "changes", "refuse", "release")]

    assert {browser.get(a).status_code for a in own + read} == {200}
    assert {browser.get(a).status_code for a in act} <= {200, 403, 404, 409}


def count(browser, address):
    browser.get(address)  # sessions and content types are warm
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_All_Contracts_takes_as_many_queries_for_three_as_for_one(as_):
    freelancer, client = make_freelancer(), make.make_company()
    world = make.refund_requested_contract(freelancer=freelancer, client=client)
    browser = as_(world, freelancer)
    for name in ("all_contracts", "my_jobs", "find_work", "threads"):
        one = count(browser, url(name))
        for _ in range(2):
            make.submitted_contract(freelancer=freelancer, client=client)
        assert count(browser, url(name)) == one, name


def test_All_Contracts_reads_its_rows_in_at_most_six_queries(django_assert_max_num_queries):
    from contracts.selectors import Filters, list_contracts

    world = make.refund_requested_contract()
    for _ in range(2):
        make.submitted_contract(freelancer=world.freelancer, client=world.client)
    actor = world.freelancer.actor
    with django_assert_max_num_queries(6):
        assert len(list_contracts(actor, Filters()).rows) == 3


def test_the_contract_page_takes_as_many_queries_for_three_milestones_as_for_one(as_):
    one = make.submitted_contract()
    three = make.submitted_contract(amounts=(100_000, 50_000, 50_000))
    three.release_part(40_000)
    three.later(hours=1).fund(2)
    three.submit(2)
    single = count(as_(one, one.client), url("contract", one.contract.reference))
    many = count(as_(three, three.client), url("contract", three.contract.reference))
    assert many <= single + 1  # the target of a carried-over rest is prefetched only where there is one
    assert many <= 24


def test_paging_reaches_every_contract_once():
    from contracts.selectors import Filters, list_contracts

    first = make.active_contract()
    for _ in range(4):
        make.active_contract(freelancer=first.freelancer, client=first.client)  # all in the same instant
    actor, seen, cursor = first.freelancer.actor, [], ""
    for _ in range(10):
        page = list_contracts(actor, Filters(), cursor, size=2)
        seen += [row.contract.pk for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"q": "logo"}, {"Logo"}),
        ({"state": "closed"}, {"Logo"}),
        ({"state": "needs"}, {"Shop"}),
        ({"q": "%"}, set()),
        ({}, {"Logo", "Shop"}),
    ],
)
def test_search_and_filters(as_, filters, titles):
    logo = make.closed_contract(title="Logo")
    world = make.refund_requested_contract(title="Shop", freelancer=logo.freelancer, client=logo.client)

    page = as_(world, world.freelancer).get(url("all_contracts"), filters)

    assert {row.contract.title for row in page.context["page"].rows} == titles


def test_the_client_never_sees_what_the_freelancer_withdraws(as_):
    from contracts.services.payments import withdraw_earnings

    world = make.submitted_contract()
    world.approve()
    world.later(days=5).sweep()
    withdraw_earnings(
        contract_id=world.contract_id, amount=world.money(12_345), actor=world.freelancer.actor, now=world.now
    )
    address = url("contract", world.contract.reference)

    assert "$123.45" in text(as_(world, world.freelancer).get(address))
    assert "$123.45" not in text(as_(world, world.client).get(address))


@pytest.mark.rule("R8")
def test_an_old_proposals_address_is_refused_when_a_newer_one_waits(as_):
    world = make.refund_requested_contract()
    propose = lambda minor: refunds.propose_split(  # noqa: E731
        request_id=world.refund.pk, keep=world.money(minor), actor=world.freelancer.actor, now=world.now
    )
    old, new = propose(90_000), propose(120_000)
    browser = as_(world, world.client)

    with unchanged(world.contract):
        assert browser.post(url("proposal_accept", world.contract.reference, old.pk), key()).status_code == 409
    assert browser.post(url("proposal_decline", world.contract.reference, new.pk), key()).status_code == 303
