"""State changes of notices: read; what may be muted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import Membership, User
from accounts.selectors import actor_for
from accounts.services import people
from core.errors import StrangerError
from core.permissions import Actor
from notifications.kinds import KINDS, Kind
from notifications.models import Notice
from notifications.selectors import visible_to


def mark_read(*, notice_id: UUID, actor: Actor, now: datetime) -> Notice:
    """Note that the recipient has opened a notice. Raises StrangerError for anybody else."""
    notice = visible_to(actor).filter(pk=notice_id).first()
    if notice is None:
        raise StrangerError
    Notice.objects.filter(pk=notice_id, read_at__isnull=True).update(read_at=now)
    return notice


def mark_all_read(*, actor: Actor, now: datetime, until: datetime, contract_id: UUID | None = None) -> int:
    """Mark what the person could see at `until` (of one contract, if named); what has come since stays unread.

    Returns the count.
    """
    rows = visible_to(actor).filter(read_at__isnull=True, created_at__lte=until)
    if contract_id is not None:
        rows = rows.filter(contract_id=contract_id)
    return rows.update(read_at=now)


def mute_kind(*, user_id: UUID, kind: str, off: bool, now: datetime) -> Kind:
    """Switch the mails of one kind off or on, by the key of a mail (RFC 8058): the key is the right to do it.

    Raises StrangerError for somebody unknown and for a kind that is always mailed.
    """
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is None or not mutable([kind]):
        raise StrangerError
    kinds = {*person.muted_mail, kind} if off else set(person.muted_mail) - {kind}
    people.mute_mail(user_id=person.pk, kinds=sorted(kinds), actor=actor_for(person), now=now)
    return KINDS[kind]


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
