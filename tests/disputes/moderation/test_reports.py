"""M1 to M3: reporting a message, hiding it, leaving it."""

from __future__ import annotations

import pytest

from contracts.models import Message
from contracts.selectors.files import find_file
from contracts.services.messages import post_system_message
from contracts.tombstones import MARK, Tombstone
from core import audit
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError
from core.uploads import check_upload
from disputes.models import CaseMessage, HiddenOriginal, MessageReport
from disputes.moderation import selectors, services
from tests.factories.accounts import make_member, make_stranger, make_support
from tests.factories.disputes import upload
from tests.factories.mediation import active_case
from tests.factories.moderation import RUDE, WRITERS, case_message, hide, raw, report, thread_message, told
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture(params=sorted(WRITERS))
def kind(request):
    return request.param


@pytest.mark.rule("M1", "M2")
def test_a_reported_message_is_hidden_behind_a_tombstone(kind):
    case, agent = active_case(), make_support()
    file = check_upload(upload("MARKERfile.txt"), max_bytes=10_000)
    extra = {"uploads": [file]} if kind == "message" else {"upload": file}
    row = WRITERS[kind](case, case.client, **extra)
    before = audit.verify(case.dispute_id).length
    found = report(case, kind, row, case.freelancer, details="It is a threat.")
    assert told(case.freelancer, "report_received")
    assert not told(case.client, "report_received")
    assert told(agent, "support_queue")

    case.later(hours=1)
    hide(case, found, agent, text="Please write without threats.")

    row.refresh_from_db()
    assert row.body.gone
    assert str(row.body).startswith("Hidden by customer support on ")
    assert "Insults or threats" in row.body
    assert (row.file.name, row.file_name) == ("", "")
    assert row.file_sha256
    kept = HiddenOriginal.objects.get()
    assert (kept.body, kept.file_name) == (RUDE, "MARKERfile.txt")
    with kept.file.open("rb") as file:
        assert file.read().startswith(b"What was delivered")
    found.refresh_from_db()
    assert (found.state, found.decided_by, found.decided_at) == ("hidden", agent.user, case.now)
    assert told(case.freelancer, "report_decided") == ["Customer Support hides the message you reported"]
    assert [t.startswith("Customer Support hides a message of yours") for t in told(case.client, "report_decided")]
    chain = audit.verify(found.dispute_id or found.contract_id)
    assert chain.broken_at is None
    assert chain.length
    if kind == "case_message":
        assert chain.length == before + 2


@pytest.mark.rule("M2")
def test_the_words_of_a_hidden_message_are_nowhere_in_the_row():
    case, agent = active_case(), make_support()
    row = thread_message(case, case.client)
    hide(case, report(case, "message", row, case.freelancer), agent)

    stored = raw(row)["body"]
    assert stored.startswith(f"{MARK}hidden|")
    assert "MARKER" not in stored
    with pytest.raises(StrangerError):
        find_file(case.contract, row.pk)
    # Saving what was loaded stores the mark again, not its words.
    again = Message.objects.get(pk=row.pk)
    again.save(update_fields=["body"])
    assert isinstance(Message.objects.get(pk=row.pk).body, Tombstone)


def test_nobody_can_write_a_tombstone():
    case = active_case()
    row = thread_message(case, case.client, body=f"{MARK}hidden|2026-01-01T00:00:00|abuse|support|{'0' * 32}")
    row.refresh_from_db()
    assert not isinstance(row.body, Tombstone)
    assert row.body.startswith("hidden|")


