"""Forms of one milestone: work handed in, money released."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.enums import MilestoneState
from contracts.forms.fields import Asking, OneFileField, text_area
from contracts.models import Contract, Milestone
from contracts.services.agreement import TITLE_MAX, NewMilestone
from core.formatting import format_bytes, format_money
from core.money import Money
from core.web.forms import ChoiceCards, EvenhandForm, MoneyField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

FULL, PART = "full", "part"
NEW_TARGET = "new"


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
            help_text=gettext("PDF, picture, text or office file, up to {size}.").format(
                size=format_bytes(contract.policy.evidence_max_file_bytes)
            ),
        )


class ReleaseForm(Asking):
    """Release in full, or a part with the rest carried over (C4, C5)."""

    how = forms.ChoiceField(label=_("How much do you release?"), widget=ChoiceCards())
    text = forms.CharField(
        label=_("Why only a part? The freelancer reads this"),
        widget=text_area(4),
        required=False,
    )
    title = forms.CharField(label=_("Title of the new milestone"), max_length=TITLE_MAX, required=False)

    field_order = ["how", "amount", "text", "target", "title", "new_amount"]
    depends = ("amount", "text", "target", "title", "new_amount")

    def __init__(self, *args: Any, milestone: Milestone, balance: Money, allow_part: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract = milestone.contract
        self.balance = balance
        choices: list[tuple[str, StrPromise | str]] = [
            (FULL, gettext("Release all {amount}").format(amount=format_money(balance)))
        ]
        says: dict[str, StrPromise | str] = {FULL: _("The milestone is paid and closed. This cannot be undone.")}
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
        self._need(needed=True)

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
