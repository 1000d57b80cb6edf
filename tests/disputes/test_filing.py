"""R3, D1: the wizard's draft and filing on an ended contract (S05–S08)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.enums import AccountCode
from contracts.ledger.selectors import balance_of
from contracts.models import JournalEntry
from contracts.services import refunds
from core import audit, selfcheck
from core.errors import (
    InvalidInputError,
    NotAllowedError,
    OutOfTurnError,
    StaleError,
    StrangerError,
    TooLateError,
)
from core.models import AuditEntry, PolicySetting
from disputes import selectors
from disputes.models import Consent, Dispute, Evidence
from disputes.services import filing, texts
from tests.factories.accounts import make_member, make_stranger, make_support
from tests.factories.contracts import refund_requested_contract
from tests.factories.disputes import CLAIM, draft, file_draft, upload
from tests.factories.mediation import filed_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def typed(**changes):
    return {"reason": "client_silent", "details": CLAIM, "amount": "", **changes}


@pytest.fixture
def world():
    world = refund_requested_contract()
    world.later(hours=4)
    return world


@pytest.mark.rule("R3", "D1", "I2", "I3", "I5", "I6")
def test_R3_D1_filing_freezes_what_was_asked_back_and_closes_the_request(world):
    found = draft(world, **typed())
    dispute = file_draft(world, found)
    assert (dispute.state, dispute.route, dispute.reason) == ("in_mediation", "ended", "client_silent")
    assert dispute.amount == dispute.filed_amount == 180_000
    assert dispute.filed_at == world.now
    assert world.refund.state == "disputed"
    assert world.contract.open_dispute_id == dispute.pk
    assert balance_of(world.contract, AccountCode.ESCROW_FROZEN, dispute.pk).amount == 180_000
    assert world.held.refund.amount == 0
    claim = dispute.statements.get()
    assert (claim.side, claim.number, claim.details, claim.amount) == ("claim", 1, CLAIM, 180_000)
    assert selfcheck.run(now=world.now) == []


@pytest.mark.rule("R3", "D1", "I3")
def test_R3_edge10_a_lower_claim_sends_the_rest_back_to_the_client_at_once(world):
    dispute = file_draft(world, draft(world, **typed(amount="1,200.50")))
    assert dispute.amount == 120_050
    entry = JournalEntry.objects.get(cause_id=world.refund.pk, ground="freelancer_accept_refund")
    assert [t.amount for t in entry.transfers.all()] == [59_950]
    assert world.held.money(AccountCode.PAYABLE_CLIENT).amount == 59_950
    assert world.held.frozen_total.amount == 120_050


@pytest.mark.rule("R3")
def test_R3_the_consent_keeps_the_text_its_version_and_its_digest(world):
    dispute = file_draft(world, draft(world, **typed(amount="1000")))
    consent = Consent.objects.get(dispute=dispute)
    text = texts.filing_text(
        world.contract, asked=world.money(180_000), amount=world.money(100_000), due_at=world.refund.due_at
    )
    assert (consent.kind, consent.text_version, consent.text_sha256) == ("file_dispute", "2026-1/en", text.sha256)
    assert consent.text == text.text
    assert consent.user_id == world.freelancer.user.pk
    assert "$1,000.00 is set aside" in consent.text
    assert "The rest, $800.00, goes back to the client at once" in consent.text
    assert "Brief" in consent.text
    assert "$337.50" in consent.text


def test_a_consent_to_an_older_text_is_stopped(world):
    found = draft(world, **typed())
    with unchanged(world.contract), pytest.raises(StaleError):
        file_draft(world, found, consent_version="2025-1")


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"reason": ""}, "reason", "Choose the reason"),
        ({"reason": "because"}, "reason", "Choose the reason"),
        ({"details": ""}, "details", "80 more are needed"),
        ({"details": "x" * 79}, "details", "1 more is needed"),
        ({"details": "   " + "x" * 70 + "  \n"}, "details", "10 more are needed"),
        ({"details": "x" * 20_001}, "details", "Shorten this"),
        ({"amount": "0"}, "amount", "between $0.01 and $1,800.00"),
        ({"amount": "-5"}, "amount", "without a minus"),
        ({"amount": "1800.01"}, "amount", "between $0.01 and $1,800.00"),
        ({"amount": "12.345"}, "amount", "2 digits"),
        ({"amount": "abc"}, "amount", "in figures"),
        ({"amount": "100 EUR"}, "amount", "in USD"),
        ({"amount": "9" * 30}, "amount", "larger than any contract"),
    ],
)
def test_R3_unfit_input_is_named_and_changes_nothing(world, changes, field, says):
    found = draft(world, **typed(**changes))
    with unchanged(world.contract), pytest.raises(InvalidInputError) as refusal:
        file_draft(world, found)
    assert set(refusal.value.fields) == {field}
    assert says in refusal.value.fields[field]


def test_all_faults_of_a_draft_are_named_at_once(world):
    found = draft(world, reason="", details="short", amount="many")
    with pytest.raises(InvalidInputError) as refusal:
        file_draft(world, found)
    assert set(refusal.value.fields) == {"reason", "details", "amount"}


def test_the_draft_keeps_what_was_typed_right_or_wrong(world):
    found = draft(world, reason="nonsense", details="half a sent", amount="12,3,4 maybe")
    filing.save_draft(
        dispute_id=found.pk,
        data={"details": "half a sen\0tence", "state": "resolved"},
        step="check",
        actor=world.freelancer.actor,
        now=world.now,
    )
    found.refresh_from_db()
    assert found.draft == {
        "reason": "nonsense",
        "details": "half a sentence",
        "amount": "12,3,4 maybe",
        "step": "check",
    }
    assert found.state == "draft"


def test_there_is_one_draft_per_request_and_an_agency_colleague_goes_on_with_it(world):
    colleague = make_member(world.freelancer.account)
    first = draft(world, **typed())
    again = filing.start_filing(request_id=world.refund.pk, actor=colleague.actor, now=world.now)
    assert again.pk == first.pk
    assert Dispute.objects.filter(contract=world.contract).count() == 1


def test_R3_a_plain_member_writes_the_draft_but_cannot_file(world):
    colleague = make_member(world.freelancer.account)
    found = filing.start_filing(request_id=world.refund.pk, actor=colleague.actor, now=world.now)
    filing.save_draft(dispute_id=found.pk, data=typed(), actor=colleague.actor, now=world.now)
    with unchanged(world.contract), pytest.raises(NotAllowedError):
        filing.file_dispute(dispute_id=found.pk, consent_version="2026-1/en", actor=colleague.actor, now=world.now)


def test_K15_the_client_files_no_dispute_and_does_not_see_the_draft(world):
    found = draft(world, **typed())
    with unchanged(world.contract):
        for act in (
            lambda: filing.start_filing(request_id=world.refund.pk, actor=world.client.actor, now=world.now),
            lambda: filing.file_dispute(
                dispute_id=found.pk, consent_version="2026-1/en", actor=world.client.actor, now=world.now
            ),
        ):
            with pytest.raises(NotAllowedError):
                act()
        with pytest.raises(StrangerError):
            selectors.get_dispute_for(world.client.actor, found.reference)
    assert selectors.get_dispute_for(world.freelancer.actor, found.number).pk == found.pk


def test_strangers_and_staff_get_nothing_of_a_draft(world):
    found = draft(world, **typed())
    with unchanged(world.contract):
        for person in (make_stranger(), make_support()):
            with pytest.raises((StrangerError, NotAllowedError)):
                filing.file_dispute(dispute_id=found.pk, consent_version="2026-1/en", actor=person.actor, now=world.now)
            with pytest.raises(StrangerError):
                selectors.get_dispute_for(person.actor, found.reference)


@pytest.mark.rule("R3", "Z3")
@pytest.mark.parametrize(("before", "filed"), [(timedelta(seconds=1), True), (timedelta(0), False)])
def test_R3_edge1_filing_is_in_time_until_the_last_second(world, before, filed):
    found = draft(world, **typed())
    world.now = world.refund.due_at - before
    if filed:
        assert file_draft(world, found).state == "in_mediation"
        return
    with unchanged(world.contract), pytest.raises(TooLateError):
        file_draft(world, found)
    with unchanged(world.contract), pytest.raises(TooLateError):
        filing.save_draft(dispute_id=found.pk, data=typed(), actor=world.freelancer.actor, now=world.now)
    # The mark of R3 and Z3 is earned on the other side of the second.
    world.now = world.refund.due_at - timedelta(seconds=2)
    file_draft(world, found)


def test_filing_twice_is_refused_and_changes_nothing(world):
    found = draft(world, **typed())
    file_draft(world, found)
    with unchanged(world.contract), pytest.raises(OutOfTurnError):
        file_draft(world, found)


@pytest.mark.rule("R2")
def test_a_draft_ends_with_its_refund_request_accepted(world):
    found = draft(world, **typed())
    world.accept_refund()
    found.refresh_from_db()
    assert found.state == "abandoned"
    with unchanged(world.contract), pytest.raises(OutOfTurnError):
        file_draft(world, found)


@pytest.mark.rule("R4")
def test_a_draft_ends_with_its_refund_request_expired(world):
    found = draft(world, **typed())
    world.now = world.refund.due_at
    world.sweep()
    found.refresh_from_db()
    assert (world.refund.state, found.state) == ("expired", "abandoned")
    assert selfcheck.run(now=world.now) == []


@pytest.mark.rule("R5")
def test_a_draft_ends_with_its_refund_request_withdrawn(world):
    found = draft(world, **typed())
    refunds.withdraw_refund_request(request_id=world.refund.pk, actor=world.client.actor, now=world.now)
    found.refresh_from_db()
    assert found.state == "abandoned"


@pytest.mark.rule("R8")
def test_a_draft_ends_when_the_client_accepts_a_proposed_split(world):
    found = draft(world, **typed())
    refunds.propose_split(
        request_id=world.refund.pk, keep=world.money(90_000), actor=world.freelancer.actor, now=world.now
    )
    refunds.accept_split(request_id=world.refund.pk, actor=world.client.actor, now=world.now)
    found.refresh_from_db()
    assert found.state == "abandoned"


def test_draft_files_are_numbered_at_filing_and_removed_ones_are_left_out(world):
    found = draft(world, **typed())

    def add(name, confidentiality="shared"):
        return filing.add_draft_evidence(
            dispute_id=found.pk,
            upload=upload(name),
            kind="deliverable",
            shows=f"Shows {name}.",
            confidentiality=confidentiality,
            actor=world.freelancer.actor,
            now=world.now,
        )

    first, dropped, secret, second = add("a.txt"), add("b.txt"), add("c.txt", "specialist"), add("d.txt")
    assert first.exhibit is None
    filing.remove_draft_evidence(evidence_id=dropped.pk, actor=world.freelancer.actor, now=world.now)
    dispute = file_draft(world, found)
    numbers = dict(Evidence.objects.filter(dispute=dispute).values_list("pk", "exhibit"))
    assert numbers == {first.pk: 1, dropped.pk: None, secret.pk: None, second.pk: 2}
    with unchanged(world.contract), pytest.raises(OutOfTurnError):
        filing.remove_draft_evidence(evidence_id=first.pk, actor=world.freelancer.actor, now=world.now)


@pytest.mark.rule("D1")
def test_D1_the_case_keeps_the_settings_it_was_opened_under(world):
    found = draft(world, **typed())
    dispute = file_draft(world, found)
    PolicySetting.objects.create(name="settlement_offer_hours", value=5, changed_at=world.now)
    dispute.refresh_from_db()
    assert dispute.policy.settlement_offer_hours == 72


@pytest.mark.rule("D1", "R3")
def test_the_record_of_filing_holds_digests_and_no_words():
    case = filed_case()
    entries = AuditEntry.objects.filter(chain_id=case.dispute_id)
    assert entries.get(act="file").rule == "D1"
    assert all("delivered on time" not in str(e.payload) for e in entries)
    assert audit.verify(case.dispute_id).broken_at is None


@pytest.mark.rule("I5")
def test_I5_there_is_no_second_dispute_while_one_is_open():
    case = filed_case()
    request = case.world.refund
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        filing.start_filing(request_id=request.pk, actor=case.freelancer.actor, now=case.now)
