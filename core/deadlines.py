"""Timers as rows (Z4). The sweep narrows; the handler locks, re-checks, claims last.

A reminder is a row of kind `<kind>.remind` with one row pending at a time: when it fires, the next is scheduled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models, transaction
from django.db.models.functions import Greatest

from core.events import Event, publish
from core.models import Deadline, DeadlineStatus
from core.road import ran

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Firing:
    """What a handler gets: the row's id to claim, the object to lock, and the command's one `now`."""

    deadline_id: int
    kind: str
    object_id: UUID
    contract_id: UUID | None
    due_at: datetime
    now: datetime


Handler = Callable[[Firing], object]

_handlers: dict[str, Handler] = {}
_words: dict[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class ReminderDue(Event):
    """A running deadline comes near. `kind` and `object_id` are the deadline's."""

    kind: str
    object_id: UUID
    due_at: datetime


def handle(kind: str, handler: Handler, *, says: str = "") -> None:
    """Wire a kind to its handler (config/wiring.py). `says` is what happens if nobody acts."""
    _handlers[kind] = handler
    _words[kind] = says


def kinds() -> dict[str, Handler]:
    """All wired kinds."""
    return dict(_handlers)


def says(kind: str) -> str:
    """What happens when a deadline of this kind is reached, in words."""
    return _words.get(kind, "")


def schedule(
    kind: str,
    object_id: UUID,
    *,
    now: datetime,
    due_at: datetime,
    contract_id: UUID | None,
    remind: Iterable[timedelta] = (),
) -> Deadline:
    """Start a timer, with reminders at these spans before `due_at`. Raises LookupError for an unwired kind.

    Reminders whose instant is not after `now` are left out.
    """
    if kind not in _handlers:
        raise LookupError(f"no handler for deadlines of kind {kind!r}")
    rows = [
        Deadline(kind=kind, object_id=object_id, contract_id=contract_id, starts_at=now, due_at=due_at, try_at=due_at)
    ]
    for span in sorted(set(remind), reverse=True):
        at = due_at - span
        if at > now:
            rows.append(
                Deadline(
                    kind=f"{kind}.remind:{int(span.total_seconds())}",
                    object_id=object_id,
                    contract_id=contract_id,
                    starts_at=now,
                    due_at=at,
                    try_at=at,
                )
            )
    Deadline.objects.bulk_create(rows)
    ran("Z4")
    return rows[0]


def cancel(object_id: UUID, *kinds: str, now: datetime) -> int:
    """End the running timers of an object (of these kinds, reminders included; all when none is named)."""
    running = Deadline.objects.filter(object_id=object_id, status=DeadlineStatus.PENDING)
    if kinds:
        wanted = models.Q()
        for kind in kinds:
            wanted |= models.Q(kind=kind) | models.Q(kind__startswith=f"{kind}.remind:")
        running = running.filter(wanted)
    return running.update(status=DeadlineStatus.CANCELLED, executed_at=now)


def claim(firing: Firing) -> bool:
    """Compare-and-set, last thing a handler does: True for exactly one of many that fire the same row."""
    won = Deadline.objects.filter(pk=firing.deadline_id, status=DeadlineStatus.PENDING, due_at__lte=firing.now).update(
        status=DeadlineStatus.DONE, executed_at=firing.now
    )
    if won:
        cancel_reminders(firing.object_id, firing.kind, now=firing.now)
    return bool(won)


def cancel_reminders(object_id: UUID, kind: str, *, now: datetime) -> None:
    """End the reminders of a timer that fired."""
    Deadline.objects.filter(
        object_id=object_id, kind__startswith=f"{kind}.remind:", status=DeadlineStatus.PENDING
    ).update(status=DeadlineStatus.CANCELLED, executed_at=now)


def running(object_id: UUID, kind: str) -> Deadline | None:
    """The running timer of this kind, if any."""
    return Deadline.objects.filter(object_id=object_id, kind=kind, status=DeadlineStatus.PENDING).first()


def running_of(object_id: UUID) -> list[Deadline]:
    """All running timers of an object, reminders included."""
    return list(Deadline.objects.filter(object_id=object_id, status=DeadlineStatus.PENDING).order_by("due_at", "id"))


def running_for_contract(contract_id: UUID) -> models.QuerySet[Deadline]:
    """All running timers of a contract and what hangs on it, soonest first, reminders left out."""
    return (
        Deadline.objects.filter(contract_id=contract_id, status=DeadlineStatus.PENDING)
        .exclude(kind__contains=".remind:")
        .order_by("due_at", "id")
    )


def sweep(*, now: datetime, limit: int = 500) -> int:
    """Fire what is due, in due order; one that fails is put off and never blocks the rest. Returns the count."""
    return _fire(Deadline.objects.filter(status=DeadlineStatus.PENDING, try_at__lte=now), now=now, limit=limit)


def settle_overdue(contract_id: UUID, *, now: datetime, rounds: int = 5) -> int:
    """Fire this contract's overdue timers before a command or page looks at it (Z9).

    Runs several rounds, because one default may start a clock that is itself overdue.
    """
    fired = 0
    for _ in range(rounds):
        count = _fire(
            Deadline.objects.filter(contract_id=contract_id, status=DeadlineStatus.PENDING, due_at__lte=now), now=now
        )
        fired += count
        if not count:
            break
    if fired:
        ran("Z9")
    return fired


def _fire(rows: models.QuerySet[Deadline], *, now: datetime, limit: int = 100) -> int:
    fired = 0
    for row in list(rows.order_by("due_at", "id")[:limit]):
        firing = Firing(row.pk, row.kind, row.object_id, row.contract_id, row.due_at, now)
        try:
            with transaction.atomic():
                _run(firing)
            fired += 1
        except Exception as error:  # one poisoned row must not stop everybody's clocks
            log.exception("deadline %s (%s) failed", row.pk, row.kind)
            wait = timedelta(minutes=min(60, 2 ** min(row.failures, 6)))
            Deadline.objects.filter(pk=row.pk, status=DeadlineStatus.PENDING).update(
                failures=models.F("failures") + 1,
                last_error=f"{type(error).__name__}: {error}"[:2000],
                try_at=Greatest(models.F("due_at"), models.Value(now + wait)),
            )
    return fired


def _run(firing: Firing) -> None:
    kind, _, span = firing.kind.partition(".remind:")
    if span:
        _remind(firing, kind)
        return
    _handlers[kind](firing)
    # The handler found that the world had moved on and left the row: nothing is left to wait for.
    Deadline.objects.filter(pk=firing.deadline_id, status=DeadlineStatus.PENDING).update(
        status=DeadlineStatus.OBSOLETE, executed_at=firing.now
    )
    ran("Z4")


def _remind(firing: Firing, kind: str) -> None:
    main = running(firing.object_id, kind)
    due = claim(firing)
    # A late sweep reminds once, not of what is already over, and not twice in one breath.
    later_one = Deadline.objects.filter(
        object_id=firing.object_id,
        kind__startswith=f"{kind}.remind:",
        status=DeadlineStatus.PENDING,
        due_at__lte=firing.now,
    ).exists()
    if main is None or not due or main.due_at <= firing.now or later_one or firing.contract_id is None:
        return
    publish(
        ReminderDue(
            at=firing.now,
            contract_id=firing.contract_id,
            kind=kind,
            object_id=firing.object_id,
            due_at=main.due_at,
        )
    )
