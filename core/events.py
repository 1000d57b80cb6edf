"""Events and who reacts to them. `config/wiring.py` is the only caller of `on` and `later`."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from core import outbox


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened at `at` on a contract. Ids and plain values only."""

    at: datetime
    contract_id: UUID


NO_CONTRACT = UUID(int=0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccountEvent(Event):
    """Something that happened to a party account, on no contract."""

    contract_id: UUID = NO_CONTRACT
    account_id: UUID


E = TypeVar("E", bound=Event)

_now: dict[type[Event], list[Callable[[Any], object]]] = defaultdict(list)
_later: dict[type[Event], list[str]] = defaultdict(list)
_handlers: dict[str, tuple[type[Event], Callable[[Any], object]]] = {}


def on(event_type: type[E], *reactions: Callable[[E], object]) -> None:
    """React inside the transaction of the change: a failure rolls the change back."""
    _now[event_type].extend(reactions)


def later(event_type: type[E], *reactions: Callable[[E], object]) -> None:
    """React after commit, at least once, through the outbox. The reaction must be idempotent."""
    for reaction in reactions:
        name = f"{reaction.__module__}.{reaction.__qualname__}"
        _handlers[f"{event_type.__name__}>{name}"] = (event_type, reaction)
        _later[event_type].append(f"{event_type.__name__}>{name}")
        outbox.register(f"{event_type.__name__}>{name}", _call_later(event_type, reaction))


def publish(event: Event) -> None:
    """Tell everybody who is wired to it. Raises RuntimeError outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event is published inside the transaction of its change.")
    for reaction in _now[type(event)]:
        reaction(event)
    for handler in _later[type(event)]:
        outbox.put(handler, to_payload(event), now=event.at, ordering_key=str(event.contract_id))


def wired(event_type: type[Event]) -> Sequence[str]:
    """Names of the reactions to `event_type`, for the map in docs and the meta-test."""
    return [f"{r.__module__}.{r.__qualname__}" for r in _now[event_type]] + list(_later[event_type])


def _call_later(event_type: type[Event], reaction: Callable[[Any], object]) -> Callable[[dict[str, Any]], None]:
    def call(payload: dict[str, Any]) -> None:
        reaction(from_payload(event_type, payload))

    return call


def to_payload(event: Event) -> dict[str, Any]:
    """JSON-ready form of an event."""
    return {f.name: _plain(getattr(event, f.name)) for f in dataclasses.fields(event)}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return [_plain(v) for v in value]
    return value


def from_payload(event_type: type[E], payload: dict[str, Any]) -> E:
    """Inverse of `to_payload`, by the dataclass's annotations."""
    hints = typing.get_type_hints(event_type)
    return event_type(**{k: _typed(hints[k], v) for k, v in payload.items() if k in hints})


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        hint = next(a for a in typing.get_args(hint) if a is not type(None))
    if typing.get_origin(hint) is tuple:
        return tuple(_typed(typing.get_args(hint)[0], v) for v in value)
    if hint is UUID:
        return UUID(value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    return value
