"""How money, instants and spans of time are written for people.

Functions over plain values: nothing here reads the clock, the settings or the
request. They write in the active language (``translation.override``) unless a
locale is named. Templates reach them through ``core.templatetags.evenhand``; mail
and documents call them directly, so that a letter and a page never disagree.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.numbers import format_currency, format_decimal, get_currency_symbol, get_decimal_symbol
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.money import Money, precision

if TYPE_CHECKING:
    from datetime import tzinfo

#: Language of the product → locale of its figures and dates.
LOCALES = {"en": "en_US", "es": "es"}
MINUS = "\N{MINUS SIGN}"

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def active_locale() -> str:
    """``en_US``, ``es``: where figures and dates follow the language that is active now."""
    return LOCALES.get((get_language() or "en").split("-")[0], "en_US")


# --- money -----------------------------------------------------------------


def format_money(money: Money, *, locale: str | None = None) -> str:
    """``Money(115000, "USD")`` -> ``$1,150.00``. Cents always, minus is U+2212."""
    return format_currency(money.decimal, money.currency, locale=locale or active_locale()).replace("-", MINUS)


def format_money_parts(money: Money, *, locale: str | None = None) -> tuple[str, str]:
    """``("$1,800", ".00")``: the cents apart, for figures set in two sizes."""
    point = get_decimal_symbol(locale or active_locale())
    whole, found, cents = format_money(money, locale=locale).partition(point)
    return whole, found + cents


def format_money_axis(money: Money, *, locale: str | None = None) -> str:
    """``$1,150`` where the cents are zero: for axis labels whose exact figure stands beside them."""
    text = format_money(money, locale=locale)
    empty = get_decimal_symbol(locale or active_locale()) + "0" * precision(money.currency)
    return text.replace(empty, "") if len(empty) > 1 and money.decimal == money.decimal.to_integral_value() else text


def plain_amount(money: Money, *, locale: str | None = None) -> str:
    """``1,150.00``: what a money input holds; no symbol."""
    digits = precision(money.currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(money.decimal, format=pattern, locale=locale or active_locale()).replace("-", MINUS)


def currency_symbol(currency: str, *, locale: str | None = None) -> str:
    """``$`` for USD; the code itself where there is no symbol."""
    return str(get_currency_symbol(currency, locale=locale or active_locale()))


def net_of_fee(money: Money, percent: Decimal | int | str) -> Money:
    """What reaches the balance: the amount less the service fee (half-even, as the ledger takes it)."""
    return money - money.percent(percent)


def format_percent(percent: Decimal | int | str) -> str:
    """``10%``; ``12.5%``; in Spanish ``12,5 %``. No trailing zeros."""
    figure = f"{Decimal(str(percent)).normalize():f}"
    locale = active_locale()
    if locale == "en_US":
        return f"{figure}%"
    return f"{figure.replace('.', get_decimal_symbol(locale))}\N{NO-BREAK SPACE}%"


def share_percent(part: int, whole: int) -> str:
    """Width of ``part`` in ``whole`` for an SVG attribute, ``63.89``; clamped to 0-100."""
    if whole <= 0:
        return "0"
    text = f"{min(100.0, max(0.0, part * 100 / whole)):.2f}"
    return text.rstrip("0").rstrip(".")


# --- time ------------------------------------------------------------------


def zone(name: str | None) -> ZoneInfo:
    """Zone by IANA name; UTC when the name is empty or unknown."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def utc_offset(instant: datetime, tz: tzinfo) -> str:
    """``GMT+8``, ``GMT−3:30``, ``GMT`` as in force at ``instant``."""
    offset = instant.astimezone(tz).utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // MINUTE
    if minutes == 0:
        return "GMT"
    sign = "+" if minutes > 0 else MINUS
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT{sign}{hours}" + (f":{rest:02d}" if rest else "")


def zone_city(tz: tzinfo) -> str:
    """``Manila`` for Asia/Manila; ``UTC`` for UTC."""
    key = getattr(tz, "key", "") or str(tz)
    return key.rsplit("/", 1)[-1].replace("_", " ")


def zone_label(instant: datetime, tz: tzinfo) -> str:
    """``Manila time (GMT+8)``."""
    city = zone_city(tz)
    if city in {"UTC", "GMT", "Zulu", "Universal"}:
        return "UTC"
    return _("{city} time ({offset})").format(city=city, offset=utc_offset(instant, tz))


def _clock(local: datetime, locale: str | None = None) -> str:
    if (locale or active_locale()) != "en_US":
        return f"{local.hour}:{local.minute:02d}"
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004


def format_day(local: date, *, locale: str | None = None) -> str:
    """``Fri 27 Nov``."""
    return babel_date(local, "EEE d MMM", locale=locale or active_locale())


