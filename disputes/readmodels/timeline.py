"""The timeline: events, messages, evidence and offers merged, newest first, 30 a page, keyset by instant.

Always four queries or fewer, however long the case is. What a viewer may not read never leaves the database:
the text of the other side's private messages is blanked in SQL, confidential files are not selected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Literal

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from core import audit
from core.formatting import format_bytes
from core.money import Money
from disputes import sentences
from disputes.enums import Audience, Confidentiality, OfferState
from disputes.models import CaseMessage, Dispute, Evidence, SettlementOffer
from disputes.panels import Action, Item, Viewer
from disputes.readmodels.base import People, first_name

PAGE = 30
TABS = ("all", "messages", "evidence", "offers", "events")
# One command may add many files in one instant; they stand as one card and must not be cut apart.
EVIDENCE_FETCH = 240


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the timeline, ready to print."""

    at: datetime
    anchor: str
    item: Item
    rank: int = 0
    seq: int = 0
    role: str = "event"
    role_label: str = ""
    only: str = ""
    files: tuple[dict[str, str], ...] = ()
    live: bool = False
    due_at: datetime | None = None
    note: str = ""


@dataclass(slots=True)
class Day:
    """Items of one day in the viewer's zone."""

    at: datetime
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of it."""

    days: tuple[Day, ...]
    tab: str
    older: str = ""  # cursor of the next page
    newer: bool = False  # this page is not the newest

    @property
    def entries(self) -> list[Entry]:
        """All items in order."""
        return [entry for day in self.days for entry in day.entries]


def cursor_of(instant: datetime) -> str:
    """Write an instant into a query string, to the microsecond."""
    return f"{int(instant.timestamp())}.{instant.microsecond:06d}"


def read_cursor(text: str) -> datetime | None:
    """Read it back; nonsense is no cursor."""
    seconds, _, micros = text.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11 and micros.isascii() and micros.isdigit()):  # noqa: PLR2004
        return None
    try:
        return datetime.fromtimestamp(int(seconds), tz=UTC) + timedelta(microseconds=int(micros[:6]))
    except (OverflowError, ValueError, OSError):
        return None


def visible_evidence(dispute: Dispute, viewer: Viewer) -> QuerySet[Evidence]:
    """Exhibits this viewer may know of: shared ones, one's own, and for the specialist all."""
    rows = Evidence.objects.filter(dispute=dispute, removed_at__isnull=True)
    if viewer.side is not None:
        return rows.filter(Q(confidentiality=Confidentiality.SHARED) | Q(side=viewer.side))
    return rows if viewer.negotiation else rows.filter(confidentiality=Confidentiality.SHARED)


def visible_messages(dispute: Dispute, viewer: Viewer) -> QuerySet[CaseMessage]:
    """Case messages, the text of what is not for this viewer blanked by the database."""
    rows = CaseMessage.objects.filter(dispute=dispute).defer("body", "file_name", "file").select_related("sender")
    mine: list[str] = [Audience.EVERYONE]
    if viewer.side is not None:
        mine.append(viewer.side)
    elif viewer.specialist or viewer.actor.is_staff("supervisor"):  # type: ignore[arg-type]
        mine = list(Audience.values)
    readable = Q(audience__in=mine)
    return rows.annotate(
        text=Case(When(readable, then=F("body")), default=Value(""), output_field=CharField()),
        attached=Case(When(readable, then=F("file_name")), default=Value(""), output_field=CharField()),
        readable=Case(When(readable, then=Value(1)), default=Value(0)),
    )


