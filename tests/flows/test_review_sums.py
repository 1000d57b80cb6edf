"""Sums a person was shown are the sums that move, and what is said about money is so."""

from __future__ import annotations

from datetime import UTC

import pytest
from django.urls import reverse

from contracts.models import Message, Payment
from contracts.services import agreement
from core import clock
from core.errors import StaleError
from disputes.readmodels.page import dispute_page
from disputes.services import withdrawal
from notifications.models import Notice
from tests.factories.contracts import partly_released_contract, submitted_contract
from tests.factories.disputes import active_route_case, ask
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@pytest.mark.rule("C1")
def test_C1_nothing_is_charged_that_the_client_was_not_shown(client):
    world = partly_released_contract()
    target = world.milestones[1]
    clock.freeze(world.later(hours=1).now)
    client.force_login(world.client.user)
    path = reverse("contracts:fund", args=[target.pk])
    page = client.get(path).content.decode()
    names = ("_once", "confirmed", "seen")
    post = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in names}
    assert post["seen"] == "0"  # the carried-over money covers it all
    ask(world, reason="partial_release_carried_over")  # names the carried money: C1 may not use it any more

    with unchanged(world.contract):
        refused = client.post(path, post)

    assert refused.status_code == 409
    assert not Payment.objects.filter(object_id=target.pk).exists()
    page = refused.content.decode()
    again = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in names}
    assert client.post(path, again).status_code == 303
    assert Payment.objects.get(object_id=target.pk).amount == target.amount


@pytest.mark.rule("C9")
def test_C9_the_freelancer_gives_back_only_what_was_shown():
    world = submitted_contract()
    with unchanged(world.contract), pytest.raises(StaleError):
        agreement.end_contract_by_freelancer(
            contract_id=world.contract_id, seen_escrow=world.money(0), actor=world.freelancer.actor, now=world.now
        )
    agreement.end_contract_by_freelancer(
        contract_id=world.contract_id, seen_escrow=world.held.escrow, actor=world.freelancer.actor, now=world.now
    )
    assert not world.held.escrow


@pytest.mark.rule("D10")
def test_D10_on_an_active_contract_nobody_reads_that_the_money_went_to_the_client():
    case = active_route_case()
    withdrawal.withdraw_dispute(dispute_id=case.dispute_id, actor=case.freelancer.actor, now=case.now)

    shown = dispute_page(case.client.actor, case.reference, now=case.now, tz=UTC)
    assert shown.turn.title.endswith("stays in escrow")
    assert "stays in escrow" in shown.turn.ticks[0].text
    assert "stays in escrow" in shown.outcomes[0].sub
    post = Message.objects.filter(contract=case.contract, kind="system", body__contains="is closed").get()
    assert post.body.endswith("stays in escrow.")
    notice = Notice.objects.get(recipient=case.client.user, kind="case_closed")
    assert "stays in escrow" in notice.title
    assert "to you" not in notice.title
