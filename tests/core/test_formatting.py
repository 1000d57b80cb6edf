"""Words for money and time (interface rules 6 and 7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from core import formatting as fmt
from core.money import Money

MANILA = ZoneInfo("Asia/Manila")
TORONTO = ZoneInfo("America/Toronto")
NOW = datetime(2026, 11, 24, 5, 40, tzinfo=UTC)  # 1:40 pm in Manila


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (115_000, "USD", "$1,150.00"),
        (1, "USD", "$0.01"),
        (0, "USD", "$0.00"),
        (-500, "USD", "−$5.00"),
        (123_456_789, "USD", "$1,234,567.89"),
        (1_150, "JPY", "¥1,150"),
        (99, "EUR", "€0.99"),
        (100, "CAD", "CA$1.00"),
    ],
)
def test_money_always_shows_currency_and_cents(minor: int, currency: str, text: str) -> None:
    assert fmt.format_money(Money(minor, currency)) == text


def test_money_parts_rejoin_to_the_whole() -> None:
    assert fmt.format_money_parts(Money(180_000, "USD")) == ("$1,800", ".00")
    assert fmt.format_money_parts(Money(1_800, "JPY")) == ("¥1,800", "")


def test_axis_label_drops_only_empty_cents() -> None:
    assert fmt.format_money_axis(Money(115_000, "USD")) == "$1,150"
    assert fmt.format_money_axis(Money(115_050, "USD")) == "$1,150.50"


def test_plain_amount_is_what_an_input_holds() -> None:
    assert fmt.plain_amount(Money(135_000, "USD")) == "1,350.00"
    assert fmt.plain_amount(Money(1_350, "JPY")) == "1,350"


@pytest.mark.parametrize(
    ("minor", "percent", "net"),
    [
        (115_000, 10, 103_500),
        (5, 10, 5),  # 0.5 cent: half-even takes nothing
        (15, 10, 13),  # 1.5 cents: half-even takes 2
        (33_333, "12.5", 29_166),
        (0, 10, 0),
    ],
)
def test_net_of_fee_rounds_the_fee_half_even(minor: int, percent: int | str, net: int) -> None:
    assert fmt.net_of_fee(Money(minor, "USD"), percent) == Money(net, "USD")


@pytest.mark.parametrize(("value", "text"), [(10, "10%"), ("10.00", "10%"), ("12.5", "12.5%"), ("100", "100%")])
def test_percent_has_no_trailing_zeros(value: int | str, text: str) -> None:
    assert fmt.format_percent(value) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(115_000, 180_000, "63.89"), (0, 10, "0"), (10, 10, "100"), (20, 10, "100"), (-1, 10, "0"), (1, 0, "0")],
)
def test_share_percent_stays_inside_the_drawing(part: int, whole: int, text: str) -> None:
    assert fmt.share_percent(part, whole) == text


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("time", "9:12 am"),
        ("short", "Fri 27 Nov, 9:12 am"),
        ("full", "Fri 27 Nov 2026, 9:12 am"),
        ("date", "27 Nov 2026"),
        ("day", "Fri 27 Nov"),
        ("near", "Fri 27 Nov, 9:12 am"),
    ],
)
def test_instants_are_written_in_the_viewers_zone(style: str, text: str) -> None:
    instant = datetime(2026, 11, 27, 1, 12, tzinfo=UTC)

    assert fmt.format_instant(instant, MANILA, style, now=NOW) == text


def test_the_same_instant_is_another_day_on_the_other_side() -> None:
    instant = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)

    assert fmt.format_instant(instant, MANILA, "short") == "Tue 24 Nov, 9:12 am"
    assert fmt.format_instant(instant, TORONTO, "short") == "Mon 23 Nov, 8:12 pm"


@pytest.mark.parametrize(
    ("days", "text"),
    [(0, "Today, Tue 24 Nov"), (-1, "Yesterday, Mon 23 Nov"), (1, "Tomorrow, Wed 25 Nov"), (-4, "Fri 20 Nov")],
)
def test_days_near_today_have_names(days: int, text: str) -> None:
    assert fmt.format_instant(NOW + timedelta(days=days), MANILA, "day", now=NOW) == text


def test_today_is_the_viewers_today() -> None:
    late = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # already the 25th in Manila

    assert fmt.format_instant(late, MANILA, "near", now=NOW) == "Tomorrow, 4:00 am"
    assert fmt.format_instant(late, TORONTO, "near", now=NOW) == "Today, 3:00 pm"


def test_another_year_is_named() -> None:
    assert (
        fmt.format_instant(datetime(2027, 1, 2, 4, 0, tzinfo=UTC), MANILA, "short", now=NOW)
        == "Sat 2 Jan 2027, 12:00 pm"
    )


def test_midnight_and_noon_are_twelve() -> None:
    assert fmt.format_instant(datetime(2026, 11, 24, 16, 0, tzinfo=UTC), MANILA, "time") == "12:00 am"
    assert fmt.format_instant(datetime(2026, 11, 24, 4, 5, tzinfo=UTC), MANILA, "time") == "12:05 pm"


def test_unknown_style_is_refused() -> None:
    with pytest.raises(ValueError, match="Unknown time style 'soon'"):
        fmt.format_instant(NOW, MANILA, "soon")


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Manila", "Manila time (GMT+8)"),
        ("America/Toronto", "Toronto time (GMT−5)"),
        ("Asia/Kolkata", "Kolkata time (GMT+5:30)"),
        ("America/St_Johns", "St Johns time (GMT−3:30)"),
        ("Europe/London", "London time (GMT)"),
        ("UTC", "UTC"),
        ("Not/AZone", "UTC"),
        ("", "UTC"),
        ("../../etc/passwd", "UTC"),
    ],
)
def test_zones_are_named_with_their_offset(zone: str, text: str) -> None:
    assert fmt.zone_label(NOW, fmt.zone(zone)) == text


def test_offset_follows_summer_time() -> None:
    july = datetime(2026, 7, 1, tzinfo=UTC)

    assert fmt.zone_label(july, TORONTO) == "Toronto time (GMT−4)"


@pytest.mark.parametrize(
    ("seconds", "text", "compact"),
    [
        (4 * 86400 + 10 * 3600 + 1800, "4 days 10 h", "4 d 10 h"),
        (86400, "1 day", "1 d"),
        (86400 + 59, "1 day", "1 d"),
        (3 * 3600 + 12 * 60, "3 h 12 min", "3 h 12 m"),
        (3600 + 5 * 60, "1 h 05 min", "1 h 05 m"),
        (3600, "1 h", "1 h"),
        (12 * 60 + 59, "12 min", "12 m"),
        (59, "under 1 min", "< 1 m"),
        (0, "under 1 min", "< 1 m"),
    ],
)
def test_spans_round_down(seconds: int, text: str, compact: str) -> None:
    assert fmt.format_span(seconds) == text
    assert fmt.format_span(seconds, compact=True) == compact


@pytest.mark.parametrize(
    ("delta", "text", "compact"),
    [
        (timedelta(days=2, hours=19, minutes=32), "2 days 19 h", "2 d 19 h"),
        (timedelta(hours=-3), "3 h ago", "3 h over"),
        (timedelta(seconds=-5), "just now", "< 1 m over"),
        (timedelta(0), "just now", "< 1 m over"),  # Z3: at the deadline itself the time is over
    ],
)
def test_time_left_and_time_passed(delta: timedelta, text: str, compact: str) -> None:
    assert fmt.time_left(NOW + delta, NOW) == text
    assert fmt.time_left(NOW + delta, NOW, compact=True) == compact


@pytest.mark.parametrize(
    ("delta", "tone"),
    [
        (timedelta(hours=73), "calm"),
        (timedelta(hours=72), "calm"),
        (timedelta(hours=72, seconds=-1), "attention"),
        (timedelta(hours=24), "attention"),
        (timedelta(hours=24, seconds=-1), "danger"),
        (timedelta(seconds=1), "danger"),
        (timedelta(0), "passed"),
        (timedelta(hours=-1), "passed"),
    ],
)
def test_urgency_has_four_steps(delta: timedelta, tone: str) -> None:
    assert fmt.urgency(NOW + delta, NOW) == tone


def test_share_left_of_a_clock() -> None:
    start, due = NOW - timedelta(days=6), NOW + timedelta(days=2)

    assert fmt.share_left(start, due, NOW) == "25"
    assert fmt.share_left(None, due, NOW) == "100"
    assert fmt.share_left(start, NOW, NOW) == "0"
    assert fmt.share_left(due, due, NOW) == "100"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Rafael Domingo", "RD"),
        ("Northwind Goods", "NG"),
        ("Ana-Maria van der Berg", "AB"),
        ("Ember", "EM"),
        ("Harrow & Finch", "HF"),
        ("", "?"),
        ("…", "?"),
        ("Łukasz Żak", "ŁŻ"),
    ],
)
def test_initials(name: str, text: str) -> None:
    assert fmt.initials(name) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (240_000, "240 KB"), (1_100_000, "1.1 MB"), (10_000_000, "10 MB")],
)
def test_bytes(size: int, text: str) -> None:
    assert fmt.format_bytes(size) == text


def test_iso_is_utc_to_the_second() -> None:
    assert fmt.iso(datetime(2026, 11, 24, 13, 40, 1, 999, tzinfo=MANILA)) == "2026-11-24T05:40:01Z"


def test_the_hour_that_comes_twice_says_which_one_it_is() -> None:
    """Toronto puts its clocks back on 1 November 2026: 1:30 am happens at 05:30 and at 06:30 UTC."""
    first, second = (datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6))
    assert fmt.format_instant(first, TORONTO) == "Sun 1 Nov, 1:30 am (GMT−4)"
    assert fmt.format_instant(second, TORONTO) == "Sun 1 Nov, 1:30 am (GMT−5)"
    assert fmt.format_instant(second.replace(hour=8), TORONTO) == "Sun 1 Nov, 3:30 am"
    assert fmt.zone_label(first, TORONTO) != fmt.zone_label(second, TORONTO)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (lambda: fmt.format_money(Money(115_000, "USD")), "1.150,00\N{NO-BREAK SPACE}US$"),
        (lambda: fmt.format_money(Money(-500, "USD")), "−5,00\N{NO-BREAK SPACE}US$"),
        (lambda: fmt.format_money_axis(Money(115_000, "USD")), "1.150\N{NO-BREAK SPACE}US$"),
        (lambda: fmt.plain_amount(Money(135_000, "USD")), "1.350,00"),
        (lambda: fmt.format_percent("12.5"), "12,5\N{NO-BREAK SPACE}%"),
        (lambda: fmt.format_instant(NOW, MANILA, "full"), "mar 24 nov 2026, 13:40"),
        (lambda: fmt.format_bytes(1_250_000), "1,2 MB"),
    ],
)
def test_figures_and_dates_follow_the_language(written, expected: str) -> None:
    with translation.override("es"):
        assert written() == expected
