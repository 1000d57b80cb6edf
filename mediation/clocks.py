"""The timers of mediation. All hang on the dispute's id, so that its close-out (E1) ends them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from core import deadlines
from core.models import Deadline
from disputes.models import Dispute

MEDIATION_END: Final = "mediation_end"
CLIENT_ANSWER: Final = "client_answer"
ASSIGN_ALERT: Final = "assign_alert"
REPLY_ALERT: Final = "reply_alert"
AUTO_ATTEMPT_1: Final = "auto_attempt_1"
AUTO_ATTEMPT_2: Final = "auto_attempt_2"
UNRESPONSIVE_READY: Final = "unresponsive_ready"
OBJECTION_ALERT: Final = "objection_alert"
RELEASE_ALERT: Final = "release_alert"
RECOMMENDATION_ANSWER: Final = "recommendation_answer"

# An alert that nobody heeded comes again after this span.
REPEAT: Final = timedelta(hours=24)


def start(
    dispute: Dispute, kind: str, *, now: datetime, due_at: datetime, remind: Iterable[timedelta] = ()
) -> Deadline:
    """Start one timer of a dispute."""
    return deadlines.schedule(
        kind, dispute.pk, now=now, due_at=due_at, contract_id=dispute.contract_id, remind=tuple(remind)
    )


def restart(dispute: Dispute, kind: str, *, now: datetime, due_at: datetime) -> Deadline:
    """Replace the running timer of this kind, if any."""
    deadlines.cancel(dispute.pk, kind, now=now)
    return start(dispute, kind, now=now, due_at=due_at)


def next_alert(firing: deadlines.Firing) -> datetime:
    """When an alert comes again: a day after it was due, or after now when the sweep was late."""
    again = firing.due_at + REPEAT
    return again if again > firing.now else firing.now + REPEAT
