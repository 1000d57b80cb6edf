"""Whether a file's content is what its extension says, whole, and free of the usual tricks."""

from __future__ import annotations

import email.parser
import zipfile
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

import puremagic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from PIL import Image, UnidentifiedImageError

if TYPE_CHECKING:
    from django.core.files.base import File
    from django.utils.functional import _StrPromise as StrPromise

HEAD = 8192  # bytes that show what a file is
MAX_PIXELS = 50_000_000  # a decoded picture of 200 MB: more is a bomb or a poster
MAX_UNZIPPED = 200 * 1024 * 1024  # bytes
MAX_ENTRIES = 5_000
PDF_TAIL = 4096  # bytes at the end that must hold the end mark

BROKEN = _l("The file is damaged or incomplete and cannot be opened. Export it again, then add it.")

EXECUTABLES: tuple[tuple[bytes, StrPromise | str], ...] = (
    (b"MZ", _l("a Windows program")),
    (b"\x7fELF", _l("a Linux program")),
    (b"\xfe\xed\xfa\xce", _l("a macOS program")),
    (b"\xfe\xed\xfa\xcf", _l("a macOS program")),
    (b"\xce\xfa\xed\xfe", _l("a macOS program")),
    (b"\xcf\xfa\xed\xfe", _l("a macOS program")),
    (b"\xca\xfe\xba\xbe", _l("a program")),
    (b"\x00asm", _l("a program")),
    (b"dex\n", _l("a program")),
    (b"#!", _l("a script")),
)
IMAGE_FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}
OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
MACROS = ("vbaproject.bin", "vbadata.xml")
TEXT_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


class Refused(Exception):  # noqa: N818 - a sentence for the person, not an error of ours
    """Why a file is not accepted, as a sentence."""


def check(file: File[bytes], kind: str, size: int) -> None:
    """Raise Refused when the content is not that of the extension `kind`, or is broken or hostile."""
    file.seek(0)
    head = file.read(HEAD)
    for magic, what in EXECUTABLES:
        if head.startswith(magic):
            raise Refused(
                _("The name ends in .{kind}, but the content is {what}. Programs are not accepted.").format(
                    kind=kind, what=what
                )
            )
    _CHECKS[kind](file, kind, size, head)


def _is_not(kind: str, head: bytes) -> Refused:
    found = _real_kind(head)
    if found and found != kind:
        text = _(
            "The name ends in .{kind}, but the content looks like {found}."
            " Save the file in the type its name says, then add it again."
        )
    else:
        text = _(
            "The name ends in .{kind}, but the content is something else."
            " Save the file in the type its name says, then add it again."
        )
    return Refused(text.format(kind=kind, found=found))


def _real_kind(head: bytes) -> str:
    """Best guess of the extension that fits the content, for the sentence only."""
    try:
        return str(puremagic.from_string(head)).lstrip(".")
    except (puremagic.PureError, ValueError):
        return ""


def _check_pdf(file: File[bytes], kind: str, size: int, head: bytes) -> None:
    # At the very start: readers forgive leading bytes, and that is how one file is made two.
    if not head.startswith(b"%PDF-"):
        raise _is_not(kind, head)
    file.seek(max(0, size - PDF_TAIL))
    if b"%%EOF" not in file.read():
        raise Refused(str(BROKEN))


def _check_image(file: File[bytes], kind: str, _size: int, head: bytes) -> None:
    file.seek(0)
    try:
        with Image.open(_stream(file), formats=[IMAGE_FORMATS[kind]]) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise Refused(
                    _("The picture has {width} × {height} pixels, which is too many. Make it smaller.").format(
                        width=width, height=height
                    )
                )
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(_("The picture has too many pixels. Make it smaller.")) from error
    except UnidentifiedImageError as error:
        raise (Refused(str(BROKEN)) if _real_kind(head) in _same(kind) else _is_not(kind, head)) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:  # Pillow raises any of these for damage
        raise Refused(str(BROKEN)) from error
    finally:
        file.seek(0)


def _same(kind: str) -> set[str]:
    return {"jpg", "jpeg", "jfif", "jpe"} if kind in {"jpg", "jpeg"} else {kind}


def _check_office(file: File[bytes], kind: str, _size: int, head: bytes) -> None:
    if not head.startswith(b"PK\x03\x04"):
        raise _is_not(kind, head)
    file.seek(0)
    try:
        with zipfile.ZipFile(_stream(file)) as archive:
            _check_archive(archive, kind)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError) as error:
        raise Refused(str(BROKEN)) from error
    finally:
        file.seek(0)


def _check_archive(archive: zipfile.ZipFile, kind: str) -> None:
    entries = archive.infolist()
    names = {e.filename for e in entries}
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNZIPPED:
        raise Refused(_("The file unpacks to far more than its size. Export it again, or send it as PDF."))
    if any(e.flag_bits & 1 for e in entries):
        raise Refused(_("The file is locked with a password. Save it without one, then add it again."))
    if any(".." in name.split("/") or name.startswith("/") for name in names):
        raise Refused(str(BROKEN))
    if any(name.lower().endswith(MACROS) for name in names):
        raise Refused(_("The file contains macros. Save it without macros, or as PDF, then add it again."))
    if "[Content_Types].xml" not in names or OFFICE_PARTS[kind] not in names:
        raise Refused(
            _(
                "The name ends in .{kind}, but the content is another kind of archive. Archives are not accepted."
            ).format(kind=kind)
        )
    if archive.testzip() is not None:  # reads every part: a cut upload shows here
        raise Refused(str(BROKEN))


def _check_text(file: File[bytes], kind: str, _size: int, head: bytes) -> None:
    file.seek(0)
    data = file.read()
    text = _decoded(data)
    if text is None or any(ord(c) in TEXT_CONTROLS for c in text):
        raise _is_not(kind, head)


def _decoded(data: bytes) -> str | None:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp1252"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _check_mail(file: File[bytes], kind: str, size: int, head: bytes) -> None:
    _check_text(file, kind, size, head)
    file.seek(0)
    headers = email.parser.BytesHeaderParser().parse(_stream(file))
    if not headers.get("From") or not any(headers.get(name) for name in ("To", "Date", "Subject", "Received")):
        raise Refused(
            _("The name ends in .eml, but the content is no e-mail. Save the message from your mail program.")
        )


def _stream(file: File[bytes]) -> IO[bytes]:
    """Return the plain stream under a Django file: Pillow, zipfile and email want one."""
    stream: Any = getattr(file, "file", None) or file
    stream.seek(0)
    return stream  # type: ignore[no-any-return]


_Checker = Callable[[Any, str, int, bytes], None]

_CHECKS: dict[str, _Checker] = {
    "pdf": _check_pdf,
    "txt": _check_text,
    "csv": _check_text,
    "eml": _check_mail,
    **dict.fromkeys(OFFICE_PARTS, _check_office),
    **dict.fromkeys(IMAGE_FORMATS, _check_image),
}
