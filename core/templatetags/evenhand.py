"""Tags and filters that every page may use; a template builtin, so no ``{% load %}``.

The instant a page was made for is ``now`` in the context (or ``request.now``), the
viewer's zone is ``tz`` (or ``request.user.timezone``). Nothing here asks a clock.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import lucide as lucide_icons
from django import template
from django.forms import BoundField
from django.template.context import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core import formatting as fmt
from core.money import Money, MoneyError, parse_money, precision
from core.web import charts, navigation
from core.web.assets import font_urls

register = template.Library()


# --- what the page was made for ---------------------------------------------


def page_now(context: Context) -> datetime | None:
    """Return the page's instant, or None on a page made without a request (an error page)."""
    now = context.get("now")
    if isinstance(now, datetime):
        return now
    found = getattr(context.get("request"), "now", None)
    return found if isinstance(found, datetime) else None


def page_zone(context: Context) -> ZoneInfo:
    """Return the viewer's zone: ``tz`` in the context, else the account's, else UTC."""
    tz = context.get("tz")
    if isinstance(tz, ZoneInfo):
        return tz
    if not tz:
        tz = getattr(getattr(context.get("request"), "user", None), "timezone", None)
    return fmt.zone(str(tz) if tz else None)


# --- time --------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def when(context: Context, instant: datetime | date | None, style: str = "short") -> str:
    """Print an instant in the viewer's zone as ``<time datetime>``.

    Styles: ``time``, ``short``, ``near`` (``Today, 3:00 pm``), ``full`` (with year and zone, for
    deadlines), ``fullday`` (the same without the zone), ``day``, ``date``. None prints nothing.
    """
    if instant is None or instant == "":
        return ""
    if not isinstance(instant, datetime):
        return format_html('<time datetime="{}">{}</time>', instant.isoformat(), fmt.format_day(instant))
    tz = page_zone(context)
    if style == "full":
        text = fmt.format_instant(instant, tz, "full")
        return format_html(
            '<time datetime="{}">{}, <span class="nw">{}</span></time>',
            fmt.iso(instant),
            text,
            fmt.zone_label(instant, tz),
        )
    plain = "full" if style == "fullday" else style
    text = fmt.format_instant(instant, tz, plain, now=page_now(context))
    return format_html('<time datetime="{}">{}</time>', fmt.iso(instant), text)


@register.simple_tag(takes_context=True)
def when_text(context: Context, instant: datetime, style: str = "full") -> str:
    """Print the same words as ``when`` without markup: for attributes, titles and mail subjects."""
    tz = page_zone(context)
    text = fmt.format_instant(instant, tz, style, now=page_now(context))
    return f"{text}, {fmt.zone_label(instant, tz)}" if style == "full" else text


@register.simple_tag(takes_context=True)
def countdown(context: Context, instant: datetime | None, style: str = "long") -> str:
    """Print the time left until an instant; the page's script lets it tick (each minute).

    Style ``compact`` for tables: ``1 d 2 h``, ``3 h over``.
    """
    now = page_now(context)
    if instant is None or now is None:
        return ""
    compact = style == "compact"
    return format_html(
        '<time datetime="{}" data-countdown{}>{}</time>',
        fmt.iso(instant),
        mark_safe('="compact"') if compact else "",
        fmt.time_left(instant, now, compact=compact),
    )


@register.simple_tag(takes_context=True)
def ago(context: Context, instant: datetime | None) -> str:
    """Print how long ago an instant was: ``41 m``, ``5 h``, ``2 d`` (the largest unit, for tables)."""
    now = page_now(context)
    if instant is None or now is None:
        return ""
    text = fmt.format_span((now - instant).total_seconds(), compact=True)
    largest = " ".join(text.split(" ")[:2]) if not text.startswith("<") else "now"
    return format_html('<time datetime="{}">{}</time>', fmt.iso(instant), largest)


