"""What happens to accounts and is told to somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.events import AccountEvent


@dataclass(frozen=True, kw_only=True)
class DelegateNamed(AccountEvent):
    """`delegate_id` stands in for `delegator_id` from `starts_at` until `ends_at` (rulebook section 16)."""

    delegation_id: UUID
    delegator_id: UUID
    delegate_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class DelegationEnded(AccountEvent):
    """A delegation was ended early. `left`: because one of the two no longer works for the account."""

    delegation_id: UUID
    delegator_id: UUID
    delegate_id: UUID
    left: bool
