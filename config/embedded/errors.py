"""What can go wrong with an embedded server, in one plain line each."""

from __future__ import annotations

from typing import Final

#: Parts of a server's own message, and what they mean for a person.
_MEANINGS: Final = (
    ("No space left on device", "the disk is full"),
    ("Disk quota exceeded", "the disk quota is used up"),
    ("Read-only file system", "the disk is read-only"),
    ("Permission denied", "a file there may not be read or written by this user"),
    ("has wrong ownership", "the data there belongs to another user"),
    ("error while loading shared libraries", "a system library is missing"),
    ("database files are incompatible", "the data was made by another PostgreSQL version"),
    ("could not create shared memory", "the system gives too little shared memory"),
    ("could not map anonymous shared memory", "there is too little memory"),
)


class ServiceError(Exception):
    """An embedded server cannot start or stop; the text is one plain line."""


def explain(output: str) -> str:
    """Say in words why a server failed, from what it printed last."""
    for part, meaning in _MEANINGS:
        if part in output:
            return meaning
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "rror" in line]
    return (fatal or lines or ["it printed nothing"])[-1]
