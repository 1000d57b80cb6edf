"""Make the demonstration world, once."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from config.demo.people import PASSWORD
from config.demo.world import build


class Command(BaseCommand):
    """`manage.py seed_demo`: people and at least one case in every state, by the services, in one transaction."""

    help = "Make the demonstration world, once (sandbox mode only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --people-only."""
        parser.add_argument("--people-only", action="store_true", help="people without any cases")

    def handle(self, *_args: Any, people_only: bool, **_options: Any) -> None:
        """Build, or say that it is there."""
        if not settings.SANDBOX:
            raise CommandError("The demonstration world exists in sandbox mode only.")
        if User.objects.exists():
            self.stdout.write("The demonstration world is already there.")
            return
        started = time.monotonic()
        with transaction.atomic():
            count = build(everybody_only=people_only)
        took = time.monotonic() - started
        self.stdout.write(f"Made {count} people and their cases in {took:.0f} s. Everybody's password: {PASSWORD}")
