"""A notice as a mail: the same words, sums and dates as on the page, and a link to it (interface rule 16)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from core import formatting as fmt
from notifications.kinds import KINDS
from notifications.models import Notice
from notifications.tokens import mute_token

_GAPS = re.compile(r"\n\s*\n\s*\n+")


def message_id(notice: Notice) -> str:
    """The same for the same notice: a mail sent twice is one mail to its reader."""
    return f"<{notice.pk}@{_host()}>"


def mail_of(notice: Notice, *, contract_title: str = "", now: datetime) -> EmailMultiAlternatives:
    """Build subject, text and HTML in the recipient's own zone and language. Needs `recipient`, `account` selected."""
    with translation.override(notice.recipient.language):
        site = settings.SITE_URL.rstrip("/")
        kind = KINDS.get(notice.kind)
        mute_url = ""
        if not notice.legal:
            mute_url = site + reverse("notifications:mute", args=[mute_token(notice.recipient_id, notice.kind)])
        context: dict[str, Any] = {
            "notice": notice,
            "contract_title": contract_title,
            "url": site + reverse("notifications:go", args=[notice.pk]),
            "settings_url": site + reverse("notifications:mail"),
            "unsubscribe_url": mute_url,
            "why": _why(notice),
            "reason": kind.reason if kind is not None else "",
            **_times(notice, now),
        }
        return _message(
            "notice",
            notice.title,
            notice.recipient,
            context,
            {
                "Message-ID": message_id(notice),
                "X-Evenhand-Kind": notice.kind,
                **_thread_of(notice),
                **_unsubscribe(mute_url),
            },
        )


def trial_mail(person: User) -> EmailMultiAlternatives:
    """A mail that asks nothing: whether the address works."""
    with translation.override(person.language):
        url = settings.SITE_URL.rstrip("/") + reverse("notifications:inbox")
        return _message("test", _("Your mail works again"), person, {"url": url}, {})


def _message(
    name: str, subject: str, person: User, context: dict[str, Any], headers: dict[str, str]
) -> EmailMultiAlternatives:
    context = {"subject": subject, "MARKETPLACE": settings.MARKETPLACE_NAME, **context}
    message = EmailMultiAlternatives(
        # A subject is one line, whatever somebody wrote into a title.
        subject=" ".join(subject.split()),
        body=_lines(render_to_string(f"notifications/email/{name}.txt", context)),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": person.language, **headers},
    )
    message.attach_alternative(render_to_string(f"notifications/email/{name}.html", context), "text/html")
    return message


def _lines(text: str) -> str:
    """At most one empty line between paragraphs, whatever a template left out."""
    return _GAPS.sub("\n\n", text.strip()) + "\n"


def _times(notice: Notice, now: datetime) -> dict[str, str]:
    """Until when, in the reader's zone, and how long that is from the moment the mail leaves."""
    due = notice.until
    if due is None:
        return {"until": "", "left": "", "urgency": ""}
    tz = fmt.zone(notice.recipient.timezone)
    left = (
        _("{span} left when this mail was sent").format(span=fmt.time_left(due, now))
        if due > now
        else _("This time was already over when this mail was sent.")
    )
    return {
        "until": f"{fmt.format_instant(due, tz, 'full')}, {fmt.zone_label(due, tz)}",
        "left": left,
        "urgency": fmt.urgency(due, now),
    }


def _why(notice: Notice) -> str:
    """Why this person gets this mail."""
    kind = KINDS.get(notice.kind)
    label = str(kind.label) if kind is not None else notice.kind
    if notice.account is None:
        if notice.legal:
            return _("You get this mail because you work here. It cannot be switched off.")
        return _("You get this mail because you work here and chose mails about “{kind}”.").format(kind=label)
    own = notice.account.name == notice.recipient.name
    account = notice.account.name
    if notice.legal:
        return (
            _("You get this mail because it concerns your account. It cannot be switched off.")
            if own
            else _("You get this mail because you act for {account}. It cannot be switched off.").format(
                account=account
            )
        )
    return (
        _("You get this mail because you chose mails about “{kind}”.").format(kind=label)
        if own
        else _("You get this mail because you act for {account} and chose mails about “{kind}”.").format(
            account=account, kind=label
        )
    )


def _unsubscribe(url: str) -> dict[str, str]:
    """RFC 8058: mail readers show a button that mutes this kind with one POST."""
    if not url:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _thread_of(notice: Notice) -> dict[str, str]:
    """All mails of one contract stand together in the reader's mailbox."""
    if notice.contract_id is None:
        return {}
    return {"References": f"<contract-{notice.contract_id}@{_host()}>"}


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "evenhand.example"
