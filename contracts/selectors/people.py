"""Whom a contract can be made with."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.enums import CLIENT_SIDE, FREELANCER_SIDE
from accounts.models import Account
from core.permissions import Actor


def client_accounts_of(actor: Actor) -> QuerySet[Account]:
    """Accounts for which this person may make contracts as the client."""
    mine = [pk for pk in actor.accounts if actor.moves_money_for(pk)]
    return Account.objects.filter(pk__in=mine, kind__in=list(CLIENT_SIDE), deactivated_at__isnull=True).order_by("name")


def freelancer_account_by_email(email: str) -> Account | None:
    """The freelancer or agency account of the person who signs in with this address; the oldest of several."""
    return (
        Account.objects.filter(
            kind__in=list(FREELANCER_SIDE),
            deactivated_at__isnull=True,
            memberships__removed_at__isnull=True,
            memberships__user__is_active=True,
            memberships__user__email=email.strip().lower(),
        )
        .order_by("created_at")
        .first()
    )
