"""M4 to M6: removal of a text or file by two people, and a chain that still verifies."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from contracts.models import Message
from core import audit
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError
from core.models import AuditEntry
from disputes.models import Redaction, StatementVersion
from disputes.moderation import services
from disputes.services import evidence
from notifications.models import Notice
from tests.factories.accounts import make_admin, make_member, make_supervisor, make_support
from tests.factories.disputes import offer, upload
from tests.factories.mediation import DETAILS, active_case, contested_case
from tests.factories.moderation import approve, ask, case_message, hide, raw, report, thread_message
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db
SECRET = "MARKER passport 12345678 of my neighbour, with the address. " + DETAILS


def add(case, person, **more):
    given = {"upload": upload("MARKER.txt"), "kind": "deliverable", "shows": "MARKER of my neighbour", **more}
    return evidence.add_evidence(dispute_id=case.dispute_id, actor=person.actor, now=case.now, **given)


def rows_of(case):
    """One of everything that can be removed, each with MARKER in it."""
    from tests.factories.disputes import update_claim

    update_claim(case, case.dispute.amount, details=SECRET)
    return {
        "message": thread_message(case, case.client, body=SECRET),
        "case_message": case_message(case, case.client, body=SECRET),
        "statement": StatementVersion.objects.get(dispute_id=case.dispute_id, side="claim", number=2),
        "offer": offer(case, case.client, 100, note=SECRET[:400]),
        "evidence": add(case, case.client),
    }


@pytest.mark.rule("M4", "M5")
@pytest.mark.parametrize("kind", ["message", "case_message", "statement", "offer", "evidence"])
def test_two_people_remove_it_and_the_chain_still_verifies(kind, django_capture_on_commit_callbacks):
    case = contested_case()
    row = rows_of(case)[kind]
    path = row.file.name if kind == "evidence" else ""
    digests = list(AuditEntry.objects.values_list("digest", flat=True))
    assert audit.verify(case.dispute_id).broken_at is None
    assert "MARKER" in str(raw(row))

    admin = make_admin()
    found = ask(case, kind, row, case.supervisor)
    case.later(hours=2)
    with django_capture_on_commit_callbacks(execute=True):
        approve(case, found, admin)

    row = type(row).objects.get(pk=row.pk)
    text = {"statement": "details", "offer": "note", "evidence": "shows"}.get(kind, "body")
    words = str(getattr(row, text))
    assert "MARKER" not in str(raw(row))
    assert words.startswith("Removed on ")
    assert "Data of somebody else" in words
    assert "Asked for by a mediation supervisor, approved by an admin." in words
    if kind == "evidence":
        assert (row.file_name, row.file.name, bool(row.sha256)) == ("Removed file", "", True)
        assert not default_storage.exists(path)
    for chain in (case.dispute_id, case.contract.pk):
        assert audit.verify(chain).broken_at is None
    kept = set(AuditEntry.objects.values_list("digest", flat=True))
    assert set(digests) <= kept  # nothing of the record was touched
    assert Notice.objects.filter(recipient=case.client.user, kind="text_removed").exists()


@pytest.mark.rule("M5")
def test_the_record_keeps_the_digest_of_what_was_said():
    case = active_case()
    row = case_message(case, case.client, body=SECRET)
    approve(case, ask(case, "case_message", row, case.supervisor), make_admin())
    digest = audit.text_digest(SECRET.strip(), row.pk)
    posted, removed = (
        AuditEntry.objects.get(chain_id=case.dispute_id, act="post_message").payload["body"],
        AuditEntry.objects.get(chain_id=case.dispute_id, act="approve").payload["text"],
    )
    assert posted == removed == digest


@pytest.mark.rule("M5")
def test_a_first_claim_is_removed_from_the_draft_too():
    case = active_case()
    claim = StatementVersion.objects.get(dispute_id=case.dispute_id, side="claim", number=1)
    assert case.dispute.draft.get("details")
    approve(case, ask(case, "statement", claim, case.supervisor), make_admin())
    assert "details" not in case.dispute.draft


@pytest.mark.rule("M5")
def test_a_hidden_message_s_original_goes_as_well(django_capture_on_commit_callbacks):
    case, agent = active_case(), make_support()
    row = thread_message(case, case.client)
    hide(case, report(case, "message", row, case.freelancer), agent)
    from disputes.models import HiddenOriginal

    with django_capture_on_commit_callbacks(execute=True):
        approve(case, ask(case, "message", row, agent), make_admin())
    assert not HiddenOriginal.objects.exists()
    assert str(Message.objects.get(pk=row.pk).body).startswith("Removed on ")


@pytest.mark.rule("M5", "M2")
def test_a_removal_answers_the_reports_of_the_message():
    case = active_case()
    row = thread_message(case, case.client)
    found = report(case, "message", row, case.freelancer)
    approve(case, ask(case, "message", row, make_support(), reason="unlawful"), make_admin())
    found.refresh_from_db()
    assert found.state == "hidden"


@pytest.mark.rule("M4")
def test_who_may_ask_and_who_may_approve():
    case, agent = active_case(), make_support()
    row = thread_message(case, case.client, body=SECRET)
    private = case_message(case, case.client, body=SECRET, audience="client", purpose="A question")
    with unchanged(case.contract):
        for person in (case.client, case.specialist):
            with pytest.raises(StrangerError):
                ask(case, "message", row, person)
        for person in (agent, make_admin()):  # what they may not read does not exist for them
            with pytest.raises(StrangerError):
                ask(case, "case_message", private, person)
        with pytest.raises(InvalidInputError) as refusal:
            ask(case, "message", row, agent, why="short")
        assert set(refusal.value.fields) == {"why"}
        with pytest.raises(NotAllowedError):
            ask(case, "message", row, make_member(case.client.account, staff_roles=["admin"]))
    found = ask(case, "message", row, case.supervisor)
    with unchanged(case.contract):
        with pytest.raises(OutOfTurnError):
            ask(case, "message", row, agent)
        for person in (case.supervisor, agent, make_member(case.client.account, staff_roles=["admin"])):
            with pytest.raises(NotAllowedError):
                approve(case, found, person)
    approve(case, found, make_supervisor("Second Supervisor"))
    with unchanged(case.contract):
        with pytest.raises(OutOfTurnError):
            approve(case, found, make_admin())
        with pytest.raises(OutOfTurnError):
            ask(case, "message", row, case.supervisor)


@pytest.mark.rule("M6")
def test_M6_a_refused_removal_leaves_everything():
    case, agent = active_case(), make_support()
    row = thread_message(case, case.client, body="Our number is 555-0100.")
    found = ask(case, "message", row, agent, reason="wrong")
    services.refuse_redaction(
        redaction_id=found.pk,
        text="The number is the company's own and stands on its site.",
        actor=make_admin().actor,
        now=case.now,
    )
    row.refresh_from_db()
    assert row.body == "Our number is 555-0100."
    assert Notice.objects.filter(recipient=agent.user, kind="support_queue", title__contains="is not removed").exists()
    ask(case, "message", row, agent)  # may be asked anew


@pytest.mark.rule("M4")
def test_the_database_opens_a_statement_to_an_approved_tombstone_only():
    case = active_case()
    claim = StatementVersion.objects.get(dispute_id=case.dispute_id, side="claim", number=1)
    rows = StatementVersion.objects.filter(pk=claim.pk)

    def refused(**values):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)

    refused(details="Something else")
    found = ask(case, "statement", claim, case.supervisor)
    refused(details="")
    refused(details="Something else")
    # One person alone can never be both, whatever runs.
    with pytest.raises(IntegrityError), transaction.atomic():
        Redaction.objects.filter(pk=found.pk).update(state="done", decided_by=found.asked_by, tombstone="x")
    approve(case, found, make_admin())
    refused(details="Something else")
    refused(amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
    assert str(rows.get().details).startswith("Removed on ")
