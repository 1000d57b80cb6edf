"""What the arbitrator types."""

from __future__ import annotations

from typing import Any

from django import forms

from arbitration.providers.sandbox.models import Case, Mode
from core.web.forms import EvenhandForm, MoneyField


class ModeForm(EvenhandForm):
    """The switch."""

    mode = forms.ChoiceField(label="What happens to the next messages", choices=Mode.choices)


class StepForm(EvenhandForm):
    """A step of the procedure."""

    step = forms.CharField(
        label="What happened",
        help_text="One line that both sides read, for example: The arbitrator asks the client for a response by 3 May.",
        max_length=200,
    )


class RejectForm(EvenhandForm):
    """Why the case is not taken."""

    reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class AwardForm(EvenhandForm):
    """The award. The client's part is what is left."""

    reasons = forms.CharField(label="Reasons", widget=forms.Textarea(attrs={"rows": 8}), max_length=20_000)
    arbitrator = forms.CharField(label="Arbitrator", max_length=120)
    shift_from = forms.ChoiceField(
        label="Costs: who pays them to the other side",
        choices=[("", "Nobody"), ("freelancer", "The freelancer"), ("client", "The client")],
        required=False,
    )

    field_order = ("to_freelancer", "reasons", "arbitrator", "shift_from", "shift")

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = case.money.currency
        self.fields["to_freelancer"] = MoneyField(
            currency,
            maximum=case.money,
            allow_zero=True,
            label=f"To {case.bundle['freelancer']}",
            help_text="The rest goes to " + str(case.bundle["client"]) + ".",
        )
        self.fields["shift"] = MoneyField(
            currency, label="Costs", required=False, help_text="Only when somebody pays them."
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Costs need both: who, and how much."""
        data = super().clean() or self.cleaned_data
        if bool(data.get("shift_from")) != bool(data.get("shift")):
            self.add_error("shift", "Name both who pays the costs and how much, or neither.")
        return data
