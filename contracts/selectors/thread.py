"""Message threads: the list of them, and one thread in pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from contracts import rules
from contracts.enums import MessageKind, Side
from contracts.models import Contract, Message, MessageRead
from contracts.selectors.cursor import read_cursor, write_cursor
from core.permissions import Actor

PAGE = 40
THREADS = 25


@dataclass(frozen=True, slots=True)
class ThreadFilters:
    """What the list shows: words of a title, number, name or message; or unread ones only."""

    words: str = ""
    unread: bool = False


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One thread in the list; `unread` counts what the viewer has not seen yet."""

    contract: Contract
    other_name: str
    last: Message
    unread: int
    mine: bool


@dataclass(frozen=True, slots=True)
class ThreadsPage:
    """A page of the list and the cursor of the next one ("" at the end)."""

    rows: list[ThreadRow]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody of the other side has read this far, then."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as this viewer sees it; a system message's link is shown to its side only.

    `seen` names who of the other side has read exactly this far; it is known of the viewer's own side's messages
    on the newest page. That nobody has read one is never said: the contract's page and the notices show it too.
    """

    message: Message
    mine: bool
    role: str
    name: str
    party: str
    link: str
    seen: tuple[Seen, ...] = ()

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
    newest: bool
    other_name: str


def list_threads(actor: Actor, filters: ThreadFilters = ThreadFilters(), cursor: str = "") -> ThreadsPage:
    """The viewer's threads, the newest message first. Three queries a page; an unreadable cursor starts anew."""
    found = _threads(actor, filters)
    after = read_cursor(cursor)
    if after is not None:
        at, pk = after
        found = found.filter(Q(last_at__lt=at) | Q(last_at=at, id__gt=pk))
    contracts = list(found[: THREADS + 1])
    more = len(contracts) > THREADS
    contracts = contracts[:THREADS]
    last = Message.objects.select_related("sender").in_bulk([c.last_message for c in contracts])  # type: ignore[attr-defined]
    unread = _unread(contracts, actor)
    rows = []
    for contract in contracts:
        message = last[contract.last_message]  # type: ignore[attr-defined]
        side = Side.FREELANCER if actor.acts_for(contract.freelancer_account_id) else Side.CLIENT
        rows.append(
            ThreadRow(
                contract=contract,
                other_name=contract.account_of(side.other).name,
                last=message,
                unread=unread.get(contract.pk, 0),
                mine=message.sender_id is not None and message.sender_id == actor.user_id,
            )
        )
    return ThreadsPage(rows, write_cursor(rows[-1].last.sent_at, rows[-1].contract.pk) if more else "")


def _threads(actor: Actor, filters: ThreadFilters) -> QuerySet[Contract]:
    mine = list(actor.accounts)
    newest = Message.objects.filter(contract=OuterRef("pk")).order_by("-sent_at", "id")
    found = (
        Contract.objects.filter(Q(freelancer_account__in=mine) | Q(client_account__in=mine))
        .select_related("freelancer_account", "client_account")
        .annotate(last_message=Subquery(newest.values("pk")[:1]), last_at=Subquery(newest.values("sent_at")[:1]))
        .filter(last_at__isnull=False)
    )
    if words := filters.words.strip().replace("\0", ""):
        written = Message.objects.filter(contract=OuterRef("pk"), kind=MessageKind.PERSON, body__icontains=words)
        found = found.filter(
            Q(title__icontains=words)
            | Q(reference__iexact=words)
            | Q(freelancer_account__name__icontains=words)
            | Q(client_account__name__icontains=words)
            | Exists(written)
        )
    if filters.unread:
        found = found.filter(Exists(_new_to(actor).filter(contract=OuterRef("pk"))))
    return found.order_by("-last_at", "id")


def _new_to(actor: Actor) -> QuerySet[Message]:
    """Messages that came after the person's last look at their thread."""
    seen = MessageRead.objects.filter(contract=OuterRef("contract"), user=actor.user_id).values("read_at")
    return (
        Message.objects.exclude(sender_id=actor.user_id)
        .annotate(seen_at=Subquery(seen))
        .filter(Q(seen_at__isnull=True) | Q(sent_at__gt=F("seen_at")))
    )


def _unread(contracts: Iterable[Contract], actor: Actor) -> dict[UUID, int]:
    rows = _new_to(actor).filter(contract__in=list(contracts)).values("contract_id").annotate(n=Count("pk"))
    return {row["contract_id"]: row["n"] for row in rows.order_by()}


def thread_page(contract: Contract, actor: Actor, before: str = "") -> ThreadPage:
    """One page of the thread: the newest, or what came before the message `before`. At most four queries."""
    found = Message.objects.filter(contract=contract).select_related("sender").order_by("-sent_at", "-id")
    anchor = _anchor(contract, before)
    if anchor is not None:
        found = found.filter(Q(sent_at__lt=anchor.sent_at) | Q(sent_at=anchor.sent_at, id__lt=anchor.pk))
    rows = list(found[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    side = rules.side_of(contract, actor)
    shown = [show(m, contract, actor, side) for m in reversed(rows)]
    return ThreadPage(
        contract=contract,
        side=side,
        messages=_with_looks(shown, contract, side) if side and anchor is None else shown,
        older=str(rows[-1].pk) if more else "",
        newest=anchor is None,
        other_name=contract.account_of(side.other).name if side else "",
    )


def show(message: Message, contract: Contract, actor: Actor, side: Side | None) -> ShownMessage:
    """A message as the viewer sees it."""
    visible = bool(message.link) and (not message.link_side or message.link_side == side)
    name = message.sender.name if message.sender else ""
    party = contract.account_of(message.side).name if message.side else ""
    return ShownMessage(
        message=message,
        mine=message.sender_id is not None and message.sender_id == actor.user_id,
        role=message.side or "event",
        name=name,
        party=party if party != name else "",
        link=message.link if visible else "",
    )


def _with_looks(shown: list[ShownMessage], contract: Contract, side: Side) -> list[ShownMessage]:
    """The same messages, with how far the other side has read what the viewer's side wrote."""
    ours = [n for n, s in enumerate(shown) if s.message.side == side]
    if not ours:
        return shown
    readers = (
        MessageRead.objects.filter(
            contract=contract,
            user__memberships__account=contract.account_of(side.other).pk,
            user__memberships__removed_at__isnull=True,
        )
        .select_related("user")
        .order_by("read_at", "user_id")
    )
    looks: dict[int, list[Seen]] = {}
    for reader in readers:
        reached = [n for n in ours if shown[n].message.sent_at <= reader.read_at]
        if reached:
            looks.setdefault(reached[-1], []).append(Seen(reader.user.name, reader.read_at))
    result = list(shown)
    for n, seen in looks.items():
        result[n] = replace(result[n], seen=tuple(seen))
    return result


def _anchor(contract: Contract, before: str) -> Message | None:
    try:
        return Message.objects.filter(contract=contract, pk=UUID(before)).first() if before else None
    except ValueError:
        return None
