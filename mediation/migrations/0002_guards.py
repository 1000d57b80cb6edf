"""Guards that no constraint can say: append-only tables and transition graphs."""

from django.db import migrations

from core import dbguards


class Migration(migrations.Migration):
    """Triggers."""

    dependencies = [("mediation", "0001_initial"), ("core", "0002_guards")]

    operations = [
        dbguards.append_only("mediation_conflictdeclaration", "mediation_impassedeclaration"),
        dbguards.graph(
            "mediation_mediationcase",
            [
                "active>assigned",
                "active>closed",
                "active>recommendation_issued",
                "active>unassigned",
                "assigned>active",
                "assigned>closed",
                "assigned>recommendation_issued",
                "assigned>unassigned",
                "recommendation_issued>closed",
                "unassigned>assigned",
                "unassigned>closed",
            ],
        ),
        dbguards.graph(
            "mediation_recommendation",
            [
                "draft>issued",
                "draft>void",
                "issued>accepted",
                "issued>lapsed",
                "issued>rejected",
                "issued>void",
            ],
        ),
        dbguards.graph(
            "mediation_objection",
            [
                "open>dismissed",
                "open>upheld",
                "open>void",
            ],
        ),
    ]
