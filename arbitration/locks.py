"""The lock order, last part: … dispute → case → notice → elections. The dispute's lock is taken first, always."""

from __future__ import annotations

from uuid import UUID

from arbitration.enums import OPEN_ARBITRATION, NoticeState
from arbitration.models import AdminOrder, ArbitrationCase, Award, Election, NonResolutionNotice, ProviderRequest
from contracts.enums import Side
from contracts.locks import lock_contract
from core.errors import StrangerError
from disputes.locks import lock_dispute
from disputes.models import Dispute


def lock_notice(dispute: Dispute) -> NonResolutionNotice | None:
    """Lock the live notice of a locked dispute, if there is one."""
    notice = NonResolutionNotice.objects.select_for_update(of=("self",)).filter(
        dispute_id=dispute.pk, state=NoticeState.ISSUED
    )
    found = notice.first()
    if found is not None:
        found.dispute = dispute
    return found


def lock_elections(notice: NonResolutionNotice) -> dict[str, Election]:
    """Lock both sides' elections of a locked notice, by side."""
    rows = Election.objects.select_for_update(of=("self",)).filter(notice_id=notice.pk).order_by("side")
    found = {row.side: row for row in rows}
    for row in found.values():
        row.notice = notice
    return {side.value: found[side.value] for side in Side}


def lock_open_case(dispute: Dispute) -> ArbitrationCase | None:
    """Lock the open arbitration of a locked dispute, if there is one."""
    found = (
        ArbitrationCase.objects.select_for_update(of=("self",))
        .filter(dispute_id=dispute.pk, state__in=[s.value for s in OPEN_ARBITRATION])
        .first()
    )
    if found is not None:
        found.dispute = dispute
    return found


def lock_case(pk: UUID) -> ArbitrationCase:
    """Lock the contract, the dispute, then the arbitration. Raises StrangerError when there is none."""
    dispute_id = ArbitrationCase.objects.filter(pk=pk).values_list("dispute_id", flat=True).first()
    if dispute_id is None:
        raise StrangerError
    dispute = lock_dispute(dispute_id)
    case = ArbitrationCase.objects.select_for_update(of=("self",)).get(pk=pk)
    case.dispute = dispute
    return case


def lock_award(pk: UUID) -> Award:
    """Lock the case of an award, then the award."""
    case_id = Award.objects.filter(pk=pk).values_list("case_id", flat=True).first()
    if case_id is None:
        raise StrangerError
    case = lock_case(case_id)
    award = Award.objects.select_for_update(of=("self",)).get(pk=pk)
    award.case = case
    return award


def lock_request(pk: UUID) -> ProviderRequest | None:
    """Lock the case of a message to the provider, then the message; None when there is none."""
    case_id = ProviderRequest.objects.filter(pk=pk).values_list("case_id", flat=True).first()
    if case_id is None:
        return None
    case = lock_case(case_id)
    request = ProviderRequest.objects.select_for_update(of=("self",)).get(pk=pk)
    request.case = case
    return request


def lock_order(pk: UUID) -> AdminOrder:
    """Lock the contract (and the dispute, if any), then the order."""
    found = AdminOrder.objects.filter(pk=pk).values_list("contract_id", "dispute_id").first()
    if found is None:
        raise StrangerError
    contract_id, dispute_id = found
    dispute = lock_dispute(dispute_id) if dispute_id else None
    contract = dispute.contract if dispute else lock_contract(contract_id)
    order = AdminOrder.objects.select_for_update(of=("self",)).get(pk=pk)
    order.contract, order.dispute = contract, dispute
    return order
