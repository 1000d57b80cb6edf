"""Forms of a refund request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.forms.fields import AmountForm, text_area
from core.formatting import format_money
from core.money import Money
from core.web.forms import ChoiceCards, EvenhandForm

APPROVE, DISPUTE, PROPOSE = "approve", "dispute", "propose"


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
