"""Agencies and client companies: who acts for them (rulebook section 4, S02)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import mail
from accounts.enums import FREELANCER_SIDE, TEAM_KINDS, AccountKind, MemberRoleChoice
from accounts.locks import lock_account
from accounts.models import Account, Invitation, Membership, User
from accounts.services import delegates, people
from core import audit, outbox
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError, TooLateError
from core.permissions import Actor, MemberRole

INVITATION_LIFE = timedelta(days=7)

# "The last owner cannot leave while a case is open": the rooms above know what a case is and register
# themselves here by config/wiring.py. Each answers whether an account has one.
_open_cases: list[Callable[[UUID], bool]] = []


def register_open_cases(check: Callable[[UUID], bool]) -> None:
    """Add a room's answer to "has this account an open case?" (config/wiring.py)."""
    if check not in _open_cases:
        _open_cases.append(check)


def has_open_case(account_id: UUID) -> bool:
    """Whether any room has an open case of this account."""
    return any(check(account_id) for check in _open_cases)


def create_agency(
    *, name: str, actor: Actor, now: datetime, kind: str = AccountKind.AGENCY, place: str = ""
) -> Account:
    """Make an agency, or a client company, owned by the actor (S02)."""
    user_id = _person(actor)
    if kind not in TEAM_KINDS:
        raise InvalidInputError({"kind": _("Choose an agency or a company.")})
    if not name.strip():
        raise InvalidInputError({"name": _("Fill in the name.")})
    with transaction.atomic():
        account = Account.objects.create(kind=kind, name=name.strip(), place=place.strip(), created_at=now)
        Membership.objects.create(user_id=user_id, account=account, role=MemberRoleChoice.OWNER, joined_at=now)
        _note(account, "create", actor, now, {"kind": kind})
    return account


def invite_member(*, account_id: UUID, email: str, role: str, actor: Actor, now: datetime) -> Invitation:
    """Ask somebody by e-mail to join; a newer invitation to the same address replaces the older one.

    Owners only. Says nothing about whether the address has an account here.
    """
    email = email.strip().lower()
    _check_role(role)
    with transaction.atomic():
        account = _lock_team(account_id, actor)
        if Membership.objects.filter(account=account, user__email=email, removed_at__isnull=True).exists():
            raise InvalidInputError({"email": _("This person already works for the account.")})
        Invitation.objects.filter(
            account=account, email=email, accepted_at__isnull=True, revoked_at__isnull=True
        ).update(revoked_at=now)
        invitation = Invitation.objects.create(
            account=account,
            email=email,
            role=role,
            invited_by_id=_person(actor),
            invited_at=now,
            expires_at=now + INVITATION_LIFE,
        )
        outbox.put(mail.HANDLER, {"kind": "invitation", "invitation_id": str(invitation.pk)}, now=now)
        _note(account, "invite", actor, now, {"invitation": invitation.pk, "role": role})
    return invitation


def revoke_invitation(*, invitation_id: UUID, actor: Actor, now: datetime) -> None:
    """Take back an invitation nobody has accepted. Owners only."""
    with transaction.atomic():
        account_id = Invitation.objects.filter(pk=invitation_id).values_list("account_id", flat=True).first()
        if account_id is None:
            raise StrangerError
        account = _lock_team(account_id, actor)
        open_ones = Invitation.objects.filter(pk=invitation_id, accepted_at__isnull=True, revoked_at__isnull=True)
        if not open_ones.update(revoked_at=now):
            raise OutOfTurnError(_("This invitation is no longer open."))
        _note(account, "revoke_invitation", actor, now, {"invitation": invitation_id})


def accept_invitation(*, invitation_id: UUID, actor: Actor, now: datetime) -> Membership:
    """Join the account. Only the person whose address was invited; others see nothing (StrangerError)."""
    with transaction.atomic():
        found = Invitation.objects.filter(pk=invitation_id).values_list("account_id", "email").first()
        user = User.objects.filter(pk=_person(actor), is_active=True).first()
        if found is None or user is None or user.email != found[1]:
            raise StrangerError
        account = lock_account(found[0])
        invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation_id)
        if invitation.accepted_at or invitation.revoked_at:
            raise OutOfTurnError(_("This invitation is no longer open. Ask for a new one."))
        if now >= invitation.expires_at:
            raise TooLateError(_("This invitation is over: it counted for 7 days. Ask for a new one."))
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
        return _join(account, user, invitation.role, actor, now)


def add_member(*, account_id: UUID, user_id: UUID, role: str, actor: Actor, now: datetime) -> Membership:
    """Make somebody a member without an invitation (an owner acts; used by the demonstration world)."""
    _check_role(role)
    with transaction.atomic():
        account = _lock_team(account_id, actor)
        user = User.objects.filter(pk=user_id).first()
        if user is None:
            raise StrangerError
        return _join(account, user, role, actor, now)


def change_role(*, membership_id: UUID, role: str, actor: Actor, now: datetime) -> Membership:
    """Give a member another role. Owners only; the last owner stays one."""
    _check_role(role)
    with transaction.atomic():
        account, membership = _lock_member(membership_id, actor)
        if membership.role == MemberRoleChoice.OWNER and role != MemberRoleChoice.OWNER:
            _keep_an_owner(account, membership, leaves=False)
        membership.role = role
        membership.save(update_fields=["role"])
        _note(account, "change_role", actor, now, {"user": membership.user_id, "role": role})
    return membership


