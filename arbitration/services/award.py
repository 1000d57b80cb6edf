"""A5–A7: the award is recorded and carried out at once; what nobody can carry out waits for a person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from arbitration import rules
from arbitration.enums import ArbitrationState
from arbitration.events import AwardExecuted, AwardRecorded, NonComplianceReported
from arbitration.locks import lock_award, lock_case
from arbitration.models import ArbitrationCase, Award, NonComplianceReport, PartyClaim
from arbitration.services.people import person
from contracts.enums import Ground, Side
from core import audit, road
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError, UnableToError
from core.events import publish
from core.formatting import format_money
from core.money import Money, zero
from core.permissions import SYSTEM, Actor
from core.uploads import CheckedUpload
from disputes.services.spine import resolve_dispute

REASONS_MAX = 40_000  # characters


class UnableToApproveError(UnableToError):
    """The award was approved or discarded before, or by the wrong person."""

    code = "award_not_open"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the arbitrator decided. `shift` is a cost that `shift_from` owes the other side (A6)."""

    to_freelancer: Money
    to_client: Money
    reasons: str
    arbitrator: str
    shift_from: str = ""
    shift: Money | None = None


def problem_of(case: ArbitrationCase, decision: Decision) -> dict[str, str]:
    """What is wrong with a decision, field by field in words; empty when it can be recorded (A5, I4)."""
    frozen = case.dispute.money
    wrong: dict[str, str] = {}
    amounts = (decision.to_freelancer, decision.to_client, decision.shift or zero(frozen.currency))
    if any(m.currency != frozen.currency for m in amounts):
        text = _("The case is in {currency}. An award names amounts in {currency}.")
        return {"to_freelancer": text.format(currency=frozen.currency)}
    if any(m.amount < 0 for m in amounts):
        return {"to_freelancer": _("No amount of an award can be less than zero.")}
    total = decision.to_freelancer + decision.to_client
    if total != frozen:
        wrong["to_freelancer"] = _("The two amounts add up to {total}, but {held} is held in this case.").format(
            total=format_money(total), held=format_money(frozen)
        )
    if bool(decision.shift) != bool(decision.shift_from):
        wrong["shift"] = _("A cost needs both: who owes it, and how much.")
    elif decision.shift_from and decision.shift_from not in Side.values:
        wrong["shift_from"] = _("Name the side that owes the cost.")
    if not decision.reasons.strip():
        wrong["reasons"] = _("An award has reasons. Enter them.")
    elif len(decision.reasons) > REASONS_MAX:
        wrong["reasons"] = _("Keep the reasons to {n} characters.").format(
            n=number_format(REASONS_MAX, force_grouping=True)
        )
    if not decision.arbitrator.strip() or len(decision.arbitrator) > 120:  # noqa: PLR2004 - the column's width
        wrong["arbitrator"] = _("Name the arbitrator in 120 characters or fewer.")
    return wrong


def record_award(*, case_id: UUID, decision: Decision, document_sha256: str, actor: Actor, now: datetime) -> Award:
    """A5 by the provider's signed message, then A6 at once.

    Raises NotAllowedError, OutOfTurnError, and InvalidInputError when the award cannot be recorded as it is: the
    caller then holds the message for a person.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        _ready(case, actor)
        if wrong := problem_of(case, decision):
            raise InvalidInputError(wrong)
        award = _draft(case, decision, document_sha256=document_sha256, now=now)
        award.recorded_at = now
        award.save(force_insert=True)
        _record_and_execute(case, award, actor=actor, now=now)
        return award


def enter_award(
    *, case_id: UUID, decision: Decision, upload: CheckedUpload | None, actor: Actor, now: datetime
) -> Award:
    """A5 by hand: the clerk enters the award with its document; it counts when a second person approves it.

    Raises StrangerError, NotAllowedError, OutOfTurnError, UnableToApproveError, InvalidInputError.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        if not rules.may_see(case.dispute, actor):
            raise StrangerError
        if not rules.clerk(case, actor):
            raise NotAllowedError(_("Only an arbitration clerk enters an award."))
        _ready(case, actor)
        if case.awards.filter(recorded_at__isnull=True, rejected_at__isnull=True).exists():
            raise UnableToApproveError(_("An award already waits for approval. Approve or discard it first."))
        wrong = problem_of(case, decision)
        if upload is None:
            wrong["document"] = _("Attach the arbitrator's document.")
        if wrong or upload is None:
            raise InvalidInputError(wrong)
        award = _draft(case, decision, document_sha256=upload.sha256, now=now)
        award.document = upload.file
        award.entered_by_id = person(actor)
        award.save(force_insert=True)
        _note(award, "enter_award", actor=actor, now=now)
        return award


