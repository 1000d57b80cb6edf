"""One objection per side to the specialist, decided by a supervisor (D20)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, deadlines, road
from core.errors import NotAllowedError, OutOfTurnError, UnableToError
from core.events import publish
from core.road import in_time
from disputes.enums import DisputeState
from mediation import clocks, rules, selectors
from mediation.enums import CaseState, ObjectionState
from mediation.events import ObjectionDecided, ObjectionMade
from mediation.locks import lock_case, lock_objection
from mediation.models import MediationCase, Objection
from mediation.services import assignment, unresponsive
from mediation.services.common import clean_text, see

if TYPE_CHECKING:
    from datetime import datetime

    from core.deadlines import Firing
    from core.permissions import Actor


class UnableToObjectError(UnableToError):
    """Nobody to object to, or this side has objected before."""

    code = "objection"


def objection_due_at(case: MediationCase) -> datetime | None:
    """Until when a side may object: 2 business days after the present assignment (D2), within the 21 days."""
    if case.assigned_at is None or case.specialist_id is None:
        return None
    settings = case.dispute.policy
    return min(settings.business_days_after(case.assigned_at, settings.objection_business_days), case.ends_at)


def decision_due_at(case: MediationCase) -> datetime | None:
    """By when a supervisor should have decided on the open objection; None when none is open."""
    alert = deadlines.running(case.dispute_id, clocks.OBJECTION_ALERT)
    return alert.due_at if alert is not None else None


def object_to_specialist(*, dispute_id: UUID, reason: str, actor: Actor, now: datetime) -> Objection:
    """D20: each side once, with a reason. D6, D7 and D13 are refused until a supervisor decides; clocks run on.

    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError, UnableToObjectError, InvalidInputError.
    """
    with transaction.atomic():
        case = lock_case(dispute_id)
        dispute = case.dispute
        see(case, actor)
        side = rules.side_of(dispute, actor)
        if side is None or actor.user_id is None:
            raise NotAllowedError(_("Only the two sides can object to the specialist."))
        if dispute.state != DisputeState.IN_MEDIATION or case.state == CaseState.CLOSED:
            raise OutOfTurnError(
                _(
                    "Mediation of this dispute has ended, so an objection is no longer open. Reload the page to see"
                    " where things stand."
                )
            )
        until = objection_due_at(case)
        if until is None or case.specialist_id is None:
            raise UnableToObjectError(_("No specialist is assigned to this case at the moment."))
        in_time(until, now, _("The time to object"))
        if case.objections.filter(side=side).exists():
            raise UnableToObjectError(_("Your side has already objected once in this case."))
        words = clean_text("reason", reason, at_least=20, at_most=5_000)
        objection = Objection(
            case=case,
            side=side,
            specialist_id=case.specialist_id,
            reason=words,
            made_by_id=actor.user_id,
            made_at=now,
        )
        objection.save(force_insert=True)
        audit.append(
            chain=dispute.pk,
            rule="D20",
            act="object",
            obj=objection,
            actor=actor,
            now=now,
            new_state=ObjectionState.OPEN,
            payload={
                "side": side,
                "specialist": case.specialist_id,
                "reason": audit.text_digest(words, objection.pk),
            },
        )
        road.ran("D20")
        if deadlines.running(dispute.pk, clocks.OBJECTION_ALERT) is None:
            clocks.start(dispute, clocks.OBJECTION_ALERT, now=now, due_at=dispute.policy.business_days_after(now, 1))
        publish(
            ObjectionMade(
                at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, objection_id=objection.pk, side=side
            )
        )
        return objection


def decide_objection(*, objection_id: UUID, upheld: bool, text: str, actor: Actor, now: datetime) -> Objection:
    """D20: a supervisor decides. Upheld: the specialist leaves the case for good and another is sought.

    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError.
    """
    with transaction.atomic():
        objection = lock_objection(objection_id)
        case = objection.case
        dispute = case.dispute
        see(case, actor)
        road.check(objection, "uphold" if upheld else "dismiss", actor)
        if actor.user_id == objection.specialist_id:
            raise NotAllowedError(_("Somebody else than the specialist concerned decides on an objection."))
        words = clean_text("text", text, at_least=20, at_most=5_000)
        objection.decision, objection.decided_by_id = words, actor.user_id
        road.take(
            objection,
            "uphold" if upheld else "dismiss",
            actor=actor,
            now=now,
            chain=dispute.pk,
            payload={"side": objection.side, "text": audit.text_digest(words, objection.pk)},
            save=("decision", "decided_by"),
        )
        if upheld and case.specialist_id == objection.specialist_id:
            assignment.leave(case, barred=True, reason="An objection was upheld.", now=now)
            assignment.auto_assign(case, now=now)
        if selectors.open_objection(case) is None:
            deadlines.cancel(dispute.pk, clocks.OBJECTION_ALERT, now=now)
            unresponsive.watch(case, now=now)
        publish(
            ObjectionDecided(
                at=now,
                contract_id=dispute.contract_id,
                dispute_id=dispute.pk,
                objection_id=objection.pk,
                side=objection.side,
                upheld=upheld,
            )
        )
        return objection


def objection_alert(firing: Firing) -> None:
    """D20: an objection waits for a business day; supervisors are told, repeatedly."""
    case = lock_case(firing.object_id)
    if selectors.open_objection(case) is None:
        return
    if deadlines.claim(firing):
        assignment.alert(case, "objection", firing)
