"""Notices are stored together, and their mails left in the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from accounts.models import User
from core import outbox
from notifications.models import Notice

MAIL = "notifications.email"
TRIAL = "notifications.trial"


def save(notices: list[Notice], people: Mapping[UUID, User], *, now: datetime) -> None:
    """Store notices in the caller's transaction, with a mail for everybody who gets one.

    Of a doubled event the second rows are left out, and their mails find no notice. Legal ones cannot be muted.
    """
    if not notices:
        return
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    mails = [
        {"notice_id": str(n.pk)}
        for n in notices
        if people[n.recipient_id].is_active and (n.legal or n.kind not in people[n.recipient_id].muted_mail)
    ]
    if mails:
        outbox.put_many(MAIL, mails, now=now)


def tidy(text: str) -> str:
    """One full stop at the end of a sentence that ends in a name like "Ember Coffee Co."."""
    return text.strip().replace(".. ", ". ").removesuffix("..") + ("." if text.strip().endswith("..") else "")
