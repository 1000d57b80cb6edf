"""What the supervisor prints: one line at a time, each with its speaker."""

from __future__ import annotations

import os
import sys
from typing import Final

_COLOURS: Final = {
    "evenhand": "1;36",
    "web": "32",
    "sandbox": "33",
    "worker": "35",
    "beat": "34",
    "mail": "36",
}
_WIDTH: Final = max(len(name) for name in _COLOURS)


class Console:
    """Standard output, coloured on a terminal; knows when nobody listens any more."""

    def __init__(self) -> None:
        self.closed = False
        self.coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def say(self, text: str, speaker: str = "evenhand") -> None:
        """Print one line."""
        if self.closed:
            return
        label = f"{speaker:<{_WIDTH}} |"
        if self.coloured:
            label = f"\x1b[{_COLOURS.get(speaker, '0')}m{label}\x1b[0m"
        try:
            sys.stdout.write(f"{label} {text}\n")
            sys.stdout.flush()
        except (BrokenPipeError, OSError):
            self.closed = True
