"""Forms of contracts: they parse and say what is wrong with a value; what is possible the services say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from contracts.enums import MilestoneState
from contracts.models import Contract, Milestone
from contracts.selectors.people import client_accounts_of, freelancer_account_by_email
from contracts.services.agreement import TITLE_MAX, NewMilestone
from core.errors import InvalidInputError
from core.formatting import format_money
from core.money import Money, MoneyError, parse_money
from core.permissions import Actor
from core.policy import Policy
from core.uploads import ACCEPT, CheckedUpload, check_upload
from core.web.forms import ChoiceCards, EvenhandForm, FilesField, FilesInput, MoneyField

FULL, PART = "full", "part"
APPROVE, DISPUTE, PROPOSE = "approve", "dispute", "propose"
NEW_TARGET = "new"
ROWS = 4  # milestones that can be named when a contract is drafted; more are added later


def text_area(rows: int = 4) -> forms.Textarea:
    """A text box of so many lines."""
    return forms.Textarea(attrs={"rows": rows})


class OneFileField(FilesField):
    """One file, judged by its content; cleans to a CheckedUpload or None."""

    def __init__(self, *, max_bytes: int, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesInput(attrs={"multiple": False}))
        super().__init__(accept=ACCEPT, max_bytes=max_bytes, required=False, **kwargs)
        self.max_bytes = max_bytes

    def clean(self, data: Any, initial: Any = None) -> CheckedUpload | None:  # type: ignore[override]
        """Return the checked file; raises ValidationError with the reason for its refusal."""
        files = super().clean(data, initial)
        if not files:
            return None
        try:
            return check_upload(files[0], max_bytes=self.max_bytes)
        except InvalidInputError as error:
            raise forms.ValidationError(error.fields["file"]) from error


class ConfirmForm(EvenhandForm):
    """Nothing to fill in: a place for refusals on a confirm page."""


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
            {"n": n, "title": self[f"title_{n}"], "amount": self[f"amount_{n}"], "work": self[f"work_{n}"]}
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
            title, amount, work = (data.get(f"{part}_{n}") or "" for part in ("title", "amount", "work"))
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


class SubmitForm(EvenhandForm):
    """Work handed in: a message, a link or a file."""

    message = forms.CharField(
        label=_("Message to the client"),
        widget=text_area(5),
        required=False,
        help_text=_("What you hand in, and how it meets what was agreed."),
    )
    link = forms.CharField(
        label=_("Link"), required=False, help_text=_("For example a staging site or a shared folder.")
    )

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = OneFileField(
            label=_("File"),
            max_bytes=contract.policy.evidence_max_file_bytes,
            help_text=_("PDF, picture, text or office file, up to 10 MB."),
        )


class ReasonForm(EvenhandForm):
    """One required text."""

    text = forms.CharField(widget=text_area(5))

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].help_text = help_text
        self.fields["text"].error_messages["required"] = gettext("Fill in “{label}”.").format(label=label)


class ReleaseForm(EvenhandForm):
    """Release in full, or a part with the rest carried over (C4, C5)."""

    how = forms.ChoiceField(label=_("How much do you release?"), widget=ChoiceCards())
    text = forms.CharField(
        label=_("Why only a part? The freelancer reads this"),
        widget=text_area(4),
        required=False,
    )
    title = forms.CharField(label=_("Title of the new milestone"), max_length=TITLE_MAX, required=False)

    field_order = ["how", "amount", "text", "target", "title", "new_amount"]

    def __init__(self, *args: Any, milestone: Milestone, balance: Money, allow_part: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract = milestone.contract
        self.balance = balance
        choices = [(FULL, gettext("Release all {amount}").format(amount=format_money(balance)))]
        says = {FULL: _("The milestone is paid and closed. This cannot be undone.")}
        if allow_part:
            choices.append((PART, _("Release a part and carry over the rest")))
            says[PART] = _(
                "The rest stays in escrow for another milestone. The freelancer may contact Customer Support."
            )
        self.fields["how"].choices = choices  # type: ignore[attr-defined]
        self.fields["how"].widget.consequences = says
        self.fields["how"].initial = FULL if not allow_part else None
        one = contract.money(1)
        self.fields["amount"] = MoneyField(
            contract.currency, label=_("Amount to release now"), required=False, maximum=balance - one
        )
        proposed = list(contract.milestones.filter(state=MilestoneState.PROPOSED).order_by("number"))
        self.targets = {str(m.pk): m for m in proposed}
        self.fields["target"] = forms.ChoiceField(
            label=_("Carry the rest over to"),
            required=False,
            choices=[
                (
                    pk,
                    gettext("Milestone {number}: {title} ({amount})").format(
                        number=m.number, title=m.title, amount=format_money(m.money)
                    ),
                )
                for pk, m in self.targets.items()
            ]
            + [(NEW_TARGET, _("A new milestone"))],
        )
        self.fields["new_amount"] = MoneyField(
            contract.currency,
            label=_("Amount of the new milestone"),
            required=False,
            minimum=contract.policy.min_milestone_for(contract.currency),
            help_text=_("The rest counts towards it; what is missing you pay when you fund it."),
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """What a part needs is needed only for a part."""
        data = super().clean() or {}
        if data.get("how") != PART:
            return data
        if data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Enter the amount to release now."))
        if not (data.get("text") or "").strip():
            self.add_error("text", _("Explain to the freelancer why only a part is released."))
        if data.get("target") == NEW_TARGET:
            if not data.get("title"):
                self.add_error("title", _("Give the new milestone a title."))
            if data.get("new_amount") is None and "new_amount" not in self.errors:
                self.add_error("new_amount", _("Enter the amount of the new milestone."))
        elif not data.get("target") and "target" not in self.errors:
            self.add_error("target", _("Choose the milestone that the rest is moved to, or a new one."))
        return data

    def new_milestone(self) -> NewMilestone | None:
        """The milestone that is to be made for the rest."""
        if self.cleaned_data.get("target") != NEW_TARGET:
            return None
        return NewMilestone(self.cleaned_data["title"], "", self.cleaned_data["new_amount"])


class EndForm(EvenhandForm):
    """End the contract: how much of the escrow is paid, and why."""

    NOTHING, ALL, OTHER = "nothing", "all", "other"

    how = forms.ChoiceField(label=_("How much of the escrow do you pay the freelancer?"), widget=ChoiceCards())
    reason = forms.CharField(
        label=_("Why do you end the contract? The freelancer reads this"),
        widget=text_area(4),
        required=False,
    )
    field_order = ["how", "pay", "reason"]

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


class AmountForm(EvenhandForm):
    """One amount within bounds."""

    def __init__(
        self, *args: Any, label: str, minimum: Money, maximum: Money, help_text: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = MoneyField(
            minimum.currency, label=label, minimum=minimum, maximum=maximum, help_text=help_text
        )
        self.order_fields(self.field_order)


class SeeRequestForm(EvenhandForm):
    """The one question of See Request (S06), with the founding document's labels."""

    answer = forms.ChoiceField(
        widget=ChoiceCards(),
        choices=[
            (APPROVE, _("I approve of this request")),
            (DISPUTE, _("I do not approve of this request and wish to file a dispute")),
            (PROPOSE, _("Propose a different split")),
        ],
        error_messages={"required": _("Choose what you want to do.")},
    )

    def __init__(self, *args: Any, client_name: str, asked: Money, divisible: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        total = format_money(asked)
        field = self.fields["answer"]
        field.label = gettext("{name} asks for {amount} back. What do you want to do?").format(
            name=client_name, amount=total
        )
        field.widget.consequences = {
            APPROVE: gettext("{amount} goes back to {name} at once. This cannot be undone.").format(
                amount=total, name=client_name
            ),
            DISPUTE: _("The money stays held while a mediation specialist works with both of you."),
            PROPOSE: gettext("You keep a part, if {name} accepts. This does not stop the 7 days.").format(
                name=client_name
            ),
        }
        if not divisible:
            field.choices = field.choices[:2]  # type: ignore[attr-defined]


class ProposeForm(AmountForm):
    """R7: what the freelancer would keep, with a note."""

    note = forms.CharField(label=_("A word to the client"), widget=text_area(3), required=False)
    field_order = ["amount", "note"]


class MessageForm(EvenhandForm):
    """A message of the thread."""

    body = forms.CharField(label=_("Write a message"), widget=text_area(3), required=False, strip=False)

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = OneFileField(label=_("File"), max_bytes=contract.policy.evidence_max_file_bytes)


class FilterForm(forms.Form):
    """The filters of All Contracts; anything unknown is as if it were not there."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.CharField(required=False, max_length=20)
    after = forms.CharField(required=False, max_length=200)
