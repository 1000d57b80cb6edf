"""What the rooms above add to the dispute page, without `disputes` knowing them.

`mediation` and `arbitration` each write one provider and register it in their function of `config/wiring.py`:

    from disputes import panels
    from mediation.panels import contribute, tell
    panels.register(contribute)
    panels.tells("mediation.recommendation", tell)      # one line per object type of their audit entries

    def contribute(dispute: Dispute, viewer: Viewer) -> Contribution: ...
    def tell(entries: Sequence[AuditEntry], viewer: Viewer) -> dict[int, Item | None]: ...

Rules for both:
- Called on every look at the dispute page (and for its poll and calendar), for every viewer: at most **one
  query** each for the usual case (select_related), none when the dispute's state shows that there is nothing.
- Everything is said from the viewer's side: "you" is the viewer's side, `viewer.side` is None for staff.
- Nothing secret to the viewer may be in a returned value, hidden or not: the page prints what it gets.
- No writing, no `timezone.now()`: the instant is `viewer.now`.

The page's own turn (answer the claim, answer the offer, wait) has these priorities, so that a room can place
its own above or below: ANSWER_CLAIM 60, ANSWER_OFFER 50, WAIT_OFFER 30, WAIT 10. The recommendation to answer
would say 80, the arbitration election 70. The turn with the highest priority is drawn in full; of the others
those with `state="yours"` become a line "Also waiting for you" with their title, first action and due date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from core.models import AuditEntry
from core.money import Money
from core.permissions import Actor, StaffRole
from disputes import rules

if TYPE_CHECKING:
    from disputes.models import Dispute

ANSWER_CLAIM = 60
ANSWER_OFFER = 50
WAIT_OFFER = 30
WAIT = 10

Side = Literal["freelancer", "client"]
TurnState = Literal["yours", "waiting", "closed"]
StepState = Literal["done", "current", "maybe", "skipped"]
# Keys of the stepper, in their order; a contribution may change each one's note, state and progress.
STEP_KEYS = ("asked", "filed", "mediation", "recommendation", "notice", "arbitration", "closed")
Tab = Literal["events", "messages", "evidence", "offers"]
ItemKind = Literal[
    "event", "message", "private", "private-note", "evidence", "offer", "recommendation", "notice", "agreement"
]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, worked out once: `side` of the case or None for staff."""

    actor: Actor
    now: datetime
    side: Side | None
    specialist: bool
    moves_money: bool
    # Whether offers, private talk and recommendations may be shown at all: not to support, nor to clerks.
    negotiation: bool
    freelancer_name: str
    client_name: str
    specialist_name: str = ""

    @property
    def other_name(self) -> str:
        """Name of the other side's account; for staff the client's."""
        return self.freelancer_name if self.side == "client" else self.client_name

    def name_of(self, side: str | None) -> str:
        """How the viewer reads a side: "you" for the own one, else its name."""
        if side is not None and side == self.side:
            return gettext("you")
        return {"freelancer": self.freelancer_name, "client": self.client_name}.get(
            side or "", self.specialist_name or gettext("the specialist")
        )


