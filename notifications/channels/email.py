"""E-mail: an outbox handler that sends each notice once as far as SMTP lets anybody know."""

from __future__ import annotations

import logging
import smtplib
from typing import Any

from contracts.models import Contract
from core import clock
from notifications.bounces import mark_bounced, mark_mailed
from notifications.models import Notice
from notifications.rendering import mail_of
from notifications.services import still_concerns

log = logging.getLogger(__name__)

PERMANENT = 500  # SMTP answers from here on are final


def deliver(payload: dict[str, Any]) -> None:
    """Send the mail of one notice (outbox "notifications.email").

    Idempotent by `mailed_at`; the Message-ID is the notice's, so a mail that left twice shows once.
    Temporary errors are raised and tried again by the relay; a final refusal marks notice and address.
    """
    notice = Notice.objects.select_related("recipient").filter(pk=payload["notice_id"]).first()
    if notice is None or notice.mailed_at is not None or notice.mail_problem:
        return
    if not still_concerns(notice):
        return  # rights ended between the change and the mail
    if notice.recipient.mail_bounced_at is not None and not notice.legal:
        return
    title = ""
    if notice.contract_id is not None:
        title = Contract.objects.filter(pk=notice.contract_id).values_list("title", flat=True).first() or ""
    try:
        mail_of(notice, contract_title=title).send()
    except smtplib.SMTPRecipientsRefused as error:
        answers = list(error.recipients.values())
        if not answers or any(code < PERMANENT for code, _ in answers):
            raise
        code, text = answers[0]
        mark_bounced(notice, f"{code} {_words(text)}", now=clock.now())
    except smtplib.SMTPDataError as error:
        if error.smtp_code < PERMANENT:
            raise
        mark_bounced(notice, f"{error.smtp_code} {_words(error.smtp_error)}", now=clock.now())
    else:
        mark_mailed(notice, now=clock.now())


def _words(answer: bytes | str) -> str:
    return (answer.decode(errors="replace") if isinstance(answer, bytes) else answer)[:200]
