"""What the lower rooms' pages may show of the upper ones, handed down so that no room knows a higher one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from contracts.hooks import DisputeLink
from core.permissions import Actor
from disputes.enums import OPEN_STATES, DisputeState
from disputes.models import Dispute

# A draft is nobody's but its writer's, and one that was never filed is not a dispute.
_UNFILED = (DisputeState.DRAFT, DisputeState.ABANDONED)


def dispute_links(contract_ids: Iterable[UUID]) -> dict[UUID, DisputeLink]:
    """Return the newest filed dispute of each contract, for **See Dispute**. One query."""
    links: dict[UUID, DisputeLink] = {}
    found = Dispute.objects.filter(contract_id__in=list(contract_ids)).exclude(state__in=_UNFILED).order_by("filed_at")
    for dispute in found:
        links[dispute.contract_id] = DisputeLink(
            reference=dispute.reference,
            stage=str(DisputeState(dispute.state).label),
            is_open=dispute.state in OPEN_STATES,
        )
    return links


def specialist_reads_contract(contract_id: UUID, actor: Actor) -> bool:
    """S11: the contract and its messages can be read by the specialist of a case on it."""
    return (
        actor.is_staff()
        and Dispute.objects.filter(contract_id=contract_id, specialist_id=actor.user_id)
        .exclude(state__in=_UNFILED)
        .exists()
    )
