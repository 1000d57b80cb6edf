"""The one sheet and the one script: built on demand, small, and from our own house only (interface section v)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders

from core import fonts
from core.web import assets

ROOT = Path(__file__).parents[2]
KB = 1024


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.ASSETS_DIR = tmp_path / "assets"
    return tmp_path / "assets"


def weight(text: str) -> float:
    return len(brotli.compress(text.encode())) / KB


def test_sheet_is_one_file_within_its_budget(folder: Path) -> None:
    assets.build()

    css = (folder / "css" / "evenhand.css").read_text()

    assert weight(css) <= 14
    assert "@import" not in css


def test_script_is_one_module_within_its_budget(folder: Path) -> None:
    assets.build()

    js = (folder / "js" / "app.js").read_text()

    assert weight(js) <= 8
    assert re.findall(r"^(?:import|export)\b", js, flags=re.MULTILINE) == []
    assert "eval(" not in js


@pytest.mark.parametrize("path", sorted(assets.BUILDS))
def test_nothing_comes_from_elsewhere(folder: Path, path: str) -> None:
    assets.build()

    assert re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", (folder / path).read_text()) == []


def test_every_source_is_built_in() -> None:
    css = {path.stem for path in (ROOT / "static/css/src").glob("*.css")}
    js = {path.stem for path in (ROOT / "static/js/src").glob("*.js")}

    assert css == {*assets.CSS_ORDER, *assets.ADMIN_ORDER}
    assert js == set(assets.JS_ORDER)


def test_script_sources_share_no_top_level_name() -> None:
    names: dict[str, str] = {}
    twice = []
    for path in sorted((ROOT / "static/js/src").glob("*.js")):
        text = path.read_text()
        for name in re.findall(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", text, flags=re.MULTILINE):
            if name in names:
                twice.append((name, names[name], path.name))
            names[name] = path.name
        assert not re.findall(r"^export (?:default|\{)|^import [^{]", text, flags=re.MULTILINE), path.name

    assert twice == []


def test_only_tokens_carry_colours() -> None:
    stray = {
        path.name: found
        for path in (ROOT / "static/css/src").glob("*.css")
        if path.name != "tokens.css"
        and (
            found := re.findall(
                r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", re.sub(r"#[\w-]+[^;{}]*\{", "", path.read_text())
            )
        )
    }

    assert stray == {}


def test_every_variable_used_is_defined() -> None:
    text = "\n".join((ROOT / f"static/css/src/{name}.css").read_text() for name in assets.CSS_ORDER)

    used = set(re.findall(r"var\((--[\w-]+)(?=\))", text))
    defined = set(re.findall(r"(--[\w-]+):", text))

    assert used - defined == set()
    assert {name for name in defined if not name.startswith("--eh-")} == set()


def test_finder_builds_before_it_answers(folder: Path) -> None:
    finder = assets.BuiltAssetsFinder()

    found = finder.find("css/evenhand.css")

    assert found == str(folder / "css" / "evenhand.css")
    assert Path(found).is_file()
    assert finder.find("css/other.css") is None
    assert finder.find("fonts/inter-400.woff2") is None


def test_finder_lists_what_collectstatic_takes_along(folder: Path) -> None:
    listed = [path for path, _ in assets.BuiltAssetsFinder().list(None)]

    assert listed == ["css/evenhand.css", "css/admin.css", "js/app.js"]


def test_settings_use_the_finder() -> None:
    assert finders.find("js/app.js") is not None


def test_a_newer_source_is_built_again(folder: Path) -> None:
    assert assets.build() == ["css/evenhand.css", "css/admin.css", "js/app.js"]
    assert assets.build() == []

    os.utime(folder / "js" / "app.js", (1, 1))

    assert assets.build() == ["js/app.js"]


def test_sheet_names_fonts_only_when_they_are_there(folder: Path) -> None:
    assets.build()
    assert "fonts/inter" not in (folder / "css" / "evenhand.css").read_text()
    assert assets.font_urls() == []

    for weight_ in assets.FONT_WEIGHTS:
        assets.font_path(weight_).parent.mkdir(exist_ok=True)
        assets.font_path(weight_).write_bytes(b"font")

    assets.build(force=True)
    assert (folder / "css" / "evenhand.css").read_text().count("fonts/inter") == 3
    assert len(assets.font_urls()) == 1


def test_squeezing_keeps_what_matters() -> None:
    css = "/* why */ .a > .b , .c:hover {\n  margin: calc(1rem + 2px) ;\n  color: red;\n}\n"

    assert assets.squeeze_css(css) == ".a > .b,.c:hover{margin:calc(1rem + 2px);color:red}\n"


def test_no_font_lies_in_the_tree() -> None:
    assert [path for path in (ROOT / "static").rglob("*") if path.suffix in {".woff", ".woff2", ".ttf", ".otf"}] == []


@pytest.mark.slow
def test_cut_font_keeps_money_and_names(tmp_path: Path) -> None:
    from fontTools.ttLib import TTFont

    source = fonts.source_dir()
    assert source is not None, "the package that carries Inter is part of the lock file"

    size = fonts.cut(str(source / fonts.FACES[400]), str(tmp_path / "cut.woff2"))

    with TTFont(tmp_path / "cut.woff2") as font:
        glyphs = font.getBestCmap()
    assert size <= 80 * KB / 3
    assert [char for char in "Aéłž$€£₱₹0123456789−–—“”’…→" if ord(char) not in glyphs] == []


def test_fonts_are_optional(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "CARRIER", "no_such_package_here")

    assert fonts.build(tmp_path / "fonts") is None
    assert not (tmp_path / "fonts").exists()
