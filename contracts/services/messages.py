"""The contract's thread: what people write, and what the system tells with a deep link (S09, S11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from contracts import rules
from contracts.enums import MessageKind, Side
from contracts.events import MessagePosted
from contracts.locks import lock_contract
from contracts.models import Contract, Message, MessageRead
from contracts.services.common import TEXT_MAX, attach, bounded_text, person, see, touch
from core.errors import InvalidInputError, NotAllowedError, StrangerError
from core.events import publish
from core.permissions import Actor
from core.uploads import CheckedUpload

LABEL_MAX = 60
FILES_MAX = 10  # files of one message
SAME_MOMENT = timedelta(milliseconds=1)
_TRANSLATED = {"body": TEXT_MAX, "link_label": LABEL_MAX}  # what of a system message is kept in other languages


def post_message(
    *, contract_id: UUID, body: str, uploads: Sequence[CheckedUpload] = (), actor: Actor, now: datetime
) -> Message:
    """Write to the other side. Raises StrangerError, NotAllowedError (staff), InvalidInputError (`body`).

    Each row holds one file, so that each can be reported and redacted for itself: the second and every further
    file follow as messages of their own without a text, a microsecond apart to keep their order.
    """
    with transaction.atomic():
        contract = lock_contract(contract_id)
        see(contract, actor)
        side = rules.side_of(contract, actor)
        if side is None:
            raise NotAllowedError(_("Only the two sides of a contract write in its messages."))
        body = bounded_text(body, "body")
        if not body and not uploads:
            raise InvalidInputError({"body": _("Write a message, or add a file.")})
        sender = person(actor)
        at = _instant(contract.pk, now)
        message = _written(contract, side, sender, body, uploads[0] if uploads else None, at=at)
        for n, upload in enumerate(uploads[1:], start=1):
            _written(contract, side, sender, "", upload, at=at + n * timedelta.resolution)
        touch(contract, now=now)
        publish(MessagePosted(at=now, contract_id=contract.pk, message_id=message.pk, side=side, sender_id=sender))
        return message


def _instant(contract_id: UUID, now: datetime) -> datetime:
    """`now`, or the first free microsecond after it: what one change tells in several messages keeps its order."""
    last = Message.objects.filter(contract_id=contract_id, sent_at__gte=now, sent_at__lt=now + SAME_MOMENT).aggregate(
        last=Max("sent_at")
    )["last"]
    return last + timedelta.resolution if last is not None else now


def _written(
    contract: Contract, side: Side, sender: UUID, body: str, upload: CheckedUpload | None, *, at: datetime
) -> Message:
    message = Message(contract=contract, sender_id=sender, side=side, body=body, sent_at=at, kind=MessageKind.PERSON)
    attach(message, upload)
    message.save(force_insert=True)
    return message


def post_system_message(
    *,
    contract_id: UUID,
    body: str,
    link: str = "",
    link_label: str = "",
    link_side: str = "",
    translations: dict[str, dict[str, str]] | None = None,
    now: datetime,
) -> Message:
    """Tell both sides what happened; the link is shown to `link_side` only (to both when empty).

    `body` and `link_label` are English; `translations` holds the same by language code, with the keys `body` and
    `link_label`: {"es": {"body": …, "link_label": …}}. Each reader is shown the own language, English otherwise.
    The caller's transaction: if this cannot be stored, the change it tells of does not happen (Z2).
    """
    return Message.objects.create(
        contract_id=contract_id,
        kind=MessageKind.SYSTEM,
        body=body,
        link=link,
        link_label=link_label[:LABEL_MAX],
        link_side=link_side,
        translations={
            code: {key: said[key][:most] for key, most in _TRANSLATED.items() if said.get(key)}
            for code, said in (translations or {}).items()
        },
        sent_at=_instant(contract_id, now),
    )


def mark_read(*, contract_id: UUID, actor: Actor, now: datetime) -> None:
    """Note how far the person has read the thread. Staff reading leaves no mark.

    The mark is the instant at which the newest message was first seen: a later look at the same does not move it.
    """
    contract = Contract.objects.filter(pk=contract_id).first()
    if contract is None:
        raise StrangerError
    see(contract, actor)
    if actor.user_id is None or not rules.is_party(contract, actor):
        return
    known = MessageRead.objects.filter(contract=contract, user_id=actor.user_id).first()
    newest = Message.objects.filter(contract=contract).aggregate(newest=Max("sent_at"))["newest"] or now
    if known is None or newest > known.read_at:
        MessageRead.objects.update_or_create(
            contract=contract, user_id=actor.user_id, defaults={"read_at": max(now, newest)}
        )
