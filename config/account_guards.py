"""What an account's people may not do while something of theirs is open, answered for a room that knows no cases."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from contracts.models import Contract
from disputes.enums import SUPPORT_OPEN


def has_open_case(account_id: UUID) -> bool:
    """Whether a refund request, a support request or a dispute of this account is open. One query."""
    mine = Q(freelancer_account_id=account_id) | Q(client_account_id=account_id)
    open_now = (
        Q(open_dispute_id__isnull=False)
        | Q(refund_requests__state="open")
        | Q(support_requests__state__in=[state.value for state in SUPPORT_OPEN])
    )
    return Contract.objects.filter(mine, open_now).exists()