def format_instant(
    instant: datetime,
    tz: tzinfo,
    style: str = "short",
    *,
    now: datetime | None = None,
    locale: str | None = None,
) -> str:
    """Write an instant in a zone.

    Styles: ``time`` 9:12 am; ``short`` Fri 27 Nov, 9:12 am; ``full`` Fri 27 Nov
    2026, 9:12 am; ``day`` Today, Tue 24 Nov (needs ``now``); ``near`` Today, 9:12 am or as
    ``short``; ``date`` 27 Nov 2026.
    ``short`` shows the year when ``now`` is in another one. Deadlines use ``full``.
    """
    local = instant.astimezone(tz)
    locale = locale or active_locale()
    # The hour that comes twice when clocks go back says which of the two it is; "full" always has its zone beside it.
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    hour = _clock(local, locale) + (f" ({utc_offset(instant, tz)})" if twice and style != "full" else "")
    if style == "time":
        return hour
    if style == "date":
        return babel_date(local, "d MMM y", locale=locale)
    if style == "full":
        return f"{babel_datetime(local, 'EEE d MMM y', locale=locale)}, {hour}"
    today = now.astimezone(tz).date() if now else None
    day = format_day(local, locale=locale)
    if today and local.year != today.year:
        day += f" {local.year}"
    if style == "short":
        return f"{day}, {hour}"
    names = {0: _("Today"), 1: _("Yesterday"), -1: _("Tomorrow")}
    name = names.get((today - local.date()).days) if today else None
    if style == "near":
        return f"{name or day}, {hour}"
    if style == "day":
        return f"{name}, {day}" if name else day
    msg = f"Unknown time style {style!r}; use time, short, near, full, day or date."
    raise ValueError(msg)


def iso(instant: datetime) -> str:
    """UTC ISO 8601 to the second, for ``datetime=`` attributes."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def format_span(seconds: float, *, compact: bool = False) -> str:
    """``4 days 10 h``, ``3 h 12 min``, ``12 min``; compact: ``4 d 10 h``, ``3 h 12 m``, ``12 m``.

    Rounds down, so a clock never promises time that is not there; less than a
    minute says so. The same rules live in ``static/js/src/countdown.js``.
    """
    whole = max(0, int(seconds))
    days, rest = divmod(whole, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    day_text = f"{days} d" if compact else ngettext("{n} day", "{n} days", days).format(n=days)
    minute_unit = "m" if compact else "min"
    if days:
        return f"{day_text} {hours} h" if hours else day_text
    if hours:
        return f"{hours} h {minutes:02d} {minute_unit}" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} {minute_unit}"
    return _("under 1 min") if not compact else "< 1 m"


def time_left(due: datetime, now: datetime, *, compact: bool = False) -> str:
    """Time until ``due``, or how long ago it passed: ``2 days 19 h``, ``1 h 05 min ago``.

    Compact, passed: ``3 h over``. Z3: at ``due`` itself the time is over.
    """
    seconds = (due - now).total_seconds()
    if seconds > 0:
        return format_span(seconds, compact=compact)
    if compact:
        return _("{span} over").format(span=format_span(-seconds, compact=True))
    return _("just now") if -seconds < MINUTE else _("{span} ago").format(span=format_span(-seconds))


def urgency(due: datetime, now: datetime) -> str:
    """Tone of a deadline: ``calm`` over 72 h, ``attention`` under, ``danger`` under 24 h, ``passed``."""
    seconds = (due - now).total_seconds()
    if seconds <= 0:
        return "passed"
    if seconds < DAY:
        return "danger"
    return "attention" if seconds < 3 * DAY else "calm"


def share_left(start: datetime | None, due: datetime, now: datetime) -> str:
    """Percentage of a clock still left, for a meter; full when the start is unknown."""
    if now >= due:
        return "0"
    if start is None or start >= due:
        return "100"
    return share_percent(int((due - now).total_seconds()), int((due - start).total_seconds()))


# --- people and files ------------------------------------------------------


def initials(name: str) -> str:
    """``Rafael Domingo`` -> ``RD``; one word gives its first two letters."""
    words = [word for word in name.replace(".", " ").replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def format_bytes(size: int) -> str:
    """``240 KB``, ``1.1 MB``; decimal units, as file managers show them."""
    if size < 1000:  # noqa: PLR2004
        return _("{n} bytes").format(n=size)
    if size < 1_000_000:  # noqa: PLR2004
        return f"{size // 1000} KB"
    figure = f"{size / 1_000_000:.1f}".removesuffix(".0")
    return f"{figure.replace('.', get_decimal_symbol(active_locale()))} MB"
