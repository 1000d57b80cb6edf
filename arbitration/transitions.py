"""Lifecycles of the notice, each side's election and the arbitration case."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from arbitration import rules
from arbitration.enums import ArbitrationState as A
from arbitration.enums import ElectionState as E
from arbitration.enums import NoticeState as N
from core.road import LifecycleModel, rule


class NoticeLifecycle(LifecycleModel):
    """issued → closed."""

    NOUN = _("notice")
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = ("state", "closed_at", "settling_since")

    state = FSMField(default=N.ISSUED, choices=N.choices, protected=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # N3: the election time is over and a started payment is still neither confirmed nor failed.
    settling_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @transition(field=state, source=N.ISSUED, target=N.CLOSED, permission=rules.system, custom=rule("E1", _("Close")))
    def close(self, *, now: datetime) -> None:
        """E1: arbitration began, or the dispute was resolved."""
        self.closed_at = now

    @transition(
        field=state,
        source=N.ISSUED,
        target=None,
        permission=rules.system,
        custom=rule("N3", _("Wait for a started payment")),
    )
    def wait_for_payment(self, *, now: datetime) -> None:
        """N3: at most 24 h (`election_settling`)."""
        self.settling_since = now


class ElectionLifecycle(LifecycleModel):
    """undecided → agreed_unpaid → paid, or declined (N2–N4)."""

    NOUN = _("election")
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = ("state", "elected_at", "paid_at", "declined_at")

    state = FSMField(default=E.UNDECIDED, choices=E.choices, protected=True)
    elected_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=E.UNDECIDED,
        target=E.AGREED_UNPAID,
        permission=rules.owns_election,
        custom=rule("N2", _("Choose arbitration")),
    )
    def elect(self, *, now: datetime) -> None:
        """N2: consent to the binding decision is recorded with it."""
        self.elected_at = now

    @transition(
        field=state,
        source=E.AGREED_UNPAID,
        target=None,
        permission=rules.owns_election,
        custom=rule("N3", _("Pay the share")),
    )
    def start_payment(self, *, now: datetime) -> None:
        """N3: in time iff started before the deadline."""

    @transition(
        field=state,
        source=E.AGREED_UNPAID,
        target=E.PAID,
        permission=rules.system,
        custom=rule("N3", _("Payment confirmed"), money=True),
    )
    def confirm_payment(self, *, now: datetime) -> None:
        """N3: the gateway confirmed."""
        self.paid_at = now

    @transition(
        field=state,
        source=E.UNDECIDED,
        target=E.DECLINED,
        permission=rules.owns_election,
        custom=rule("N4", _("Decline arbitration")),
    )
    def decline(self, *, now: datetime) -> None:
        """N4: final."""
        self.declined_at = now


class ArbitrationLifecycle(LifecycleModel):
    """filing → submitted → in_progress → awarded → executed; side exits settled, provider_rejected."""

    NOUN = _("arbitration")
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = (
        "state",
        "submitted_at",
        "awarded_at",
        "executed_at",
        "closed_at",
        "provider_case",
    )

    state = FSMField(default=A.FILING, choices=A.choices, protected=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    awarded_at = models.DateTimeField(null=True, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    provider_case = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=A.FILING,
        target=A.SUBMITTED,
        permission=rules.provider_or_clerk,
        custom=rule("A1", _("Filed with the provider"), money=True),
    )
    def submit(self, *, now: datetime, provider_case: str) -> None:
        """A1: the provider confirmed; the fees pass on."""
        self.submitted_at, self.provider_case = now, provider_case

    @transition(
        field=state,
        source=[A.SUBMITTED, A.IN_PROGRESS],
        target=A.IN_PROGRESS,
        permission=rules.provider_or_clerk,
        custom=rule("A3", _("Progress")),
    )
    def progress(self, *, now: datetime) -> None:
        """A3: response, rebuttal, question, hearing."""

    @transition(
        field=state,
        source=[A.FILING, A.SUBMITTED, A.IN_PROGRESS],
        target=A.PROVIDER_REJECTED,
        permission=rules.provider_or_clerk,
        custom=rule("A2", _("Rejected by the provider"), money=True),
    )
    def reject(self, *, now: datetime) -> None:
        """A2."""
        self.closed_at = now

    @transition(
        field=state,
        source=[A.FILING, A.SUBMITTED, A.IN_PROGRESS],
        target=A.SETTLED,
        permission=rules.system,
        custom=rule("A4", _("Settled")),
    )
    def settle(self, *, now: datetime) -> None:
        """A4, D10, X2: the dispute ended before the award."""
        self.closed_at = now

    @transition(
        field=state,
        source=[A.SUBMITTED, A.IN_PROGRESS],
        target=A.AWARDED,
        permission=rules.award_recorder,
        custom=rule("A5", _("Record the award")),
    )
    def award(self, *, now: datetime) -> None:
        """A5."""
        self.awarded_at = now

    @transition(
        field=state,
        source=A.AWARDED,
        target=A.EXECUTED,
        permission=rules.system,
        custom=rule("A6", _("Carry out the award"), money=True),
    )
    def execute(self, *, now: datetime) -> None:
        """A6."""
        self.executed_at = self.closed_at = now

    @transition(
        field=state,
        source=A.EXECUTED,
        target=None,
        permission=rules.clerk_or_system,
        custom=rule("A7", _("Report non-compliance")),
    )
    def report_non_compliance(self, *, now: datetime) -> None:
        """A7: the admins decide separately."""