def remove_member(*, membership_id: UUID, actor: Actor, now: datetime) -> None:
    """End somebody's rights at once (owners), or leave oneself; acts, drafts and notices stay with the account.

    Raises OutOfTurnError for the last owner while a case is open, or while others remain.
    """
    with transaction.atomic():
        account, membership = _lock_member(membership_id, actor, or_self=True)
        if membership.role == MemberRoleChoice.OWNER:
            _keep_an_owner(account, membership, leaves=True)
        membership.removed_at = now
        membership.save(update_fields=["removed_at"])
        act = "leave" if membership.user_id == actor.user_id else "remove_member"
        _note(account, act, actor, now, {"user": membership.user_id})
        delegates.end_of_member(account=account, user_id=membership.user_id, actor=actor, now=now)
        if not Membership.objects.filter(account=account, removed_at__isnull=True).exists():
            account.deactivated_at = now
            account.save(update_fields=["deactivated_at"])


def leave(*, account_id: UUID, actor: Actor, now: datetime) -> None:
    """Stop acting for an account. See `remove_member`."""
    mine = Membership.objects.filter(account_id=account_id, user_id=_person(actor), removed_at__isnull=True).first()
    if mine is None:
        raise StrangerError
    remove_member(membership_id=mine.pk, actor=actor, now=now)


def _person(actor: Actor) -> UUID:
    """Id of the person who acts. Machines and visitors belong to no account."""
    if actor.user_id is None:
        raise NotAllowedError(_("Sign in first."))
    return actor.user_id


def _join(account: Account, user: User, role: str, actor: Actor, now: datetime) -> Membership:
    if Membership.objects.filter(account=account, user=user, removed_at__isnull=True).exists():
        raise InvalidInputError({"email": _("This person already works for the account.")})
    if _works_for_other_side(account, user):
        raise InvalidInputError({"email": _("This person stands on the other side of one of the account’s contracts.")})
    membership = Membership.objects.create(user=user, account=account, role=role, joined_at=now)
    _note(account, "join", actor, now, {"user": user.pk, "role": role})
    if user.staff_roles:
        people.standing_changed(user_id=user.pk, now=now)
    return membership


def _works_for_other_side(account: Account, user: User) -> bool:
    """Whether a contract joins this account with another one of the person's: nobody is both parties."""
    others = Membership.objects.filter(user=user, removed_at__isnull=True).exclude(account=account)
    mine = list(others.values_list("account_id", flat=True))
    if account.kind in FREELANCER_SIDE:
        return account.contracts_as_freelancer.filter(client_account_id__in=mine).exists()
    return account.contracts_as_client.filter(freelancer_account_id__in=mine).exists()


def _lock_team(account_id: UUID, actor: Actor) -> Account:
    """Lock an agency or company the actor owns. Rights are read again under the lock."""
    if not actor.acts_for(account_id):
        raise StrangerError
    account = lock_account(account_id)
    mine = Membership.objects.filter(account=account, user_id=_person(actor), removed_at__isnull=True).first()
    if mine is None:
        raise StrangerError
    if mine.role != MemberRole.OWNER:
        raise NotAllowedError(_("Only an owner of the account decides who works for it."))
    if account.kind not in TEAM_KINDS:
        raise NotAllowedError(_("This account is for one person. Make an agency or a company to work with others."))
    return account


def _lock_member(membership_id: UUID, actor: Actor, *, or_self: bool = False) -> tuple[Account, Membership]:
    found = Membership.objects.filter(pk=membership_id, removed_at__isnull=True).first()
    if found is None or not actor.acts_for(found.account_id):
        raise StrangerError
    if or_self and found.user_id == actor.user_id:
        account = lock_account(found.account_id)
        if account.kind not in TEAM_KINDS:
            raise NotAllowedError(_("This account is your own: it stays with you."))
    else:
        account = _lock_team(found.account_id, actor)
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership_id)
    if membership.removed_at is not None:
        raise OutOfTurnError(_("This person does not work for the account any more."))
    return account, membership


def _keep_an_owner(account: Account, membership: Membership, *, leaves: bool) -> None:
    rest = Membership.objects.filter(account=account, removed_at__isnull=True).exclude(pk=membership.pk)
    if rest.filter(role=MemberRoleChoice.OWNER).exists():
        return
    if has_open_case(account.pk):
        told = (
            _(
                "The last owner cannot leave while a case is open: somebody has to answer for {account}."
                " Make another member an owner first, or wait until the case is closed."
            )
            if leaves
            else _(
                "The last owner cannot give up this role while a case is open: somebody has to answer for {account}."
                " Make another member an owner first, or wait until the case is closed."
            )
        )
        raise OutOfTurnError(told.format(account=account.name))
    if not leaves or rest.exists():
        raise OutOfTurnError(_("Make another member an owner first: {account} needs one.").format(account=account.name))


def _check_role(role: str) -> None:
    if role not in MemberRoleChoice.values:
        raise InvalidInputError({"role": _("Choose one of the three roles.")})


def _note(account: Account, act: str, actor: Actor, now: datetime, payload: dict[str, object]) -> None:
    """Record who did what to the account, in the account's own chain."""
    audit.append(chain=account.pk, rule="S02", act=act, obj=account, actor=actor, now=now, payload=payload)
