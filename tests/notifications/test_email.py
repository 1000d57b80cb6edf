"""Mail over real SMTP: what is sent, what is refused, what is never sent twice."""

from __future__ import annotations

import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from config.smtp_sink import Mailbox, Receiver
from core import outbox
from core.models import OutboxMessage
from core.web import mailbox as reader
from notifications.channels import email
from notifications.models import Notice
from tests.factories.accounts import make_freelancer, make_member, make_support
from tests.factories.contracts import active_contract, refund_requested_contract

pytestmark = pytest.mark.django_db


@pytest.fixture
def smtp(settings, tmp_path):
    """The sandbox's own mail server, on a port of its own."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_USE_TLS = False
    settings.MAILBOX_DIR = tmp_path
    started = []

    def start(handler=None):
        controller = Controller(handler or Receiver(Mailbox(tmp_path)), hostname="127.0.0.1", port=free_port())
        controller.start()
        settings.EMAIL_PORT = controller.port
        started.append(controller)
        return tmp_path

    yield start
    for controller in started:
        controller.stop(no_assert=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def notice_for(world):
    return Notice.objects.get(recipient=world.freelancer.user, kind="refund_requested")


@pytest.mark.rule("R1")
def test_R1_the_mail_says_the_same_words_as_the_page_and_leads_to_it(smtp):
    folder = smtp()
    world = refund_requested_contract(freelancer=make_freelancer(timezone="Asia/Manila"))
    notice = notice_for(world)

    email.deliver({"notice_id": str(notice.pk)})

    [letter] = reader.listing(folder)[0]
    notice.refresh_from_db()
    assert letter.to == world.freelancer.user.email
    assert letter.subject == notice.title
    assert letter.message_id == f"<{notice.pk}@testserver>"
    for words in (notice.may_do, notice.otherwise, "Manila time (GMT+8)", f"/notifications/{notice.pk}/go/"):
        assert words in " ".join(letter.text.split()), words
    assert "See Request" in letter.html
    assert "<form" not in letter.html
    assert notice.mailed_at is not None


def test_delivered_twice_leaves_once(smtp):
    folder = smtp()
    world = refund_requested_contract()
    for _ in range(3):
        email.deliver({"notice_id": str(notice_for(world).pk)})

    assert len(reader.listing(folder)[0]) == 1


def test_a_relay_that_died_before_marking_sends_the_same_message_id(smtp):
    folder = smtp()
    world = refund_requested_contract()
    notice = notice_for(world)
    email.deliver({"notice_id": str(notice.pk)})
    Notice.objects.filter(pk=notice.pk).update(mailed_at=None)
    email.deliver({"notice_id": str(notice.pk)})

    assert {letter.message_id for letter in reader.listing(folder)[0]} == {f"<{notice.pk}@testserver>"}


class Refusing(Receiver):
    """A mail server that does not know the address, or is busy."""

    def __init__(self, folder, answer):
        super().__init__(Mailbox(folder))
        self.answer = answer

    async def handle_RCPT(self, server, session, envelope, address, options):
        return self.answer


def test_a_final_refusal_marks_notice_and_address_and_tells_the_desk(smtp, tmp_path, client):
    smtp(Refusing(tmp_path, "550 No such person here"))
    agent = make_support()
    world = refund_requested_contract()
    notice = notice_for(world)

    email.deliver({"notice_id": str(notice.pk)})
    email.deliver({"notice_id": str(notice.pk)})

    notice.refresh_from_db()
    world.freelancer.user.refresh_from_db()
    assert notice.mailed_at is None
    assert notice.mail_problem.startswith("550")
    assert world.freelancer.user.mail_bounced_at is not None
    [told] = Notice.objects.filter(recipient=agent.user, kind="mail_bounced")
    assert told.until == notice.until
    client.force_login(world.freelancer.user)
    assert "Your mail comes back" in client.get("/notifications/").content.decode()


def test_a_busy_server_is_asked_again_later(smtp, tmp_path):
    smtp(Refusing(tmp_path, "450 Try again"))
    world = refund_requested_contract()
    notice = notice_for(world)
    mine = OutboxMessage.objects.get(payload__notice_id=str(notice.pk))
    OutboxMessage.objects.exclude(pk=mine.pk).delete()

    sent = outbox.relay(now=world.now)

    message = OutboxMessage.objects.get()
    notice.refresh_from_db()
    assert (sent, message.delivered_at, notice.mail_problem) == (0, None, "")
    assert message.available_at > world.now
    assert "450" in message.last_error


def test_an_address_that_works_again_loses_its_mark(smtp):
    smtp()
    world = refund_requested_contract()
    world.freelancer.user.mail_bounced_at = world.now
    world.freelancer.user.save(update_fields=["mail_bounced_at"])

    email.deliver({"notice_id": str(notice_for(world).pk)})

    world.freelancer.user.refresh_from_db()
    assert world.freelancer.user.mail_bounced_at is None


def test_rights_that_ended_before_the_mail_left_stop_it(smtp):
    folder = smtp()
    person = make_freelancer()
    colleague = make_member(person.account)
    active_contract(freelancer=person)
    notice = Notice.objects.get(recipient=colleague.user, kind="contract_started")
    membership = person.account.memberships.get(user=colleague.user)
    membership.removed_at = notice.created_at
    membership.save(update_fields=["removed_at"])

    email.deliver({"notice_id": str(notice.pk)})

    assert reader.listing(folder)[0] == []


def test_what_people_write_cannot_break_out_of_the_mail(smtp):
    folder = smtp()
    world = refund_requested_contract(title="<script>alert(1)</script>\r\nBcc: all@example.org")
    notice = notice_for(world)

    email.deliver({"notice_id": str(notice.pk)})

    [name] = [letter.name for letter in reader.listing(folder)[0]]
    raw = message_from_bytes((folder / "new" / name).read_bytes(), policy=policy.default)
    assert raw["Bcc"] is None
    assert "<script" not in reader.read(folder, name).html
