"""The support desk: inbox, one request, opening a case, declining, reviewing (S14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import road
from core.errors import NotAllowedError, StrangerError
from core.permissions import StaffRole
from core.web.acts import Outcome, attempt
from disputes import rules, supportboard
from disputes.enums import ActiveReason
from disputes.forms_support import DeclineForm, NoteForm, OpenCaseForm, ReviewForm
from disputes.models import SupportRequest
from disputes.services import support
from disputes.supportboard import VIEWS
from disputes.views_support import SeeOther, conflict_of, open_request

STAFF = (StaffRole.SUPPORT, StaffRole.SUPERVISOR, StaffRole.ADMIN)
ASK_LABEL = _l("Ask the freelancer")
ASK_HINT = _l("At least 10 characters. It can be answered within 5 business days; then the request lapses.")
KEYS = [
    {"keys": ["J", "K"], "text": _l("Next, previous request"), "short": _l("Move")},
    {"keys": ["Enter"], "text": _l("Open the request"), "short": _l("Open")},
    {"keys": ["/"], "text": _l("Search"), "short": _l("Search")},
    {"keys": ["?"], "text": _l("Show all keys"), "short": _l("Keys")},
]


def _staff(request: Any) -> None:
    if not request.actor.is_staff(*STAFF):
        raise StrangerError


def _request(request: Any, reference: str) -> SupportRequest:
    _staff(request)
    found = open_request(request, reference)
    if rules.is_party(found, request.actor):
        raise NotAllowedError(_("You belong to a side of this contract, so somebody else has to handle this request."))
    return found


@login_required
@require_GET
def support_desk(request: Any, view: str = "") -> HttpResponse:
    """The inbox, soonest due first; supervisors start at what waits for them."""
    _staff(request)
    agent = request.actor.is_staff(StaffRole.SUPPORT)
    chosen = view or ("waiting" if agent else "review")
    if chosen not in VIEWS:
        raise StrangerError
    search = request.GET.get("q", "")
    found = supportboard.inbox(chosen, user_id=request.user.pk, search=search, after=request.GET.get("after", ""))
    numbers = supportboard.counts(user_id=request.user.pk)
    links = [
        {
            "label": label,
            "icon": icon,
            "href": reverse("disputes:support_view", args=[name]),
            "count": numbers.get(name),
            "hot": name == ("waiting" if agent else "review") and bool(numbers.get(name)),
            "current": name == chosen,
        }
        for name, (label, icon, _) in VIEWS.items()
    ]
    return render(
        request,
        "disputes/support_desk.html",
        {
            "inbox": found,
            "links": links,
            "label": VIEWS[chosen][0],
            "icon": VIEWS[chosen][1],
            "view": chosen,
            "search": search,
            "keys": KEYS,
            "keymap": "on" if request.user.shortcut_keys else "off",
        },
    )


def _case(request: Any, found: SupportRequest, *, status: int = 200, ask_form: NoteForm | None = None) -> HttpResponse:
    can = {
        name: road.possible(found, name, request.actor)
        for name in ("take_up", "ask", "open_case", "decline", "send_back")
    }
    context = {
        "r": found,
        "contract": found.contract,
        "sheet": supportboard.sheet(found, desk=True),
        "can": can,
        "any_act": any(can[name] for name in ("take_up", "open_case", "decline")),
        "ask_form": ask_form or NoteForm(label=ASK_LABEL, hint=ASK_HINT),
        "conflict": None if can["ask"] else conflict_of(ask_form),
    }
    return render(request, "disputes/support_case.html", context, status=status)


@login_required
@require_GET
def support_case(request: Any, reference: str) -> HttpResponse:
    """One request with the platform's record and the guards as a checklist."""
    return _case(request, _request(request, reference))


def _run(request: Any, found: SupportRequest, form: forms.Form | None, command: Callable[[], Any]) -> Outcome:
    return attempt(request, command, form=form, contract_id=found.contract_id)


