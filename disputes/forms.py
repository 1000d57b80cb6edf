"""Shapes of what people type on the dispute's pages. Decisions are the services'; nothing here writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.errors import InvalidInputError
from core.formatting import format_money
from core.money import Money, zero
from core.uploads import ACCEPT
from core.web.forms import ChoiceCards, EvenhandForm, FilesField, MoneyField
from disputes.enums import AnswerReason, Audience, Confidentiality, Disposition, EndedReason, EvidenceKind
from disputes.services.common import DETAILS_MIN, long_text
from disputes.services.statements import ANSWER_MISSING, CLAIM_MISSING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

DETAILS_HINT = _l(
    "Write so that somebody who was not there understands it: what was agreed, what you delivered and when, what the"
    " client said. At least 80 characters."
)
SHOWS_MAX = 300


def details_area(most: int, rows: int = 9) -> forms.Textarea:
    """A long text with a count; the browser does not cut what is pasted, the service says what is too much."""
    return forms.Textarea(attrs={"rows": rows, "data-count": str(most)})


class SeenForm(EvenhandForm):
    """Carries which state of the case the person saw: `<version>`; nonsense counts as never seen."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def seen_version(self) -> int:
        """The version shown, or -1."""
        value = str(self.cleaned_data.get("seen", "")) if hasattr(self, "cleaned_data") else ""
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1  # noqa: PLR2004


class DetailsMixin(forms.Form):
    """A long text that must explain something: told at its field together with every other error of the form."""

    details_missing: str | StrPromise = ""
    text_chars = 20_000

    def clean_details(self) -> str:
        """As the service will judge it."""
        try:
            return long_text(
                self.cleaned_data["details"],
                "details",
                least=DETAILS_MIN,
                most=self.text_chars,
                what=self.details_missing,
            )
        except InvalidInputError as error:
            raise forms.ValidationError(error.fields["details"]) from error


class FilesMixin(forms.Form):
    """Files of one kind, with one line on what they show; needs no script."""

    def add_files(self, *, max_bytes: int, confidential: bool, required: bool = False) -> None:
        """Add the fields; `confidential` offers the level that only the specialist sees."""
        self.fields["files"] = FilesField(
            label=_("Files"),
            required=required,
            allow_empty_file=True,  # core.uploads says it per file, so that one empty file does not cost the rest
            accept=ACCEPT,
            max_bytes=max_bytes,
            help_text=_("PDF, pictures, text, mail (.eml) or office files, 10 MB each. Several of one kind at once."),
        )
        self.fields["kind"] = forms.ChoiceField(
            label=_("What are they?"), choices=EvidenceKind.choices, required=False, initial=EvidenceKind.DELIVERABLE
        )
        self.fields["shows"] = forms.CharField(
            label=_("What does this file show?"),
            required=required,
            widget=forms.TextInput(attrs={"maxlength": str(SHOWS_MAX)}),
            help_text=_("One line, for example: a full order from basket to receipt."),
        )
        if confidential:
            self.fields["confidentiality"] = forms.ChoiceField(
                label=_("Who may see it?"),
                choices=Confidentiality.choices,
                initial=Confidentiality.SHARED,
                required=False,
                widget=ChoiceCards(
                    consequences={
                        Confidentiality.SHARED: _("It gets an exhibit number and can be cited."),
                        Confidentiality.SPECIALIST: _(
                            "It cannot be cited and goes to no arbitrator unless you show it to everyone later."
                        ),
                    }
                ),
            )

    def clean(self) -> dict[str, Any]:
        """Files without a word on what they show are hard to use: ask for it."""
        cleaned = super().clean() or {}
        if cleaned.get("files") and not cleaned.get("shows"):
            self.add_error("shows", _("Say in one line what the file shows."))
        return cleaned


