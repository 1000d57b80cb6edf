"""What people do on the dispute's pages: forms, confirm pages, refusals that keep what was typed."""

from __future__ import annotations

import re
import uuid
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.permissions import MemberRole
from disputes.models import CaseMessage, Evidence, PageDraft, SettlementOffer, StatementVersion
from disputes.services import evidence
from tests.factories import mediation
from tests.factories.accounts import make_member, make_stranger
from tests.factories.disputes import active_route_case, offer
from tests.factories.mediation import ANSWER
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@contextmanager
def refused(case):
    """Nothing changes inside; what was overdue before has fired first (Z9)."""
    case.sweep()
    with unchanged(case.contract):
        yield


def url(case, path: str) -> str:
    return f"/disputes/{case.reference}/{path}"


def sent(case, **values) -> dict[str, str]:
    """What a form of the present state would post."""
    return {"seen": str(case.dispute.version), "_once": str(uuid.uuid4()), **values}


def text_version(client, path: str) -> str:
    return client.get(path).content.decode().split('name="text_version" value="')[1].split('"')[0]


@pytest.mark.rule("D4")
def test_D4_the_client_contests_with_reasons_and_a_file(browse):
    case = mediation.active_case()
    client = browse(case.client, case)

    response = client.post(
        url(case, "respond/"),
        sent(
            case,
            reason="below_criteria",
            details=ANSWER,
            offers="500",
            kind="message",
            shows="What we asked for.",
            files=[SimpleUploadedFile("mail.txt", b"Please correct the tax.\n")],
        ),
    )

    assert response.status_code == 303
    answer = StatementVersion.objects.get(side="answer")
    assert (answer.reason, answer.amount) == ("below_criteria", 50_000)
    assert Evidence.objects.get().side == "client"
    assert "Your answer is sent to Rafael Domingo" in client.get(response.url).content.decode()


def test_D4_what_the_service_does_not_take_stands_at_its_field_and_is_kept(browse):
    case = mediation.active_case()
    client = browse(case.client, case)

    with refused(case):
        response = client.post(url(case, "respond/"), sent(case, reason="late", details="Too short.", offers="1800"))

    shown = response.content.decode()
    assert response.status_code == 422
    assert "accept the dispute in full instead" in shown
    assert "Write at least 80 characters" in shown
    assert "Too short." in shown


@pytest.mark.rule("D3")
def test_D3_the_client_pays_in_full_after_a_confirm_page(browse):
    case = mediation.active_case()
    client = browse(case.client, case)
    assert "Pay $1,800.00 and close the dispute?" in client.get(url(case, "accept/")).content.decode()

    response = client.post(url(case, "accept/"), sent(case))

    assert (response.status_code, response.url) == (303, url(case, "outcome/"))
    assert case.dispute.resolution.to_freelancer == 180_000


@pytest.mark.rule("D10")
def test_D10_withdrawing_says_what_is_given_up(browse):
    case = mediation.active_case()
    client = browse(case.freelancer, case)
    assert "Withdraw the dispute and give up $1,800.00?" in client.get(url(case, "withdraw/")).content.decode()

    client.post(url(case, "withdraw/"), sent(case))

    assert case.dispute.resolution.to_client == 180_000


def test_a_confirm_page_is_shown_first_and_changes_nothing(browse):
    case = mediation.contested_case()
    offer(case, case.client, 115_000)
    with refused(case):
        for person, path in (
            (case.freelancer, "withdraw/"),
            (case.freelancer, "offers/1/accept/"),
            (case.freelancer, "offers/1/decline/"),
            (case.client, "accept/"),
            (case.client, "offers/1/withdraw/"),
        ):
            assert browse(person, case).get(url(case, path)).status_code == 200, path


@pytest.mark.rule("D8", "I3")
def test_D8_an_update_is_a_new_version_and_lowers_the_claim(browse):
    case = mediation.active_case()
    client = browse(case.freelancer, case)
    details = f"{mediation.DETAILS} One page is left out now."

    response = client.post(
        url(case, "update/"), sent(case, reason="quality_disputed", details=details, amount="1,500.00")
    )

    assert (response.status_code, response.url) == (303, url(case, "versions/"))
    assert case.dispute.amount == 150_000
    shown = client.get(response.url).content.decode()
    assert "<ins>" in shown
    assert "before: $1,800.00" in " ".join(re.sub(r"<[^>]*>", "", shown).split())


