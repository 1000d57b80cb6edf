"""What the rooms above tell this room's pages, without being known here (config/wiring.py fills it).

Each is a function over many contracts at once, so that a list costs one query, not one per row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.permissions import Actor


@dataclass(frozen=True, slots=True)
class DisputeLink:
    """The newest filed dispute of a contract: its reference for **See Dispute**, its stage in words.

    `awaits` holds the sides that have something to answer, each with the end of the time for it (None: no clock).
    """

    reference: str
    stage: str
    is_open: bool
    awaits: Mapping[str, datetime | None] = field(default_factory=dict)


DisputeLinks = Callable[[Iterable[UUID]], dict[UUID, DisputeLink]]
MayRead = Callable[[UUID, Actor], bool]

_dispute_links: list[DisputeLinks] = []
_readers: list[MayRead] = []


def show_disputes(lookup: DisputeLinks) -> None:
    """Register the lookup behind **See Dispute**."""
    _dispute_links[:] = [lookup]


def let_read(rule: MayRead) -> None:
    """Register who else may read a contract: the specialist of its case (S11)."""
    if rule not in _readers:
        _readers.append(rule)


def dispute_links(contract_ids: Iterable[UUID]) -> dict[UUID, DisputeLink]:
    """The newest filed dispute per contract; one query for all."""
    ids = list(contract_ids)
    return _dispute_links[0](ids) if _dispute_links and ids else {}


def may_read(contract_id: UUID, actor: Actor) -> bool:
    """Whether a room above lets this person read the contract."""
    return any(rule(contract_id, actor) for rule in _readers)
