"""Invariants that no constraint can say, each a function that yields what is wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.road import ran

log = logging.getLogger(__name__)

# A check's name carries the rules it checks: "I2 escrow", "clocks (Z5, Z7)".
_RULE = re.compile(r"\b[A-Z]\d+\b")

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
    found = []
    for name, check in sorted(_checks.items()):
        found += [Finding(name, what) for what in check(now)]
        for rule in _RULE.findall(name):
            ran(rule)
    for finding in found:
        log.error("self-check %s: %s", finding.check, finding.what)
    return found
