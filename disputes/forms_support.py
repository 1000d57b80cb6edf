"""Shapes of what is typed around Customer Support. Decisions are the services'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from contracts.models import Message
from core.formatting import format_instant
from core.money import Money
from core.uploads import ACCEPT
from core.web.forms import ChoiceCards, EvenhandForm, FilesField, MoneyField
from disputes.enums import ActiveReason, DeclineReason
from disputes.forms import DetailsMixin
from disputes.services.statements import CLAIM_MISSING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

LABEL_CHARS = 140


class AskForm(DetailsMixin, EvenhandForm):
    """P1: what the freelancer tells Customer Support. `most` is the money concerned."""

    details_missing = CLAIM_MISSING

    def __init__(self, *args: Any, most: Money, thread: list[Message], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = MoneyField(
            most.currency,
            maximum=most,
            label=_("How much is concerned?"),
            initial=most,
            help_text=_("All of it, unless you already agree that a part is not due."),
        )
        self.fields["details"] = forms.CharField(
            label=_("Why is the work complete and the payment due?"),
            widget=forms.Textarea(attrs={"rows": "9", "data-count": "20000"}),
            help_text=_(
                "Write so that somebody who was not there understands it: what was agreed, what you delivered"
                " and when, what the client said. At least 80 characters."
            ),
        )
        self.fields["messages"] = forms.MultipleChoiceField(
            label=_("Which messages show that you contacted the client?"),
            choices=[(str(m.pk), _line(m)) for m in thread],
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Your newest messages on this contract. Choose at least one."),
            error_messages={"required": _("Choose at least one message that your side wrote to the client.")},
        )
        self.fields["files"] = FilesField(
            label=_("Files"),
            required=False,
            accept=ACCEPT,
            help_text=_(
                "PDF, pictures, text, mail (.eml) or office files, 10 MB each. They become exhibits if a case"
                " is opened."
            ),
        )
        self.fields["attested"] = forms.BooleanField(
            label=_("I contacted the client about this and we did not reach an agreement."),
            error_messages={
                "required": _("Tick the box if you contacted the client. If you did not, write to the client first.")
            },
        )
        self.fields["agreed"] = forms.BooleanField(
            label=_("I have read what it means to ask for a case, and I agree."),
            error_messages={"required": _("Read the text and tick the box to go on.")},
        )
        self.fields["text_version"] = forms.CharField(required=False, widget=forms.HiddenInput)


def _line(message: Message) -> str:
    words = " ".join(message.body.split())
    cut = words if len(words) <= LABEL_CHARS else f"{words[:LABEL_CHARS]}…"
    return f"{format_instant(message.sent_at, timezone.get_current_timezone())}: {cut}"


class NoteForm(EvenhandForm):
    """One text: a question, an answer, the reasons of a review."""

    text = forms.CharField(widget=forms.Textarea(attrs={"rows": "4", "data-count": "4000"}))

    def __init__(self, *args: Any, label: str | StrPromise, hint: str | StrPromise = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].help_text = hint
        self.fields["text"].error_messages["required"] = _("Fill in “{label}”.").format(label=label)


class OpenCaseForm(EvenhandForm):
    """P3: which circumstance of S10 is shown, by what, and how much is set aside."""

    circumstance = forms.ChoiceField(
        label=_l("Which circumstance is shown?"),
        choices=ActiveReason.choices,
        widget=ChoiceCards(
            consequences={
                ActiveReason.REFUSED_RELEASE: _l("Money of the milestone's escrow is set aside."),
                ActiveReason.PARTIAL_RELEASE: _l("Money that was carried over is set aside."),
            }
        ),
    )
    shown_by = forms.CharField(
        label=_l("What shows it?"),
        widget=forms.Textarea(attrs={"rows": "4", "data-count": "4000"}),
        help_text=_l("Name the step in the record or the message. At least 20 characters. Staff see it."),
    )

    def __init__(self, *args: Any, most: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = MoneyField(
            most.currency,
            maximum=most,
            label=_("Amount to set aside"),
            initial=most,
            help_text=_("At most what was named."),
        )


class DeclineForm(EvenhandForm):
    """P4."""

    reason = forms.ChoiceField(label=_l("Reason"), choices=DeclineReason.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_l("Explain it to the freelancer"),
        widget=forms.Textarea(attrs={"rows": "5", "data-count": "4000"}),
        help_text=_l("Say what is missing and what to do next. At least 20 characters."),
    )


class ReviewForm(EvenhandForm):
    """P6: the supervisor's decision."""

    decision = forms.ChoiceField(
        label=_l("Your decision"),
        choices=[("send_back", _l("Send it back to support")), ("uphold", _l("The decline stands"))],
        widget=ChoiceCards(
            consequences={
                "send_back": _l("Support looks at it again; the money is named again at once."),
                "uphold": _l("Final for this request. A new request stays possible."),
            }
        ),
    )
    text = forms.CharField(
        label=_l("Why?"),
        widget=forms.Textarea(attrs={"rows": "5", "data-count": "4000"}),
        help_text=_l("The freelancer and support read this. At least 20 characters."),
    )
