"""The guides: their anchors, and that they say what the house does."""

from __future__ import annotations

import re

import pytest

from accounts import guides
from core.models import PolicySetting
from core.policy import Policy
from core.uploads import ALLOWED
from disputes.enums import ActiveReason, AnswerReason, EndedReason
from tests.factories.accounts import MONDAY

pytestmark = pytest.mark.django_db
PAGES = ("disputes", "next", "words", "escrow", "evidence")


def ids(page: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', page))


@pytest.mark.parametrize("name", PAGES)
def test_every_link_inside_the_guides_leads_somewhere(client, name):
    page = client.get(f"/help/{name}/").content.decode()

    for path, anchor in re.findall(r'href="(/help/\w+/)?#([^"]+)"', page):
        target = client.get(path).content.decode() if path else page
        assert anchor in ids(target), (name, path, anchor)


def test_every_reason_has_its_evidence_in_the_words_of_the_form(client):
    page = client.get("/help/evidence/").content.decode()
    wanted = {r.value: str(r.label) for r in (*EndedReason, *ActiveReason) if r.value != "other"}

    assert {p.code: str(p.reason) for p in guides.FILED_FOR} == wanted
    assert {p.code: str(p.reason) for p in guides.ANSWERED_WITH} == {
        r.value: str(r.label) for r in AnswerReason if r.value != "other"
    }
    assert {f"reason-{code}" for code in wanted} <= ids(page)
    for extension in ALLOWED:
        assert f".{extension}</code>" in page


def test_every_step_says_whose_turn_until_when_and_what_otherwise(client):
    steps = guides.next_steps(Policy(), "Brief")
    page = client.get("/help/next/").content.decode()

    assert {s.key for s in steps} <= ids(page)
    assert all(s.turn and s.until and s.otherwise for s in steps)


def test_the_guides_follow_the_settings(client):
    changed = {
        "client_answer_business_days": 9,
        "arb_none_paid": "freelancer",
        "arb_fee": {"USD": [[None, 12_345, 0]]},
    }
    for name, value in changed.items():
        PolicySetting.objects.create(name=name, value=value, changed_at=MONDAY)

    assert "9 business days" in client.get("/help/disputes/").content.decode()
    assert "If nobody pays, the money goes to the freelancer" in client.get("/help/next/").content.decode()
    assert "$123.45" in client.get("/help/escrow/").content.decode()
    assert "$123.45 for each side" in client.get("/").content.decode()


def test_the_start_page_says_the_six_stages_the_money_the_cost_and_the_time(client):
    page = client.get("/").content.decode()

    for stage in ("In escrow", "Refund request", "Dispute", "Mediation", "Recommendation", "Arbitration"):
        assert re.search(rf"\d\. {stage}", page), stage
    for said in ("It stays in escrow", "cost nothing", "$337.50", "after 21 days at the latest", "The two of you"):
        assert said in page, said
