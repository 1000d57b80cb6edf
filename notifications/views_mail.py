"""Which notices are mailed, by choice on a page or by the link in a mail; and an address that refuses mail."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.services import people
from core.errors import StrangerError
from core.web.acts import attempt
from notifications import bounces, services
from notifications.kinds import KINDS, choices
from notifications.tokens import read_mute_token
from notifications.views import SEE_OTHER, frame_of


@login_required
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """Choose which kinds are mailed. Those that rights or money hang on are always mailed."""
    user = request.user
    if not isinstance(user, User):
        raise StrangerError
    actor = request.actor  # type: ignore[attr-defined]
    shown = choices(staff=bool(actor.staff), party=bool(actor.accounts) or not actor.staff)
    if request.method == "POST":
        wanted = set(request.POST.getlist("mail"))
        offered = [name for group in shown for name, _kind in group.free]
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
        messages.success(request, _("Your mail choices are saved."))
        return HttpResponseRedirect(reverse("notifications:mail"), status=SEE_OTHER)
    return render(
        request,
        "notifications/mail.html",
        {
            "groups": shown,
            "muted": user.muted_mail,
            "problem": bounces.last_problem(user) if user.mail_bounced_at is not None else "",
            "tab": "mail",
            "base_template": frame_of(request),
        },
    )


@login_required
@require_POST
def trial(request: HttpRequest) -> HttpResponse:
    """Send a mail to one's own address that refused the last one: if it is taken, the note goes away."""
    outcome = attempt(
        request,
        lambda: bounces.ask_trial(actor=request.actor, now=request.now),  # type: ignore[attr-defined]
    )
    if outcome.value:
        messages.success(
            request, _("A mail is on its way to you. When it is taken, the note on your pages goes away by itself.")
        )
    else:
        messages.info(request, _("A mail was sent a moment ago. Wait a minute, then look at this page again."))
    return HttpResponseRedirect(reverse("notifications:mail"), status=SEE_OTHER)


# The key in the address is the right to do it: mail readers post without cookies (RFC 8058).
@csrf_exempt
@require_http_methods(["GET", "POST"])
def mute(request: HttpRequest, token: str) -> HttpResponse:
    """Switch off, or on again, the mails of one kind, from the link in a mail; nobody has to sign in for it."""
    found = read_mute_token(token)
    if found is None or not services.mutable([found[1]]):
        raise StrangerError
    user_id, kind = found
    state = "ask"
    if request.method == "POST":
        off = request.POST.get("again") != "1"
        services.mute_kind(user_id=user_id, kind=kind, off=off, now=request.now)  # type: ignore[attr-defined]
        state = "off" if off else "on"
    return render(request, "notifications/mute.html", {"kind": KINDS[kind], "state": state})
