"""What is typed about files: shared fields for all that are chosen now, and fields of its own for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formatting import format_bytes
from core.uploads import ACCEPT, CheckedUpload
from core.web.forms import ChoiceCards, FilesField
from disputes.enums import Confidentiality, EvidenceKind
from disputes.forms import SeenForm
from disputes.models.evidence import StagedFile

SHOWS_MAX = 300  # characters
NEW = "new"  # the n-th of the files chosen now has the fields kind-new-n, shows-new-n, confidentiality-new-n


class Shared(forms.Field):
    """Mixin: asked for like any field, but a file may say it for itself, so that nothing here is missing."""

    def validate(self, value: Any) -> None:
        """An empty one is no error; the view judges file by file."""
        if value not in self.empty_values:
            super().validate(value)


class SharedChoice(Shared, forms.ChoiceField):
    """A choice for all files that make none."""


class SharedText(Shared, forms.CharField):
    """Words for all files that have none."""


class ExhibitsForm(SeenForm):
    """D9: files; what is said here counts for each file that says nothing of its own.

    `needed`: at least one file must be chosen now, for none waits from an earlier try.
    """

    def __init__(self, *args: Any, max_bytes: int, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = FilesField(
            label=gettext_lazy("Files"),
            required=needed,
            allow_empty_file=True,  # core.uploads says it per file, so that one empty file does not cost the rest
            accept=ACCEPT,
            max_bytes=max_bytes,
            help_text=gettext_lazy("PDF, pictures, text, mail (.eml) or office files. Several in one go."),
        )
        self.fields["kind"] = SharedChoice(label=gettext_lazy("What are they?"), choices=EvidenceKind.choices)
        self.fields["shows"] = SharedText(
            label=gettext_lazy("What do they show?"),
            widget=forms.TextInput(attrs={"maxlength": str(SHOWS_MAX)}),
            help_text=gettext_lazy(
                "One line for all of them, for example: a full order from basket to receipt. If they show different"
                " things, leave this empty: the next page asks for each file."
            ),
        )
        self.fields["confidentiality"] = SharedChoice(
            label=gettext_lazy("Who may see them?"),
            choices=Confidentiality.choices,
            widget=ChoiceCards(
                consequences={
                    Confidentiality.SHARED: gettext_lazy("It gets an exhibit number and can be cited."),
                    Confidentiality.SPECIALIST: gettext_lazy(
                        "It cannot be cited and goes to no arbitrator unless you show it to everyone later."
                    ),
                }
            ),
        )


class AnswerForm(ExhibitsForm):
    """D9: the answer to an evidence request, with files if there are any."""

    text = forms.CharField(label=gettext_lazy("Your answer"), widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["seen", "text", "files", "kind", "shows", "confidentiality"])


@dataclass(slots=True)
class FileRow:
    """One file on its way into the case, with what was typed about it and what is wrong with that."""

    key: str
    name: str
    size: int
    typed: dict[str, str]
    upload: CheckedUpload | None = None
    staged: StagedFile | None = None
    errors: dict[str, str] = field(default_factory=dict)
    done: bool = False

    @property
    def meta(self) -> str:
        """``PDF, 240 KB``."""
        return f"{self.name.rpartition('.')[2].upper()}, {format_bytes(self.size)}"

    @property
    def given(self) -> dict[str, str]:
        """What the service is told: nothing typed means the first choice."""
        return {
            "kind": self.typed.get("kind") or EvidenceKind.OTHER.value,
            "shows": self.typed.get("shows", "").strip(),
            "confidentiality": self.typed.get("confidentiality") or Confidentiality.SHARED.value,
        }

    def check(self) -> bool:
        """Judge what can be judged without the case; whether it may be added."""
        said = self.given["shows"]
        if not said:
            self.errors["shows"] = _("Say in one line what “{name}” shows.").format(name=self.name)
        elif len(said) > SHOWS_MAX:
            self.errors["shows"] = _("“{name}”: shorten this to {most} characters; it has {now} now.").format(
                name=self.name, most=SHOWS_MAX, now=len(said)
            )
        return not self.errors

    @property
    def problems(self) -> list[dict[str, str]]:
        """For the error summary: each with a link to its field."""
        return [
            {"text": text, "href": f"#{name}-{self.key}" if name in {"kind", "shows"} else f"#file-{self.key}"}
            for name, text in self.errors.items()
        ]


def typed_for(post: Mapping[str, str], key: str) -> dict[str, str]:
    """The fields of one file, as typed."""
    names = ("kind", "shows", "confidentiality")
    return {name: post[f"{name}-{key}"] for name in names if f"{name}-{key}" in post}


def choices() -> dict[str, Any]:
    """The lists that a file's own fields offer."""
    return {"kinds": EvidenceKind.choices, "levels": Confidentiality.choices, "shows_max": SHOWS_MAX}
