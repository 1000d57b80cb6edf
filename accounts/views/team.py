"""The people of an account: members, invitations, delegates."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors
from accounts.enums import TEAM_KINDS
from accounts.forms import DelegateForm, InviteForm, RoleForm, TeamForm
from accounts.models import Delegation, Invitation, Membership
from accounts.services import delegates, members
from accounts.views.common import actor_of, now_of, see_other, user_of
from core.errors import DomainError, StrangerError
from core.permissions import MemberRole
from core.web.acts import attempt


@login_required
def teams(request: HttpRequest) -> HttpResponse:
    """List the accounts one acts for."""
    found = selectors.accounts_of(user_of(request))
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
                lambda: members.create_agency(**form.cleaned_data, actor=actor_of(request), now=now_of(request)),
                form=form,
            )
            if outcome.done:
                messages.success(
                    request,
                    _("{account} is ready. Invite the people who work for it.").format(
                        account=form.cleaned_data["name"]
                    ),
                )
                if outcome.value is None:
                    return see_other(reverse("accounts:members"))
                return see_other(reverse("accounts:team", args=[outcome.value.pk]))
            status = outcome.status
    return render(request, "accounts/new_team.html", {"form": form, "tab": "members"}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """People of an account; owners invite from here."""
    account = selectors.get_account_for(actor_of(request), account_id)
    form = InviteForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = attempt(
                request,
                lambda: members.invite_member(
                    account_id=account_id, **form.cleaned_data, actor=actor_of(request), now=now_of(request)
                ),
                form=form,
            )
            if outcome.done:
                messages.success(
                    request, _("An invitation is on its way to {email}.").format(email=form.cleaned_data["email"])
                )
                return see_other(reverse("accounts:team", args=[account_id]))
            status = outcome.status
    context = {
        "account": account,
        "members": selectors.members_of(account),
        "invitations": selectors.open_invitations(account, now=now_of(request)),
        "delegations": selectors.delegations_of(account, now=now_of(request)),
        "owner": actor_of(request).accounts.get(account_id) == MemberRole.OWNER,
        "alone": account.kind not in TEAM_KINDS,
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
                    membership_id=membership_id, **form.cleaned_data, actor=actor_of(request), now=now_of(request)
                ),
                form=form,
            )
            if outcome.done:
                messages.success(request, _("{name} has another role now.").format(name=membership.user.name))
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
                lambda: members.remove_member(
                    membership_id=membership_id, actor=actor_of(request), now=now_of(request)
                ),
            )
        except StrangerError:
            raise
        except DomainError as refusal:
            error, status = refusal.message, refusal.status
        else:
            mine = membership.user_id == request.user.pk
            told = (
                _("You no longer act for {account}.").format(account=membership.account.name)
                if mine
                else _("{name} is removed.").format(name=membership.user.name)
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
    if found is None or not actor_of(request).acts_for(found.account_id):
        raise StrangerError
    attempt(
        request,
        lambda: members.revoke_invitation(invitation_id=invitation_id, actor=actor_of(request), now=now_of(request)),
    )
    messages.success(request, _("The invitation is taken back."))
    return see_other(reverse("accounts:team", args=[found.account_id]))


@login_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Accept an invitation: only the person whose address it names sees it."""
    found = Invitation.objects.select_related("account", "invited_by").filter(pk=invitation_id).first()
    if found is None or found.email != user_of(request).email:
        raise StrangerError(_("This invitation is for another address. Sign in with the address it was sent to."))
    errors: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            attempt(
                request,
                lambda: members.accept_invitation(
                    invitation_id=invitation_id, actor=actor_of(request), now=now_of(request)
                ),
            )
        except StrangerError:
            raise
        except DomainError as refusal:
            errors, status = [refusal.message], refusal.status
        else:
            messages.success(request, _("You act for {account} now.").format(account=found.account.name))
            return see_other(reverse("accounts:members"))
    over = bool(found.accepted_at or found.revoked_at or now_of(request) >= found.expires_at)
    return render(
        request,
        "accounts/invitation.html",
        {"invitation": found, "over": over, "errors": errors, "back_href": "/"},
        status=status,
    )


@login_required
@require_http_methods(["GET", "POST"])
def delegate(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Name a colleague who stands in for oneself, for some days."""
    account = selectors.get_account_for(actor_of(request), account_id)
    if account.kind not in TEAM_KINDS:
        raise StrangerError
    user = user_of(request)
    colleagues = [m for m in selectors.members_of(account) if m.user_id != user.pk and m.user.is_active]
    form = DelegateForm(request.POST or None, colleagues=colleagues, now=now_of(request), zone=user.timezone)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = attempt(
                request,
                lambda: delegates.name_delegate(
                    account_id=account_id,
                    delegate_id=UUID(form.cleaned_data["delegate"]),
                    starts_at=form.starts_at,
                    ends_at=form.ends_at,
                    actor=actor_of(request),
                    now=now_of(request),
                ),
                form=form,
            )
            if outcome.done:
                name = next(m.user.name for m in colleagues if str(m.user_id) == form.cleaned_data["delegate"])
                messages.success(request, _("{name} stands in for you. Both of you are told.").format(name=name))
                return see_other(reverse("accounts:team", args=[account_id]))
            status = outcome.status
    context = {
        "account": account,
        "form": form,
        "colleagues": colleagues,
        "role": actor_of(request).accounts.get(account_id),
        "tab": "members",
    }
    return render(request, "accounts/delegate.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def delegation_end(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """Confirm page, then end a delegation before its time."""
    found = Delegation.objects.select_related("account", "delegator", "delegate").filter(pk=delegation_id).first()
    if found is None or not actor_of(request).acts_for(found.account_id):
        raise StrangerError
    errors: list[str] = []
    status = 200
    team_path = reverse("accounts:team", args=[found.account_id])
    if request.method == "POST":
        try:
            attempt(
                request,
                lambda: delegates.end_delegation(
                    delegation_id=delegation_id, actor=actor_of(request), now=now_of(request)
                ),
            )
        except StrangerError:
            raise
        except DomainError as refusal:
            errors, status = [refusal.message], refusal.status
        else:
            told = _("{delegate} no longer stands in for {delegator}. Both are told.")
            messages.success(request, told.format(delegate=found.delegate.name, delegator=found.delegator.name))
            return see_other(team_path)
    context = {"delegation": found, "errors": errors, "back_href": team_path}
    return render(request, "accounts/delegation_end.html", context, status=status)


def _membership_for(request: HttpRequest, membership_id: UUID) -> Membership:
    found = (
        Membership.objects.filter(pk=membership_id, removed_at__isnull=True).select_related("account", "user").first()
    )
    if found is None or not actor_of(request).acts_for(found.account_id):
        raise StrangerError
    return found
