"""Addresses that refuse mail (rulebook section 16): marked, shown, mended, and known to the staff in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from config.smtp_sink import Mailbox, Receiver
from core import outbox
from core.models import OutboxMessage
from core.web import mailbox as reader
from notifications import bounces
from notifications.channels import email
from notifications.models import Notice
from notifications.outgoing import MAIL, TRIAL
from tests.factories.accounts import make_support
from tests.factories.contracts import refund_requested_contract
from tests.factories.mediation import filed_case
from tests.notifications.test_email import free_port

pytestmark = pytest.mark.django_db


class Choosy(Receiver):
    """Refuses some addresses for good."""

    def __init__(self, folder):
        super().__init__(Mailbox(folder))
        self.refused: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def server(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_USE_TLS = False
    settings.EMAIL_PORT = free_port()
    choosy = Choosy(tmp_path)
    controller = Controller(choosy, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    yield choosy
    controller.stop(no_assert=True)


def told(person):
    return list(Notice.objects.filter(recipient=person.user, kind="mail_bounced").order_by("created_at"))


def bounce(server, person, kind):
    server.refused.add(person.user.email)
    notice = Notice.objects.filter(recipient=person.user, kind=kind).latest("created_at")
    email.deliver({"notice_id": str(notice.pk)})
    person.user.refresh_from_db()
    return notice


def test_a_refused_mail_with_a_deadline_is_told_to_the_specialist_of_the_case(server):
    case = filed_case()
    notice = bounce(server, case.client, "dispute_opened")

    [word] = told(case.specialist)
    assert case.client.user.mail_bounced_at is not None
    assert word.title == f"Mail to {case.client.user.name} comes back"
    assert word.until == notice.until == case.clock("client_answer").due_at
    assert word.link == f"/desk/cases/{case.reference}/"
    assert "550" in word.details
    assert notice.title not in word.details
    assert OutboxMessage.objects.filter(handler=MAIL, payload__notice_id=str(word.pk)).exists()


def test_the_staff_hear_of_it_at_the_next_reminder_at_the_latest_and_once_for_each_deadline(server):
    case = filed_case()
    case.client.user.mail_bounced_at = case.now - timedelta(days=30)
    case.client.user.save(update_fields=["mail_bounced_at"])
    due = case.clock("client_answer").due_at
    while case.now + timedelta(hours=12) < due:
        case.later(hours=12).sweep()

    words = [w for w in told(case.specialist) if w.until == due]
    assert len(words) == 1
    assert words[0].created_at < due
    assert Notice.objects.filter(recipient=case.client.user, kind="client_answer_reminder").count() == 2
    case.later(hours=13).sweep()
    assert len([w for w in told(case.specialist) if w.until == due]) == 1


def test_before_there_is_a_specialist_the_support_desk_is_told(server):
    agent = make_support()
    world = refund_requested_contract()
    notice = bounce(server, world.freelancer, "refund_requested")

    [word] = told(agent)
    assert word.until == notice.until
    assert word.link == f"/contracts/{world.contract.reference}/"


def test_nobody_is_told_of_people_who_can_be_reached(server):
    case = filed_case()
    while case.now + timedelta(hours=12) < case.clock("client_answer").due_at:
        case.later(hours=12).sweep()

    assert told(case.specialist) == []


def test_the_person_reads_it_on_every_page_and_can_try_again(server, client, tmp_path):
    world = refund_requested_contract()
    bounce(server, world.freelancer, "refund_requested")
    user = world.freelancer.user
    client.force_login(user)

    assert "Your mail comes back" in client.get("/my-jobs/").content.decode()
    page = client.get("/settings/mail/").content.decode()
    assert "550 5.1.1 No such mailbox" in page
    assert "Try this address again" in page

    refused_at = user.mail_bounced_at
    client.post("/settings/mail/trial/")
    client.post("/settings/mail/trial/")
    [asked] = OutboxMessage.objects.filter(handler=TRIAL)
    email.deliver_trial(asked.payload)
    user.refresh_from_db()
    assert user.mail_bounced_at > refused_at
    assert "Your mail comes back" in client.get("/settings/mail/").content.decode()

    server.refused.clear()
    email.deliver_trial(asked.payload)
    user.refresh_from_db()
    assert user.mail_bounced_at is None
    assert [letter.subject for letter in reader.listing(tmp_path)[0]] == ["Your mail works again"]
    assert "comes back" not in client.get("/settings/mail/").content.decode()


def test_a_trial_is_for_oneself_and_only_where_mail_came_back(server):
    world = refund_requested_contract()

    assert bounces.ask_trial(actor=world.freelancer.actor, now=world.now) is False
    assert not OutboxMessage.objects.filter(handler=TRIAL).exists()
    email.deliver_trial({"user_id": str(world.freelancer.user.pk)})


def test_only_legal_mails_are_tried_at_a_marked_address_and_one_that_arrives_clears_it(server, tmp_path):
    world = refund_requested_contract()
    world.freelancer.user.mail_bounced_at = world.now
    world.freelancer.user.save(update_fields=["mail_bounced_at"])
    world.later(hours=1).write(world.client, "Hello")

    plain = Notice.objects.get(recipient=world.freelancer.user, kind="message_posted")
    email.deliver({"notice_id": str(plain.pk)})
    assert reader.listing(tmp_path)[0] == []
    outbox.relay(now=world.now, limit=500)

    world.freelancer.user.refresh_from_db()
    assert world.freelancer.user.mail_bounced_at is None
