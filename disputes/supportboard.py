"""Read models of the support pages: the agents' inbox and one request with all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from contracts.models import Message, MilestoneDecision
from core import deadlines
from core.models import Deadline, DeadlineStatus
from disputes.enums import SUPPORT_OPEN, SupportState
from disputes.models import Evidence, SupportNote, SupportRequest
from disputes.services import support
from disputes.services.support import Guards

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

PAGE = 30
WAITING_FOR_US = (SupportState.SUBMITTED, SupportState.IN_REVIEW)

# view → (label, icon, which requests)
VIEWS: dict[str, tuple[StrPromise, str, Q]] = {
    "waiting": (_l("Waiting for support"), "inbox", Q(state__in=WAITING_FOR_US)),
    "mine": (_l("Taken by me"), "briefcase", Q(state__in=[*SUPPORT_OPEN])),
    "asked": (_l("Waiting for the freelancer"), "hourglass", Q(state=SupportState.NEEDS_INFO)),
    "review": (
        _l("Waiting for a supervisor"),
        "scale",
        Q(state=SupportState.DECLINED, review_asked_at__isnull=False, reviewed_at__isnull=True),
    ),
    "over": (pgettext_lazy("requests", "Over"), "archive", ~Q(state__in=[*SUPPORT_OPEN])),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox."""

    request: SupportRequest
    due: datetime | None
    step: str
    whose: str


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of the inbox; `after` is where the next one starts, empty on the last."""

    rows: list[Row]
    after: str


def inbox(view: str, *, user_id: Any, search: str = "", after: str = "") -> Inbox:
    """Requests of a view, soonest due first (those that are over: newest first). Two queries at most."""
    clock = (
        Deadline.objects.filter(object_id=OuterRef("pk"), status=DeadlineStatus.PENDING)
        .exclude(kind__contains=".remind:")
        .order_by("due_at")
        .values("due_at")[:1]
    )
    found = SupportRequest.objects.select_related(
        "contract__freelancer_account", "contract__client_account", "milestone", "handled_by"
    ).filter(VIEWS[view][2])
    if view == "mine":
        found = found.filter(handled_by_id=user_id)
    found = _searched(found, search)
    over = view == "over"
    found = found.annotate(due=Subquery(clock))
    found = found.order_by("-asked_at", "-id") if over else found.order_by(F("due").asc(nulls_last=True), "id")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0  # noqa: PLR2004
    page = list(found[start : start + PAGE + 1])
    more = str(start + PAGE) if len(page) > PAGE else ""
    return Inbox([_row(request) for request in page[:PAGE]], more)


def _searched(found: QuerySet[SupportRequest], search: str) -> QuerySet[SupportRequest]:
    text = search.strip()[:100]
    if not text:
        return found
    return found.filter(
        Q(reference__icontains=text.upper().removeprefix("S-"))
        | Q(contract__title__icontains=text)
        | Q(contract__reference__icontains=text)
        | Q(contract__freelancer_account__name__icontains=text)
        | Q(contract__client_account__name__icontains=text)
    )


def _row(request: Any) -> Row:
    handled = request.handled_by.name if request.handled_by else _("Nobody yet")
    step, whose = {
        SupportState.SUBMITTED: (_("Read and take"), _("Support")),
        SupportState.IN_REVIEW: (_("Open a case or decline"), handled),
        SupportState.NEEDS_INFO: (_("Answer the question"), request.contract.freelancer_account.name),
    }.get(request.state, (request.get_state_display(), ""))
    if request.state == SupportState.DECLINED and request.review_asked_at and not request.reviewed_at:
        step, whose = _("Review the decline"), _("Supervisor")
    return Row(request, request.due, step, whose)


def counts(*, user_id: Any) -> dict[str, int]:
    """How many requests each view but the archive holds. One query per view."""
    return {
        name: SupportRequest.objects.filter(wanted, **({"handled_by_id": user_id} if name == "mine" else {})).count()
        for name, (_, _, wanted) in VIEWS.items()
        if name != "over"
    }


@dataclass(frozen=True, slots=True)
class Sheet:
    """One request with all that belongs to it."""

    request: SupportRequest
    due: datetime | None
    due_kind: str
    notes: list[SupportNote]
    files: list[Evidence]
    messages: list[Message]
    decisions: dict[str, MilestoneDecision] = field(default_factory=dict)
    guards: Guards | None = None

    @property
    def record(self) -> dict[str, Any]:
        """The platform's record at the time of the request, instants read, the client's words beside them."""
        raw = self.request.record
        return {
            **raw,
            "taken_at": _instant(raw.get("taken_at")),
            "review_ends_at": _instant(raw.get("review_ends_at")),
            "client_last_wrote_at": _instant(raw.get("client_last_wrote_at")),
            "unanswered_since": _instant(raw.get("unanswered_since")),
            "submissions": [{**s, "at": _instant(s["at"])} for s in raw.get("submissions", [])],
            "decisions": [
                {**d, "at": _instant(d["at"]), "row": self.decisions.get(d["id"])} for d in raw.get("decisions", [])
            ],
        }


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def sheet(request: SupportRequest, *, desk: bool) -> Sheet:
    """Everything a page of one request shows; `desk` adds what only agents need. At most twelve queries."""
    running = [d for d in deadlines.running_of(request.pk) if ".remind:" not in d.kind]
    first = running[0] if running else None
    return Sheet(
        request=request,
        due=first.due_at if first else None,
        due_kind=first.kind if first else "",
        notes=list(request.notes.select_related("written_by").order_by("written_at", "id")),
        files=list(
            Evidence.objects.filter(dispute_id=request.dispute_id, removed_at__isnull=True).order_by(
                "added_at", "file_name", "id"
            )
        )
        if request.dispute_id
        else [],
        messages=list(request.contact_messages.select_related("sender").order_by("sent_at")),
        decisions={str(d.pk): d for d in request.milestone.decisions.select_related("decided_by")} if desk else {},
        guards=support.guards(request.contract, request.milestone, request.reason) if desk else None,
    )


def thread_of(request_contract_id: Any, *, newest: int = 20) -> list[Message]:
    """The freelancer's newest own messages of a thread, to choose from (S11)."""
    return list(
        Message.objects.filter(contract_id=request_contract_id, kind="person", side="freelancer").order_by("-sent_at")[
            :newest
        ]
    )