def test_rule_3_a_stale_update_is_stopped_with_the_news_and_the_text_kept(browse):
    case = mediation.active_case()
    client = browse(case.freelancer, case)
    post = sent(case, reason="quality_disputed", details=f"{mediation.DETAILS} MY-NEW-WORDS", amount="1,500.00")
    case.later(minutes=1).write(case.client, "Something new.")

    with refused(case):
        answer = client.post(url(case, "update/"), post)

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "This changed while you were writing" in shown
    assert "wrote a message" in shown
    assert "MY-NEW-WORDS" in shown
    assert f'name="seen" value="{case.dispute.version}"' in shown
    again = client.post(url(case, "update/"), sent(case) | {k: post[k] for k in ("reason", "details", "amount")})
    assert again.status_code == 303


class TestOffers:
    def make(self, client, case, **values):
        client.post(url(case, "offers/new/"), sent(case, **values))
        check = url(case, "offers/check/")
        page = client.get(check)
        shown = page.content.decode()
        stamp = shown.split('name="stamp" value="')[1].split('"')[0]
        return page, client.post(check, sent(case, stamp=stamp, agree="on", text_version=text_version(client, check)))

    @pytest.mark.rule("D11")
    def test_D11_one_amount_is_enough_and_the_confirm_page_says_it_binds(self, browse):
        case = mediation.contested_case()
        client = browse(case.client, case)

        page, response = self.make(client, case, to_freelancer="1,150.00", note="As agreed on the phone.")

        assert "This offer is your agreement" in page.content.decode()
        assert "$650.00" in page.content.decode()
        assert response.status_code == 303
        made = SettlementOffer.objects.get()
        assert (made.to_freelancer, made.to_client, made.note) == (115_000, 65_000, "As agreed on the phone.")

    @pytest.mark.rule("D12")
    def test_D12_counter_then_accept_ends_in_an_agreement(self, browse):
        case = mediation.contested_case()
        self.make(browse(case.client, case), case, to_freelancer="1000")
        case.later(minutes=5)
        self.make(browse(case.freelancer, case), case, to_client="500.00")
        case.later(minutes=5)
        client = browse(case.client, case)
        accept = url(case, "offers/2/accept/")
        version = text_version(client, accept)

        response = client.post(accept, sent(case, agree="on", text_version=version))

        assert (response.status_code, response.url) == (303, url(case, "agreement/"))
        assert [o.state for o in SettlementOffer.objects.order_by("number")] == ["countered", "accepted"]
        assert case.dispute.resolution.to_freelancer == 130_000

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"to_freelancer": "1000", "to_client": "799.99"}, "must add up to $1,800.00"),
            ({}, "Enter at least one of the two amounts."),
            ({"to_freelancer": "1,800.01"}, "between $0.00 and $1,800.00"),
            ({"to_client": "-1"}, "without a minus sign"),
            ({"to_freelancer": "many"}, "in figures"),
        ],
    )
    def test_I4_wrong_amounts_are_told_and_kept(self, browse, values, words):
        case = mediation.contested_case()

        response = browse(case.client, case).post(url(case, "offers/new/"), sent(case, note="MY-NOTE", **values))

        shown = response.content.decode()
        assert response.status_code == 422
        assert words in shown
        assert "MY-NOTE" in shown
        assert all(value in shown for value in values.values())

    def test_declining_and_withdrawing_move_nothing(self, browse):
        case = mediation.contested_case()
        offer(case, case.client, 115_000)
        assert browse(case.freelancer, case).post(url(case, "offers/1/decline/"), sent(case)).status_code == 303
        case.later(minutes=1)
        offer(case, case.client, 116_000)
        assert browse(case.client, case).post(url(case, "offers/2/withdraw/"), sent(case)).status_code == 303
        assert [o.state for o in SettlementOffer.objects.order_by("number")] == ["rejected", "withdrawn"]
        assert case.dispute.state == "in_mediation"

    def test_edge_3_an_offer_that_was_countered_meanwhile_is_refused(self, browse):
        case = mediation.contested_case()
        offer(case, case.client, 115_000)
        client = browse(case.freelancer, case)
        post = sent(case, agree="on", text_version=text_version(client, url(case, "offers/1/accept/")))
        case.later(minutes=1)
        offer(case, case.client, 90_000)

        with refused(case):
            answer = client.post(url(case, "offers/1/accept/"), post)

        assert answer.status_code == 409

    def test_the_specialist_drafts_for_both(self, browse):
        case = mediation.contested_case()
        client = browse(case.specialist, case)
        client.post(url(case, "offers/new/"), sent(case, to_freelancer="900"))
        shown = client.get(url(case, "offers/check/")).content.decode()
        stamp = shown.split('name="stamp" value="')[1].split('"')[0]

        response = client.post(url(case, "offers/check/"), sent(case, stamp=stamp))

        assert response.status_code == 303
        assert SettlementOffer.objects.get().side == "specialist"
        assert "Review and agree" in browse(case.client, case).get(url(case, "")).content.decode()


