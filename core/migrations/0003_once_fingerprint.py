"""A one-time key remembers what the form said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The unused address makes room for the fingerprint."""

    dependencies = [("core", "0002_guards")]

    operations = [
        migrations.RemoveField(model_name="oncekey", name="location"),
        migrations.AddField(
            model_name="oncekey", name="fingerprint", field=models.CharField(blank=True, max_length=64)
        ),
    ]
