"""Which documents there are: each room registers its own in config/wiring.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.models import IssuedDocument
from core.permissions import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says: one line under the title, then sections made with `core.documents.content`."""

    lead: str
    sections: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document. `build` runs in the document's language; it reads, and writes nothing."""

    name: str
    title: StrPromise
    build: Callable[[IssuedDocument], Said]
    may_see: Callable[[IssuedDocument, Actor], bool]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind; the same name replaces the earlier one."""
    _kinds[kind.name] = kind


def kind_of(document: IssuedDocument) -> Kind:
    """Raises KeyError for a kind that no room registered."""
    return _kinds[document.kind]


def names() -> list[str]:
    """All kinds."""
    return sorted(_kinds)
