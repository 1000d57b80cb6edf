"""The reaction to every event: notices stored in the change's own transaction (Z2), mail left in the outbox."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.utils import translation

from accounts.enums import StaffRoleChoice
from accounts.models import User
from accounts.selectors import people_of, staff_with
from contracts.enums import MessageKind
from contracts.models import Message
from contracts.services.messages import SAME_MOMENT, post_system_message
from core import formatting as fmt
from core import road
from core.deadlines import ReminderDue
from core.events import AccountEvent, Event, to_payload
from notifications import bounces, outgoing
from notifications.catalogue import CATALOGUE, NO_NOTICE, Post, Spec, To, entry_of
from notifications.catalogue.base import Thread
from notifications.models import Notice
from notifications.outgoing import MAIL, tidy
from notifications.scene import TITLE, Reader, Scene, Telling, clip

_STAFF = {
    To.SUPERVISORS: StaffRoleChoice.SUPERVISOR,
    To.CLERKS: StaffRoleChoice.CLERK,
    To.ADMINS: StaffRoleChoice.ADMIN,
}


def store(event: Event) -> None:
    """Store a notice for everybody the catalogue names, their mails, and the message in the thread.

    Each in the language of its reader; the thread's message in all of them. Runs inside the transaction of the
    change: if it fails, the change does not happen (Z2). A repeat of the same event stores nothing new.
    """
    entry = entry_of(event)
    if not entry.specs and entry.thread is None:
        return
    scene = Scene(event)
    audience = _Audience(scene)
    key = event_key(event)
    notices: dict[tuple[UUID, str], Notice] = {}
    people: dict[UUID, User] = {}
    for spec in entry.specs:
        for to in spec.to:
            for person, account_id in audience.of(to):
                if person.pk == scene.told("sender_id") or (person.pk, spec.kind) in notices:
                    continue
                telling = audience.words(spec, to, person)
                if telling is None:
                    continue
                people[person.pk] = person
                notices[person.pk, spec.kind] = _notice(event, key, spec, telling, person, account_id)
    outgoing.save(list(notices.values()), people, now=event.at)
    if isinstance(event, ReminderDue):
        _remind_staff(event, scene, list(notices.values()), people)
    if entry.thread is not None:
        _post(scene, event, entry.thread)
    road.ran("Z2")


def _remind_staff(event: ReminderDue, scene: Scene, notices: list[Notice], people: dict[UUID, User]) -> None:
    """Section 16: whoever cannot be reached by mail is named to the staff while there is time."""
    parties = {n.recipient_id: n.kind for n in notices if n.account_id is not None}
    for pk, kind in parties.items():
        if people[pk].mail_bounced_at is not None:
            bounces.remind_staff(event, kind, [people[pk]], contract=scene.contract, dispute=scene.dispute)


def _post(scene: Scene, event: Event, thread: Thread) -> None:
    """Write the system message, unless this very event has written it."""
    post = _in(settings.LANGUAGE_CODE, scene, event, thread)
    if post is None:
        return
    same = Message.objects.filter(contract_id=event.contract_id, kind=MessageKind.SYSTEM, body=tidy(post.body))
    if same.filter(sent_at__gte=event.at, sent_at__lt=event.at + SAME_MOMENT).exists():
        return
    others = {
        code: _in(code, scene, event, thread) for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE
    }
    post_system_message(
        contract_id=event.contract_id,
        body=tidy(post.body),
        link=post.link,
        link_label=post.label,
        link_side=post.side,
        translations={
            code: {"body": tidy(said.body), "link_label": said.label} for code, said in others.items() if said
        },
        now=event.at,
    )


def _in(language: str, scene: Scene, event: Event, thread: Thread) -> Post | None:
    with translation.override(language):
        return thread(scene, event)


def event_key(event: Event) -> str:
    """The same for the same event, whoever publishes it again: its name, its instant, its ids."""
    plain = json.dumps(to_payload(event), sort_keys=True)
    return f"{type(event).__name__}:{event.at.isoformat()}:{hashlib.sha256(plain.encode()).hexdigest()[:24]}"


def _notice(event: Event, key: str, spec: Spec, telling: Telling, person: User, account_id: UUID | None) -> Notice:
    return Notice(
        recipient=person,
        account_id=account_id,
        kind=spec.kind,
        event_key=key,
        contract_id=None if isinstance(event, AccountEvent) else event.contract_id,
        dispute_id=getattr(event, "dispute_id", None),
        title=clip(tidy(telling.title), TITLE),
        may_do=tidy(telling.may_do),
        until=telling.until,
        otherwise=tidy(telling.otherwise),
        details=tidy(telling.details),
        link=telling.link,
        link_label=telling.label,
        legal=spec.about.legal,
        created_at=event.at,
    )


class _Audience:
    """Who is meant by each name of the catalogue in this event; each group is read once."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._groups: dict[To, list[tuple[User, UUID | None]]] = {}
        self._words: dict[tuple[int, str, str, str], Telling | None] = {}

    def of(self, to: To) -> list[tuple[User, UUID | None]]:
        """(person, the account the notice belongs to) for each recipient."""
        if to not in self._groups:
            if to in (To.FREELANCER, To.CLIENT):
                self._read_sides()
            elif to in (To.DELEGATOR, To.DELEGATE):
                person = self.scene.row(User, self.scene.told(f"{to.value}_id"))
                self._groups[to] = [(person, self.scene.told("account_id"))] if person is not None else []
            else:
                partisan = self._partisans
                self._groups[to] = [(user, None) for user in self._staff(to) if user.pk not in partisan]
        return self._groups[to]

    def words(self, spec: Spec, to: To, person: User) -> Telling | None:
        """The words for one reader; people of one group in one zone and language share them."""
        side = to.value if to in (To.FREELANCER, To.CLIENT) else ""
        key = (id(spec), side, person.timezone, person.language)
        if key not in self._words:
            with translation.override(person.language):
                self._words[key] = spec.words(self.scene, self.scene.event, Reader(side, fmt.zone(person.timezone)))
        return self._words[key]

    @cached_property
    def _partisans(self) -> set[UUID]:
        """Staff who are members of a side: they are told what their side is told, and nothing of the desk."""
        contract = self.scene.contract
        return {person.pk for _, person in people_of([contract.freelancer_account_id, contract.client_account_id])}

    def _read_sides(self) -> None:
        contract = self.scene.contract
        sides = {contract.freelancer_account_id: To.FREELANCER, contract.client_account_id: To.CLIENT}
        self._groups[To.FREELANCER], self._groups[To.CLIENT] = [], []
        for account_id, person in people_of(sides):
            self._groups[sides[account_id]].append((person, account_id))

    def _staff(self, to: To) -> Iterable[User]:
        if to is To.SPECIALIST:
            return [self.scene.mediator] if self.scene.mediator is not None else []
        if to is To.SUPPORT:
            request = self.scene.support
            handler = request.handled_by if request is not None else None
            return [handler] if handler is not None and handler.is_active else staff_with(StaffRoleChoice.SUPPORT)
        return staff_with(_STAFF[to])


__all__ = ["CATALOGUE", "MAIL", "NO_NOTICE", "event_key", "store"]
