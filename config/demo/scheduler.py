"""Plays many stories on one timeline, so that every history is real.

A story is a generator: it acts through the services at `world.now` and yields how long it waits. Between two
acts of anybody, every timer that falls due fires at its own instant, as it would have with a running sweep.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import Min

from core import deadlines
from core.models import Deadline, DeadlineStatus

Story = Iterator[timedelta]


class World:
    """The moving clock of the stories. `end` is the real present: nothing happens after it."""

    def __init__(self, end: datetime) -> None:
        """Start empty."""
        self.end = end
        self.now = end
        self._queue: list[tuple[datetime, int, Story]] = []
        self._order = itertools.count()

    def tell(self, story: Callable[..., Story], *, ago: timedelta, **cast: object) -> None:
        """Begin a story some time before the present."""
        self._push(self.end - ago, story(self, **cast))

    def play(self) -> None:
        """Run everything up to the present."""
        while self._queue:
            at, _, story = heapq.heappop(self._queue)
            self._fire_until(at)
            self.now = at
            wait = next(story, None)
            if wait is not None:
                self._push(at + wait, story)
        self._fire_until(self.end)
        self.now = self.end

    def _push(self, at: datetime, story: Story) -> None:
        if at > self.end:
            raise ValueError(f"a story runs {at - self.end} past the present: begin it earlier")
        heapq.heappush(self._queue, (at, next(self._order), story))

    def _fire_until(self, at: datetime) -> None:
        """Fire what falls due, each at its own instant."""
        while True:
            due = Deadline.objects.filter(status=DeadlineStatus.PENDING, try_at__lte=at).aggregate(due=Min("try_at"))
            if due["due"] is None:
                return
            self.now = due["due"]
            deadlines.sweep(now=self.now)
