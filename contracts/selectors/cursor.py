"""The keyset cursor of the lists that are ordered by an instant, newest first, then by id."""

from __future__ import annotations

import base64
from datetime import datetime
from uuid import UUID


def write_cursor(at: datetime, pk: UUID) -> str:
    """Return the cursor of the row after which the next page starts."""
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{pk}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, UUID] | None:
    """Return what `write_cursor` wrote; None for anything else."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _bar, pk = text.partition("|")
        moment = datetime.fromisoformat(at)
        return (moment, UUID(pk)) if moment.tzinfo else None
    except ValueError:
        return None
