"""What nobody may learn from a page, a poll or the record."""

from __future__ import annotations

import pytest

from contracts import sentences
from core import audit
from disputes.services import evidence, support
from tests.factories.disputes import asked, upload
from tests.factories.mediation import active_case

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
    told = [line.text for line in sentences.history(audit.entries(world.contract_id), "USD", side)]
    assert told
    assert not [text for text in told if "withdrew" in text or "paid the whole" in text]
