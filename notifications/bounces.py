"""Addresses that refuse mail: the mark, and who is told before a time of that person's is over (rulebook section 16).

The person reads it on every page. Staff are told at the first refusal, and then once for each deadline that the
person may miss: when its mail is refused, or at its next reminder, whichever comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import StaffRoleChoice
from accounts.models import User
from accounts.selectors import people_of, staff_with
from contracts.models import Contract
from core import outbox
from core.deadlines import ReminderDue
from core.errors import StrangerError
from core.models import OutboxMessage
from core.permissions import Actor
from disputes.models import Dispute
from notifications import links, outgoing
from notifications.kinds import KINDS, Fixed
from notifications.models import Notice
from notifications.scene import clip

PROBLEM = 300  # characters kept of what the mail server said
TITLE = 200
TRIAL_PAUSE = timedelta(minutes=1)


def mark_mailed(notice: Notice, *, now: datetime) -> None:
    """The mail server has taken the mail; an address that works again loses its mark."""
    Notice.objects.filter(pk=notice.pk, mailed_at__isnull=True).update(mailed_at=now)
    clear(notice.recipient)


def clear(person: User) -> None:
    """Take the mark off an address that has just taken a mail."""
    if person.mail_bounced_at is not None:
        User.objects.filter(pk=person.pk, email=person.email).update(mail_bounced_at=None)


def mark_bounced(notice: Notice, problem: str, *, now: datetime) -> None:
    """The mail server refuses for good: mark notice and address, and tell the staff of the case."""
    person = notice.recipient
    with transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(mail_problem=problem[:PROBLEM])
        first = mark(person, now=now)
        counts = notice.until is not None and notice.until > now and KINDS[notice.kind].fixed == Fixed.CLOCK
        if first or counts:
            _tell(
                person,
                kind=notice.kind,
                account_less=notice.account_id is None,
                contract=Contract.objects.filter(pk=notice.contract_id).first() if notice.contract_id else None,
                dispute=Dispute.objects.filter(pk=notice.dispute_id).first() if notice.dispute_id else None,
                until=notice.until if counts else None,
                problem=problem,
                now=now,
            )


def mark(person: User, *, now: datetime) -> bool:
    """Mark the address; False when it was marked before."""
    return bool(User.objects.filter(pk=person.pk, mail_bounced_at__isnull=True).update(mail_bounced_at=now))


def mark_again(person: User, *, now: datetime) -> None:
    """The trial that the person asked for was refused as well."""
    User.objects.filter(pk=person.pk, email=person.email).update(mail_bounced_at=now)


def ask_trial(*, actor: Actor, now: datetime) -> bool:
    """Send a trial mail to one's own address that refused mail; False if one has just been asked for."""
    if actor.user_id is None:
        raise StrangerError
    with transaction.atomic():
        person = User.objects.select_for_update(of=("self",)).get(pk=actor.user_id)
        payload = {"user_id": str(person.pk)}
        just_asked = OutboxMessage.objects.filter(
            handler=outgoing.TRIAL, payload=payload, created_at__gt=now - TRIAL_PAUSE
        )
        if person.mail_bounced_at is None or just_asked.exists():
            return False
        outbox.put(outgoing.TRIAL, payload, now=now)
        return True


def last_problem(person: User) -> str:
    """What the mail server said at the last refusal; "" if nothing is known. One query."""
    found = Notice.objects.filter(recipient=person).exclude(mail_problem="").order_by("-created_at")
    return found.values_list("mail_problem", flat=True).first() or ""


def remind_staff(
    event: ReminderDue, kind: str, people: Iterable[User], *, contract: Contract, dispute: Dispute | None
) -> None:
    """A deadline comes near, and some of those it is for cannot be reached by mail: tell the staff of the case."""
    for person in people:
        if person.mail_bounced_at is not None:
            _tell(
                person,
                kind=kind,
                account_less=False,
                contract=contract,
                dispute=dispute,
                until=event.due_at,
                problem="",
                now=event.at,
            )


def _tell(
    person: User,
    *,
    kind: str,
    account_less: bool,
    contract: Contract | None,
    dispute: Dispute | None,
    until: datetime | None,
    problem: str,
    now: datetime,
) -> None:
    told: list[Notice] = []
    readers = [r for r in _staff_of(contract, dispute, account_less=account_less) if r.pk != person.pk]
    for reader in readers:
        with translation.override(reader.language):
            more = [_("What did not arrive: “{kind}”.").format(kind=KINDS[kind].label)]
            if problem:
                more.append(_("The mail server said: {answer}").format(answer=problem))
            told.append(
                Notice(
                    recipient=reader,
                    kind="mail_bounced",
                    # One of these for each person and deadline, however many mails are refused meanwhile.
                    event_key=f"bounce:{person.pk}:{(until or now).isoformat()}",
                    contract_id=contract.pk if contract is not None else None,
                    dispute_id=dispute.pk if dispute is not None else None,
                    title=clip(_("Mail to {name} comes back").format(name=person.name), TITLE),
                    may_do=_("Reach {name} another way before the time is over.").format(name=person.name)
                    if until is not None
                    else _("Reach {name} another way before the next deadline.").format(name=person.name),
                    until=until,
                    otherwise=_("{name} sees a note in the product. All deadlines run on.").format(name=person.name),
                    details=" ".join(more),
                    legal=True,
                    created_at=now,
                    **_where(reader, person, contract, dispute),
                )
            )
    outgoing.save(told, {reader.pk: reader for reader in readers}, now=now)


def _staff_of(contract: Contract | None, dispute: Dispute | None, *, account_less: bool) -> list[User]:
    """The specialist of the case, else the support desk; of a colleague's address the admins."""
    if account_less or contract is None:
        return staff_with(StaffRoleChoice.ADMIN)
    partisans = {p.pk for _account, p in people_of([contract.freelancer_account_id, contract.client_account_id])}
    if dispute is not None and dispute.specialist_id is not None:
        specialist = User.objects.filter(pk=dispute.specialist_id, is_active=True).first()
        if specialist is not None:
            return [specialist]
    return [agent for agent in staff_with(StaffRoleChoice.SUPPORT) if agent.pk not in partisans]


def _where(reader: User, person: User, contract: Contract | None, dispute: Dispute | None) -> dict[str, str]:
    if dispute is not None and dispute.specialist_id == reader.pk:
        return {"link": links.desk_case(dispute.reference), "link_label": _("Open the case")}
    if contract is not None and StaffRoleChoice.SUPPORT in reader.staff_roles:
        return {"link": links.contract(contract.reference), "link_label": _("See Contract")}
    return {"link": links.admin_person(person.pk), "link_label": _("Open the person")}