@pytest.mark.rule("D19")
def test_D19_a_sealed_bid_takes_two_steps(browse):
    case = mediation.contested_case()
    client = browse(case.freelancer, case)
    first = client.post(url(case, "bids/"), sent(case, amount="1,200"))
    shown = first.content.decode()
    assert "the least you would take" in shown
    version = shown.split('name="text_version" value="')[1].split('"')[0]

    response = client.post(
        url(case, "bids/"), sent(case, amount="1,200.00", do="seal", agree="on", text_version=version)
    )

    assert (response.status_code, response.url) == (303, url(case, "bids/"))
    assert "$1,200" in client.get(url(case, "bids/")).content.decode()
    assert client.post(url(case, "bids/withdraw/"), sent(case)).status_code == 303


class TestMessages:
    @pytest.mark.rule("D11")
    def test_who_can_read_it_is_said_again(self, browse):
        case = mediation.active_case()
        client = browse(case.freelancer, case)

        client.post(url(case, "messages/"), sent(case, body="To all.", audience="everyone"))
        shown = client.get(url(case, "")).content.decode()
        assert "Sent to everyone in the case." in shown
        client.post(url(case, "messages/"), sent(case, body="To one.", audience="freelancer", purpose="Dates"))
        shown = client.get(url(case, "")).content.decode()
        assert "Sent to Maya Okafor alone." in shown
        assert list(CaseMessage.objects.order_by("sent_at", "body").values_list("audience", "purpose")) == [
            ("everyone", ""),
            ("freelancer", "Dates"),
        ]

    def test_an_empty_message_and_a_bad_file_keep_the_page(self, browse):
        case = mediation.active_case()
        client = browse(case.freelancer, case)

        empty = client.post(url(case, "messages/"), sent(case, body="   ", audience="everyone"))
        bad = client.post(
            url(case, "messages/"),
            sent(case, body="KEEP-ME", audience="freelancer", files=[SimpleUploadedFile("a.exe", b"MZ")]),
        )

        assert empty.status_code == 422
        assert "Write a message before you send it." in empty.content.decode()
        assert bad.status_code == 422
        assert "KEEP-ME" in bad.content.decode()
        assert "not accepted" in bad.content.decode()
        assert not CaseMessage.objects.exists()

    def test_the_other_sides_channel_is_closed(self, browse):
        case = mediation.active_case()

        with refused(case):
            response = browse(case.freelancer, case).post(
                url(case, "messages/"), sent(case, body="Hello.", audience="client")
            )

        assert response.status_code == 403

    def test_a_double_click_sends_once(self, browse):
        case = mediation.active_case()
        client = browse(case.client, case)
        post = sent(case, body="Once only.", audience="everyone")

        assert client.post(url(case, "messages/"), post).status_code == 303
        assert client.post(url(case, "messages/"), post).status_code == 303
        assert CaseMessage.objects.count() == 1

    def test_the_unsent_text_waits_on_the_server(self, browse):
        case = mediation.active_case()
        client = browse(case.client, case)
        client.post(url(case, "messages/"), {"body": "Half a thought"}, headers={"X-Autosave": "1"})
        client.logout()

        assert "Half a thought" in browse(case.client, case).get(url(case, "")).content.decode()
        assert "Half a thought" not in browse(case.freelancer, case).get(url(case, "")).content.decode()
        assert PageDraft.objects.count() == 1


