"""The pages of this room as each role, and the forms without JavaScript."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from arbitration import panels
from arbitration.models import ArbitrationCase, Award, NonResolutionNotice
from core import clock
from disputes.panels import viewer_of
from tests.factories.accounts import make_member, make_stranger, make_support
from tests.factories.arbitration import (
    C,
    F,
    awarded_case,
    both_paid_case,
    failed_case,
    filed_arbitration,
    rejected_twice,
)
from tests.factories.mediation import contested_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

PARTY_PAGES = ("notice", "status", "elect", "decline")


@pytest.fixture
def at(client):
    """Sign somebody in and hold the clock at the case's present."""

    def sign_in(arb, person):
        clock.freeze(arb.now)
        client.force_login(person.user)
        return client

    return sign_in


def url(arb, name):
    return reverse(f"arbitration:{name}", args=[arb.reference])


def once(**data):
    return {"_once": str(uuid.uuid4()), **data}


@pytest.mark.rule("N1")
def test_who_may_see_the_pages_of_the_sides(at):
    arb = failed_case()
    member = make_member(arb.client.account)
    for name in PARTY_PAGES:
        for person in (arb.freelancer, arb.client):
            assert at(arb, person).get(url(arb, name)).status_code == 200, (name, person)
        for person in (make_stranger(), make_support("Una Other")):
            assert at(arb, person).get(url(arb, name)).status_code == 404, (name, person)
    for name in ("notice", "status"):
        for person in (arb.specialist, arb.supervisor, arb.clerk, member):
            assert at(arb, person).get(url(arb, name)).status_code == 200, (name, person)
    for name in ("elect", "decline"):
        for person in (arb.specialist, arb.clerk, member):
            assert at(arb, person).get(url(arb, name)).status_code == 403, (name, person)
    assert at(arb, arb.freelancer).get(url(arb, "pay")).status_code == 409
    client = at(arb, arb.client)
    client.logout()
    assert client.get(url(arb, "notice")).status_code == 302


def test_no_notice_no_page(at):
    case = contested_case()
    assert at(case, case.client).get(url(case, "notice")).status_code == 404
    assert at(case, case.client).get(url(case, "status")).status_code == 404


@pytest.mark.rule("N1")
def test_notice_page_tells_each_choice_with_its_sums(at):
    arb = failed_case()
    text = at(arb, arb.freelancer).get(url(arb, "notice")).content.decode()
    for words in (
        "Notice of Non-Resolution",
        "$1,800.00",
        "$337.50",
        "What each choice comes to for you",
        "$1,282.50",  # all, after the service fee and the arbitration fee
        "If you choose arbitration and pay",
        "If you do not pay",
        "does not pay either",
        "$375.00",  # the award that covers the fee after the service fee
        "If you do nothing:",
    ):
        assert words in text, words
    client_text = at(arb, arb.client).get(url(arb, "notice")).content.decode()
    assert "$1,462.50" in client_text


@pytest.mark.rule("N1")
def test_page_says_when_the_fee_exceeds_the_amount(at):
    arb = failed_case(amounts=(20_000,))
    for name in ("notice", "elect"):
        assert (
            "The fee is larger than the amount in dispute"
            in at(arb, arb.freelancer).get(url(arb, name)).content.decode()
        )


@pytest.mark.rule("N1")
def test_annex_is_for_the_two_sides_alone(at):
    arb = failed_case()
    NonResolutionNotice.objects.filter(pk=arb.notice.pk).update(
        annex={"reasons": "ANNEX-MARKER", "to_freelancer": 120_000, "to_client": 60_000}
    )
    for person in (arb.freelancer, arb.client):
        assert "ANNEX-MARKER" in at(arb, person).get(url(arb, "notice")).content.decode()
    for person in (arb.clerk, arb.supervisor, arb.specialist):
        assert "ANNEX-MARKER" not in at(arb, person).get(url(arb, "notice")).content.decode()


