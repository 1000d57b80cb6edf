"""The list of notices, its bell, and where each notice leads."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from notifications import selectors, services

SEE_OTHER = 303


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List one's notices, newest first: all or the unread, of all contracts or of one."""
    actor = request.actor  # type: ignore[attr-defined]
    unread = request.GET.get("show") == "unread"
    cases = selectors.cases_of(actor)
    case = _chosen(cases, request.GET.get("case", ""))
    page = selectors.page_of(
        actor,
        unread=unread,
        contract_id=case.contract_id if case is not None else None,
        before=request.GET.get("before", ""),
    )
    titles = {c.contract_id: c.title for c in cases}
    context = {
        "page": page,
        "rows": [(n, titles.get(n.contract_id, "") if n.contract_id and case is None else "") for n in page.notices],
        "unread": unread,
        "case": case,
        "cases": [(c.reference, c.title) for c in cases],
        "older_page": bool(request.GET.get("before")),
        "base_template": frame_of(request),
        "seen": request.now,  # type: ignore[attr-defined]
    }
    return render(request, "notifications/inbox.html", context)


def _chosen(cases: list[selectors.Case], reference: str) -> selectors.Case | None:
    """The contract asked for; all of them when it is none of one's own."""
    return next((case for case in cases if case.reference == reference), None)


@login_required
@require_GET
def go(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark as read and go where the notice leads."""
    notice = services.mark_read(notice_id=notice_id, actor=request.actor, now=request.now)  # type: ignore[attr-defined]
    return HttpResponseRedirect(notice.link)


@login_required
@require_POST
def read_one(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one as read and stay on the list."""
    services.mark_read(notice_id=notice_id, actor=request.actor, now=request.now)  # type: ignore[attr-defined]
    return _back(request)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what stood on the list; what came since, and what another contract tells, stays unread."""
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    try:
        until = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = now
    if until.tzinfo is None:
        until = now
    reference = request.POST.get("case", "")
    case = _chosen(selectors.cases_of(actor), reference) if reference else None
    count = services.mark_all_read(
        actor=actor, now=now, until=until, contract_id=case.contract_id if case is not None else None
    )
    messages.success(
        request,
        ngettext("{n} notification marked as read.", "{n} notifications marked as read.", count).format(n=count)
        if count
        else _("Nothing was unread."),
    )
    return _back(request)


@login_required
@require_GET
def poll(request: HttpRequest) -> HttpResponse:
    """204 while nothing is new; else how many are unread. At most two queries of its own."""
    newest = selectors.newest(request.actor)  # type: ignore[attr-defined]
    mark = f'"{newest[0] if newest else "none"}"'
    if request.GET.get("seen", "") == mark.strip('"') or request.headers.get("If-None-Match") == mark:
        return HttpResponse(status=204)
    count = selectors.unread_count(request.actor)  # type: ignore[attr-defined]
    if not count:
        return HttpResponse(status=204)
    text = ngettext("{n} new notification", "{n} unread notifications", count).format(n=count)
    answer = JsonResponse({"count": count, "text": text})
    answer["ETag"] = mark
    return answer


def frame_of(request: HttpRequest) -> str:
    """Staff stay in their own frame."""
    return "base_staff.html" if request.actor.staff and not request.actor.accounts else "base.html"  # type: ignore[attr-defined]


def _back(request: HttpRequest) -> HttpResponseRedirect:
    kept = {name: request.POST.get(name, "") for name in ("show", "case")}
    query = urlencode({name: value for name, value in kept.items() if value})
    return HttpResponseRedirect(reverse("notifications:inbox") + (f"?{query}" if query else ""), status=SEE_OTHER)
