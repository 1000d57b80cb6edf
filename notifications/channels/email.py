"""E-mail: outbox handlers that send each mail once as far as SMTP lets anybody know."""

from __future__ import annotations

import logging
import smtplib
from typing import Any

from django.core.mail import EmailMultiAlternatives

from accounts.models import User
from contracts.models import Contract
from core import clock
from notifications import bounces
from notifications.models import Notice
from notifications.rendering import mail_of, trial_mail
from notifications.services import still_concerns

log = logging.getLogger(__name__)

PERMANENT = 500  # SMTP answers from here on are final


def deliver(payload: dict[str, Any]) -> None:
    """Send the mail of one notice (outbox "notifications.email").

    Idempotent by `mailed_at`; the Message-ID is the notice's, so a mail that left twice shows once.
    Temporary errors are raised and tried again by the relay; a final refusal marks notice and address.
    """
    notice = Notice.objects.select_related("recipient", "account").filter(pk=payload["notice_id"]).first()
    if notice is None or notice.mailed_at is not None or notice.mail_problem:
        return
    if not still_concerns(notice):
        return  # rights ended between the change and the mail
    person = notice.recipient
    if not notice.legal and (person.mail_bounced_at is not None or notice.kind in person.muted_mail):
        return
    title = ""
    if notice.contract_id is not None:
        title = Contract.objects.filter(pk=notice.contract_id).values_list("title", flat=True).first() or ""
    refusal = _send(mail_of(notice, contract_title=title, now=clock.now()))
    if refusal:
        bounces.mark_bounced(notice, refusal, now=clock.now())
    else:
        bounces.mark_mailed(notice, now=clock.now())


def deliver_trial(payload: dict[str, Any]) -> None:
    """Try an address that refused mail (outbox "notifications.trial"): if it takes this one, it loses its mark."""
    person = User.objects.filter(pk=payload["user_id"], is_active=True).first()
    if person is None or person.mail_bounced_at is None:
        return
    refusal = _send(trial_mail(person))
    if refusal:
        bounces.mark_again(person, now=clock.now())
    else:
        bounces.clear(person)


def _send(message: EmailMultiAlternatives) -> str:
    """Hand a mail to the server. Returns its final refusal, or ""; raises what may pass."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        answers = list(error.recipients.values())
        if not answers or any(code < PERMANENT for code, _ in answers):
            raise
        code, text = answers[0]
        return f"{code} {_words(text)}"
    except smtplib.SMTPDataError as error:
        if error.smtp_code < PERMANENT:
            raise
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return ""


def _words(answer: bytes | str) -> str:
    return (answer.decode(errors="replace") if isinstance(answer, bytes) else answer)[:200]
