"""Where the browser of the browser tests is.

``python -m tests.support.chromium`` fails with one line when there is none: the
browser tests are never left out in silence.
"""

from __future__ import annotations

import os
import shutil
import sys

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MISSING = (
    "The browser tests need Chromium. Debian and Ubuntu: apt-get install chromium. "
    "Elsewhere: EVENHAND_CHROMIUM=/path/to/chromium make test. "
    "Without the browser tests: make checks unit"
)


def executable() -> str | None:
    """Return the browser's program, or None."""
    named = os.environ.get("EVENHAND_CHROMIUM")
    if named:
        return shutil.which(named)
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    return None


def main() -> int:
    """Say what is missing, if anything is."""
    if executable() is None:
        sys.stderr.write(_MISSING + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
