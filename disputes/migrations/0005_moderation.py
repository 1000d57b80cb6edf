"""Reported messages, hidden originals, redactions, exports of own data."""

import core.uploads
import django.db.models.deletion
import django_fsm
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0004_message_translations"),
        ("disputes", "0004_evidence_previews"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MessageReport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("open", "Waits for customer support"),
                            ("hidden", "Hidden"),
                            ("dismissed", "Stays visible"),
                        ],
                        default="open",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("abuse", "Insults or threats"),
                            ("private_data", "Somebody’s private data"),
                            ("fraud", "Fraud, or payment outside of escrow"),
                            ("spam", "Advertising or spam"),
                            ("other", "Something else that does not belong here"),
                        ],
                        max_length=12,
                    ),
                ),
                ("details", models.TextField(blank=True)),
                (
                    "side",
                    models.CharField(
                        choices=[("freelancer", "Freelancer"), ("client", "Client")],
                        help_text="Of the reporter.",
                        max_length=10,
                    ),
                ),
                ("reported_at", models.DateTimeField()),
                (
                    "hide_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("abuse", "Insults or threats"),
                            ("private_data", "Somebody’s private data"),
                            ("fraud", "Fraud, or payment outside of escrow"),
                            ("spam", "Advertising or spam"),
                            ("other", "Something else that does not belong here"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decision_text", models.TextField(blank=True)),
                (
                    "case_message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disputes.casemessage",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="message_reports",
                        to="contracts.contract",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dispute",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disputes.dispute",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.message",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="HiddenOriginal",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("body", models.TextField()),
                ("file", models.FileField(blank=True, max_length=300, upload_to=core.uploads.private_path)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("hidden_at", models.DateTimeField()),
                (
                    "case_message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disputes.casemessage",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.message",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disputes.messagereport"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("asked", "Waits for a second person"),
                            ("done", "Removed"),
                            ("refused", "Not removed"),
                        ],
                        default="asked",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unlawful", "Unlawful content"),
                            ("wrong", "Added by mistake, in the wrong place"),
                            ("others_data", "Data of somebody else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("why", models.TextField(help_text="For staff.")),
                (
                    "asked_role",
                    models.CharField(
                        choices=[
                            ("support", "Support agent"),
                            ("specialist", "Mediation specialist"),
                            ("supervisor", "Mediation supervisor"),
                            ("arb_clerk", "Arbitration clerk"),
                            ("admin", "Admin"),
                        ],
                        max_length=12,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "decided_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("support", "Support agent"),
                            ("specialist", "Mediation specialist"),
                            ("supervisor", "Mediation supervisor"),
                            ("arb_clerk", "Arbitration clerk"),
                            ("admin", "Admin"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decision_text", models.TextField(blank=True, help_text="For staff: why it is refused.")),
                ("tombstone", models.CharField(blank=True, max_length=200)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case_message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disputes.casemessage",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="redactions", to="contracts.contract"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dispute",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disputes.dispute",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disputes.evidence",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.message",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disputes.settlementoffer",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disputes.statementversion",
                    ),
                ),
            ],
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                ("file", models.FileField(blank=True, max_length=300, upload_to=core.uploads.private_path)),
                ("size", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("downloads", models.PositiveIntegerField(default=0)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-asked_at"], name="disputes_exports_of")],
            },
        ),
        migrations.AddIndex(
            model_name="messagereport",
            index=models.Index(fields=["state", "reported_at"], name="disputes_reports"),
        ),
        migrations.AddConstraint(
            model_name="messagereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case_message__isnull", True), ("message__isnull", False)),
                    models.Q(("case_message__isnull", False), ("message__isnull", True)),
                    _connector="OR",
                ),
                name="disputes_report_of_one_message",
            ),
        ),
        migrations.AddConstraint(
            model_name="messagereport",
            constraint=models.UniqueConstraint(fields=("message", "reported_by"), name="disputes_report_message_once"),
        ),
        migrations.AddConstraint(
            model_name="messagereport",
            constraint=models.UniqueConstraint(
                fields=("case_message", "reported_by"), name="disputes_report_case_message_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="messagereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="disputes_report_decided_iff",
            ),
        ),
        migrations.AddConstraint(
            model_name="hiddenoriginal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case_message__isnull", True), ("message__isnull", False)),
                    models.Q(("case_message__isnull", False), ("message__isnull", True)),
                    _connector="OR",
                ),
                name="disputes_original_of_one_message",
            ),
        ),
        migrations.AddConstraint(
            model_name="hiddenoriginal",
            constraint=models.UniqueConstraint(fields=("message",), name="disputes_original_message_once"),
        ),
        migrations.AddConstraint(
            model_name="hiddenoriginal",
            constraint=models.UniqueConstraint(fields=("case_message",), name="disputes_original_case_message_once"),
        ),
        migrations.AddIndex(
            model_name="redaction",
            index=models.Index(fields=["state", "asked_at"], name="disputes_redactions"),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("case_message__isnull", True),
                        ("evidence__isnull", True),
                        ("message__isnull", False),
                        ("offer__isnull", True),
                        ("statement__isnull", True),
                    ),
                    models.Q(
                        ("case_message__isnull", False),
                        ("evidence__isnull", True),
                        ("message__isnull", True),
                        ("offer__isnull", True),
                        ("statement__isnull", True),
                    ),
                    models.Q(
                        ("case_message__isnull", True),
                        ("evidence__isnull", True),
                        ("message__isnull", True),
                        ("offer__isnull", True),
                        ("statement__isnull", False),
                    ),
                    models.Q(
                        ("case_message__isnull", True),
                        ("evidence__isnull", True),
                        ("message__isnull", True),
                        ("offer__isnull", False),
                        ("statement__isnull", True),
                    ),
                    models.Q(
                        ("case_message__isnull", True),
                        ("evidence__isnull", False),
                        ("message__isnull", True),
                        ("offer__isnull", True),
                        ("statement__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="disputes_redaction_of_one_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by__isnull", True), ("state", "asked")),
                    models.Q(
                        models.Q(("decided_by__isnull", False), ("state__in", ["done", "refused"])),
                        models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="disputes_redaction_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), models.Q(("tombstone", ""), _negated=True)),
                    models.Q(models.Q(("state", "done"), _negated=True), ("tombstone", "")),
                    _connector="OR",
                ),
                name="disputes_redaction_tombstone_iff_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused"), _negated=True),
                fields=("message",),
                name="disputes_redaction_message_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused"), _negated=True),
                fields=("case_message",),
                name="disputes_redaction_case_message_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused"), _negated=True),
                fields=("statement",),
                name="disputes_redaction_statement_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused"), _negated=True),
                fields=("offer",),
                name="disputes_redaction_offer_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused"), _negated=True),
                fields=("evidence",),
                name="disputes_redaction_evidence_once",
            ),
        ),
    ]
