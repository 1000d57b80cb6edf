"""What the words of a notice need to know, fetched once per event and only when asked.

Rows are kept, words are not: the same scene is told in the language of each reader (the active one).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from contracts.enums import Side
from contracts.ledger.selectors import Balances, balances
from contracts.models import Contract, Milestone, RefundProposal, RefundRequest
from core import deadlines
from core import formatting as fmt
from core.events import Event
from core.money import Money
from disputes.models import CaseMessage, Dispute, Evidence, EvidenceRequest, SettlementOffer, SupportRequest

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

M = TypeVar("M", bound=Model)

TITLE = 200  # characters of a notice's title
SHORT = 48  # characters of a contract's or milestone's title inside a sentence


def clip(text: str, most: int) -> str:
    """Shorten at a word, with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return cut.rsplit(" ", 1)[0].rstrip(",;:") + "…" if " " in cut else cut + "…"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: side ("freelancer", "client" or "" for staff) and zone."""

    side: str
    tz: ZoneInfo

    def when(self, instant: datetime) -> str:
        """An instant in the reader's own zone, with year and zone."""
        return f"{fmt.format_instant(instant, self.tz, 'full')}, {fmt.zone_label(instant, self.tz)}"


class Scene:
    """One event's contract, dispute, names and sums. Everything is a plain read of the present transaction."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self._rows: dict[tuple[type[Model], UUID], Model | None] = {}

    def row(self, model: type[M], pk: UUID | None, *related: str) -> M | None:
        """One row by id, fetched once."""
        if pk is None:
            return None
        key = (model, pk)
        if key not in self._rows:
            rows = model._default_manager.filter(pk=pk)
            self._rows[key] = rows.select_related(*related).first() if related else rows.first()
        return self._rows[key]  # type: ignore[return-value]

    def told(self, name: str) -> Any:
        """A field of the event, or None."""
        return getattr(self.event, name, None)

    # --- what it is about ---

    @cached_property
    def contract(self) -> Contract:
        """The event's contract with its two accounts."""
        return Contract.objects.select_related("freelancer_account", "client_account").get(pk=self.event.contract_id)

    @cached_property
    def dispute(self) -> Dispute | None:
        """The dispute the event names, or whose clock it is."""
        pk = self.told("dispute_id") or self.told("object_id")
        return self.row(Dispute, pk) if pk else None

    @cached_property
    def case(self) -> Dispute:
        """The dispute, where there must be one."""
        if self.dispute is None:
            raise LookupError(f"{type(self.event).__name__} names no dispute")
        return self.dispute

    @cached_property
    def request(self) -> RefundRequest | None:
        """The refund request."""
        return self.row(RefundRequest, self.told("refund_request_id") or self.told("object_id"))

    @cached_property
    def proposal(self) -> RefundProposal | None:
        """The proposed split."""
        return self.row(RefundProposal, self.told("proposal_id"))

    @cached_property
    def milestone(self) -> Milestone | None:
        """The milestone."""
        return self.row(Milestone, self.told("milestone_id") or self.told("object_id"))

    @cached_property
    def support(self) -> SupportRequest | None:
        """The support request."""
        return self.row(SupportRequest, self.told("support_request_id") or self.told("object_id"), "handled_by")

    @cached_property
    def offer(self) -> SettlementOffer | None:
        """The offer; for a clock of the dispute the live one."""
        if self.told("offer_id"):
            return self.row(SettlementOffer, self.told("offer_id"))
        return SettlementOffer.objects.filter(dispute=self.dispute, state="pending").first()

    @cached_property
    def evidence(self) -> Evidence | None:
        """The exhibit."""
        return self.row(Evidence, self.told("evidence_id"))

    @cached_property
    def evidence_request(self) -> EvidenceRequest | None:
        """The request for evidence."""
        return self.row(EvidenceRequest, self.told("request_id"))

    @cached_property
    def case_message(self) -> CaseMessage | None:
        """The message in the case."""
        return self.row(CaseMessage, self.told("message_id"))

    # --- names, sums, instants ---

    @cached_property
    def freelancer(self) -> str:
        """Name of the freelancer's account."""
        return clip(self.contract.freelancer_account.name, SHORT)

    @cached_property
    def client(self) -> str:
        """Name of the client's account."""
        return clip(self.contract.client_account.name, SHORT)

    def name(self, side: str) -> str:
        """Name of a side's account; the specialist's name for "specialist"."""
        if side == Side.FREELANCER:
            return self.freelancer
        return self.client if side == Side.CLIENT else self.specialist

    def other(self, side: str) -> str:
        """Name of the side that this one faces."""
        return self.client if side == Side.FREELANCER else self.freelancer

    @cached_property
    def mediator(self) -> User | None:
        """The specialist assigned now."""
        return self.row(User, self.dispute.specialist_id) if self.dispute is not None else None

    @property
    def specialist(self) -> str:
        """Name of the assigned specialist."""
        return self.mediator.name if self.mediator is not None else _("The mediation specialist")

    @cached_property
    def sender(self) -> User | None:
        """Who wrote."""
        return self.row(User, self.told("sender_id"))

    @cached_property
    def title(self) -> str:
        """The contract's title, quoted."""
        return f"“{clip(self.contract.title, SHORT)}”"

    @cached_property
    def work(self) -> str:
        """The milestone's title, quoted."""
        return f"“{clip(self.milestone.title, SHORT)}”" if self.milestone is not None else self.title

    def money(self, minor: int) -> str:
        """An amount with currency and cents."""
        return fmt.format_money(Money(minor, self.contract.currency))

    def net(self, minor: int) -> str:
        """What of it reaches the freelancer's balance, after the service fee."""
        gross = Money(minor, self.contract.currency)
        return fmt.format_money(fmt.net_of_fee(gross, self.contract.policy.service_fee_percent))

    @cached_property
    def _balances(self) -> Balances:
        return balances(self.contract)

    @property
    def escrow(self) -> str:
        """Everything in escrow now."""
        return fmt.format_money(self._balances.escrow)

    @property
    def live(self) -> str:
        """What is in escrow for the live milestone."""
        return fmt.format_money(self._balances.available)

    @property
    def number(self) -> str:
        """Number of the dispute."""
        return self.case.number

    @property
    def amount(self) -> str:
        """What the dispute is about."""
        return self.money(self.case.amount)

    def say(self, text: StrPromise | str, **values: str) -> str:
        """Fill a translated sentence: with `values`, else with this scene's own words (SPOKEN)."""
        return str(text).format_map(_Spoken(self, values))

    def due(self, kind: str, object_id: UUID | None = None) -> datetime | None:
        """When a running clock of the dispute (or of another object) ends."""
        target = object_id or (self.dispute.pk if self.dispute is not None else None)
        found = deadlines.running(target, kind) if target is not None else None
        return found.due_at if found is not None else None


class Where(TypedDict):
    """Where a notice leads: the path, and what stands on its button."""

    link: str
    label: str


Words = Callable[["Scene", Any, Reader], "Telling | None"]

# What a sentence of the catalogue may name without being given it.
SPOKEN = frozenset({"freelancer", "client", "specialist", "title", "work", "escrow", "live", "number", "amount"})


class _Spoken(dict[str, str]):
    """Looks a placeholder up when a sentence holds it: nothing is read for those that do not."""

    def __init__(self, scene: Scene, values: dict[str, str]) -> None:
        super().__init__(values)
        self.scene = scene

    def __missing__(self, name: str) -> str:
        if name not in SPOKEN:
            raise KeyError(name)
        return str(getattr(self.scene, name))


def nothing_to_do() -> str:
    """For a notice that asks for nothing."""
    return _("There is nothing you have to do.")


def nothing_changes() -> str:
    """What follows where nothing hangs on the reader."""
    return _("Nothing changes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """The words of one notice: what happened, what one may do, until when, what happens otherwise, where."""

    title: str
    link: str
    label: str
    may_do: str = field(default_factory=nothing_to_do)
    until: datetime | None = None
    otherwise: str = field(default_factory=nothing_changes)
    details: str = ""