@register.simple_tag(takes_context=True)
def zone_line(context: Context) -> str:
    """Print the viewer's zone: ``Manila time (GMT+8)``."""
    now = page_now(context)
    tz = page_zone(context)
    return fmt.zone_label(now, tz) if now else fmt.zone_city(tz)


@register.simple_tag(takes_context=True)
def local_time(context: Context, tz: str) -> str:
    """Print the time of day it is now where a person lives: ``Toronto, 12:40 am now``."""
    now = page_now(context)
    place = fmt.zone(tz)
    return f"{fmt.zone_city(place)}, {fmt.format_instant(now, place, 'time')} now" if now else fmt.zone_city(place)


@register.simple_tag(takes_context=True)
def deadline_state(context: Context, due: datetime, start: datetime | None = None) -> dict[str, str]:
    """Work out what a deadline meter draws: ``tone``, ``icon``, ``left`` (per cent), ``passed``."""
    now = page_now(context) or due
    tone = fmt.urgency(due, now)
    icons = {"calm": "calendar-clock", "attention": "hourglass", "danger": "alarm-clock", "passed": "circle-x"}
    return {
        "tone": tone,
        "icon": icons[tone],
        "left": fmt.share_left(start, due, now),
        "passed": "yes" if tone == "passed" else "",
    }


@register.filter
def time_left(due: datetime, now: datetime) -> str:
    """``{{ due|time_left:now }}``: the words of ``countdown`` without markup."""
    return fmt.time_left(due, now)


# --- money -------------------------------------------------------------------


@register.filter(name="money")
def money_filter(value: Money | str | None) -> str:
    """Write ``Money`` with currency and cents; a text passes as it is, None prints nothing."""
    if value is None:
        return ""
    return fmt.format_money(value) if isinstance(value, Money) else str(value)


@register.simple_tag(name="money")
def money_tag(minor: int, currency: str) -> str:
    """``{% money 115000 "USD" %}`` -> ``$1,150.00``."""
    return fmt.format_money(Money(int(minor), currency))


@register.filter
def money_whole(value: Money) -> str:
    """``$1,800`` of ``$1,800.00``; the cents come from ``money_cents``."""
    return fmt.format_money_parts(value)[0]


@register.filter
def money_cents(value: Money) -> str:
    """``.00`` of ``$1,800.00``."""
    return fmt.format_money_parts(value)[1]


@register.filter
def money_plain(value: Money | str | None) -> str:
    """``1,150.00``: the value of a money input; what a person typed passes as it is."""
    if value is None:
        return ""
    return fmt.plain_amount(value) if isinstance(value, Money) else str(value)


@register.filter
def net_of_fee(value: Money, percent: Decimal | int | str) -> Money:
    """Return what reaches the balance after the service fee."""
    return fmt.net_of_fee(value, percent)


@register.filter
def percent(value: Decimal | int | str) -> str:
    """``10%`` for 10 or Decimal("10.00")."""
    return fmt.format_percent(value)


@register.filter
def currency_symbol(code: str) -> str:
    """``$`` for USD."""
    return fmt.currency_symbol(code)


# --- drawings ----------------------------------------------------------------


@register.simple_tag
def offers_range(total: Money, freelancer: Money | None, client: Money | None, *earlier: Any) -> charts.OffersRange:
    """Place the latest offers on the axis; see ``core.web.charts``."""
    return charts.offers_range(total, freelancer, client, *earlier)


@register.simple_tag
def split_shares(freelancer: Money, client: Money) -> dict[str, Any]:
    """Work out a split bar: ``total``, the freelancer's per cent, and whether both get something."""
    total = freelancer + client
    return {
        "total": total,
        "freelancer": fmt.share_percent(freelancer.amount, total.amount),
        "both": freelancer.amount > 0 and client.amount > 0,
    }


