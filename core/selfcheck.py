"""Invariants that no constraint can say, each a function that yields what is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

log = logging.getLogger(__name__)

Check = Callable[[datetime], Iterator[str]]

_checks: dict[str, Check] = {}


@dataclass(frozen=True, slots=True)
class Finding:
    """One violated invariant, in words."""

    check: str
    what: str


def register(name: str, check: Check) -> None:
    """Add a check (config/wiring.py)."""
    _checks[name] = check


def names() -> list[str]:
    """All registered checks."""
    return sorted(_checks)


def run(*, now: datetime) -> list[Finding]:
    """Run all checks; log and return the findings."""
    found = [Finding(name, what) for name, check in sorted(_checks.items()) for what in check(now)]
    for finding in found:
        log.error("self-check %s: %s", finding.check, finding.what)
    return found
