"""What the forms of this room share: text boxes, files, one reason, one amount."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext

from core.errors import InvalidInputError
from core.money import Money
from core.uploads import ACCEPT, CheckedUpload, check_upload
from core.web.forms import EvenhandForm, FilesField, FilesInput, MoneyField


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


class SomeFilesField(FilesField):
    """A few files of one message, each judged by its content; cleans to a list of CheckedUpload."""

    def __init__(self, *, max_bytes: int, most: int, **kwargs: Any) -> None:
        super().__init__(accept=ACCEPT, max_bytes=max_bytes, required=False, **kwargs)
        self.max_bytes, self.most = max_bytes, most

    def clean(self, data: Any, initial: Any = None) -> list[CheckedUpload]:  # type: ignore[override]
        """Return the checked files; raises ValidationError with the reason for the refusal of each."""
        files = super().clean(data, initial)
        if len(files) > self.most:
            raise forms.ValidationError(
                gettext("A message takes {most} files; you chose {count}. Send the rest in another message.").format(
                    most=self.most, count=len(files)
                )
            )
        good, refused = [], []
        for file in files:
            try:
                good.append(check_upload(file, max_bytes=self.max_bytes))
            except InvalidInputError as error:
                refused.append(error.fields["file"])
        if refused:
            raise forms.ValidationError(refused)
        return good


class Asking(EvenhandForm):
    """A form some of whose fields (`depends`) are asked for only after a certain answer.

    They are not "optional" to a reader, so they are drawn as needed; `clean` says when one is missing.
    """

    depends: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._need(needed=True)

    def full_clean(self) -> None:
        """Check the form; a field that depends on an answer may be empty as far as the field itself knows."""
        self._need(needed=False)
        super().full_clean()
        self._need(needed=True)

    def _need(self, *, needed: bool) -> None:
        for name in self.depends:
            if name in self.fields:
                self.fields[name].required = needed


class ConfirmForm(EvenhandForm):
    """Nothing to fill in: a place for refusals on a confirm page."""


class ReasonForm(EvenhandForm):
    """One required text."""

    text = forms.CharField(widget=text_area(5))

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].help_text = help_text
        self.fields["text"].error_messages["required"] = gettext("Fill in “{label}”.").format(label=label)


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
