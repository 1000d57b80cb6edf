"""State changes of notices: read; what may be muted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import Membership
from core.errors import StrangerError
from core.permissions import Actor
from notifications.kinds import KINDS
from notifications.models import Notice
from notifications.selectors import visible_to


def mark_read(*, notice_id: UUID, actor: Actor, now: datetime) -> Notice:
    """Note that the recipient has opened a notice. Raises StrangerError for anybody else."""
    notice = visible_to(actor).filter(pk=notice_id).first()
    if notice is None:
        raise StrangerError
    Notice.objects.filter(pk=notice_id, read_at__isnull=True).update(read_at=now)
    return notice


def mark_all_read(*, actor: Actor, now: datetime, until: datetime) -> int:
    """Mark what the person could see at `until`; what has come since stays unread. Returns the count."""
    return visible_to(actor).filter(read_at__isnull=True, created_at__lte=until).update(read_at=now)


def mutable(kinds: list[str]) -> list[str]:
    """Those of `kinds` whose mail may be muted: legal ones never."""
    return [kind for kind in kinds if kind in KINDS and not KINDS[kind].legal]


def still_concerns(notice: Notice) -> bool:
    """Whether the recipient may still be told: removal from an account ends rights at once."""
    person = notice.recipient
    if not person.is_active:
        return False
    if notice.account_id is None:
        return bool(person.staff_roles)
    return Membership.objects.filter(account_id=notice.account_id, user=person, removed_at__isnull=True).exists()
