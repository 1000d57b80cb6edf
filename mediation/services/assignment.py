"""Who mediates (D2): assignment, the no-conflict declaration, and leaving a case."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import User
from core import deadlines, road
from core.errors import InvalidInputError, NotAllowedError, UnableToError
from core.events import publish
from core.permissions import SYSTEM
from mediation import clocks, rules, selectors
from mediation.enums import CaseState, ObjectionState
from mediation.events import SpecialistAssigned, SpecialistUnassigned, StaffOverdue
from mediation.locks import lock_case, lock_draft
from mediation.models import ConflictDeclaration, MediationCase, Objection
from mediation.services import unresponsive
from mediation.services.common import clean_text, see

if TYPE_CHECKING:
    from datetime import datetime

    from core.deadlines import Firing
    from core.permissions import Actor

DECLARATION_VERSION = "2026-1"
DECLARATION = _l(
    "I have no tie to either side of this case: I am not a party, I have never been a member of either account,"
    " I did not open the case at the support desk, and I have no interest in how it ends."
    " If I learn of a conflict later, I report it at once and leave the case."
)


class UnableToAssignError(UnableToError):
    """This person cannot mediate this case."""

    code = "conflict"


def assign_specialist(*, dispute_id: UUID, specialist_id: UUID, actor: Actor, now: datetime) -> MediationCase:
    """D2: a supervisor assigns or reassigns; all clocks run on, both sides are told.

    Raises StrangerError, NotAllowedError, OutOfTurnError, UnableToAssignError (conflict, named),
    InvalidInputError (nobody of that id).
    """
    with transaction.atomic():
        case = lock_case(dispute_id)
        see(case, actor)
        if not road.permitted(case, _assigns(case), actor):
            raise NotAllowedError(_("Only a supervisor assigns specialists."))
        road.check(case, _assigns(case), actor)
        specialist = User.objects.filter(pk=specialist_id).first()
        if specialist is None:
            raise InvalidInputError({"specialist": _("Choose a specialist from the list.")})
        conflicts = selectors.conflicts_of(case, specialist)
        if conflicts:
            raise UnableToAssignError(
                _("{name} cannot take this case: {conflict}").format(name=specialist.name, conflict=conflicts[0]),
                conflicts=conflicts,
            )
        if case.specialist_id == specialist.pk:
            raise UnableToAssignError(_("{name} already has this case.").format(name=specialist.name))
        _give(case, specialist, actor=actor, now=now)
        return case


def auto_assign(case: MediationCase, *, now: datetime) -> bool:
    """D2: the least loaded specialist without a conflict who is not away. False when nobody is free.

    The caller holds the case's lock.
    """
    free = selectors.candidates(case, now=now)
    if not free:
        return False
    _give(case, free[0], actor=SYSTEM, now=now)
    return True


def take_up(*, dispute_id: UUID, declares: bool, actor: Actor, now: datetime) -> MediationCase:
    """D2: the specialist signs the no-conflict declaration; the case becomes active.

    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError (not signed).
    """
    with transaction.atomic():
        case = lock_case(dispute_id)
        see(case, actor)
        name = "declare" if case.state == CaseState.RECOMMENDATION_ISSUED else "activate"
        if not road.permitted(case, name, actor) or actor.user_id is None:
            raise NotAllowedError(_("Only the assigned specialist takes the case up."))
        if not declares:
            raise InvalidInputError(
                {"declares": _("Tick the declaration to take the case up, or report a conflict instead.")}
            )
        # The words that were signed: their version and the language they were shown in.
        version = f"{DECLARATION_VERSION}/{get_language() or 'en'}"
        road.take(case, name, actor=actor, now=now, chain=case.dispute_id, payload={"declaration": version})
        ConflictDeclaration.objects.create(
            case=case, specialist_id=actor.user_id, text_version=version, declared_at=now
        )
        return case


def report_conflict(*, dispute_id: UUID, reason: str, actor: Actor, now: datetime) -> MediationCase:
    """The assigned specialist has a conflict: leaves at once, never gets this case again, another is sought.

    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError (no reason).
    """
    with transaction.atomic():
        case = lock_case(dispute_id)
        see(case, actor)
        if not rules.is_assigned(case, actor):
            raise NotAllowedError(_("Only the assigned specialist can report a conflict here."))
        why = clean_text("reason", reason, at_least=10, at_most=500)
        leave(case, barred=True, reason=why, now=now)
        auto_assign(case, now=now)
        return case


def unassign(*, dispute_id: UUID, reason: str, actor: Actor, now: datetime) -> MediationCase:
    """A supervisor takes the specialist off the case; it waits for another (24 h alert), clocks run on.

    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError.
    """
    with transaction.atomic():
        case = lock_case(dispute_id)
        see(case, actor)
        if not road.permitted(case, "unassign", actor):
            raise NotAllowedError(_("Only a supervisor takes a specialist off a case."))
        why = clean_text("reason", reason, at_least=10, at_most=500)
        leave(case, barred=False, reason=why, now=now, actor=actor)
        return case


def release_cases(*, specialist_id: UUID, now: datetime) -> int:
    """A specialist leaves at once every open case that somebody of this standing may not have; returns how many.

    Deactivated, no specialist any more, or a member of a side by now (rulebook section 4). Clocks are kept.
    """
    specialist = User.objects.get(pk=specialist_id)
    ids = MediationCase.objects.filter(specialist_id=specialist_id).exclude(state=CaseState.CLOSED)
    count = 0
    for dispute_id in list(ids.order_by("dispute_id").values_list("dispute_id", flat=True)):
        with transaction.atomic():
            case = lock_case(dispute_id)
            with translation.override(None):
                # The reason is stored, so it is in the source language.
                conflicts = selectors.conflicts_of(case, specialist)
            if case.specialist_id == specialist_id and case.state != CaseState.CLOSED and conflicts:
                leave(case, barred=False, reason=conflicts[0], now=now)
                auto_assign(case, now=now)
                count += 1
    return count


def leave(case: MediationCase, *, barred: bool, reason: str, now: datetime, actor: Actor = SYSTEM) -> None:
    """Take the present specialist off a locked case. Raises OutOfTurnError when there is none."""
    dispute, leaving = case.dispute, case.specialist_id
    payload = {"specialist": leaving, "barred": barred}
    if leaving is not None and barred:
        case.barred = [*case.barred, leaving]
    if leaving is not None and case.state == CaseState.RECOMMENDATION_ISSUED:
        road.take(
            case,
            "reassign_after_recommendation",
            actor=actor,
            now=now,
            chain=dispute.pk,
            payload=payload,
            reason=reason,
            save=("barred",),
            specialist_id=None,
        )
    else:
        road.take(
            case, "unassign", actor=actor, now=now, chain=dispute.pk, payload=payload, reason=reason, save=("barred",)
        )
    _copy_to_dispute(case)
    _take_back_draft(case, now=now)
    _void_objections(case, now=now)
    clocks.restart(
        dispute,
        clocks.ASSIGN_ALERT,
        now=now,
        due_at=now + timedelta(hours=dispute.policy.specialist_assign_hours),
    )
    if leaving is not None:
        publish(
            SpecialistUnassigned(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, specialist_id=leaving)
        )


def assign_alert(firing: Firing) -> None:
    """D1: nobody is assigned after 24 h. Tries again, else supervisors are told; repeats until someone acts."""
    case = lock_case(firing.object_id)
    if case.specialist_id is not None or case.state == CaseState.CLOSED:
        return
    if deadlines.claim(firing) and not auto_assign(case, now=firing.now):
        alert(case, "assign", firing)


def reply_alert(firing: Firing) -> None:
    """D2: the specialist has not written for 2 business days; supervisors are told, repeatedly."""
    case = lock_case(firing.object_id)
    if case.state in (CaseState.CLOSED, CaseState.RECOMMENDATION_ISSUED):
        return
    if deadlines.claim(firing):
        alert(case, "reply", firing)


def alert(case: MediationCase, what: str, firing: Firing) -> None:
    """Tell the supervisors that a staff clock ran out, and set the next alert."""
    dispute = case.dispute
    clocks.start(dispute, firing.kind, now=firing.now, due_at=clocks.next_alert(firing))
    publish(StaffOverdue(at=firing.now, contract_id=dispute.contract_id, dispute_id=dispute.pk, what=what))


def _assigns(case: MediationCase) -> str:
    return "reassign_after_recommendation" if case.state == CaseState.RECOMMENDATION_ISSUED else "assign"


def _give(case: MediationCase, specialist: User, *, actor: Actor, now: datetime) -> None:
    dispute, again = case.dispute, case.assigned_at is not None
    road.take(
        case,
        _assigns(case),
        actor=actor,
        now=now,
        chain=dispute.pk,
        payload={"specialist": specialist.pk, "before": case.specialist_id},
        specialist_id=specialist.pk,
    )
    _copy_to_dispute(case)
    _take_back_draft(case, now=now)
    _void_objections(case, now=now)
    deadlines.cancel(dispute.pk, clocks.ASSIGN_ALERT, now=now)
    # Reassignment keeps every clock: a reply that was already owed stays due when it was due.
    owed = deadlines.running(dispute.pk, clocks.REPLY_ALERT)
    if owed is None and case.state != CaseState.RECOMMENDATION_ISSUED:
        settings = dispute.policy
        due_at = settings.business_days_after(now, settings.specialist_reply_business_days)
        clocks.start(dispute, clocks.REPLY_ALERT, now=now, due_at=due_at)
    publish(
        SpecialistAssigned(
            at=now,
            contract_id=dispute.contract_id,
            dispute_id=dispute.pk,
            specialist_id=specialist.pk,
            again=again,
        )
    )


def _copy_to_dispute(case: MediationCase) -> None:
    """Keep the copy that the rules of the room below read."""
    case.dispute.specialist_id = case.specialist_id
    case.dispute.save(update_fields=["specialist_id"])


def _take_back_draft(case: MediationCase, *, now: datetime) -> None:
    """A draft that waits for its release was signed by somebody who has left: the next specialist decides on it."""
    draft = lock_draft(case)
    if draft is not None and draft.release_asked_at is not None:
        road.take(draft, "take_back", actor=SYSTEM, now=now, chain=case.dispute_id, rule_id="D2")
        deadlines.cancel(case.dispute_id, clocks.RELEASE_ALERT, now=now)


def _void_objections(case: MediationCase, *, now: datetime) -> None:
    """An objection to somebody who has left is without object; D6 and D7 are open again."""
    found = list(Objection.objects.select_for_update(of=("self",)).filter(case=case, state=ObjectionState.OPEN))
    for objection in found:
        objection.case = case
        road.take(objection, "void", actor=SYSTEM, now=now, chain=case.dispute_id, rule_id="D20")
    deadlines.cancel(case.dispute_id, clocks.OBJECTION_ALERT, now=now)
    if found:
        unresponsive.watch(case, now=now)
