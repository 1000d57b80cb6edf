"""A delegate for a time: a colleague stands in for a person in one account's cases (rulebook section 16)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import TEAM_KINDS
from accounts.events import DelegateNamed, DelegationEnded
from accounts.locks import lock_account
from accounts.models import Account, Delegation, Membership
from core import audit
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError
from core.events import publish
from core.permissions import Actor, MemberRole

LONGEST = timedelta(days=90)
_RULE = "S02"


def name_delegate(
    *, account_id: UUID, delegate_id: UUID, starts_at: datetime, ends_at: datetime, actor: Actor, now: datetime
) -> Delegation:
    """Let a colleague hold one's rights in the account's cases from `starts_at` until just before `ends_at`.

    At most the rights of a case manager, never those over the team; the rights follow from both memberships at
    each moment (`accounts.selectors.actor_for`), so nothing has to run at the end. Tells both.
    Raises StrangerError (not one's account), InvalidInputError (who, when), OutOfTurnError (one is running).
    """
    with transaction.atomic():
        account, giver = _lock_mine(account_id, actor)
        _check_days(starts_at, ends_at, now)
        if delegate_id == giver:
            raise InvalidInputError({"delegate": _("Choose somebody else: you cannot stand in for yourself.")})
        colleague = Membership.objects.filter(
            account=account, user_id=delegate_id, removed_at__isnull=True, user__is_active=True
        )
        if not colleague.exists():
            raise InvalidInputError({"delegate": _("Choose one of your colleagues in this account.")})
        mine = Delegation.objects.filter(account=account, delegator_id=giver, ended_at__isnull=True)
        if mine.filter(starts_at__lt=ends_at, ends_at__gt=max(starts_at, now)).exists():
            raise OutOfTurnError(
                _("Somebody stands in for you on some of these days already. End that first, or choose other days.")
            )
        delegation = Delegation.objects.create(
            account=account,
            delegator_id=giver,
            delegate_id=delegate_id,
            starts_at=starts_at,
            ends_at=ends_at,
            created_at=now,
        )
        days: dict[str, object] = {"from": starts_at.isoformat(), "until": ends_at.isoformat()}
        _note(account, "name_delegate", delegation, actor, now, days)
        publish(
            DelegateNamed(
                at=now,
                account_id=account.pk,
                delegation_id=delegation.pk,
                delegator_id=delegation.delegator_id,
                delegate_id=delegation.delegate_id,
                starts_at=starts_at,
                ends_at=ends_at,
            )
        )
    return delegation


def end_delegation(*, delegation_id: UUID, actor: Actor, now: datetime) -> None:
    """End it at once. Either of the two may, and an owner of the account. Tells both.

    Raises StrangerError, NotAllowedError (a colleague who has no part in it), OutOfTurnError (it is over).
    """
    with transaction.atomic():
        found = Delegation.objects.filter(pk=delegation_id).first()
        if found is None or not actor.acts_for(found.account_id):
            raise StrangerError
        account, ender = _lock_mine(found.account_id, actor)
        delegation = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation_id)
        mine = Membership.objects.filter(account=account, user_id=ender, removed_at__isnull=True)
        owns = mine.filter(role=MemberRole.OWNER).exists()
        if ender not in (delegation.delegator_id, delegation.delegate_id) and not owns:
            raise NotAllowedError(_("Only the two of them, or an owner of the account, can end this."))
        if delegation.ended_at is not None or now >= delegation.ends_at:
            raise OutOfTurnError(_("This is over already: nobody stands in any more."))
        _end(account, delegation, actor, now, left=False)


def end_of_member(*, account: Account, user_id: UUID, actor: Actor, now: datetime) -> None:
    """End what a person gave and held in a locked account: whoever leaves it stands in for nobody there."""
    rows = Delegation.objects.select_for_update(of=("self",)).filter(
        Q(delegator_id=user_id) | Q(delegate_id=user_id), account=account, ended_at__isnull=True, ends_at__gt=now
    )
    for delegation in rows.order_by("created_at", "id"):
        _end(account, delegation, actor, now, left=True)


def _end(account: Account, delegation: Delegation, actor: Actor, now: datetime, *, left: bool) -> None:
    delegation.ended_at = now
    delegation.save(update_fields=["ended_at"])
    _note(account, "end_delegation", delegation, actor, now, {"left": left})
    publish(
        DelegationEnded(
            at=now,
            account_id=account.pk,
            delegation_id=delegation.pk,
            delegator_id=delegation.delegator_id,
            delegate_id=delegation.delegate_id,
            left=left,
        )
    )


def _lock_mine(account_id: UUID, actor: Actor) -> tuple[Account, UUID]:
    """Lock an agency or company the actor works for; with it, who that is. The membership is read again then."""
    if actor.user_id is None or not actor.acts_for(account_id):
        raise StrangerError
    account = lock_account(account_id)
    if not Membership.objects.filter(account=account, user_id=actor.user_id, removed_at__isnull=True).exists():
        raise StrangerError
    if account.kind not in TEAM_KINDS:
        raise NotAllowedError(_("This account is for one person. Make an agency or a company to work with others."))
    return account, actor.user_id


def _check_days(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= now:
        raise InvalidInputError({"last_day": _("Choose today or a later day.")})
    if starts_at < now:
        raise InvalidInputError({"first_day": _("Choose today or a later day.")})
    if ends_at <= starts_at:
        raise InvalidInputError({"last_day": _("The last day cannot be before the first day.")})
    # One day more than the limit may pass where a clock changes; people count days, not hours.
    if ends_at - starts_at > LONGEST + timedelta(hours=2):
        raise InvalidInputError({"last_day": _("Choose at most 90 days. You can name somebody again later.")})


def _note(
    account: Account, act: str, delegation: Delegation, actor: Actor, now: datetime, payload: dict[str, object]
) -> None:
    people = {"delegator": delegation.delegator_id, "delegate": delegation.delegate_id}
    audit.append(chain=account.pk, rule=_RULE, act=act, obj=account, actor=actor, now=now, payload=people | payload)
