"""Uploads are hostile: allow-list, sniffed content, size, random private name (reliability section 6).

A view calls `check_upload` (refuses in words) and may call `.store()` before it opens a transaction;
a service calls `.store()` in any case, which writes once. Rows keep the name for people, the disk never does.
"""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core import sniffing
from core.errors import InvalidInputError
from core.formatting import format_bytes

# Extension → content type we serve it under. What the browser claimed is never used.
ALLOWED: dict[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "txt": "text/plain",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "eml": "message/rfc822",
}
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
ACCEPT = ",".join(f".{e}" for e in ALLOWED)  # for the `accept` of a file input
MAX_NAME = 200

# The sign that stands for a path separator in a raw name (core.web.uploads puts it there).
PATH_MARK = "\N{FRACTION SLASH}"

# A virus scanner: gets the file at its start, returns what it found, or "" when clean. Raises when it cannot tell.
Scan = Callable[["File[bytes]"], str]


def private_path(_instance: Any, _file_name: str) -> str:
    """Return a random path: nothing of the name that a person chose reaches the disk."""
    name = uuid.uuid4().hex
    return f"files/{name[:2]}/{name}"


@dataclass(slots=True)
class CheckedUpload:
    """A file that passed: `name` for people, `content_type` by our table, `size` in bytes, hex SHA-256."""

    name: str
    content_type: str
    size: int
    sha256: str
    file: File[bytes]
    _path: str = field(default="", repr=False)

    def store(self) -> str:
        """Write the file under a random private name, once, and return the path for a FileField.

        Call it before the transaction of the row that will own it; an orphan is swept later.
        """
        if not self._path:
            self.file.seek(0)
            self._path = default_storage.save(private_path(None, ""), self.file)
        return self._path


def check_upload(
    file: File[bytes], *, max_bytes: int, allowed: Iterable[str] = tuple(ALLOWED), field_name: str = "file"
) -> CheckedUpload:
    """Accept a file or say why not.

    Raises InvalidInputError({field_name: sentence}) for a name with path parts, a type that is not
    allowed, an empty, too large, broken or disguised file, and whatever the virus hook reports.
    """
    shown = str(file.name or "")
    try:
        _check_name(shown)
        kind = _check_kind(shown, allowed)
        size = _check_size(file, max_bytes)
        sniffing.check(file, kind, size)
        _scan(file)
    except sniffing.Refused as refusal:
        label = f"“{_printable(shown)}”: " if shown else ""
        raise InvalidInputError({field_name: f"{label}{refusal}"}) from refusal
    return CheckedUpload(shown, ALLOWED[kind], size, _digest(file), file)


def checked(file: File[bytes] | CheckedUpload, *, max_bytes: int, field_name: str = "file") -> CheckedUpload:
    """Pass a checked file through (its size is judged again: limits differ by case), check any other."""
    if not isinstance(file, CheckedUpload):
        return check_upload(file, max_bytes=max_bytes, field_name=field_name)
    if file.size > max_bytes:
        raise InvalidInputError({field_name: f"“{file.name}”: {_too_large(file.size, max_bytes)}"})
    return file


def _check_name(name: str) -> None:
    if any(mark in name for mark in ("/", "\\", PATH_MARK, "\0")) or name in {".", ".."}:
        raise sniffing.Refused(_("The name contains parts of a folder path. Rename the file and add it again."))
    if not name or len(name) > MAX_NAME:
        raise sniffing.Refused(
            _("The file needs a name of at most {n} characters. Rename it and add it again.").format(n=MAX_NAME)
        )
    # Control, format (bidi overrides turn "fdp.exe" around on the screen), surrogate, private use.
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"} for c in name):
        raise sniffing.Refused(_("The name contains invisible characters. Rename the file and add it again."))


def _check_kind(name: str, allowed: Iterable[str]) -> str:
    stem, dot, extension = name.rpartition(".")
    kind = extension.lower()
    if not (dot and stem) or kind not in ALLOWED or kind not in set(allowed):
        raise sniffing.Refused(
            _("This type of file is not accepted. Use {kinds}.").format(kinds=", ".join(sorted(allowed)))
        )
    return kind


def _check_size(file: File[bytes], max_bytes: int) -> int:
    size = int(file.size or 0)
    if size <= 0:
        raise sniffing.Refused(_("The file is empty. Check that it was saved, then add it again."))
    if size > max_bytes:
        raise sniffing.Refused(_too_large(size, max_bytes))
    return size


def _too_large(size: int, max_bytes: int) -> str:
    return _("The file has {size}; {most} is the most one file can have. Make it smaller, or split it.").format(
        size=format_bytes(size), most=format_bytes(max_bytes)
    )


def _scan(file: File[bytes]) -> None:
    path = getattr(settings, "UPLOAD_SCANNER", "")
    if not path:
        return
    scan: Scan = import_string(path) if isinstance(path, str) else path
    file.seek(0)
    try:
        found = scan(file)
    except Exception as error:  # a scanner that cannot tell has not said "clean"
        raise sniffing.Refused(_("The file cannot be checked for viruses right now. Try again in a minute.")) from error
    if found:
        raise sniffing.Refused(
            _("The virus check found a problem ({found}). The file was not kept.").format(found=found)
        )


def _digest(file: File[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _printable(name: str) -> str:
    cleaned = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name.replace(PATH_MARK, "/"))
    return cleaned if len(cleaned) <= MAX_NAME else cleaned[:80] + "…"
