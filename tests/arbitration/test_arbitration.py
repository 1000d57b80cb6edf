"""A1–A7: filing, progress, rejection, award, execution, non-compliance."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from arbitration.events import ProviderOverdue
from arbitration.models import Award, NonResolutionNotice, PartyClaim
from arbitration.services import award as awards
from arbitration.services import filing
from contracts.enums import AccountCode
from contracts.ledger.selectors import shared_total
from core import events, selfcheck
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError
from core.models import PolicySetting
from core.uploads import check_upload
from tests.factories.accounts import make_clerk, make_stranger
from tests.factories.arbitration import (
    C,
    F,
    awarded_case,
    both_paid_case,
    failed_case,
    filed_arbitration,
    rejected_once,
    rejected_twice,
)
from tests.factories.mediation import contested_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

FEE = 33_750
X = 180_000


@pytest.fixture
def alerts(monkeypatch):
    """Every ProviderOverdue that is published."""
    seen = []
    monkeypatch.setitem(events._now, ProviderOverdue, [*events._now[ProviderOverdue], seen.append])
    return seen


def provider_total() -> int:
    return shared_total(AccountCode.ARB_PROVIDER, "USD").amount


@pytest.mark.rule("A1", "I8")
def test_a1_confirmation_passes_the_fees_on_and_starts_forty_five_days():
    arb = both_paid_case()
    assert (provider_total(), arb.fees()) == (0, (FEE, FEE))
    arb.later(hours=1).confirm("BR-7")
    case = arb.arbitration
    assert (case.state, case.provider_case, case.submitted_at) == ("submitted", "BR-7", arb.now)
    assert (provider_total(), arb.fees()) == (2 * FEE, (0, 0))
    assert arb.running() == {"provider_sla"}
    assert arb.clock("provider_sla").due_at == arb.now + timedelta(days=45)
    assert arb.filing.confirmed_at == arb.now
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("A1")
def test_a1_confirmation_twice_is_out_of_turn_and_changes_nothing():
    arb = filed_arbitration()
    with unchanged(arb.contract), pytest.raises(OutOfTurnError):
        arb.confirm("BR-8")


@pytest.mark.rule("A1", "Z5")
def test_a1_filing_alert_repeats_each_business_day(alerts):
    arb = both_paid_case()
    for _ in range(2):
        arb.until(arb.clock("filing_alert").due_at).sweep()
    assert [a.what for a in alerts] == ["filing", "filing"]
    assert arb.running() == {"filing_alert"}


@pytest.mark.rule("A1", "Z5")
def test_a1_award_alert_after_45_days_then_weekly(alerts):
    arb = filed_arbitration()
    start = arb.now
    arb.later(days=45).sweep()
    assert arb.clock("provider_sla").due_at == start + timedelta(days=52)
    arb.later(days=7).sweep()
    assert [a.what for a in alerts] == ["award", "award"]


@pytest.mark.rule("A1", "I8")
def test_a1_platform_share_is_held_passed_on_and_returned():
    PolicySetting.objects.create(name="arb_fee", value={"USD": [[None, FEE, 5_000]]}, changed_at=contested_case().now)
    arb = both_paid_case()
    notice = arb.notice
    from contracts.services import fees

    assert fees.held_fee(arb.contract, "platform", notice.pk).amount == 5_000
    arb.confirm()
    assert provider_total() == 2 * FEE + 5_000
    arb.later(days=1).reject()
    assert provider_total() == 0
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("A3")
def test_a3_progress_is_told_to_both():
    arb = filed_arbitration()
    arb.later(days=1).step("Hearing on 4 January at 10:00 UTC.")
    assert arb.arbitration.state == "in_progress"
    from arbitration import selectors

    assert "Hearing on 4 January at 10:00 UTC." in [s.text for s in selectors.steps_of(arb.arbitration)]


@pytest.mark.rule("A2", "N1")
def test_a2_first_rejection_returns_fees_and_starts_seven_days_anew():
    arb = filed_arbitration()
    arb.later(days=3).reject()
    assert arb.arbitration.state == "provider_rejected"
    assert provider_total() == 0
    assert (arb.payable(F), arb.payable(C)) == (FEE, FEE)
    notice = arb.notice
    assert (arb.dispute.state, notice.number, notice.state) == ("non_resolution", 2, "issued")
    assert notice.election_ends_at == arb.now + timedelta(days=7)
    assert arb.states() == ("undecided", "undecided")
    assert "election_end" in arb.running()
    assert "provider_sla" not in arb.running()
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("A2", "I8")
def test_a2_rejection_before_the_confirmation_returns_held_fees():
    arb = both_paid_case()
    first = arb.notice
    arb.later(hours=1).reject()
    from contracts.services import fees

    assert [fees.held_fee(arb.contract, s, first.pk).amount for s in (F, C)] == [0, 0]
    assert (arb.payable(F), arb.payable(C)) == (FEE, FEE)
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("A2", "N5")
def test_a2_second_notice_has_its_default():
    arb = rejected_once()
    arb.to_end().sweep()
    assert arb.dispute.resolution_code == "arb_none_paid"


@pytest.mark.rule("A2", "Z5")
def test_edge_20_second_rejection_runs_no_default_and_keeps_alerting(alerts):
    arb = rejected_twice()
    assert (arb.notice.number, arb.notice.election_ends_at) == (3, None)
    assert "election_end" not in arb.running()
    arb.decline(F)
    arb.decline(C)
    for _ in range(2):
        arb.until(arb.clock("provider_rejected_alert").due_at).sweep()
    assert [a.what for a in alerts] == ["rejected_twice", "rejected_twice"]
    assert arb.dispute.state == "non_resolution"
    assert arb.world.held.frozen_total.amount == X
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("A2", "A1")
def test_edge_20_exit_by_another_provider():
    arb = rejected_twice()
    args = {"dispute_id": arb.dispute_id, "actor": arb.clerk.actor, "now": arb.now}
    with unchanged(arb.contract):
        with pytest.raises(filing.UnableToFileError):
            filing.file_with_other_provider(provider="Concord", **args)
        with pytest.raises(InvalidInputError):
            filing.file_with_other_provider(provider="brief", **args)
        with pytest.raises(NotAllowedError):
            filing.file_with_other_provider(**{**args, "actor": arb.client.actor}, provider="Concord")
    arb.pay_fee(F)
    arb.pay_fee(C)
    assert arb.dispute.state == "non_resolution"
    filing.file_with_other_provider(provider="Concord", **args)
    case = arb.arbitration
    assert (case.provider, case.state, arb.dispute.state) == ("Concord", "filing", "in_arbitration")
    assert case.requests.count() == 0
    arb.confirm("CC-1", actor=arb.clerk.actor)
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("A2")
def test_edge_20_exits_by_agreement_withdrawal_or_court():
    arb = rejected_twice()
    arb.accept_claim()
    assert arb.dispute.resolution_code == "client_accept_dispute"
    arb = rejected_twice()
    arb.withdraw()
    assert arb.dispute.resolution_code == "dispute_withdrawn"
    arb = rejected_twice()
    order = arb.propose("court_order", to_freelancer=50_000, to_client=X - 50_000)
    arb.approve(order)
    assert arb.dispute.resolution_code == "court_order"
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("A4", "I8")
def test_a4_settled_while_filing_returns_held_fees_and_cancels_the_filing():
    arb = both_paid_case()
    arb.accept_claim()
    assert arb.arbitration.state == "settled"
    assert arb.filing.cancelled_at == arb.now
    assert arb.fees() == (0, 0)
    assert (arb.payable(F), arb.payable(C)) == (FEE, FEE)
    assert arb.running() == set()
    # A confirmation that arrives later is answered with "settled", once, and moves nothing.
    arb.confirm()
    arb.confirm()
    assert arb.arbitration.state == "settled"
    assert arb.arbitration.requests.filter(verb="settled").count() == 1
    assert provider_total() == 0
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("A4")
def test_a4_after_the_filing_fees_passed_on_are_not_refunded():
    arb = filed_arbitration()
    arb.withdraw()
    assert arb.dispute.resolution_code == "dispute_withdrawn"
    assert provider_total() == 2 * FEE
    assert (arb.payable(F), arb.payable(C)) == (0, X)
    assert arb.arbitration.requests.filter(verb="settled").count() == 1


@pytest.mark.rule("A5", "A6", "I4")
def test_a5_a6_award_is_recorded_and_carried_out_at_once():
    arb = awarded_case(120_000)
    case, dispute = arb.arbitration, arb.dispute
    assert (case.state, case.executed_at) == ("executed", arb.now)
    assert (dispute.state, dispute.resolution_code) == ("resolved", "award")
    assert (dispute.resolution.to_freelancer, dispute.resolution.to_client) == (120_000, 60_000)
    assert arb.world.held.by_code["freelancer_pending"] == 108_000
    assert arb.payable(C) == 60_000
    assert provider_total() == 2 * FEE
    assert arb.contract.state == "closed"
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("A6", "I4")
@pytest.mark.parametrize(
    ("to_f", "loser", "shift", "paid_f", "paid_c", "left", "pending"),
    [
        # The client owes 100.00: it reaches the freelancer without the service fee.
        (120_000, "client", 10_000, 130_000, 50_000, 0, 118_000),
        # The freelancer owes 100.00 out of 1,200.00; the fee is taken on what is left.
        (120_000, "freelancer", 10_000, 110_000, 70_000, 0, 99_000),
        # More than the loser's share: the rest is a claim between the parties.
        (175_000, "client", 9_000, 180_000, 0, 4_000, 162_500),
        (0, "freelancer", 9_000, 0, 180_000, 9_000, 0),
    ],
)
def test_a6_cost_shift(to_f, loser, shift, paid_f, paid_c, left, pending):
    arb = filed_arbitration()
    arb.later(days=9).award(to_f, shift_from=loser, shift=shift)
    resolution = arb.dispute.resolution
    assert (resolution.to_freelancer, resolution.to_client) == (paid_f, paid_c)
    assert arb.world.held.by_code.get("freelancer_pending", 0) == pending
    assert [(c.debtor, c.amount) for c in PartyClaim.objects.all()] == ([(loser, left)] if left else [])
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    "wrong",
    [
        {"to_client": 60_001},
        {"to_client": -1},
        {"shift": 100},
        {"shift_from": "client"},
        {"shift_from": "judge", "shift": 5},
        {"reasons": "  "},
        {"arbitrator": ""},
    ],
)
def test_a5_award_that_does_not_add_up_is_refused_whole(wrong):
    arb = filed_arbitration()
    with unchanged(arb.contract), pytest.raises(InvalidInputError):
        arb.award(120_000, **wrong)


@pytest.mark.rule("A1")
def test_a5_no_award_before_the_filing_or_twice():
    arb = both_paid_case()
    with unchanged(arb.contract), pytest.raises(OutOfTurnError):
        arb.award(120_000)
    arb.confirm()
    arb.award(120_000)
    with unchanged(arb.contract), pytest.raises(OutOfTurnError):
        arb.award(0)


def enter(arb, person, to_freelancer=120_000, *, upload=True, **more):
    document = SimpleUploadedFile("award.txt", b"The award, signed.\n", "text/plain")
    return awards.enter_award(
        case_id=arb.arbitration.pk,
        decision=arb.decision(to_freelancer, **more),
        upload=check_upload(document, max_bytes=10**6) if upload else None,
        actor=person.actor,
        now=arb.now,
    )


@pytest.mark.rule("A5", "A6")
def test_a5_by_hand_needs_a_second_person():
    arb = filed_arbitration()
    row = enter(arb, arb.clerk)
    assert (arb.arbitration.state, row.recorded_at) == ("submitted", None)
    with unchanged(arb.contract):
        with pytest.raises(NotAllowedError):
            awards.approve_award(award_id=row.pk, actor=arb.clerk.actor, now=arb.now)
        with pytest.raises(StrangerError):
            awards.approve_award(award_id=row.pk, actor=arb.client.actor, now=arb.now)
        with pytest.raises(StrangerError):
            awards.approve_award(award_id=row.pk, actor=make_stranger().actor, now=arb.now)
        with pytest.raises(NotAllowedError):
            awards.approve_award(award_id=row.pk, actor=arb.specialist.actor, now=arb.now)
        with pytest.raises(awards.UnableToApproveError):
            enter(arb, arb.second)
    awards.approve_award(award_id=row.pk, actor=arb.second.actor, now=arb.now)
    assert arb.dispute.resolution_code == "award"
    row = Award.objects.get(pk=row.pk)
    assert (row.entered_by, row.approved_by) == (arb.clerk.user, arb.second.user)
    with unchanged(arb.contract), pytest.raises(awards.UnableToApproveError):
        awards.approve_award(award_id=row.pk, actor=arb.second.actor, now=arb.now)


@pytest.mark.rule("A1")
def test_a5_by_hand_refusals():
    arb = filed_arbitration()
    party_clerk = make_clerk("Party Clerk")
    from tests.factories.accounts import join

    join(party_clerk.user, arb.client.account)
    with unchanged(arb.contract):
        with pytest.raises(InvalidInputError) as refused:
            enter(arb, arb.clerk, upload=False)
        assert set(refused.value.fields) == {"document"}
        with pytest.raises(InvalidInputError):
            enter(arb, arb.clerk, to_client=1)
        for person in (arb.client, arb.specialist, party_clerk):
            with pytest.raises(NotAllowedError):
                enter(arb, person)
        with pytest.raises(StrangerError):
            enter(arb, make_stranger())
    row = enter(arb, arb.clerk)
    awards.discard_award(award_id=row.pk, reason="Typed from the wrong page.", actor=arb.clerk.actor, now=arb.now)
    assert arb.arbitration.state == "submitted"
    enter(arb, arb.clerk)


@pytest.mark.rule("A5")
def test_a5_database_wants_a_second_person_too():
    arb = filed_arbitration()
    row = enter(arb, arb.clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.filter(pk=row.pk).update(recorded_at=arb.now, approved_by=arb.clerk.user)
    arb.award(90_000)


@pytest.mark.rule("A7")
def test_a7_non_compliance_is_reported_and_changes_no_money():
    arb = awarded_case()
    args = {"case_id": arb.arbitration.pk, "side": "client", "now": arb.now}
    text = "The client still uses the source files that the award tells to delete."
    with unchanged(arb.contract):
        with pytest.raises(NotAllowedError):
            awards.report_non_compliance(**args, text=text, actor=arb.freelancer.actor)
        with pytest.raises(InvalidInputError):
            awards.report_non_compliance(**args, text=" ", actor=arb.clerk.actor)
    before = arb.world.held
    report = awards.report_non_compliance(**args, text=text, actor=arb.clerk.actor)
    assert report.side == "client"
    assert arb.world.held == before


@pytest.mark.rule("A1")
def test_a7_not_before_an_award():
    arb = filed_arbitration()
    with unchanged(arb.contract), pytest.raises(OutOfTurnError):
        awards.report_non_compliance(
            case_id=arb.arbitration.pk, side="client", text="Too early.", actor=arb.clerk.actor, now=arb.now
        )


@pytest.mark.rule("E1")
def test_e1_every_exit_closes_notice_and_arbitration():
    exits = [
        lambda a: a.accept_claim(),
        lambda a: a.withdraw(),
        lambda a: a.award(1),
        lambda a: a.approve(a.propose("fraud_order", to_freelancer=0, to_client=X)),
    ]
    for leave in exits:
        arb = filed_arbitration()
        leave(arb)
        assert arb.dispute.state == "resolved"
        assert arb.running() == set()
        assert not NonResolutionNotice.objects.filter(dispute_id=arb.dispute_id, state="issued").exists()
        assert arb.arbitration.state in {"settled", "executed"}


@pytest.mark.rule("N1")
def test_clerk_and_party_rights_on_the_provider_steps():
    arb = both_paid_case()
    with unchanged(arb.contract):
        for person in (arb.freelancer, arb.client, arb.specialist):
            with pytest.raises(NotAllowedError):
                arb.confirm("X", actor=person.actor)
            with pytest.raises(NotAllowedError):
                arb.reject("X", actor=person.actor)
        with pytest.raises(StrangerError):
            arb.confirm("X", actor=make_stranger().actor)
        with pytest.raises(InvalidInputError):
            arb.confirm(" ")
        with pytest.raises(InvalidInputError):
            arb.reject(" ")
    assert failed_case().dispute.state == "non_resolution"
