"""Signing in, up and out; a forgotten password."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import throttle
from accounts.forms import NewPasswordForm, ResetForm, SignInForm, SignUpForm
from accounts.models import User
from accounts.sandbox import DEMO_PASSWORD
from accounts.selectors import demo_people
from accounts.services import people
from accounts.views.common import see_other
from core.permissions import VISITOR
from core.web.acts import attempt

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: only a path of our own."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by e-mail. In the sandbox the page lists the people, one button each."""
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(_next(request))
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            found, status = _try(request, form.cleaned_data["email"].strip().lower(), form.cleaned_data["password"])
            if found is not None:
                login(request, found, backend=_BACKEND)
                return see_other(_next(request))
            form.add_error(None, _REFUSED[status])
    context = {
        "form": form,
        "next": _next(request),
        "groups": demo_people() if settings.SANDBOX else [],
        "password": DEMO_PASSWORD if settings.SANDBOX else "",
    }
    return render(request, "accounts/sign_in.html", context, status=status)


_REFUSED = {
    422: _l("The address and the password do not belong together. Check both, or set a new password."),
    429: _l("Too many tries. Wait 15 minutes, or set a new password."),
}


def _try(request: HttpRequest, email: str, password: str) -> tuple[User | None, int]:
    pair = f"{email}|{_address(request)}"
    if throttle.SIGN_IN_PAIR.blocked(pair) or throttle.SIGN_IN_ADDRESS.blocked(_address(request)):
        return None, 429
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        throttle.SIGN_IN_PAIR.count(pair)
        throttle.SIGN_IN_ADDRESS.count(_address(request))
        return None, 422
    throttle.SIGN_IN_PAIR.clear(pair)
    return user, 200


@require_POST
def sign_in_as(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Sign in as one of the sandbox's people, without a password. Does not exist outside the sandbox."""
    if not settings.SANDBOX:
        raise Http404
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend=_BACKEND)
    return see_other(_next(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, _("You are signed out."))
    return see_other(reverse("accounts:sign_in"))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Make an account and sign in."""
    form = SignUpForm(request.POST or None, now=request.now, initial={"timezone": "UTC"})  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        status = 422
        if throttle.SIGN_UP.blocked(_address(request)):
            status = 429
            form.add_error(None, _("Too many new accounts from your network. Wait an hour."))
        elif form.is_valid():
            throttle.SIGN_UP.count(_address(request))
            outcome = attempt(
                request,
                lambda: people.sign_up(
                    **form.cleaned_data,
                    language=get_language() or "en",
                    actor=VISITOR,
                    now=request.now,  # type: ignore[attr-defined]
                ),
                form=form,
            )
            if outcome.done:
                user = outcome.value or User.objects.get(email=form.cleaned_data["email"].strip().lower())
                if outcome.repeated and not user.check_password(form.cleaned_data["password"]):
                    raise Http404
                login(request, user, backend=_BACKEND)
                messages.success(request, _("Welcome, {name}.").format(name=user.get_short_name()))
                return see_other(_next(request))
            status = outcome.status
    return render(request, "accounts/sign_up.html", {"form": form, "next": _next(request)}, status=status)


@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same for every address, known or not."""
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].strip().lower()
        if not (throttle.RESET.blocked(email) or throttle.RESET.blocked(_address(request))):
            throttle.RESET.count(email)
            throttle.RESET.count(_address(request))
            people.ask_password_reset(email=email, now=request.now)  # type: ignore[attr-defined]
        return see_other(reverse("accounts:reset_sent"))
    return render(request, "accounts/reset.html", {"form": form}, status=422 if form.errors else 200)


def reset_sent(request: HttpRequest) -> HttpResponse:
    """Say what to look for."""
    return render(request, "accounts/reset_sent.html", {"minutes": settings.PASSWORD_RESET_TIMEOUT // 60})


class ResetConfirm(PasswordResetConfirmView):
    """Set the new password. Django keeps the token out of the address while the form is shown."""

    template_name = "accounts/reset_confirm.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("accounts:sign_in")

    def form_valid(self, form: Any) -> HttpResponse:
        """Store it and say so."""
        super().form_valid(form)
        messages.success(self.request, _("Your password is changed. Sign in with the new one."))
        return see_other(str(self.success_url))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong with it."""
        answer = super().form_invalid(form)
        answer.status_code = 422
        return answer
