"""Reports, removals and copies of data in the admin: looked at, never changed; no hidden text, no file path."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.admin import ReadOnlyAdmin
from disputes.models import DataExport, HiddenOriginal, MessageReport, Redaction


class _Moderated(ReadOnlyAdmin):
    """What is about one text of a contract."""

    page_name: ClassVar[str]
    list_filter = ("state", "reason")
    list_select_related = ("contract", "dispute")
    search_fields = ("contract__reference", "contract__title", "dispute__reference", "=id")

    @admin.display(description="What")
    def what(self, row: Any) -> str:
        """Kind of the text."""
        return str(row.kind).replace("_", " ")

    @admin.display(description="Page")
    def page(self, row: Model) -> SafeString:
        """Link to the desk, where it is decided."""
        return format_html('<a href="{}">Open at the desk</a>', reverse(self.page_name, args=[row.pk]))


@admin.register(MessageReport)
class MessageReportAdmin(_Moderated):
    """Reported messages."""

    page_name = "disputes:message_report"
    list_display = ("what", "contract", "dispute", "reason", "state", "reported_at", "decided_at", "page")
    ordering = ("-reported_at",)
    raw_id_fields = ("message", "case_message")


@admin.register(Redaction)
class RedactionAdmin(_Moderated):
    """Removals by two people."""

    page_name = "disputes:removal"
    list_display = ("what", "contract", "dispute", "reason", "state", "asked_by", "decided_by", "decided_at", "page")
    ordering = ("-asked_at",)
    exclude = ("tombstone",)


@admin.register(HiddenOriginal)
class HiddenOriginalAdmin(ReadOnlyAdmin):
    """That an original is kept; its words are read at the desk."""

    list_display = ("report", "hidden_at")
    exclude = ("body", "file", "file_name")
    ordering = ("-hidden_at",)


@admin.register(DataExport)
class DataExportAdmin(ReadOnlyAdmin):
    """Copies of people's data: who asked and when, never the file."""

    list_display = ("user", "asked_at", "ready_at", "failed_at", "expires_at", "deleted_at", "size", "downloads")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name", "=id")
    exclude = ("file",)
    ordering = ("-asked_at",)