class ClaimForm(DetailsMixin, FilesMixin, EvenhandForm):
    """S07: reason and details of the claim, its amount, evidence."""

    details_missing = CLAIM_MISSING

    reason = forms.ChoiceField(
        label=_l("What is your reason for the dispute?"), choices=EndedReason.choices, widget=forms.RadioSelect
    )
    details = forms.CharField(label=_l("What happened"), help_text=DETAILS_HINT)

    def __init__(self, *args: Any, asked: Money, max_bytes: int, text_chars: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text_chars = text_chars
        self.fields["details"].widget = details_area(text_chars)
        self.fields["amount"] = MoneyField(
            asked.currency,
            maximum=asked,
            label=_("Amount you claim"),
            help_text=_("{asked} is asked back. What you do not claim goes back to the client at once.").format(
                asked=format_money(asked)
            ),
        )
        self.add_files(max_bytes=max_bytes, confidential=False)
        self.fields["kind"].required = False
        self.order_fields(["reason", "details", "amount", "files", "kind", "shows"])


class AgreeForm(SeenForm):
    """A consent: the text's version and a box nobody has ticked beforehand."""

    agree = forms.BooleanField(label=_l("I have read this and agree."))
    text_version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: str | StrPromise = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["agree"].label = label
            self.fields["agree"].error_messages["required"] = _("Tick the box to go on: “{label}”").format(label=label)


class ConfirmForm(SeenForm):
    """A confirm page without anything to fill in."""


class ContestForm(DetailsMixin, FilesMixin, SeenForm):
    """D4: why the client contests, and what the client would pay."""

    details_missing = ANSWER_MISSING

    reason = forms.ChoiceField(
        label=_l("Why do you contest the claim?"), choices=AnswerReason.choices, widget=forms.RadioSelect
    )
    details = forms.CharField(
        label=_l("What happened"),
        help_text=_l(
            "Write so that somebody who was not there understands it. Both the freelancer and the specialist"
            " read it. At least 80 characters."
        ),
    )

    def __init__(self, *args: Any, total: Money, max_bytes: int, text_chars: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text_chars = text_chars
        self.fields["details"].widget = details_area(text_chars)
        self.fields["offers"] = MoneyField(
            total.currency,
            maximum=total,
            allow_zero=True,
            initial=zero(total.currency),
            label=_("What you think is due"),
            help_text=_("Of {total}. This is your position, not an offer: nothing moves.").format(
                total=format_money(total)
            ),
        )
        self.add_files(max_bytes=max_bytes, confidential=False)
        self.order_fields(["seen", "reason", "details", "offers", "files", "kind", "shows"])
        self.total = total

    def clean_offers(self) -> Money | None:
        """All of it is no answer but a payment, which has its own page."""
        offers: Money | None = self.cleaned_data["offers"]
        if offers == self.total:
            raise forms.ValidationError(
                _("Enter an amount below {amount}, or 0. To pay all of it, accept the dispute in full instead.").format(
                    amount=format_money(self.total)
                )
            )
        return offers


class UpdateForm(DetailsMixin, SeenForm):
    """D8: a new version of the claim or of the answer."""

    reason = forms.ChoiceField(label=_l("Reason"), widget=forms.Select)
    details = forms.CharField(
        label=_l("What happened"), help_text=_l("The other side sees both versions and what changed.")
    )

    def __init__(
        self, *args: Any, total: Money, side: str, active: bool, reasons: Any, text_chars: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]
        self.text_chars = text_chars
        self.fields["details"].widget = details_area(text_chars, rows=12)
        claim = side == "freelancer"
        self.details_missing = CLAIM_MISSING if claim else ANSWER_MISSING
        self.fields["amount"] = MoneyField(
            total.currency,
            maximum=total,
            allow_zero=not claim,
            label=_("Amount you claim") if claim else _("What you think is due"),
            help_text=_lowering(total, active=active)
            if claim
            else _("Of {total}. Nothing moves by this.").format(total=format_money(total)),
        )


def _lowering(total: Money, *, active: bool) -> str:
    words = (
        _(
            "It can only go down from {total}. What you take off goes back into escrow at once, and an open offer"
            " ends. To give up the whole claim, withdraw the dispute instead."
        )
        if active
        else _(
            "It can only go down from {total}. What you take off goes back to the client at once, and an open offer"
            " ends. To give up the whole claim, withdraw the dispute instead."
        )
    )
    return words.format(total=format_money(total))


class OfferForm(SeenForm):
    """D11: two sums that add up; both are typed, the service checks them."""

    note = forms.CharField(
        label=_l("A note to the other side"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("For example what the work would include."),
    )

    def __init__(self, *args: Any, total: Money, active: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.total = total
        for name in ("to_freelancer", "to_client"):
            self.fields[name] = MoneyField(total.currency, allow_zero=True, maximum=total, required=False)
        if active:
            self.fields["disposition"] = forms.ChoiceField(
                label=_("What becomes of the client’s part?"),
                choices=Disposition.choices,
                initial=Disposition.REFUND,
                widget=forms.RadioSelect,
            )
        self.order_fields(["seen", "to_freelancer", "to_client", "disposition", "note"])

    def clean(self) -> dict[str, Any]:
        """One sum is enough: the other is the rest. Two must add up."""
        cleaned = super().clean() or {}
        first, second = cleaned.get("to_freelancer"), cleaned.get("to_client")
        if self.errors:
            return cleaned
        if first is None and second is None:
            self.add_error("to_freelancer", _("Enter at least one of the two amounts."))
        elif first is None:
            cleaned["to_freelancer"] = self.total - (second or zero(self.total.currency))
        elif second is None:
            cleaned["to_client"] = self.total - first
        elif first + second != self.total:
            self.add_error(
                "to_freelancer",
                _("The two amounts must add up to {total}. Now they make {sum}.").format(
                    total=format_money(self.total), sum=format_money(first + second)
                ),
            )
        return cleaned

    @property
    def amounts_error(self) -> str:
        """The slider prints one error for both amounts."""
        errors = [*self.errors.get("to_freelancer", []), *self.errors.get("to_client", [])]
        return str(errors[0]) if errors else ""


class EvidenceForm(FilesMixin, SeenForm):
    """D9: files with their kind, what they show and who may see them."""

    def __init__(self, *args: Any, max_bytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_files(max_bytes=max_bytes, confidential=True, required=True)


class RequestAnswerForm(FilesMixin, SeenForm):
    """D9: the answer to an evidence request."""

    text = forms.CharField(label=_l("Your answer"), widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, max_bytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_files(max_bytes=max_bytes, confidential=True)
        self.order_fields(["seen", "text", "files", "kind", "shows", "confidentiality"])


class MessageForm(EvenhandForm):
    """A message in the case."""

    body = forms.CharField(
        label=_l("Message"),
        widget=forms.Textarea,
        error_messages={"required": _l("Write a message before you send it.")},
    )
    audience = forms.ChoiceField(choices=Audience.choices, required=False, initial=Audience.EVERYONE)
    purpose = forms.CharField(required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = FilesField(required=False, allow_empty_file=True)


class BidForm(SeenForm):
    """D19: one secret amount, always what the freelancer would get."""

    def __init__(self, *args: Any, total: Money, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = MoneyField(
            total.currency,
            maximum=total,
            allow_zero=True,
            label=_("The least you would take") if side == "freelancer" else _("The most you would pay"),
            help_text=_("From {zero} to {total}, before the service fee.").format(
                zero=format_money(zero(total.currency)), total=format_money(total)
            ),
        )
