"""Every mail is short and whole, and says how to get fewer of them, or why that cannot be."""

from __future__ import annotations

import re

import html5lib
import pytest
from django.test import Client

from accounts.models import User
from notifications.kinds import KINDS
from notifications.models import Notice
from notifications.rendering import mail_of
from notifications.tokens import mute_token
from tests.factories.accounts import make_supervisor
from tests.factories.contracts import active_contract
from tests.factories.mediation import recommended_case

pytestmark = pytest.mark.django_db


def mails():
    found = {}
    for notice in Notice.objects.select_related("recipient", "account").order_by("created_at"):
        found.setdefault((notice.kind, notice.account_id is None), notice)
    return [(n, mail_of(n, contract_title="A title & more", now=n.created_at)) for n in found.values()]


def test_every_mail_of_a_long_case_says_what_until_when_and_what_otherwise():
    case = recommended_case()
    make_supervisor("Second Supervisor")
    case.later(hours=1).answer("client", accept=False)
    for _ in range(20):
        case.later(days=1).sweep()

    built = mails()
    assert len(built) >= 12
    for notice, mail in built:
        [(html, mime)] = mail.alternatives
        text = " ".join(mail.body.split())
        assert mime == "text/html"
        html5lib.HTMLParser(strict=True).parse(html)
        for words in (notice.title, notice.may_do, notice.otherwise, notice.link_label):
            assert " ".join(words.split()) in text, (notice.kind, words)
        assert html.count(f"/notifications/{notice.pk}/go/") == 1
        assert mail.body.count(f"/notifications/{notice.pk}/go/") == 1
        assert ("Until: " in mail.body) == (notice.until is not None)
        assert ("left when this mail was sent" in text) == (
            notice.until is not None and notice.until > notice.created_at
        )
        assert 'name="color-scheme" content="light dark"' in html
        assert not re.search(r"<(img|script|form|link|input)\b", html)
        assert len(html) < 12_000
        assert "\n\n\n" not in mail.body


def test_mails_that_can_be_switched_off_say_how_and_legal_ones_why_not():
    case = recommended_case()
    case.later(hours=1).answer("client", accept=False)

    seen = set()
    for notice, mail in mails():
        seen.add(notice.legal)
        text = " ".join(mail.body.split())
        if notice.legal:
            assert "cannot be switched off" in text
            assert str(KINDS[notice.kind].reason) in text
            assert "List-Unsubscribe" not in mail.extra_headers
        else:
            assert "cannot be switched off" not in text
            assert re.fullmatch(
                r"<http://testserver/notifications/mute/[^>]+/>", mail.extra_headers["List-Unsubscribe"]
            )
            assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert seen == {True, False}


@pytest.fixture
def link():
    world = active_contract()
    world.later(hours=1).write(world.client)
    notice = Notice.objects.select_related("recipient", "account").get(
        recipient=world.freelancer.user, kind="message_posted"
    )
    url = mail_of(notice, now=world.now).extra_headers["List-Unsubscribe"].strip("<>")
    return world.freelancer.user, url.removeprefix("http://testserver")


def muted(user):
    return User.objects.get(pk=user.pk).muted_mail


def test_one_click_mutes_the_kind_without_signing_in(link):
    user, url = link
    reader = Client(enforce_csrf_checks=True)

    page = reader.get(url)
    assert muted(user) == []
    answer = reader.post(url, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")

    assert "Stop these mails" in page.content.decode()
    assert (answer.status_code, muted(user)) == (200, ["message_posted"])
    reader.post(url, {"again": "1"})
    assert muted(user) == []


def test_the_key_opens_nothing_else(link, client):
    user, url = link
    forged = url[:-6] + "xxxxx/"
    legal = f"/notifications/mute/{mute_token(user.pk, 'refund_requested')}/"
    unknown = f"/notifications/mute/{mute_token(user.pk, 'no_such_kind')}/"

    for path in (forged, legal, unknown):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    assert muted(user) == []
    client.get(url)
    assert "_auth_user_id" not in client.session


def test_what_is_muted_after_it_happened_is_not_mailed_any_more(link, mailoutbox):
    from notifications.channels import email

    user, url = link
    Client().post(url, {})
    for notice in Notice.objects.filter(recipient=user, kind="message_posted"):
        email.deliver({"notice_id": str(notice.pk)})

    assert mailoutbox == []
