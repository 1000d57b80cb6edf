"""A person's settings, the people of an account, invitations."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors
from accounts.forms import InviteForm, PasswordForm, RoleForm, SettingsForm, StaffSettingsForm, TeamForm
from accounts.models import Invitation, Membership, User
from accounts.services import members, people
from accounts.views.door import see_other
from core.errors import DomainError, StrangerError
from core.permissions import MemberRole
from core.web.acts import attempt

THEME_COOKIE = "eh_theme"
_A_YEAR = 365 * 24 * 60 * 60  # seconds


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, time zone, colours, keys."""
    user = _user(request)
    form_class = StaffSettingsForm if user.staff_roles else SettingsForm
    form = form_class(request.POST or None, now=_now(request), zone=user.timezone, initial=_profile_of(user))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = dict(form.cleaned_data)
            given["out_of_office_until"] = _end_of_day(given.get("out_of_office_until"), given["timezone"])
            outcome = attempt(
                request,
                lambda: people.update_settings(user_id=user.pk, **given, actor=_actor(request), now=_now(request)),
                form=form,
            )
            if outcome.done:
                messages.success(request, "Your settings are saved.")
                answer = see_other(reverse("accounts:settings"))
                # The browser's own choice would win over the account's: they are the same from now on.
                theme = given["theme"] if given["theme"] != "system" else "auto"
                answer.set_cookie(THEME_COOKIE, theme, max_age=_A_YEAR, samesite="Lax", secure=request.is_secure())
                return answer
            status = outcome.status
    return render(request, "accounts/settings.html", {"form": form, "tab": "profile"}, status=status)


def _profile_of(user: User) -> dict[str, Any]:
    until = user.out_of_office_until
    return {
        "name": user.name,
        "timezone": user.timezone,
        "theme": user.theme,
        "shortcut_keys": user.shortcut_keys,
        "out_of_office_until": until.astimezone(ZoneInfo(user.timezone)).date() if until else None,
    }


def _end_of_day(day: Any, zone: str) -> datetime | None:
    return datetime.combine(day, time(23, 59), ZoneInfo(zone)) if day else None


@login_required
@sensitive_post_parameters("old", "new")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; all other sessions end."""
    user = _user(request)
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = attempt(
                request,
                lambda: people.change_password(
                    user_id=user.pk, **form.cleaned_data, actor=_actor(request), now=_now(request)
                ),
                form=form,
            )
            if outcome.done:
                if outcome.value is not None:
                    update_session_auth_hash(request, outcome.value)
                messages.success(request, "Your password is changed. Your other devices are signed out.")
                return see_other(reverse("accounts:password"))
            status = outcome.status
    return render(request, "accounts/password.html", {"form": form, "tab": "password"}, status=status)


@login_required
def teams(request: HttpRequest) -> HttpResponse:
    """List the accounts one acts for."""
    found = selectors.accounts_of(_user(request))
    return render(request, "accounts/teams.html", {"memberships": found, "tab": "members"})


@login_required
@require_http_methods(["GET", "POST"])
def new_team(request: HttpRequest) -> HttpResponse:
    """Make an agency or a client company."""
    form = TeamForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = attempt(
                request,
                lambda: members.create_agency(**form.cleaned_data, actor=_actor(request), now=_now(request)),
                form=form,
            )
            if outcome.done:
                messages.success(request, f"{form.cleaned_data['name']} is ready. Invite the people who work for it.")
                if outcome.value is None:
                    return see_other(reverse("accounts:members"))
                return see_other(reverse("accounts:team", args=[outcome.value.pk]))
            status = outcome.status
    return render(request, "accounts/new_team.html", {"form": form, "tab": "members"}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """People of an account; owners invite from here."""
    account = selectors.get_account_for(_actor(request), account_id)
    form = InviteForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = attempt(
                request,
                lambda: members.invite_member(
                    account_id=account_id, **form.cleaned_data, actor=_actor(request), now=_now(request)
                ),
                form=form,
            )
            if outcome.done:
                messages.success(request, f"An invitation is on its way to {form.cleaned_data['email']}.")
                return see_other(reverse("accounts:team", args=[account_id]))
            status = outcome.status
    context = {
        "account": account,
        "members": selectors.members_of(account),
        "invitations": selectors.open_invitations(account, now=_now(request)),
        "owner": _actor(request).accounts.get(account_id) == MemberRole.OWNER,
        "alone": account.kind not in members.TEAM_KINDS,
        "form": form,
        "tab": "members",
    }
    return render(request, "accounts/team.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def member_role(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Give a member another role."""
    membership = _membership_for(request, membership_id)
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = attempt(
                request,
                lambda: members.change_role(
                    membership_id=membership_id, **form.cleaned_data, actor=_actor(request), now=_now(request)
                ),
                form=form,
            )
            if outcome.done:
                messages.success(request, f"{membership.user.name} has another role now.")
                return see_other(reverse("accounts:team", args=[membership.account_id]))
            status = outcome.status
    return render(
        request, "accounts/member_role.html", {"form": form, "membership": membership, "tab": "members"}, status=status
    )


