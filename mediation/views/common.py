"""What the desk's and the parties' views share: finding the case, firing what is overdue, answers to refusals."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from core import deadlines
from core.errors import StrangerError
from core.permissions import StaffRole
from core.web.acts import Outcome, attempt
from disputes.models import Dispute
from mediation import selectors
from mediation.models import ConflictDeclaration, MediationCase

View = Callable[..., HttpResponse]
# Hidden fields of our forms: not what somebody wrote.
MACHINERY = frozenset({"csrfmiddlewaretoken", "_once", "_by", "seen"})


class SeeOther(HttpResponseRedirect):
    """303: the answer to a form that took effect is another page."""

    status_code = 303


class ReassignedError(StrangerError):
    """The viewer had this case until a moment ago; `case` is for the view alone."""

    def __init__(self, case: MediationCase) -> None:
        super().__init__()
        self.case = case


def page(view: View) -> View:
    """A page for signed-in people."""
    return login_required(view)


def desk(view: View) -> View:
    """A page of the desk: for specialists and supervisors, unknown to everybody else (404)."""

    @wraps(view)
    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor.is_staff(StaffRole.SPECIALIST, StaffRole.SUPERVISOR):
            raise StrangerError
        try:
            return view(request, *args, **kwargs)
        except ReassignedError as moved:
            return reassigned(request, moved.case)

    return login_required(inner)


def supervisors(view: View) -> View:
    """A page of the desk for supervisors alone."""

    @wraps(view)
    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor.is_staff(StaffRole.SUPERVISOR):
            raise StrangerError
        return view(request, *args, **kwargs)

    return desk(inner)


def staff_case(request: Any, reference: str) -> MediationCase:
    """Find the case for its specialist or a supervisor, after its overdue timers have fired (Z9).

    Raises StrangerError (404); for a form of somebody who had the case when writing it, ReassignedError (409).
    """
    try:
        case = selectors.get_case_for_staff(request.actor, reference)
        if deadlines.settle_overdue(case.dispute.contract_id, now=request.now):
            case = selectors.get_case_for_staff(request.actor, reference)
    except StrangerError:
        had = ConflictDeclaration.objects.filter(case__dispute__reference=reference, specialist_id=request.user.pk)
        if request.method == "POST" and (found := had.select_related("case__dispute").first()):
            raise ReassignedError(found.case) from None
        raise
    return case


def reassigned(request: HttpRequest, case: MediationCase) -> HttpResponse:
    """409: somebody else has the case now. What was typed is shown to be copied; nothing of the case is."""
    kept = [
        {"label": name.replace("_", " ").capitalize(), "text": value}
        for name, value in request.POST.items()
        if name not in MACHINERY and str(value).strip()
    ]
    return render(request, "desk/reassigned.html", {"number": case.dispute.number, "kept": kept}, status=409)


def party_case(request: Any, reference: str) -> MediationCase:
    """Find the case for a member of either side (404 otherwise), after its overdue timers have fired (Z9)."""
    case = selectors.get_case_for_party(request.actor, reference)
    if deadlines.settle_overdue(case.dispute.contract_id, now=request.now):
        case = selectors.get_case_for_party(request.actor, reference)
    return case


def run(request: Any, case: MediationCase, command: Callable[[], Any], *, form: Any = None) -> Outcome:
    """Run one command on a case from a view."""
    return attempt(request, command, form=form, contract_id=case.dispute.contract_id)


def done(request: HttpRequest, words: str, name: str, *args: Any) -> HttpResponse:
    """Say what was done and go on."""
    messages.success(request, words)
    return SeeOther(reverse(name, args=args))


def zone_of(request: Any) -> ZoneInfo:
    """The viewer's zone."""
    return ZoneInfo(getattr(request.user, "timezone", "UTC") or "UTC")


def renew(form: Any, case: MediationCase) -> None:
    """Let a form that was refused as stale be sent again, now that its sender has been shown what is new."""
    form.data = form.data.copy()
    form.data["seen"] = str(Dispute.objects.values_list("version", flat=True).get(pk=case.dispute_id))


def context_of(case: MediationCase) -> dict[str, Any]:
    """What every page of a case needs."""
    dispute, contract = case.dispute, case.dispute.contract
    return {
        "case": case,
        "dispute": dispute,
        "contract": contract,
        "total": dispute.money,
        "title": dispute.milestone.title if dispute.milestone else contract.title,
        "freelancer_name": contract.freelancer_account.name,
        "client_name": contract.client_account.name,
        "fee_percent": contract.policy.service_fee_percent,
    }
