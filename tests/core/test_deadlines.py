"""Z4, Z9: timers fire once, never early, in due order, and a poisoned one blocks nobody."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from core import deadlines
from core.models import Deadline, DeadlineStatus

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def fired():
    """Two kinds wired for the length of one test, and what they fired."""
    seen = []

    def take(firing):
        if deadlines.claim(firing):
            seen.append((firing.kind, firing.object_id, firing.now))

    def fail(firing):
        raise RuntimeError("poisoned")

    def overtaken(firing):
        """The world moved on: nothing to claim."""

    before = dict(deadlines._handlers)
    deadlines.handle("test_kind", take)
    deadlines.handle("test_poison", fail)
    deadlines.handle("test_overtaken", overtaken)
    yield seen
    deadlines._handlers.clear()
    deadlines._handlers.update(before)


def start(kind="test_kind", *, after=HOUR, contract_id=None, **more):
    pk = uuid4()
    deadlines.schedule(kind, pk, now=START, due_at=START + after, contract_id=contract_id, **more)
    return pk


@pytest.mark.rule("Z4")
def test_Z4_nothing_fires_before_its_instant_and_everything_at_it(fired):
    pk = start()
    assert deadlines.sweep(now=START + HOUR - timedelta(microseconds=1)) == 0
    assert deadlines.sweep(now=START + HOUR) == 1
    assert fired == [("test_kind", pk, START + HOUR)]


@pytest.mark.rule("Z4")
def test_Z4_a_second_sweep_fires_nothing(fired):
    start()
    deadlines.sweep(now=START + HOUR)
    assert deadlines.sweep(now=START + 2 * HOUR) == 0
    assert len(fired) == 1


@pytest.mark.rule("Z4")
def test_Z4_edge_2_a_late_sweep_catches_up_in_due_order(fired):
    late, early = start(after=3 * HOUR), start(after=HOUR)
    assert deadlines.sweep(now=START + 9 * HOUR) == 2
    assert [pk for _, pk, _ in fired] == [early, late]


@pytest.mark.rule("Z4")
def test_Z4_a_poisoned_row_is_put_off_and_blocks_nobody(fired):
    poisoned, sound = start("test_poison", after=HOUR), start(after=2 * HOUR)
    assert deadlines.sweep(now=START + 3 * HOUR) == 1
    assert [pk for _, pk, _ in fired] == [sound]
    row = Deadline.objects.get(object_id=poisoned)
    assert (row.status, row.failures, row.last_error) == (DeadlineStatus.PENDING, 1, "RuntimeError: poisoned")
    assert row.try_at > START + 3 * HOUR


@pytest.mark.rule("Z4")
def test_Z4_a_row_the_world_has_overtaken_is_closed(fired):
    pk = start("test_overtaken")
    deadlines.sweep(now=START + HOUR)
    assert Deadline.objects.get(object_id=pk).status == DeadlineStatus.OBSOLETE


def test_an_unwired_kind_cannot_be_scheduled():
    with pytest.raises(LookupError, match="no handler"):
        start("nobody handles this")


def test_one_running_timer_of_a_kind_per_object(fired):
    from django.db import IntegrityError, transaction

    pk = start()
    with pytest.raises(IntegrityError, match="core_deadline_one_running_per_kind"), transaction.atomic():
        deadlines.schedule("test_kind", pk, now=START, due_at=START + HOUR, contract_id=None)


def test_cancelling_ends_the_reminders_too(fired):
    pk = start(after=timedelta(days=3), contract_id=uuid4(), remind=[timedelta(days=1), HOUR])
    assert deadlines.cancel(pk, "test_kind", now=START) == 3
    assert deadlines.sweep(now=START + timedelta(days=9)) == 0


@pytest.mark.rule("Z9")
def test_Z9_what_is_overdue_on_one_contract_fires_first_and_nothing_else(fired):
    mine, other = uuid4(), uuid4()
    pk = start(contract_id=mine)
    start(contract_id=other)
    assert deadlines.settle_overdue(mine, now=START + HOUR) == 1
    assert fired == [("test_kind", pk, START + HOUR)]


def test_reminders_fire_once_each_and_a_late_sweep_reminds_once(fired, monkeypatch):
    told = []
    monkeypatch.setattr(deadlines, "publish", told.append)
    pk = start(after=timedelta(days=7), contract_id=uuid4(), remind=[timedelta(days=3), timedelta(days=1), 3 * HOUR])
    deadlines.sweep(now=START + timedelta(days=4))
    assert [(e.kind, e.object_id, e.due_at) for e in told] == [("test_kind", pk, START + timedelta(days=7))]
    deadlines.sweep(now=START + timedelta(days=7) - HOUR)  # the one of 24 h and the one of 3 h are both overdue
    assert len(told) == 2
    deadlines.sweep(now=START + timedelta(days=8))
    assert len(told) == 2
    assert len(fired) == 1


def test_a_reminder_whose_instant_is_past_is_left_out(fired):
    pk = start(after=2 * HOUR, remind=[timedelta(days=1), HOUR])
    assert [d.kind for d in deadlines.running_of(pk)] == ["test_kind.remind:3600", "test_kind"]
