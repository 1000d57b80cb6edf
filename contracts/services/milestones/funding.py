"""C1: money comes into escrow before work starts."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.enums import MILESTONE_LIVE, ContractState, Ground, PaymentPurpose, Side
from contracts.ledger.services import Cause
from contracts.locks import lock_milestone
from contracts.models import Milestone
from contracts.services.common import FUNDING, no_open_dispute, see, touch
from contracts.services.escrow_in import become_funded, usable_carried
from contracts.services.payments import start_payment
from core import deadlines, road
from core.errors import OutOfTurnError, StaleError, UnableToError
from core.formatting import format_money
from core.money import Money
from core.permissions import SYSTEM, Actor


class UnableToFundError(UnableToError):
    """C1: another milestone is live, or the money cannot be used."""

    code = "cannot_fund"


def fund_milestone(*, milestone_id: UUID, seen_outside: Money | None = None, actor: Actor, now: datetime) -> Milestone:
    """C1: carried-over money is used first, the rest is asked of the payment gateway.

    With nothing needed from outside the milestone is funded at once, else it is `funding` for at most
    24 h. `seen_outside` is what the client was shown to pay: another sum is asked again, never taken unseen.
    Raises StrangerError, NotAllowedError, OutOfTurnError, UnableToActInDisputeError, UnableToFundError, StaleError.
    """
    with transaction.atomic():
        milestone = lock_milestone(milestone_id)
        contract = milestone.contract
        see(milestone, actor)
        road.check(milestone, "start_funding", actor)
        if contract.state != ContractState.ACTIVE:
            raise OutOfTurnError(
                _("This contract is {state}, so nothing can be funded on it.").format(
                    state=road.display_state(contract)
                )
            )
        no_open_dispute(
            contract,
            _("A dispute is open on this contract. Funding a milestone is possible again when the dispute is over."),
        )
        if contract.milestones.filter(state__in=MILESTONE_LIVE).exists():
            raise UnableToFundError(
                _(
                    "Another milestone is being worked on. Only one milestone is funded at a time:"
                    " release or end that one first."
                )
            )
        carried = min(usable_carried(contract), milestone.money)
        outside = milestone.money - carried
        if seen_outside is not None and seen_outside != outside:
            raise StaleError(
                _(
                    "The carried-over money changed while you were reading. Now {amount} comes from your payment"
                    " method. Check it, then confirm again."
                ).format(amount=format_money(outside))
            )
        road.take(
            milestone,
            "start_funding",
            actor=actor,
            now=now,
            chain=contract.pk,
            payload={"carried": carried.amount, "outside": outside.amount},
        )
        if outside:
            start_payment(
                contract=contract,
                purpose=PaymentPurpose.MILESTONE,
                object_id=milestone.pk,
                side=Side.CLIENT,
                amount=outside,
                actor=actor,
                now=now,
            )
            deadlines.schedule(
                FUNDING,
                milestone.pk,
                now=now,
                due_at=now + timedelta(hours=contract.policy.funding_hours),
                contract_id=contract.pk,
            )
        else:
            cause = Cause("C1", "milestone", milestone.pk, actor, now, Ground.FUNDING)
            become_funded(milestone, cause, actor=SYSTEM, carried=carried, outside=outside)
        touch(contract, now=now)
        return milestone