@login_required
@require_http_methods(["GET", "POST"])
def member_remove(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Confirm page, then end a member's rights at once (or one's own)."""
    membership = _membership_for(request, membership_id)
    error, status = None, 200
    if request.method == "POST":
        try:
            attempt(
                request,
                lambda: members.remove_member(membership_id=membership_id, actor=_actor(request), now=_now(request)),
            )
        except StrangerError:
            raise
        except DomainError as refusal:
            error, status = refusal.message, refusal.status
        else:
            mine = membership.user_id == request.user.pk
            told = (
                f"You no longer act for {membership.account.name}." if mine else f"{membership.user.name} is removed."
            )
            messages.success(request, told)
            path = reverse("accounts:members") if mine else reverse("accounts:team", args=[membership.account_id])
            return see_other(path)
    context = {
        "membership": membership,
        "mine": membership.user_id == request.user.pk,
        "errors": [error] if error else [],
        "back_href": reverse("accounts:team", args=[membership.account_id]),
    }
    return render(request, "accounts/member_remove.html", context, status=status)


@login_required
@require_POST
def invitation_revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    found = Invitation.objects.filter(pk=invitation_id).first()
    if found is None or not _actor(request).acts_for(found.account_id):
        raise StrangerError
    attempt(
        request,
        lambda: members.revoke_invitation(invitation_id=invitation_id, actor=_actor(request), now=_now(request)),
    )
    messages.success(request, "The invitation is taken back.")
    return see_other(reverse("accounts:team", args=[found.account_id]))


@login_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Accept an invitation: only the person whose address it names sees it."""
    found = Invitation.objects.select_related("account", "invited_by").filter(pk=invitation_id).first()
    if found is None or found.email != _user(request).email:
        raise StrangerError("This invitation is for another address. Sign in with the address it was sent to.")
    errors: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            attempt(
                request,
                lambda: members.accept_invitation(
                    invitation_id=invitation_id, actor=_actor(request), now=_now(request)
                ),
            )
        except StrangerError:
            raise
        except DomainError as refusal:
            errors, status = [refusal.message], refusal.status
        else:
            messages.success(request, f"You act for {found.account.name} now.")
            return see_other(reverse("accounts:members"))
    over = bool(found.accepted_at or found.revoked_at or _now(request) >= found.expires_at)
    return render(
        request,
        "accounts/invitation.html",
        {"invitation": found, "over": over, "errors": errors, "back_href": "/"},
        status=status,
    )


def _membership_for(request: HttpRequest, membership_id: UUID) -> Membership:
    found = (
        Membership.objects.filter(pk=membership_id, removed_at__isnull=True).select_related("account", "user").first()
    )
    if found is None or not _actor(request).acts_for(found.account_id):
        raise StrangerError
    return found


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise StrangerError
    return request.user


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _now(request: HttpRequest) -> datetime:
    return request.now  # type: ignore[attr-defined,no-any-return]
