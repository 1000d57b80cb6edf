"""manage.py selfcheck: every invariant that no constraint can say, checked now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock, selfcheck


class Command(BaseCommand):
    """Prints what is wrong and exits 1, or says that all is in order."""

    help = "Check the ledger's and the cases' invariants (I1-I8, Z5). Exits 1 when one is violated."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run all checks."""
        findings = selfcheck.run(now=clock.now())
        for finding in findings:
            self.stdout.write(f"{finding.check}: {finding.what}")
        if findings:
            count = len(findings)
            raise CommandError(f"{count} finding{'' if count == 1 else 's'}.", returncode=1)
        self.stdout.write(f"All in order: {', '.join(selfcheck.names())}.")
