"""See Dispute as each role: mirrored, complete, and silent about what is not for the viewer."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.permissions import MemberRole
from disputes.readmodels import dispute_page
from tests.disputes.pages.conftest import page
from tests.factories import mediation
from tests.factories.accounts import (
    make_admin,
    make_clerk,
    make_member,
    make_specialist,
    make_stranger,
    make_supervisor,
    make_support,
)
from tests.factories.disputes import accept, active_route_case, bid, offer

pytestmark = pytest.mark.django_db

PAGES = ("", "evidence/", "versions/", "case-file/", "outcome/", "calendar.ics", "updates/?since=0")


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_S15_both_sides_and_the_specialist_see_the_same_case_mirrored(browse):
    case = mediation.contested_case()
    offer(case, case.client, 115_000)

    freelancer = text_of(page(browse(case.freelancer, case), case.reference))
    client = text_of(page(browse(case.client, case), case.reference))
    staff = text_of(page(browse(case.specialist, case), case.reference))

    assert "Settle for $1,150.00 to you?" in freelancer
    assert "$1,035.00 reaches your balance after the 10% service fee" in freelancer
    assert "the offer lapses, no money moves, the case goes on." in freelancer
    assert "Your offer: $650.00 to you" in client
    assert "Waiting for Rafael Domingo" in client
    assert "An offer waits for Rafael Domingo" in staff
    assert "Review and accept" not in client
    assert "Review and accept" not in staff


def test_D1_the_client_is_asked_first_with_all_three_ways_and_what_silence_does(browse):
    case = mediation.filed_case()

    shown = text_of(page(browse(case.client, case), case.reference))

    assert "Rafael Domingo says $1,800.00 is due. What do you say?" in shown
    assert "Answer the claim" in shown
    assert "Pay $1,800.00 in full" in shown
    assert "Make an offer" in shown
    assert "If you stay silent, $1,800.00 can go to Rafael Domingo." in shown


def test_Z6_the_waiting_side_reads_for_whom_and_until_when(browse):
    case = mediation.filed_case()

    shown = text_of(page(browse(case.freelancer, case), case.reference))

    assert "Waiting for Northwind Goods" in shown
    assert "If Northwind Goods does nothing:" in shown
    assert "Nothing to do now" in shown


@pytest.mark.parametrize("path", PAGES)
def test_edge_25_a_stranger_finds_no_page(browse, path):
    case = mediation.contested_case()

    assert browse(make_stranger(), case).get(f"/disputes/{case.reference}/{path}").status_code == 404
    assert (
        browse(make_specialist("Other Specialist"), case).get(f"/disputes/{case.reference}/{path}").status_code == 404
    )


@pytest.mark.parametrize("path", PAGES)
def test_every_reading_page_answers_both_sides_and_staff(browse, path):
    case = mediation.contested_case()
    offer(case, case.client, 115_000)
    for person in (case.freelancer, case.client, case.specialist, make_supervisor("Second Supervisor"), make_admin()):
        response = browse(person, case).get(f"/disputes/{case.reference}/{path}")
        assert response.status_code == 200, (path, person.user.name)


def test_a_visitor_is_asked_to_sign_in(client, browse):
    case = mediation.filed_case()

    response = client.get(f"/disputes/{case.reference}/")

    assert response.status_code == 302
    assert response.url.startswith("/sign-in/")


def test_rulebook_4_a_member_without_the_money_role_sees_no_money_buttons(browse):
    case = mediation.contested_case()
    offer(case, case.client, 115_000)
    member = make_member(case.freelancer.account, MemberRole.MEMBER)

    shown = text_of(page(browse(member, case), case.reference))

    assert "Review and accept" not in shown
    assert "Withdraw the dispute" not in shown
    assert "Only an owner or a case manager of Rafael Domingo can do this." in shown


class TestSecrets:
    """What must not be in the bytes that leave for the other side."""

    def everything(self, client, case) -> str:
        paths = ("", "?show=messages", "?show=events", "case-file/", "evidence/", "versions/", "updates/?since=0")
        return "".join(client.get(f"/disputes/{case.reference}/{p}").content.decode() for p in paths)

    def test_private_texts_never_reach_the_other_side_but_their_existence_does(self, browse):
        case = mediation.contested_case()
        case.write(case.specialist, "MARKER-PRIVATE-TEXT", audience="freelancer", purpose="Dates")
        case.later(minutes=5).write(
            case.freelancer, "MARKER-PRIVATE-REPLY", audience="freelancer", purpose="A question"
        )

        own = self.everything(browse(case.freelancer, case), case)
        other = self.everything(browse(case.client, case), case)

        assert "MARKER-PRIVATE-TEXT" in own
        assert "MARKER-PRIVATE" not in other
        assert "wrote to Rafael Domingo privately: Dates" in other
        assert "privately: A question" in other

    def test_confidential_files_stay_with_their_owner_and_the_specialist(self, browse):
        case = mediation.contested_case()
        row = case.exhibit(case.freelancer, confidentiality="specialist", name="marker-secret.txt")
        path = f"/disputes/{case.reference}/evidence/{row.pk}/file/"

        assert "marker-secret" in self.everything(browse(case.freelancer, case), case)
        assert "marker-secret" in self.everything(browse(case.specialist, case), case)
        assert "marker-secret" not in self.everything(browse(case.client, case), case)
        assert browse(case.client, case).get(path).status_code == 404
        download = browse(case.freelancer, case).get(path)
        assert download.status_code == 200
        assert download["Content-Disposition"].startswith("attachment")
        assert b"".join(download.streaming_content) == b"What was delivered, line by line.\n"
        download.close()

    def test_D19_a_bid_leaves_no_trace_on_the_other_sides_page(self, browse):
        case = mediation.contested_case()
        before = self.everything(browse(case.client, case), case)
        bid(case, case.freelancer, 123_400)
        after = self.everything(browse(case.client, case), case)

        assert "1,234.00" not in after
        assert len(before) == len(after)

    def test_D12_one_sides_agreement_to_a_draft_stays_secret(self, browse):
        case = mediation.contested_case()
        drafted = offer(case, case.specialist, 100_000, consent_version="")
        before = self.everything(browse(case.client, case), case)
        accept(case, drafted, case.freelancer)
        after = self.everything(browse(case.client, case), case)

        assert len(before) == len(after)
        assert "You agreed to the specialist’s draft" in self.everything(browse(case.freelancer, case), case)

    def test_D14_only_that_a_side_answered_is_told(self, browse):
        case = mediation.recommended_case()
        case.later(hours=1).answer("freelancer", accept=True)

        shown = self.everything(browse(case.client, case), case)

        assert "Rafael Domingo accepted" not in shown.replace("Rafael Domingo accepted the contract", "")
        assert "accepted the recommendation" not in shown

    def test_section_8_support_and_clerks_read_no_negotiation(self, browse):
        case = mediation.contested_case()
        offer(case, case.client, 115_000, note="MARKER-OFFER-NOTE")
        case.write(case.client, "MARKER-CASE-MESSAGE")
        clerk, support = make_clerk(), make_support()

        assert browse(clerk, case).get(f"/disputes/{case.reference}/").status_code == 404
        assert browse(support, case).get(f"/disputes/{case.reference}/").status_code == 404

        opened = active_route_case()
        offer(opened, opened.client, 115_000, note="MARKER-OFFER-NOTE")
        opened.write(opened.client, "MARKER-CASE-MESSAGE")
        agent = type(support)(opened.dispute.opened_by)
        shown = self.everything(browse(agent, opened), opened)

        assert "MARKER" not in shown
        assert "Offers" not in shown


class TestTimeline:
    def test_thirty_newest_then_older_without_loss_or_doubles(self, browse):
        case = mediation.contested_case()
        for number in range(45):
            case.later(minutes=1).write(case.client, f"Note number {number:03d}.")
        client = browse(case.freelancer, case)

        first = page(client, case.reference, show="messages")
        cursor = first.context["p"].timeline.older
        second = page(client, case.reference, show="messages", before=cursor)

        seen = [e.item.body[0] for r in (first, second) for e in r.context["p"].timeline.entries]
        assert seen == [f"Note number {n:03d}." for n in range(44, -1, -1)]
        assert second.context["p"].timeline.older == ""

    @pytest.mark.parametrize("cursor", ["", "x", "-1", "99999999999999", "1.2.3", "1e9", "٣.٣", "9" * 400])
    def test_a_nonsense_cursor_shows_the_newest(self, browse, cursor):
        case = mediation.contested_case()

        assert page(browse(case.client, case), case.reference, before=cursor).status_code == 200

    def test_each_tab_shows_its_kind_only(self, browse):
        case = mediation.contested_case()
        offer(case, case.client, 115_000)
        case.write(case.client, "A message.")
        client = browse(case.freelancer, case)

        def kinds(tab):
            return {e.item.tab for e in page(client, case.reference, show=tab).context["p"].timeline.entries}

        assert kinds("messages") == {"messages"}
        assert kinds("evidence") == {"evidence"}
        assert kinds("offers") == {"offers"}
        assert kinds("events") == {"events"}
        assert kinds("all") == {"messages", "evidence", "offers", "events"}
        assert kinds("nonsense") == {"messages", "evidence", "offers", "events"}

    def test_people_are_named_never_he_or_she(self, browse):
        import re

        case = mediation.contested_case()
        offer(case, case.client, 115_000)
        for person in (case.freelancer, case.client, case.specialist):
            shown = text_of(page(browse(person, case), case.reference))
            assert not re.search(r"\b(he|she|his|her|him)\b", shown, re.IGNORECASE)
            assert "click here" not in shown.lower()


class TestQueries:
    MOST = 12

    def count(self, person, case) -> int:
        actor = person.actor
        with CaptureQueriesContext(connection) as found:
            dispute_page(actor, case.reference, now=case.now, tz=_utc())
        return len(found)

    def test_the_read_model_needs_the_same_few_queries_however_long_the_case(self):
        case = mediation.contested_case()
        case.write(case.client, "One.")
        offer(case, case.client, 100_000)
        short = self.count(case.freelancer, case)
        for number in range(40):
            case.later(minutes=1).write(case.client, f"More {number}.")
            case.later(minutes=1)
            offer(case, case.freelancer if number % 2 else case.client, 100_000 + number)
            if number % 4 == 0:
                case.exhibit()
        long = self.count(case.freelancer, case)

        assert short == long
        assert long <= self.MOST

    @pytest.mark.parametrize("make", ["filed_case", "contested_case", "recommended_case"])
    def test_every_stage_stays_within_the_budget(self, make):
        case = getattr(mediation, make)()
        for person in (case.freelancer, case.client, case.specialist):
            assert self.count(person, case) <= self.MOST


def _utc():
    from zoneinfo import ZoneInfo

    return ZoneInfo("UTC")


def mark_of(response) -> str:
    return str(response.context["p"].news_mark)


def news(client, case, since):
    return client.get(f"/disputes/{case.reference}/updates/?since={since}")


def test_the_poll_announces_only_what_is_new(browse):
    case = mediation.contested_case()
    client = browse(case.freelancer, case)
    seen = mark_of(page(client, case.reference))

    assert news(client, case, seen).status_code == 204
    case.write(case.client, "News.")
    assert news(client, case, seen).json() == {"count": 1, "text": "1 new update."}
    assert news(client, case, "nonsense").status_code == 200
    assert news(client, case, "9" * 18).status_code == 204
    assert news(client, case, mark_of(page(client, case.reference))).status_code == 204


@pytest.mark.parametrize(
    "act",
    [
        lambda case: case.attempt("freelancer"),
        lambda case: case.exhibit(case.client),
        lambda case: offer(case, case.client, 100_000),
        lambda case: case.write(case.specialist, "Only you.", audience="client", purpose="Dates"),
        lambda case: case.write(case.specialist, "To all."),
    ],
    ids=["contact attempt", "evidence", "offer", "private message to the other side", "message"],
)
def test_everything_in_the_timeline_is_announced(browse, act):
    case = mediation.contested_case()
    client = browse(case.freelancer, case)
    seen = mark_of(page(client, case.reference))
    before = len(page(client, case.reference).context["p"].timeline.entries)

    act(case.later(minutes=1))

    assert news(client, case, seen).json()["count"] == 1
    assert len(page(client, case.reference).context["p"].timeline.entries) == before + 1


def test_what_is_secret_is_not_announced(browse):
    case = mediation.contested_case()
    client = browse(case.client, case)
    seen = mark_of(page(client, case.reference))

    bid(case, case.freelancer, 123_400)
    case.exhibit(case.freelancer, confidentiality="specialist")

    assert news(client, case, seen).status_code == 204
    assert mark_of(page(client, case.reference)) == seen


def test_the_case_file_tells_no_side_how_long_the_record_is(browse):
    case = mediation.contested_case()

    def foot(person):
        return (
            text_of(page(browse(person, case), case.reference, "case-file/")).split("<footer>")[1].split("</footer>")[0]
        )

    before = foot(case.client)
    bid(case, case.freelancer, 123_400)

    assert "unbroken" in before
    assert foot(case.client) == before


def test_the_calendar_file_is_valid_and_holds_the_running_dates(browse):
    case = mediation.filed_case()

    response = browse(case.client, case).get(f"/disputes/{case.reference}/calendar.ics")
    text = response.content.decode()

    assert response["Content-Type"].startswith("text/calendar")
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == len(text.split("UID:")) - 1
    assert "Your answer to the claim" in text
    assert "Mediation ends" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@pytest.mark.rule("Z9", "D17")
def test_Z9_an_overdue_default_fires_before_the_page_is_drawn(browse):
    case = mediation.contested_case()
    case.later(days=22)

    response = page(browse(case.freelancer, case), case.reference)

    assert response.status_code == 200
    assert case.dispute.state == "non_resolution"
    assert "Non-resolution" in response.content.decode()


def test_the_closed_case_says_who_got_what(browse):
    case = mediation.contested_case()
    found = offer(case, case.client, 110_000)
    case.later(hours=1)
    accept(case, found, case.freelancer)

    freelancer, client = browse(case.freelancer, case), browse(case.client, case)
    assert "Closed: $1,100.00 to you" in text_of(page(freelancer, case.reference))
    assert "$990.00" in text_of(page(freelancer, case.reference, "outcome/"))
    assert "Closed: $700.00 to you" in text_of(page(client, case.reference))
    agreement = text_of(page(client, case.reference, "agreement/"))
    assert "Confirmed by both sides" in agreement
    assert "$1,100.00" in agreement
    assert "$700.00" in agreement


def test_there_is_no_agreement_page_before_there_is_an_agreement(browse):
    case = mediation.contested_case()
    offer(case, case.client, 110_000)

    assert page(browse(case.client, case), case.reference, "agreement/").status_code == 404


def test_an_expired_offer_is_no_longer_on_the_table(browse):
    case = mediation.contested_case()
    offer(case, case.client, 110_000)
    case.later(hours=73)

    shown = text_of(page(browse(case.freelancer, case), case.reference))

    assert "Settle for" not in shown
    assert case.dispute.state == "in_mediation"


def test_the_whole_page_costs_few_queries_and_bytes(browse):
    import brotli

    case = mediation.contested_case()
    for number in range(40):
        case.later(minutes=1).write(case.client, f"Note number {number:03d}, with a few words more.")
    client = browse(case.freelancer, case)
    page(client, case.reference)

    with CaptureQueriesContext(connection) as found:
        response = page(client, case.reference)

    # Beside the read model: session, person, memberships, clock, unread count, overdue timers, the draft and the
    # reports beside messages.
    assert len(found) <= 19, [q["sql"][:90] for q in found]
    assert len(brotli.compress(response.content)) < 20_000