@pytest.mark.rule("N2", "N3", "A1")
def test_both_sides_choose_and_pay_by_the_pages(at):
    arb = failed_case()
    for side in (F, C):
        person = arb.person(side)
        client = at(arb, person)
        page = client.get(url(arb, "elect"))
        version = page.context["text"].version
        refused = client.post(url(arb, "elect"), once(consent_version=version))
        assert refused.status_code == 422
        done = client.post(url(arb, "elect"), once(consent_version=version, agree="on"))
        assert (done.status_code, done.url) == (303, url(arb, "pay"))
        assert client.get(url(arb, "pay")).status_code == 200
        key = once()
        assert client.post(url(arb, "pay"), key).status_code == 303
        assert client.post(url(arb, "pay"), key).status_code == 303  # double click: one payment
        assert "on its way" in client.get(url(arb, "status")).content.decode()
        arb.world.pay()
    assert arb.dispute.state == "in_arbitration"
    text = at(arb, arb.client).get(url(arb, "status")).content.decode()
    assert "Receipt" in text
    assert "is being filed with" in text


@pytest.mark.rule("N1")
def test_stale_consent_is_stopped_with_409(at):
    arb = failed_case()
    with unchanged(arb.contract):
        answer = at(arb, arb.client).post(url(arb, "elect"), once(consent_version="2020-0", agree="on"))
    assert answer.status_code == 409


@pytest.mark.rule("N5", "Z9")
def test_late_choice_by_page_is_refused_after_the_default_has_fired(at):
    arb = failed_case()
    arb.to_end()
    answer = at(arb, arb.client).post(url(arb, "decline"), once())
    assert answer.status_code == 409
    assert arb.dispute.resolution_code == "arb_none_paid"


@pytest.mark.rule("N4")
def test_decline_by_page(at):
    arb = failed_case()
    answer = at(arb, arb.client).post(url(arb, "decline"), once())
    assert answer.status_code == 303
    assert arb.states()[1] == "declined"
    assert at(arb, arb.client).get(url(arb, "elect")).status_code == 409


@pytest.mark.rule("A6")
def test_status_page_shows_award_with_cost_shift(at):
    arb = filed_arbitration()
    arb.later(days=2).step("Hearing on Friday.")
    arb.later(days=9).award(120_000, shift_from="client", shift=70_000)
    text = at(arb, arb.freelancer).get(url(arb, "status")).content.decode()
    for words in ("Hearing on Friday.", "The award", "Ines Aubert", "$600.00", "$100.00", "is over"):
        assert words in text, words


@pytest.mark.rule("A2")
def test_open_ended_notice_pages(at):
    arb = rejected_twice()
    text = at(arb, arb.client).get(url(arb, "status")).content.decode()
    assert "No time limit runs" in text
    assert "another provider" in at(arb, arb.client).get(url(arb, "elect")).content.decode()
    assert at(arb, arb.client).get(url(arb, "notice") + "?number=1").status_code == 200


DESK = ("desk_case", "confirm_filed", "progress", "reject", "enter_award", "report", "file_elsewhere")


@pytest.mark.rule("A1")
def test_desk_is_closed_to_everybody_else(at):
    arb = both_paid_case()
    for person in (arb.freelancer, arb.client, arb.specialist, make_stranger(), make_support("Una Other")):
        for name in DESK:
            assert at(arb, person).get(url(arb, name)).status_code == 404, (name, person)
        assert at(arb, person).get(reverse("arbitration:desk")).status_code == 404
        assert at(arb, person).get(reverse("arbitration:orders")).status_code == 404
    client = at(arb, arb.clerk)
    assert client.get(reverse("arbitration:desk")).status_code == 200
    assert client.get(url(arb, "desk_case")).status_code == 200
    assert client.get(url(arb, "progress")).status_code == 409
    assert client.get(reverse("arbitration:orders")).status_code == 404