def viewer_of(dispute: Dispute, actor: Actor, now: datetime, *, specialist_name: str = "") -> Viewer:
    """Work out the viewer of a dispute whose contract and both accounts are loaded. No query then."""
    contract = dispute.contract
    side = rules.side_of(dispute, actor)
    return Viewer(
        actor=actor,
        now=now,
        side="client" if side == "client" else "freelancer" if side == "freelancer" else None,
        specialist=rules.is_assigned(dispute, actor),
        moves_money=rules.party_moves_money(dispute, actor),
        negotiation=side is not None
        or rules.is_assigned(dispute, actor)
        or actor.is_staff(StaffRole.SUPERVISOR, StaffRole.ADMIN),
        freelancer_name=contract.freelancer_account.name,
        client_name=contract.client_account.name,
        specialist_name=specialist_name,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A link that starts an act (its own page or confirm page). Leave out what the viewer may not do."""

    label: str  # verb and object: "Accept $1,150.00"
    url: str
    variant: Literal["primary", "secondary", "quiet", "danger"] = "secondary"
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One consequence, in words; `icon` is a Lucide name."""

    text: str
    icon: str = "circle-check"
    bold: str = ""  # printed first, in bold: the sum
    link: str = ""  # words of a link after the text, to `url`
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The panel on top: whose turn, until when, what each choice does, what happens if nobody acts."""

    priority: int
    state: TurnState
    title: str
    # Words beside the badge; for "waiting" the name of who is awaited goes into `waiting_for`.
    meta: str = ""
    waiting_for: str = ""
    # Instead of "Your turn" / "Waiting for …", when neither says it.
    badge: str = ""
    body: tuple[str, ...] = ()  # paragraphs
    # A split drawn as a bar, gross, and the net after the service fee is told by the page.
    to_freelancer: Money | None = None
    to_client: Money | None = None
    ticks: tuple[Tick, ...] = ()
    due_at: datetime | None = None
    started_at: datetime | None = None
    due_label: str = field(default_factory=lambda: gettext("Time left to answer"))
    # "If you do nothing:" + `nothing`; `nothing_lead` replaces the first part ("If Rafael does nothing:").
    nothing: str = ""
    nothing_lead: str = ""
    actions: tuple[Action, ...] = ()
    why: str = ""  # beside the buttons: "You confirm on the next page."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What to show at one step of the stepper; None keeps what the page works out from the dispute."""

    note: str | None = None
    state: StepState | None = None
    progress: int | None = None  # 0 to 100 of the current step's time


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """A running date, shown in "Dates" and put into the calendar file. `uid` is stable per date."""

    uid: str
    label: str
    due_at: datetime
    note: str = ""  # what happens then


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A row of "If it ends with": both sides' gross sums, or a text instead."""

    label: str
    sub: str = ""
    to_freelancer: Money | None = None
    to_client: Money | None = None
    text: str = ""
    is_now: bool = False
    order: int = 50  # rows are sorted by this; the page's own use 10 (pays in full), 20 (offer), 90 (withdraws)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A further person in "People" (the arbitrator). The parties and the specialist are there already."""

    role: str
    name: str
    label: str = ""
    meta: str = ""
    timezone: str = ""
    you: bool = False
    action: Action | None = None  # "Object to Maya"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """How one audit entry stands in the timeline. Plain texts: the page escapes them.

    An event is one line, `name` (bold) followed by `text`: "Maya Okonkwo" "wrote to you by email." With `whole`
    the text is the sentence itself, with the name in the place of `{who}` if it names anybody.
    A card (`recommendation`, `notice`) has its text in `body`, and `to_freelancer` / `to_client` draw a split.
    """

    text: str = ""
    kind: ItemKind = "event"
    tab: Tab = "events"
    icon: str = "circle-dot"
    name: str = ""
    role: str = "event"
    you: bool = False
    body: tuple[str, ...] = ()
    to_freelancer: Money | None = None
    to_client: Money | None = None
    past: bool = False
    state: str = ""
    links: tuple[Action, ...] = ()
    whole: bool = False

    @property
    def head(self) -> str:
        """The bold name before the text; a whole sentence has none."""
        return "" if self.whole else self.name

    @property
    def html(self) -> str:
        """The text; in a whole sentence the name of who acted stands in bold."""
        if not self.whole:
            return self.text
        bold = format_html('<b class="who">{}</b>', self.name)
        return mark_safe(escape(self.text).replace("{who}", bold))  # noqa: S308 - every part is escaped

    @property
    def plain(self) -> str:
        """One line without markup, for lists and documents."""
        if self.whole:
            return self.text.replace("{who}", self.name)
        name = gettext("You") if self.you else self.name
        return f"{name} {self.text}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """All a room adds for one viewer at one instant."""

    turns: tuple[Turn, ...] = ()
    steps: Mapping[str, Step] = field(default_factory=lambda: MappingProxyType({}))
    dates: tuple[DateRow, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    people: tuple[Person, ...] = ()
    # Links under "What you can do" ("Declare that you cannot agree"), and the state in words for the head badge.
    actions: tuple[Action, ...] = ()
    badge: str = ""
    # A note drawn above the turn panel ("One side has objected to the specialist"): plain paragraphs.
    notices: tuple[str, ...] = ()


Provider = Callable[["Dispute", Viewer], Contribution]
Teller = Callable[[Sequence[AuditEntry], Viewer], Mapping[int, Item | None]]

_providers: list[Provider] = []
_tellers: dict[str, Teller] = {}


def register(provider: Provider) -> None:
    """Add a room's provider (config/wiring.py); a second registration of the same one is ignored."""
    if provider not in _providers:
        _providers.append(provider)


def tells(object_type: str, teller: Teller) -> None:
    """Say who words the audit entries about `object_type` ("mediation.contactattempt", `_meta.label_lower`).

    The teller gets only the entries of the page shown, all at once, and answers by entry id. None, or leaving
    an entry out, hides it. Entries about types that nobody words are hidden: what is secret stays secret by
    default. Entries about the dispute, its offers, evidence and messages, and about the contract, are worded
    by `disputes.sentences`, whichever room took the step.
    """
    _tellers[object_type] = teller


def contributions(dispute: Dispute, viewer: Viewer) -> list[Contribution]:
    """Ask all rooms, in the order they were registered."""
    return [provider(dispute, viewer) for provider in _providers]


def tell(object_type: str, entries: Sequence[AuditEntry], viewer: Viewer) -> Mapping[int, Item | None]:
    """Have a room word the entries about one object type; nothing when no room knows the type."""
    teller = _tellers.get(object_type)
    return teller(entries, viewer) if teller else {}


def told_types() -> frozenset[str]:
    """Object types that a room words (for the timeline's filter: the rest is not even fetched)."""
    return frozenset(_tellers)
