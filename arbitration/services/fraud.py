"""X2 on a contract without a dispute: unreleased money is frozen, then divided by a second order.

Released money is never taken back. The frozen account carries the id of the order that froze it, and the
contract the same overlay as a dispute, so that no other command reaches the money (I6).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from arbitration.enums import OrderKind
from arbitration.events import ProviderOverdue
from arbitration.models import AdminOrder
from contracts.enums import MILESTONE_HELD, AccountCode, Ground, RefundState
from contracts.ledger.selectors import balance_of, balances
from contracts.ledger.services import Cause
from contracts.models import Contract, Milestone
from contracts.services import gate
from contracts.services.gate import Shares
from core import deadlines, road
from core.deadlines import Firing
from core.errors import InvalidInputError, UnableToError
from core.events import publish
from core.formatting import format_money
from core.money import Money
from core.permissions import Actor

ORDER_ALERT = "order_alert"  # deadline kind; its object is the order that froze the money
ALERT_EVERY = timedelta(days=1)


class UnableToFreezeError(UnableToError):
    """There is nothing that an order could freeze or divide now."""

    code = "nothing_to_freeze"


def freezing_order(contract: Contract) -> AdminOrder | None:
    """The carried-out order that holds this contract's money now, if any."""
    if contract.open_dispute_id is None:
        return None
    return AdminOrder.objects.filter(
        pk=contract.open_dispute_id, kind=OrderKind.FRAUD, executed_at__isnull=False
    ).first()


def check(contract: Contract, to_freelancer: Money | None, to_client: Money | None) -> None:
    """Raise UnableToFreezeError or InvalidInputError for an order that does not fit."""
    frozen_by = freezing_order(contract)
    if frozen_by is not None:
        if to_freelancer is None or to_client is None:
            raise InvalidInputError({"to_freelancer": _("The money is frozen already. Enter both sides' amounts.")})
        held = balance_of(contract, AccountCode.ESCROW_FROZEN, frozen_by.pk)
        if to_freelancer.amount < 0 or to_client.amount < 0 or to_freelancer + to_client != held:
            raise InvalidInputError(
                {
                    "to_freelancer": _("The two amounts must add up to {sum}, the frozen money.").format(
                        sum=format_money(held)
                    )
                }
            )
        return
    if to_freelancer is not None or to_client is not None:
        raise InvalidInputError({"to_freelancer": _("Freeze the money first; a second order divides it.")})
    if contract.refund_requests.filter(state=RefundState.OPEN).exists():
        raise UnableToFreezeError(
            _("A refund request is open: its money goes back to the client, or into a dispute that can be frozen.")
        )
    held_now = balances(contract)
    if not held_now.available and not held_now.carried:
        raise UnableToFreezeError(_("Nothing is in escrow on this contract. Released money is never taken back."))


def carry_out(order: AdminOrder, *, actor: Actor, now: datetime) -> None:
    """Freeze, or divide what an earlier order froze. The caller has checked and holds the contract's lock."""
    frozen_by = freezing_order(order.contract)
    if frozen_by is None:
        _freeze(order, actor=actor, now=now)
    else:
        _divide(order, frozen_by, actor=actor, now=now)
    road.ran("X2")


def alert(firing: Firing) -> None:
    """X2: every day until the money is divided."""
    order = AdminOrder.objects.filter(pk=firing.object_id).select_related("contract").first()
    if order is None or freezing_order(order.contract) != order or not deadlines.claim(firing):
        return
    publish(
        ProviderOverdue(at=firing.now, contract_id=order.contract_id, dispute_id=order.contract_id, what=ORDER_ALERT)
    )
    _schedule_alert(order, now=firing.now)


def _cause(order: AdminOrder, actor: Actor, now: datetime, seq: int) -> Cause:
    return Cause("X2", "order", order.pk, actor, now, Ground.FRAUD_ORDER, seq=seq, note=order.reason[:300])


def _freeze(order: AdminOrder, *, actor: Actor, now: datetime) -> None:
    contract = order.contract
    held = balances(contract)
    parts = ((AccountCode.ESCROW_AVAILABLE, held.available), (AccountCode.ESCROW_CARRIED, held.carried))
    for seq, (source, amount) in enumerate(parts, start=1):
        if amount:
            gate.freeze(contract, _cause(order, actor, now, seq), amount, source=source, dispute_id=order.pk)
    milestone = _live_milestone(contract)
    if milestone is not None:
        gate.begin_dispute_on_milestone(milestone, _cause(order, actor, now, 1), dispute_id=order.pk)
    _schedule_alert(order, now=now)


def _divide(order: AdminOrder, frozen_by: AdminOrder, *, actor: Actor, now: datetime) -> None:
    contract = order.contract
    shares = Shares(contract.money(order.to_freelancer or 0), contract.money(order.to_client or 0))
    cause = _cause(order, actor, now, 3)
    gate.pay_resolution(contract, cause, shares, dispute_id=frozen_by.pk, return_to=None)
    milestone = _live_milestone(contract)
    if milestone is not None:
        gate.end_dispute_on_milestone(milestone, cause, shares=shares, withdrawn=False, carried=False)
    deadlines.cancel(frozen_by.pk, ORDER_ALERT, now=now)
    gate.close_if_ended(contract, cause)


def _live_milestone(contract: Contract) -> Milestone | None:
    found = (
        Milestone.objects.select_for_update(of=("self",))
        .filter(contract_id=contract.pk, state__in=[s.value for s in MILESTONE_HELD])
        .first()
    )
    if found is not None:
        found.contract = contract
    return found


def _schedule_alert(order: AdminOrder, *, now: datetime) -> None:
    deadlines.schedule(ORDER_ALERT, order.pk, now=now, due_at=now + ALERT_EVERY, contract_id=order.contract_id)
