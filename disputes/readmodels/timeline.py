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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from contracts.tombstones import BuriedText, Tombstone
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

    @property
    def line(self) -> str:
        """The entry's head as a sentence, for paper and lists."""
        item = self.item
        if item.kind == "message":
            return _("You wrote:") if item.you else _("{name} wrote:").format(name=item.name)
        if item.kind == "private":
            words = (
                _("You wrote privately (only {readers}):")
                if item.you
                else _("{name} wrote privately (only {readers}):")
            )
            return words.replace("{name}", item.name).replace("{readers}", self.only)
        if item.kind == "recommendation" and not item.text:
            return _("{name} recommended an outcome.").format(name=item.name)
        return item.plain


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
        text=Case(When(readable, then=F("body")), default=Value(""), output_field=BuriedText()),
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
    "freelancer": gettext_lazy("Freelancer"),
    "agency": gettext_lazy("Agency"),
    "client": gettext_lazy("Client"),
    "specialist": gettext_lazy("Mediation specialist"),
    "support": gettext_lazy("Customer support"),
}


def _messages(dispute: Dispute, viewer: Viewer, before: datetime | None, limit: int) -> list[Entry]:
    rows = visible_messages(dispute, viewer)
    if before is not None:
        rows = rows.filter(sent_at__lt=before)
    return [_message(row, dispute, viewer) for row in rows.order_by("-sent_at", "-id")[: limit + 1]]


def _message(row: Any, dispute: Dispute, viewer: Viewer) -> Entry:
    role = row.sender_role
    you = row.sender_id == viewer.actor.user_id
    specialist = first_name(viewer.specialist_name) or _("the specialist")
    if not row.readable:
        told = _private_note(row, viewer, specialist)
        return Entry(at=row.sent_at, anchor=f"m-{row.pk}", item=told, rank=1)
    private = row.audience != Audience.EVERYONE
    account = {"freelancer": viewer.freelancer_name, "client": viewer.client_name}.get(row.audience, "")
    only = (
        _("you and {specialist}").format(specialist=specialist)
        if viewer.side
        else _("{account} and {specialist}").format(account=account, specialist=specialist)
    )
    item = Item(
        kind="private" if private else "message",
        tab="messages",
        name=row.sender.name,
        role=role,
        you=you,
        body=(row.text,) if isinstance(row.text, Tombstone) else tuple(p for p in row.text.splitlines() if p.strip()),
        state=purpose_words(row.purpose) if private else "",
    )
    files = ({"name": row.attached, "url": f"/disputes/{dispute.reference}/messages/{row.pk}/file/"},)
    return Entry(
        at=row.sent_at,
        anchor=f"m-{row.pk}",
        item=item,
        rank=1,
        role=role,
        role_label=str(ROLE_LABELS.get(role, "")),
        only=only if private else "",
        files=files if row.attached else (),
    )


def _private_note(row: Any, viewer: Viewer, specialist: str) -> Item:
    """That it happened, between whom and what about; there is no text here to show."""
    account = {"freelancer": viewer.freelancer_name, "client": viewer.client_name}[row.audience]
    purpose = purpose_words(row.purpose)
    if row.sender_role == "specialist":
        name, words = specialist, _("{who} wrote to {name} privately: {purpose}")
        words = words.replace("{name}", account)
    else:
        name, words = account, _("{who} wrote to {name} privately: {purpose}").replace("{name}", specialist)
    words = words.replace("{purpose}", purpose)
    return Item(kind="private-note", tab="messages", name=name, text=words, icon="lock", whole=True)


# What a private message is about, as offered in the composer; stored in the source language, worded when shown.
PURPOSES = {
    "Dates": gettext_lazy("Dates"),
    "A question": gettext_lazy("A question"),
    "A proposal": gettext_lazy("A proposal"),
    "Evidence": gettext_lazy("Evidence"),
    "Something personal": gettext_lazy("Something personal"),
    "Something else": gettext_lazy("Something else"),
    "A talk about this case": gettext_lazy("A talk about this case"),
}


def purpose_words(stored: str) -> str:
    """The purpose in the reader's language; what a person typed stays as it is."""
    return str(PURPOSES.get(stored, stored))


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
    you = first.added_by_id == viewer.actor.user_id
    item = Item(
        kind="evidence",
        tab="evidence",
        name=first.added_by.name,
        role=first.side,
        you=you,
        text=_added(you=you, confidential=confidential),
    )
    files = tuple(
        {
            "name": f"E-{row.exhibit}: {row.file_name}" if row.exhibit else row.file_name,
            "url": f"/disputes/{dispute.reference}/evidence/{row.pk}/file/" if row.file else "",
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
        role_label=str(ROLE_LABELS.get(first.side, "")),
        files=files,
    )


def _added(*, you: bool, confidential: bool) -> str:
    """What follows the name; languages whose verbs change with the person tell "you" apart."""
    if confidential:
        return (
            pgettext("after You", "added evidence for the specialist alone")
            if you
            else pgettext("after a name", "added evidence for the specialist alone")
        )
    return pgettext("after You", "added evidence") if you else pgettext("after a name", "added evidence")


def meta_of(row: Evidence) -> str:
    """``PDF, 240 KB``."""
    extension = row.file_name.rpartition(".")[2].upper()
    return f"{extension}, {format_bytes(row.size)}"


OFFER_WORDS = {
    OfferState.PENDING: "",
    OfferState.ACCEPTED: gettext_lazy("Accepted"),
    OfferState.REJECTED: gettext_lazy("Declined"),
    OfferState.COUNTERED: gettext_lazy("Answered with a counter-offer"),
    OfferState.WITHDRAWN: gettext_lazy("Withdrawn"),
    OfferState.EXPIRED: gettext_lazy("Ended without an answer"),
    OfferState.VOID: gettext_lazy("No longer valid: the stage or the amount changed"),
}


def _offer(offer: SettlementOffer, dispute: Dispute, viewer: Viewer) -> Entry:
    live = offer.state == OfferState.PENDING
    links: tuple[Action, ...] = ()
    if offer.state == OfferState.ACCEPTED:
        links = (Action(label=_("Read the agreement"), url=f"/disputes/{dispute.reference}/agreement/"),)
    you = offer.made_by_id == viewer.actor.user_id
    kind: Literal["offer"] = "offer"
    item = Item(
        kind=kind,
        tab="offers",
        name=offer.made_by.name,
        role=offer.side,
        you=you,
        text=_offered(you=you, drafted=offer.side == "specialist"),
        to_freelancer=Money(offer.to_freelancer, dispute.currency),
        to_client=Money(offer.to_client, dispute.currency),
        past=not live and offer.state != OfferState.ACCEPTED,
        state=str(OFFER_WORDS[OfferState(offer.state)]),
        links=links,
    )
    return Entry(
        at=offer.made_at,
        anchor=f"o-{offer.number}",
        item=item,
        rank=3,
        seq=offer.number,
        role=offer.side,
        role_label=str(ROLE_LABELS.get(offer.side, "")),
        live=live,
        due_at=offer.expires_at if live else None,
        note=offer.note,
    )


def _offered(*, you: bool, drafted: bool) -> str:
    if drafted:
        return (
            pgettext("after You", "drafted an offer for both sides")
            if you
            else pgettext("after a name", "drafted an offer for both sides")
        )
    return pgettext("after You", "made an offer") if you else pgettext("after a name", "made an offer")