@pytest.mark.rule("A1", "A3", "A5", "A6", "A7")
def test_clerk_takes_a_case_through_by_hand(at):
    arb = both_paid_case()
    client = at(arb, arb.clerk)
    assert client.post(url(arb, "confirm_filed"), once(provider_case="")).status_code == 422
    assert client.post(url(arb, "confirm_filed"), once(provider_case="BR-1")).status_code == 303
    assert client.post(url(arb, "progress"), once(step="Response asked.")).status_code == 303
    wrong = once(
        to_freelancer="1,200.00", to_client="601.00", reasons="Kept text", arbitrator="Ines Aubert",
        document=SimpleUploadedFile("award.txt", b"The award.\n", "text/plain"),
    )  # fmt: skip
    refused = client.post(url(arb, "enter_award"), wrong)
    assert refused.status_code == 422
    assert "Kept text" in refused.content.decode()
    right = once(
        to_freelancer="1,200.00", to_client="600.00", reasons="As agreed.", arbitrator="Ines Aubert",
        document=SimpleUploadedFile("award.txt", b"The award.\n", "text/plain"),
    )  # fmt: skip
    assert client.post(url(arb, "enter_award"), right).status_code == 303
    award = Award.objects.get()
    approve = reverse("arbitration:award_approve", args=[award.pk])
    assert "You entered this award" in client.get(approve).content.decode()
    assert client.post(approve, once()).status_code == 403
    second = at(arb, arb.second)
    assert "wait for approval" in second.get(reverse("arbitration:desk")).content.decode().lower()
    assert second.post(approve, once()).status_code == 303
    assert arb.dispute.resolution_code == "award"
    assert second.post(url(arb, "report"), once(side="client", text="Not paid back.")).status_code == 303


@pytest.mark.rule("X2")
def test_orders_by_pages(at):
    arb = failed_case()
    new = reverse("arbitration:order_new", args=[arb.contract.reference])
    client = at(arb, arb.admins[0])
    assert client.get(new).status_code == 200
    bad = client.post(new, once(kind="fraud_order", to_freelancer="0", to_client="1", reason="The card was stolen."))
    assert bad.status_code == 422
    good = once(kind="fraud_order", to_freelancer="0", to_client="1,800.00", reason="The card was stolen, bank says.")
    assert client.post(new, good).status_code == 303
    from arbitration.models import AdminOrder

    approve = reverse("arbitration:order_approve", args=[AdminOrder.objects.get().pk])
    assert client.post(approve, once()).status_code == 403
    other = at(arb, arb.admins[1])
    assert other.get(approve).status_code == 200
    assert other.post(approve, once()).status_code == 303
    assert arb.dispute.resolution_code == "fraud_order"
    assert other.get(reverse("arbitration:orders")).status_code == 200


@pytest.mark.rule("N1", "A1", "A6")
def test_panels_speak_from_the_viewers_side_with_one_query(django_assert_num_queries):
    for make, yours in ((failed_case, True), (both_paid_case, False), (awarded_case, False)):
        arb = make()
        dispute = arb.dispute
        for person in (arb.freelancer, arb.client, arb.clerk):
            viewer = viewer_of(dispute, person.actor, arb.now)
            with django_assert_num_queries(1):
                said = panels.contribute(dispute, viewer)
            assert said.actions
            mine = [t for t in said.turns if t.state == "yours"]
            assert bool(mine) == (yours and viewer.side is not None)
    assert ArbitrationCase.objects.count() == 2


@pytest.mark.rule("N1")
def test_query_counts_do_not_grow(at, django_assert_max_num_queries):
    arb = failed_case()
    client = at(arb, arb.clerk)
    with django_assert_max_num_queries(14):
        client.get(reverse("arbitration:desk"))
    failed_case()
    failed_case()
    clock.freeze(arb.now)
    with django_assert_max_num_queries(14):
        client.get(reverse("arbitration:desk"))
