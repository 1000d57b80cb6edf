"""What no template may hold: inline style or script, words we do not use, icons that do not exist."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "templates"
MAILS = sorted(path for path in FOLDER.rglob("*.html") if path.parent.name == "email" or "email" in path.parts)
PAGES = sorted(path for path in FOLDER.rglob("*.html") if path not in MAILS)
TEXTS = sorted([*FOLDER.rglob("*.html"), *FOLDER.rglob("*.txt")])

# Attributes may hold templates with ">" in them; comments are for us.
COMMENTS = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}|<!--.*?-->", re.DOTALL)


def source(path: Path) -> str:
    return COMMENTS.sub("", path.read_text())


def visible(path: Path) -> str:
    """Source without tags, attributes other than the ones read aloud, and template code."""
    text = source(path)
    spoken = " ".join(re.findall(r'(?:aria-label|title|alt|placeholder|label|lede|hint)="([^"]*)"', text))
    text = re.sub(r"<style.*?</style>|<script.*?</script>", " ", text, flags=re.DOTALL)
    return (
        re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", " ", text, flags=re.DOTALL) + " " + re.sub(r"{%.*?%}|{{.*?}}", " ", spoken)
    )


def name(path: Path) -> str:
    return str(path.relative_to(FOLDER))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page_has_no_inline_style_or_script(path: Path) -> None:
    text = source(path)

    assert re.findall(r"\sstyle=", text) == []
    assert re.findall(r"<style\b", text) == []
    # What stands inside template tags reaches no page: "with one=…" is no handler.
    assert re.findall(r"\son(?!ly=)[a-z]+=", re.sub(r"{%.*?%}", "", text, flags=re.DOTALL)) == []
    assert re.findall(r"javascript:", text) == []
    assert [found for found in re.findall(r"<script\b[^>]*>", text) if "src=" not in found] == []
    assert re.findall(r"\bhx-on\b", text) == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page_loads_nothing_from_elsewhere(path: Path) -> None:
    assert re.findall(r'(?:src|srcset)="(?:https?:)?//[^"]*"|<link[^>]+href="(?:https?:)?//', source(path)) == []


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_words_are_ours(path: Path) -> None:
    text = visible(path)

    assert re.findall(r"\b(?:he|she|his|her|hers|himself|herself)\b", text, flags=re.IGNORECASE) == []
    assert re.findall(r"click here", text, flags=re.IGNORECASE) == []
    assert re.findall(r"(?:^|>|\s)Submit\s*(?:$|<)", text) == []


def test_icons_exist() -> None:
    with files("lucide").joinpath("lucide.zip").open("rb") as stream, ZipFile(stream) as archive:
        known = {entry.removesuffix(".svg") for entry in archive.namelist()}
    used: dict[str, set[str]] = {}
    for path in FOLDER.rglob("*.html"):
        text = source(path)
        found = set(re.findall(r'{% icon "([^"{]+)"', text))
        found |= set(re.findall(r'\b(?:icon|icon_end|badge_icon)="([a-z0-9-]+)"', text))
        found |= set(re.findall(r'icon\|default:"([^"]+)"', text))
        for icon in found - known:
            used.setdefault(icon, set()).add(name(path))

    assert used == {}


def test_every_posting_form_is_protected() -> None:
    bare = [
        name(path)
        for path in PAGES
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source(path), flags=re.DOTALL)
        if "csrf_token" not in form
    ]

    assert bare == []


@pytest.mark.parametrize("path", MAILS, ids=name)
def test_mail_fetches_nothing_and_holds_no_form(path: Path) -> None:
    text = source(path)

    assert re.findall(r"<(?:img|form|script|link|input|button)\b|url\(", text) == []
