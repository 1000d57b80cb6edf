"""C4, C5, C6, C11: money leaves escrow for the freelancer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.enums import AccountCode, DecisionKind, Ground, MilestoneState
from contracts.events import MilestonePaid, PartlyReleased
from contracts.ledger import services as ledger
from contracts.ledger.selectors import balance_of, balances
from contracts.ledger.services import Cause, Place
from contracts.locks import lock_milestone
from contracts.models import Milestone, MilestoneDecision
from contracts.services.agreement import NewMilestone, append_milestone
from contracts.services.common import (
    UnableToActInDisputeError,
    amount_between,
    named,
    no_open_dispute,
    required_text,
    same_currency,
    see,
    touch,
)
from contracts.services.gate import REVIEW
from contracts.services.milestones.decision import decide, ready_or_disputed, review_in_time
from core import deadlines, road
from core.errors import InvalidInputError, UnableToError
from core.events import publish
from core.money import Money
from core.permissions import SYSTEM, Actor

ESCROW = AccountCode.ESCROW_AVAILABLE
CARRIED = AccountCode.ESCROW_CARRIED


class UnableToCarryOverError(UnableToError):
    """C5: the money is named in an open support request."""

    code = "named"


def approve_milestone(*, milestone_id: UUID, actor: Actor, now: datetime) -> Milestone:
    """C4: all of the milestone's escrow goes to the freelancer (C11: during a dispute, the undisputed rest).

    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError, UnableToActInDisputeError.
    """
    with transaction.atomic():
        milestone = lock_milestone(milestone_id)
        see(milestone, actor)
        disputed = milestone.disputed_by is not None
        name = "approve_rest" if disputed else "approve"
        road.check(milestone, name, actor)
        review_in_time(milestone, now)
        contract = milestone.contract
        gross = balance_of(contract, ESCROW)
        if not gross:
            raise UnableToActInDisputeError(
                _("All money of this milestone is set aside for the dispute. It is paid out when the dispute is over.")
            )
        rule = "C11" if disputed else "C4"
        rounds = contract.entries.filter(rule=rule, cause_id=milestone.pk).count()
        cause = Cause(rule, "milestone", milestone.pk, actor, now, Ground.CLIENT_APPROVAL, seq=rounds + 1)
        if disputed:
            road.take(milestone, name, actor=actor, now=now, chain=contract.pk, payload={"released": gross.amount})
        else:
            decide(milestone, name, DecisionKind.APPROVED, "", released=gross, actor=actor, now=now)
        _release_all(milestone, gross, cause)
        touch(contract, now=now)
        return milestone


def auto_release(*, milestone: Milestone, now: datetime) -> None:
    """C6 on a locked milestone, still submitted when its review time is over: paid in full."""
    gross = balance_of(milestone.contract, ESCROW)
    cause = Cause("C6", "milestone", milestone.pk, SYSTEM, now, Ground.REVIEW_TIMEOUT)
    road.take(
        milestone,
        "auto_release",
        actor=SYSTEM,
        now=now,
        chain=milestone.contract_id,
        payload={"released": gross.amount},
    )
    _release_all(milestone, gross, cause)


def release_part(
    *,
    milestone_id: UUID,
    amount: Money,
    text: str,
    target_id: UUID | None = None,
    new_milestone: NewMilestone | None = None,
    actor: Actor,
    now: datetime,
) -> MilestoneDecision:
    """C5: `amount` (0 < amount < balance) is released, the rest is carried over to another milestone.

    The target is a proposed milestone of this contract, a new one, or the next proposed one when neither
    is named. Raises besides the usual UnableToCarryOverError, and InvalidInputError (`amount`, `text`,
    `target`).
    """
    with transaction.atomic():
        milestone = lock_milestone(milestone_id)
        see(milestone, actor)
        contract = milestone.contract
        ready_or_disputed(milestone, "release_part", actor)
        no_open_dispute(
            contract,
            _("A dispute is open on this contract. Carrying money over is possible again when the dispute is over."),
        )
        review_in_time(milestone, now)
        if named(contract, ESCROW):
            raise UnableToCarryOverError(
                _(
                    "The freelancer has asked Customer Support about this money, so it cannot be carried over now."
                    " You can still release it in full."
                )
            )
        balance = balances(contract).available
        same_currency(contract, amount, "amount")
        if amount.amount <= 0 or amount >= balance:
            raise InvalidInputError({"amount": amount_between(contract.money(1), balance - contract.money(1))})
        text = required_text(text, "text", _("Explain to the freelancer why only a part is released."))
        target = _target(milestone, target_id, new_milestone, actor=actor, now=now)
        rest = balance - amount
        decision = decide(
            milestone,
            "release_part",
            DecisionKind.PARTIAL,
            text,
            released=amount,
            carried=rest,
            target=target,
            actor=actor,
            now=now,
        )
        ledger.release(
            contract,
            Cause("C5", "milestone", milestone.pk, actor, now, Ground.CLIENT_APPROVAL),
            amount,
            source=Place(ESCROW),
        )
        ledger.post(
            contract,
            Cause("C5", "milestone", milestone.pk, actor, now, Ground.CARRIED_OVER),
            [(Place(ESCROW), Place(CARRIED), rest)],
        )
        road.ran("I2")
        publish(
            PartlyReleased(
                at=now,
                contract_id=contract.pk,
                milestone_id=milestone.pk,
                released=amount.amount,
                carried=rest.amount,
            )
        )
        return decision


def _release_all(milestone: Milestone, gross: Money, cause: Cause) -> None:
    contract = milestone.contract
    ledger.release(contract, cause, gross, source=Place(ESCROW))
    deadlines.cancel(milestone.pk, REVIEW, now=cause.now)
    road.ran("I2")
    publish(
        MilestonePaid(
            at=cause.now,
            contract_id=contract.pk,
            milestone_id=milestone.pk,
            amount=gross.amount,
            ground=cause.ground.value,
        )
    )


def _target(
    milestone: Milestone,
    target_id: UUID | None,
    new_milestone: NewMilestone | None,
    *,
    actor: Actor,
    now: datetime,
) -> Milestone:
    contract = milestone.contract
    if new_milestone is not None:
        return append_milestone(contract, new_milestone, actor=actor, now=now)
    proposed = contract.milestones.filter(state=MilestoneState.PROPOSED).order_by("number")
    found = proposed.filter(pk=target_id).first() if target_id else proposed.first()
    if found is None:
        raise InvalidInputError({"target": _("Choose the milestone that the rest is moved to, or describe a new one.")})
    return found
