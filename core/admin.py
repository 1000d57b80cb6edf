"""Clocks, outbox, audit and settings in the admin. All but the settings are looked at, never changed."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from core import audit, clock
from core.models import AuditChain, AuditEntry, Deadline, Heartbeat, OutboxMessage, PolicySetting
from core.policy import CHOICES, FIXED, Policy

admin.site.site_title = "Evenhand admin"
admin.site.site_header = "Evenhand admin"
admin.site.index_title = "Everything, to look at"


class ReadOnlyAdmin(admin.ModelAdmin):
    """Looked at, never changed here."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Made by the product."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Changed by the product."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Kept."""
        return False


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    """Timers: what runs, what fired, what failed."""

    list_display = ("kind", "due_at", "status", "executed_at", "failures", "contract_id")
    list_filter = ("status", ("last_error", admin.EmptyFieldListFilter), "kind")
    search_fields = ("kind", "=object_id", "=contract_id")
    date_hierarchy = "due_at"
    ordering = ("-due_at",)


@admin.register(OutboxMessage)
class OutboxAdmin(ReadOnlyAdmin):
    """What was sent, what waits, what keeps failing."""

    list_display = ("id", "handler", "created_at", "available_at", "delivered_at", "attempts", "last_error")
    list_filter = (("delivered_at", admin.EmptyFieldListFilter), ("last_error", admin.EmptyFieldListFilter), "handler")
    search_fields = ("handler", "last_error")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    # Payloads may hold what a recipient alone should read.
    exclude = ("payload",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The record of every act, in its chains."""

    list_display = ("at", "rule", "act", "actor_name", "actor_kind", "object_type", "old_state", "new_state", "reason")
    list_filter = ("actor_kind", "rule")
    search_fields = ("=chain_id", "=object_id", "act", "actor_name")
    date_hierarchy = "at"
    ordering = ("-at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """Leave out what would show that a sealed amount exists, or who has agreed in secret (D19, D12)."""
        return audit.readable(super().get_queryset(request))


@admin.register(AuditChain)
class AuditChainAdmin(ReadOnlyAdmin):
    """Chains, each checked when it is opened."""

    list_display = ("id", "length", "head")
    search_fields = ("=id",)
    readonly_fields = ("verdict",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditChain]:
        """Leave out the chains of secret acts: a new one would tell that there was one."""
        return audit.readable_chains(super().get_queryset(request))

    @admin.display(description="checked now")
    def verdict(self, obj: AuditChain) -> str:
        """Recompute every hash and say whether the record holds."""
        found = audit.verify(obj.pk)
        if found.broken_at is None:
            return f"Holds: {found.length} entries, none altered, missing or added."
        return format_html("<b>Broken at entry {}: {}.</b>", found.broken_at, found.why)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    """Signs of life of beat, broker, worker and database together."""

    list_display = ("name", "at")


_FIELDS = {field.name: field for field in dataclasses.fields(Policy)}
_EXAMPLES = Policy().to_json()


class BlankJSONField(forms.JSONField):
    """An empty box for nothing, instead of the word null."""

    def prepare_value(self, value: Any) -> Any:
        """Write the value as it is typed."""
        return "" if value is None else super().prepare_value(value)


class PolicySettingForm(forms.ModelForm):
    """One setting. The value is JSON, and must be of the kind the setting has."""

    name = forms.ChoiceField(choices=[(name, name.upper()) for name in _FIELDS])
    value = BlankJSONField(
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="In JSON, in the unit that the name says; money in minor units. New cases take it; running ones keep"
        " the value they were opened under.",
    )

    class Meta:
        model = PolicySetting
        fields = ("name", "value")

    def clean(self) -> dict[str, Any]:
        """Refuse a value of another kind than the setting's own."""
        cleaned = super().clean() or {}
        name, value = cleaned.get("name"), cleaned.get("value")
        if name is None or "value" not in cleaned:
            return cleaned
        problem = wrong_value(str(name), value)
        if problem:
            self.add_error("value", problem)
        return cleaned


def wrong_value(name: str, value: Any) -> str:
    """Say in words why `value` cannot be the setting's; "" when it can."""
    example = _EXAMPLES[name]
    shown = json.dumps(example)
    if isinstance(example, bool):
        return "" if isinstance(value, bool) else "Write true or false."
    if isinstance(example, int):
        fine = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return "" if fine else f"Write a whole number of 0 or more, for example {shown}."
    if isinstance(example, str):
        allowed = CHOICES.get(name, ())
        if allowed:
            shown = ", or ".join(json.dumps(one) for one in allowed)
        fine = isinstance(value, str) and (not allowed or value in allowed)
        return "" if fine else f"Write a text in quotes, for example {shown}."
    if isinstance(example, list | tuple):
        return "" if isinstance(value, list) else f"Write a list, for example {shown}."
    if not isinstance(value, dict) or not all(len(key) == 3 and key.isupper() for key in value):  # noqa: PLR2004
        return f"Write a table by currency code, for example {shown}."
    return _readable(name, value, shown)


def _readable(name: str, value: Any, shown: str) -> str:
    """Try the value as the product will: a policy with it answers for each currency."""
    try:
        policy = Policy.from_json({name: value})
        if name == "min_milestone":
            fine = all(isinstance(minor, int) and minor >= 0 for minor in policy.min_milestone.values())
        else:
            fine = all(
                (below is None or isinstance(below, int)) and isinstance(fee, int) and isinstance(share, int)
                for bands in policy.arb_fee.values()
                for below, fee, share in bands
            )
    except (TypeError, ValueError):
        fine = False
    return "" if fine else f"Write it in the same form as {shown}."


@admin.register(PolicySetting)
class PolicySettingAdmin(admin.ModelAdmin):
    """The settings of the rulebook that may be changed, and, for the eye, those that may not."""

    form = PolicySettingForm
    list_display = ("name", "value", "default", "changed_at")
    readonly_fields = ("fixed_ones", "changed_at")
    fields = ("name", "value", "fixed_ones", "changed_at")

    @admin.display(description="default")
    def default(self, obj: PolicySetting) -> str:
        """Value without an override."""
        return json.dumps(_EXAMPLES.get(obj.name))

    @admin.display(description="fixed by the founding document, not settings")
    def fixed_ones(self, obj: PolicySetting) -> str:  # noqa: ARG002
        """Name what cannot be changed here or anywhere."""
        return ", ".join(f"{name} = {value}" for name, value in FIXED.items())

    def get_readonly_fields(self, request: HttpRequest, obj: PolicySetting | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """The name of an override stays what it is."""
        return (*self.readonly_fields, "name") if obj else self.readonly_fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Let the form know the name of an override that is changed."""
        built = super().get_form(request, obj, change, **kwargs)
        if obj is None:
            return built

        class Changing(built):  # type: ignore[misc,valid-type]
            def clean(self) -> dict[str, Any]:
                cleaned: dict[str, Any] = forms.ModelForm.clean(self) or {}
                if "value" in cleaned and (problem := wrong_value(obj.name, cleaned["value"])):
                    self.add_error("value", problem)
                return cleaned

        return Changing

    def save_model(self, request: HttpRequest, obj: PolicySetting, form: Any, change: bool) -> None:  # noqa: FBT001
        """Note who changed it and when."""
        obj.changed_by = request.user.pk
        obj.changed_at = clock.now()
        super().save_model(request, obj, form, change)
