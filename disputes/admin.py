"""Disputes in the admin: looked at, never changed. Acts are done on the product's pages, each row links there.

What was said in confidence stays so here too: no sealed amount, no private text, no unsent draft, no file path.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.admin import ReadOnlyAdmin
from core.formatting import format_money
from disputes.models import (
    BlindBid,
    CaseMessage,
    Consent,
    Dispute,
    Evidence,
    EvidenceRequest,
    EvidenceRequestAnswer,
    PageDraft,
    Resolution,
    SettlementOffer,
    StagedFile,
    StatementVersion,
    SupportNote,
    SupportRequest,
)
from disputes.moderation import admin as moderation

__all__ = ["moderation"]  # registers its own pages

_UNFILED = {"draft", "abandoned"}


class Inline(admin.TabularInline):
    """Rows that belong to the one shown, read-only."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Made by the product."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Changed by the product."""
        return False


class Versions(Inline):
    """Claim and answer."""

    model = StatementVersion
    fields = ("side", "number", "reason", "amount", "written_by", "written_at")


class Exhibits(Inline):
    """Files of the case."""

    model = Evidence
    fields = ("exhibit", "side", "kind", "file_name", "size", "confidentiality", "added_at")


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    """Disputes, with the way to the case."""

    list_display = ("number", "contract", "state", "route", "sum", "filed_at", "resolved_at", "resolution_code", "page")
    list_filter = ("state", "route", "resolution_code")
    list_select_related = ("contract",)
    search_fields = (
        "reference",
        "contract__reference",
        "contract__title",
        "contract__freelancer_account__name",
        "contract__client_account__name",
        "=id",
    )
    date_hierarchy = "filed_at"
    ordering = ("-filed_at", "-created_at")
    exclude = ("draft",)
    inlines = (Versions, Exhibits)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        """Leave out drafts: they are their writers' alone."""
        return super().get_queryset(request).exclude(state__in=_UNFILED)

    @admin.display(description="Amount", ordering="amount")
    def sum(self, dispute: Dispute) -> str:
        """Amount in house style."""
        return format_money(dispute.money)

    @admin.display(description="Case")
    def page(self, dispute: Dispute) -> SafeString:
        """Link to the product's page, where acts are done."""
        return format_html('<a href="{}">See Dispute</a>', reverse("disputes:dispute", args=[dispute.reference]))


class Notes(Inline):
    """Questions and answers."""

    model = SupportNote
    fields = ("from_staff", "body", "written_by", "written_at")


@admin.register(SupportRequest)
class SupportRequestAdmin(ReadOnlyAdmin):
    """Requests to customer support, with the way to the desk."""

    list_display = ("number", "contract", "state", "reason", "sum", "asked_at", "handled_by", "page")
    list_filter = ("state", "reason", "decline_reason")
    list_select_related = ("contract", "handled_by")
    search_fields = ("reference", "contract__reference", "contract__title", "asked_by__name", "asked_by__email")
    date_hierarchy = "asked_at"
    ordering = ("-asked_at",)
    inlines = (Notes,)

    @admin.display(description="Named", ordering="amount")
    def sum(self, request: SupportRequest) -> str:
        """Amount in house style."""
        return format_money(request.money)

    @admin.display(description="Desk")
    def page(self, request: SupportRequest) -> SafeString:
        """Link to the desk, where acts are done."""
        return format_html(
            '<a href="{}">Open on the desk</a>', reverse("disputes:support_case", args=[request.reference])
        )


