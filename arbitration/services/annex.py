"""Where the annex for the parties comes from. This room may not know mediation, so wiring brings it.

The annex (the recommendation) is for the two sides only; it is stored apart from the notice's content and is in
no bundle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

Source = Callable[[UUID], dict[str, Any]]

_sources: list[Source] = []


def provide(source: Source) -> None:
    """Register `source(dispute_id) -> dict` (config/wiring.py); an empty dict says there is nothing to add."""
    _sources[:] = [source]


def annex_of(dispute_id: UUID) -> dict[str, Any]:
    """Return the annex of a dispute's notice, JSON-ready."""
    return _sources[0](dispute_id) if _sources else {}
