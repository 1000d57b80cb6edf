"""Rulebook section 4: a deactivated specialist's cases go to somebody else at once; every clock is kept."""

import pytest

from accounts.services.people import set_active
from core import deadlines
from tests.factories import accounts, mediation

pytestmark = pytest.mark.django_db


@pytest.mark.rule("D2")
def test_D2_a_deactivated_specialist_leaves_every_case_and_no_clock_moves():
    case = mediation.active_case()
    other = accounts.make_specialist(name="Ines Carvalho")
    before = deadlines.running(case.dispute.pk, "mediation_end").due_at

    set_active(user_id=case.specialist.user.pk, active=False, actor=accounts.make_admin().actor, now=case.now)

    case.dispute.refresh_from_db()
    assert case.dispute.specialist_id == other.user.pk
    assert case.dispute.mediation.specialist_id == other.user.pk
    assert deadlines.running(case.dispute.pk, "mediation_end").due_at == before