@admin.register(StatementVersion)
class StatementVersionAdmin(ReadOnlyAdmin):
    """Versions of claims and answers."""

    list_display = ("dispute", "side", "number", "reason", "amount", "written_by", "written_at")
    list_filter = ("side",)
    list_select_related = ("dispute", "written_by")
    search_fields = ("dispute__reference", "written_by__name")
    date_hierarchy = "written_at"


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Who agreed to which text; sealed amounts are left out."""

    list_display = ("kind", "text_version", "user", "side", "dispute", "given_at")
    list_filter = ("kind", "text_version")
    list_select_related = ("dispute", "user")
    search_fields = ("dispute__reference", "contract__reference", "user__name", "user__email")
    date_hierarchy = "given_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        """Leave out what would show that a sealed amount exists (D19)."""
        return super().get_queryset(request).exclude(kind="blind_bid")


@admin.register(CaseMessage)
class CaseMessageAdmin(ReadOnlyAdmin):
    """Messages in cases: that they exist. Their words are read on the case page by those in the case."""

    list_display = ("dispute", "sender", "sender_role", "audience", "sent_at")
    list_filter = ("audience", "sender_role")
    list_select_related = ("dispute", "sender")
    search_fields = ("dispute__reference", "sender__name")
    date_hierarchy = "sent_at"
    exclude = ("body", "file")


@admin.register(Resolution)
class ResolutionAdmin(ReadOnlyAdmin):
    """Who got what."""

    list_display = ("dispute", "ground", "frozen", "to_freelancer", "to_client", "disposition", "resolved_at")
    list_filter = ("ground", "disposition")
    list_select_related = ("dispute",)
    search_fields = ("dispute__reference", "dispute__contract__reference")
    date_hierarchy = "resolved_at"


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """Exhibits: their metadata. Files are opened on the case page."""

    list_display = ("dispute", "exhibit", "side", "kind", "file_name", "size", "confidentiality", "added_at")
    list_filter = ("kind", "side", "confidentiality")
    list_select_related = ("dispute",)
    search_fields = ("dispute__reference", "file_name", "=sha256")
    date_hierarchy = "added_at"
    exclude = ("file",)


class Answers(Inline):
    """Who has answered."""

    model = EvidenceRequestAnswer
    fields = ("side", "answered_by", "answered_at")


@admin.register(EvidenceRequest)
class EvidenceRequestAdmin(ReadOnlyAdmin):
    """What the specialists asked for."""

    list_display = ("dispute", "asked_of", "asked_by", "asked_at", "due_at", "closed_at")
    list_filter = ("asked_of",)
    list_select_related = ("dispute", "asked_by")
    search_fields = ("dispute__reference", "asked_by__name")
    date_hierarchy = "asked_at"
    inlines = (Answers,)


@admin.register(SettlementOffer)
class SettlementOfferAdmin(ReadOnlyAdmin):
    """Offers. Who has agreed to a specialist's draft stays secret until both have."""

    list_display = ("dispute", "number", "side", "state", "to_freelancer", "to_client", "made_at", "expires_at")
    list_filter = ("state", "side")
    list_select_related = ("dispute",)
    search_fields = ("dispute__reference",)
    date_hierarchy = "made_at"
    exclude = ("freelancer_confirmed_at", "client_confirmed_at", "note")


@admin.register(BlindBid)
class BlindBidAdmin(ReadOnlyAdmin):
    """Sealed amounts: only those that met, which both sides know."""

    list_display = ("dispute", "side", "state", "stage", "made_at")
    list_filter = ("stage",)
    list_select_related = ("dispute",)
    search_fields = ("dispute__reference",)
    date_hierarchy = "made_at"
    exclude = ("amount",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BlindBid]:
        """No match reveals nothing, not even that a bid exists (D19)."""
        return super().get_queryset(request).filter(state="matched")


@admin.register(PageDraft)
class PageDraftAdmin(ReadOnlyAdmin):
    """Unsent texts: that they are kept, not what they say."""

    list_display = ("dispute", "user", "page", "saved_at")
    list_select_related = ("dispute", "user")
    search_fields = ("dispute__reference", "user__name")
    date_hierarchy = "saved_at"
    exclude = ("data",)


@admin.register(StagedFile)
class StagedFileAdmin(ReadOnlyAdmin):
    """Files that wait for their form: that they are kept, not what they hold."""

    list_display = ("dispute", "user", "page", "size", "staged_at")
    list_select_related = ("dispute", "user")
    search_fields = ("dispute__reference", "user__name")
    date_hierarchy = "staged_at"
    exclude = ("file", "file_name", "shows")
