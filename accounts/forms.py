"""Forms of accounts: they check shape; the services decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm

from accounts.enums import AccountKind, MemberRoleChoice, Theme
from accounts.timezones import choices as zone_choices
from core.web.forms import ChoiceCards, EvenhandForm, HouseStyle

_EMAIL = {"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
_BAD_EMAIL = "Enter an e-mail address like name@example.com."


class ZoneForm(EvenhandForm):
    """Base of forms with a time zone."""

    timezone = forms.ChoiceField(
        label="Time zone",
        help_text="Every deadline is shown in this zone.",
        widget=forms.Select(attrs={"data-zone-select": True}),
    )

    def __init__(self, *args: Any, now: datetime, zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = zone_choices(now, current=zone)  # type: ignore[attr-defined]


class SignInForm(EvenhandForm):
    """E-mail and password."""

    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={**_EMAIL, "autocomplete": "username"}),
        error_messages={"invalid": _BAD_EMAIL},
    )
    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class SignUpForm(ZoneForm):
    """A new person, as freelancer or client."""

    kind = forms.ChoiceField(
        label="How do you want to use Evenhand?",
        choices=[(AccountKind.FREELANCER, "I work as a freelancer"), (AccountKind.CLIENT, "I hire as a client")],
        widget=ChoiceCards(
            consequences={
                AccountKind.FREELANCER: "You deliver work and are paid from escrow.",
                AccountKind.CLIENT: "You put the money into escrow and release it for the work.",
            }
        ),
    )
    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="The other side sees it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    account_name = forms.CharField(
        label="Business name",
        max_length=120,
        required=False,
        help_text="If you trade under a name of its own.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs=_EMAIL), error_messages={"invalid": _BAD_EMAIL}
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="10 characters or more.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )
    field_order = ("kind", "name", "account_name", "email", "password", "timezone")


class ResetForm(EvenhandForm):
    """Where to send the link."""

    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs=_EMAIL), error_messages={"invalid": _BAD_EMAIL}
    )


class NewPasswordForm(HouseStyle, SetPasswordForm):
    """A new password after a reset."""

    field_order = ("new_password1", "new_password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = "10 characters or more."
        self.fields["new_password2"].label = "The same once more"
        self.fields["new_password2"].help_text = ""


class SettingsForm(ZoneForm):
    """How the product looks and speaks to oneself."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    theme = forms.ChoiceField(label="Colours", choices=Theme.choices, widget=forms.RadioSelect)
    shortcut_keys = forms.BooleanField(
        label="Keyboard shortcuts",
        required=False,
        help_text="Single letters act in lists, for example J and K. Off: no letter does anything.",
    )
    field_order = ("name", "timezone", "theme", "shortcut_keys")


class StaffSettingsForm(SettingsForm):
    """Staff may say how long they are away: no new case is assigned until then."""

    out_of_office_until = forms.DateField(
        label="Away until",
        required=False,
        help_text="Until this day no new case is assigned to you.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a date like 2026-11-30."},
    )


class PasswordForm(EvenhandForm):
    """Change one's password."""

    old = forms.CharField(
        label="Present password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label="New password",
        strip=False,
        help_text="10 characters or more. All your other devices are signed out.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


_ROLE_MEANS = {
    MemberRoleChoice.OWNER: "Does everything, and decides who works for the account.",
    MemberRoleChoice.CASE_MANAGER: "Reads and writes, and does acts that move money.",
    MemberRoleChoice.MEMBER: "Reads and writes. Acts that move money are for the others.",
}


class InviteForm(EvenhandForm):
    """Ask somebody to work for the account."""

    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs=_EMAIL), error_messages={"invalid": _BAD_EMAIL}
    )
    role = forms.ChoiceField(
        label="Role",
        choices=list(reversed(MemberRoleChoice.choices)),
        initial=MemberRoleChoice.MEMBER,
        widget=ChoiceCards(consequences={str(k): v for k, v in _ROLE_MEANS.items()}),
    )


class RoleForm(EvenhandForm):
    """Another role for a member."""

    role = forms.ChoiceField(
        label="Role",
        choices=list(reversed(MemberRoleChoice.choices)),
        widget=ChoiceCards(consequences={str(k): v for k, v in _ROLE_MEANS.items()}),
    )


class TeamForm(EvenhandForm):
    """A new agency or client company."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(AccountKind.AGENCY, "An agency"), (AccountKind.COMPANY, "A client company")],
        widget=ChoiceCards(
            consequences={
                AccountKind.AGENCY: "Several people deliver work under one name.",
                AccountKind.COMPANY: "Several people hire under one name.",
            }
        ),
    )
    name = forms.CharField(label="Name", max_length=120, help_text="The other side sees it.")
    place = forms.CharField(label="Place", max_length=80, required=False, help_text="For example: Lisbon, Portugal.")
