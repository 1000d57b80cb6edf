"""Forms of a contract as a whole: drafted, extended, ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from contracts.forms.fields import Asking, text_area
from contracts.models import Contract
from contracts.selectors.people import client_accounts_of, freelancer_account_by_email
from contracts.services.agreement import TITLE_MAX, NewMilestone
from core.formatting import format_money
from core.money import Money, MoneyError, parse_money
from core.permissions import Actor
from core.policy import Policy
from core.web.forms import ChoiceCards, EvenhandForm, MoneyField

ROWS = 4  # milestones that can be named when a contract is drafted; more are added later
_PARTS = ("title", "amount", "work")


class NewContractForm(EvenhandForm):
    """A contract's draft with up to four milestones; each row is a title, an amount and what is to be done."""

    client = forms.ModelChoiceField(Account.objects.none(), label=_("For"), empty_label=None)
    freelancer = forms.EmailField(
        label=_("Freelancer’s e-mail address"),
        help_text=_("The address the freelancer or the agency’s owner signs in with."),
    )
    title = forms.CharField(label=_("Title"), max_length=TITLE_MAX)
    terms = forms.CharField(
        label=_("What you agree on"),
        widget=text_area(5),
        required=False,
        help_text=_("Scope, what counts as done, how often you talk. Clear terms prevent most disputes."),
    )
    currency = forms.ChoiceField(label=_("Currency"))

    def __init__(self, *args: Any, actor: Actor, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        accounts = client_accounts_of(actor)
        self.fields["client"].queryset = accounts  # type: ignore[attr-defined]
        self.fields["currency"].choices = [(c, c) for c in policy.min_milestone]  # type: ignore[attr-defined]
        if len(accounts) == 1:
            self.fields["client"].widget = forms.HiddenInput()
            self.fields["client"].initial = accounts[0].pk
        for n in range(1, ROWS + 1):
            needed = n == 1
            self.fields[f"title_{n}"] = forms.CharField(
                label=gettext("Milestone {number}").format(number=n),
                max_length=TITLE_MAX,
                required=needed,
                error_messages={"required": gettext("Give milestone {number} a title.").format(number=n)},
            )
            self.fields[f"amount_{n}"] = forms.CharField(
                label=gettext("Amount of milestone {number}").format(number=n),
                required=needed,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                error_messages={"required": gettext("Enter the amount of milestone {number}.").format(number=n)},
            )
            self.fields[f"work_{n}"] = forms.CharField(
                label=gettext("What is to be done in milestone {number}").format(number=n),
                widget=text_area(2),
                required=False,
            )

    @property
    def head(self) -> list[forms.BoundField]:
        """Fields above the milestones."""
        return [self[name] for name in ("client", "freelancer", "title", "terms", "currency")]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The milestones' fields, row by row."""
        return [
            {
                "n": n,
                "title": self[f"title_{n}"],
                "amount": self[f"amount_{n}"],
                "work": self[f"work_{n}"],
                "open": any(self[f"{part}_{n}"].value() or self[f"{part}_{n}"].errors for part in _PARTS),
            }
            for n in range(1, ROWS + 1)
        ]

    def clean_freelancer(self) -> Account:
        """Find whom the address belongs to."""
        account = freelancer_account_by_email(self.cleaned_data["freelancer"])
        if account is None:
            raise forms.ValidationError(_("No freelancer or agency signs in with this address. Check the spelling."))
        return account

    def clean(self) -> dict[str, Any]:
        """Read the milestones; every row that was begun must be complete."""
        data = super().clean() or {}
        currency = data.get("currency")
        milestones: list[NewMilestone] = []
        for n in range(1, ROWS + 1):
            title, amount, work = (data.get(f"{part}_{n}") or "" for part in _PARTS)
            if not (title or amount or work) or not currency:
                continue
            money = self._amount(n, amount, currency)
            if not title and f"title_{n}" not in self.errors:
                self.add_error(f"title_{n}", gettext("Give milestone {number} a title.").format(number=n))
            if title and money is not None:
                milestones.append(NewMilestone(title, work, money))
        data["milestones"] = milestones
        return data

    def _amount(self, n: int, text: str, currency: str) -> Money | None:
        if f"amount_{n}" in self.errors:
            return None
        least = self.policy.min_milestone_for(currency)
        try:
            money = parse_money(text, currency)
        except MoneyError as error:
            self.add_error(f"amount_{n}", error.message)
            return None
        if least is not None and money < least:
            self.add_error(
                f"amount_{n}", gettext("A milestone is at least {amount}.").format(amount=format_money(least))
            )
            return None
        return money


class MilestoneForm(EvenhandForm):
    """One more milestone."""

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"] = forms.CharField(label=_("Title"), max_length=TITLE_MAX)
        self.fields["amount"] = MoneyField(
            contract.currency,
            label=_("Amount"),
            minimum=contract.policy.min_milestone_for(contract.currency),
            help_text=_("The freelancer receives it less the service fee."),
        )
        self.fields["description"] = forms.CharField(
            label=_("What is to be done"), widget=text_area(), required=False, help_text=_("Say what counts as done.")
        )


class EndForm(Asking):
    """End the contract: how much of the escrow is paid, and why."""

    NOTHING, ALL, OTHER = "nothing", "all", "other"

    how = forms.ChoiceField(label=_("How much of the escrow do you pay the freelancer?"), widget=ChoiceCards())
    reason = forms.CharField(
        label=_("Why do you end the contract? The freelancer reads this"),
        widget=text_area(4),
        required=False,
    )
    field_order = ["how", "pay", "reason"]
    depends = ("pay",)

    def __init__(self, *args: Any, escrow: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.escrow = escrow
        total = format_money(escrow)
        self.fields["how"].choices = [  # type: ignore[attr-defined]
            (self.NOTHING, _("Pay nothing")),
            (self.OTHER, _("Pay another amount")),
            (self.ALL, gettext("Pay all {amount}").format(amount=total)),
        ]
        self.fields["how"].widget.consequences = {
            self.NOTHING: gettext(
                "You ask for {amount} back. The freelancer has 7 days to approve or to file a dispute."
            ).format(amount=total),
            self.OTHER: _("You ask for the rest back. The freelancer has 7 days to approve or to file a dispute."),
            self.ALL: _("Nothing is asked back, and the contract closes."),
        }
        self.fields["pay"] = MoneyField(
            escrow.currency, label=_("Another amount"), required=False, allow_zero=True, maximum=escrow
        )
        self.order_fields(self.field_order)
        self._need(needed=True)

    def clean(self) -> dict[str, Any]:
        """The amount is needed for "another amount"."""
        data = super().clean() or {}
        how = data.get("how")
        if how == self.OTHER and data.get("pay") is None and "pay" not in self.errors:
            self.add_error("pay", _("Enter the amount to pay."))
        return data

    def pay(self) -> Money:
        """What is to be paid."""
        how = self.cleaned_data["how"]
        if how == self.ALL:
            return self.escrow
        chosen: Money | None = self.cleaned_data.get("pay") if how == self.OTHER else None
        return chosen if chosen is not None else Money(0, self.escrow.currency)
