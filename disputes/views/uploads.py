"""Files that come with a form: each is judged by itself, so that one bad file does not cost the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import InvalidInputError
from core.uploads import CheckedUpload, check_upload


def checked_files(form: Any, *, max_bytes: int) -> list[CheckedUpload]:
    """The files that passed; the others' sentences stand on the form's `files`."""
    good = []
    for file in form.cleaned_data.get("files") or []:
        try:
            good.append(check_upload(file, max_bytes=max_bytes, field_name="files"))
        except InvalidInputError as error:
            form.add_error("files", error.fields["files"])
    return good


def add_each(form: Any, files: list[CheckedUpload], add: Callable[[CheckedUpload], Any]) -> int:
    """Add file by file, on disk before its transaction; a refusal stands on `files`. Returns how many went in."""
    count = 0
    for file in files:
        file.store()
        try:
            add(file)
            count += 1
        except InvalidInputError as error:
            for name, sentence in error.fields.items():
                target = name if name in form.fields else "files"
                form.add_error(
                    target,
                    sentence if target == name else _("“{file}”: {sentence}").format(file=file.name, sentence=sentence),
                )
    return count


def counted(count: int) -> str:
    """``1 file``, ``3 files``."""
    return ngettext("{n} file", "{n} files", count).format(n=count)
