"""A language in which every translated text stands in ⟦brackets⟧: whatever letters stand outside were never marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from zoneinfo import available_timezones

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import trans_real

OPEN, CLOSE = "⟦", "⟧"
READ_ALOUD = ("aria-label", "title", "placeholder", "alt", "aria-valuetext")
#: Not read as words: code, and the foot's names of languages, which stand in their own language.
SILENT = {"script", "style", "kbd", "code", "svg-title"}
_BREAKS = re.compile(r"[\n.,;:()·–—/|“”\"?!+→•]+|\s-\s")
#: Sums and instants are written by Babel in the reader's language.
_FIGURES = re.compile(
    r"[−-]?(?:[A-Z]{2,3})?[$£€¥]\s?[\d.,]+"  # $1,150.00
    r"|(?<![\w-])\d[\d.,:]*\s?(?:am|pm|h|d|m|min|s)?(?![\w-])"  # 9:12 am, 12 h
    r"|(?<![\w-])[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}(?![\w-])"  # D-ABCD-1234
    r"|(?<![\w-])E-\d+(?![\w-])"
)
#: The sandbox's own bar, for builders.
_SANDBOX_BAR = re.compile(r'<aside class="sandbox".*?</aside>', re.DOTALL)
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{3,}")
#: Names of things that are the same in every language.
NAMES = {
    *("Evenhand", "USD", "UTC", "GMT", "SHA", "PDF", "CSV", "ZIP", "KB", "MB", "min", "am", "pm"),
    *(settings.MARKETPLACE_NAME, settings.ARBITRATION_PROVIDER_NAME),
    *(name for _, name in settings.LANGUAGES),
    *("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"),
    *("Oct", "Nov", "Dec"),
}


@contextmanager
def pseudo() -> Iterator[None]:
    """Every text that goes through gettext comes back in brackets."""
    names = ("gettext", "pgettext", "ngettext", "npgettext")
    real: dict[str, Any] = {name: getattr(trans_real, name) for name in names}

    def bracketed(name: str) -> Any:
        def call(*args: Any) -> str:
            text = real[name](*args)
            return f"{OPEN}{text}{CLOSE}" if str(text).strip() else text

        return call

    inside = {name: bracketed(name) for name in names}
    before = {name: getattr(translation._trans, name) for name in names}
    for name in names:
        setattr(translation._trans, name, inside[name])
    try:
        yield
    finally:
        for name in names:
            setattr(translation._trans, name, before[name])


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.silent += tag in SILENT
        self.found += [str(given[name]) for name in READ_ALOUD if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def outside(text: str) -> str:
    """Cut out what stands in brackets, however deep; a line break takes its place."""
    kept, depth = [], 0
    for letter in text:
        if letter == OPEN:
            depth += 1
            kept.append("\n")
        elif letter == CLOSE:
            depth -= 1
        elif depth <= 0:
            kept.append(letter)
    return "".join(kept)


def data_texts() -> str:
    """Everything that people and stories wrote, as one text: what a page may say without translation."""
    found: list[str] = []
    for model in apps.get_models():
        if model._meta.app_label in {"admin", "sessions", "contenttypes", "auth"}:
            continue
        names = [f.name for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)]
        for row in model._default_manager.values_list(*names):
            found += [value for value in row if isinstance(value, str)]
    found += [name.rsplit("/", 1)[-1].replace("_", " ") for name in available_timezones()]
    found += [str(name) for _, name in settings.LANGUAGES]
    return " ".join(" ".join(found).split())


def _stands_in(data: str, phrase: str) -> bool:
    """Whether a phrase stands in the data as whole words."""
    at = data.find(phrase)
    while at >= 0:
        before, after = data[at - 1 : at], data[at + len(phrase) : at + len(phrase) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        at = data.find(phrase, at + 1)
    return False


def unmarked(html: str, data: str) -> list[str]:
    """Phrases of a page that no translator ever saw and that nobody wrote."""
    reader = _Texts()
    reader.feed(_SANDBOX_BAR.sub("", html))
    # One text over several elements ("⟦<b>x</b> said⟧") stays one: brackets may open and close in different nodes.
    texts = [outside("\x00".join(reader.parts)), *(outside(text) for text in reader.found)]
    wrong = []
    for text in texts:
        for phrase in _BREAKS.split(_FIGURES.sub("\n", text.replace("\x00", "\n"))):
            left = [
                word for word in _WORD.findall(phrase) if word not in NAMES and not (word.isupper() and len(word) == 3)
            ]
            plain = " ".join(phrase.split())
            if left and not _stands_in(data, plain):
                wrong.append(plain)
    return wrong
