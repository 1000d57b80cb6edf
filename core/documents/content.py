"""What a document says: sections of blocks, as plain data. The template draws them, whatever room they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]


def section(heading: str, *blocks: Block | None) -> dict[str, Any]:
    """A heading and its blocks; those that are None are left out."""
    return {"heading": heading, "blocks": [block for block in blocks if block is not None]}


def facts(*rows: tuple[str, str] | None) -> Block:
    """Label and value, one a line."""
    return {"kind": "facts", "rows": [list(row) for row in rows if row is not None]}


def text(*paragraphs: str) -> Block:
    """Paragraphs of ours; empty ones are left out."""
    return {"kind": "text", "paragraphs": [p for p in paragraphs if p]}


def quote(words: str, by: str = "") -> Block:
    """What a person wrote, set apart; `by` says who and when."""
    return {"kind": "quote", "by": by, "paragraphs": [p for p in words.replace("\r", "").split("\n\n") if p.strip()]}


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: Sequence[int] = ()) -> Block:
    """A table with a header row; `numeric` columns are set to the right."""
    return {"kind": "table", "head": list(head), "rows": [list(row) for row in rows], "numeric": list(numeric)}


def items(texts: Iterable[str]) -> Block:
    """A list of short texts."""
    return {"kind": "list", "items": list(texts)}


def note(words: str) -> Block:
    """One thing that must not be missed."""
    return {"kind": "note", "text": words}
