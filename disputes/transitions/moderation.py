"""Lifecycles of reports (M2, M3) and redactions (M5, M6). Reporting (M1) and asking (M4) make the row."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from core.permissions import Actor, StaffRole
from core.road import LifecycleModel, rule
from disputes import rules
from disputes.moderation.enums import RedactionState, ReportState

ASKERS = (StaffRole.SUPPORT, StaffRole.SUPERVISOR, StaffRole.ADMIN)
APPROVERS = (StaffRole.SUPERVISOR, StaffRole.ADMIN)


def desk(obj: Any, actor: Actor) -> bool:
    """A support agent who is no party of the contract."""
    return actor.is_staff(StaffRole.SUPPORT) and not rules.is_party(obj, actor)


def desk_or_system(obj: Any, actor: Actor) -> bool:
    """The desk, or the system when a removal answers the report by itself."""
    return actor.is_system or desk(obj, actor)


def may_ask(obj: Any, actor: Actor) -> bool:
    """Support, a supervisor or an admin, no party of the contract."""
    return actor.is_staff(*ASKERS) and not rules.is_party(obj, actor)


def second_person(obj: Any, actor: Actor) -> bool:
    """A supervisor or an admin other than the one who asked, no party of the contract."""
    return actor.is_staff(*APPROVERS) and actor.user_id != obj.asked_by_id and not rules.is_party(obj, actor)


class MessageReportLifecycle(LifecycleModel):
    """open → hidden | dismissed."""

    NOUN = "report"
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = ("state", "decided_at")

    state = FSMField(default=ReportState.OPEN, choices=ReportState.choices, protected=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=ReportState.OPEN,
        target=ReportState.HIDDEN,
        permission=desk_or_system,
        custom=rule("M2", _("Hide the message")),
    )
    def hide(self, *, now: datetime) -> None:
        """M2: a tombstone stands in the message's place; the original is kept for the specialist."""
        self.decided_at = now

    @transition(
        field=state,
        source=ReportState.OPEN,
        target=ReportState.DISMISSED,
        permission=desk,
        custom=rule("M3", _("Leave it visible")),
    )
    def dismiss(self, *, now: datetime) -> None:
        """M3: the message stays."""
        self.decided_at = now


class RedactionLifecycle(LifecycleModel):
    """asked → done | refused."""

    NOUN = "request for a removal"
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = ("state", "decided_at")

    state = FSMField(default=RedactionState.ASKED, choices=RedactionState.choices, protected=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=RedactionState.ASKED,
        target=RedactionState.DONE,
        permission=second_person,
        custom=rule("M5", _("Remove it for good")),
    )
    def approve(self, *, now: datetime) -> None:
        """M5: the second person removes the text or file; a tombstone stays."""
        self.decided_at = now

    @transition(
        field=state,
        source=RedactionState.ASKED,
        target=RedactionState.REFUSED,
        permission=second_person,
        custom=rule("M6", _("Keep it")),
    )
    def refuse(self, *, now: datetime) -> None:
        """M6: it stays."""
        self.decided_at = now
