"""Contracts in the admin: to look at. State and money move by the services alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from contracts.models import (
    Contract,
    GatewayEvent,
    JournalEntry,
    LedgerAccount,
    Message,
    Milestone,
    MilestoneDecision,
    Payment,
    Payout,
    RefundProposal,
    RefundRequest,
    Submission,
    Transfer,
)
from core.formatting import format_money
from core.money import Money

if TYPE_CHECKING:
    from django.contrib.admin.options import InlineModelAdmin

    _Admin = admin.ModelAdmin[Any]
    _Tabular = InlineModelAdmin[Any, Any]
else:
    _Admin, _Tabular = admin.ModelAdmin, admin.TabularInline


class _LookOnly:
    """No adding, no changing, no deleting: whoever may open the admin may look."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The admin lets in whom it lets in; here they may look."""
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """As above."""
        return self.has_module_permission(request)

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody changes by hand."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nothing is ever deleted."""
        return False


class LookOnlyAdmin(_LookOnly, _Admin):
    """A list and a page to read, with a page number that does not count millions."""

    show_full_result_count = False
    list_per_page = 50
    actions = None

    def get_readonly_fields(self, _request: HttpRequest, _obj: Any = None) -> list[str]:
        """Every field is for reading."""
        return [f.name for f in self.model._meta.fields]


class LookOnlyInline(_LookOnly, _Tabular):
    """Rows that hang on an object."""

    extra = 0
    show_change_link = True


def amount(row: models.Model, name: str = "amount") -> str:
    """An amount of a row in its currency."""
    currency = getattr(row, "currency", None)
    if currency is None:
        currency = row.contract.currency  # type: ignore[attr-defined]
    return format_money(Money(int(getattr(row, name)), currency))


class MilestoneInline(LookOnlyInline):
    """A contract's milestones."""

    model = Milestone
    fields = ("number", "title", "state", "sum")
    readonly_fields = fields

    @admin.display(description="price")
    def sum(self, row: Milestone) -> str:
        """Price."""
        return amount(row)


class AccountInline(LookOnlyInline):
    """Where a contract's money is."""

    model = LedgerAccount
    fields = ("code", "object_id", "sum")
    readonly_fields = fields

    @admin.display(description="balance")
    def sum(self, row: LedgerAccount) -> str:
        """Balance."""
        return "" if row.balance is None else amount(row, "balance")


@admin.register(Contract)
class ContractAdmin(LookOnlyAdmin):
    """Contracts."""

    list_display = (
        "reference",
        "title",
        "freelancer_account",
        "client_account",
        "state",
        "currency",
        "created_at",
        "page",
    )
    list_filter = ("state", "currency", "ended_by")
    search_fields = ("reference", "title", "freelancer_account__name", "client_account__name")
    date_hierarchy = "created_at"
    list_select_related = ("freelancer_account", "client_account")
    inlines = (MilestoneInline, AccountInline)

    @admin.display(description="page")
    def page(self, row: Contract) -> SafeString:
        """Link to the product's page, where the record is told in words."""
        return format_html('<a href="/contracts/{}/">Open</a>', row.reference)


@admin.register(Milestone)
class MilestoneAdmin(LookOnlyAdmin):
    """Milestones."""

    list_display = ("contract", "number", "title", "state", "sum", "submitted_at")
    list_filter = ("state",)
    search_fields = ("contract__reference", "contract__title", "title")
    date_hierarchy = "created_at"
    list_select_related = ("contract",)

    @admin.display(description="price", ordering="amount")
    def sum(self, row: Milestone) -> str:
        """Price."""
        return amount(row)


@admin.register(Submission)
class SubmissionAdmin(LookOnlyAdmin):
    """Work handed in."""

    list_display = ("milestone", "number", "submitted_by", "submitted_at", "file_name")
    search_fields = ("milestone__contract__reference", "submitted_by__name", "file_name")
    date_hierarchy = "submitted_at"
    list_select_related = ("milestone", "submitted_by")


@admin.register(MilestoneDecision)
class DecisionAdmin(LookOnlyAdmin):
    """What clients decided."""

    list_display = ("milestone", "kind", "released", "carried", "decided_by", "decided_at")
    list_filter = ("kind",)
    search_fields = ("milestone__contract__reference", "decided_by__name")
    date_hierarchy = "decided_at"
    list_select_related = ("milestone", "decided_by")


class ProposalInline(LookOnlyInline):
    """Proposed splits of a refund request."""

    model = RefundProposal
    fields = ("number", "state", "keep", "give_back", "proposed_by", "proposed_at")
    readonly_fields = fields


