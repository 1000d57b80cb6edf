"""What both sides are told after mediation failed: each by what it has done itself."""

from __future__ import annotations

import pytest

from contracts.models import Message
from notifications.models import Notice
from tests.factories.accounts import make_company
from tests.factories.arbitration import awarded_case, both_paid_case, failed_case, rejected_twice
from tests.factories.contracts import refund_requested_contract

pytestmark = pytest.mark.django_db


def told(person, kind):
    return list(Notice.objects.filter(recipient=person.user, kind=kind).order_by("created_at", "id"))


@pytest.mark.rule("N2", "N4")
def test_N2_N4_the_other_side_reads_what_it_may_still_do():
    arb = failed_case()
    arb.later(hours=1).elect("freelancer")
    arb.later(hours=1).decline("client")

    [for_client] = told(arb.client, "arbitration_choice")
    [for_freelancer] = told(arb.freelancer, "arbitration_choice")

    assert for_client.may_do == "Choose arbitration and pay your share, decline it, or still settle."
    assert for_client.until == arb.notice.election_ends_at
    assert for_freelancer.may_do == "Pay your share, or still settle."
    assert "$1,800.00 goes to Northwind Goods" in for_freelancer.otherwise


@pytest.mark.rule("N3", "A1")
def test_N3_nobody_who_has_paid_is_asked_to_pay():
    arb = both_paid_case()

    first, second = told(arb.freelancer, "payment_received"), told(arb.client, "payment_received")

    assert "If Northwind Goods does not pay in time, $1,800.00 goes to you" in first[0].otherwise
    assert first[1].may_do == "You have paid your share. You can still settle."
    assert "if you do not pay in time" in second[0].otherwise
    assert second[1].title.startswith("Your arbitration fee")
    assert first[1].otherwise == second[1].otherwise == "Both sides have paid: the case goes to arbitration."


@pytest.mark.rule("N5")
def test_N5_reminders_stop_at_the_end_and_both_are_told_the_default():
    arb = failed_case()
    arb.to_end(hours=20).sweep()
    arb.to_end().sweep()

    assert len(told(arb.freelancer, "election_reminder")) == 1
    [end] = told(arb.freelancer, "case_closed")
    assert "$1,800.00 to Northwind Goods" in end.title
    assert end.details == "Neither side took part in arbitration."


@pytest.mark.rule("A2")
def test_A2_a_second_rejection_tells_staff_and_runs_no_default():
    arb = rejected_twice()

    last = told(arb.freelancer, "provider_rejected")[-1]
    alert = told(arb.clerk, "desk_alert")[-1]

    assert last.until is None
    assert last.otherwise == "The money stays in escrow, and no default runs."
    assert alert.until is not None
    assert told(arb.freelancer, "notice_of_non_resolution")[-1].until is None


@pytest.mark.rule("A5", "A6")
def test_A5_the_award_says_both_sums_to_each_side():
    arb = awarded_case()

    assert told(arb.freelancer, "award")[0].title.endswith("$1,200.00 to you, $600.00 to Northwind Goods")
    assert told(arb.client, "award")[0].title.endswith("$1,200.00 to Rafael Domingo, $600.00 to you")


@pytest.mark.rule("D13")
def test_D13_the_recommendation_is_told_with_its_sums_and_kept_out_of_the_thread():
    from tests.factories.mediation import recommended_case

    case = recommended_case()

    [mine] = told(case.freelancer, "recommendation_issued")
    [theirs] = told(case.client, "recommendation_issued")
    assert mine.title.endswith("$1,200.00 for you, $600.00 for Northwind Goods")
    assert theirs.title.endswith("$600.00 for you, $1,200.00 for Rafael Domingo")
    assert not Message.objects.filter(contract_id=case.world.contract_id, body__contains="1,200").exists()


def test_a_name_that_ends_in_a_full_stop_ends_a_sentence_once():
    world = refund_requested_contract(client=make_company(account_name="Ember Coffee Co."))

    texts = Notice.objects.values_list("title", "may_do", "otherwise", "details")

    assert "goes back to Ember Coffee Co. in full" in told(world.freelancer, "refund_requested")[0].otherwise
    assert not any(".." in text for row in texts for text in row)
