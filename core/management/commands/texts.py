"""Brings the catalogues of texts up to the sources, or checks them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.web import catalogue


class Command(BaseCommand):
    """``manage.py texts`` after texts changed; ``--check`` names what is not translated."""

    help = "Brings locale/ up to the sources; --check changes nothing and names every fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read ``--check``."""
        parser.add_argument("--check", action="store_true", help="Change nothing; fail on any fault.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:  # noqa: ARG002 - as Django calls it
        """Renew each language and say what it lacks."""
        found = []
        for language in catalogue.languages():
            if not check:
                catalogue.renew(language)
            found += [f"{language}: {fault}" for fault in catalogue.faults(language)]
        for fault in found:
            self.stdout.write(fault)
        if check and found:
            raise CommandError(f"{len(found)} texts need a translator. Edit locale/, then run this again.")
        if not check:
            catalogue.build()
