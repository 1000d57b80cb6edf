"""The sandbox's clock and mailbox."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.smtp_sink import Mailbox
from core import clock
from core.models import Deadline, DeadlineStatus
from notifications.models import Notice
from tests.factories.contracts import refund_requested_contract, submitted_contract

pytestmark = pytest.mark.django_db
MAIL = (
    b"From: a@example.org\r\nTo: b@example.org\r\nSubject: %s\r\nContent-Type: text/html\r\n\r\n<!doctype html>"
    b'<html lang="en"><head><title>x</title></head><body><script>alert(1)</script>%s</body></html>'
)


@pytest.mark.rule("R4", "Z4")
def test_R4_moving_the_clock_by_seven_days_fires_everything_on_the_way_at_its_own_instant(client):
    world = refund_requested_contract(now=clock.now())
    due = world.refund.due_at

    answer = client.post("/sandbox/clock/", {"step": "week"})
    client.post("/sandbox/clock/", {"step": "days3"})
    page = client.get(answer["Location"])

    reminders = Notice.objects.filter(recipient=world.freelancer.user, kind="refund_reminder").order_by("created_at")
    expired = Notice.objects.get(recipient=world.client.user, kind="refund_expired")
    assert page.status_code == 200
    assert world.refund.state == "expired"
    assert [
        due - r.created_at < timedelta(hours=h, seconds=60) for r, h in zip(reminders, (72, 24, 3), strict=True)
    ] == [
        True,
        True,
        True,
    ]
    assert expired.created_at - due < timedelta(seconds=60)
    assert not Deadline.objects.filter(status=DeadlineStatus.PENDING, due_at__lt=clock.now()).exists()


@pytest.mark.rule("C6")
def test_C6_the_next_deadline_is_one_press_away(client):
    world = submitted_contract(now=clock.now())

    for _ in range(3):  # two reminders, then the end of the review
        client.post("/sandbox/clock/", {"step": "next"})

    assert world.milestone.state == "paid"


def test_time_moves_forward_by_known_steps_only(client):
    before = clock.offset()

    assert client.post("/sandbox/clock/", {"step": "-7 days"}).status_code == 404
    assert clock.offset() == before


def test_with_nothing_due_the_page_says_so(client):
    assert client.post("/sandbox/clock/", {"step": "next"}, follow=True).status_code == 200
    assert "No deadline is running" in client.get("/sandbox/").content.decode()


@pytest.mark.parametrize("path", ["/sandbox/", "/sandbox/clock/", "/sandbox/mailbox/"])
def test_outside_the_sandbox_there_is_no_such_page(client, settings, path):
    settings.SANDBOX = False

    assert client.get(path).status_code == 404
    assert client.post("/sandbox/clock/", {"step": "week"}).status_code == 404


def test_the_mailbox_shows_searches_and_holds_mails_harmless(client, settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path
    box = Mailbox(tmp_path)
    box.deliver("a@example.org", ["rafael@example.org"], MAIL % (b"First one", b"apples"))
    second = box.deliver("a@example.org", ["ellen@example.org"], MAIL % (b"Second one", b"pears"))

    everything = client.get("/sandbox/mailbox/").content.decode()
    some = client.get("/sandbox/mailbox/?q=ellen second").content.decode()
    page = client.get(f"/sandbox/mailbox/{second.name}/")
    html = client.get(f"/sandbox/mailbox/{second.name}/html/")

    assert everything.index("Second one") < everything.index("First one")
    assert "Second one" in some
    assert "First one" not in some
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page.content.decode()
    assert "alert(1)" not in page.content.decode()
    assert "default-src 'none'" in html["Content-Security-Policy"]
    assert "script-src" not in html["Content-Security-Policy"]
    assert html["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["..%2f..%2fmanage.py", "x.eml", "00000000000000000000.0000000000000000.eml"])
def test_only_stored_mails_can_be_read(client, settings, tmp_path, name):
    settings.MAILBOX_DIR = tmp_path

    assert client.get(f"/sandbox/mailbox/{name}/").status_code == 404


def test_an_empty_mailbox_says_what_will_appear(client, settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "none"

    assert "No mail yet" in client.get("/sandbox/mailbox/").content.decode()


def test_the_stories_mail_counts_as_delivered_but_for_one_of_each_kind():
    from config.demo.post import count_as_mailed
    from core.models import OutboxMessage
    from notifications.outgoing import MAIL
    from tests.factories.mediation import recommended_case

    case = recommended_case()
    waiting = OutboxMessage.objects.filter(handler=MAIL, delivered_at__isnull=True)
    before = waiting.count()

    left = count_as_mailed(case.now)

    kept = list(
        Notice.objects.filter(pk__in=[payload["notice_id"] for payload in waiting.values_list("payload", flat=True)])
    )
    assert left == waiting.count() == len({notice.kind for notice in kept}) < before
    assert all(notice.mailed_at is None for notice in kept)
    assert all(notice.until is None or notice.until > case.now for notice in kept)
    told = Notice.objects.exclude(pk__in=[notice.pk for notice in kept]).exclude(mailed_at=None)
    assert told.count() == before - left
    assert all(notice.mailed_at == notice.created_at for notice in told)
