"""Forms that draw themselves in the house style and read money in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import BaseRenderer, DjangoTemplates, TemplatesSetting
from django.forms.utils import pretty_name
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core import formatting as fmt
from core.money import Money, MoneyError, parse_money

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise
from core.web import kept


class PageRenderer(BaseRenderer):
    """Our own templates for forms and fields, Django's for the widgets inside them."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    _pages: ClassVar[TemplatesSetting] = TemplatesSetting()
    _stock: ClassVar[DjangoTemplates] = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        """Find ``django/forms/…`` beside Django (the app ``django.forms`` is not installed), the rest here."""
        source = self._stock if template_name.startswith("django/forms/") else self._pages
        return source.get_template(template_name)


class HouseStyle:
    """Mixin: summary of errors, hints and errors above the input, no browser bubbles."""

    default_renderer: ClassVar[Any] = PageRenderer
    use_required_attribute = False  # our sentences are clearer than the browser's bubbles
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") == DJANGO_REQUIRED:
                field.error_messages["required"] = _required_message(field, str(field.label or pretty_name(name)))
        self._given_back = kept.for_form(self)  # type: ignore[arg-type]  # the mixin's host is a form

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """What was typed before the session ended (core.web.kept), else the form's own initial value."""
        if self._given_back is not None:
            found = self._given_back.value(field, self.add_prefix(field_name))  # type: ignore[attr-defined]
            if found is not kept.NOTHING:
                return found
        return super().get_initial_for_field(field, field_name)  # type: ignore[misc]


DJANGO_REQUIRED = forms.Field.default_error_messages["required"]


def _required_message(field: forms.Field, label: str) -> str:
    """Say what to do, naming the field: an error summary stands far from its field."""
    quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{label}\N{RIGHT DOUBLE QUOTATION MARK}"
    if isinstance(field, forms.BooleanField):
        return _("Tick the box to go on: {label}").format(label=quoted)
    if isinstance(field, forms.ChoiceField):
        return _("Choose one: {label}").format(label=quoted)
    return _("Fill in {label}.").format(label=quoted)


class EvenhandForm(HouseStyle, forms.Form):
    """Base of the product's forms; ``{{ form }}`` draws everything but the buttons."""


class EvenhandModelForm(HouseStyle, forms.ModelForm):
    """The same over a model."""


# --- money ----------------------------------------------------------------------


class MoneyInput(forms.TextInput):
    """A text box: number boxes swallow what they do not understand, and we keep what is typed."""

    eh_kind = "money"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """Write a Money as ``1,150.00``; a typed text stays as it was typed."""
        return fmt.plain_amount(value) if isinstance(value, Money) else super().format_value(value)


class MoneyField(forms.Field):
    """An amount in one currency, read leniently ("1,350", "$1350.00"), cleaned to ``Money``.

    ``minimum`` and ``maximum`` are inclusive; without a minimum an amount of nothing is
    refused unless ``allow_zero``. Errors are sentences that name the bounds. Codes: those of
    ``MoneyError``, and ``bounds``.
    """

    widget = MoneyInput
    default_error_messages: ClassVar[dict[str, Any]] = {"required": _l("Enter an amount.")}

    def __init__(
        self,
        currency: str,
        *,
        minimum: Money | None = None,
        maximum: Money | None = None,
        allow_zero: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.currency = currency
        self.allow_zero = allow_zero
        self.minimum = minimum if minimum is not None else Money(0 if allow_zero else 1, currency)
        self.maximum = maximum

    def to_python(self, value: Any) -> Money | None:
        """Read the text; raises ValidationError with the sentence of ``parse_money``."""
        if value in self.empty_values:
            return None
        if isinstance(value, Money):
            return value
        try:
            return parse_money(str(value), self.currency)
        except MoneyError as error:
            if error.code == "empty":
                return None
            raise forms.ValidationError(error.message, code=error.code) from error

    def validate(self, value: Any) -> None:
        """Refuse what lies outside the bounds, naming them."""
        super().validate(value)
        if value is None:
            return
        if value < self.minimum or (self.maximum is not None and value > self.maximum):
            raise forms.ValidationError(self.bounds_message(), code="bounds")

    def bounds_message(self) -> str:
        """Word the refusal: ``Enter an amount between $0.01 and $1,800.00.``."""
        low = fmt.format_money(self.minimum)
        if self.maximum is None:
            return _("Enter an amount of {amount} or more.").format(amount=low)
        if self.maximum < self.minimum:
            return _("There is no money left to name here.")
        if self.maximum == self.minimum:
            return _("The only possible amount is {amount}.").format(amount=low)
        return _("Enter an amount between {low} and {high}.").format(low=low, high=fmt.format_money(self.maximum))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare amounts, not spellings: ``1,350`` is ``1350.00``."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True


# --- choices --------------------------------------------------------------------


class ChoiceCards(forms.RadioSelect):
    """Radios drawn as cards, each with one line that says what follows from it.

    ``consequences`` maps a choice's value to that line.
    """

    eh_kind = "cards"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Iterable[Any] = (),
        *,
        consequences: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.consequences: dict[Any, StrPromise | str] = dict(consequences or {})

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the consequence to Django's option."""
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        option["consequence"] = self.consequences.get(str(option["value"]), "")
        return option


# --- files ----------------------------------------------------------------------


class FilesInput(forms.ClearableFileInput):
    """Several files at once, as a drop zone."""

    eh_kind = "file"
    template_name = "django/forms/widgets/file.html"
    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"multiple": True, "class": "cover", "data-files": True, **(attrs or {})})


class FilesField(forms.FileField):
    """A list of uploaded files. What may be in them is for ``core.uploads`` to say, file by file.

    ``max_bytes`` and ``accept`` only help the browser to warn early.
    """

    widget = FilesInput
    default_error_messages: ClassVar[dict[str, Any]] = {"required": _l("Choose at least one file.")}

    def __init__(self, *, accept: str = "", max_bytes: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if accept:
            self.widget.attrs["accept"] = accept
        if max_bytes:
            self.widget.attrs["data-max-bytes"] = str(max_bytes)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files that came, in the order chosen; an empty list when none is needed."""
        files = [item for item in (data if isinstance(data, list | tuple) else [data]) if item]
        if not files:
            if self.required and not initial:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return []
        return [super(FilesField, self).clean(item, initial) for item in files]
