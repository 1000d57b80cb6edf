"""Shapes of what people type on the desk and on the parties' mediation pages. Decisions are the services'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.enums import Side
from core.money import Money, zero
from core.web.forms import ChoiceCards, EvenhandForm, MoneyField
from disputes.enums import Audience, Disposition
from disputes.models import Evidence
from mediation.enums import Channel, Failure

VERSION_DIGITS = 9


def area(rows: int, placeholder: str = "") -> forms.Textarea:
    """A box for text."""
    attrs = {"rows": rows}
    return forms.Textarea(attrs={**attrs, "placeholder": placeholder} if placeholder else attrs)


class OpenText(forms.CharField):
    """Needed in the end: no "(optional)" beside it. Whether it is enough is for the service to say."""

    def validate(self, value: Any) -> None:
        """Let anything pass, emptiness too."""


class OpenChoice(forms.ChoiceField):
    """A choice that may be left open in a draft, though it is needed in the end."""

    def validate(self, value: Any) -> None:
        """Refuse only what is not in the list."""
        if value:
            super().validate(value)


class OpenChoices(forms.MultipleChoiceField):
    """Several choices, or none yet."""

    def validate(self, value: Any) -> None:
        """Refuse only what is not in the list."""
        if value:
            super().validate(value)


class TextForm(EvenhandForm):
    """One text."""

    text = OpenText(label=_("Text"), widget=area(4))

    def __init__(self, *args: Any, label: str = "", hint: str = "", rows: int = 4, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.label = label or field.label
        field.help_text = hint
        field.widget.attrs["rows"] = rows

    @property
    def words(self) -> str:
        """What was typed."""
        return str(self.cleaned_data.get("text", ""))


class AttemptForm(EvenhandForm):
    """D5: a contact attempt."""

    side = forms.ChoiceField(label=_("Whom did you try to reach?"), choices=Side.choices, widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("How?"), choices=Channel.choices)
    text = OpenText(
        label=_("What did you write or say?"),
        help_text=_("Both sides see this text, and that you tried."),
        widget=area(3),
    )


class EvidenceRequestForm(EvenhandForm):
    """D9: what is needed, of whom, until when."""

    asked_of = forms.ChoiceField(
        label=_("Who is asked?"), choices=[*Side.choices, ("both", _("Both sides"))], initial="both"
    )
    text = OpenText(label=_("What is needed?"), widget=area(3))
    due_at = forms.DateTimeField(
        label=_("Due, if it must be by a date"),
        required=False,
        help_text=_("In your time zone. One date for both sides, inside the mediation period."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": _("Enter a date and a time, for example 2026-12-04 17:00.")},
    )


class MessageForm(EvenhandForm):
    """A message to everybody, or in one side's private channel."""

    body = OpenText(label=_("Write a message"), widget=area(3))
    audience = forms.ChoiceField(label=_("Who reads it"), choices=Audience.choices, initial=Audience.EVERYONE)
    purpose = forms.CharField(
        label=_("What a private message is for"),
        required=False,
        max_length=80,
        help_text=_("The other side sees this line and the time, never the text."),
    )


class TakeUpForm(EvenhandForm):
    """D2: the no-conflict declaration."""

    declares = forms.BooleanField(label=_("I declare this for this case."), required=False)


class AssignForm(EvenhandForm):
    """D2: who gets the case."""

    specialist = forms.ChoiceField(label=_("Specialist"), widget=ChoiceCards())

    def __init__(self, *args: Any, people: Iterable[tuple[str, str, str]] = (), **kwargs: Any) -> None:
        """`people`: (id, name, line under the name)."""
        super().__init__(*args, **kwargs)
        rows = list(people)
        field = self.fields["specialist"]
        field.widget = ChoiceCards(consequences={pk: line for pk, _, line in rows})
        field.choices = [(pk, name) for pk, name, _ in rows]  # type: ignore[attr-defined]


class RecommendationForm(EvenhandForm):
    """D13: the draft. Everything may be left open until it is issued."""

    reasons = OpenText(
        label=_("Reasons"),
        widget=area(12),
        help_text=_(
            "What was agreed, what the record shows, and how that leads to the split. Cite exhibits as E-1, E-2."
        ),
    )
    freelancer_points = OpenText(label=_("The freelancer’s main points, and how you weighed them"), widget=area(5))
    client_points = OpenText(label=_("The client’s main points, and how you weighed them"), widget=area(5))
    exhibits = OpenChoices(label=_("Exhibits you rely on"), widget=forms.CheckboxSelectMultiple)
    disposition = OpenChoice(label=_("The client’s share"), choices=Disposition.choices)
    failure = OpenChoice(
        label=_("Why the two sides did not agree"),
        choices=[("", _("Choose what the record shows")), *Failure.choices],
    )
    failure_note = forms.CharField(
        label=_("Where the record shows it"),
        required=False,
        widget=area(2),
        help_text=_("For a statement: which side said so, when and where."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, total: Money, exhibits: Iterable[Evidence] = (), route_active: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("to_freelancer", "to_client"):
            self.fields[name] = MoneyField(
                total.currency, required=False, minimum=zero(total.currency), maximum=total, allow_zero=True
            )
        self.fields["exhibits"].choices = [(str(e.pk), f"{e}: {e.shows}") for e in exhibits]  # type: ignore[attr-defined]
        if not route_active:
            # On an ended contract the client's share is always refunded: there is no later milestone.
            del self.fields["disposition"]

    def seen_version(self) -> int:
        """The version of the case the form was shown with, or -1."""
        value = str(self.cleaned_data.get("seen", ""))
        return int(value) if value.isascii() and value.isdigit() and len(value) <= VERSION_DIGITS else -1


_DECISIONS: dict[str, Any] = {
    "upheld": _("The specialist leaves the case for good and another one takes over. All clocks run on."),
    "dismissed": _("The specialist stays. This side cannot object again in this case."),
}


class DecisionForm(EvenhandForm):
    """D20: the supervisor's decision."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("upheld", _("Uphold the objection")), ("dismissed", _("Dismiss the objection"))],
        widget=ChoiceCards(consequences=_DECISIONS),
    )
    text = OpenText(
        label=_("Reason of the decision"),
        widget=area(4),
        help_text=_("Both sides are told the decision; the side that objected reads the reason."),
    )


class ConfirmForm(EvenhandForm):
    """A confirm page's form: nothing but the version it was shown with."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def seen_version(self) -> int:
        """The version of the case the page was shown with, or -1."""
        value = str(self.cleaned_data.get("seen", ""))
        return int(value) if value.isascii() and value.isdigit() and len(value) <= VERSION_DIGITS else -1
