"""Commands on a milestone: fund, submit, decide, release (C1–C6, C11)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from contracts.enums import (
    MILESTONE_LIVE,
    AccountCode,
    ContractState,
    DecisionKind,
    Ground,
    MilestoneState,
    PaymentPurpose,
    Side,
)
from contracts.events import (
    ChangesRequested,
    MilestoneFunded,
    MilestonePaid,
    PartlyReleased,
    ReleaseRefused,
    WorkSubmitted,
)
from contracts.ledger import services as ledger
from contracts.ledger.selectors import balance_of, balances
from contracts.ledger.services import Cause, Place
from contracts.locks import lock_milestone
from contracts.models import Contract, Milestone, MilestoneDecision, Submission
from contracts.services import gate
from contracts.services.agreement import NewMilestone, append_milestone
from contracts.services.common import (
    FUNDING,
    UnableToActInDisputeError,
    attach,
    bounded_text,
    named,
    no_open_dispute,
    required_text,
    same_currency,
    see,
    touch,
)
from contracts.services.gate import REVIEW
from contracts.services.payments import start_payment
from core import audit, deadlines, road
from core.errors import InvalidInputError, OutOfTurnError, UnableToError
from core.events import publish
from core.formatting import format_money
from core.money import Money
from core.permissions import SYSTEM, Actor
from core.uploads import CheckedUpload

ESCROW = AccountCode.ESCROW_AVAILABLE
CARRIED = AccountCode.ESCROW_CARRIED
REVIEW_WORDS = "The time to review this work"


class UnableToFundError(UnableToError):
    """C1: another milestone is live, or the money cannot be used."""

    code = "cannot_fund"


class UnableToCarryOverError(UnableToError):
    """C5: the money is named in an open support request."""

    code = "named"


def usable_carried(contract: Contract) -> Money:
    """Carried-over money that C1 may use: what an open support request names stays where it is."""
    return balance_of(contract, CARRIED) - named(contract, CARRIED)


def fund_milestone(*, milestone_id: UUID, actor: Actor, now: datetime) -> Milestone:
    """C1: carried-over money is used first, the rest is asked of the payment gateway.

    With nothing needed from outside the milestone is funded at once, else it is `funding` for at most
    24 h. Raises StrangerError, NotAllowedError, OutOfTurnError, UnableToActInDisputeError,
    UnableToFundError.
    """
    with transaction.atomic():
        milestone = lock_milestone(milestone_id)
        contract = milestone.contract
        see(milestone, actor)
        road.check(milestone, "start_funding", actor)
        if contract.state != ContractState.ACTIVE:
            raise OutOfTurnError(f"This contract is {road.display_state(contract)}, so nothing can be funded on it.")
        no_open_dispute(contract, "Funding a milestone")
        if contract.milestones.filter(state__in=MILESTONE_LIVE).exists():
            raise UnableToFundError(
                "Another milestone is being worked on. Only one milestone is funded at a time:"
                " release or end that one first."
            )
        carried = min(usable_carried(contract), milestone.money)
        outside = milestone.money - carried
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


def submit_work(
    *,
    milestone_id: UUID,
    message: str = "",
    link: str = "",
    upload: CheckedUpload | None = None,
    actor: Actor,
    now: datetime,
) -> Submission:
    """C2: work is handed in, with a message, a link or a file at least; the review clock starts.

    Raises StrangerError, NotAllowedError, OutOfTurnError, UnableToActInDisputeError,
    InvalidInputError (`message`, `link`).
    """
    with transaction.atomic():
        milestone = _locked(milestone_id, "submit", actor)
        message = bounded_text(message, "message")
        link = _checked_link(link)
        if not (message or link or upload):
            raise InvalidInputError({"message": "Add a message, a link or a file that shows the work."})
        submission = Submission(
            milestone=milestone,
            number=milestone.submissions.count() + 1,
            message=message,
            link=link,
            submitted_by_id=actor.user_id,
            submitted_at=now,
        )
        attach(submission, upload)
        submission.save(force_insert=True)
        road.take(
            milestone,
            "submit",
            actor=actor,
            now=now,
            chain=milestone.contract_id,
            payload={
                "submission": str(submission.pk),
                "message": audit.text_digest(message, submission.pk),
                "file": submission.file_sha256,
            },
        )
        gate.start_review(milestone, Cause("C2", "milestone", milestone.pk, actor, now, Ground.CLIENT_APPROVAL))
        touch(milestone.contract, now=now)
        publish(WorkSubmitted(at=now, contract_id=milestone.contract_id, milestone_id=milestone.pk))
        return submission


def request_changes(*, milestone_id: UUID, text: str, actor: Actor, now: datetime) -> MilestoneDecision:
    """C3: the client says what is to be changed; the review clock stops. `text` is mandatory."""
    with transaction.atomic():
        milestone = _locked(milestone_id, "request_changes", actor)
        _review_in_time(milestone, now)
        text = required_text(text, "text", "Say what should be changed, so that the work can go on.")
        decision = _decide(milestone, "request_changes", DecisionKind.CHANGES, text, actor=actor, now=now)
        publish(ChangesRequested(at=now, contract_id=milestone.contract_id, milestone_id=milestone.pk))
        return decision


def refuse_release(*, milestone_id: UUID, text: str, actor: Actor, now: datetime) -> MilestoneDecision:
    """C3b: the client says that the money will not be released, and why; the review clock stops."""
    with transaction.atomic():
        milestone = _locked(milestone_id, "refuse_release", actor)
        _review_in_time(milestone, now)
        text = required_text(text, "text", "Say why the money is not released.")
        decision = _decide(milestone, "refuse_release", DecisionKind.REFUSED, text, actor=actor, now=now)
        publish(ReleaseRefused(at=now, contract_id=milestone.contract_id, milestone_id=milestone.pk))
        return decision


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
        _review_in_time(milestone, now)
        contract = milestone.contract
        gross = balance_of(contract, ESCROW)
        if not gross:
            raise UnableToActInDisputeError(
                "All money of this milestone is set aside for the dispute. It is paid out when the dispute is over."
            )
        rule = "C11" if disputed else "C4"
        rounds = contract.entries.filter(rule=rule, cause_id=milestone.pk).count()
        cause = Cause(rule, "milestone", milestone.pk, actor, now, Ground.CLIENT_APPROVAL, seq=rounds + 1)
        if disputed:
            road.take(milestone, name, actor=actor, now=now, chain=contract.pk, payload={"released": gross.amount})
        else:
            _decide(milestone, name, DecisionKind.APPROVED, "", released=gross, actor=actor, now=now)
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
        no_open_dispute(contract, "Carrying money over")
        _review_in_time(milestone, now)
        if named(contract, ESCROW):
            raise UnableToCarryOverError(
                "The freelancer has asked Customer Support about this money, so it cannot be carried over now."
                " You can still release it in full."
            )
        balance = balances(contract).available
        same_currency(contract, amount, "amount")
        if amount.amount <= 0 or amount >= balance:
            most = format_money(balance - contract.money(1))
            raise InvalidInputError(
                {"amount": f"Enter an amount between {format_money(contract.money(1))} and {most}."}
            )
        text = required_text(text, "text", "Explain to the freelancer why only a part is released.")
        target = _target(milestone, target_id, new_milestone, actor=actor, now=now)
        rest = balance - amount
        decision = _decide(
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


def ready_or_disputed(milestone: Milestone, name: str, actor: Actor) -> None:
    """As `road.check`, but an open dispute on the milestone is named as the reason (after permission)."""
    if milestone.disputed_by is not None and road.permitted(milestone, name, actor):
        raise UnableToActInDisputeError(
            "A dispute is open on this milestone. This step is possible again when the dispute is over."
        )
    road.check(milestone, name, actor)


def _locked(milestone_id: UUID, name: str, actor: Actor) -> Milestone:
    milestone = lock_milestone(milestone_id)
    see(milestone, actor)
    ready_or_disputed(milestone, name, actor)
    return milestone


def _review_in_time(milestone: Milestone, now: datetime) -> None:
    """Z3: at or after the end of the review time only its default (C6) is possible."""
    clock = deadlines.running(milestone.pk, REVIEW)
    if milestone.state == MilestoneState.SUBMITTED and clock is not None:
        road.in_time(clock.due_at, now, REVIEW_WORDS)


def _decide(
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
        decided_by_id=actor.user_id,
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
        raise InvalidInputError({"target": "Choose the milestone that the rest is moved to, or describe a new one."})
    return found


def _checked_link(link: str) -> str:
    link = bounded_text(link, "link", 500)
    if link:
        try:
            URLValidator(schemes=["http", "https"])(link)
        except ValidationError as error:
            raise InvalidInputError(
                {"link": "Enter a full address that starts with https://, or leave it empty."}
            ) from error
    return link
