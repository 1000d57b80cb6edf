"""The desk's lists: the queue, the workload, the objections."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.errors import StrangerError
from core.web.acts import attempt
from mediation import forms, selectors
from mediation.models import Objection
from mediation.readmodels import case as case_read
from mediation.readmodels import queue as queue_read
from mediation.services import objection as objections_service
from mediation.views.common import context_of, desk, done, staff_case, supervisors, zone_of

KEYS = [
    {"keys": ["J", "K"], "text": _l("Next and previous case"), "short": _l("Move")},
    {"keys": ["Enter"], "text": _l("Open the case"), "short": _l("Open")},
    {"keys": ["A"], "text": _l("Assign (supervisors)"), "short": _l("Assign")},
    {"keys": ["N"], "text": _l("Write a note"), "short": _l("Note")},
    {"keys": ["R"], "text": _l("Draft a recommendation"), "short": _l("Recommend")},
    {"keys": ["/"], "text": _l("Search"), "short": _l("Search")},
    {"keys": ["?"], "text": _l("Show all keys"), "short": _l("All keys")},
]
SORTS = ("due", "-stake")
SEARCH_MAX = 80


@desk
def queue(request: Any, slug: str = "") -> HttpResponse:
    """List one view of the desk, soonest due first."""
    view = queue_read.BY_SLUG.get(slug or _first_view(request))
    if view is None or view not in queue_read.views_for(request.actor):
        raise StrangerError
    search = request.GET.get("q", "").strip()[:SEARCH_MAX]
    stage = request.GET.get("stage", "")
    sort = request.GET.get("sort", "due")
    found = queue_read.queue(
        request.actor,
        view,
        now=request.now,
        tz=zone_of(request),
        search=search,
        stage=stage,
        sort=sort if sort in SORTS else "due",
        after=request.GET.get("after", ""),
        at=request.GET.get("at", ""),
    )
    links: list[dict[str, Any]] = [
        {
            "view": v,
            "href": reverse("mediation:view", args=[v.slug]),
            "count": found.counts[v.slug.replace("-", "_")],
            "hot": v.slug in ("needs-me", "escalated") and found.counts[v.slug.replace("-", "_")] > 0,
            "current": v.slug == view.slug,
        }
        for v in queue_read.views_for(request.actor)
    ]
    return render(
        request,
        "desk/queue.html",
        {
            "queue": found,
            "view": view,
            "work": [link for link in links if link["view"].slug in YOURS],
            "everything": [link for link in links if link["view"].slug not in YOURS],
            "count": found.counts[view.slug.replace("-", "_")],
            "search": search,
            "stage": stage,
            "sort": sort,
            "stages": list(queue_read.STAGES.items()),
            "filtered": bool(search or stage),
            "keys": KEYS,
            "keymap": "on" if request.user.shortcut_keys else "off",
            "supervisor": queue_read.is_supervisor(request.actor),
        },
    )


YOURS = ("needs-me", "mine", "waiting", "to-recommend", "ending")


def _first_view(request: Any) -> str:
    """Where the desk opens: the own cases of a specialist, what needs a supervisor."""
    return "needs-me" if queue_read.is_supervisor(request.actor) else "mine"


@supervisors
def workload(request: Any) -> HttpResponse:
    """Open cases per specialist, absences, and what waits for a supervisor."""
    loads = selectors.loads(now=request.now)
    return render(
        request,
        "desk/workload.html",
        {
            "loads": [{"load": load, "pct": min(100, load.open_cases * 100 // max(1, _most(loads)))} for load in loads],
            "objections": case_read.open_objections(request.actor),
            "unassigned": selectors.cases().filter(specialist__isnull=True).exclude(state="closed").order_by("ends_at"),
            "total": sum(load.open_cases for load in loads),
        },
    )


def _most(loads: list[selectors.Load]) -> int:
    return max((load.open_cases for load in loads), default=1)


@supervisors
def decide_objection(request: Any, objection_id: Any) -> HttpResponse:
    """D20: decide on one objection."""
    objection = (
        Objection.objects.filter(pk=objection_id).select_related("case__dispute", "made_by", "specialist").first()
    )
    if objection is None:
        raise StrangerError
    case = staff_case(request, objection.case.dispute.reference)
    form, status = forms.DecisionForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = attempt(
                request,
                lambda: objections_service.decide_objection(
                    objection_id=objection.pk,
                    upheld=form.cleaned_data["decision"] == "upheld",
                    text=form.cleaned_data["text"],
                    actor=request.actor,
                    now=request.now,
                ),
                form=form,
                contract_id=case.dispute.contract_id,
            )
            if outcome.done:
                return done(request, _("The objection is decided. Both sides are told."), "mediation:workload")
            status = outcome.status
    return render(
        request, "desk/objection.html", {**context_of(case), "objection": objection, "form": form}, status=status
    )
