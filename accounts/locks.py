"""The lock order of accounts: account, then its rows (membership, delegation)."""

from __future__ import annotations

from uuid import UUID

from accounts.models import Account
from core.errors import StrangerError


def lock_account(pk: UUID) -> Account:
    """Lock a live account. Raises StrangerError."""
    found = Account.objects.select_for_update(of=("self",)).filter(pk=pk, deactivated_at__isnull=True).first()
    if found is None:
        raise StrangerError
    return found
