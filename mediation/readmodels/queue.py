"""The desk's queue: which cases, in which order, and what the next step of each is. Two queries a page."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.models import Deadline, DeadlineStatus
from core.money import Money
from core.permissions import StaffRole
from disputes.enums import Audience, DisputeState, OfferState
from disputes.models import CaseMessage, SettlementOffer
from mediation import clocks
from mediation.enums import CaseState, ObjectionState, RecommendationState
from mediation.models import MediationCase, Objection, Recommendation

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from django.utils.functional import _StrPromise as StrPromise

    from core.permissions import Actor

PAGE: Final = 40
SOON: Final = timedelta(days=7)
ALERTS: Final = (clocks.ASSIGN_ALERT, clocks.REPLY_ALERT, clocks.OBJECTION_ALERT, clocks.RELEASE_ALERT)
# What a row may be due for; the rest (attempts by the system, comparisons of bids) is nobody's work or a secret.
SHOWN: Final = MappingProxyType(
    {
        clocks.ASSIGN_ALERT: _l("Assign a specialist"),
        clocks.REPLY_ALERT: _l("Write to both sides"),
        clocks.OBJECTION_ALERT: _l("Decide on the objection"),
        clocks.RELEASE_ALERT: _l("Release the recommendation"),
        clocks.CLIENT_ANSWER: _l("Client’s answer"),
        clocks.RECOMMENDATION_ANSWER: _l("Answers to the recommendation"),
        clocks.MEDIATION_END: _l("Mediation ends"),
        "offer": _l("Offer ends"),
        "evidence_due": _l("Evidence due"),
    }
)
DAY_3: Final = 3
GROUPS: Final = MappingProxyType(
    {"overdue": _l("Overdue"), "today": _l("Due today"), "soon": _l("Next 3 days"), "later": _l("Later")}
)


@dataclass(frozen=True, slots=True)
class View:
    """One named list of the desk."""

    slug: str
    label: StrPromise | str
    icon: str
    supervisors: bool = False
    closed: bool = False


VIEWS: Final = (
    View("needs-me", _l("Needs me now"), "inbox"),
    View("mine", _l("My cases"), "briefcase"),
    View("waiting", _l("Waiting on party"), "hourglass"),
    View("to-recommend", _l("To recommend"), "scale"),
    View("ending", _l("Ending this week"), "calendar-clock"),
    View("unassigned", _l("Unassigned"), "user-plus", supervisors=True),
    View("open", _l("All open"), "layers", supervisors=True),
    View("escalated", _l("Escalated"), "flag"),
    View("closed", _l("Closed"), "archive", closed=True),
)
BY_SLUG: Final = MappingProxyType({view.slug: view for view in VIEWS})
STAGES: Final = MappingProxyType({value: label for value, label in CaseState.choices if value != CaseState.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case in the list, with what the peek shows."""

    case: MediationCase
    due: datetime
    overdue: bool
    step: str
    whose: str
    mine: bool
    stage: str
    stage_number: int
    money: Money
    day: int
    message: Mapping[str, Any] | None = None
    offers: Mapping[str, Any] = field(default_factory=dict)
    dates: tuple[tuple[str, datetime], ...] = ()

    @property
    def number(self) -> str:
        """The dispute's number."""
        return self.case.dispute.number

    @property
    def reference(self) -> str:
        """The part of the address."""
        return self.case.dispute.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One page of a view."""

    view: View
    groups: list[tuple[str, list[Row]]]
    counts: Mapping[str, int]
    peek: Row | None
    after: str
    empty: bool


def is_supervisor(actor: Actor) -> bool:
    """Supervisors see all cases, specialists their own."""
    return actor.is_staff(StaffRole.SUPERVISOR)


def views_for(actor: Actor) -> list[View]:
    """Views this person may open."""
    return [view for view in VIEWS if is_supervisor(actor) or not view.supervisors]


def queue(
    actor: Actor,
    view: View,
    *,
    now: datetime,
    tz: ZoneInfo,
    search: str = "",
    stage: str = "",
    sort: str = "due",
    after: str = "",
    at: str = "",
) -> Queue:
    """Read one page of a view, grouped by urgency, and the counts of all views."""
    every = _scoped(actor)
    rows = _with_details(_annotated(every).filter(_of_view(view, actor, now)))
    if search:
        rows = rows.filter(
            Q(dispute__reference__icontains=search.removeprefix("D-").strip())
            | Q(dispute__contract__title__icontains=search)
            | Q(dispute__contract__freelancer_account__name__icontains=search)
            | Q(dispute__contract__client_account__name__icontains=search)
        )
    if stage in STAGES:
        rows = rows.filter(state=stage)
    found = _page(rows, view, sort=sort, after=after)
    shown = [_row(case, actor, now) for case in found[:PAGE]]
    chosen = next((row for row in shown if row.reference == at), shown[0] if shown else None)
    cursor = _cursor(shown[-1], sort) if len(found) > PAGE else ""
    return Queue(
        view=view,
        groups=_grouped(shown, view, sort=sort, now=now, tz=tz),
        counts=_annotated(every).aggregate(
            **{v.slug.replace("-", "_"): Count("pk", filter=_of_view(v, actor, now)) for v in views_for(actor)}
        ),
        peek=chosen,
        after=cursor,
        empty=not shown,
    )


def _scoped(actor: Actor) -> QuerySet[MediationCase]:
    """All cases for supervisors, the own ones for specialists; never a case one is a party of."""
    every = MediationCase.objects.all()
    if not is_supervisor(actor):
        every = every.filter(specialist_id=actor.user_id)
    accounts = list(actor.accounts)
    if accounts:
        every = every.exclude(dispute__contract__freelancer_account_id__in=accounts).exclude(
            dispute__contract__client_account_id__in=accounts
        )
    return every


def _annotated(every: QuerySet[MediationCase]) -> Any:
    """Add what the views ask: running clocks, open objection, waiting release, when the next thing is due."""
    of_case = Deadline.objects.filter(object_id=OuterRef("dispute_id"))
    pending = of_case.filter(status=DeadlineStatus.PENDING)
    # An alert that came and was set again in the same breath: nobody has acted on it.
    again = Deadline.objects.filter(
        object_id=OuterRef("object_id"),
        kind=OuterRef("kind"),
        status=DeadlineStatus.PENDING,
        starts_at=OuterRef("executed_at"),
    )
    ignored = of_case.filter(Exists(again), kind__in=ALERTS, status=DeadlineStatus.DONE).order_by("due_at")
    draft = Recommendation.objects.filter(case=OuterRef("pk"), state=RecommendationState.DRAFT)
    return every.annotate(
        owes_reply=Exists(pending.filter(kind=clocks.REPLY_ALERT)),
        ready=Exists(of_case.filter(kind=clocks.UNRESPONSIVE_READY, status=DeadlineStatus.DONE)),
        objected=Exists(Objection.objects.filter(case=OuterRef("pk"), state=ObjectionState.OPEN)),
        waits_release=Exists(draft.filter(release_asked_at__isnull=False)),
        drafted=Exists(draft),
        offered=Exists(SettlementOffer.objects.filter(dispute=OuterRef("dispute_id"), state=OfferState.PENDING)),
        ignored_since=Subquery(ignored.values("due_at")[:1]),
        next_due=Subquery(pending.filter(kind__in=list(SHOWN)).order_by("due_at", "id").values("due_at")[:1]),
    ).annotate(due=Coalesce("closed_at", "ignored_since", "next_due", "ends_at"))


def _with_details(rows: Any) -> Any:
    """Add what one row shows of the rooms below, in the same query."""
    dates = Deadline.objects.filter(
        object_id=OuterRef("dispute_id"), status=DeadlineStatus.PENDING, kind__in=list(SHOWN)
    ).order_by("due_at", "id")
    message = CaseMessage.objects.filter(dispute=OuterRef("dispute_id"), audience=Audience.EVERYONE)
    offer = SettlementOffer.objects.filter(dispute=OuterRef("dispute_id")).exclude(side="specialist")
    return rows.select_related(
        "specialist", "dispute__contract__freelancer_account", "dispute__contract__client_account"
    ).annotate(
        dates=ArraySubquery(dates.values(json=JSONObject(kind="kind", due="due_at"))),
        last_message=Subquery(
            message.order_by("-sent_at").values(
                json=JSONObject(body="body", at="sent_at", name="sender__name", role="sender_role")
            )[:1]
        ),
        last_offers=ArraySubquery(
            offer.order_by("-number").values(json=JSONObject(side="side", amount="to_freelancer", state="state"))[:6]
        ),
    )


SILENT = Q(dispute__client_reacted_at__isnull=True) | Q(
    dispute__client_answered_at__isnull=False, dispute__freelancer_reacted_at__isnull=True
)


def _of_view(view: View, actor: Actor, now: datetime) -> Q:
    is_open, mine = ~Q(state=CaseState.CLOSED), Q(specialist_id=actor.user_id)
    in_mediation = Q(dispute__state=DisputeState.IN_MEDIATION)
    may_close = Q(ready=True) & SILENT & in_mediation & Q(objected=False)
    needs = mine & (Q(state=CaseState.ASSIGNED) | Q(owes_reply=True) | may_close)
    supervises = Q(specialist__isnull=True) | Q(objected=True) | Q(waits_release=True) | Q(ignored_since__isnull=False)
    if is_supervisor(actor):
        needs |= supervises
    answered = Q(dispute__client_answered_at__isnull=False)
    heard = answered | Q(client_answer_due_at__lte=now)
    found = {
        "needs-me": is_open & needs,
        "mine": is_open & mine,
        "waiting": is_open
        & mine
        & ~needs
        & (Q(offered=True) | Q(state=CaseState.RECOMMENDATION_ISSUED) | (~answered & Q(client_answer_due_at__gt=now))),
        "to-recommend": mine & in_mediation & Q(state=CaseState.ACTIVE, objected=False, offered=False) & heard,
        "ending": is_open & mine & in_mediation & Q(ends_at__lte=now + SOON),
        "unassigned": is_open & Q(specialist__isnull=True),
        "open": is_open,
        "escalated": is_open & (Q(objected=True) | Q(waits_release=True) | Q(ignored_since__isnull=False)),
        "closed": Q(state=CaseState.CLOSED),
    }
    return found[view.slug]


def _page(rows: Any, view: View, *, sort: str, after: str) -> list[MediationCase]:
    """One page and one row more, by keyset: (due, id) rising, or (sum, id) falling."""
    point = _read_cursor(after)
    if sort == "-stake":
        if point and isinstance(point[0], int):
            rows = rows.filter(Q(dispute__amount__lt=point[0]) | Q(dispute__amount=point[0], pk__lt=point[1]))
        return list(rows.order_by("-dispute__amount", "-pk")[: PAGE + 1])
    if view.closed:
        if point and isinstance(point[0], datetime):
            rows = rows.filter(Q(due__lt=point[0]) | Q(due=point[0], pk__lt=point[1]))
        return list(rows.order_by("-due", "-pk")[: PAGE + 1])
    if point and isinstance(point[0], datetime):
        rows = rows.filter(Q(due__gt=point[0]) | Q(due=point[0], pk__gt=point[1]))
    return list(rows.order_by("due", "pk")[: PAGE + 1])


def _cursor(row: Row, sort: str) -> str:
    key = row.money.amount if sort == "-stake" else row.due.isoformat()
    return base64.urlsafe_b64encode(json.dumps([key, str(row.case.pk)]).encode()).decode()


def _read_cursor(text: str) -> tuple[datetime | int, UUID] | None:
    """Return the point after which a page starts; what was tampered with starts at the top."""
    try:
        key, pk = json.loads(base64.urlsafe_b64decode(text.encode()))
        if isinstance(key, int):
            return key, UUID(pk)
        instant = datetime.fromisoformat(key)
        return (instant, UUID(pk)) if instant.tzinfo else None
    except (ValueError, TypeError, AttributeError, binascii.Error):
        return None


def _grouped(rows: list[Row], view: View, *, sort: str, now: datetime, tz: ZoneInfo) -> list[tuple[str, list[Row]]]:
    if view.closed:
        return [(_("Closed, newest first"), rows)] if rows else []
    if sort == "-stake":
        return [(_("Largest sum first"), rows)] if rows else []
    today = now.astimezone(tz).date()
    groups: dict[str, list[Row]] = {name: [] for name in GROUPS}
    for row in rows:
        days = (row.due.astimezone(tz).date() - today).days
        if row.overdue or row.due <= now:
            groups["overdue"].append(row)
        elif days <= 0:
            groups["today"].append(row)
        else:
            groups["soon" if days <= DAY_3 else "later"].append(row)
    return [(str(GROUPS[name]), found) for name, found in groups.items() if found]


def _row(case: Any, actor: Actor, now: datetime) -> Row:
    dispute = case.dispute
    step, whose, mine = _next_step(case, actor, now)
    offers: dict[str, list[Money]] = {"freelancer": [], "client": []}
    for offer in case.last_offers:
        offers[offer["side"]].append(Money(offer["amount"], dispute.currency))
    latest = {side: found[0] for side, found in offers.items() if found}
    apart = None
    if len(latest) == len(offers):
        apart = Money(abs(latest["freelancer"].amount - latest["client"].amount), dispute.currency)
    message = case.last_message
    if message:
        message = {**message, "at": datetime.fromisoformat(message["at"])}
    stage, number = STAGE_WORDS[DisputeState(dispute.state)]
    return Row(
        case=case,
        due=case.due,
        overdue=case.ignored_since is not None and case.closed_at is None,
        step=step,
        whose=whose,
        mine=mine,
        stage=str(stage),
        stage_number=number,
        money=dispute.money,
        day=min((now - case.opened_at).days + 1, 21),
        message=message,
        offers={
            "apart": apart,
            "freelancer": latest.get("freelancer"),
            "client": latest.get("client"),
            "freelancer_before": offers["freelancer"][1:],
            "client_before": offers["client"][1:],
        },
        dates=tuple((str(SHOWN[d["kind"]]), datetime.fromisoformat(d["due"])) for d in case.dates),
    )


STAGE_WORDS: Final = {
    DisputeState.IN_MEDIATION: (_l("Mediation"), 3),
    DisputeState.RECOMMENDED: (_l("Recommendation"), 4),
    DisputeState.NON_RESOLUTION: (_l("Non-resolution"), 5),
    DisputeState.IN_ARBITRATION: (_l("Arbitration"), 6),
    DisputeState.RESOLVED: (_l("Closed"), 6),
}


def _next_step(case: Any, actor: Actor, now: datetime) -> tuple[str, str, bool]:
    """(what is to be done, by whom, whether by the viewer)."""
    if case.state == CaseState.CLOSED:
        return case.get_close_code_display(), _("Closed"), False
    supervisor = is_supervisor(actor)
    mine = case.specialist_id == actor.user_id
    name = _("You") if mine else case.specialist.name if case.specialist else ""
    boss = _("You") if supervisor else _("Supervisor")
    dispute = case.dispute
    silent = dispute.client_reacted_at is None or (
        dispute.client_answered_at is not None and dispute.freelancer_reacted_at is None
    )
    # In the order in which they stop everything else.
    steps = (
        (case.specialist_id is None, _("Assign a specialist"), boss, supervisor),
        (case.objected, _("Decide on the objection"), boss, supervisor),
        (case.waits_release, _("Release the recommendation"), boss, supervisor),
        (case.state == CaseState.ASSIGNED, _("Take the case up"), name, mine),
        (case.owes_reply, _("Write to both sides"), name, mine),
        (case.state == CaseState.RECOMMENDATION_ISSUED, _("Answer the recommendation"), _("Both parties"), False),
        (case.ready and silent, _("Close: no reaction"), name, mine),
        (case.offered, _("Answer the offer"), _("A party"), False),
        (
            dispute.client_answered_at is None and now < case.client_answer_due_at,
            _("Answer the claim"),
            _("Client"),
            False,
        ),
        (case.drafted, _("Finish the recommendation"), name, mine),
        (True, _("Work towards an agreement"), name, mine),
    )
    return next((text, whose, own) for holds, text, whose, own in steps if holds)
