"""``manage.py build_css``: make the style sheets and the script now (pages do it on demand)."""

from __future__ import annotations

from typing import Any

import brotli
from django.core.management.base import BaseCommand

from core.web import assets


class Command(BaseCommand):
    """Also prints what they weigh on the wire."""

    help = "Builds css/evenhand.css, css/admin.css and js/app.js from their sources."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Build and weigh."""
        assets.build(force=True)
        for path in assets.BUILDS:
            data = (assets.assets_dir() / path).read_bytes()
            self.stdout.write(f"{path}: {len(data) / 1024:.1f} KB, brotli {len(brotli.compress(data)) / 1024:.1f} KB")