class TestEvidence:
    @pytest.mark.rule("D9")
    def test_D9_several_files_get_their_numbers(self, browse):
        case = mediation.active_case()
        client = browse(case.client, case)
        files = [SimpleUploadedFile(f"f{n}.txt", f"File {n}\n".encode()) for n in range(3)]

        response = client.post(
            url(case, "evidence/"),
            sent(case, files=files, kind="other", shows="Our mails.", confidentiality="shared"),
        )

        assert response.status_code == 303
        shown = client.get(response.url).content.decode()
        assert all(f"E-{n}" in shown for n in (1, 2, 3))
        assert Evidence.objects.first().sha256 in shown

    def test_one_bad_file_does_not_cost_the_good_ones(self, browse):
        case = mediation.active_case()
        files = [SimpleUploadedFile("good.txt", b"Good.\n"), SimpleUploadedFile("bad.exe", b"MZ")]

        response = browse(case.client, case).post(
            url(case, "evidence/"), sent(case, files=files, kind="other", shows="Our mails.")
        )

        assert response.status_code == 422
        assert "1 file added" in response.content.decode()
        assert "bad.exe" in response.content.decode()
        assert Evidence.objects.count() == 1

    def test_a_confidential_file_can_be_shown_to_everyone_once(self, browse):
        case = mediation.active_case()
        row = case.exhibit(case.client, confidentiality="specialist")
        client = browse(case.client, case)
        assert client.get(url(case, f"evidence/{row.pk}/disclose/")).status_code == 200

        assert client.post(url(case, f"evidence/{row.pk}/disclose/"), sent(case)).status_code == 303
        row.refresh_from_db()
        assert (row.confidentiality, row.exhibit) == ("shared", 1)
        assert client.get(url(case, f"evidence/{row.pk}/disclose/")).status_code == 409

    def test_D9_a_request_is_answered_with_a_file(self, browse):
        case = mediation.active_case()
        asked = evidence.request_evidence(
            dispute_id=case.dispute_id,
            asked_of="client",
            text="Please add the list of tasks.",
            actor=case.specialist.actor,
            now=case.now,
        )
        client = browse(case.client, case)
        assert "Answer the request" in client.get(url(case, "")).content.decode()

        response = client.post(
            url(case, f"evidence/requests/{asked.pk}/answer/"),
            sent(case, text="Here it is.", files=[SimpleUploadedFile("l.txt", b"List\n")], kind="other", shows="List."),
        )

        assert response.status_code == 303
        assert asked.answers.get().text == "Here it is."
        assert browse(case.freelancer, case).get(url(case, f"evidence/requests/{asked.pk}/answer/")).status_code == 404


PARTY_POSTS = {
    "withdraw/": ("freelancer", {}),
    "accept/": ("client", {}),
    "offers/new/": ("client", {"to_freelancer": "1000"}),
    "offers/1/accept/": ("freelancer", {"agree": "on"}),
    "offers/1/decline/": ("freelancer", {}),
    "offers/1/withdraw/": ("client", {}),
    "bids/": ("freelancer", {"amount": "1000"}),
}


@pytest.mark.parametrize("path", PARTY_POSTS)
def test_members_without_the_money_role_get_403_and_strangers_404(browse, path):
    case = mediation.contested_case()
    offer(case, case.client, 115_000)
    side, values = PARTY_POSTS[path]
    member = make_member(case.person(side).account, MemberRole.MEMBER)

    with refused(case):
        assert browse(member, case).post(url(case, path), sent(case, **values)).status_code == 403
        assert browse(make_stranger(), case).post(url(case, path), sent(case, **values)).status_code == 404


@pytest.mark.parametrize("path", ["respond/", "accept/"])
def test_the_freelancer_has_no_client_pages(browse, path):
    case = mediation.active_case()

    with refused(case):
        assert browse(case.freelancer, case).post(url(case, path), sent(case)).status_code == 403


@pytest.mark.parametrize("path", ["withdraw/", "accept/", "offers/new/", "bids/", "update/"])
def test_a_closed_case_answers_409_in_words_and_changes_nothing(browse, path):
    case = mediation.contested_case()
    found = offer(case, case.client, 110_000)
    case.later(hours=1)
    from tests.factories.disputes import accept

    accept(case, found, case.freelancer)
    person = case.client if path == "accept/" else case.freelancer
    values = {"reason": "other", "details": mediation.DETAILS, "amount": "1000", "to_freelancer": "1000"}

    with refused(case):
        response = browse(person, case).post(url(case, path), sent(case, **values))

    assert response.status_code == 409


def test_C11_on_the_active_route_the_page_knows_the_milestone_and_the_second_destination(browse):
    case = active_route_case()

    shown = browse(case.freelancer, case).get(url(case, "")).content.decode()
    form = browse(case.client, case).get(url(case, "offers/new/")).content.decode()

    assert "Support request" in shown
    assert "Milestone 1 of" in shown
    assert "Stays in escrow" in shown
    assert "Stays in escrow for a later milestone" in form
