"""My Jobs and All Contracts put a dispute that waits for the viewer first, with the end of the time for it."""

import re

import pytest

from contracts.selectors import Filters, list_contracts, my_jobs
from core import clock
from tests.factories import arbitration, mediation
from tests.factories.disputes import offer

pytestmark = pytest.mark.django_db


def _offered():
    case = mediation.contested_case()
    offer(case, case.client, 115_000)
    return case


# What is open, and whose answer it waits for.
CASES = {
    "just filed": (mediation.filed_case, {"client"}),
    "an offer waits": (_offered, {"freelancer"}),
    "a recommendation waits": (mediation.recommended_case, {"freelancer", "client"}),
    "after the notice": (arbitration.failed_case, {"freelancer", "client"}),
    "nothing waits": (mediation.contested_case, set()),
}


@pytest.mark.parametrize("stage", CASES)
def test_a_dispute_that_waits_for_a_side_is_that_sides_need(stage):
    build, awaited = CASES[stage]
    case = build()

    for name in ("freelancer", "client"):
        actor = getattr(case, name).actor
        needs = my_jobs(actor).needs
        assert bool(needs) == (name in awaited), name
        assert list_contracts(actor, Filters(state="needs")).rows == needs
        for row in needs:
            assert row.see_dispute
            assert row.due is not None
            assert row.due > case.now


def test_the_contracts_page_says_that_the_dispute_waits_and_until_when(client):
    case = mediation.filed_case()
    clock.freeze(case.now)
    address = f"/contracts/{case.dispute.contract.reference}/"

    def turn(person):
        client.force_login(person.user)
        html = client.get(address).content.decode()
        start = html.index('class="turn')
        return re.sub(r"<[^>]+>|\s+", " ", html[start : html.index("</section>", start)])

    assert "The dispute waits for your answer" in turn(case.client)
    assert "Time left to answer" in turn(case.client)
    assert "A dispute is open" in turn(case.freelancer)
