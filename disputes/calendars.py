"""Running dates as an iCalendar file (RFC 5545), written by hand: five lines a date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from disputes.panels import DateRow

LINE_BYTES = 75
EVENT_LENGTH = timedelta(minutes=15)


def calendar_file(rows: Sequence[DateRow], *, name: str, title: str, url: str, now: datetime, uid: str) -> str:
    """One event of 15 minutes before each date, ending at it, with an alarm a day earlier."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Evenhand//Disputes//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for row in rows:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{row.uid}-{uid}@evenhand",
            f"DTSTAMP:{_instant(now)}",
            f"DTSTART:{_instant(row.due_at - EVENT_LENGTH)}",
            f"DTEND:{_instant(row.due_at)}",
            f"SUMMARY:{_text(f'{row.label}: {title}')}",
            f"DESCRIPTION:{_text(f'{row.note} {url}'.strip())}",
            f"URL:{url}",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_text(row.label)}",
            "TRIGGER:-P1D",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_fold(line)}\r\n" for line in lines)


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def _fold(line: str) -> str:
    """Break after 75 bytes, never inside a character."""
    parts: list[str] = []
    current, size = "", 0
    for char in line:
        length = len(char.encode())
        if size + length > (LINE_BYTES if not parts else LINE_BYTES - 1):
            parts.append(current)
            current, size = "", 0
        current += char
        size += length
    return "\r\n ".join([*parts, current])
