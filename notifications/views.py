"""The bell, the list of notices, where each leads, and which of them are mailed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.services import people
from core.errors import StrangerError
from core.web.acts import attempt
from notifications import selectors, services
from notifications.kinds import groups

SEE_OTHER = 303


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List one's notices, newest first."""
    unread = request.GET.get("show") == "unread"
    page = selectors.page_of(request.actor, unread=unread, before=request.GET.get("before", ""))  # type: ignore[attr-defined]
    context = {
        "page": page,
        "unread": unread,
        "base_template": _base(request),
        "seen": request.now,  # type: ignore[attr-defined]
    }
    return render(request, "notifications/inbox.html", context)


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
    """Mark as read what stood on the page; what came since stays unread."""
    try:
        until = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = request.now  # type: ignore[attr-defined]
    if until.tzinfo is None:
        until = request.now  # type: ignore[attr-defined]
    count = services.mark_all_read(actor=request.actor, now=request.now, until=until)  # type: ignore[attr-defined]
    messages.success(request, "Nothing was unread." if not count else f"{count} marked as read.")
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
    text = "1 new notification" if count == 1 else f"{count} unread notifications"
    answer = JsonResponse({"count": count, "text": text})
    answer["ETag"] = mark
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """Choose which kinds are mailed. Those that rights or money hang on are always mailed."""
    user = request.user
    if not isinstance(user, User):
        raise StrangerError
    actor = request.actor  # type: ignore[attr-defined]
    shown = groups(staff=bool(actor.staff), party=bool(actor.accounts) or not actor.staff)
    if request.method == "POST":
        wanted = set(request.POST.getlist("mail"))
        offered = [name for _, kinds in shown for name, _ in kinds]
        kept = [kind for kind in user.muted_mail if kind not in offered]
        muted = services.mutable([kind for kind in offered if kind not in wanted])
        attempt(
            request,
            lambda: people.mute_mail(
                user_id=user.pk,
                kinds=[*kept, *muted],
                actor=actor,
                now=request.now,  # type: ignore[attr-defined]
            ),
        )
        messages.success(request, "Your mail choices are saved.")
        return HttpResponseRedirect(reverse("notifications:mail"), status=SEE_OTHER)
    return render(
        request,
        "notifications/mail.html",
        {"groups": shown, "muted": user.muted_mail, "tab": "mail", "base_template": _base(request)},
    )


def _base(request: HttpRequest) -> str:
    """Staff stay in their own frame."""
    return "base_staff.html" if request.actor.staff and not request.actor.accounts else "base.html"  # type: ignore[attr-defined]


def _back(request: HttpRequest) -> HttpResponseRedirect:
    show = "?show=unread" if request.POST.get("show") == "unread" else ""
    return HttpResponseRedirect(reverse("notifications:inbox") + show, status=SEE_OTHER)
