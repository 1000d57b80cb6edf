"""What every decision on a milestone shares: whether it is open, in time, and kept for ever."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from contracts.enums import DecisionKind, MilestoneState
from contracts.models import Milestone, MilestoneDecision
from contracts.services.common import UnableToActInDisputeError, person, touch
from contracts.services.gate import REVIEW
from core import audit, deadlines, road
from core.money import Money
from core.permissions import Actor


def ready_or_disputed(milestone: Milestone, name: str, actor: Actor) -> None:
    """As `road.check`, but an open dispute on the milestone is named as the reason (after permission)."""
    if milestone.disputed_by is not None and road.permitted(milestone, name, actor):
        raise UnableToActInDisputeError(
            _("A dispute is open on this milestone. This step is possible again when the dispute is over.")
        )
    road.check(milestone, name, actor)


def review_in_time(milestone: Milestone, now: datetime) -> None:
    """Z3: at or after the end of the review time only its default (C6) is possible."""
    clock = deadlines.running(milestone.pk, REVIEW)
    if milestone.state == MilestoneState.SUBMITTED and clock is not None:
        road.in_time(clock.due_at, now, _("The time to review this work"))


def decide(
    milestone: Milestone,
    name: str,
    kind: DecisionKind,
    text: str,
    *,
    released: Money | None = None,
    carried: Money | None = None,
    target: Milestone | None = None,
    actor: Actor,
    now: datetime,
) -> MilestoneDecision:
    """Take the step, keep what the client said for ever, stop the review clock."""
    decision = MilestoneDecision(
        milestone=milestone,
        kind=kind,
        text=text,
        released=released.amount if released else 0,
        carried=carried.amount if carried else 0,
        target=target,
        decided_by_id=person(actor),
        decided_at=now,
    )
    road.take(
        milestone,
        name,
        actor=actor,
        now=now,
        chain=milestone.contract_id,
        payload={
            "decision": str(decision.pk),
            "released": decision.released,
            "carried": decision.carried,
            "text": audit.text_digest(text, decision.pk),
        },
    )
    decision.save(force_insert=True)
    deadlines.cancel(milestone.pk, REVIEW, now=now)
    touch(milestone.contract, now=now)
    return decision