@login_required
@require_POST
def support_take(request: Any, reference: str) -> HttpResponse:
    """P2: take the request up."""
    found = _request(request, reference)
    _run(
        request,
        found,
        None,
        lambda: support.take_up(request_id=found.pk, actor=request.actor, now=request.now),
    )
    messages.success(request, _("{number} is yours.").format(number=found.number))
    return SeeOther(reverse("disputes:support_case", args=[found.reference]))


@login_required
@require_POST
def support_ask(request: Any, reference: str) -> HttpResponse:
    """P2: ask the freelancer for information."""
    found = _request(request, reference)
    form = NoteForm(request.POST, label=ASK_LABEL, hint=ASK_HINT)
    if not form.is_valid():
        return _case(request, found, status=422, ask_form=form)
    outcome = _run(
        request,
        found,
        form,
        lambda: support.ask_information(
            request_id=found.pk, text=form.cleaned_data["text"], actor=request.actor, now=request.now
        ),
    )
    if not outcome.done:
        return _case(request, _request(request, reference), status=outcome.status, ask_form=form)
    messages.success(request, _("The question is sent. The request comes back when it is answered."))
    return SeeOther(reverse("disputes:support_case", args=[found.reference]))


def _act_page(
    request: Any,
    found: SupportRequest,
    template: str,
    form: forms.Form,
    act: str,
    command: Callable[[dict[str, Any]], Any],
    done: Callable[[Any], HttpResponse],
) -> HttpResponse:
    """A page of its own for an act: shown when it is open to the actor, run on POST, typed text kept."""
    road.check(found, act, request.actor)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = _run(request, found, form, lambda: command(form.cleaned_data))
            if outcome.done:
                return done(outcome.value)
            status = outcome.status
    return render(
        request,
        f"disputes/{template}.html",
        {
            "form": form,
            "r": found,
            "contract": found.contract,
            "sheet": supportboard.sheet(found, desk=True),
            "base": "base_staff.html",
            "back_href": reverse("disputes:support_case", args=[found.reference]),
            "fee_percent": found.contract.policy.service_fee_percent,
        },
        status=status,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def support_open(request: Any, reference: str) -> HttpResponse:
    """P3: open a case with a mediation specialist."""
    found = _request(request, reference)
    form = OpenCaseForm(request.POST or None, most=found.money, initial={"circumstance": ActiveReason(found.reason)})

    def done(dispute: Any) -> HttpResponse:
        number = dispute.number if dispute is not None else _("The case")
        messages.success(
            request, _("{number} is open. Both sides are told, and a specialist takes over.").format(number=number)
        )
        return SeeOther(reverse("disputes:support_case", args=[found.reference]))

    return _act_page(
        request,
        found,
        "support_open",
        form,
        "open_case",
        lambda data: support.open_case(request_id=found.pk, actor=request.actor, now=request.now, **data),
        done,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def support_decline(request: Any, reference: str) -> HttpResponse:
    """P4: decline with a reason."""
    found = _request(request, reference)

    def done(_found: Any) -> HttpResponse:
        messages.success(
            request,
            _("{number} is declined. The freelancer is told, with the way to a review.").format(number=found.number),
        )
        return SeeOther(reverse("disputes:support_desk"))

    return _act_page(
        request,
        found,
        "support_decline",
        DeclineForm(request.POST or None),
        "decline",
        lambda data: support.decline(request_id=found.pk, actor=request.actor, now=request.now, **data),
        done,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def support_review(request: Any, reference: str) -> HttpResponse:
    """P6: a supervisor reviews the decline."""
    found = _request(request, reference)

    def command(data: dict[str, Any]) -> SupportRequest:
        decide = support.send_back if data["decision"] == "send_back" else support.uphold
        return decide(request_id=found.pk, text=data["text"], actor=request.actor, now=request.now)

    def done(_found: Any) -> HttpResponse:
        messages.success(request, _("The decision is stored. The freelancer and support are told."))
        return SeeOther(reverse("disputes:support_view", args=["review"]))

    return _act_page(request, found, "support_review", ReviewForm(request.POST or None), "uphold", command, done)
