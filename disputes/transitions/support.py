"""The lifecycle of a request to customer support (P1–P6)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from core.road import LifecycleModel, rule
from disputes import rules
from disputes.enums import SupportState as S


class SupportRequestLifecycle(LifecycleModel):
    """submitted → in_review ⇄ needs_info → case_opened | declined | withdrawn | moot | lapsed (P1–P6)."""

    NOUN = "support request"
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = (
        "state",
        "first_reply_at",
        "closed_at",
        "review_asked_at",
        "reviewed_at",
    )

    state = FSMField(default=S.SUBMITTED, choices=S.choices, protected=True)
    first_reply_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    review_asked_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state, source=S.SUBMITTED, target=S.IN_REVIEW, permission=rules.support, custom=rule("P2", _("Take it"))
    )
    def take_up(self, *, now: datetime) -> None:
        """An agent starts to read."""
        self.first_reply_at = self.first_reply_at or now

    @transition(
        field=state,
        source=[S.SUBMITTED, S.IN_REVIEW],
        target=S.NEEDS_INFO,
        permission=rules.support,
        custom=rule("P2", _("Ask for information")),
    )
    def ask(self, *, now: datetime) -> None:
        """P2: the agent asks."""
        self.first_reply_at = self.first_reply_at or now

    @transition(
        field=state,
        source=S.NEEDS_INFO,
        target=S.IN_REVIEW,
        permission=rules.is_freelancer,
        custom=rule("P2", _("Answer")),
    )
    def answer(self, *, now: datetime) -> None:
        """P2: the freelancer answers."""

    @transition(
        field=state, source=S.NEEDS_INFO, target=S.LAPSED, permission=rules.system, custom=rule("P2", _("Lapse"))
    )
    def lapse(self, *, now: datetime) -> None:
        """P2: no answer in time; the freelancer may ask again."""
        self.closed_at = now

    @transition(
        field=state,
        source=[S.SUBMITTED, S.IN_REVIEW],
        target=S.CASE_OPENED,
        permission=rules.support,
        custom=rule("P3", _("Open a case"), money=True),
    )
    def open_case(self, *, now: datetime) -> None:
        """P3: only customer support opens a case on an active contract (S14)."""
        self.first_reply_at = self.first_reply_at or now
        self.closed_at = now

    @transition(
        field=state,
        source=[S.SUBMITTED, S.IN_REVIEW],
        target=S.DECLINED,
        permission=rules.support,
        custom=rule("P4", _("Decline")),
    )
    def decline(self, *, now: datetime) -> None:
        """P4."""
        self.first_reply_at = self.first_reply_at or now
        self.closed_at = now

    @transition(
        field=state,
        source=[S.SUBMITTED, S.IN_REVIEW, S.NEEDS_INFO],
        target=S.WITHDRAWN,
        permission=rules.is_freelancer,
        custom=rule("P5", _("Withdraw")),
    )
    def withdraw(self, *, now: datetime) -> None:
        """P5."""
        self.closed_at = now

    @transition(
        field=state,
        source=[S.SUBMITTED, S.IN_REVIEW, S.NEEDS_INFO],
        target=S.MOOT,
        permission=rules.system,
        custom=rule("P5", _("No longer needed")),
    )
    def become_moot(self, *, now: datetime) -> None:
        """P5: the contract ended, or the money was released in full."""
        self.closed_at = now

    @transition(
        field=state,
        source=S.DECLINED,
        target=None,
        conditions=[lambda s: s.review_asked_at is None],
        permission=rules.is_freelancer,
        custom=rule("P6", _("Ask a supervisor to look again")),
    )
    def ask_review(self, *, now: datetime) -> None:
        """P6: once, within the time of P4."""
        self.review_asked_at = now

    @transition(
        field=state,
        source=S.DECLINED,
        target=S.IN_REVIEW,
        conditions=[lambda s: s.review_asked_at is not None and s.reviewed_at is None],
        permission=rules.supervisor,
        custom=rule("P6", _("Send back to review")),
    )
    def send_back(self, *, now: datetime) -> None:
        """P6: the supervisor disagrees with the decline."""
        self.reviewed_at, self.closed_at = now, None

    @transition(
        field=state,
        source=S.DECLINED,
        target=None,
        conditions=[lambda s: s.review_asked_at is not None and s.reviewed_at is None],
        permission=rules.supervisor,
        custom=rule("P6", _("Uphold")),
    )
    def uphold(self, *, now: datetime) -> None:
        """P6: the decline stands."""
        self.reviewed_at = now
