"""Mediation in the admin: looked at, never changed. The acts are on the desk, where their guards are."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from core.admin import ReadOnlyAdmin
from mediation.models import (
    ConflictDeclaration,
    ContactAttempt,
    ImpasseDeclaration,
    InternalNote,
    MediationCase,
    Objection,
    ReadMark,
    Recommendation,
)


@admin.register(MediationCase)
class MediationCaseAdmin(ReadOnlyAdmin):
    """Cases, with the way to the desk."""

    list_display = ("dispute", "state", "specialist", "opened_at", "ends_at", "close_code", "on_the_desk")
    list_filter = ("state", "close_code", "specialist")
    list_select_related = ("dispute", "specialist")
    search_fields = ("dispute__reference", "dispute__contract__title", "specialist__name")
    date_hierarchy = "opened_at"
    ordering = ("-opened_at",)

    @admin.display(description="On the desk")
    def on_the_desk(self, case: MediationCase) -> str:
        """Link to the page where the acts are (it answers to supervisors and the assigned specialist)."""
        return format_html('<a href="{}">Open</a>', reverse("mediation:case", args=[case.dispute.reference]))


@admin.register(Recommendation)
class RecommendationAdmin(ReadOnlyAdmin):
    """Recommendations. What a side answered stays out: it is secret until the outcome is certain (D14)."""

    list_display = ("case", "number", "state", "to_freelancer", "to_client", "written_by", "issued_at", "answer_due_at")
    list_filter = ("state", "disposition", "failure")
    list_select_related = ("case__dispute", "written_by")
    search_fields = ("case__dispute__reference", "written_by__name")
    date_hierarchy = "issued_at"
    exclude = ("freelancer_answer", "freelancer_answered_at", "client_answer", "client_answered_at")


@admin.register(ContactAttempt)
class ContactAttemptAdmin(ReadOnlyAdmin):
    """Contact attempts and replies."""

    list_display = ("case", "side", "channel", "by_system", "made_by", "made_at", "replied_at")
    list_filter = ("side", "channel", "by_system")
    list_select_related = ("case__dispute", "made_by")
    search_fields = ("case__dispute__reference", "made_by__name")
    date_hierarchy = "made_at"


@admin.register(Objection)
class ObjectionAdmin(ReadOnlyAdmin):
    """Objections to specialists."""

    list_display = ("case", "side", "specialist", "state", "made_at", "decided_at", "decided_by")
    list_filter = ("state", "side")
    list_select_related = ("case__dispute", "specialist", "decided_by")
    search_fields = ("case__dispute__reference", "specialist__name")
    date_hierarchy = "made_at"


@admin.register(ConflictDeclaration)
class ConflictDeclarationAdmin(ReadOnlyAdmin):
    """Signed no-conflict declarations."""

    list_display = ("case", "specialist", "text_version", "declared_at")
    list_filter = ("text_version",)
    list_select_related = ("case__dispute", "specialist")
    search_fields = ("case__dispute__reference", "specialist__name")
    date_hierarchy = "declared_at"


@admin.register(ImpasseDeclaration)
class ImpasseDeclarationAdmin(ReadOnlyAdmin):
    """Declarations that no agreement is in sight."""

    list_display = ("case", "side", "declared_by", "declared_at")
    list_filter = ("side",)
    list_select_related = ("case__dispute", "declared_by")
    search_fields = ("case__dispute__reference",)
    date_hierarchy = "declared_at"


@admin.register(InternalNote)
class InternalNoteAdmin(ReadOnlyAdmin):
    """Staff notes."""

    list_display = ("case", "written_by", "written_at")
    list_select_related = ("case__dispute", "written_by")
    search_fields = ("case__dispute__reference", "written_by__name")
    date_hierarchy = "written_at"


@admin.register(ReadMark)
class ReadMarkAdmin(ReadOnlyAdmin):
    """Which exhibits were read, and when."""

    list_display = ("case", "evidence", "specialist", "read_at")
    list_select_related = ("case__dispute", "evidence", "specialist")
    search_fields = ("case__dispute__reference", "specialist__name")
    date_hierarchy = "read_at"
