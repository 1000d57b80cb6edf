"""Forms of accounts: they check shape; the services decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.enums import AccountKind, MemberRoleChoice, Theme
from accounts.models import Membership
from accounts.timezones import choices as zone_choices
from core.web.forms import ChoiceCards, EvenhandForm, HouseStyle

_EMAIL = {"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
_BAD_EMAIL = _l("Enter an e-mail address like name@example.com.")
_LONG_ENOUGH = _l("10 characters or more.")


class ZoneForm(EvenhandForm):
    """Base of forms with a time zone. The page's script offers the device's own zone."""

    timezone = forms.ChoiceField(
        label=_l("Time zone"),
        help_text=_l("Every deadline is shown in this zone."),
        widget=forms.Select(
            attrs={"data-zone-select": True, "data-zone-hint": _l("Use the zone of this device: {zone}")}
        ),
    )

    def __init__(self, *args: Any, now: datetime, zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A device may keep a zone that is not among the common ones: what was chosen is offered again.
        posted = str(self.data.get(self.add_prefix("timezone"), "")) if self.is_bound else ""
        self.fields["timezone"].choices = zone_choices(now, current=posted or zone)  # type: ignore[attr-defined]


class SignInForm(EvenhandForm):
    """E-mail and password."""

    email = forms.EmailField(
        label=_l("E-mail address"),
        widget=forms.EmailInput(attrs={**_EMAIL, "autocomplete": "username"}),
        error_messages={"invalid": _BAD_EMAIL},
    )
    password = forms.CharField(
        label=_l("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class SignUpForm(ZoneForm):
    """A new person, as freelancer or as client."""

    kind = forms.ChoiceField(
        label=_l("How do you want to use Evenhand?"),
        choices=[
            (AccountKind.FREELANCER, _l("I work as a freelancer")),
            (AccountKind.CLIENT, _l("I hire as a client")),
        ],
        widget=ChoiceCards(
            consequences={
                AccountKind.FREELANCER: _l("You deliver work and are paid from escrow."),
                AccountKind.CLIENT: _l("You put the money into escrow and release it for the work."),
            }
        ),
    )
    name = forms.CharField(
        label=_l("Your name"),
        max_length=120,
        help_text=_l("The other side sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    account_name = forms.CharField(
        label=_l("Business name"),
        max_length=120,
        required=False,
        help_text=_l("If your business has a name of its own."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label=_l("E-mail address"), widget=forms.EmailInput(attrs=_EMAIL), error_messages={"invalid": _BAD_EMAIL}
    )
    password = forms.CharField(
        label=_l("Password"),
        strip=False,
        help_text=_LONG_ENOUGH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )
    field_order = ("kind", "name", "account_name", "email", "password", "timezone")


class ResetForm(EvenhandForm):
    """Where to send the link."""

    email = forms.EmailField(
        label=_l("E-mail address"), widget=forms.EmailInput(attrs=_EMAIL), error_messages={"invalid": _BAD_EMAIL}
    )


class NewPasswordForm(HouseStyle, SetPasswordForm):
    """A new password after a reset."""

    field_order = ("new_password1", "new_password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _("10 characters or more.")
        self.fields["new_password2"].label = _("The same once more")
        self.fields["new_password2"].help_text = ""


class SettingsForm(ZoneForm):
    """How the product looks and speaks to oneself."""

    name = forms.CharField(
        label=_l("Your name"),
        max_length=120,
        help_text=_l("The other side sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_l("Language"),
        choices=settings.LANGUAGES,
        help_text=_l("Pages, notices and e-mails come in this language. What people write stays as they wrote it."),
        widget=forms.RadioSelect,
    )
    theme = forms.ChoiceField(label=_l("Colours"), choices=Theme.choices, widget=forms.RadioSelect)
    shortcut_keys = forms.BooleanField(
        label=_l("Keyboard shortcuts"),
        required=False,
        help_text=_l("Single letters act in lists, for example J and K. Off: no letter does anything."),
    )
    field_order = ("name", "timezone", "language", "theme", "shortcut_keys")


class StaffSettingsForm(SettingsForm):
    """Staff may say how long they are away: no new case is assigned until then."""

    out_of_office_until = forms.DateField(
        label=_l("Away until"),
        required=False,
        help_text=_l("Until this day no new case is assigned to you."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _l("Enter a date like 2026-11-30.")},
    )


class EmailForm(EvenhandForm):
    """A new address to sign in with. The present password shows that it is really the person."""

    email = forms.EmailField(
        label=_l("New e-mail address"),
        help_text=_l("We send a link to it. Your address changes when you open the link."),
        widget=forms.EmailInput(attrs=_EMAIL),
        error_messages={"invalid": _BAD_EMAIL},
    )
    password = forms.CharField(
        label=_l("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class PasswordForm(EvenhandForm):
    """Change one's password."""

    old = forms.CharField(
        label=_l("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_l("New password"),
        strip=False,
        help_text=_l("10 characters or more. All your other devices are signed out."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


_ROLES = list(reversed(MemberRoleChoice.choices))
_ROLE_MEANS = {
    str(MemberRoleChoice.OWNER): _l("Does everything, and decides who works for the account."),
    str(MemberRoleChoice.CASE_MANAGER): _l("Reads and writes, and does acts that move money."),
    str(MemberRoleChoice.MEMBER): _l("Reads and writes. Acts that move money are for the others."),
}


class InviteForm(EvenhandForm):
    """Ask somebody to work for the account."""

    email = forms.EmailField(
        label=_l("E-mail address"), widget=forms.EmailInput(attrs=_EMAIL), error_messages={"invalid": _BAD_EMAIL}
    )
    role = forms.ChoiceField(
        label=_l("Role"),
        choices=_ROLES,
        initial=MemberRoleChoice.MEMBER,
        widget=ChoiceCards(consequences=_ROLE_MEANS),
    )


class RoleForm(EvenhandForm):
    """Another role for a member."""

    role = forms.ChoiceField(label=_l("Role"), choices=_ROLES, widget=ChoiceCards(consequences=_ROLE_MEANS))


class TeamForm(EvenhandForm):
    """A new agency or client company."""

    kind = forms.ChoiceField(
        label=_l("What is it?"),
        choices=[(AccountKind.AGENCY, _l("An agency")), (AccountKind.COMPANY, _l("A client company"))],
        widget=ChoiceCards(
            consequences={
                AccountKind.AGENCY: _l("Several people deliver work under one name."),
                AccountKind.COMPANY: _l("Several people hire under one name."),
            }
        ),
    )
    name = forms.CharField(label=_l("Name"), max_length=120, help_text=_l("The other side sees it."))
    place = forms.CharField(
        label=_l("Place"), max_length=80, required=False, help_text=_l("For example: Lisbon, Portugal.")
    )


class DelegateForm(EvenhandForm):
    """Who stands in for oneself, and for which days (of one's own time zone, both included)."""

    delegate = forms.ChoiceField(label=_l("Who stands in for you?"), widget=forms.RadioSelect)
    first_day = forms.DateField(
        label=_l("First day"),
        help_text=_l("From midnight in your time zone. Today: from now on."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _l("Enter a date like 2026-11-30.")},
    )
    last_day = forms.DateField(
        label=_l("Last day"),
        help_text=_l("Ends by itself when this day is over in your time zone. At most 90 days."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _l("Enter a date like 2026-11-30.")},
    )

    def __init__(self, *args: Any, colleagues: Iterable[Membership], now: datetime, zone: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"first_day": now.astimezone(ZoneInfo(zone)).date()})
        super().__init__(*args, **kwargs)
        self._now, self._zone = now, ZoneInfo(zone)
        self.fields["delegate"].choices = [  # type: ignore[attr-defined]
            (str(m.user_id), f"{m.user.name} ({m.get_role_display()})") for m in colleagues
        ]

    @property
    def starts_at(self) -> datetime:
        """Midnight of the first day, or now when that has passed today."""
        first = self.cleaned_data["first_day"]
        start = datetime(first.year, first.month, first.day, tzinfo=self._zone)
        return self._now if first == self._now.astimezone(self._zone).date() else start

    @property
    def ends_at(self) -> datetime:
        """Midnight after the last day, by the calendar of the zone (a day may have 23 or 25 hours)."""
        after = self.cleaned_data["last_day"] + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=self._zone)
