"""A recommendation's texts with their exhibits as links, and the exhibits as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from core.formatting import format_bytes

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from disputes.models import Evidence

_EXHIBIT = re.compile(r"\bE-(\d{1,4})\b")


@dataclass(frozen=True, slots=True)
class CitedExhibit:
    """One exhibit the specialist relied on."""

    row: Evidence
    whose: str
    size: str
    added_at: datetime


def cited(text: str, numbers: Iterable[int | None]) -> SafeString:
    """Escape a text and turn "E-3" into a link to `#exhibit-3` where exhibit 3 is among `numbers`."""
    known = set(numbers)
    parts: list[tuple[object]] = []
    at = 0
    for found in _EXHIBIT.finditer(text):
        number = int(found.group(1))
        if number not in known:
            continue
        parts.append((text[at : found.start()],))
        parts.append((format_html('<a href="#exhibit-{}">E-{}</a>', number, number),))
        at = found.end()
    parts.append((text[at:],))
    return format_html_join("", "{}", parts)


def exhibits_of(rows: Iterable[Evidence], *, side: str, names: dict[str, str]) -> list[CitedExhibit]:
    """Exhibits with whose they are, in the words of a reader of `side` ("" for staff)."""
    return [
        CitedExhibit(
            row,
            _("your side") if row.side == side else names.get(row.side, ""),
            format_bytes(row.size),
            row.added_at,
        )
        for row in rows
    ]
