"""D9 and the case's messages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from core.errors import (
    InvalidInputError,
    NotAllowedError,
    OutOfTurnError,
    StrangerError,
    TooLateError,
    UnableToError,
)
from core.models import AuditEntry, PolicySetting
from core.uploads import check_upload
from disputes.models import CaseMessage, Evidence
from disputes.selectors import case_record
from disputes.services import evidence, messages
from tests.factories.accounts import MONDAY, make_member, make_specialist, make_stranger
from tests.factories.disputes import bid, offer, upload
from tests.factories.mediation import active_case, contested_case, filed_case, recommended_case
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def add(case, person, name="proof.txt", **changes):
    given = {"upload": upload(name), "kind": "deliverable", "shows": "What was delivered.", **changes}
    return evidence.add_evidence(dispute_id=case.dispute_id, actor=person.actor, now=case.now, **given)


def ask(case, asked_of="both", person=None, **changes):
    given = {"text": "Please send the log of the handover.", **changes}
    return evidence.request_evidence(
        dispute_id=case.dispute_id,
        asked_of=asked_of,
        actor=(person or case.specialist).actor,
        now=case.now,
        **given,
    )


def answer(case, request, person, text="Here it is."):
    return evidence.answer_evidence_request(request_id=request.pk, text=text, actor=person.actor, now=case.now)


def write(case, person, **changes):
    given = {"body": "A word on this.", **changes}
    return messages.post_case_message(dispute_id=case.dispute_id, actor=person.actor, now=case.now, **given)


@pytest.mark.rule("D9")
def test_D9_exhibits_are_numbered_through_both_sides_and_keep_their_digest():
    case = active_case()
    first, secret, second = (
        add(case, case.freelancer),
        add(case, case.client, confidentiality="specialist"),
        add(case, case.client),
    )
    assert [e.exhibit for e in (first, secret, second)] == [1, None, 2]
    assert len(first.sha256) == 64
    with default_storage.open(first.file.name) as stored:
        assert stored.read().startswith(b"What was delivered")
    assert "proof" not in first.file.name
    assert case.dispute.client_reacted_at == case.now


@pytest.mark.rule("D9")
def test_D9_a_file_checked_before_the_transaction_is_taken_as_it_is():
    case = active_case()
    ready = check_upload(upload(), max_bytes=1000)
    path = ready.store()
    assert add(case, case.client, upload=ready).file.name == path


@pytest.mark.rule("D9")
def test_D9_confidential_files_can_be_shown_later_by_their_owner_only():
    case = contested_case()
    secret = add(case, case.client, confidentiality="specialist")

    def disclose(person):
        return evidence.disclose_evidence(evidence_id=secret.pk, actor=person.actor, now=case.now)

    with unchanged(case.contract):
        for person in (case.freelancer, make_stranger()):
            with pytest.raises(StrangerError):
                disclose(person)
        with pytest.raises(NotAllowedError):
            disclose(case.specialist)
    shown = disclose(case.client)
    assert (shown.confidentiality, shown.exhibit, shown.disclosed_at) == ("shared", 2, case.now)
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        disclose(case.client)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "picture"}, "kind"),
        ({"shows": "  "}, "shows"),
        ({"shows": "x" * 301}, "shows"),
        ({"confidentiality": "secret"}, "confidentiality"),
        ({"upload": ("run.exe", b"MZ")}, "file"),
        ({"upload": ("bill.pdf", b"MZ\x90")}, "file"),
        ({"upload": ("empty.txt", b"")}, "file"),
    ],
)
def test_D9_edge24_unfit_files_and_fields_change_nothing(changes, field):
    case = active_case()
    if "upload" in changes:
        changes = {"upload": upload(*changes["upload"])}
    with unchanged(case.contract), pytest.raises(InvalidInputError) as refusal:
        add(case, case.client, **changes)
    assert set(refusal.value.fields) == {field}


@pytest.mark.rule("D9")
def test_D9_edge24_the_limits_of_the_case_hold():
    PolicySetting.objects.create(name="evidence_max_files_per_party", value=2, changed_at=MONDAY)
    PolicySetting.objects.create(name="evidence_max_case_bytes", value=200, changed_at=MONDAY)
    case = active_case()
    add(case, case.client)
    with unchanged(case.contract), pytest.raises(UnableToError, match="may have 200 bytes together"):
        add(case, case.client, upload=upload("long.txt", b"x" * 190))
    add(case, case.client)
    with unchanged(case.contract), pytest.raises(UnableToError, match="can add 2 files"):
        add(case, case.client)
    add(case, case.freelancer)
    # Edge case 28: a changed setting does not reach a running case.
    PolicySetting.objects.filter(name="evidence_max_files_per_party").update(value=9)
    with unchanged(case.contract), pytest.raises(UnableToError):
        add(case, case.client)


def test_D9_who_and_when():
    case = active_case()
    with unchanged(case.contract):
        with pytest.raises(NotAllowedError):
            add(case, case.specialist)
        with pytest.raises(StrangerError):
            add(case, make_stranger())
        # Edge case 26: another specialist is a stranger to the case.
        with pytest.raises(StrangerError):
            add(case, make_specialist("Nadia Unassigned"))
    add(case, make_member(case.client.account))
    done = recommended_case()
    with unchanged(done.contract), pytest.raises(OutOfTurnError):
        add(done, done.client)


@pytest.mark.rule("D9", "Z8")
def test_D9_a_request_to_both_closes_when_both_have_answered():
    case = active_case()
    due = case.now + timedelta(days=3)
    request = ask(case, due_at=due)
    assert case.clock("evidence_due").due_at == due
    answer(case, request, case.freelancer)
    request.refresh_from_db()
    assert request.closed_at is None
    with unchanged(case.contract), pytest.raises(OutOfTurnError, match="already answered"):
        answer(case, request, case.freelancer)
    answer(case, request, case.client)
    request.refresh_from_db()
    assert request.closed_at == case.now
    assert case.clock("evidence_due") is None
    with unchanged(case.contract), pytest.raises(OutOfTurnError, match="closed"):
        answer(case, request, case.client)


@pytest.mark.rule("D9", "Z8")
def test_Z8_a_due_date_moves_for_both_sides_alike_and_stays_inside_the_stage():
    case = active_case()
    first = ask(case, "client", due_at=case.now + timedelta(days=2))
    second = ask(case, "freelancer")
    later = case.now + timedelta(days=5)
    evidence.move_evidence_due(dispute_id=case.dispute_id, due_at=later, actor=case.specialist.actor, now=case.now)
    for request in (first, second):
        request.refresh_from_db()
        assert request.due_at == later
    end = case.case.ends_at
    with unchanged(case.contract):
        for bad in (case.now, case.now - timedelta(days=1), end + timedelta(seconds=1)):
            with pytest.raises(InvalidInputError):
                ask(case, due_at=bad)
        with pytest.raises(NotAllowedError):
            evidence.move_evidence_due(dispute_id=case.dispute_id, due_at=later, actor=case.client.actor, now=case.now)
    case.until(later).sweep()
    for request in (first, second):
        request.refresh_from_db()
        assert request.closed_at == later
    with unchanged(case.contract), pytest.raises(OutOfTurnError):
        answer(case, first, case.client)


def test_D9_an_answer_comes_in_time_or_not_at_all():
    case = active_case()
    request = ask(case, "client", due_at=case.now + timedelta(days=2))
    case.later(days=2)
    with unchanged(case.contract), pytest.raises(TooLateError):
        answer(case, request, case.client)


def test_D9_only_the_assigned_specialist_asks_and_only_the_asked_side_answers():
    case = active_case()
    request = ask(case, "client")
    with unchanged(case.contract):
        with pytest.raises(NotAllowedError):
            ask(case, person=case.client)
        with pytest.raises(StrangerError):
            ask(case, person=make_specialist("Nadia Unassigned"))
        with pytest.raises(NotAllowedError):
            answer(case, request, case.freelancer)
        with pytest.raises(NotAllowedError):
            answer(case, request, case.specialist)
        with pytest.raises(InvalidInputError):
            ask(case, "everybody")
        with pytest.raises(InvalidInputError):
            ask(case, text="?")


@pytest.mark.rule("D11")
def test_a_message_to_everyone_and_a_private_one():
    case = active_case()
    public = write(case, case.client)
    assert (public.sender_role, public.audience, public.purpose) == ("client", "everyone", "")
    private = write(case, case.client, audience="client", purpose="What we could accept", body="Up to 900.")
    assert (private.audience, private.purpose) == ("client", "What we could accept")
    nameless = write(case, case.client, audience="client")
    assert nameless.purpose == messages.PURPOSE
    reply = write(case, case.specialist, audience="client", purpose="Reply")
    assert reply.sender_role == "specialist"
    assert case.dispute.client_reacted_at == case.now
    assert case.dispute.freelancer_reacted_at is None
    assert "Up to 900." not in str(list(AuditEntry.objects.values_list("payload", flat=True)))


def test_private_channels_belong_to_one_side():
    case = active_case()
    with unchanged(case.contract):
        with pytest.raises(NotAllowedError, match="other side"):
            write(case, case.client, audience="freelancer", purpose="x")
        with pytest.raises(InvalidInputError):
            write(case, case.client, audience="all")
        with pytest.raises(InvalidInputError):
            write(case, case.client, body="  ")
        with pytest.raises(InvalidInputError):
            write(case, case.client, body="x" * 10_001)
        with pytest.raises(InvalidInputError):
            write(case, case.client, audience="client", purpose="x" * 81)
        with pytest.raises(InvalidInputError):
            write(case, case.client, upload=upload("a.exe", b"MZ"))
        with pytest.raises(StrangerError):
            write(case, make_stranger())
        with pytest.raises(NotAllowedError):
            write(case, case.supervisor)


def test_nobody_writes_privately_to_a_specialist_who_is_not_there_yet():
    waiting = filed_case(staffed=False)
    assert waiting.dispute.specialist_id is None
    with unchanged(waiting.contract), pytest.raises(UnableToError, match="No specialist"):
        write(waiting, waiting.client, audience="client")


def test_messages_carry_files():
    case = active_case()
    message = write(case, case.client, upload=upload("note.txt"))
    stored = CaseMessage.objects.get(pk=message.pk)
    assert stored.file_name == "note.txt"
    with default_storage.open(stored.file.name) as file:
        assert file.read()


@pytest.mark.rule("D9", "D11")
def test_what_arbitration_may_know_holds_nothing_said_without_prejudice():
    case = recommended_case(100_000)
    marker = "MARKER-7f3a"
    dispute = case.dispute
    write(case, case.client, audience="client", body=f"private {marker}")
    write(case, case.client, body=f"mediation {marker}")
    offer(case, case.client, 77_777, note=f"offer {marker}")
    Evidence.objects.filter(dispute=dispute).update(shows="an exhibit")
    record = case_record(dispute)
    text = repr(record) + repr([vars(e) for e in record["exhibits"]]) + repr([vars(m) for m in record["messages"]])
    assert marker not in text
    assert "77777" not in text
    assert "100000" not in text
    assert record["claim"][0]["amount"] == 180_000
    assert record["answer"][0]["number"] == 1
    assert [e.exhibit for e in record["exhibits"]] == [1]


def test_specialist_only_files_are_not_in_the_record_of_the_case():
    case = contested_case()
    secret = add(case, case.freelancer, confidentiality="specialist")
    bid(case, case.freelancer, 66_666)
    record = case_record(case.dispute)
    assert secret.pk not in {e.pk for e in record["exhibits"]}
    assert "66666" not in repr(record)
