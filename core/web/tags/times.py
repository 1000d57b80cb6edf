"""Instants, countdowns and deadlines, in the viewer's zone."""

from __future__ import annotations

from datetime import date, datetime

from django.template import Library
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from core import formatting as fmt
from core.web.tags.page import page_now, page_zone

register = Library()


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
    largest = " ".join(text.split(" ")[:2]) if not text.startswith("<") else _("now")
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
    if not now:
        return fmt.zone_city(place)
    return _("{city}, {time} now").format(city=fmt.zone_city(place), time=fmt.format_instant(now, place, "time"))


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
