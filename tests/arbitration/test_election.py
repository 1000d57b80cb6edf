"""N1–N7: the notice, the choice, the fee, the defaults."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.enums import Ground, PaymentState
from contracts.models import JournalEntry, Payment
from contracts.services import payments
from core import selfcheck
from core.errors import NotAllowedError, OutOfTurnError, StaleError, StrangerError, TooLateError
from core.models import Deadline
from core.money import Money
from disputes.models import Consent
from tests.factories.accounts import make_member, make_stranger
from tests.factories.arbitration import C, F, both_paid_case, failed_case
from tests.factories.mediation import contested_case, recommended_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

FEE = 33_750
X = 180_000


@pytest.mark.rule("N1", "D18", "Z4")
def test_n1_notice_says_facts_positions_costs_and_defaults_and_starts_seven_days():
    arb = failed_case()
    notice = arb.notice
    assert (arb.dispute.state, notice.state, notice.number) == ("non_resolution", "issued", 1)
    assert notice.election_ends_at == arb.now + timedelta(days=7)
    assert (notice.fee, notice.platform_share) == (FEE, 0)
    assert arb.states() == ("undecided", "undecided")
    assert arb.running() == {"election_end"} or arb.running() == {"election_end", "bid_compare"}
    content = notice.content
    assert content["amount"] == X
    assert content["claim"]["details"]
    assert content["answer"]["details"]
    assert content["fee"] == FEE
    assert len(content["defaults"]) == 3
    reminders = Deadline.objects.filter(object_id=arb.dispute_id, kind__startswith="election_end.remind:")
    assert sorted(notice.election_ends_at - r.due_at for r in reminders) == [
        timedelta(hours=24),
        timedelta(days=3, hours=12),
    ]


@pytest.mark.rule("N1", "D16")
def test_n1_does_not_say_who_rejected_and_keeps_the_recommendation_out_of_the_content():
    case = recommended_case(to_freelancer=123_400)
    case.later(hours=1).answer(C, accept=False)
    from arbitration.models import NonResolutionNotice

    notice = NonResolutionNotice.objects.get(dispute_id=case.dispute_id)
    text = str(notice.content).lower()
    assert "reject" not in text
    assert "recommend" not in text
    assert "123400" not in text
    assert (notice.annex["to_freelancer"], notice.annex["to_client"]) == (123_400, 56_600)
    assert "reject" not in str(notice.annex).lower()


@pytest.mark.rule("N2")
def test_n2_choice_stores_the_consent_with_its_text():
    arb = failed_case()
    arb.later(hours=5).elect(F)
    election = arb.election(F)
    consent = Consent.objects.get(pk=election.consent_id)
    assert (election.state, election.elected_at) == ("agreed_unpaid", arb.now)
    assert (consent.kind, consent.side, consent.given_at) == ("arbitration", "freelancer", arb.now)
    assert "$1,800.00" in consent.text
    assert "$337.50" in consent.text


@pytest.mark.rule("N1", "Z3")
@pytest.mark.parametrize(("seconds", "ok"), [(1, True), (0, False), (-1, False)])
def test_n2_is_in_time_only_before_the_deadline(seconds, ok):
    arb = failed_case().to_end(seconds=seconds)
    if ok:
        assert arb.elect(C).state == "agreed_unpaid"
        return
    with unchanged(arb.contract), pytest.raises(TooLateError):
        arb.elect(C)


@pytest.mark.rule("N1")
def test_n2_refusals_change_nothing():
    arb = failed_case()
    member = make_member(arb.client.account)
    with unchanged(arb.contract):
        with pytest.raises(StrangerError):
            arb.elect(F, make_stranger())
        with pytest.raises(NotAllowedError):
            arb.elect(C, member)
        with pytest.raises(NotAllowedError):
            arb.elect(C, arb.specialist)
        with pytest.raises(StaleError):
            arb.elect(F, version="2020-0")
        with pytest.raises(OutOfTurnError):
            arb.start(F)
    arb.elect(F)
    with unchanged(arb.contract):
        with pytest.raises(OutOfTurnError):
            arb.elect(F)
        with pytest.raises(OutOfTurnError):
            arb.decline(F)


def test_n1_cannot_be_answered_while_mediation_runs():
    from arbitration.services import election

    case = contested_case()
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        election.decline(dispute_id=case.dispute_id, actor=case.client.actor, now=case.now)


@pytest.mark.rule("N3", "I8")
def test_n3_confirmed_fee_is_held():
    arb = failed_case()
    arb.pay_fee(F)
    assert arb.states() == ("paid", "undecided")
    assert arb.fees() == (FEE, 0)
    assert arb.dispute.state == "non_resolution"
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("N3")
def test_n3_failed_payment_may_be_tried_again_and_two_at_once_may_not():
    arb = failed_case()
    arb.elect(F)
    first = arb.start(F)
    with unchanged(arb.contract), pytest.raises(payments.UnableToPayTwiceError):
        arb.start(F)
    arb.settle(first, confirmed=False)
    assert arb.states()[0] == "agreed_unpaid"
    arb.settle(arb.start(F))
    assert arb.fees() == (FEE, 0)


@pytest.mark.rule("N3", "I7")
def test_n3_confirmation_twice_changes_nothing_the_second_time():
    arb = failed_case()
    payment = arb.pay_fee(F)
    with unchanged(arb.contract):
        arb.settle(payment)
        arb.settle(payment, confirmed=False)


@pytest.mark.rule("N3", "A1", "E1")
def test_n3_both_paid_goes_to_arbitration_at_once():
    arb = both_paid_case()
    assert (arb.dispute.state, arb.notice.state, arb.arbitration.state) == ("in_arbitration", "closed", "filing")
    assert arb.fees() == (FEE, FEE)
    assert arb.running() == {"filing_alert"}
    assert arb.filing.sent_at is None
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("N4", "N5", "I3", "I4")
def test_n4_both_declined_gives_the_money_to_the_client_at_once():
    arb = failed_case()
    arb.decline(F)
    assert arb.dispute.state == "non_resolution"
    arb.later(hours=1).decline(C)
    assert (arb.dispute.state, arb.dispute.resolution_code) == ("resolved", "arb_none_paid")
    assert arb.notice.state == "closed"
    assert arb.payable(C) == X
    assert arb.running() == set()
    assert arb.contract.state == "closed"


@pytest.mark.rule("N5", "Z4", "Z9")
def test_n5_nobody_paid_at_the_deadline():
    arb = failed_case()
    arb.elect(F)
    arb.to_end(seconds=1).sweep()
    assert arb.dispute.state == "non_resolution"
    arb.to_end()
    from core import deadlines

    deadlines.settle_overdue(arb.contract.pk, now=arb.now)
    assert (arb.dispute.state, arb.dispute.resolution_code) == ("resolved", "arb_none_paid")
    assert arb.payable(C) == X
    done = Deadline.objects.get(object_id=arb.dispute_id, kind="election_end")
    assert (done.status, done.executed_at) == ("done", arb.now)
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("N6", "I8")
@pytest.mark.parametrize("payer", [F, C])
def test_n6_exactly_one_paid_gets_the_money_and_the_fee_back(payer):
    arb = failed_case()
    arb.pay_fee(payer)
    arb.to_end().sweep()
    assert (arb.dispute.state, arb.dispute.resolution_code) == ("resolved", "arb_one_paid")
    assert arb.fees() == (0, 0)
    resolution = arb.dispute.resolution
    assert resolution.to_freelancer == (X if payer == F else 0)
    assert arb.payable(payer) == FEE + (X if payer == C else 0)
    assert JournalEntry.objects.filter(contract=arb.contract, ground=Ground.ARB_FEE_RETURNED).count() == 1
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("N4", "N6")
def test_n6_runs_early_when_the_other_side_declines():
    arb = failed_case()
    arb.pay_fee(F)
    arb.later(hours=1).decline(C)
    assert (arb.dispute.state, arb.dispute.resolution_code) == ("resolved", "arb_one_paid")
    arb = failed_case()
    arb.decline(C)
    arb.later(hours=1).pay_fee(F)
    assert arb.dispute.resolution_code == "arb_one_paid"


@pytest.mark.rule("N3", "N6", "Z3")
def test_edge_17_started_one_second_before_counts_one_second_after_does_not():
    arb = failed_case()
    arb.elect(F)
    arb.elect(C)
    arb.to_end(seconds=1)
    payment = arb.start(F)
    arb.to_end(seconds=-1)
    with unchanged(arb.contract), pytest.raises(TooLateError):
        arb.start(C)
    arb.sweep()
    assert (arb.dispute.state, arb.notice.settling_since) == ("non_resolution", arb.now)
    assert arb.running() - {"bid_compare"} == {"election_settling"}
    arb.later(hours=2).settle(payment)
    assert (arb.dispute.state, arb.dispute.resolution_code) == ("resolved", "arb_one_paid")
    assert arb.dispute.resolution.to_freelancer == X
    assert arb.fees() == (0, 0)


@pytest.mark.rule("N3", "A1")
def test_n3_both_started_in_time_and_confirmed_in_the_waiting_go_to_arbitration():
    arb = failed_case()
    arb.elect(F)
    arb.elect(C)
    arb.to_end(seconds=5)
    first, second = arb.start(F), arb.start(C)
    arb.to_end().sweep()
    arb.later(hours=1).settle(first)
    assert arb.dispute.state == "non_resolution"
    arb.later(hours=1).settle(second)
    assert arb.dispute.state == "in_arbitration"


@pytest.mark.rule("N3", "N5")
def test_n3_waits_at_most_a_day_and_a_later_confirmation_is_returned():
    arb = failed_case()
    arb.elect(F)
    arb.to_end(seconds=1)
    payment = arb.start(F)
    arb.to_end().sweep()
    arb.later(hours=24).sweep()
    assert arb.dispute.resolution_code == "arb_none_paid"
    before = arb.payable(F)
    arb.later(hours=1).settle(payment)
    assert Payment.objects.get(pk=payment.pk).state == PaymentState.RETURNED
    assert arb.payable(F) - before == FEE
    assert arb.fees() == (0, 0)
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("N3", "N5", "Z4")
def test_n3_late_sweep_does_not_lengthen_the_waiting():
    arb = failed_case()
    arb.elect(F)
    arb.to_end(seconds=1)
    payment = arb.start(F)
    arb.to_end(hours=-25)
    arb.settle(payment)
    assert Payment.objects.get(pk=payment.pk).state == PaymentState.RETURNED
    assert arb.states()[0] == "agreed_unpaid"
    arb.sweep()
    assert arb.dispute.resolution_code == "arb_none_paid"


@pytest.mark.rule("N3", "N5")
def test_n3_failed_payment_in_the_waiting_ends_it_at_once():
    arb = failed_case()
    arb.elect(F)
    arb.to_end(seconds=1)
    payment = arb.start(F)
    arb.to_end().sweep()
    arb.later(hours=1).settle(payment, confirmed=False)
    assert arb.dispute.resolution_code == "arb_none_paid"


@pytest.mark.rule("N7", "I8")
def test_n7_settlement_after_the_notice_returns_the_held_fee():
    from disputes.negotiation import services as negotiation
    from disputes.services.texts import current_version

    arb = failed_case()
    arb.pay_fee(F)
    offer = negotiation.make_offer(
        dispute_id=arb.dispute_id,
        to_freelancer=Money(100_000, "USD"),
        to_client=Money(80_000, "USD"),
        disposition="refund",
        note="",
        consent_version=current_version("offer"),
        actor=arb.freelancer.actor,
        now=arb.now,
    )
    negotiation.accept_offer(
        offer_id=offer.pk,
        consent_version=current_version("offer"),
        actor=arb.client.actor,
        now=arb.later(hours=1).now,
    )
    assert arb.dispute.resolution_code == "joint_settlement"
    assert arb.fees() == (0, 0)
    assert arb.payable(F) == FEE
    assert arb.notice.state == "closed"
    assert not selfcheck.run(now=arb.now)


@pytest.mark.rule("N7")
def test_n7_client_accepts_in_full_after_the_notice():
    arb = failed_case()
    arb.pay_fee(C)
    arb.accept_claim()
    assert arb.dispute.resolution_code == "client_accept_dispute"
    assert arb.payable(C) == FEE
    assert arb.running() == set()


@pytest.mark.rule("D10", "I8")
def test_d10_withdrawal_after_the_notice_returns_the_held_fee():
    arb = failed_case()
    arb.pay_fee(F)
    arb.withdraw()
    assert arb.dispute.resolution_code == "dispute_withdrawn"
    assert (arb.payable(F), arb.payable(C)) == (FEE, X)


@pytest.mark.rule("N1")
def test_edge_27_deactivated_party_keeps_its_clock_and_default():
    arb = failed_case()
    arb.client.user.is_active = False
    arb.client.user.save(update_fields=["is_active"])
    arb.pay_fee(F)
    arb.to_end().sweep()
    assert arb.dispute.resolution_code == "arb_one_paid"


@pytest.mark.rule("N1")
def test_edge_28_changed_fees_do_not_touch_a_running_case():
    from core.models import PolicySetting

    case = contested_case()
    PolicySetting.objects.create(name="arb_fee", value={"USD": [[None, 99_900, 0]]}, changed_at=case.now)
    PolicySetting.objects.create(name="arbitration_election_days", value=3, changed_at=case.now)
    arb = failed_case(case)
    assert arb.notice.fee == FEE
    assert arb.notice.election_ends_at == arb.now + timedelta(days=7)