def approve_award(*, award_id: UUID, actor: Actor, now: datetime) -> Award:
    """A5: the second person approves an award entered by hand; it is carried out at once (A6).

    Raises StrangerError, NotAllowedError (also for the person who entered it), OutOfTurnError,
    UnableToApproveError.
    """
    with transaction.atomic():
        award = _open_entry(award_id, actor)
        case = award.case
        if award.entered_by_id == actor.user_id:
            raise NotAllowedError(_("The person who entered an award cannot approve it. Ask a second person."))
        _ready(case, actor)
        if wrong := problem_of(case, decision_of(award)):
            raise InvalidInputError(wrong)
        award.approved_by_id = person(actor)
        award.recorded_at = now
        award.save(update_fields=["approved_by", "recorded_at"])
        _record_and_execute(case, award, actor=actor, now=now)
        return award


def discard_award(*, award_id: UUID, reason: str, actor: Actor, now: datetime) -> Award:
    """Set an entry by hand aside before it counts. Raises as `approve_award`, and InvalidInputError."""
    with transaction.atomic():
        award = _open_entry(award_id, actor)
        if not reason.strip():
            raise InvalidInputError({"reason": _("Say why the entry is discarded.")})
        award.rejected_at = now
        award.save(update_fields=["rejected_at"])
        _note(award, "discard_award", actor=actor, now=now, reason=reason.strip()[:1000])
        return award


def decision_of(award: Award) -> Decision:
    """The decision of a stored award."""
    currency = award.case.dispute.currency
    return Decision(
        to_freelancer=Money(award.to_freelancer, currency),
        to_client=Money(award.to_client, currency),
        reasons=award.reasons,
        arbitrator=award.arbitrator,
        shift_from=award.shift_from,
        shift=Money(award.shift, currency) if award.shift else None,
    )


def shares_after_shift(decision: Decision) -> tuple[Money, Money, Money, Money]:
    """A6: (to the freelancer, to the client, moved t, left over s − t) with t = min(s, the loser's share)."""
    nothing = zero(decision.to_freelancer.currency)
    if not decision.shift or not decision.shift_from:
        return decision.to_freelancer, decision.to_client, nothing, nothing
    loses = decision.to_freelancer if decision.shift_from == Side.FREELANCER else decision.to_client
    moved = min(decision.shift, loses)
    if decision.shift_from == Side.FREELANCER:
        shares = (decision.to_freelancer - moved, decision.to_client + moved)
    else:
        shares = (decision.to_freelancer + moved, decision.to_client - moved)
    return *shares, moved, decision.shift - moved


