"""State changes of notices: read, mailed, refused."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.enums import StaffRoleChoice
from accounts.models import Membership, User
from accounts.selectors import staff_with
from core.errors import StrangerError
from core.permissions import Actor
from notifications import links
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


def mark_mailed(notice: Notice, *, now: datetime) -> None:
    """The mail server has taken the mail; an address that works again loses its mark."""
    Notice.objects.filter(pk=notice.pk, mailed_at__isnull=True).update(mailed_at=now)
    if notice.recipient.mail_bounced_at is not None:
        User.objects.filter(pk=notice.recipient_id).update(mail_bounced_at=None)


def mark_bounced(notice: Notice, problem: str, *, now: datetime) -> None:
    """The mail server refuses for good: mark notice and address, and tell the support desk once."""
    with transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(mail_problem=problem[:300])
        first = User.objects.filter(pk=notice.recipient_id, mail_bounced_at__isnull=True).update(mail_bounced_at=now)
        if not first:
            return
        person = notice.recipient
        Notice.objects.bulk_create(
            [
                Notice(
                    recipient=agent,
                    kind="mail_bounced",
                    event_key=f"bounce:{person.pk}:{now.isoformat()}",
                    contract_id=notice.contract_id,
                    dispute_id=notice.dispute_id,
                    title=f"Mail to {person.name} comes back",
                    may_do="Reach the person another way before the deadline of theirs ends.",
                    until=notice.until,
                    otherwise="The person sees a note in the product. All deadlines run on.",
                    details=f"The mail server said: {problem}",
                    link=notice.link if notice.account_id is None else links.admin_person(person.pk),
                    link_label="Look at it",
                    legal=True,
                    created_at=now,
                )
                for agent in staff_with(StaffRoleChoice.SUPPORT)
                if agent.pk != person.pk
            ],
            ignore_conflicts=True,
        )
