"""Lifecycles of the mediation case, the recommendation and the objection."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from core.road import LifecycleModel, rule
from mediation import rules
from mediation.enums import CaseState as C
from mediation.enums import CloseCode
from mediation.enums import ObjectionState as O
from mediation.enums import RecommendationState as R


class MediationCaseLifecycle(LifecycleModel):
    """unassigned → assigned → active → recommendation_issued → closed, closed from any state."""

    NOUN = _("mediation case")
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = (
        "state",
        "assigned_at",
        "ended_at",
        "closed_at",
        "close_code",
        "specialist",
    )

    specialist_id: UUID | None
    state = FSMField(default=C.UNASSIGNED, choices=C.choices, protected=True)
    assigned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the 21-day clock stopped (Z7).")
    closed_at = models.DateTimeField(null=True, blank=True)
    close_code = models.CharField(max_length=24, choices=CloseCode.choices, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=[C.UNASSIGNED, C.ASSIGNED, C.ACTIVE],
        target=C.ASSIGNED,
        permission=rules.supervisor_or_system,
        custom=rule("D2", _("Assign")),
    )
    def assign(self, *, now: datetime, specialist_id: UUID) -> None:
        """D2: assign or reassign; clocks run on."""
        self.specialist_id = specialist_id
        self.assigned_at = now

    @transition(
        field=state,
        source=C.RECOMMENDATION_ISSUED,
        target=C.RECOMMENDATION_ISSUED,
        permission=rules.supervisor_or_system,
        custom=rule("D2", _("Reassign")),
    )
    def reassign_after_recommendation(self, *, now: datetime, specialist_id: UUID | None) -> None:
        """D2 while the answers to a recommendation are awaited."""
        self.specialist_id = specialist_id
        self.assigned_at = now

    @transition(
        field=state,
        source=[C.ASSIGNED, C.ACTIVE],
        target=C.UNASSIGNED,
        permission=rules.supervisor_or_system,
        custom=rule("D2", _("Unassign")),
    )
    def unassign(self, *, now: datetime) -> None:  # noqa: ARG002 - every transition takes the instant
        """A deactivated or conflicted specialist leaves at once (rulebook section 4)."""
        self.specialist_id = None

    @transition(
        field=state,
        source=[C.ASSIGNED],
        target=C.ACTIVE,
        permission=rules.is_assigned,
        custom=rule("D2", _("Take up")),
    )
    def activate(self, *, now: datetime) -> None:
        """The specialist signs the no-conflict declaration: the first act on the case."""

    @transition(
        field=state,
        source=C.RECOMMENDATION_ISSUED,
        target=None,
        permission=rules.is_assigned,
        custom=rule("D2", _("Take up")),
    )
    def declare(self, *, now: datetime) -> None:
        """The declaration of a specialist who came after the recommendation was issued."""

    @transition(
        field=state,
        source=[C.ASSIGNED, C.ACTIVE],
        target=None,
        permission=rules.is_assigned_or_system,
        custom=rule("D5", _("Log a contact attempt")),
    )
    def log_attempt(self, *, now: datetime) -> None:
        """D5 by the specialist (the system logs its own also while nobody is assigned: log_system_attempt)."""

    @transition(
        field=state,
        source=[C.UNASSIGNED, C.ASSIGNED, C.ACTIVE],
        target=None,
        permission=rules.system,
        custom=rule("D5", _("Contact attempt by the system")),
    )
    def log_system_attempt(self, *, now: datetime) -> None:
        """D6's own attempts at D1 + 2 bd and + 4 bd."""

    @transition(
        field=state,
        source=[C.ASSIGNED, C.ACTIVE, C.RECOMMENDATION_ISSUED],
        target=C.RECOMMENDATION_ISSUED,
        permission=rules.is_assigned_or_system,
        custom=rule("D13", _("Issue the recommendation")),
    )
    def issue(self, *, now: datetime) -> None:
        """D13: the 21-day clock stops (Z7)."""
        self.ended_at = self.ended_at or now

    @transition(field=state, source="+", target=C.CLOSED, permission=rules.system, custom=rule("E1", _("Close")))
    def close(self, *, now: datetime, code: str) -> None:
        """E1."""
        self.closed_at, self.close_code = now, code
        self.ended_at = self.ended_at or now