def report_non_compliance(*, case_id: UUID, side: str, text: str, actor: Actor, now: datetime) -> NonComplianceReport:
    """A7: an obligation of the award was not met; the admins decide in a procedure of their own.

    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        if not rules.may_see(case.dispute, actor):
            raise StrangerError
        if not road.permitted(case, "report_non_compliance", actor):
            raise NotAllowedError(_("Only an arbitration clerk reports this."))
        if case.state != ArbitrationState.EXECUTED:
            raise OutOfTurnError(_("Only an award that was carried out can be reported as not met."))
        wrong = {}
        if side not in Side.values:
            wrong["side"] = _("Say which side does not meet the award.")
        if not text.strip() or len(text) > REASONS_MAX:
            wrong["text"] = _("Describe which obligation is not met, and how this is known.")
        if wrong:
            raise InvalidInputError(wrong)
        report = NonComplianceReport.objects.create(
            case=case, side=side, text=text.strip(), reported_by_id=person(actor), reported_at=now
        )
        road.take(
            case,
            "report_non_compliance",
            actor=actor,
            now=now,
            chain=case.dispute_id,
            payload={"side": side, "text": audit.text_digest(report.text, report.pk)},
        )
        publish(
            NonComplianceReported(
                at=now, contract_id=case.dispute.contract_id, dispute_id=case.dispute_id, report_id=report.pk
            )
        )
        return report


def _draft(case: ArbitrationCase, decision: Decision, *, document_sha256: str, now: datetime) -> Award:
    return Award(
        case=case,
        frozen=case.dispute.amount,
        to_freelancer=decision.to_freelancer.amount,
        to_client=decision.to_client.amount,
        shift_from=decision.shift_from,
        shift=decision.shift.amount if decision.shift else 0,
        reasons=decision.reasons.strip(),
        arbitrator=decision.arbitrator.strip(),
        document_sha256=document_sha256 or hashlib.sha256(decision.reasons.strip().encode()).hexdigest(),
        received_at=now,
    )


def _ready(case: ArbitrationCase, actor: Actor) -> None:
    if not road.permitted(case, "award", actor):
        raise NotAllowedError(_("Your role in this case does not allow this step."), act="award")
    if not road.possible(case, "award", actor):
        raise OutOfTurnError(
            _("This arbitration is {state}, so no award can be recorded.").format(state=road.display_state(case)),
            act="award",
        )


def _open_entry(award_id: UUID, actor: Actor) -> Award:
    award = lock_award(award_id)
    if not rules.may_see(award.case.dispute, actor) or rules.is_party(award.case.dispute, actor):
        raise StrangerError
    if not road.permitted(award.case, "award", actor):
        raise NotAllowedError(_("Your role does not allow you to approve or discard an award."))
    if award.recorded_at or award.rejected_at or award.entered_by_id is None:
        raise UnableToApproveError(_("This award is no longer waiting: it was approved or discarded before."))
    return award


def _record_and_execute(case: ArbitrationCase, award: Award, *, actor: Actor, now: datetime) -> None:
    """A5, then A6 in the same transaction: an award is never left lying. The close-out executes the case."""
    dispute = case.dispute
    decision = decision_of(award)
    road.take(
        case,
        "award",
        actor=actor,
        now=now,
        chain=dispute.pk,
        payload={
            "award": award.pk,
            "to_freelancer": award.to_freelancer,
            "to_client": award.to_client,
            "shift_from": award.shift_from,
            "shift": award.shift,
            "document": award.document_sha256,
        },
    )
    told: dict[str, Any] = {
        "at": now,
        "contract_id": dispute.contract_id,
        "dispute_id": dispute.pk,
        "arbitration_id": case.pk,
    }
    publish(AwardRecorded(**told, award_id=award.pk))
    to_freelancer, to_client, moved, left = shares_after_shift(decision)
    # The cost that the client owes reaches the freelancer without a service fee: it is no pay for work.
    free = moved if decision.shift_from == Side.CLIENT and moved else None
    if left:
        PartyClaim.objects.create(
            case=case, debtor=decision.shift_from, amount=left.amount, currency=left.currency, created_at=now
        )
    resolve_dispute(
        dispute,
        "execute_award",
        ground=Ground.AWARD,
        to_freelancer=to_freelancer,
        to_client=to_client,
        fee_free=free,
        actor=SYSTEM,
        now=now,
        payload={"award": award.pk, "shift_moved": moved.amount, "shift_left": left.amount},
    )
    publish(AwardExecuted(**told, award_id=award.pk))


def _note(award: Award, act: str, *, actor: Actor, now: datetime, reason: str = "") -> None:
    audit.append(
        chain=award.case.dispute_id,
        rule="A5",
        act=act,
        obj=award,
        actor=actor,
        now=now,
        reason=reason,
        payload={"to_freelancer": award.to_freelancer, "to_client": award.to_client, "shift": award.shift},
    )
