"""Make the demonstration world, once."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from accounts.models import User
from config.demo.people import PASSWORD
from config.demo.world import build
from core import clock
from core.models import Heartbeat

BEGUN, MADE = "demo.begun", "demo.made"


class Command(BaseCommand):
    """`manage.py seed_demo`: people and at least one case in every state, by the services."""

    help = "Make the demonstration world, once (sandbox mode only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --people-only."""
        parser.add_argument("--people-only", action="store_true", help="people without any cases")

    def handle(self, *_args: Any, people_only: bool, **_options: Any) -> None:
        """Build, or say that it is there. A world whose making was interrupted is made anew."""
        if not settings.SANDBOX:
            raise CommandError("The demonstration world exists in sandbox mode only.")
        marks = set(Heartbeat.objects.filter(name__in=[BEGUN, MADE]).values_list("name", flat=True))
        if BEGUN in marks and MADE not in marks:
            self.stdout.write("The demonstration world was interrupted while it was made. It is made anew.")
            self._start_over()
        elif marks or User.objects.exists():
            self.stdout.write("The demonstration world is already there.")
            return
        started = time.monotonic()
        Heartbeat.objects.create(name=BEGUN, at=clock.now())
        with connection.cursor() as cursor:
            # Each act commits by itself, as in life; only the wait for the disk is left out.
            cursor.execute("SET synchronous_commit TO off")
        count = build(everybody_only=people_only)
        Heartbeat.objects.create(name=MADE, at=clock.now())
        took = time.monotonic() - started
        self.stdout.write(f"Made {count} people and their cases in {took:.0f} s. Everybody's password: {PASSWORD}")

    def _start_over(self) -> None:
        """Empty the sandbox's database: rows that are written once cannot be deleted one by one."""
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        call_command("migrate", verbosity=0)
