"""Write docs/lifecycle.md from the transitions in code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from core.lifecycle_docs import page


class Command(BaseCommand):
    """`manage.py draw_lifecycles` writes the page; `--check` fails when it is out of date."""

    help = "Write docs/lifecycle.md from the transitions in code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --check."""
        parser.add_argument("--check", action="store_true", help="fail when the page is out of date")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        """Write or compare."""
        path = settings.BASE_DIR / "docs" / "lifecycle.md"
        text = page()
        if check:
            if path.read_text() != text:
                self.stderr.write("docs/lifecycle.md is out of date: run manage.py draw_lifecycles")
                raise SystemExit(1)
            return
        path.write_text(text)
        self.stdout.write(f"wrote {path.relative_to(settings.BASE_DIR)}")
