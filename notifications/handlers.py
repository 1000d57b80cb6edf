"""The reaction to every event: notices stored in the change's own transaction (Z2), mail left in the outbox."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from uuid import UUID

from accounts.enums import StaffRoleChoice
from accounts.models import User
from accounts.selectors import people_of, staff_with
from contracts.enums import MessageKind
from contracts.models import Message
from contracts.services.messages import post_system_message
from core import formatting as fmt
from core import outbox, road
from core.events import Event, to_payload
from notifications.catalogue import CATALOGUE, NO_NOTICE, Post, Spec, To, entry_of
from notifications.models import Notice
from notifications.scene import TITLE, Reader, Scene, Telling, clip

MAIL = "notifications.email"

_STAFF = {
    To.SUPERVISORS: StaffRoleChoice.SUPERVISOR,
    To.CLERKS: StaffRoleChoice.CLERK,
    To.ADMINS: StaffRoleChoice.ADMIN,
}


def store(event: Event) -> None:
    """Store a notice for everybody the catalogue names, their mails, and the message in the thread.

    Runs inside the transaction of the change: if it fails, the change does not happen (Z2).
    A repeat of the same event stores nothing new.
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
    _save(event, list(notices.values()), people)
    post = entry.thread(scene, event) if entry.thread is not None else None
    if post is not None:
        _post(event, post)
    road.ran("Z2")


def _post(event: Event, post: Post) -> None:
    """Write the system message, unless this very event has written it."""
    if Message.objects.filter(
        contract_id=event.contract_id, sent_at=event.at, kind=MessageKind.SYSTEM, body=_clean(post.body)
    ).exists():
        return
    post_system_message(
        contract_id=event.contract_id,
        body=_clean(post.body),
        link=post.link,
        link_label=post.label,
        link_side=post.side,
        now=event.at,
    )


def event_key(event: Event) -> str:
    """The same for the same event, whoever publishes it again: its name, its instant, its ids."""
    plain = json.dumps(to_payload(event), sort_keys=True)
    return f"{type(event).__name__}:{event.at.isoformat()}:{hashlib.sha256(plain.encode()).hexdigest()[:24]}"


def _save(event: Event, notices: list[Notice], people: dict[UUID, User]) -> None:
    if not notices:
        return
    # Of a doubled event the second rows are left out, and their mails find no notice.
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    mails = [
        {"notice_id": str(n.pk)}
        for n in notices
        if people[n.recipient_id].is_active and (n.legal or n.kind not in people[n.recipient_id].muted_mail)
    ]
    if mails:
        outbox.put_many(MAIL, mails, now=event.at)


def _notice(event: Event, key: str, spec: Spec, telling: Telling, person: User, account_id: UUID | None) -> Notice:
    return Notice(
        recipient=person,
        account_id=account_id,
        kind=spec.kind,
        event_key=key,
        contract_id=event.contract_id,
        dispute_id=getattr(event, "dispute_id", None),
        title=clip(_clean(telling.title), TITLE),
        may_do=_clean(telling.may_do),
        until=telling.until,
        otherwise=_clean(telling.otherwise),
        details=_clean(telling.details),
        link=telling.link,
        link_label=telling.label,
        legal=spec.about.legal,
        created_at=event.at,
    )


def _clean(text: str) -> str:
    """One full stop at the end of a sentence that ends in a name like "Ember Coffee Co."."""
    return text.strip().replace(".. ", ". ").removesuffix("..") + ("." if text.strip().endswith("..") else "")


class _Audience:
    """Who is meant by each name of the catalogue in this event; each group is read once."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._groups: dict[To, list[tuple[User, UUID | None]]] = {}
        self._words: dict[tuple[int, str, str], Telling | None] = {}

    def of(self, to: To) -> list[tuple[User, UUID | None]]:
        """(person, the account the notice belongs to) for each recipient."""
        if to not in self._groups:
            if to in (To.FREELANCER, To.CLIENT):
                self._read_sides()
            else:
                partisan = self._partisans
                self._groups[to] = [(user, None) for user in self._staff(to) if user.pk not in partisan]
        return self._groups[to]

    def words(self, spec: Spec, to: To, person: User) -> Telling | None:
        """The words for one reader; people of one group in one zone share them."""
        side = to.value if to in (To.FREELANCER, To.CLIENT) else ""
        key = (id(spec), side, person.timezone)
        if key not in self._words:
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
