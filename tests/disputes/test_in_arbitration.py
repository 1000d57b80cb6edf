"""A4, D10: agreement, acceptance and withdrawal once arbitration has begun."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.enums import AccountCode
from core import selfcheck
from core.errors import InvalidInputError, OutOfTurnError
from core.models import AuditEntry
from disputes.services import evidence, statements, withdrawal
from tests.factories.arbitration import both_paid_case, filed_arbitration
from tests.factories.disputes import accept, bid, offer, update_claim
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def rule_of(case, act: str) -> str:
    return AuditEntry.objects.get(chain_id=case.dispute_id, act=act).rule


@pytest.mark.rule("A4", "D11", "E1", "I4")
@pytest.mark.parametrize("make", [both_paid_case, filed_arbitration])
def test_A4_both_sides_can_still_settle_before_the_award(make):
    case = make()
    assert case.dispute.state == "in_arbitration"
    found = offer(case, case.client, 100_000)
    # No stage clock binds the sides here: the full 72 hours.
    assert found.expires_at == case.now + timedelta(hours=72)
    accept(case, found, case.freelancer)
    assert case.dispute.resolution_code == "joint_settlement"
    assert rule_of(case, "settle_in_arbitration") == "A4"
    assert case.world.held.money(AccountCode.FREELANCER_PENDING).amount == 90_000
    assert case.running() == set()
    assert selfcheck.run(now=case.now) == []


@pytest.mark.rule("A4", "E1")
def test_A4_the_client_can_still_accept_in_full():
    case = filed_arbitration()
    statements.accept_claim(dispute_id=case.dispute_id, actor=case.client.actor, now=case.now)
    assert rule_of(case, "accept_in_full_in_arbitration") == "A4"
    assert case.dispute.resolution_code == "client_accept_dispute"
    assert selfcheck.run(now=case.now) == []


@pytest.mark.rule("A4", "D10", "E1")
@pytest.mark.parametrize("make", [both_paid_case, filed_arbitration])
def test_A4_the_freelancer_can_still_withdraw(make):
    case = make()
    withdrawal.withdraw_dispute(dispute_id=case.dispute_id, actor=case.freelancer.actor, now=case.now)
    assert rule_of(case, "withdraw_in_arbitration") == "A4"
    assert case.dispute.resolution_code == "dispute_withdrawn"
    assert case.world.held.frozen_total.amount == 0
    assert selfcheck.run(now=case.now) == []


def test_what_belongs_to_mediation_is_over():
    case = filed_arbitration()
    with unchanged(case.contract):
        with pytest.raises(OutOfTurnError):
            update_claim(case, 100_000)
        with pytest.raises(OutOfTurnError):
            bid(case, case.freelancer, 1)
        with pytest.raises((OutOfTurnError, InvalidInputError)):
            evidence.move_evidence_due(
                dispute_id=case.dispute_id,
                due_at=case.now + timedelta(days=1),
                actor=case.specialist.actor,
                now=case.now,
            )
