"""What every tag asks of the page: its instant and the viewer's zone. Nothing here asks a clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.template.context import Context

from core import formatting as fmt


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