@register.simple_tag
def slider(total: Money, freelancer: Any, client: Any, fee_percent: Any = "") -> dict[str, Any]:
    """Work out an offer slider from what is typed so far; nonsense typed stays typed and counts as nothing."""
    amount = _typed(freelancer, total.currency)
    if amount is None and (rest := _typed(client, total.currency)) is not None:
        amount = total - rest
    digits = precision(total.currency)
    known = amount is not None and 0 <= amount.amount <= total.amount
    return {
        "digits": digits,
        "symbol": fmt.currency_symbol(total.currency),
        "step": 5 * 10**digits if total.amount >= 200 * 10**digits else 10**digits,
        "value": amount.amount if known and amount else total.amount // 2 if amount is None else 0,
        "percent": fmt.share_percent(amount.amount, total.amount)
        if known and amount
        else "50"
        if amount is None
        else "0",
        "net": fmt.net_of_fee(amount, fee_percent) if known and amount and fee_percent not in ("", None) else None,
    }


def _typed(value: Any, currency: str) -> Money | None:
    if isinstance(value, Money):
        return value
    try:
        return parse_money(str(value), currency) if value not in ("", None) else None
    except MoneyError:
        return None


@register.filter
def share_of(part: Money, whole: Money) -> str:
    """Per cent of ``whole`` that ``part`` is, for an SVG width."""
    return fmt.share_percent(part.amount, whole.amount)


@register.simple_tag
def step_segments(steps: list[Any]) -> charts.Segments:
    """Geometry of the short stepper of a phone."""
    return charts.segments(steps)


@register.simple_tag
def step_bars(step: int | str, of: int | str) -> dict[str, Any]:
    """Bars of "Step 2 of 3", 28 px each."""
    return charts.step_bars(int(step), int(of))


@register.simple_tag
def stage_dots(n: int | str, of: int | str) -> dict[str, Any]:
    """Dots of a table row's stage."""
    return charts.stage_dots(int(n), int(of))


@register.simple_tag
def sort_state(key: str, current: str, first: str = "asc") -> dict[str, str]:
    """Say where a column's sort link leads: ``due`` then ``-due``; ``aria`` for the current one."""
    if str(current).lstrip("-") != key:
        return {"aria": "", "icon": "", "next": key if first == "asc" else f"-{key}"}
    down = str(current).startswith("-")
    return {
        "aria": "descending" if down else "ascending",
        "icon": "arrow-down" if down else "arrow-up",
        "next": key if down else f"-{key}",
    }


# --- people ------------------------------------------------------------------


@register.filter
def initials(name: str) -> str:
    """``RD`` for Rafael Domingo."""
    return fmt.initials(str(name))


ROLE_SHAPES = {
    "freelancer": "freelancer",
    "agency": "freelancer",
    "client": "client",
    "specialist": "specialist",
    "supervisor": "specialist",
    "support": "support",
    "arb_clerk": "arbitration",
    "arbitrator": "arbitration",
    "provider": "arbitration",
}
ROLE_ICONS = {"specialist": "scale", "support": "life-buoy", "arbitration": "gavel", "event": "circle-dot"}


@register.filter
def role_shape(role: str) -> str:
    """Map a role to the shape that carries it: circle, rounded square, disc with a sign."""
    return ROLE_SHAPES.get(str(role).lower(), "event")


@register.filter
def role_icon(role: str) -> str:
    """Return the sign on a staff disc; parties have none (initials instead)."""
    return ROLE_ICONS.get(role_shape(role), "")


# --- markup ------------------------------------------------------------------


@lru_cache(maxsize=512)
def _drawn(name: str, size: int, stroke: str) -> str:
    extra = {"stroke_width": stroke} if stroke else {}
    return lucide_icons._render_icon(name, size, aria_hidden="true", **extra)


@register.simple_tag
def icon(name: str, size: int | str = 18, stroke: str = "") -> SafeString:
    """Draw a Lucide icon, hidden from screen readers: words stand beside it. No name, no icon."""
    if not name:
        return SafeString("")
    return mark_safe(_drawn(str(name), int(size), str(stroke)))  # noqa: S308


