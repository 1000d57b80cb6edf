"""Cases in mediation, in every state, reached only by calling the services under a moving `now`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from contracts.enums import Side
from core import deadlines
from core.models import Deadline, DeadlineStatus
from core.money import Money
from disputes.models import Dispute, Evidence
from disputes.services import evidence, filing, messages, statements, texts
from mediation import clocks
from mediation.models import MediationCase, Recommendation
from mediation.services import (
    answering,
    assignment,
    contact,
    impasse,
    objection,
    recommendation,
    unresponsive,
)
from tests.factories.accounts import Person, make_specialist, make_supervisor
from tests.factories.contracts import World, refund_requested_contract

DETAILS = (
    "The whole shop was delivered on time: all pages, the style guide and the source files. The client approved the"
    " drafts in the messages and then ended the contract without a reason."
)
ANSWER = (
    "The order history page was never delivered and the tax amounts on the checkout page are wrong, so we cannot use"
    " the shop. We asked for corrections twice in the messages and got no usable reply."
)
REASONS = (
    "Exhibit E-1 shows that every agreed page was delivered on the agreed day, and the messages of the contract show"
    " that the drafts were approved. The missing order history page is named in the terms, and nothing in the record"
    " shows that it was delivered. The tax amounts can be corrected in about a day. Both points together are about a"
    " third of the agreed work, and I therefore recommend that two thirds of the sum go to the freelancer. Each side"
    " keeps what it has used."
)
POINTS = "The point is right as far as the delivered pages go, and it was weighed in full."


@dataclass
class Case:
    """A filed dispute with its people and its moving present; methods act as the right person at `now`."""

    world: World
    dispute_id: object
    specialist: Person
    supervisor: Person
    others: list[Person] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def freelancer(self) -> Person:
        return self.world.freelancer

    @property
    def client(self) -> Person:
        return self.world.client

    @property
    def contract(self):
        return self.world.contract

    @property
    def dispute(self) -> Dispute:
        return Dispute.objects.select_related(
            "contract__freelancer_account", "contract__client_account", "milestone"
        ).get(pk=self.dispute_id)

    @property
    def case(self) -> MediationCase:
        found = MediationCase.objects.select_related("specialist").get(dispute_id=self.dispute_id)
        found.dispute = self.dispute
        return found

    @property
    def reference(self) -> str:
        return self.dispute.reference

    def person(self, side: str) -> Person:
        return self.freelancer if side == Side.FREELANCER else self.client

    def later(self, **span) -> Case:
        self.world.later(**span)
        return self

    def until(self, instant: datetime, **before) -> Case:
        """Move the present to an instant, or to a span before it."""
        from datetime import timedelta

        self.world.now = instant - timedelta(**before)
        return self

    def sweep(self) -> int:
        return deadlines.sweep(now=self.now)

    def clock(self, kind: str) -> Deadline | None:
        return deadlines.running(self.dispute_id, kind)

    def running(self) -> set[str]:
        """Kinds of the running timers, reminders left out."""
        rows = Deadline.objects.filter(object_id=self.dispute_id, status=DeadlineStatus.PENDING)
        return {row.kind for row in rows if ".remind:" not in row.kind}

    # --- the staff's acts
    def take_up(self, person: Person | None = None) -> MediationCase:
        who = person or self.specialist
        return assignment.take_up(dispute_id=self.dispute_id, declares=True, actor=who.actor, now=self.now)

    def assign(self, person: Person) -> MediationCase:
        return assignment.assign_specialist(
            dispute_id=self.dispute_id, specialist_id=person.user.pk, actor=self.supervisor.actor, now=self.now
        )

    def attempt(self, side: str = Side.CLIENT, *, person: Person | None = None, **values):
        return contact.log_attempt(
            dispute_id=self.dispute_id,
            side=side,
            channel=values.get("channel", "phone"),
            text=values.get("text", "Called the number on file, no answer; left a message."),
            actor=(person or self.specialist).actor,
            now=self.now,
        )

    def reply(self, attempt, text: str = "They will write tomorrow."):
        return contact.log_reply(attempt_id=attempt.pk, text=text, actor=self.specialist.actor, now=self.now)

    def close_unresponsive(self, side: str = Side.CLIENT, person: Person | None = None):
        return unresponsive.close_unresponsive(
            dispute_id=self.dispute_id, side=side, actor=(person or self.specialist).actor, now=self.now
        )

    def draft(self, to_freelancer: int = 120_000, *, person: Person | None = None, **values) -> Recommendation:
        dispute = self.dispute
        shared = Evidence.objects.filter(dispute=dispute, confidentiality="shared", removed_at__isnull=True)
        given = {
            "to_freelancer": Money(to_freelancer, dispute.currency),
            "to_client": Money(dispute.amount - to_freelancer, dispute.currency),
            "disposition": "refund",
            "reasons": REASONS,
            "freelancer_points": POINTS,
            "client_points": POINTS,
            "exhibit_ids": list(shared.values_list("pk", flat=True)),
            "failure": "statement",
            "failure_note": "Both sides said in the messages that they will not move.",
            "seen_version": dispute.version,
            **values,
        }
        if given.pop("unset", False):
            given |= {"to_freelancer": None, "to_client": None}
        return recommendation.save_draft(
            dispute_id=self.dispute_id, actor=(person or self.specialist).actor, now=self.now, **given
        )

    def issue(self, person: Person | None = None, **values) -> Recommendation:
        return recommendation.issue_recommendation(
            dispute_id=self.dispute_id,
            seen_version=values.get("seen_version", self.dispute.version),
            actor=(person or self.specialist).actor,
            now=self.now,
        )

    def recommend(self, to_freelancer: int = 120_000, **values) -> Recommendation:
        self.draft(to_freelancer, **values)
        return self.issue()

    def decide(self, found, *, upheld: bool, person: Person | None = None, text: str = ""):
        return objection.decide_objection(
            objection_id=found.pk,
            upheld=upheld,
            text=text or "The record shows no tie to either side, or it does: decided on that.",
            actor=(person or self.supervisor).actor,
            now=self.now,
        )

    # --- the parties' acts
    def contest(self, offers: int = 0):
        return statements.contest_claim(
            dispute_id=self.dispute_id,
            reason="below_criteria",
            details=ANSWER,
            offers=Money(offers, self.dispute.currency),
            actor=self.client.actor,
            now=self.now,
        )

    def write(self, person: Person, body: str = "We would like to settle this.", **values):
        return messages.post_case_message(
            dispute_id=self.dispute_id, body=body, actor=person.actor, now=self.now, **values
        )

    def exhibit(self, person: Person | None = None, *, confidentiality: str = "shared", name: str = "proof.txt"):
        return evidence.add_evidence(
            dispute_id=self.dispute_id,
            upload=SimpleUploadedFile(name, b"What was delivered, line by line.\n", "text/plain"),
            kind="deliverable",
            shows="What was delivered.",
            confidentiality=confidentiality,
            actor=(person or self.freelancer).actor,
            now=self.now,
        )

    def answer(self, side: str, *, accept: bool, person: Person | None = None, **values) -> Recommendation:
        return answering.answer_recommendation(
            dispute_id=self.dispute_id,
            accept=accept,
            actor=(person or self.person(side)).actor,
            now=self.now,
            **values,
        )

    def object(self, side: str, reason: str = "This person worked for the other side last year.", person=None):
        return objection.object_to_specialist(
            dispute_id=self.dispute_id, reason=reason, actor=(person or self.person(side)).actor, now=self.now
        )

    def impasse(self, side: str, person: Person | None = None):
        return impasse.declare_impasse(
            dispute_id=self.dispute_id, actor=(person or self.person(side)).actor, now=self.now
        )


def filed_case(
    *,
    staffed: bool = True,
    amount: int | None = None,
    specialist: Person | None = None,
    supervisor: Person | None = None,
    **how,
) -> Case:
    """D1: a dispute filed from a refund request; with `staffed` one free specialist has it (D2)."""
    world = refund_requested_contract(**how)
    world.later(hours=3)
    supervisor = supervisor or make_supervisor()
    if staffed:
        specialist = specialist or make_specialist()
    return file(world, specialist or make_specialist("Away Person", out_of_office_until=_far()), supervisor, amount)


def file(world: World, specialist: Person, supervisor: Person, amount: int | None = None) -> Case:
    """Take a refund request through the wizard (R3)."""
    actor, refund = world.freelancer.actor, world.refund
    draft = filing.start_filing(request_id=refund.pk, actor=actor, now=world.now)
    claimed = Money(refund.amount if amount is None else amount, world.contract.currency)
    data = {"reason": "quality_disputed", "details": DETAILS, "amount": str(claimed.decimal)}
    filing.save_draft(dispute_id=draft.pk, data=data, step="check", actor=actor, now=world.now)
    text = texts.filing_text(world.contract, asked=refund.money, amount=claimed, due_at=refund.due_at)
    filing.file_dispute(dispute_id=draft.pk, consent_version=text.version, actor=actor, now=world.now)
    return Case(world, draft.pk, specialist, supervisor)


def active_case(**how) -> Case:
    """D2: the specialist has signed the declaration and the case is active."""
    case = filed_case(**how)
    case.later(hours=2).take_up()
    return case


def contested_case(**how) -> Case:
    """D4: the client has answered, one exhibit is there; a recommendation would be possible."""
    case = active_case(**how)
    case.later(days=1).exhibit()
    case.later(hours=1).contest()
    return case


def recommended_case(to_freelancer: int = 120_000, **how) -> Case:
    """D13: issued to both sides."""
    case = contested_case(**how)
    case.later(days=1).recommend(to_freelancer)
    return case


def unresponsive_case(**how) -> Case:
    """D6: the client never reacted, the guards have just begun to hold."""
    case = active_case(**how)
    for _ in range(30):
        case.later(days=1).sweep()
        if all(g.holds for g in unresponsive.guards(case.case, Side.CLIENT, now=case.now)):
            return case
    raise AssertionError("the guards of D6 never held")


def running_kinds() -> tuple[str, ...]:
    """Every timer kind of mediation."""
    return tuple(value for name, value in vars(clocks).items() if name.isupper() and isinstance(value, str))


def _far() -> datetime:
    from datetime import UTC

    return datetime(2030, 1, 1, tzinfo=UTC)
