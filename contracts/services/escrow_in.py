"""The second half of C1, for the command that funds and for the gateway's confirmation alike."""

from __future__ import annotations

from contracts.enums import AccountCode
from contracts.events import MilestoneFunded
from contracts.ledger import services as ledger
from contracts.ledger.selectors import balance_of
from contracts.ledger.services import Cause, Place
from contracts.models import Contract, Milestone
from contracts.services.common import FUNDING, named
from core import deadlines, road
from core.events import publish
from core.money import Money
from core.permissions import Actor

ESCROW = AccountCode.ESCROW_AVAILABLE
CARRIED = AccountCode.ESCROW_CARRIED


def usable_carried(contract: Contract) -> Money:
    """Carried-over money that C1 may use: what an open support request names stays where it is."""
    return balance_of(contract, CARRIED) - named(contract, CARRIED)


def become_funded(milestone: Milestone, cause: Cause, *, actor: Actor, carried: Money, outside: Money) -> None:
    """Second half of C1 on a locked milestone: `outside` and `carried` → escrow, in one entry."""
    contract = milestone.contract
    road.take(
        milestone,
        "confirm_funding",
        actor=actor,
        now=cause.now,
        chain=contract.pk,
        payload={"carried": carried.amount, "outside": outside.amount},
    )
    ledger.post(
        contract,
        cause,
        [
            (Place(AccountCode.EXTERNAL_CLIENT), Place(ESCROW), outside),
            (Place(CARRIED), Place(ESCROW), carried),
        ],
    )
    deadlines.cancel(milestone.pk, FUNDING, now=cause.now)
    road.ran("I2")
    publish(MilestoneFunded(at=cause.now, contract_id=contract.pk, milestone_id=milestone.pk, amount=milestone.amount))
