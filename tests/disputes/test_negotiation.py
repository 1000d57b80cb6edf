"""D11, D12, N7, A4, Z8, E1: offers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.enums import AccountCode
from core import selfcheck
from core.errors import (
    InvalidInputError,
    NotAllowedError,
    OutOfTurnError,
    StaleError,
    StrangerError,
    TooLateError,
)
from core.models import AuditEntry, Deadline
from core.money import Money
from disputes.models import Consent, SettlementOffer
from disputes.negotiation import services as negotiation
from tests.factories.accounts import make_clerk, make_member, make_stranger
from tests.factories.disputes import accept, active_route_case, offer
from tests.factories.mediation import active_case, contested_case, recommended_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def state(found) -> str:
    return SettlementOffer.objects.get(pk=found.pk).state


def reject(case, found, person):
    return negotiation.reject_offer(offer_id=found.pk, actor=person.actor, now=case.now)


def withdraw(case, found, person):
    return negotiation.withdraw_offer(offer_id=found.pk, actor=person.actor, now=case.now)


@pytest.mark.rule("D11", "Z8", "I4")
def test_D11_an_offer_is_the_offerors_agreement_and_waits_72_hours():
    case = active_case()
    found = offer(case, case.freelancer, 150_000, note="Then we are done.")
    assert (found.state, found.side, found.to_freelancer, found.to_client) == (
        "pending",
        "freelancer",
        150_000,
        30_000,
    )
    assert found.expires_at == case.now + timedelta(hours=72)
    assert (found.freelancer_confirmed_at, found.client_confirmed_at) == (case.now, None)
    assert case.clock("offer").due_at == found.expires_at
    reminders = Deadline.objects.filter(object_id=case.dispute_id, kind__startswith="offer.remind:", status="pending")
    assert sorted(found.expires_at - r.due_at for r in reminders) == [timedelta(hours=3), timedelta(hours=24)]
    consent = Consent.objects.get(dispute_id=case.dispute_id, kind="offer")
    assert "$1,500.00 for Rafael Domingo" in consent.text
    assert case.dispute.freelancer_reacted_at == case.now


@pytest.mark.rule("D11", "Z8")
def test_D11_edge12_an_offer_never_outlives_its_stage():
    case = active_case()
    case.until(case.case.ends_at, hours=5)
    found = offer(case, case.freelancer, 150_000)
    assert found.expires_at == case.case.ends_at
    case.until(case.case.ends_at).sweep()
    assert case.dispute.state != "in_mediation"
    assert state(found) in {"void", "expired"}


@pytest.mark.rule("D11", "D13", "Z8")
def test_D11_while_a_recommendation_waits_offers_end_with_its_clock():
    case = recommended_case()
    due = case.clock("recommendation_answer").due_at
    assert offer(case, case.client, 70_000).expires_at == min(due, case.now + timedelta(hours=72))


@pytest.mark.rule("D11")
def test_D11_a_counter_closes_the_older_offer_and_only_one_is_live():
    case = active_case()
    first = offer(case, case.freelancer, 150_000)
    second = offer(case, case.client, 60_000)
    third = offer(case, case.client, 70_000)
    assert [state(o) for o in (first, second, third)] == ["countered", "withdrawn", "pending"]
    assert [o.number for o in (first, second, third)] == [1, 2, 3]
    assert case.clock("offer").due_at == third.expires_at
    events = AuditEntry.objects.filter(chain_id=case.dispute_id, act="make_offer").order_by("position")
    assert [e.payload["counter"] for e in events] == [False, True, False]


@pytest.mark.rule("D12", "E1", "I3", "I4")
def test_D12_acceptance_pays_the_split_at_once_and_closes_the_case():
    case = contested_case()
    found = offer(case, case.client, 110_000)
    case.later(hours=5)
    resolution = accept(case, found, case.freelancer, consent_version="2026-1/en", seen_version=case.dispute.version)
    assert (resolution.ground, resolution.to_freelancer, resolution.to_client) == (
        "joint_settlement",
        110_000,
        70_000,
    )
    accepted = SettlementOffer.objects.get(pk=found.pk)
    assert (accepted.state, accepted.client_confirmed_at, accepted.freelancer_confirmed_at) == (
        "accepted",
        found.made_at,
        case.now,
    )
    held = case.world.held
    assert held.money(AccountCode.FREELANCER_PENDING).amount == 99_000
    assert held.money(AccountCode.PAYABLE_CLIENT).amount == 70_000
    assert (case.dispute.state, case.case.close_code, case.contract.state) == ("resolved", "settled", "closed")
    assert Consent.objects.filter(dispute_id=case.dispute_id, kind="offer").count() == 2
    assert case.running() == set()
    assert selfcheck.run(now=case.now) == []


@pytest.mark.rule("D12", "E1")
def test_D12_a_settlement_beats_a_waiting_recommendation():
    case = recommended_case()
    accept(case, offer(case, case.client, 100_000), case.freelancer)
    assert case.dispute.resolution_code == "joint_settlement"
    assert case.case.recommendations.get().state == "void"


@pytest.mark.rule("N7", "E1")
def test_N7_both_can_still_settle_after_the_notice():
    case = contested_case()
    case.until(case.case.ends_at).sweep()
    end = case.clock("election_end").due_at
    found = offer(case.until(end, hours=4), case.freelancer, 90_000)
    assert found.expires_at == end
    accept(case, found, case.client)
    assert case.dispute.state == "resolved"
    assert AuditEntry.objects.get(chain_id=case.dispute_id, act="settle_after_notice").rule == "N7"
    assert selfcheck.run(now=case.now) == []


@pytest.mark.rule("D12", "I4")
@pytest.mark.parametrize(("first", "second"), [("freelancer", "client"), ("client", "freelancer")])
def test_D12_a_specialists_draft_needs_both_sides_and_the_first_yes_stays_secret(first, second):
    case = contested_case()
    found = offer(case, case.specialist, 95_001, consent_version="")
    assert (found.side, found.freelancer_confirmed_at, found.client_confirmed_at) == ("specialist", None, None)
    assert not Consent.objects.filter(dispute_id=case.dispute_id, kind="offer").exists()
    version, entries = case.dispute.version, AuditEntry.objects.filter(chain_id=case.dispute_id).count()
    assert accept(case, found, case.person(first)) is None
    assert state(found) == "pending"
    # Nothing that the other side can read has moved.
    assert case.dispute.version == version
    assert AuditEntry.objects.filter(chain_id=case.dispute_id).count() == entries
    with unchanged(case.contract), pytest.raises(OutOfTurnError, match="already agreed"):
        accept(case, found, case.person(first))
    resolution = accept(case, found, case.person(second))
    assert (resolution.to_freelancer, resolution.to_client) == (95_001, 84_999)
    accepted = SettlementOffer.objects.get(pk=found.pk)
    assert accepted.freelancer_confirmed_at
    assert accepted.client_confirmed_at


def test_D12_nobody_accepts_the_own_offer_or_without_the_right():
    case = active_case()
    found = offer(case, case.freelancer, 150_000)
    with unchanged(case.contract):
        for person in (case.freelancer, case.specialist, make_member(case.client.account)):
            with pytest.raises(NotAllowedError):
                accept(case, found, person)
        for person in (make_stranger(), make_clerk()):
            with pytest.raises(StrangerError):
                accept(case, found, person)
        with pytest.raises(StaleError):
            accept(case, found, case.client, seen_version=case.dispute.version - 1)


@pytest.mark.rule("D12", "Z3")
def test_D12_edge1_in_time_until_the_last_second():
    case = active_case()
    found = offer(case, case.freelancer, 150_000)
    case.until(found.expires_at)
    with unchanged(case.contract), pytest.raises(TooLateError):
        accept(case, found, case.client)
    accept(case.until(found.expires_at, seconds=1), found, case.client)
    assert case.dispute.state == "resolved"


@pytest.mark.rule("D11", "Z8", "Z4")
def test_Z8_an_offer_nobody_answers_expires_and_no_money_moves():
    case = contested_case()
    found = offer(case, case.freelancer, 150_000)
    frozen = case.world.held.frozen_total
    case.until(found.expires_at).sweep()
    assert state(found) == "expired"
    assert case.world.held.frozen_total == frozen
    assert case.dispute.state == "in_mediation"
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        accept(case, found, case.client)
    case.sweep()
    assert state(found) == "expired"


@pytest.mark.rule("D11")
def test_D11_declined_and_withdrawn_offers_are_over():
    case = active_case()
    first = offer(case, case.freelancer, 150_000)
    reject(case, first, case.client)
    assert case.dispute.client_reacted_at == case.now
    second = offer(case, case.freelancer, 140_000)
    withdraw(case, second, case.freelancer)
    assert [state(first), state(second)] == ["rejected", "withdrawn"]
    assert case.clock("offer") is None
    with unchanged(case.contract):
        for found in (first, second):
            for act in (reject, withdraw):
                with pytest.raises((OutOfTurnError, NotAllowedError)):
                    act(case, found, case.client)
            with pytest.raises(OutOfTurnError):
                accept(case, found, case.client)


@pytest.mark.rule("D11")
def test_D11_only_the_offeror_withdraws_and_only_the_other_declines():
    case = active_case()
    found = offer(case, case.client, 20_000)
    with unchanged(case.contract):
        with pytest.raises(NotAllowedError):
            withdraw(case, found, case.freelancer)
        with pytest.raises(NotAllowedError):
            reject(case, found, case.client)
        with pytest.raises(NotAllowedError):
            reject(case, found, case.specialist)


@pytest.mark.parametrize(
    ("to_freelancer", "to_client", "says"),
    [
        (100_000, 79_999, "must add up"),
        (100_000, 80_001, "must add up"),
        (-1, 180_001, "less than zero"),
        (180_001, -1, "less than zero"),
        (0, 0, "must add up"),
    ],
)
def test_D11_I4_a_split_is_of_the_whole_amount(to_freelancer, to_client, says):
    case = active_case()
    with unchanged(case.contract), pytest.raises(InvalidInputError, match=says):
        offer(
            case,
            case.freelancer,
            1,
            to_freelancer=Money(to_freelancer, "USD"),
            to_client=Money(to_client, "USD"),
        )


def test_D11_refusals_change_nothing():
    case = active_case()
    with unchanged(case.contract):
        with pytest.raises(InvalidInputError, match="in USD"):
            offer(case, case.freelancer, 1, to_freelancer=Money(100_000, "EUR"))
        with pytest.raises(InvalidInputError, match="can only be refunded"):
            offer(case, case.freelancer, 1, disposition="return_to_escrow")
        with pytest.raises(InvalidInputError, match="Shorten"):
            offer(case, case.freelancer, 1, note="x" * 2001)
        with pytest.raises(StaleError):
            offer(case, case.freelancer, 1, consent_version="")
        with pytest.raises(StaleError):
            offer(case, case.freelancer, 1, seen_version=0)
        with pytest.raises(NotAllowedError):
            offer(case, make_member(case.freelancer.account), 1)
        with pytest.raises(StrangerError):
            offer(case, make_stranger(), 1)


@pytest.mark.rule("D12", "C11", "I4")
def test_D12_on_an_active_contract_the_clients_share_can_stay_in_escrow():
    case = active_route_case()
    found = offer(case, case.freelancer, 100_000, disposition="return_to_escrow")
    accept(case, found, case.client)
    assert case.world.held.carried.amount == 80_000
    assert case.world.held.money(AccountCode.PAYABLE_CLIENT).amount == 0
    assert case.world.milestone.state == "partially_paid"
    assert case.contract.state == "active"
    assert selfcheck.run(now=case.now) == []


@pytest.mark.rule("D12")
def test_edge27_a_deactivated_party_loses_no_clock_and_the_case_runs_on():
    case = contested_case()
    case.client.user.is_active = False
    case.client.user.save()
    found = offer(case, case.freelancer, 150_000)
    case.until(found.expires_at).sweep()
    assert state(found) == "expired"
    accept(case, offer(case, case.client, 90_000), case.freelancer)
    assert case.world.held.money(AccountCode.PAYABLE_CLIENT).amount == 90_000


@pytest.mark.rule("D11")
def test_edge22_a_member_who_left_the_agency_has_no_rights_left():
    case = active_case()
    colleague = make_member(case.freelancer.account, "case_manager")
    found = offer(case, colleague, 150_000)
    colleague.user.memberships.update(removed_at=case.now)
    with unchanged(case.contract), pytest.raises(StrangerError):
        withdraw(case, found, colleague)
    withdraw(case, found, case.freelancer)
    assert state(found) == "withdrawn"
