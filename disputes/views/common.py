"""What the dispute's views share: finding the case, firing what is overdue, stale forms, answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from core import deadlines
from core.errors import InvalidInputError, NotAllowedError, StaleError, StrangerError
from core.formatting import format_instant
from core.web.acts import Outcome, attempt
from disputes.forms import SeenForm
from disputes.models import Dispute
from disputes.panels import Viewer
from disputes.readmodels import People, load_dispute, people_of, viewer_for
from disputes.readmodels.page import contract_path, title_of
from disputes.readmodels.timeline import Entry, timeline

Answer = HttpResponseBase
View = Callable[..., Answer]
CHANGES_SHOWN = 5


class SeeOther(HttpResponseRedirect):
    """303: the answer to a form that took effect is another page."""

    status_code = 303


def page(view: View) -> View:
    """A page for signed-in people."""
    return login_required(view)


@dataclass(slots=True)
class Case:
    """The case a request is about, seen by its viewer."""

    dispute: Dispute
    viewer: Viewer
    people: People

    def url(self, name: str, *args: object) -> str:
        """Path of one of this dispute's pages."""
        return reverse(f"disputes:{name}", args=[self.dispute.reference, *args])

    @property
    def fee_percent(self) -> str:
        """Service fee, as pinned."""
        return self.dispute.contract.policy.service_fee_percent


def open_case(request: Any, reference: str) -> Case:
    """Find the case for the actor (404 for strangers), then fire its overdue timers (Z9) and look again."""
    dispute = load_dispute(request.actor, reference)
    if deadlines.settle_overdue(dispute.contract_id, now=request.now):
        dispute = load_dispute(request.actor, reference)
    people = people_of(dispute)
    return Case(dispute, viewer_for(dispute, request.actor, request.now, people), people)


def need_party(case: Case) -> str:
    """The viewer's side. Raises StrangerError for staff: the page is not theirs."""
    if case.viewer.side is None:
        raise StrangerError
    return case.viewer.side


def need_side(case: Case, side: str) -> None:
    """Only this side has the page. Raises NotAllowedError for the other side, StrangerError for staff."""
    if need_party(case) != side:
        name = case.viewer.freelancer_name if side == "freelancer" else case.viewer.client_name
        raise NotAllowedError(_("Only {name} can do this.").format(name=name))


def need_money(case: Case) -> None:
    """The viewer may take steps that bind the account. Raises NotAllowedError (403)."""
    side = need_party(case)
    if not case.viewer.moves_money:
        name = case.viewer.freelancer_name if side == "freelancer" else case.viewer.client_name
        raise NotAllowedError(
            _("Only an owner or a case manager of {name} can do this. Ask one of them.").format(name=name)
        )


def seen(case: Case) -> dict[str, str]:
    """Initial value of a form's hidden version."""
    return {"seen": str(case.dispute.version)}


def zone_of(request: Any) -> ZoneInfo:
    """The viewer's zone."""
    return ZoneInfo(getattr(request.user, "timezone", "UTC") or "UTC")


def show(
    request: Any, case: Case, template: str, context: dict[str, Any], *, status: int = 200, back: str = ""
) -> HttpResponse:
    """Render a page of the case with what every one of them needs."""
    dispute = case.dispute
    return render(
        request,
        f"disputes/{template}.html",
        {
            "case": case,
            "dispute": dispute,
            "viewer": case.viewer,
            "contract": dispute.contract,
            "contract_href": contract_path(dispute),
            "title": title_of(dispute),
            "total": dispute.money,
            "fee_percent": case.fee_percent,
            "base": "base.html" if case.viewer.side else "base_staff.html",
            "viewer_role": case.viewer.side or "specialist",
            "freelancer_label": _("You") if case.viewer.side == "freelancer" else case.viewer.freelancer_name,
            "client_label": _("You") if case.viewer.side == "client" else case.viewer.client_name,
            "back_href": back or case.url("dispute"),
            **context,
        },
        status=status,
    )


def act(request: HttpRequest, case: Case, form: SeenForm, command: Callable[[], Any]) -> Outcome:
    """Run a valid form's command; overdue timers of the contract fire first (Z9)."""
    return attempt(request, command, form=form, contract_id=case.dispute.contract_id)


def renewed(form: SeenForm, case: Case) -> None:
    """Let a form that was refused as stale be sent again once its sender has seen what is new."""
    if form.is_bound:
        form.data = {**form.data.dict(), "seen": str(case.dispute.version)}  # type: ignore[attr-defined]


def changes(request: Any, case: Case) -> list[dict[str, Any]]:
    """The newest entries, for the notice on a stale form."""
    dispute, viewer = case.dispute, case.viewer
    offers = list(dispute.offers.select_related("made_by").order_by("number")) if viewer.negotiation else []
    shown = timeline(dispute, viewer, case.people, offers, tz=zone_of(request), limit=CHANGES_SHOWN)
    return [{"text": in_one_line(entry), "at": entry.at} for entry in shown.entries[:CHANGES_SHOWN]]


def in_one_line(entry: Entry) -> str:
    """An entry as a sentence."""
    item = entry.item
    if item.kind == "message":
        return _("You wrote a message") if item.you else _("{name} wrote a message").format(name=item.name)
    if item.kind == "private":
        return _("You wrote privately") if item.you else _("{name} wrote privately").format(name=item.name)
    return item.plain


def refused(
    request: Any, reference: str, outcome: Outcome, form: SeenForm | None = None
) -> tuple[Case, dict[str, Any]]:
    """The case as it is now, and what the page says about a refusal."""
    case = open_case(request, reference)
    context: dict[str, Any] = {}
    if isinstance(outcome.error, StaleError):
        context["changes"] = changes(request, case)
        if form is not None:
            renewed(form, case)
    return case, context


def done(request: Any, case: Case, words: str, name: str = "dispute", *args: object) -> HttpResponse:
    """Say what was done and show the page."""
    messages.success(request, words)
    target = case.url(name, *args)
    if request.htmx and target != request.path:
        # The script would put another page's content under this address: let the browser go there.
        return HttpResponseClientRedirect(target)
    return SeeOther(target)


def put_errors(form: Any, error: InvalidInputError) -> None:
    """Place a service's sentences on their fields."""
    for name, sentence in error.fields.items():
        form.add_error(name if name in form.fields else None, sentence)


def local_clock(request: Any) -> str:
    """``1:36 pm`` where the viewer is."""
    return format_instant(request.now, timezone.get_current_timezone(), "time")
