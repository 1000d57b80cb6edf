"""Time zones as people look for them: by place, grouped, with the offset in force."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core import formatting as fmt

# The places most people would name; any other zone the tz database knows is accepted too.
COMMON: dict[str, tuple[str, ...]] = {
    "Americas": (
        "Pacific/Honolulu",
        "America/Anchorage",
        "America/Los_Angeles",
        "America/Vancouver",
        "America/Phoenix",
        "America/Denver",
        "America/Mexico_City",
        "America/Chicago",
        "America/Winnipeg",
        "America/Bogota",
        "America/Lima",
        "America/New_York",
        "America/Toronto",
        "America/Caracas",
        "America/Halifax",
        "America/Santiago",
        "America/St_Johns",
        "America/Sao_Paulo",
        "America/Argentina/Buenos_Aires",
        "America/Montevideo",
    ),
    "Europe": (
        "Atlantic/Reykjavik",
        "Europe/Lisbon",
        "Europe/London",
        "Europe/Dublin",
        "Europe/Madrid",
        "Europe/Paris",
        "Europe/Amsterdam",
        "Europe/Berlin",
        "Europe/Zurich",
        "Europe/Rome",
        "Europe/Vienna",
        "Europe/Prague",
        "Europe/Warsaw",
        "Europe/Belgrade",
        "Europe/Stockholm",
        "Europe/Oslo",
        "Europe/Athens",
        "Europe/Bucharest",
        "Europe/Helsinki",
        "Europe/Kyiv",
        "Europe/Istanbul",
        "Europe/Moscow",
    ),
    "Africa and Middle East": (
        "Africa/Casablanca",
        "Africa/Accra",
        "Africa/Lagos",
        "Africa/Cairo",
        "Africa/Johannesburg",
        "Africa/Nairobi",
        "Asia/Jerusalem",
        "Asia/Beirut",
        "Asia/Riyadh",
        "Asia/Dubai",
        "Asia/Tehran",
    ),
    "Asia": (
        "Asia/Tbilisi",
        "Asia/Yerevan",
        "Asia/Kabul",
        "Asia/Karachi",
        "Asia/Tashkent",
        "Asia/Kolkata",
        "Asia/Colombo",
        "Asia/Kathmandu",
        "Asia/Almaty",
        "Asia/Dhaka",
        "Asia/Yangon",
        "Asia/Bangkok",
        "Asia/Ho_Chi_Minh",
        "Asia/Jakarta",
        "Asia/Kuala_Lumpur",
        "Asia/Singapore",
        "Asia/Manila",
        "Asia/Hong_Kong",
        "Asia/Shanghai",
        "Asia/Taipei",
        "Asia/Seoul",
        "Asia/Tokyo",
    ),
    "Australia and Pacific": (
        "Australia/Perth",
        "Australia/Darwin",
        "Australia/Adelaide",
        "Australia/Brisbane",
        "Australia/Sydney",
        "Australia/Melbourne",
        "Pacific/Guam",
        "Pacific/Auckland",
        "Pacific/Fiji",
    ),
    "Universal": ("UTC",),
}
_GROUPS = {
    "Americas": _l("Americas"),
    "Europe": _l("Europe"),
    "Africa and Middle East": _l("Africa and Middle East"),
    "Asia": _l("Asia"),
    "Australia and Pacific": _l("Australia and Pacific"),
    "Universal": _l("Universal"),
}
_COMMON_NAMES = frozenset(name for names in COMMON.values() for name in names)


def is_known(name: str) -> bool:
    """Whether the tz database has this zone."""
    return name in _COMMON_NAMES or name in available_timezones()


def choices(now: datetime, *, current: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped choices of a select, from west to east by the offset in force at `now`.

    `current` is offered too when it is not among the common ones.
    """
    groups = [
        (str(_GROUPS[group]), [(name, _label(name, now)) for name in _by_offset(names, now)])
        for group, names in COMMON.items()
    ]
    if current and current not in _COMMON_NAMES and is_known(current):
        groups.insert(0, (_("Yours now"), [(current, _label(current, now))]))
    return groups


def _by_offset(names: tuple[str, ...], now: datetime) -> list[str]:
    return sorted(names, key=lambda name: (now.astimezone(ZoneInfo(name)).utcoffset(), name))


def _label(name: str, now: datetime) -> str:
    zone = ZoneInfo(name)
    city = fmt.zone_city(zone)
    return "UTC" if name == "UTC" else f"{city} ({fmt.utc_offset(now, zone)})"
