"""Guards that no constraint can say: append-only tables and transition graphs."""

from django.db import migrations

from core import dbguards


class Migration(migrations.Migration):
    """Triggers."""

    dependencies = [("core", "0001_initial")]

    operations = [
        dbguards.functions(),
        dbguards.append_only("core_auditentry"),
    ]
