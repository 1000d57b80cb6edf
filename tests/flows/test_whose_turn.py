"""Z6: every page of an open case says whose turn it is, until when in the viewer's zone, and what happens otherwise."""

import re

import pytest
from django.urls import reverse

from core import clock
from tests.factories import arbitration, mediation
from tests.factories.disputes import offer

pytestmark = pytest.mark.django_db


def _offered():
    case = mediation.contested_case()
    offer(case, case.client, 115_000)
    return case


CASES = {
    "just filed": mediation.filed_case,
    "an offer waits": _offered,
    "a recommendation waits": mediation.recommended_case,
    "after the notice": arbitration.failed_case,
}


@pytest.mark.rule("Z6")
@pytest.mark.parametrize("side", ["freelancer", "client"])
@pytest.mark.parametrize("stage", CASES)
def test_Z6_whose_turn_until_when_and_what_otherwise(client, stage, side):
    case = CASES[stage]()
    clock.freeze(case.now)
    person = getattr(case, side)
    person.user.timezone = "Asia/Manila"
    person.user.save(update_fields=["timezone"])
    client.force_login(person.user)

    text = client.get(reverse("disputes:dispute", args=[case.dispute.reference])).content.decode()

    turn = text[text.index('class="turn') : text.index("</section>", text.index('class="turn'))]
    words = re.sub(r"<[^>]+>|\s+", " ", turn)
    assert ("Your turn" in words) ^ ("Waiting for" in words)
    assert "Manila time (GMT+8)" in words
    assert re.search(r"If (you do nothing|nobody acts|nothing happens|\w[\w &.]* does nothing)", words), words
    assert re.search(r"<time[^>]+data-", turn) or "left" in words or re.search(r"\d+ (day|h)", words)