@register.filter
def passed(attrs: Any) -> SafeString:
    """Print a component's further attributes, each value escaped; None and False are left out.

    django-cotton's own ``{{ attrs }}`` does not escape values bound with ``:name``.
    """
    given: Mapping[str, Any] = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else {}
    parts = []
    for name, value in given.items():
        if value is True:
            parts.append(format_html(" {}", name))
        elif value is not None and value is not False:
            parts.append(format_html(' {}="{}"', name, conditional_escape(value)))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag
def once() -> SafeString:
    """Hidden one-time key: the same form posted twice acts once (interface rule 2)."""
    return format_html('<input type="hidden" name="_once" value="{}">', UUID(bytes=secrets.token_bytes(16), version=4))


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """``?stage=mediation&after=…``: this page's query with changes; None or "" drops a key."""
    request = context.get("request")
    params = request.GET.copy() if request else None
    if params is None:
        return ""
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = str(value)
    return f"?{params.urlencode()}" if params else "?"


@register.simple_tag(takes_context=True)
def main_nav(context: Context, area: str) -> list[navigation.NavItem]:
    """List the links of the ``party``, ``staff`` or ``public`` bar for this viewer, the current one marked."""
    request = context.get("request")
    return navigation.items(area, path=getattr(request, "path", ""), actor=context.get("actor"))


@register.simple_tag
def place(name: str) -> str:
    """Return the path of a page that the frame links to (``core.web.navigation.PLACES``)."""
    return navigation.PLACES[name]


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """``light`` or ``dark`` when the person chose one (cookie of this browser, else account), else nothing."""
    request = context.get("request")
    chosen = getattr(request, "COOKIES", {}).get("eh_theme") or getattr(getattr(request, "user", None), "theme", "")
    return chosen if chosen in {"light", "dark"} else ""


@register.simple_tag(takes_context=True)
def viewer_role(context: Context) -> str:
    """Return the role that shapes the viewer's own avatar: ``viewer_role`` of the page, else a staff role."""
    given = context.get("viewer_role")
    staff = sorted(getattr(context.get("actor"), "staff", ()))
    return str(given or (staff[0] if staff else ""))


@register.simple_tag
def font_files() -> list[str]:
    """URLs of the built font files that the first view needs; empty when no font was built."""
    return font_urls()


# --- forms -------------------------------------------------------------------


def _first_input(field: BoundField) -> str:
    """Id to focus: a group of radios has no input of its own, so its first one."""
    if field_kind(field) in {"radios", "cards", "checks"}:
        return f"{field.auto_id}_0"
    return str(field.id_for_label or field.auto_id)


@register.simple_tag
def error_list(form: Any, errors: Any = None) -> list[dict[str, str]]:
    """List what an error summary says: each field's first error with a link to it, then the form's own.

    ``errors`` may be a plain list of texts, or of ``{"text": …, "href": …}``, for pages without a form.
    """
    found: list[dict[str, str]] = []
    if form and form.is_bound:
        found += [{"text": str(text), "href": ""} for text in form.non_field_errors()]
        for field in form:
            if field.errors:
                found.append({"text": str(field.errors[0]), "href": f"#{_first_input(field)}"})
    for error in errors or ():
        found.append(dict(error) if isinstance(error, Mapping) else {"text": str(error), "href": ""})
    return found


@register.filter
def field_kind(field: BoundField) -> str:
    """Say how a bound field is drawn: text, textarea, select, check, radios, checks, cards, money, file, hidden."""
    widget = field.field.widget
    declared = getattr(widget, "eh_kind", "")
    if getattr(widget, "allow_multiple_selected", False) and getattr(widget, "input_type", "") == "checkbox":
        return "checks"
    return str(declared or _KINDS.get(getattr(widget, "input_type", "") or "", "textarea"))


_KINDS = {
    "checkbox": "check",
    "radio": "radios",
    "select": "select",
    "file": "file",
    "hidden": "hidden",
} | dict.fromkeys(
    ("text", "email", "password", "number", "url", "date", "datetime-local", "time", "search", "tel"),
    "text",
)
