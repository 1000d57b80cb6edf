"""``manage.py build_fonts``: cut Inter out of an installed package into the assets folder."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import fonts
from core.web import assets


class Command(BaseCommand):
    """Optional: without it the fallback face shows and nothing moves."""

    help = "Cuts the Inter font to the needed glyphs, into the git-ignored assets folder."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """``--force`` cuts again although nothing changed."""
        parser.add_argument("--force", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Cut, then make the sheet again, which names the fonts only when they are there."""
        started = time.monotonic()
        sizes = fonts.build(assets.assets_dir() / "fonts", force=options["force"])
        assets.build()
        if sizes is None:
            self.stdout.write("No package with Inter is installed: pages show the system's face.")
            return
        text = ", ".join(f"{weight}: {size / 1024:.1f} KB" for weight, size in sizes.items())
        self.stdout.write(f"Inter ready ({text}) in {time.monotonic() - started:.1f} s.")
