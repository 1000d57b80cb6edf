"""The self-checks of this room find what they are for (I3, I4, I5, Z5, E1)."""

from __future__ import annotations

import pytest
from django.db import connection

from contracts.models import Contract
from core.models import Deadline
from disputes import checks
from disputes.models import Dispute, EvidenceRequest, Resolution
from disputes.services.statements import accept_claim
from tests.factories.accounts import MONDAY
from tests.factories.disputes import active_route_case, asked, declined
from tests.factories.mediation import active_case, filed_case, recommended_case

pytestmark = pytest.mark.django_db


def found(name: str) -> list[str]:
    return list(checks.CHECKS[name](MONDAY))


def test_a_sound_world_has_no_findings():
    closed = recommended_case()
    accept_claim(dispute_id=closed.dispute_id, actor=closed.client.actor, now=closed.now)
    for make in (filed_case, active_route_case, asked, declined):
        make()
    assert {name: found(name) for name in checks.CHECKS} == {name: [] for name in checks.CHECKS}


def test_I3_names_a_case_whose_money_does_not_fit():
    case = active_case()
    Dispute.objects.filter(pk=case.dispute_id).update(amount=170_000)
    assert found("I3 frozen money") == [f"{case.dispute.number} is in_mediation: frozen 180000, expected 170000"]


def test_I3_names_a_contract_that_forgot_its_case():
    case = active_case()
    Contract.objects.filter(pk=case.contract.pk).update(open_dispute_id=None)
    assert found("I3 frozen money") == [f"{case.dispute.number} is in_mediation, but its contract says otherwise"]


def test_I4_names_a_case_that_was_closed_without_being_paid():
    case = active_case()
    accept_claim(dispute_id=case.dispute_id, actor=case.client.actor, now=case.now)
    Resolution.objects.filter(dispute_id=case.dispute_id).delete()
    assert found("I4 resolutions") == [f"{case.dispute.number} is closed without a resolution"]


def test_I4_names_a_resolution_that_says_something_else_than_the_ledger():
    case = active_case()
    accept_claim(dispute_id=case.dispute_id, actor=case.client.actor, now=case.now)
    Resolution.objects.filter(dispute_id=case.dispute_id).update(frozen=170_000, to_freelancer=170_000)
    Dispute.objects.filter(pk=case.dispute_id).update(amount=170_000)
    assert found("I4 resolutions") == [f"{case.dispute.number}: 180000 was paid out of 170000 frozen"]


def test_I5_names_a_contract_with_an_open_case_and_an_open_request():
    case = active_case()
    with connection.cursor() as cursor:
        # Past the transition graph, as a broken restore might.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE contracts_refundrequest DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE contracts_refundrequest SET state = 'open', closed_at = NULL WHERE contract_id = %s",
            [str(case.contract.pk)],
        )
        cursor.execute("ALTER TABLE contracts_refundrequest ENABLE TRIGGER USER")
    assert found("I5 one open of each") == [
        f"contract {case.contract.reference}: 1 open disputes, 1 open refund requests"
    ]


def test_Z5_names_what_waits_without_a_clock():
    case, (_, request, _) = active_case(), asked()
    Deadline.objects.all().delete()
    assert sorted(found("Z5 clocks of disputes")) == sorted(
        [f"{case.dispute.number} is in_mediation and no clock runs", f"{request.number} is submitted and no clock runs"]
    )


def test_E1_names_what_outlives_its_case():
    case = active_case()
    accept_claim(dispute_id=case.dispute_id, actor=case.client.actor, now=case.now)
    EvidenceRequest.objects.create(
        dispute_id=case.dispute_id, asked_of="both", text="?", asked_by=case.specialist.user, asked_at=case.now
    )
    assert found("E1 close-out") == [f"{case.dispute.number} is closed, but something of it still waits"]
