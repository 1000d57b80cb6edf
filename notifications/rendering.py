"""A notice as a mail: the same words, sums and dates as on the page, and a link to it (interface rule 16)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from core import formatting as fmt
from notifications.models import Notice


def message_id(notice: Notice) -> str:
    """The same for the same notice: a mail sent twice is one mail to its reader."""
    host = urlsplit(settings.SITE_URL).hostname or "evenhand.example"
    return f"<{notice.pk}@{host}>"


def mail_of(notice: Notice, *, contract_title: str = "") -> EmailMultiAlternatives:
    """Build subject, text and HTML in the recipient's own zone. Needs `recipient` selected."""
    tz = fmt.zone(notice.recipient.timezone)
    until = ""
    if notice.until is not None:
        until = f"{fmt.format_instant(notice.until, tz, 'full')}, {fmt.zone_label(notice.until, tz)}"
    site = settings.SITE_URL.rstrip("/")
    context: dict[str, Any] = {
        "notice": notice,
        "subject": notice.title,
        "until": until,
        "contract_title": contract_title,
        "url": site + reverse("notifications:go", args=[notice.pk]),
        "settings_url": site + reverse("notifications:mail"),
        "MARKETPLACE": settings.MARKETPLACE_NAME,
    }
    message = EmailMultiAlternatives(
        # A subject is one line, whatever somebody wrote into a title.
        subject=" ".join(notice.title.split()),
        body=render_to_string("notifications/email/notice.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[notice.recipient.email],
        headers={
            "Message-ID": message_id(notice),
            "Auto-Submitted": "auto-generated",
            "X-Evenhand-Kind": notice.kind,
            **_thread_of(notice),
        },
    )
    message.attach_alternative(render_to_string("notifications/email/notice.html", context), "text/html")
    return message


def _thread_of(notice: Notice) -> dict[str, str]:
    """All mails of one contract stand together in the reader's mailbox."""
    if notice.contract_id is None:
        return {}
    host = urlsplit(settings.SITE_URL).hostname or "evenhand.example"
    return {"References": f"<contract-{notice.contract_id}@{host}>"}
