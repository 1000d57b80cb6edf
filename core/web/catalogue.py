"""The catalogues of texts: extracted from the sources, kept in ``locale/``, compiled on demand.

``locale/<language>/LC_MESSAGES/django.po`` is the source that translators edit. What Django reads is compiled
from it into a git-ignored folder whenever it is newer, by the same library that reads the sources, so that
nobody needs the gettext programs.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOMS = ("core", "accounts", "contracts", "disputes", "mediation", "arbitration", "notifications", "config")
#: Tools for builders and words of the demonstration world: no part of the product's texts.
LEFT_OUT = (
    "/migrations/",
    "/management/",
    "config/demo/",
    "config/supervisor/",
    "config/embedded/",
    "/sandbox/",
    "/sandbox_server/",
    "core/web/views_kit.py",
    "core/web/views_sandbox.py",
    "core/web/mailbox.py",
    "templates/kit",
    "templates/sandbox/",
    "templates/cotton/README.md",
)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: ``{name}`` of Python's texts, ``%(name)s`` of the templates'.
_PLACES = re.compile(r"\{(\w+)\}|%\((\w+)\)s|</?(\w+)")

Key = tuple[str | None, str]


def languages() -> list[str]:
    """Every language but the source's own."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def source_path(language: str) -> Path:
    """Return the file that translators edit."""
    return Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES" / "django.po"


def _files() -> Iterator[Path]:
    base = Path(settings.BASE_DIR)
    for room in ROOMS:
        yield from sorted((base / room).rglob("*.py"))
    for kind in ("*.html", "*.txt"):
        yield from sorted((base / "templates").rglob(kind))


def _as_python(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    # Each line for itself: the blanked text between the tags has no indentation that means anything.
    return "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())


def extract() -> dict[Key, tuple[str | tuple[str, ...], list[str]]]:
    """Read all sources. (context, text) → (text, or singular and plural; the files that say it)."""
    found: dict[Key, tuple[str | tuple[str, ...], list[str]]] = {}
    places: dict[Key, list[str]] = defaultdict(list)
    base = Path(settings.BASE_DIR)
    for path in _files():
        name = path.relative_to(base).as_posix()
        if any(part in name for part in LEFT_OUT):
            continue
        source = io.BytesIO(_as_python(path).encode())
        for _, message, _, context in babel_extract("python", source, keywords=KEYWORDS):
            text = message[0] if isinstance(message, tuple) else message
            if not text:
                continue
            key = (context, text)
            if name not in places[key]:
                places[key].append(name)
            # A text used alone and with a number is kept with both forms.
            if key not in found or isinstance(message, tuple):
                found[key] = (message, places[key])
    return found


def load(language: str) -> Catalog:
    """Read a catalogue; an empty one where there is none yet."""
    path = source_path(language)
    if not path.exists():
        return Catalog(locale=language, project=settings.PRODUCT_NAME, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renew(language: str) -> Catalog:
    """Bring a catalogue up to the sources: new texts come in untranslated, those no longer said go."""
    old = load(language)
    made = Catalog(locale=language, project=settings.PRODUCT_NAME, charset="utf-8", fuzzy=False)
    for (context, text), (message, places) in sorted(extract().items(), key=lambda item: (item[1][1][0], item[0][1])):
        was = old.get(text, context)
        kept = was.string if was is not None else None
        plural = isinstance(message, tuple)
        if plural != isinstance(kept, tuple):
            kept = None
        made.add(message, kept or (("", "") if plural else ""), [(place, 0) for place in places], context=context)
    path = source_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, made, width=0, omit_header=False, sort_output=False, include_lineno=False)
    return made


def faults(language: str) -> list[str]:
    """What is wrong with a catalogue: texts not translated, no longer said, or with other placeholders."""
    catalogue, wanted, found = load(language), extract(), []
    have = {(m.context, m.id[0] if isinstance(m.id, tuple) else m.id): m for m in catalogue if m.id}
    for key, (message, places) in wanted.items():
        translated = have.get(key)
        strings = _strings(translated.string) if translated else ()
        if not strings or not all(strings):
            found.append(f"not translated ({places[0]}): {key[1]!r}")
            continue
        if translated is not None and translated.fuzzy:
            found.append(f"marked as doubtful: {key[1]!r}")
        sources = _strings(message)
        # One plural form may leave the number out ("one file"); none may name what is not there.
        found += [
            f"other placeholders or tags ({places[0]}): {key[1]!r} → {string!r}"
            for string in strings
            if not any(_named(string) == _named(source) for source in sources)
        ]
    found += [f"no longer said: {key[1]!r}" for key in have if key not in wanted]
    return found


def _strings(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _named(text: str) -> list[str]:
    return sorted("".join(groups) for groups in _PLACES.findall(text))


def build() -> None:
    """Compile every catalogue that is newer than what Django reads. A read-only disk keeps what it has."""
    for language in languages():
        source = source_path(language)
        target = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.mo"
        with suppress(OSError):
            if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent)
            with os.fdopen(handle, "wb") as file:
                write_mo(file, load(language))
            Path(name).chmod(0o644)
            Path(name).replace(target)
