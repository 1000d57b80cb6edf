"""A person's own settings: the profile, the password, the address."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import throttle
from accounts.forms import EmailForm, PasswordForm, SettingsForm, StaffSettingsForm
from accounts.models import User
from accounts.services import address, people
from accounts.views.common import actor_of, now_of, see_other, user_of
from core.errors import DomainError
from core.web.acts import attempt

THEME_COOKIE = "eh_theme"
_A_YEAR = 365 * 24 * 60 * 60  # seconds
TOO_MANY = 429


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, time zone, language, colours, keys."""
    user = user_of(request)
    form_class = StaffSettingsForm if user.staff_roles else SettingsForm
    form = form_class(request.POST or None, now=now_of(request), zone=user.timezone, initial=_profile_of(user))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = dict(form.cleaned_data)
            given["out_of_office_until"] = _end_of_day(given.get("out_of_office_until"), given["timezone"])
            outcome = attempt(
                request,
                lambda: people.update_settings(user_id=user.pk, **given, actor=actor_of(request), now=now_of(request)),
                form=form,
            )
            if outcome.done:
                with translation.override(given["language"]):
                    messages.success(request, _("Your settings are saved."))
                return _remembered(request, see_other(reverse("accounts:settings")), given)
            status = outcome.status
    return render(request, "accounts/settings.html", {"form": form, "tab": "profile"}, status=status)


def _remembered(request: HttpRequest, answer: HttpResponse, given: dict[str, Any]) -> HttpResponse:
    """Let the browser follow: its own choice of colours would win, and signed out it would forget the language."""
    theme = given["theme"] if given["theme"] != "system" else "auto"
    kept = {THEME_COOKIE: theme, settings.LANGUAGE_COOKIE_NAME: given["language"]}
    for name, value in kept.items():
        answer.set_cookie(
            name,
            value,
            max_age=_A_YEAR,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=name == settings.LANGUAGE_COOKIE_NAME,
        )
    return answer


def _profile_of(user: User) -> dict[str, Any]:
    until = user.out_of_office_until
    return {
        "name": user.name,
        "timezone": user.timezone,
        "language": user.language,
        "theme": user.theme,
        "shortcut_keys": user.shortcut_keys,
        "out_of_office_until": until.astimezone(ZoneInfo(user.timezone)).date() if until else None,
    }


def _end_of_day(day: Any, zone: str) -> datetime | None:
    return datetime.combine(day, time(23, 59), ZoneInfo(zone)) if day else None


# The outermost mark is read even when nobody is signed in: no password is ever kept (core.web.kept).
@sensitive_post_parameters("old", "new")
@login_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; all other sessions end."""
    user = user_of(request)
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = attempt(
                request,
                lambda: people.change_password(
                    user_id=user.pk, **form.cleaned_data, actor=actor_of(request), now=now_of(request)
                ),
                form=form,
            )
            if outcome.done:
                if outcome.value is not None:
                    update_session_auth_hash(request, outcome.value)
                messages.success(request, _("Your password is changed. Your other devices are signed out."))
                return see_other(reverse("accounts:password"))
            status = outcome.status
    return render(request, "accounts/password.html", {"form": form, "tab": "password"}, status=status)


@sensitive_post_parameters("password")
@login_required
@require_http_methods(["GET", "POST"])
def email(request: HttpRequest) -> HttpResponse:
    """Ask for another address: a link goes to the new one, word of it to the old one."""
    user = user_of(request)
    form = EmailForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if throttle.EMAIL_CHANGE.blocked(str(user.pk)):
            status = TOO_MANY
            form.add_error(None, _("Too many tries. Wait an hour."))
        elif form.is_valid():
            throttle.EMAIL_CHANGE.count(str(user.pk))
            outcome = attempt(
                request,
                lambda: address.ask_email_change(
                    user_id=user.pk, **form.cleaned_data, actor=actor_of(request), now=now_of(request)
                ),
                form=form,
            )
            if outcome.done:
                told = _("A link is on its way to {email}. Until you open it, your old address stays as it is.")
                messages.success(request, told.format(email=form.cleaned_data["email"]))
                return see_other(reverse("accounts:settings"))
            status = outcome.status
    return render(request, "accounts/email.html", {"form": form, "tab": "profile"}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def email_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads: one button, then the new address counts."""
    if request.method == "POST":
        outcome_email = ""
        try:
            changed = address.confirm_email(token=token, actor=actor_of(request), now=now_of(request))
            outcome_email = changed.email
        except DomainError as refusal:
            return _link_refused(request, refusal)
        messages.success(request, _("From now on you sign in with {email}.").format(email=outcome_email))
        return see_other(reverse("accounts:settings"))
    try:
        change = address.read_link(token, actor=actor_of(request), now=now_of(request))
    except DomainError as refusal:
        return _link_refused(request, refusal)
    context = {"change": change, "back_href": reverse("accounts:settings")}
    return render(request, "accounts/email_confirm.html", context)


def _link_refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    context = {"message": refusal.message, "tab": "profile"}
    return render(request, "accounts/email_link_over.html", context, status=refusal.status)
