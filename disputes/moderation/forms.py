"""Shapes of what is typed about reports and removals. Decisions are the services'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.tombstones import HideReason, RedactionKind
from core.web.forms import EvenhandForm


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": str(rows), "data-count": "2000"})


class ReportForm(EvenhandForm):
    """M1."""

    reason = forms.ChoiceField(
        label=_("What is wrong with this message?"),
        choices=HideReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong with the message.")},
    )
    details = forms.CharField(
        label=_("Anything Customer Support should know"),
        required=False,
        widget=_area(),
        help_text=_("Only Customer Support reads this."),
    )


class HideForm(EvenhandForm):
    """M2."""

    reason = forms.ChoiceField(
        label=_("Why is it hidden?"),
        choices=HideReason.choices,
        widget=forms.RadioSelect,
        help_text=_("Both sides read this in place of the message."),
        error_messages={"required": _("Choose why the message is hidden. Everybody reads it.")},
    )
    text = forms.CharField(
        label=_("A word to both people"),
        required=False,
        widget=_area(3),
        help_text=_("Who reported it and who wrote it read this. Do not say who reported it."),
    )


class WordsForm(EvenhandForm):
    """One text: why a message stays, why a removal is refused."""

    text = forms.CharField(widget=_area(3), help_text=_("At least 20 characters."))

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class RemovalForm(EvenhandForm):
    """M4."""

    reason = forms.ChoiceField(
        label=_("Why is it removed?"),
        choices=RedactionKind.choices,
        widget=forms.RadioSelect,
        help_text=_("Everybody who could read it reads this in its place."),
        error_messages={"required": _("Choose why it is removed. Everybody who could read it reads this.")},
    )
    why = forms.CharField(
        label=_("Explain it to the person who decides"),
        widget=_area(),
        help_text=_("Name the law, the mistake, or whose data it is. Only staff read this. At least 20 characters."),
    )
