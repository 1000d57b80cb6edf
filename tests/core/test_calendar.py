"""Z1: business days, weekends, holidays, zones and clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.calendar import BusinessCalendar
from core.policy import Policy


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23 10:00", 1, "2026-11-24 10:00"),
        ("2026-11-23 10:00", 5, "2026-11-30 10:00"),
        ("2026-11-27 23:59", 1, "2026-11-30 23:59"),
        ("2026-11-28 10:00", 1, "2026-12-01 00:00"),
        ("2026-11-29 10:00", 2, "2026-12-02 00:00"),
        ("2026-11-28 10:00", 0, "2026-11-30 00:00"),
        ("2026-11-23 10:00", 0, "2026-11-23 10:00"),
    ],
)
def test_Z1_the_same_wall_clock_time_n_business_days_later(start, days, end):
    assert BusinessCalendar().add_business_days(at(start), days) == at(end)


def test_Z1_a_holiday_is_no_business_day():
    calendar = BusinessCalendar(holidays=frozenset({date(2026, 11, 26)}))
    assert calendar.add_business_days(at("2026-11-25 09:00"), 1) == at("2026-11-27 09:00")


def test_Z1_the_wall_clock_keeps_its_hour_over_a_clock_change():
    zone = ZoneInfo("America/New_York")
    start = datetime(2026, 10, 30, 9, 0, tzinfo=zone)  # Friday; the clocks go back on Sunday 1 November
    end = BusinessCalendar(tz="America/New_York").add_business_days(start, 1)
    assert end.astimezone(zone) == datetime(2026, 11, 2, 9, 0, tzinfo=zone)
    assert end - start == timedelta(hours=73)


def test_Z1_a_past_day_count_is_refused():
    with pytest.raises(ValueError, match="0 or more"):
        BusinessCalendar().add_business_days(at("2026-11-23 10:00"), -1)


def test_edge_28_a_pinned_policy_reads_back_as_it_was():
    policy = Policy(arbitration_election_days=9, holidays=("2026-12-25",))
    assert Policy.from_json(policy.to_json()) == policy
    assert Policy.from_json({**policy.to_json(), "a setting of an older version": 1}) == policy
