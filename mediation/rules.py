"""Pure predicates of mediation. Every object here knows its `.dispute`."""

from disputes.rules import (
    is_assigned,
    is_assigned_or_system,
    is_party,
    party_moves_money,
    side_of,
    supervisor,
    supervisor_or_system,
    system,
)

__all__ = [
    "is_assigned",
    "is_assigned_or_system",
    "is_party",
    "party_moves_money",
    "side_of",
    "supervisor",
    "supervisor_or_system",
    "system",
]