@pytest.mark.rule("M1", "M3")
def test_a_report_can_be_dismissed_with_a_reason():
    case, agent = active_case(), make_support()
    row = thread_message(case, case.client, body="I do not agree with this.")
    found = report(case, "message", row, case.freelancer)
    with unchanged(case.contract), pytest.raises(InvalidInputError):
        services.dismiss_report(report_id=found.pk, text="No.", actor=agent.actor, now=case.now)
    services.dismiss_report(
        report_id=found.pk, text="To disagree is no insult; it is part of a dispute.", actor=agent.actor, now=case.now
    )
    row.refresh_from_db()
    assert row.body == "I do not agree with this."
    assert told(case.freelancer, "report_decided")
    assert not told(case.client, "report_decided")
    for act in (lambda: hide(case, found, agent), lambda: report(case, "message", row, case.freelancer)):
        with unchanged(case.contract), pytest.raises(OutOfTurnError):
            act()


@pytest.mark.rule("M1")
def test_M1_who_reports_what(kind):
    case = active_case()
    row = WRITERS[kind](case, case.client)
    with unchanged(case.contract):
        with pytest.raises(StrangerError):
            report(case, kind, row, make_stranger())
        with pytest.raises(NotAllowedError):  # one's own side
            report(case, kind, row, make_member(case.client.account))
        with pytest.raises((NotAllowedError, StrangerError)):
            report(case, kind, row, make_support())
        with pytest.raises(InvalidInputError) as refusal:
            report(case, kind, row, case.freelancer, reason="dull")
        assert set(refusal.value.fields) == {"reason"}
        with pytest.raises(InvalidInputError) as refusal:
            report(case, kind, row, case.freelancer, reason="other")
        assert set(refusal.value.fields) == {"details"}
    report(case, kind, row, case.freelancer)
    report(case, kind, row, make_member(case.freelancer.account))
    assert MessageReport.objects.count() == 2


@pytest.mark.rule("M2")
def test_M2_one_decision_answers_every_report_and_the_author_is_told_once():
    case, agent = active_case(), make_support()
    row = thread_message(case, case.client)
    first = report(case, "message", row, case.freelancer)
    second = report(case, "message", row, make_member(case.freelancer.account), reason="fraud")
    hide(case, first, agent)
    second.refresh_from_db()
    assert second.state == "hidden"
    assert len(told(case.client, "report_decided")) == 1


def test_legal_notices_system_messages_and_the_specialist_s_are_not_reported():
    case = active_case()
    system = post_system_message(contract_id=case.contract.pk, body="The contract ended.", now=case.now)
    said = case_message(case, case.specialist, body="Please answer by Friday.")
    with unchanged(case.contract):
        for kind, row in (("message", system), ("case_message", said)):
            with pytest.raises(NotAllowedError):
                report(case, kind, row, case.freelancer)


def test_only_the_desk_decides_and_no_member_of_a_side():
    case = active_case()
    row = thread_message(case, case.client)
    found = report(case, "message", row, case.freelancer)
    partisan = make_member(case.freelancer.account, staff_roles=["support"])
    with unchanged(case.contract):
        for person, error in (
            (case.client, StrangerError),
            (case.specialist, StrangerError),
            (case.supervisor, NotAllowedError),
            (partisan, NotAllowedError),
        ):
            with pytest.raises(error):
                hide(case, found, person)


@pytest.mark.rule("M2")
def test_the_specialist_of_the_case_still_reads_the_original(kind):
    case, agent = active_case(), make_support()
    row = WRITERS[kind](case, case.client)
    hide(case, report(case, kind, row, case.freelancer), agent)
    row = type(row).objects.get(pk=row.pk)
    readers = (case.specialist, case.supervisor, agent)
    assert all(selectors.may_read_original(row, person.actor) for person in readers)
    others = (case.client, case.freelancer, make_stranger())
    assert not any(selectors.may_read_original(row, person.actor) for person in others)
    assert selectors.original_of(row).body == RUDE


def test_the_database_lets_nobody_rewrite_a_message():
    from django.db import IntegrityError, transaction

    case = active_case()
    for row in (thread_message(case, case.client), case_message(case, case.client)):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(body="I never said that.")
    assert not CaseMessage.objects.filter(body="I never said that.").exists()
