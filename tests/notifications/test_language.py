"""Everybody is told in their own language, whoever acts and in whatever language."""

from __future__ import annotations

import pytest
from django.utils import translation

from contracts.models import Message
from core import formatting as fmt
from core.money import Money
from notifications.models import Notice
from notifications.rendering import mail_of
from tests.factories.accounts import make_client, make_freelancer
from tests.factories.contracts import submitted_contract

pytestmark = pytest.mark.django_db
SUM = Money(180000, "USD")


def in_language(code: str) -> str:
    with translation.override(code):
        return fmt.format_money(SUM)


@pytest.fixture
def ended():
    """A Spanish freelancer and an English client, who ends the contract with a page in Spanish open."""
    freelancer, client = make_freelancer(), make_client()
    freelancer.user.language = "es"
    freelancer.user.save(update_fields=["language"])
    world = submitted_contract(freelancer=freelancer, client=client)
    with translation.override("es"):
        world.end()
    return world


@pytest.mark.rule("R1")
def test_R1_each_side_reads_the_notice_in_its_own_language(ended):
    theirs = Notice.objects.get(recipient=ended.freelancer.user, kind="refund_requested")
    mine = Notice.objects.get(recipient=ended.client.user, kind="refund_requested")

    assert in_language("es") != in_language("en")
    assert in_language("es") in theirs.title
    assert in_language("en") in mine.title
    assert "is open" in mine.title


@pytest.mark.rule("Z2")
def test_Z2_the_threads_message_is_stored_in_every_language(ended):
    message = Message.objects.get(contract_id=ended.contract_id, kind="system", link__contains="refund-request")

    assert in_language("en") in message.body
    assert "asks for" in message.body
    assert in_language("es") in message.translations["es"]["body"]
    assert message.translations["es"]["link_label"]


def test_the_mail_is_in_the_language_and_zone_of_its_reader(ended):
    notice = Notice.objects.select_related("recipient", "account").get(
        recipient=ended.freelancer.user, kind="refund_requested"
    )
    mail = mail_of(notice, now=ended.now)
    [(html, _mime)] = mail.alternatives

    assert '<html lang="es">' in html
    assert mail.extra_headers["Content-Language"] == "es"
    with translation.override("es"):
        assert fmt.format_instant(notice.until, fmt.zone(notice.recipient.timezone), "full") in mail.body
    assert translation.get_language() == "en"


def test_two_languages_of_one_side_are_told_apart(ended):
    colleague = ended.client.user
    colleague.language = "es"
    colleague.save(update_fields=["language"])
    ended.later(days=4, hours=1).sweep()

    reminder = Notice.objects.get(recipient=ended.freelancer.user, kind="refund_reminder")
    with translation.override("es"):
        assert fmt.format_instant(reminder.until, fmt.zone(ended.freelancer.user.timezone), "full") in reminder.title