@admin.register(RefundRequest)
class RefundRequestAdmin(LookOnlyAdmin):
    """Refund requests."""

    list_display = ("contract", "state", "sum", "opened_at", "due_at", "closed_at")
    list_filter = ("state",)
    search_fields = ("contract__reference", "contract__title")
    date_hierarchy = "opened_at"
    list_select_related = ("contract",)
    inlines = (ProposalInline,)

    @admin.display(description="asked back", ordering="amount")
    def sum(self, row: RefundRequest) -> str:
        """What is asked back."""
        return amount(row)


@admin.register(RefundProposal)
class RefundProposalAdmin(LookOnlyAdmin):
    """Proposed splits."""

    list_display = ("refund_request", "number", "state", "keep", "give_back", "proposed_at")
    list_filter = ("state",)
    search_fields = ("refund_request__contract__reference",)
    date_hierarchy = "proposed_at"
    list_select_related = ("refund_request",)


@admin.register(Message)
class MessageAdmin(LookOnlyAdmin):
    """Messages of the threads."""

    list_display = ("contract", "kind", "sender", "sent_at", "file_name")
    list_filter = ("kind", "side")
    search_fields = ("contract__reference", "sender__name", "file_name")
    date_hierarchy = "sent_at"
    list_select_related = ("contract", "sender")


class TransferInline(LookOnlyInline):
    """The movements of an entry."""

    model = Transfer
    fields = ("debit", "credit", "sum")
    readonly_fields = fields
    show_change_link = False

    @admin.display(description="amount")
    def sum(self, row: Transfer) -> str:
        """Amount."""
        return amount(row)


@admin.register(JournalEntry)
class JournalEntryAdmin(LookOnlyAdmin):
    """The journal."""

    list_display = ("posted_at", "contract", "rule", "ground", "actor_kind", "key")
    list_filter = ("ground", "rule", "actor_kind")
    search_fields = ("key", "contract__reference", "cause_id")
    date_hierarchy = "posted_at"
    list_select_related = ("contract",)
    inlines = (TransferInline,)


@admin.register(LedgerAccount)
class LedgerAccountAdmin(LookOnlyAdmin):
    """Accounts of the ledger."""

    list_display = ("code", "contract", "object_id", "currency", "sum")
    list_filter = ("code", "currency")
    search_fields = ("contract__reference", "object_id")
    list_select_related = ("contract",)

    @admin.display(description="balance", ordering="balance")
    def sum(self, row: LedgerAccount) -> str:
        """Balance; shared accounts have none and are summed when asked."""
        return "" if row.balance is None else amount(row, "balance")


@admin.register(Transfer)
class TransferAdmin(LookOnlyAdmin):
    """Movements."""

    list_display = ("entry", "debit", "credit", "sum")
    list_filter = ("currency",)
    search_fields = ("entry__key", "entry__contract__reference")
    list_select_related = ("entry", "debit", "credit")

    @admin.display(description="amount", ordering="amount")
    def sum(self, row: Transfer) -> str:
        """Amount."""
        return amount(row)


@admin.register(Payment)
class PaymentAdmin(LookOnlyAdmin):
    """Payments from outside."""

    list_display = ("started_at", "contract", "purpose", "side", "sum", "state", "settled_at", "note")
    list_filter = ("state", "purpose", "side")
    search_fields = ("id", "contract__reference")
    date_hierarchy = "started_at"
    list_select_related = ("contract",)

    @admin.display(description="amount", ordering="amount")
    def sum(self, row: Payment) -> str:
        """Amount."""
        return amount(row)


@admin.register(Payout)
class PayoutAdmin(LookOnlyAdmin):
    """Payments to outside."""

    list_display = ("due_at", "contract", "side", "sum", "state", "confirmed_at", "last_problem")
    list_filter = ("state", "side")
    search_fields = ("id", "contract__reference")
    date_hierarchy = "due_at"
    list_select_related = ("contract",)

    @admin.display(description="amount", ordering="amount")
    def sum(self, row: Payout) -> str:
        """Amount."""
        return amount(row)


@admin.register(GatewayEvent)
class GatewayEventAdmin(LookOnlyAdmin):
    """Callbacks that were taken in."""

    list_display = ("received_at", "kind", "object_id", "status", "event_id")
    list_filter = ("kind", "status")
    search_fields = ("event_id", "object_id")
    date_hierarchy = "received_at"
