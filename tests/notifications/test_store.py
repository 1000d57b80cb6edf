"""What people are told along real cases, made by the services under a moving clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from contracts.models import Message, RefundRequest
from core import outbox
from core.models import OutboxMessage
from notifications import handlers
from notifications.models import Notice
from tests.factories.accounts import make_company, make_freelancer, make_member, make_supervisor
from tests.factories.contracts import (
    active_contract,
    changes_requested_contract,
    funded_contract,
    partly_released_contract,
    refund_requested_contract,
    refused_contract,
    submitted_contract,
)
from tests.factories.mediation import contested_case, filed_case, recommended_case

pytestmark = pytest.mark.django_db


def told(person, kind=None):
    found = Notice.objects.filter(recipient=person.user).order_by("created_at", "id")
    return list(found.filter(kind=kind) if kind else found)


def only(person, kind):
    [notice] = told(person, kind)
    return notice


@pytest.mark.rule("R1", "Z2")
def test_R1_S09_reaches_the_freelancer_by_notice_mail_and_thread_each_with_see_request():
    world = refund_requested_contract(freelancer=make_freelancer(timezone="Asia/Manila"))
    path = f"/contracts/{world.contract.reference}/refund-request/"

    notice = only(world.freelancer, "refund_requested")
    copy = only(world.client, "refund_requested")
    message = Message.objects.filter(kind="system", link=path).get()

    assert notice.title == "Northwind Goods ends the contract and asks for $1,800.00 back"
    assert notice.until == world.refund.due_at == world.now + timedelta(days=7)
    assert notice.created_at == world.now
    assert notice.otherwise == "$1,800.00 goes back to Northwind Goods in full, and the contract closes."
    assert (notice.link, notice.link_label, notice.legal) == (path, "See Request", True)
    assert (copy.link, copy.link_label) == (path, "See Request")
    assert message.link_label == "See Request"
    assert {"notice_id": str(notice.pk)} in OutboxMessage.objects.filter(handler=handlers.MAIL).values_list(
        "payload", flat=True
    )


@pytest.mark.rule("Z2")
def test_Z2_if_the_notice_cannot_be_stored_the_act_does_not_happen(monkeypatch):
    world = submitted_contract()

    def refuse(*_, **__):
        raise IntegrityError("the notice cannot be stored")

    monkeypatch.setattr(Notice.objects, "bulk_create", refuse)
    with pytest.raises(IntegrityError):
        world.end()
    monkeypatch.undo()

    assert world.contract.state == "active"
    assert not RefundRequest.objects.filter(contract_id=world.contract_id).exists()
    world.end()


@pytest.mark.rule("R4", "Z4")
def test_R4_reminders_come_three_times_then_both_are_told_what_happened_and_why():
    world = refund_requested_contract(freelancer=make_freelancer(timezone="Asia/Manila"))
    for hours in (4 * 24 + 1, 2 * 24, 21, 3):
        world.later(hours=hours).sweep()

    reminders = told(world.freelancer, "refund_reminder")
    assert [r.created_at for r in reminders] == sorted(r.created_at for r in reminders)
    assert len(reminders) == 3
    assert "Manila time (GMT+8)" in reminders[0].title
    assert told(world.client, "refund_reminder") == []
    assert "is on its way to you" in only(world.client, "refund_expired").title
    assert "not answered in time" in only(world.freelancer, "refund_expired").details


@pytest.mark.rule("D1", "R3")
def test_D1_tells_the_client_what_to_do_and_until_when_and_gives_the_filer_a_receipt():
    case = filed_case()

    opened, filed = only(case.client, "dispute_opened"), only(case.freelancer, "dispute_filed")

    assert opened.title.startswith("Rafael Domingo disputes $1,800.00: D-")
    assert opened.until == case.clock("client_answer").due_at
    assert filed.until == case.clock("mediation_end").due_at
    assert {opened.link, filed.link} == {f"/disputes/{case.reference}/"}
    assert {opened.link_label, filed.link_label} == {"See Dispute"}
    assert told(case.supervisor, "desk_alert") == []
    assert only(case.specialist, "desk_case").link == f"/desk/cases/{case.reference}/"


@pytest.mark.rule("D1")
def test_a_case_nobody_can_take_is_told_to_the_supervisors():
    case = filed_case(staffed=False)

    assert "waits for a specialist" in only(case.supervisor, "desk_alert").title


@pytest.mark.rule("D14")
def test_D14_the_other_side_learns_that_it_was_answered_never_what():
    case = recommended_case()
    case.later(hours=1).answer("freelancer", accept=True)

    texts = [
        f"{n.title} {n.may_do} {n.otherwise} {n.details}".lower()
        for person in (case.client, case.specialist)
        for n in told(person)
        if n.created_at == case.now
    ]

    assert len(texts) == 2
    assert all("answered the recommendation" in text for text in texts)
    assert not any("accepts" in text or "accepted it" in text for text in texts)
    assert told(case.freelancer, "recommendation_answered") == []


@pytest.mark.rule("D16", "N1")
def test_N1_the_notice_reaches_both_and_says_nowhere_who_rejected():
    case = recommended_case()
    case.later(hours=1).answer("client", accept=False)

    for person in (case.freelancer, case.client):
        notice = only(person, "notice_of_non_resolution")
        now = [n for n in told(person) if n.created_at == case.now]
        assert notice.legal
        assert notice.until == case.now + timedelta(days=7)
        assert "If neither side pays" in notice.otherwise
        assert not any("reject" in f"{n.title} {n.may_do} {n.otherwise} {n.details}" for n in now)


def test_private_words_reach_only_those_they_are_for():
    case = contested_case()
    case.later(hours=1).write(case.client, "MARKER-CAUCUS we would pay 1500", audience="client", purpose="Our limits")

    elsewhere = only(case.freelancer, "private_message")
    everything = " ".join(f"{n.title} {n.details} {n.may_do} {n.otherwise}" for n in Notice.objects.all())

    assert "Northwind Goods wrote to Maya Okafor privately" in elsewhere.title
    assert elsewhere.details == "What for: Our limits"
    assert "MARKER-CAUCUS" not in everything
    assert "MARKER-CAUCUS" not in " ".join(Message.objects.filter(kind="system").values_list("body", flat=True))
    assert any("privately" in n.title for n in told(case.specialist, "desk_case"))
    assert told(case.client, "private_message") == []


def test_the_specialists_private_words_are_told_to_their_reader_and_noted_for_the_other():
    case = contested_case()
    case.later(hours=1).write(case.specialist, "MARKER dates?", audience="freelancer", purpose="Dates")

    assert "writes to you privately" in told(case.freelancer, "case_message")[-1].title
    assert "Maya Okafor wrote to Rafael Domingo privately" in only(case.client, "private_message").title
    assert told(case.client, "case_message") == []


@pytest.mark.rule("D9")
def test_D9_evidence_for_the_specialist_only_is_told_to_the_specialist_only():
    case = contested_case()
    before = Notice.objects.filter(recipient__in=[case.client.user, case.freelancer.user]).count()
    case.later(hours=1).exhibit(confidentiality="specialist")

    assert Notice.objects.filter(recipient__in=[case.client.user, case.freelancer.user]).count() == before
    assert "for the specialist only" in told(case.specialist, "desk_case")[-1].title


def test_negotiation_and_recommendations_never_enter_the_thread():
    case = recommended_case()

    bodies = " ".join(
        Message.objects.filter(contract_id=case.world.contract_id, kind="system").values_list("body", flat=True)
    )

    assert "recommend" not in bodies.lower()
    assert "offer" not in bodies.lower()


@pytest.mark.parametrize(
    ("make", "side", "kind", "label"),
    [
        (active_contract, "client", "contract_started", "See Contract"),
        (funded_contract, "freelancer", "milestone_funded", "See Contract"),
        (submitted_contract, "client", "work_submitted", "See Contract"),
        (changes_requested_contract, "freelancer", "changes_requested", "See Contract"),
        (refused_contract, "freelancer", "release_refused", "What you can do"),
        (partly_released_contract, "freelancer", "partly_released", "Contact Customer Support"),
    ],
)
def test_acts_on_a_contract_are_told_to_the_other_side(make, side, kind, label):
    world = make()
    person = world.freelancer if side == "freelancer" else world.client

    notice = told(person, kind)[-1]

    assert notice.link_label == label
    assert all([notice.title, notice.may_do, notice.otherwise])


@pytest.mark.rule("C6")
def test_C6_the_review_time_is_named_with_what_happens_at_its_end():
    world = submitted_contract()

    notice = only(world.client, "work_submitted")

    assert notice.until == world.now + timedelta(days=14)
    assert notice.otherwise == "$1,800.00 is released to Rafael Domingo."
    world.later(days=14).sweep()
    assert "review is over" in told(world.client, "milestone_paid")[-1].details


def test_all_members_of_an_account_are_told_but_never_the_writer():
    company = make_company()
    colleague = make_member(company.account)
    world = active_contract(client=company)
    world.later(hours=1).write(world.freelancer, "Hello")
    world.write(colleague, "Hello back")

    assert len(told(company, "message_posted")) == len(told(colleague, "message_posted")) == 1
    assert only(world.freelancer, "message_posted").title.startswith("Mika Colleague writes to you")


def test_a_deactivated_person_is_still_told_in_the_product_but_not_by_mail():
    world = submitted_contract()
    world.freelancer.user.is_active = False
    world.freelancer.user.save(update_fields=["is_active"])
    world.end()

    notice = only(world.freelancer, "refund_requested")

    assert not OutboxMessage.objects.filter(handler=handlers.MAIL, payload__notice_id=str(notice.pk)).exists()


def test_muted_kinds_are_not_mailed_but_legal_ones_are():
    world = submitted_contract()
    user = world.freelancer.user
    user.muted_mail = ["message_posted", "refund_requested"]
    user.save(update_fields=["muted_mail"])
    world.later(hours=1).write(world.client, "Hello")
    world.later(hours=1).end()

    mailed = {
        m["notice_id"] for m in OutboxMessage.objects.filter(handler=handlers.MAIL).values_list("payload", flat=True)
    }
    assert str(only(world.freelancer, "message_posted").pk) not in mailed
    assert str(only(world.freelancer, "refund_requested").pk) in mailed


def test_a_repeated_event_is_invisible(monkeypatch):
    heard = []
    real = handlers.store
    world = submitted_contract()
    monkeypatch.setattr(handlers, "event_key", lambda event, key=handlers.event_key: heard.append(event) or key(event))
    world.end()
    before = Notice.objects.count()
    thread = Message.objects.filter(contract_id=world.contract_id).count()
    with transaction.atomic():
        for event in tuple(heard):
            real(event)

    assert Notice.objects.count() == before
    assert Message.objects.filter(contract_id=world.contract_id).count() == thread


def test_every_notice_of_a_long_case_is_whole():
    case = recommended_case()
    make_supervisor("Second Supervisor")
    case.later(hours=1).answer("client", accept=False)
    for _ in range(40):
        case.later(days=1).sweep()

    notices = Notice.objects.all()
    assert notices.count() > 25
    for notice in notices:
        assert notice.title.strip() == notice.title != ""
        assert len(notice.title) <= 200
        assert notice.may_do.endswith((".", "!")), notice.may_do
        assert notice.otherwise.endswith("."), notice.otherwise
        assert notice.link.startswith("/")
        assert notice.link_label
    assert OutboxMessage.objects.filter(handler=handlers.MAIL).count() <= notices.count()


def test_the_relay_sends_each_mail_once(settings, mailoutbox):
    world = refund_requested_contract()
    outbox.relay(now=world.now, limit=500)
    outbox.relay(now=world.now, limit=500)

    subjects = [m.subject for m in mailoutbox if m.to == [world.freelancer.user.email]]
    assert subjects.count("Northwind Goods ends the contract and asks for $1,800.00 back") == 1
    assert Notice.objects.filter(mailed_at__isnull=True).count() == 0


def test_instants_are_utc_and_words_are_local():
    world = refund_requested_contract(freelancer=make_freelancer(timezone="America/Toronto"))
    world.later(hours=4 * 24 + 1).sweep()

    notice = only(world.freelancer, "refund_reminder")

    assert notice.until.astimezone(UTC) == datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
    assert "Wed 2 Dec 2026, 4:00 am, Toronto time (GMT−5)" in notice.title
