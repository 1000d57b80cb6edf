"""Previews of exhibits, and files that wait for their form."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.uploads


class Migration(migrations.Migration):
    """Two columns, one table."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("disputes", "0003_page_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="preview",
            field=models.FileField(blank=True, max_length=300, upload_to=core.uploads.private_path),
        ),
        migrations.AddField(
            model_name="evidence",
            name="preview_tried",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="StagedFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("page", models.CharField(max_length=20)),
                ("file", models.FileField(max_length=300, upload_to=core.uploads.private_path)),
                ("file_name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("kind", models.CharField(blank=True, max_length=12)),
                ("shows", models.CharField(blank=True, max_length=600)),
                ("confidentiality", models.CharField(blank=True, max_length=10)),
                ("staged_at", models.DateTimeField()),
                (
                    "dispute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staged_files",
                        to="disputes.dispute",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["dispute", "user", "page"], name="disputes_staged_of_page"),
                ],
            },
        ),
    ]
