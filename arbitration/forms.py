"""What people type in this room. Shape only: the services judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from arbitration.enums import OrderKind
from arbitration.services.award import Decision
from arbitration.services.orders import Terms
from contracts.enums import AccountCode, Side
from contracts.services import corrections
from core.money import Money
from core.web.forms import ChoiceCards, EvenhandForm, MoneyField


class ConfirmForm(EvenhandForm):
    """A confirm page without fields of its own."""


class ElectForm(EvenhandForm):
    """N2: the version of the text that was shown comes back."""

    consent_version = forms.CharField(widget=forms.HiddenInput, max_length=60)
    agree = forms.BooleanField(label=_l("I have read this and agree that the arbitrator’s decision is final."))


class NumberForm(EvenhandForm):
    """A1 by hand."""

    provider_case = forms.CharField(label=_l("Case number with the provider"), max_length=80)


class StepForm(EvenhandForm):
    """A3 by hand."""

    step = forms.CharField(label=_l("What happened"), help_text=_l("One line that both sides read."), max_length=200)


class ReasonForm(EvenhandForm):
    """A reason in free text."""

    reason = forms.CharField(label=_l("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)


class ProviderForm(EvenhandForm):
    """A1 after two rejections."""

    provider = forms.CharField(label=_l("Name of the other provider"), max_length=40)


class ReportForm(EvenhandForm):
    """A7."""

    side = forms.ChoiceField(label=_l("Which side does not meet the award?"), choices=Side.choices)
    text = forms.CharField(
        label=_l("Which obligation is not met, and how is this known?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
    )


class AwardForm(EvenhandForm):
    """A5 by hand. Both amounts are typed from the document, so that a slip shows as a wrong sum."""

    reasons = forms.CharField(
        label=_l("Reasons, as the arbitrator wrote them"), widget=forms.Textarea(attrs={"rows": 8}), max_length=40_000
    )
    arbitrator = forms.CharField(label=_l("Arbitrator"), max_length=120)
    shift_from = forms.ChoiceField(
        label=_l("Costs: who owes them to the other side"),
        choices=[("", _l("Nobody")), *Side.choices],
        required=False,
    )
    document = forms.FileField(label=_l("The arbitrator’s document"), help_text=_l("PDF, up to 10 MB."))

    field_order = ("to_freelancer", "to_client", "reasons", "arbitrator", "shift_from", "shift", "document")

    def __init__(self, frozen: Money, freelancer: str, client: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_freelancer"] = MoneyField(
            frozen.currency, allow_zero=True, label=_("To {name}").format(name=freelancer)
        )
        self.fields["to_client"] = MoneyField(
            frozen.currency, allow_zero=True, label=_("To {name}").format(name=client)
        )
        self.fields["shift"] = MoneyField(frozen.currency, label=_l("Costs"), required=False)
        self.order_fields(self.field_order)

    def decision(self) -> Decision:
        """What was typed, for the service."""
        data = self.cleaned_data
        return Decision(
            to_freelancer=data["to_freelancer"],
            to_client=data["to_client"],
            reasons=data["reasons"],
            arbitrator=data["arbitrator"],
            shift_from=data["shift_from"],
            shift=data["shift"],
        )


class OrderForm(EvenhandForm):
    """X1, X2, A2: one form; what belongs to another kind stays empty."""

    kind = forms.ChoiceField(
        label=_l("What is ordered?"),
        choices=OrderKind.choices,
        widget=ChoiceCards(
            consequences={
                OrderKind.CORRECTION: _l("A balanced entry moves money that is no longer in escrow."),
                OrderKind.FRAUD: _l(
                    "Divides a disputed amount, or freezes unreleased money where there is no dispute."
                ),
                OrderKind.COURT: _l("Divides the disputed amount as a court has ordered."),
            }
        ),
    )
    from_account = forms.ChoiceField(label=_l("Correction: from"), required=False)
    to_account = forms.ChoiceField(label=_l("Correction: to"), required=False)
    reason = forms.CharField(
        label=_l("Reason"),
        help_text=_l("Both sides are told of the order; write so that they understand why."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )

    field_order = ("kind", "from_account", "to_account", "amount", "to_freelancer", "to_client", "reason")

    def __init__(self, currency: str, freelancer: str, client: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        empty = [("", "–")]
        self.fields["from_account"].choices = empty + _places(corrections.SOURCES)  # type: ignore[attr-defined]
        self.fields["to_account"].choices = empty + _places(corrections.TARGETS)  # type: ignore[attr-defined]
        self.fields["amount"] = MoneyField(currency, label=_l("Correction: amount"), required=False)
        self.fields["to_freelancer"] = MoneyField(
            currency, allow_zero=True, required=False, label=_("Order: to {name}").format(name=freelancer)
        )
        self.fields["to_client"] = MoneyField(
            currency, allow_zero=True, required=False, label=_("Order: to {name}").format(name=client)
        )
        self.order_fields(self.field_order)

    def terms(self) -> Terms:
        """What was typed, for the service."""
        data = self.cleaned_data
        if data["kind"] == OrderKind.CORRECTION:
            return Terms(from_account=data["from_account"], to_account=data["to_account"], amount=data["amount"])
        return Terms(to_freelancer=data["to_freelancer"], to_client=data["to_client"])


def _places(codes: tuple[AccountCode, ...]) -> list[tuple[str, str]]:
    return [(code.value, str(code.label)) for code in codes]
