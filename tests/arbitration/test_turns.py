"""Whose turn it is, until when, and what happens if nobody acts: each state, as each viewer."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from arbitration import selectors
from arbitration.stages import stages_of
from arbitration.turns import turn_for
from core import clock
from disputes.panels import viewer_of
from tests.factories.accounts import make_member
from tests.factories.arbitration import (
    C,
    F,
    awarded_case,
    both_paid_case,
    failed_case,
    filed_arbitration,
    rejected_twice,
)

pytestmark = pytest.mark.django_db


def turn(arb, person):
    dispute = arb.dispute
    notice = selectors.newest_notice(dispute)
    elections = selectors.newest_elections(notice)
    return turn_for(dispute, elections, viewer_of(dispute, person.actor, arb.now), case=selectors.case_of(dispute))


def states(arb):
    dispute = arb.dispute
    found = stages_of(
        dispute, selectors.newest_notice(dispute), selectors.case_of(dispute), tz=arb.now.tzinfo, now=arb.now
    )
    return [step["state"] for step in found]


@pytest.mark.rule("N1", "N2", "N3")
def test_each_step_of_the_choice_from_both_sides():
    arb = failed_case()
    f, c = arb.freelancer.account.name, arb.client.account.name
    mine = turn(arb, arb.freelancer)
    assert (mine.state, mine.due_at) == ("yours", arb.notice.election_ends_at)
    assert mine.nothing == f"$1,800.00 goes to {c}, whether {c} pays or not."
    theirs = turn(arb, arb.client)
    assert theirs.nothing == f"$1,800.00 goes to {f} if {f} pays. If not, it goes to you."
    assert states(arb) == ["done", "current", "maybe", "maybe", "maybe"]

    arb.elect(F)
    assert turn(arb, arb.freelancer).title == "Pay $337.50 to make your choice count"
    payment = arb.start(F)
    waits = turn(arb, arb.freelancer)
    assert (waits.state, waits.title) == ("waiting", "Your payment of $337.50 is on its way")
    assert waits.nothing == "If your payment is confirmed, $1,800.00 goes to you and your fee comes back."
    arb.settle(payment, confirmed=False)
    assert "did not go through" in turn(arb, arb.freelancer).body[0]
    arb.pay_fee(F)
    paid = turn(arb, arb.freelancer)
    assert (paid.title, paid.waiting_for) == ("Your fee is paid", c)
    assert paid.nothing == "$1,800.00 goes to you, and your fee comes back."
    urged = turn(arb, arb.client)
    assert urged.nothing == f"$1,800.00 goes to {f}: {f} has paid."
    assert any(f"{f} has chosen arbitration and paid" in t.text for t in urged.ticks)


@pytest.mark.rule("N4")
def test_after_a_decline_each_side_reads_where_it_stands():
    arb = failed_case()
    c = arb.client.account.name
    arb.decline(C)
    assert turn(arb, arb.client).title == "You have declined arbitration"
    mine = turn(arb, arb.freelancer)
    assert mine.nothing == f"$1,800.00 goes to {c}: {c} has declined."
    assert any(f"{c} has declined. If you pay, $1,800.00 goes to you" in t.text for t in mine.ticks)


@pytest.mark.rule("N1")
def test_who_may_not_choose_reads_along():
    arb = failed_case()
    member = make_member(arb.client.account, "member")
    assert turn(arb, member).actions == ()
    assert "case managers of your account" in turn(arb, member).body[0]
    house = turn(arb, arb.clerk)
    assert (house.state, house.waiting_for, house.actions) == ("waiting", "both sides", ())


@pytest.mark.rule("N3", "Z3")
def test_while_a_payment_is_awaited_nobody_is_asked_to_choose(client):
    arb = failed_case()
    f, c = arb.freelancer.account.name, arb.client.account.name
    arb.elect(F)
    arb.start(F)
    ends = arb.notice.election_ends_at
    arb.to_end()
    clock.freeze(arb.now)
    client.force_login(arb.client.user)
    url = reverse("arbitration:status", args=[arb.reference])
    text = client.get(url).content.decode()
    assert arb.notice.settling_since is not None
    assert "The time to choose is over. A payment is still on its way" in text
    assert "Choose arbitration</span>" not in text
    for person, winner in ((arb.freelancer, "you"), (arb.client, f)):
        found = turn(arb, person)
        assert (found.state, found.due_at) == ("waiting", ends + timedelta(hours=24))
        none = "you" if person is arb.client else c
        assert found.nothing == f"If the payment is confirmed, $1,800.00 goes to {winner}. If it is not, to {none}."
    for name in ("elect", "decline"):
        assert client.get(reverse(f"arbitration:{name}", args=[arb.reference])).status_code == 409


@pytest.mark.rule("A1", "A6")
def test_with_the_provider_and_after_the_award():
    arb = both_paid_case()
    filing = turn(arb, arb.client)
    assert filing.title == "The case is being filed with Brief"
    assert filing.due_at is not None
    assert states(arb) == ["done", "done", "current", "maybe", "maybe"]
    arb = filed_arbitration()
    assert turn(arb, arb.freelancer).due_at == arb.arbitration.submitted_at + timedelta(days=45)
    assert states(arb) == ["done", "done", "done", "current", "maybe"]
    arb = awarded_case()
    over = turn(arb, arb.freelancer)
    assert (over.state, over.title) == ("closed", "This dispute is over")
    assert states(arb) == ["done", "done", "done", "done", "done"]


@pytest.mark.rule("N5", "N6")
def test_the_end_says_why_the_money_went_where_it_went():
    arb = failed_case()
    c = arb.client.account.name
    arb.decline(F)
    arb.decline(C)
    assert turn(arb, arb.freelancer).body[0] == f"Neither side paid for arbitration in time, so $1,800.00 went to {c}."
    assert states(arb) == ["done", "skipped", "skipped", "skipped", "done"]
    arb = failed_case()
    arb.pay_fee(F)
    arb.decline(C)
    assert "went to you. The fee went back" in turn(arb, arb.freelancer).body[0]


@pytest.mark.rule("A2")
def test_without_a_time_limit_no_clock_is_shown():
    arb = rejected_twice()
    mine = turn(arb, arb.freelancer)
    assert mine.due_at is None
    assert "No time limit runs" in " ".join(t.text for t in mine.ticks)
    arb.pay_fee(F)
    arb.pay_fee(C)
    assert turn(arb, arb.freelancer).waiting_for == "the arbitration clerk"


@pytest.mark.rule("N2", "N3")
def test_the_poll_says_in_words_what_is_new(client):
    arb = failed_case()
    clock.freeze(arb.now)
    client.force_login(arb.freelancer.user)
    page = client.get(reverse("arbitration:status", args=[arb.reference]))
    news = reverse("arbitration:news", args=[arb.reference])
    seen = {"seen": page.context["mark"]}
    assert client.get(news, seen).status_code == 204
    arb.elect(C)
    answer = client.get(news, seen)
    assert answer.json()["text"] == f"{arb.client.account.name}: arbitration chosen, fee not paid yet."
    assert client.get(news, seen, headers={"If-None-Match": answer["ETag"]}).status_code == 204
    arb.pay_fee(C)
    assert client.get(news, seen).json()["text"] == f"{arb.client.account.name}: arbitration fee paid."
    assert client.get(news, {"seen": "x"}).json()["text"] == "There is something new."
    arb.accept_claim()
    assert "This dispute is over." in client.get(news, seen).json()["text"]


@pytest.mark.rule("N1")
def test_poll_is_closed_to_strangers(client):
    from tests.factories.accounts import make_stranger

    arb = failed_case()
    clock.freeze(arb.now)
    news = reverse("arbitration:news", args=[arb.reference])
    assert client.get(news).status_code == 302
    client.force_login(make_stranger().user)
    assert client.get(news).status_code == 404


@pytest.mark.rule("N1")
def test_the_end_stands_in_both_sides_time(client):
    arb = failed_case()
    arb.freelancer.user.timezone = "Asia/Manila"
    arb.freelancer.user.save(update_fields=["timezone"])
    arb.client.user.timezone = "America/Toronto"
    arb.client.user.save(update_fields=["timezone"])
    clock.freeze(arb.now)
    client.force_login(arb.freelancer.user)
    for name in ("notice", "status"):
        text = client.get(reverse(f"arbitration:{name}", args=[arb.reference])).content.decode()
        assert "Manila time (GMT+8)" in text
        assert "Toronto time (GMT−5)" in text


@pytest.mark.rule("N1")
def test_a_notice_is_kept_in_one_language_whoever_issues_it():
    with translation.override("es"):
        arb = failed_case()
    claim = arb.notice.content["claim"]
    assert claim["reason_code"]
    with translation.override("en"):
        again = failed_case()
    assert arb.notice.content["defaults"][0] == again.notice.content["defaults"][0]
    assert claim["reason"] == again.notice.content["claim"]["reason"]


@pytest.mark.rule("N2")
@pytest.mark.parametrize("make", [failed_case, rejected_twice])
def test_the_consent_names_its_language(make):
    from disputes.models import Consent

    arb = make()
    arb.elect(F)
    assert Consent.objects.get(pk=arb.election(F).consent_id).text_version.endswith("/en")


@pytest.mark.rule("N1", "N2")
def test_every_page_is_drawn_in_the_readers_language(client):
    arb = failed_case()
    clock.freeze(arb.now)
    for person in (arb.freelancer, arb.client):
        person.user.language = "es"
        person.user.save(update_fields=["language"])
        client.force_login(person.user)
        for name in ("notice", "status", "elect", "decline"):
            answer = client.get(reverse(f"arbitration:{name}", args=[arb.reference]))
            assert answer.status_code == 200
            assert '<html lang="es"' in answer.content.decode()
        page = client.get(reverse("arbitration:elect", args=[arb.reference]))
        stamp = page.context["form"]["consent_version"].value()
        done = client.post(
            reverse("arbitration:elect", args=[arb.reference]),
            {"_once": str(uuid4()), "consent_version": stamp, "agree": "on"},
        )
        assert done.status_code == 303
