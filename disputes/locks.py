"""The lock order, second part: contract → (milestone) → support request → dispute → offer or bid."""

from __future__ import annotations

from uuid import UUID

from contracts.locks import lock_contract
from contracts.models import Milestone
from core.errors import StrangerError
from disputes.models import Dispute, SettlementOffer, SupportRequest


def lock_dispute(pk: UUID) -> Dispute:
    """Lock the contract, its milestone and refund request by the contract, then the dispute.

    `dispute.contract` is the locked contract. Raises StrangerError when there is none.
    """
    contract_id = Dispute.objects.filter(pk=pk).values_list("contract_id", flat=True).first()
    if contract_id is None:
        raise StrangerError
    contract = lock_contract(contract_id)
    dispute = Dispute.objects.select_for_update(of=("self",)).get(pk=pk)
    dispute.contract = contract
    return dispute


def lock_dispute_milestone(dispute: Dispute) -> Milestone | None:
    """Lock the milestone of an active-route dispute; the contract's lock is already held."""
    if dispute.milestone_id is None:
        return None
    milestone = Milestone.objects.select_for_update(of=("self",)).get(pk=dispute.milestone_id)
    milestone.contract = dispute.contract
    return milestone


def lock_support_request(pk: UUID) -> SupportRequest:
    """Lock the contract, then the support request; `request.contract` is the locked contract."""
    contract_id = SupportRequest.objects.filter(pk=pk).values_list("contract_id", flat=True).first()
    if contract_id is None:
        raise StrangerError
    contract = lock_contract(contract_id)
    request = SupportRequest.objects.select_for_update(of=("self",)).get(pk=pk)
    request.contract = contract
    return request


def lock_offer(pk: UUID) -> SettlementOffer:
    """Lock the contract, the dispute, then the offer; `offer.dispute` is the locked dispute."""
    dispute_id = SettlementOffer.objects.filter(pk=pk).values_list("dispute_id", flat=True).first()
    if dispute_id is None:
        raise StrangerError
    dispute = lock_dispute(dispute_id)
    offer = SettlementOffer.objects.select_for_update(of=("self",)).get(pk=pk)
    offer.dispute = dispute
    return offer
