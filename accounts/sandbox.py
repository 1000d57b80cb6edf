"""The sandbox's people have one password, shown on the sign-in page. It means nothing anywhere else."""

from __future__ import annotations

from typing import Final

DEMO_PASSWORD: Final = "evenhand sandbox"  # noqa: S105 - known on purpose, in the sandbox only