def timeline(
    dispute: Dispute,
    viewer: Viewer,
    people: People,
    offers: Sequence[SettlementOffer],
    *,
    tab: str = "all",
    before: datetime | None = None,
    tz: tzinfo,
    limit: int = PAGE,
) -> Timeline:
    """One page of the timeline, older than `before` when given. Up to three queries (offers are passed in)."""
    tab = tab if tab in TABS else "all"
    found: list[Entry] = []
    if tab in {"all", "events"}:
        found += _events(dispute, viewer, people, before, limit)
    if tab in {"all", "messages"} and viewer.negotiation:
        found += _messages(dispute, viewer, before, limit)
    if tab in {"all", "evidence"}:
        found += _evidence(dispute, viewer, before)
    if tab in {"all", "offers"} and viewer.negotiation:
        found += [_offer(offer, dispute, viewer) for offer in offers if before is None or offer.made_at < before]
    found.sort(key=lambda e: (e.at, e.rank, e.seq), reverse=True)
    shown = found[:limit]
    # What one command wrote in one instant stays together, or the next page would lose the rest of it.
    shown += [entry for entry in found[limit:] if shown and entry.at == shown[-1].at]
    older = cursor_of(shown[-1].at) if len(found) > len(shown) else ""
    return Timeline(days=tuple(_days(shown, tz)), tab=tab, older=older, newer=before is not None)


def _days(entries: Iterable[Entry], tz: tzinfo) -> list[Day]:
    days: list[Day] = []
    current: date | None = None
    for entry in entries:
        day = entry.at.astimezone(tz).date()
        if day != current:
            days.append(Day(at=entry.at))
            current = day
        days[-1].entries.append(entry)
    return days


def _events(dispute: Dispute, viewer: Viewer, people: People, before: datetime | None, limit: int) -> list[Entry]:
    rows = audit.entries(dispute.pk, dispute.contract_id).filter(sentences.wanted(viewer))
    if before is not None:
        rows = rows.filter(at__lt=before)
    entries = list(rows.order_by("-at", "-id")[: limit * 2])
    told = sentences.tell(entries, viewer, currency=dispute.currency, sides=people.sides)
    return [
        Entry(at=e.at, anchor=f"e-{e.pk}", item=told[e.pk], seq=e.pk, role=told[e.pk].role)
        for e in entries
        if e.pk in told
    ]


ROLE_LABELS = {
    "freelancer": "Freelancer",
    "agency": "Agency",
    "client": "Client",
    "specialist": "Mediation specialist",
    "support": "Customer support",
}


def _messages(dispute: Dispute, viewer: Viewer, before: datetime | None, limit: int) -> list[Entry]:
    rows = visible_messages(dispute, viewer)
    if before is not None:
        rows = rows.filter(sent_at__lt=before)
    return [_message(row, dispute, viewer) for row in rows.order_by("-sent_at", "-id")[: limit + 1]]


def _message(row: Any, dispute: Dispute, viewer: Viewer) -> Entry:
    role = row.sender_role
    you = row.sender_id == viewer.actor.user_id
    specialist = first_name(viewer.specialist_name) or "the specialist"
    if not row.readable:
        told = _private_note(row, viewer, specialist)
        return Entry(at=row.sent_at, anchor=f"m-{row.pk}", item=told, rank=1)
    private = row.audience != Audience.EVERYONE
    account = {"freelancer": viewer.freelancer_name, "client": viewer.client_name}.get(row.audience, "")
    only = f"you and {specialist}" if viewer.side else f"{account} and {specialist}"
    item = Item(
        kind="private" if private else "message",
        tab="messages",
        name=row.sender.name,
        role=role,
        you=you,
        body=tuple(p for p in row.text.splitlines() if p.strip()),
        state=row.purpose if private else "",
    )
    files = ({"name": row.attached, "url": f"/disputes/{dispute.reference}/messages/{row.pk}/file/"},)
    return Entry(
        at=row.sent_at,
        anchor=f"m-{row.pk}",
        item=item,
        rank=1,
        role=role,
        role_label=ROLE_LABELS.get(role, ""),
        only=only if private else "",
        files=files if row.attached else (),
    )


