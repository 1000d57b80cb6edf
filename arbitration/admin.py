"""Read-only: everything here changes through the services; orders are proposed and approved on their own pages."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from arbitration.models import (
    AdminOrder,
    ArbitrationCase,
    Award,
    Election,
    NonComplianceReport,
    NonResolutionNotice,
    PartyClaim,
    ProviderEvent,
    ProviderRequest,
)


class ReadOnly(admin.ModelAdmin):
    """Look, search, filter; nothing is added, changed or deleted here."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Say no."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        """Say no."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        """Say no."""
        return False


@admin.register(NonResolutionNotice)
class NoticeAdmin(ReadOnly):
    """Notices."""

    list_display = ("dispute", "number", "state", "issued_at", "election_ends_at")
    list_filter = ("state",)
    list_select_related = ("dispute",)
    search_fields = ("dispute__reference",)
    date_hierarchy = "issued_at"
    exclude = ("annex",)


@admin.register(Election)
class ElectionAdmin(ReadOnly):
    """Choices of the sides."""

    list_display = ("notice", "side", "state", "elected_at", "paid_at", "declined_at")
    list_filter = ("state", "side")
    list_select_related = ("notice",)
    search_fields = ("notice__dispute__reference",)
    date_hierarchy = "elected_at"


@admin.register(ArbitrationCase)
class CaseAdmin(ReadOnly):
    """Cases with a provider."""

    list_display = ("dispute", "provider", "provider_case", "state", "opened_at")
    list_filter = ("state", "provider")
    list_select_related = ("dispute",)
    search_fields = ("dispute__reference", "provider_case")
    date_hierarchy = "opened_at"


@admin.register(Award)
class AwardAdmin(ReadOnly):
    """Awards."""

    list_display = ("case", "to_freelancer", "to_client", "shift", "entered_by", "approved_by", "recorded_at")
    list_filter = ("shift_from",)
    list_select_related = ("case", "entered_by", "approved_by")
    search_fields = ("case__dispute__reference", "arbitrator")
    date_hierarchy = "received_at"


@admin.register(PartyClaim)
class PartyClaimAdmin(ReadOnly):
    """Costs beyond a share."""

    list_display = ("case", "debtor", "amount", "currency", "created_at")
    list_select_related = ("case",)
    search_fields = ("case__dispute__reference",)
    date_hierarchy = "created_at"


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnly):
    """Inbox."""

    list_display = ("kind", "event_id", "state", "received_at", "note")
    list_filter = ("state", "kind")
    search_fields = ("event_id", "case_reference")
    date_hierarchy = "received_at"


@admin.register(ProviderRequest)
class ProviderRequestAdmin(ReadOnly):
    """What was told the provider."""

    list_display = ("case", "verb", "created_at", "sent_at", "confirmed_at", "cancelled_at")
    list_filter = ("verb",)
    list_select_related = ("case",)
    search_fields = ("case__dispute__reference",)
    date_hierarchy = "created_at"


@admin.register(NonComplianceReport)
class ReportAdmin(ReadOnly):
    """Reports of A7."""

    list_display = ("case", "side", "reported_by", "reported_at")
    list_select_related = ("case", "reported_by")
    search_fields = ("case__dispute__reference",)
    date_hierarchy = "reported_at"


@admin.register(AdminOrder)
class OrderAdmin(ReadOnly):
    """Orders of two admins; the list links to where they are approved."""

    list_display = ("kind", "contract", "proposed_by", "proposed_at", "approved_by", "executed_at", "refused_at")
    list_filter = ("kind",)
    list_select_related = ("contract", "proposed_by", "approved_by")
    search_fields = ("contract__reference", "contract__title")
    date_hierarchy = "proposed_at"
