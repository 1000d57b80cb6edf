"""Message threads: the list of them, and one thread in pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from contracts import rules
from contracts.enums import MessageKind, Side
from contracts.models import Contract, Message, MessageRead
from core.permissions import Actor

PAGE = 40
THREADS = 50


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One thread in the list."""

    contract: Contract
    other_name: str
    last: Message
    unread: bool


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as this viewer sees it; a system message's link is shown to its side only."""

    message: Message
    mine: bool
    role: str
    name: str
    link: str

    @property
    def is_system(self) -> bool:
        """Whether the system wrote it."""
        return self.message.kind == MessageKind.SYSTEM


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of a thread, oldest first within it; `older` is the cursor to what came before ("" at the start)."""

    contract: Contract
    side: Side | None
    messages: list[ShownMessage]
    older: str
    other_name: str


def list_threads(actor: Actor) -> list[ThreadRow]:
    """The viewer's threads, the newest message first. Three queries."""
    mine = list(actor.accounts)
    newest = Message.objects.filter(contract=OuterRef("pk")).order_by("-sent_at", "id").values("pk")[:1]
    contracts = list(
        Contract.objects.filter(Q(freelancer_account__in=mine) | Q(client_account__in=mine))
        .select_related("freelancer_account", "client_account")
        .annotate(last_message=Subquery(newest))
        .filter(last_message__isnull=False)
        .order_by("-last_activity_at")[:THREADS]
    )
    last = Message.objects.select_related("sender").in_bulk([c.last_message for c in contracts])
    read: dict[UUID, datetime] = {}
    if actor.user_id is not None:
        read = dict(
            MessageRead.objects.filter(user_id=actor.user_id, contract__in=contracts).values_list(
                "contract_id", "read_at"
            )
        )
    rows = []
    for contract in contracts:
        message = last[contract.last_message]
        side = Side.FREELANCER if actor.acts_for(contract.freelancer_account_id) else Side.CLIENT
        seen = read.get(contract.pk)
        unread = message.sender_id != actor.user_id and (seen is None or message.sent_at > seen)
        rows.append(ThreadRow(contract, contract.account_of(side.other).name, message, unread))
    return sorted(rows, key=lambda row: row.last.sent_at, reverse=True)


def thread_page(contract: Contract, actor: Actor, before: str = "") -> ThreadPage:
    """One page of the thread: the newest, or what came before the message `before`. Two queries."""
    found = Message.objects.filter(contract=contract).select_related("sender").order_by("-sent_at", "-id")
    anchor = _anchor(contract, before)
    if anchor is not None:
        found = found.filter(Q(sent_at__lt=anchor.sent_at) | Q(sent_at=anchor.sent_at, id__lt=anchor.pk))
    rows = list(found[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    side = rules.side_of(contract, actor)
    return ThreadPage(
        contract=contract,
        side=side,
        messages=[show(m, contract, actor, side) for m in reversed(rows)],
        older=str(rows[-1].pk) if more else "",
        other_name=contract.account_of(side.other).name if side else "",
    )


def show(message: Message, contract: Contract, actor: Actor, side: Side | None) -> ShownMessage:
    """A message as the viewer sees it."""
    visible = bool(message.link) and (not message.link_side or message.link_side == side)
    name = message.sender.name if message.sender else ""
    if message.side and message.sender:
        party = contract.account_of(message.side).name
        name = name if party == name else f"{name}, {party}"
    return ShownMessage(
        message=message,
        mine=message.sender_id is not None and message.sender_id == actor.user_id,
        role=message.side or "event",
        name=name,
        link=message.link if visible else "",
    )


def _anchor(contract: Contract, before: str) -> Message | None:
    try:
        return Message.objects.filter(contract=contract, pk=UUID(before)).first() if before else None
    except ValueError:
        return None
