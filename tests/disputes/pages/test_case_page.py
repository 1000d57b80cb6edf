"""See Dispute as each role."""

from __future__ import annotations

import pytest

from tests.factories import mediation
from tests.factories.accounts import make_client, make_stranger
from tests.factories.disputes import active_route_case, offer
from tests.disputes.pages.conftest import page

pytestmark = pytest.mark.django_db


def test_S15_both_sides_and_the_specialist_see_the_same_case_mirrored(browse):
    case = mediation.contested_case()
    offer(case, case.client, 115_000)

    freelancer = page(browse(case.freelancer, case), case.reference).content.decode()
    client = page(browse(case.client, case), case.reference).content.decode()
    staff = page(browse(case.specialist, case), case.reference).content.decode()

    assert "Settle for $1,150.00 to you?" in freelancer
    assert "$1,035.00 reaches your balance after the 10% service fee" in freelancer
    assert "Your offer: $650.00 to you" in client
    assert "Waiting for Rafael Domingo" in client
    assert "An offer waits for Rafael Domingo" in staff
