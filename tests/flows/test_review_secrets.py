"""What nobody may learn from a page, a poll or the record."""

from __future__ import annotations

import pytest
from django.urls import reverse

from contracts import sentences
from contracts.enums import Side
from core import audit, clock
from core.models import AuditEntry
from core.uploads import check_upload
from disputes.models import SupportRequest
from disputes.negotiation.bids import UnableToBidError
from disputes.services import evidence, support
from tests.factories.accounts import make_admin, make_member
from tests.factories.disputes import accept, asked, bid, offer, upload
from tests.factories.mediation import active_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@pytest.mark.rule("D9")
def test_D9_a_file_for_the_specialist_alone_does_not_show_in_the_other_sides_poll():
    case = active_case()
    before = case.dispute.version

    def add(level: str):
        return evidence.add_evidence(
            dispute_id=case.dispute_id,
            upload=upload(),
            kind="other",
            shows="What was delivered.",
            confidentiality=level,
            actor=case.freelancer.actor,
            now=case.now,
        )

    add("specialist")
    assert case.dispute.version == before
    assert case.dispute.freelancer_reacted_at == case.now
    add("shared")
    assert case.dispute.version == before + 1


@pytest.mark.rule("P5")
@pytest.mark.parametrize("side", ["client", "freelancer"])
def test_P5_a_withdrawn_support_request_is_not_told_as_a_paid_refund(side):
    world, request, _agent = asked()
    support.withdraw_support(request_id=request.pk, actor=world.freelancer.actor, now=world.now)
    told = [line.html for line in sentences.history(audit.entries(world.contract_id), "USD", side)]
    assert told
    assert not [text for text in told if "withdrew" in text or "paid the whole" in text]


@pytest.mark.rule("D19", "D12")
def test_D19_D12_the_admins_record_tells_of_no_sealed_amount_and_no_secret_agreement(client):
    case = active_case()
    bid(case, case.freelancer, 170_000)
    bid(case, case.freelancer, 160_000)
    accept(case, offer(case, case.specialist, 100_000), case.client)
    assert AuditEntry.objects.filter(act="bid").count() == 2
    assert AuditEntry.objects.filter(act="confirm").count() == 1

    client.force_login(make_admin().user)
    page = client.get("/admin/core/auditentry/", {"all": ""}).content.decode()
    assert "make_offer" in page
    for secret in (">bid<", ">replace<", ">confirm<", ">disputes.blindbid<"):
        assert secret not in page


@pytest.mark.rule("D19")
def test_D19_after_the_last_comparison_no_amount_is_taken():
    case = active_case()
    end = case.clock("mediation_end").due_at
    case.until(end, minutes=61)
    bid(case, case.client, 10_000)
    case.until(end, minutes=59)
    case.sweep()
    with unchanged(case.contract), pytest.raises(UnableToBidError):
        bid(case, case.freelancer, 170_000)


def test_a_support_agent_of_the_clients_side_reads_no_file_of_the_request(client):
    world, _request, _agent = asked()
    world.later(days=1)
    refuse = make_member(world.client.account, staff_roles=["support"])
    found = SupportRequest.objects.get(contract_id=world.contract_id)
    row = evidence.attach(
        found.dispute,
        check_upload(upload(), max_bytes=10_000, field_name="file"),
        kind="other",
        shows="Sent along.",
        confidentiality="shared",
        side=Side.FREELANCER,
        actor=world.freelancer.actor,
        now=world.now,
    )
    path = reverse("disputes:support_file", args=[found.reference, row.pk])
    clock.freeze(world.now)
    client.force_login(world.freelancer.user)
    own = client.get(path)
    assert own.status_code == 200
    assert b"".join(own.streaming_content)
    client.force_login(refuse.user)
    assert client.get(path).status_code == 404