class RecommendationLifecycle(LifecycleModel):
    """draft → issued → accepted | rejected | lapsed | void."""

    NOUN = _("recommendation")
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = (
        "state",
        "release_asked_at",
        "issued_at",
        "closed_at",
        "freelancer_answer",
        "freelancer_answered_at",
        "client_answer",
        "client_answered_at",
    )

    state = FSMField(default=R.DRAFT, choices=R.choices, protected=True)
    release_asked_at = models.DateTimeField(null=True, blank=True, help_text="Waits for a supervisor's release.")
    issued_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    freelancer_answer = models.CharField(max_length=10, default="pending")
    freelancer_answered_at = models.DateTimeField(null=True, blank=True)
    client_answer = models.CharField(max_length=10, default="pending")
    client_answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def nobody_answered(self) -> bool:
        """A reissue is possible only while none has answered (D13)."""
        return self.freelancer_answer == "pending" and self.client_answer == "pending"

    @transition(
        field=state,
        source=R.DRAFT,
        target=None,
        conditions=[lambda r: r.release_asked_at is None],
        permission=rules.is_assigned,
        custom=rule("D13", _("Ask for the release")),
    )
    def ask_release(self, *, now: datetime) -> None:
        """D13 with RECOMMENDATION_NEEDS_RELEASE: a supervisor reads it first."""
        self.release_asked_at = now

    @transition(
        field=state,
        source=R.DRAFT,
        target=None,
        conditions=[lambda r: r.release_asked_at is not None],
        permission=rules.releases,
        custom=rule("D13", _("Release")),
    )
    def release(self, *, now: datetime) -> None:
        """A supervisor who did not write it lets it go out (the service issues it in the same breath)."""

    @transition(
        field=state,
        source=R.DRAFT,
        target=None,
        conditions=[lambda r: r.release_asked_at is not None],
        permission=lambda r, a: rules.releases(r, a) or rules.is_assigned_or_system(r, a),
        custom=rule("D13", _("Send back")),
    )
    def take_back(self, *, now: datetime) -> None:  # noqa: ARG002 - every transition takes the instant
        """The supervisor sends it back, or its writer edits it again: it no longer waits."""
        self.release_asked_at = None

    @transition(
        field=state,
        source=R.DRAFT,
        target=R.ISSUED,
        permission=rules.is_assigned_or_system,
        custom=rule("D13", _("Issue the recommendation")),
    )
    def issue(self, *, now: datetime) -> None:
        """D13."""
        self.issued_at = now

    @transition(
        field=state,
        source=R.ISSUED,
        target=None,
        permission=rules.party_moves_money,
        custom=rule("D14", _("Answer")),
    )
    def answer(self, *, now: datetime, side: str, answer: str) -> None:
        """D14: cannot be changed afterwards (the service refuses a second one)."""
        setattr(self, f"{side}_answer", answer)
        setattr(self, f"{side}_answered_at", now)

    @transition(
        field=state, source=R.ISSUED, target=R.ACCEPTED, permission=rules.system, custom=rule("D15", _("Accept"))
    )
    def accept(self, *, now: datetime) -> None:
        """D15."""
        self.closed_at = now

    @transition(
        field=state, source=R.ISSUED, target=R.REJECTED, permission=rules.system, custom=rule("D16", _("Reject"))
    )
    def reject(self, *, now: datetime) -> None:
        """D16."""
        self.closed_at = now

    @transition(field=state, source=R.ISSUED, target=R.LAPSED, permission=rules.system, custom=rule("D16", _("Lapse")))
    def lapse(self, *, now: datetime) -> None:
        """D16: silence counts as a rejection."""
        self.closed_at = now

    @transition(
        field=state,
        source=[R.DRAFT, R.ISSUED],
        target=R.VOID,
        permission=rules.is_assigned_or_system,
        custom=rule("E1", _("Void")),
    )
    def void(self, *, now: datetime) -> None:
        """E1, or replaced by a reissue (D13)."""
        self.closed_at = now


class ObjectionLifecycle(LifecycleModel):
    """open → upheld | dismissed | void (D20)."""

    NOUN = _("objection")
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = ("state", "decided_at")

    state = FSMField(default=O.OPEN, choices=O.choices, protected=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state, source=O.OPEN, target=O.UPHELD, permission=rules.supervisor, custom=rule("D20", _("Uphold"))
    )
    def uphold(self, *, now: datetime) -> None:
        """D20: another specialist takes over."""
        self.decided_at = now

    @transition(
        field=state, source=O.OPEN, target=O.DISMISSED, permission=rules.supervisor, custom=rule("D20", _("Dismiss"))
    )
    def dismiss(self, *, now: datetime) -> None:
        """D20."""
        self.decided_at = now

    @transition(field=state, source=O.OPEN, target=O.VOID, permission=rules.system, custom=rule("E1", _("Void")))
    def void(self, *, now: datetime) -> None:
        """E1: mediation ended first."""
        self.decided_at = now