def _private_note(row: Any, viewer: Viewer, specialist: str) -> Item:
    """That it happened, between whom and what about; there is no text here to show."""
    account = {"freelancer": viewer.freelancer_name, "client": viewer.client_name}[row.audience]
    if row.sender_role == "specialist":
        name, words = specialist, f"wrote to {account} privately: {row.purpose}"
    else:
        name, words = account, f"wrote to {specialist} privately: {row.purpose}"
    return Item(kind="private-note", tab="messages", name=name, text=words, icon="lock")


def _evidence(dispute: Dispute, viewer: Viewer, before: datetime | None) -> list[Entry]:
    rows = visible_evidence(dispute, viewer).select_related("added_by")
    if before is not None:
        rows = rows.filter(added_at__lt=before)
    groups: dict[tuple[datetime, Any, str], list[Evidence]] = {}
    for row in rows.order_by("-added_at", "exhibit", "id")[:EVIDENCE_FETCH]:
        groups.setdefault((row.added_at, row.added_by_id, row.confidentiality), []).append(row)
    return [_evidence_entry(group, dispute, viewer) for group in groups.values()]


def _evidence_entry(group: list[Evidence], dispute: Dispute, viewer: Viewer) -> Entry:
    first = group[0]
    confidential = first.confidentiality == Confidentiality.SPECIALIST
    item = Item(
        kind="evidence",
        tab="evidence",
        name=first.added_by.name,
        role=first.side,
        you=first.added_by_id == viewer.actor.user_id,
        text="added evidence for the specialist alone" if confidential else "added evidence",
    )
    files = tuple(
        {
            "name": f"E-{row.exhibit}: {row.file_name}" if row.exhibit else row.file_name,
            "url": f"/disputes/{dispute.reference}/evidence/{row.pk}/file/",
            "meta": meta_of(row),
            "shows": row.shows,
        }
        for row in group
    )
    return Entry(
        at=first.added_at,
        anchor=f"x-{first.pk}",
        item=item,
        rank=2,
        role=first.side,
        role_label=ROLE_LABELS.get(first.side, ""),
        files=files,
    )


def meta_of(row: Evidence) -> str:
    """``PDF, 240 KB``."""
    extension = row.file_name.rpartition(".")[2].upper()
    return f"{extension}, {format_bytes(row.size)}"


OFFER_WORDS = {
    OfferState.PENDING: "",
    OfferState.ACCEPTED: "Accepted",
    OfferState.REJECTED: "Declined",
    OfferState.COUNTERED: "Answered with a counter-offer",
    OfferState.WITHDRAWN: "Withdrawn",
    OfferState.EXPIRED: "Ended without an answer",
    OfferState.VOID: "No longer valid: the stage or the amount changed",
}


def _offer(offer: SettlementOffer, dispute: Dispute, viewer: Viewer) -> Entry:
    live = offer.state == OfferState.PENDING
    links: tuple[Action, ...] = ()
    if offer.state == OfferState.ACCEPTED:
        links = (Action(label="Read the agreement", url=f"/disputes/{dispute.reference}/agreement/"),)
    kind: Literal["offer"] = "offer"
    item = Item(
        kind=kind,
        tab="offers",
        name=offer.made_by.name,
        role=offer.side,
        you=offer.made_by_id == viewer.actor.user_id,
        text="drafted an offer for both sides" if offer.side == "specialist" else "made an offer",
        to_freelancer=Money(offer.to_freelancer, dispute.currency),
        to_client=Money(offer.to_client, dispute.currency),
        past=not live and offer.state != OfferState.ACCEPTED,
        state=OFFER_WORDS[OfferState(offer.state)],
        links=links,
    )
    return Entry(
        at=offer.made_at,
        anchor=f"o-{offer.number}",
        item=item,
        rank=3,
        seq=offer.number,
        role=offer.side,
        role_label=ROLE_LABELS.get(offer.side, ""),
        live=live,
        due_at=offer.expires_at if live else None,
        note=offer.note,
    )
