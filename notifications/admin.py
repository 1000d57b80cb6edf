"""Notices in the admin: who was told what, when, and whether the mail left."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from notifications.models import Notice


class HasProblem(admin.SimpleListFilter):
    """Mail left, waits, or was refused."""

    title = "mail"
    parameter_name = "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        """Name the three."""
        return [("sent", "Sent"), ("waiting", "Not sent"), ("refused", "Refused")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:  # noqa: ARG002
        """Narrow the list."""
        return {
            "sent": queryset.filter(mailed_at__isnull=False),
            "waiting": queryset.filter(mailed_at__isnull=True, mail_problem=""),
            "refused": queryset.exclude(mail_problem=""),
        }.get(self.value() or "", queryset)


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):
    """Read-only: a notice is a fact."""

    list_display = ("title", "recipient", "kind", "legal", "created_at", "read_at", "mailed_at", "mail_problem")
    list_filter = (HasProblem, "legal", ("read_at", admin.EmptyFieldListFilter), "kind")
    search_fields = ("title", "recipient__name", "recipient__email")
    date_hierarchy = "created_at"
    list_select_related = ("recipient",)
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Made by events."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Kept."""
        return False
