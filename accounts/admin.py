"""People and accounts in the admin. Roles of staff are given here and nowhere else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.enums import StaffRoleChoice
from accounts.models import Account, Invitation, Membership, User
from accounts.selectors import actor_for
from accounts.services import people
from core import clock

admin.site.unregister(Group)  # rights follow from roles, not from groups


class UserAdminForm(forms.ModelForm):
    """Staff roles as boxes to tick."""

    staff_roles = forms.TypedMultipleChoiceField(
        choices=StaffRoleChoice.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = ("email", "name", "timezone", "staff_roles", "languages", "out_of_office_until")


class MembershipInline(admin.TabularInline):
    """Where a person acts."""

    model = Membership
    extra = 0
    can_delete = False
    fields = readonly_fields = ("user", "account", "role", "joined_at", "removed_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Members are invited by an owner, not by the admin."""
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Everybody who signs in."""

    form = UserAdminForm
    list_display = ("name", "email", "roles", "timezone", "is_active", "mail_bounced_at", "last_login")
    list_filter = ("is_active", ("mail_bounced_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "email")
    ordering = ("name",)
    date_hierarchy = "created_at"
    readonly_fields = ("is_active", "last_login", "created_at", "mail_bounced_at")
    inlines = (MembershipInline,)
    actions = ("deactivate", "activate")
    list_per_page = 50
    fields = (
        "email",
        "name",
        "timezone",
        "languages",
        "staff_roles",
        "out_of_office_until",
        "is_active",
        "mail_bounced_at",
        "last_login",
        "created_at",
    )

    @admin.display(description="staff roles")
    def roles(self, obj: User) -> str:
        """Roles in words."""
        return ", ".join(str(StaffRoleChoice(r).label) for r in obj.staff_roles) or "–"

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Nobody changes a person's address behind that person's back."""
        return (*self.readonly_fields, "email") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        """A new person has no password: the reset page sets one."""
        if not change:
            obj.email = obj.email.strip().lower()
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and "staff_roles" in form.changed_data:
            people.standing_changed(user_id=obj.pk, now=clock.now())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """People are deactivated, never deleted: their acts stay."""
        return False

    @admin.action(description="Deactivate (deadlines and notices go on)")
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let these people in no more."""
        self._set_active(request, queryset, active=False)

    @admin.action(description="Activate")
    def activate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let these people in again."""
        self._set_active(request, queryset, active=True)

    def _set_active(self, request: HttpRequest, queryset: QuerySet[User], *, active: bool) -> None:
        actor = _admin_actor(request)
        chosen = [pk for pk in queryset.values_list("pk", flat=True) if active or pk != request.user.pk]
        for pk in chosen:
            people.set_active(user_id=pk, active=active, actor=actor, now=clock.now())
        self.message_user(request, f"{len(chosen)} changed.", messages.SUCCESS)


def _admin_actor(request: HttpRequest) -> Any:
    return actor_for(request.user)  # type: ignore[arg-type]


class ReadOnlyAdmin(admin.ModelAdmin):
    """Looked at, never changed here."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Made by the product."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Changed by the product."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Kept."""
        return False


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    """Parties."""

    list_display = ("name", "kind", "place", "created_at", "deactivated_at")
    list_filter = ("kind", ("deactivated_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "memberships__user__name", "memberships__user__email")
    date_hierarchy = "created_at"
    inlines = (MembershipInline,)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who was asked to join."""

    list_display = ("email", "account", "role", "invited_by", "invited_at", "accepted_at", "revoked_at")
    list_filter = ("role",)
    search_fields = ("email", "account__name")
    date_hierarchy = "invited_at"
