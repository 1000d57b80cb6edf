"""The specialist's case page: everything of one case in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from contracts.enums import Side
from contracts.models import Message
from core import deadlines
from core.models import Deadline, DeadlineStatus
from core.money import Money
from disputes.enums import DisputeState, OfferSide, OfferState, VersionSide
from disputes.models import CaseMessage, Evidence, EvidenceRequest, SettlementOffer, StatementVersion
from mediation import clocks, rules, selectors
from mediation.enums import CaseState, ObjectionState
from mediation.models import ContactAttempt, InternalNote, MediationCase, Objection, ReadMark, Recommendation
from mediation.readmodels.queue import SHOWN
from mediation.services import recommendation_guards, unresponsive
from mediation.services.common import is_declared

if TYPE_CHECKING:
    from core.permissions import Actor
    from mediation.services.unresponsive import Guard

RECENT: Final = 30
DAYS: Final = 21


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file with the specialist's read mark."""

    row: Evidence
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """What the desk's case page shows, and which acts the viewer has."""

    case: MediationCase
    assigned: bool
    supervisor: bool
    declared: bool
    day: int
    claim: StatementVersion | None
    answer: StatementVersion | None
    versions: int
    silent_side: Side | None
    silence: list[Guard]
    may_close: bool
    recommend_guards: list[Guard]
    may_recommend: bool
    attempts: list[ContactAttempt]
    counted: int
    notes: list[InternalNote]
    exhibits: list[Exhibit]
    requests: list[EvidenceRequest]
    messages: list[CaseMessage]
    contract_messages: list[Message]
    offers: list[SettlementOffer]
    objections: list[Objection]
    draft: Recommendation | None
    issued: Recommendation | None
    dates: list[tuple[str, datetime]]
    range: dict[str, Any] = field(default_factory=dict)

    @property
    def acts(self) -> bool:
        """Whether the viewer may work on the case now."""
        return self.assigned and self.declared and self.case.state != CaseState.CLOSED

    @property
    def unread(self) -> int:
        """Exhibits without a read mark."""
        return sum(1 for exhibit in self.exhibits if exhibit.read_at is None)


def case_page(case: MediationCase, actor: Actor, *, now: datetime) -> CasePage:
    """Read everything the desk shows of one case (already permission-checked)."""
    dispute = case.dispute
    statements = list(dispute.statements.select_related("written_by").order_by("-number"))
    side = unresponsive.silent_side(dispute) if dispute.state == DisputeState.IN_MEDIATION else None
    silence = unresponsive.guards(case, side, now=now) if side else []
    is_open = dispute.state in (DisputeState.IN_MEDIATION, DisputeState.RECOMMENDED)
    recommend = recommendation_guards.case_guards(case, now=now) if is_open else []
    read = dict(ReadMark.objects.filter(case=case).values_list("evidence_id", "read_at"))
    recommendations = list(case.recommendations.select_related("written_by").order_by("-number"))
    offers = list(dispute.offers.select_related("made_by").order_by("-number"))
    return CasePage(
        case=case,
        assigned=rules.is_assigned(case, actor),
        supervisor=rules.supervisor(case, actor),
        declared=is_declared(case),
        day=min((now - case.opened_at) // timedelta(days=1) + 1, DAYS),
        claim=next((s for s in statements if s.side == VersionSide.CLAIM), None),
        answer=next((s for s in statements if s.side == VersionSide.ANSWER), None),
        versions=len(statements),
        silent_side=side,
        silence=silence,
        may_close=bool(silence) and all(g.holds for g in silence),
        recommend_guards=recommend,
        may_recommend=bool(recommend) and all(g.holds for g in recommend),
        attempts=list(case.attempts.select_related("made_by").order_by("-made_at", "-id")),
        counted=len(unresponsive.counted_attempts(case, side)) if side else 0,
        notes=list(case.notes.select_related("written_by").order_by("-written_at", "-id")[:RECENT]),
        exhibits=[
            Exhibit(row, read.get(row.pk))
            for row in dispute.evidence.filter(removed_at__isnull=True).order_by("exhibit", "added_at")
        ],
        requests=list(dispute.evidence_requests.prefetch_related("answers").order_by("-asked_at")),
        messages=list(dispute.messages.select_related("sender").order_by("-sent_at", "-id")[:RECENT]),
        contract_messages=list(
            Message.objects.filter(contract=dispute.contract_id)
            .select_related("sender")
            .order_by("-sent_at", "-id")[:RECENT]
        ),
        offers=offers,
        objections=list(case.objections.select_related("made_by", "specialist", "decided_by").order_by("-made_at")),
        draft=next((r for r in recommendations if r.state == "draft"), None),
        issued=next((r for r in recommendations if r.issued_at is not None), None),
        dates=[(str(SHOWN[d.kind]), d.due_at) for d in deadlines.running_of(dispute.pk) if d.kind in SHOWN],
        range=offers_range(offers, dispute.currency),
    )


def offers_range(offers: list[SettlementOffer], currency: str) -> dict[str, Any]:
    """Both sides' newest offers and the older ones, for the drawn range; empty without any."""
    found: dict[str, Any] = {}
    for side in (OfferSide.FREELANCER, OfferSide.CLIENT):
        own = [Money(o.to_freelancer, currency) for o in offers if o.side == side and o.state != OfferState.VOID]
        found[str(side)], found[f"{side}_before"] = (own[0] if own else None), own[1:]
    if found["freelancer"] is not None and found["client"] is not None:
        found["apart"] = Money(abs(found["freelancer"].amount - found["client"].amount), currency)
    return found


@dataclass(frozen=True, slots=True)
class OpenObjection:
    """One objection that waits for a supervisor."""

    objection: Objection
    due_at: datetime | None


def open_objections(actor: Actor) -> list[OpenObjection]:
    """All objections a supervisor may decide, oldest first; not those about the supervisor."""
    rows = list(
        Objection.objects.filter(state=ObjectionState.OPEN)
        .exclude(specialist_id=actor.user_id)
        .exclude(case__dispute__contract__freelancer_account_id__in=list(actor.accounts))
        .exclude(case__dispute__contract__client_account_id__in=list(actor.accounts))
        .select_related(
            "specialist",
            "made_by",
            "case__dispute__contract__freelancer_account",
            "case__dispute__contract__client_account",
        )
        .order_by("made_at")
    )
    due = _alerts([row.case.dispute_id for row in rows])
    return [OpenObjection(row, due.get(row.case.dispute_id)) for row in rows]


def _alerts(dispute_ids: list[UUID]) -> dict[UUID, datetime]:
    rows = Deadline.objects.filter(
        object_id__in=dispute_ids, kind=clocks.OBJECTION_ALERT, status=DeadlineStatus.PENDING
    )
    return dict(rows.values_list("object_id", "due_at"))


def conflicts_for(case: MediationCase, *, now: datetime) -> list[selectors.Load]:
    """Every specialist with load, absence and conflicts, for the assign page."""
    return selectors.loads(now=now, case=case)
