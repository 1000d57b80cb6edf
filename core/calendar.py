"""Business time (rulebook Z1): the same wall-clock time n business days later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Mon–Fri in `tz` without `holidays`."""

    tz: str = "UTC"
    holidays: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        """Whether people work on `day`."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def add_business_days(self, start: datetime, days: int) -> datetime:
        """`days` business days after the aware instant `start`, in UTC.

        A start outside business time counts from 00:00 of the next business day (Z1).
        """
        if days < 0:
            raise ValueError("days must be 0 or more")
        zone = ZoneInfo(self.tz)
        local = start.astimezone(zone)
        if not self.is_business_day(local.date()):
            local = datetime.combine(self._next(local.date()), time(0), tzinfo=zone)
        day, clock = local.date(), local.timetz()
        for _ in range(days):
            day = self._next(day)
        return datetime.combine(day, clock).astimezone(ZoneInfo("UTC"))

    def _next(self, day: date) -> date:
        day += timedelta(days=1)
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day
