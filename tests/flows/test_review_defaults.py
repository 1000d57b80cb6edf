"""ARB_NONE_PAID and ARB_ONE_PAID: settings pinned per case, and said truly wherever the defaults are told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from arbitration.models import NonResolutionNotice
from core import clock
from core.admin import wrong_value
from core.models import PolicySetting
from core.policy import Policy
from disputes.models import Consent
from disputes.services import texts
from notifications.models import Notice
from tests.factories.arbitration import C, F, failed_case
from tests.factories.contracts import MONDAY
from tests.factories.mediation import contested_case, recommended_case

pytestmark = pytest.mark.django_db

X = 180_000


def settings(**values):
    for name, value in values.items():
        PolicySetting.objects.create(name=name, value=value, changed_at=MONDAY)


def drop():
    PolicySetting.objects.all().delete()


@pytest.mark.rule("N5")
@pytest.mark.parametrize(("value", "to_freelancer"), [("client", 0), ("freelancer", X)])
def test_n5_pays_whom_the_pinned_setting_names(value, to_freelancer):
    settings(arb_none_paid=value)
    case = contested_case()
    drop()  # edge 28: the running case keeps what it was opened under
    arb = failed_case(case)
    arb.to_end().sweep()
    assert arb.dispute.resolution_code == "arb_none_paid"
    assert arb.dispute.resolution.to_freelancer == to_freelancer


@pytest.mark.rule("N6", "I8")
@pytest.mark.parametrize(
    ("value", "payer", "to_freelancer"),
    [("payer", F, X), ("payer", C, 0), ("client", F, 0), ("client", C, 0), ("freelancer", F, X), ("freelancer", C, X)],
)
def test_n6_pays_whom_the_pinned_setting_names_and_the_payers_fee_comes_back(value, payer, to_freelancer):
    settings(arb_one_paid=value)
    arb = failed_case()
    fee = arb.notice.fee
    arb.pay_fee(payer)
    arb.to_end().sweep()
    assert arb.dispute.resolution_code == "arb_one_paid"
    assert arb.dispute.resolution.to_freelancer == to_freelancer
    assert arb.fees() == (0, 0)
    assert arb.payable(payer) == fee + (X if payer == C and not to_freelancer else 0)


@pytest.mark.rule("N1")
def test_every_text_of_a_case_names_the_side_that_its_settings_name(client):
    settings(arb_none_paid="freelancer", arb_one_paid="client")
    case = recommended_case()
    drop()
    freelancer, other = case.contract.freelancer_account.name, case.contract.client_account.name
    filed = Consent.objects.get(dispute_id=case.dispute_id, kind="file_dispute").text
    assert "If neither side pays, $1,800.00 goes to you. If only one side pays, $1,800.00 goes to the client." in filed
    client.force_login(case.client.user)
    # The table's columns are what the client gets and what the freelancer gets.
    page = re.sub(r"(?:<[^>]+>|\s)+", " ", page_of(client, "mediation:answer", case, "reject"))
    assert "Nobody pays for arbitration $0.00 $1,800.00" in page
    assert f"Only {freelancer} pays for arbitration The fee comes back. $1,800.00 $0.00" in page
    outcomes = page_of(client, "disputes:dispute", case)
    assert f"Only {freelancer} goes to arbitration" in outcomes
    case.answer(C, accept=False)
    notice = NonResolutionNotice.objects.get(dispute_id=case.dispute_id)
    said = {row["if"]: row["then"] for row in notice.content["defaults"]}
    assert said["Only one side pays"].startswith(f"The whole disputed amount goes to {other},")
    assert said["Neither side pays"] == (
        f"The whole disputed amount goes to {freelancer}. {other} receives nothing of it."
    )
    told = Notice.objects.get(recipient=case.freelancer.user, kind="notice_of_non_resolution").otherwise
    assert told == f"If neither side pays, $1,800.00 goes to you. If only one side pays, $1,800.00 goes to {other}."
    text = texts.arbitration_text(notice.dispute, fee=notice.dispute.money, due_at=notice.election_ends_at).text
    assert "goes to the client and your fee comes back" in text
    assert "it goes to the freelancer" in text
    client.force_login(case.freelancer.user)
    for name in ("arbitration:status", "arbitration:decline", "disputes:dispute"):
        page = page_of(client, name, case)
        assert "that side" not in page, name
        assert "goes to you and your fee comes back" not in page, name
    case.until(notice.election_ends_at, hours=1).sweep()
    reminder = Notice.objects.filter(recipient=case.client.user, kind="election_reminder").latest("created_at")
    assert reminder.otherwise == (
        f"If neither side pays, $1,800.00 goes to {freelancer}. If only {freelancer} pays, $1,800.00 goes to you."
    )


def page_of(client, name, case, *args):
    clock.freeze(case.now)
    answer = client.get(reverse(name, args=[case.reference, *args]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split()).replace("&nbsp;", " ").replace("\u00a0", " ")


@pytest.mark.rule("D1")
def test_the_text_agreed_to_says_what_the_case_pins_not_what_the_contract_did():
    from tests.factories.contracts import refund_requested_contract
    from tests.factories.mediation import file, make_specialist, make_supervisor

    world = refund_requested_contract()
    settings(arbitration_election_days=9, arb_fee={"USD": [[None, 11_100, 0]]})
    case = file(world.later(hours=1) or world, make_specialist(), make_supervisor())
    consent = Consent.objects.get(dispute_id=case.dispute_id, kind="file_dispute").text
    assert case.dispute.policy.arbitration_election_days == 9
    assert "within 9 days" in consent
    assert "$111.00" in consent


@pytest.mark.rule("N1", "D18")
def test_a_currency_that_loses_its_fee_band_still_gets_its_notice():
    from tests.factories.contracts import refund_requested_contract
    from tests.factories.mediation import file, make_specialist, make_supervisor

    world = refund_requested_contract()
    settings(arb_fee={"EUR": [[None, 11_100, 0]]})
    case = file(world, make_specialist(), make_supervisor())
    case.later(hours=1).impasse(F)
    case.impasse(C)
    notice = NonResolutionNotice.objects.get(dispute_id=case.dispute_id)
    assert notice.fee == 33_750
    assert notice.election_ends_at == case.now + timedelta(days=7)


@pytest.mark.parametrize(
    ("name", "value", "fine"),
    [
        ("arb_none_paid", "client", True),
        ("arb_none_paid", "freelancer", True),
        ("arb_none_paid", "payer", False),
        ("arb_one_paid", "payer", True),
        ("arb_one_paid", "freelancer", True),
        ("arb_one_paid", "platform", False),
    ],
)
def test_the_settings_take_only_what_the_rulebook_allows(name, value, fine):
    assert (wrong_value(name, value) == "") is fine
    if not fine:
        with pytest.raises(ValueError, match=name):
            Policy(**{name: value})
