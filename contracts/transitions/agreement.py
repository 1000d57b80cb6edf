"""The lifecycles of contracts and milestones (C0–C11)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from contracts import rules
from contracts.enums import ContractState as C
from contracts.enums import MilestoneState as M
from core.road import LifecycleModel, rule


class ContractLifecycle(LifecycleModel):
    """draft → active → ended → closed."""

    NOUN = "contract"
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = ("state", "started_at", "ended_at", "closed_at", "ended_by")

    state = FSMField(default=C.DRAFT, choices=C.choices, protected=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=C.DRAFT,
        target=C.ACTIVE,
        permission=rules.freelancer_moves_money,
        custom=rule("C0", _("Accept contract")),
    )
    def activate(self, *, now: datetime) -> None:
        """Start work: the freelancer's side accepts the client's draft."""
        self.started_at = now

    @transition(
        field=state,
        source=C.ACTIVE,
        target=C.ENDED,
        permission=rules.client_moves_money,
        custom=rule("C8", _("End contract"), money=True),
    )
    def end_by_client(self, *, now: datetime) -> None:
        """C8: the client ends the contract; what is left in escrow becomes a refund request."""
        self.ended_at, self.ended_by = now, "client"

    @transition(
        field=state,
        source=C.ACTIVE,
        target=C.ENDED,
        permission=rules.system,
        custom=rule("C10", _("End dormant contract"), money=True),
    )
    def end_dormant(self, *, now: datetime) -> None:
        """C10: the end of the dormancy steps."""
        self.ended_at, self.ended_by = now, "system"

    @transition(
        field=state,
        source=C.ACTIVE,
        target=C.ENDED,
        permission=rules.freelancer_moves_money,
        custom=rule("C9", _("End contract and return the escrow"), money=True),
    )
    def end_by_freelancer(self, *, now: datetime) -> None:
        """C9: the freelancer ends the contract and gives the escrow back."""
        self.ended_at, self.ended_by = now, "freelancer"

    @transition(field=state, source=C.ENDED, target=C.CLOSED, permission=rules.system, custom=rule("C8", _("Close")))
    def close(self, *, now: datetime) -> None:
        """Nothing is left in escrow."""
        self.closed_at = now

    @transition(
        field=state,
        source=C.ACTIVE,
        target=None,
        permission=rules.system,
        custom=rule("C10", _("Dormancy step")),
    )
    def step_dormancy(self, *, now: datetime) -> None:
        """C10: one step of the dormancy ladder (the step itself is a field of the contract)."""


class MilestoneLifecycle(LifecycleModel):
    """A piece of work with its money."""

    NOUN = "milestone"
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = (
        "state",
        "funded_at",
        "submitted_at",
        "decided_at",
        "closed_at",
        "disputed_by",
    )

    state = FSMField(default=M.PROPOSED, choices=M.choices, protected=True)
    funded_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Overlay `disputed`: the open dispute on this milestone's money, if any.
    disputed_by = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def not_disputed(self) -> bool:
        """C2 and the client's decisions wait while a dispute is open on this milestone."""
        return self.disputed_by is None

    @transition(
        field=state,
        source=M.PROPOSED,
        target=M.FUNDING,
        permission=rules.client_moves_money,
        custom=rule("C1", _("Fund milestone"), money=True),
    )
    def start_funding(self, *, now: datetime) -> None:
        """C1: a payment is on its way."""

    @transition(
        field=state, source=M.FUNDING, target=M.FUNDED, permission=rules.gateway, custom=rule("C1", _("Funded"))
    )
    def confirm_funding(self, *, now: datetime) -> None:
        """C1: the gateway confirmed."""
        self.funded_at = now

    @transition(
        field=state,
        source=M.FUNDING,
        target=M.PROPOSED,
        permission=rules.gateway,
        custom=rule("C1", _("Funding failed")),
    )
    def fail_funding(self, *, now: datetime) -> None:
        """C1: the payment failed, or 24 h passed."""

    @transition(
        field=state,
        source=[M.FUNDED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED],
        target=M.SUBMITTED,
        conditions=[not_disputed],
        permission=rules.is_freelancer,
        custom=rule("C2", _("Submit work")),
    )
    def submit(self, *, now: datetime) -> None:
        """C2: work is handed in; the review clock starts."""
        self.submitted_at = now

    @transition(
        field=state,
        source=M.SUBMITTED,
        target=M.CHANGES_REQUESTED,
        conditions=[not_disputed],
        permission=rules.is_client,
        custom=rule("C3", _("Ask for changes")),
    )
    def request_changes(self, *, now: datetime) -> None:
        """C3: the client wants changes."""
        self.decided_at = now

    @transition(
        field=state,
        source=[M.SUBMITTED, M.CHANGES_REQUESTED],
        target=M.RELEASE_REFUSED,
        conditions=[not_disputed],
        permission=rules.client_moves_money,
        custom=rule("C3b", _("Refuse to release")),
    )
    def refuse_release(self, *, now: datetime) -> None:
        """C3b: the client says that the money will not be released."""
        self.decided_at = now

    @transition(
        field=state,
        source=[M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED],
        target=M.PAID,
        conditions=[not_disputed],
        permission=rules.client_moves_money,
        custom=rule("C4", _("Release in full"), money=True),
    )
    def approve(self, *, now: datetime) -> None:
        """C4: all of the milestone's escrow goes to the freelancer."""
        self.decided_at = self.closed_at = now

    @transition(
        field=state,
        source=[M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED],
        target=None,
        conditions=[lambda m: m.disputed_by is not None],
        permission=rules.client_moves_money,
        custom=rule("C11", _("Release the undisputed rest"), money=True),
    )
    def approve_rest(self, *, now: datetime) -> None:
        """C11 with C4: during a dispute only the unfrozen part can be released; the state follows the dispute."""

    @transition(
        field=state,
        source=[M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED],
        target=M.PARTIALLY_PAID,
        conditions=[not_disputed],
        permission=rules.client_moves_money,
        custom=rule("C5", _("Release a part and carry over the rest"), money=True),
    )
    def release_part(self, *, now: datetime) -> None:
        """C5: a part is released, the rest is carried over to another milestone."""
        self.decided_at = self.closed_at = now

    @transition(
        field=state,
        source=M.SUBMITTED,
        target=M.PAID,
        conditions=[not_disputed],
        permission=rules.system,
        custom=rule("C6", _("Released: review time over"), money=True),
    )
    def auto_release(self, *, now: datetime) -> None:
        """C6: the review deadline passed and the work is still only submitted."""
        self.closed_at = now

    @transition(
        field=state,
        source=[M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED],
        target=M.PAID,
        permission=rules.system,
        custom=rule("C8", _("Paid with the contract's end")),
    )
    def pay_at_end(self, *, now: datetime) -> None:
        """C8, C10: the contract ended and all of the milestone's escrow was paid."""
        self.closed_at = now

    @transition(
        field=state,
        source=[M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED],
        target=M.PARTIALLY_PAID,
        permission=rules.system,
        custom=rule("C8", _("Partly paid with the contract's end")),
    )
    def pay_part_at_end(self, *, now: datetime) -> None:
        """C8: the contract ended and a part of the milestone's escrow was paid."""
        self.closed_at = now

    @transition(
        field=state,
        source=[M.PROPOSED, M.FUNDING, M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED],
        target=M.CANCELLED,
        permission=rules.system,
        custom=rule("C8", _("Cancelled with the contract")),
    )
    def cancel(self, *, now: datetime) -> None:
        """The contract ended under it; its money went the contract's way."""
        self.closed_at = now
        self.disputed_by = None

    @transition(
        field=state,
        source=[M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED, M.PARTIALLY_PAID],
        target=None,
        conditions=[not_disputed],
        permission=rules.system,
        custom=rule("C11", _("Dispute opened")),
    )
    def mark_disputed(self, *, now: datetime, dispute_id: UUID) -> None:  # noqa: ARG002 - every step is given its instant
        """C11: a dispute on an active contract begins (P3)."""
        self.disputed_by = dispute_id

    @transition(
        field=state,
        source=[M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED, M.PARTIALLY_PAID],
        target=None,
        conditions=[lambda m: m.disputed_by is not None],
        permission=rules.system,
        custom=rule("C11", _("Dispute over")),
    )
    def unmark_disputed(self, *, now: datetime) -> None:  # noqa: ARG002 - every step is given its instant
        """C11: the dispute is over and the milestone stays as it was (D10, or carried-over money)."""
        self.disputed_by = None

    @transition(
        field=state,
        source=[M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED],
        target=M.PAID,
        permission=rules.system,
        custom=rule("C11", _("Paid by the dispute's outcome")),
    )
    def settle_paid(self, *, now: datetime) -> None:
        """C11: the client's share was 0."""
        self.closed_at, self.disputed_by = now, None

    @transition(
        field=state,
        source=[M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED],
        target=M.PARTIALLY_PAID,
        permission=rules.system,
        custom=rule("C11", _("Partly paid by the dispute's outcome")),
    )
    def settle_partially_paid(self, *, now: datetime) -> None:
        """C11: both shares were above 0."""
        self.closed_at, self.disputed_by = now, None

    @transition(
        field=state,
        source=[M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED],
        target=M.CANCELLED,
        permission=rules.system,
        custom=rule("C11", _("Cancelled by the dispute's outcome")),
    )
    def settle_cancelled(self, *, now: datetime) -> None:
        """C11: the freelancer's share was 0."""
        self.closed_at, self.disputed_by = now, None

    @transition(
        field=state,
        source=[M.FUNDED, M.SUBMITTED, M.CHANGES_REQUESTED, M.RELEASE_REFUSED],
        target=M.SUBMITTED,
        permission=rules.system,
        custom=rule("C11", _("Undisputed rest back under review")),
    )
    def back_to_review(self, *, now: datetime) -> None:
        """C11: the dispute is over and an undisputed rest is still in escrow: a fresh review clock."""
        self.submitted_at, self.disputed_by = now, None
