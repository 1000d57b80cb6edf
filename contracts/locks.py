"""The lock order (rulebook section 5), first part: contract → milestone → refund request.

Every command on anything of a contract locks the contract first, so that acts on one contract queue up.
"""

from __future__ import annotations

from uuid import UUID

from contracts.models import Contract, Milestone, Payment, Payout, RefundRequest
from core.errors import StrangerError


def lock_contract(pk: UUID) -> Contract:
    """Lock and re-read a contract. Raises StrangerError when there is none."""
    found = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("freelancer_account", "client_account")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise StrangerError
    return found


def lock_milestone(pk: UUID) -> Milestone:
    """Lock the contract, then the milestone; `milestone.contract` is the locked contract."""
    contract_id = Milestone.objects.filter(pk=pk).values_list("contract_id", flat=True).first()
    if contract_id is None:
        raise StrangerError
    contract = lock_contract(contract_id)
    milestone = Milestone.objects.select_for_update(of=("self",)).get(pk=pk)
    milestone.contract = contract
    return milestone


def lock_refund_request(pk: UUID) -> RefundRequest:
    """Lock the contract, then the refund request; `request.contract` is the locked contract."""
    contract_id = RefundRequest.objects.filter(pk=pk).values_list("contract_id", flat=True).first()
    if contract_id is None:
        raise StrangerError
    contract = lock_contract(contract_id)
    request = RefundRequest.objects.select_for_update(of=("self",)).get(pk=pk)
    request.contract = contract
    return request


def lock_payment(pk: UUID) -> Payment:
    """Lock the contract, then the payment."""
    contract_id = Payment.objects.filter(pk=pk).values_list("contract_id", flat=True).first()
    if contract_id is None:
        raise StrangerError
    contract = lock_contract(contract_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=pk)
    payment.contract = contract
    return payment


def lock_payout(pk: UUID) -> Payout:
    """Lock the contract, then the payout."""
    contract_id = Payout.objects.filter(pk=pk).values_list("contract_id", flat=True).first()
    if contract_id is None:
        raise StrangerError
    contract = lock_contract(contract_id)
    payout = Payout.objects.select_for_update(of=("self",)).get(pk=pk)
    payout.contract = contract
    return payout
