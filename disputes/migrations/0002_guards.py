"""Guards that no constraint can say: append-only tables and transition graphs."""

from django.db import migrations

from core import dbguards


class Migration(migrations.Migration):
    """Triggers."""

    dependencies = [("disputes", "0001_initial"), ("core", "0002_guards")]

    operations = [
        dbguards.append_only("disputes_statementversion", "disputes_consent"),
        dbguards.graph(
            "disputes_dispute",
            [
                "draft>abandoned",
                "draft>in_mediation",
                "in_arbitration>non_resolution",
                "in_arbitration>resolved",
                "in_mediation>non_resolution",
                "in_mediation>recommended",
                "in_mediation>resolved",
                "non_resolution>in_arbitration",
                "non_resolution>resolved",
                "recommended>non_resolution",
                "recommended>resolved",
            ],
        ),
        dbguards.graph(
            "disputes_settlementoffer",
            [
                "pending>accepted",
                "pending>countered",
                "pending>expired",
                "pending>rejected",
                "pending>void",
                "pending>withdrawn",
            ],
        ),
        dbguards.graph(
            "disputes_blindbid",
            [
                "sealed>matched",
                "sealed>replaced",
                "sealed>void",
                "sealed>withdrawn",
            ],
        ),
        dbguards.graph(
            "disputes_supportrequest",
            [
                "declined>in_review",
                "in_review>case_opened",
                "in_review>declined",
                "in_review>moot",
                "in_review>needs_info",
                "in_review>withdrawn",
                "needs_info>in_review",
                "needs_info>lapsed",
                "needs_info>moot",
                "needs_info>withdrawn",
                "submitted>case_opened",
                "submitted>declined",
                "submitted>in_review",
                "submitted>moot",
                "submitted>needs_info",
                "submitted>withdrawn",
            ],
        ),
    ]
