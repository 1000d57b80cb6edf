"""C10: the ladder of a contract on which nobody does anything (flag, off by default).

Steps, by `contract.dormancy_step`: 0 quiet → 1 first notice → 2 second notice → 3 the client is asked →
4 the freelancer may ask for payment → 5 the client is to answer. Silence at the end of 4 pays the client,
at the end of 5 the freelancer. Any activity starts anew (`common.touch`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts import rules
from contracts.enums import ContractState, Ground, MilestoneState
from contracts.events import ContractEnded, DormancyStepped
from contracts.ledger.selectors import balances
from contracts.ledger.services import Cause
from contracts.locks import lock_contract
from contracts.models import Contract, RefundRequest
from contracts.services import gate
from contracts.services.agreement import finish_end, return_everything
from contracts.services.common import DORMANCY, see
from core import deadlines, road
from core.errors import NotAllowedError, OutOfTurnError
from core.events import publish
from core.permissions import SYSTEM, Actor

CLIENT_ASKED, FREELANCER_MAY_ASK, CLIENT_TO_ANSWER = 3, 4, 5
RECHECK = timedelta(days=7)


def span(contract: Contract, step: int) -> timedelta:
    """How long step `step` lasts."""
    days = contract.policy.dormancy_days
    lengths = (days[0], days[1] - days[0], days[2] - days[1], days[3], days[4], days[5])
    return timedelta(days=lengths[step])


def waits_for_people(contract: Contract) -> bool:
    """Whether handed-in work or an open process keeps the ladder from starting."""
    waiting = (MilestoneState.SUBMITTED, MilestoneState.CHANGES_REQUESTED, MilestoneState.RELEASE_REFUSED)
    return (
        contract.open_dispute_id is not None
        or contract.named_amount > 0
        or contract.milestones.filter(state__in=[*waiting, MilestoneState.FUNDING]).exists()
    )


def climb(*, contract: Contract, due_at: datetime, now: datetime) -> None:
    """Take the next step on a locked contract whose clock (due at `due_at`) is over; start the next clock."""
    step = contract.dormancy_step
    again = contract.last_activity_at + span(contract, 0)
    if waits_for_people(contract):
        _start(contract, 0, now=now, at=max(again, now + RECHECK))
    elif contract.last_activity_at > due_at - span(contract, step):
        _start(contract, 0, now=now, at=max(again, now))
    elif step == FREELANCER_MAY_ASK:
        _silence_of_freelancer(contract, now=now)
    elif step == CLIENT_TO_ANSWER:
        _silence_of_client(contract, now=now)
    else:
        _step(contract, step + 1, actor=SYSTEM, now=now)


def answer_dormancy_release(*, contract_id: UUID, actor: Actor, now: datetime) -> Contract:
    """C10: the client, asked, pays everything that is in escrow; the contract ends.

    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError.
    """
    with transaction.atomic():
        contract = _asked(contract_id, actor, now)
        held = balances(contract)
        _end(contract, "end_by_client", actor=actor, now=now)
        finish_end(contract, held, held.escrow, _approval(contract, actor, now))
        return contract


def answer_dormancy_refuse(*, contract_id: UUID, actor: Actor, now: datetime) -> RefundRequest | None:
    """C10: the client, asked, ends the contract and asks for the escrow back: R1, as in C8."""
    with transaction.atomic():
        contract = _asked(contract_id, actor, now)
        held = balances(contract)
        _end(contract, "end_by_client", actor=actor, now=now)
        return finish_end(contract, held, contract.money(0), _approval(contract, actor, now))


def ask_for_payment(*, contract_id: UUID, actor: Actor, now: datetime) -> Contract:
    """C10: the freelancer asks to be paid; the client has 14 days, silence then pays the freelancer."""
    with transaction.atomic():
        contract = lock_contract(contract_id)
        see(contract, actor)
        if not rules.freelancer_moves_money(contract, actor):
            raise NotAllowedError(_("Your role on this contract does not allow this step."))
        _in_step(contract, (FREELANCER_MAY_ASK,), now)
        deadlines.cancel(contract.pk, DORMANCY, now=now)
        _step(contract, CLIENT_TO_ANSWER, actor=SYSTEM, now=now)
        return contract


def _asked(contract_id: UUID, actor: Actor, now: datetime) -> Contract:
    contract = lock_contract(contract_id)
    see(contract, actor)
    if not rules.client_moves_money(contract, actor):
        raise NotAllowedError(_("Your role on this contract does not allow this step."))
    _in_step(contract, (CLIENT_ASKED, CLIENT_TO_ANSWER), now)
    return contract


def _in_step(contract: Contract, steps: tuple[int, ...], now: datetime) -> None:
    clock = deadlines.running(contract.pk, DORMANCY)
    if contract.state != ContractState.ACTIVE or contract.dormancy_step not in steps or clock is None:
        raise OutOfTurnError(_("Nothing is asked about this contract now. Reload the page to see where things stand."))
    road.in_time(clock.due_at, now, _("The time to answer"))


def _step(contract: Contract, step: int, *, actor: Actor, now: datetime) -> None:
    contract.dormancy_step = step
    road.take(
        contract, "step_dormancy", actor=actor, now=now, chain=contract.pk, payload={"step": step},
        save=("dormancy_step",),
    )  # fmt: skip
    _start(contract, step, now=now, at=now + span(contract, step))
    publish(DormancyStepped(at=now, contract_id=contract.pk, step=step))


def _start(contract: Contract, step: int, *, now: datetime, at: datetime) -> None:
    if contract.dormancy_step != step:
        contract.dormancy_step = step
        contract.save(update_fields=["dormancy_step"])
    deadlines.cancel(contract.pk, DORMANCY, now=now)
    remind = (span(contract, step) / 2, timedelta(hours=24)) if step >= CLIENT_ASKED else ()
    deadlines.schedule(DORMANCY, contract.pk, now=now, due_at=at, contract_id=contract.pk, remind=remind)


def _end(contract: Contract, name: str, *, actor: Actor, now: datetime) -> None:
    deadlines.cancel(contract.pk, DORMANCY, now=now)
    road.take(contract, name, actor=actor, now=now, chain=contract.pk, rule_id="C10")


def _approval(contract: Contract, actor: Actor, now: datetime) -> Cause:
    return Cause("C10", "contract", contract.pk, actor, now, Ground.CLIENT_APPROVAL)


def _silence_of_freelancer(contract: Contract, *, now: datetime) -> None:
    held = balances(contract)
    road.take(contract, "end_dormant", actor=SYSTEM, now=now, chain=contract.pk)
    cause = Cause("C10", "contract", contract.pk, SYSTEM, now, Ground.DORMANCY)
    return_everything(contract, held, cause)
    publish(ContractEnded(at=now, contract_id=contract.pk, by="system", paid=0, left=held.escrow.amount))
    gate.close_if_ended(contract, cause)


def _silence_of_client(contract: Contract, *, now: datetime) -> None:
    held = balances(contract)
    road.take(contract, "end_dormant", actor=SYSTEM, now=now, chain=contract.pk)
    cause = Cause("C10", "contract", contract.pk, SYSTEM, now, Ground.DORMANCY)
    finish_end(contract, held, held.escrow, cause)
