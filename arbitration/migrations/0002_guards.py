"""Guards that no constraint can say: append-only tables and transition graphs."""

from django.db import migrations

from core import dbguards


class Migration(migrations.Migration):
    """Triggers."""

    dependencies = [("arbitration", "0001_initial"), ("core", "0002_guards")]

    operations = [
        dbguards.append_only("arbitration_partyclaim", "arbitration_noncompliancereport"),
        dbguards.graph(
            "arbitration_nonresolutionnotice",
            [
                "issued>closed",
            ],
        ),
        dbguards.graph(
            "arbitration_election",
            [
                "agreed_unpaid>paid",
                "undecided>agreed_unpaid",
                "undecided>declined",
            ],
        ),
        dbguards.graph(
            "arbitration_arbitrationcase",
            [
                "awarded>executed",
                "filing>provider_rejected",
                "filing>settled",
                "filing>submitted",
                "in_progress>awarded",
                "in_progress>provider_rejected",
                "in_progress>settled",
                "submitted>awarded",
                "submitted>in_progress",
                "submitted>provider_rejected",
                "submitted>settled",
            ],
        ),
    ]
