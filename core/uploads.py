"""Uploads are hostile: allow-list, sniffed type, size, random private name (reliability section 6)."""

from __future__ import annotations

import uuid
from typing import Any


def private_path(_instance: Any, _file_name: str) -> str:
    """Return a random path: nothing of the name that a person chose reaches the disk."""
    name = uuid.uuid4().hex
    return f"files/{name[:2]}/{name}"
