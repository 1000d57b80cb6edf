"""Builds the one style sheet and the one script out of their sources, on demand.

Sources are small files under ``static/css/src`` and ``static/js/src``; what is served is
``css/evenhand.css``, ``css/admin.css`` and ``js/app.js`` in a git-ignored folder, made
again whenever a source is newer. There is no build step to remember: the static files
finder below builds before it answers, in development, in tests and in collectstatic alike.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from django.templatetags.static import static

CSS_ORDER = (
    "tokens",
    "base",
    "frame",
    "controls",
    "forms",
    "elements",
    "money",
    "case",
    "support",
    "timeline",
    "pages",
    "desk",
    "mediation",
    "people",
    "adapt",
)
ADMIN_ORDER = ("tokens", "admin")
JS_ORDER = (
    "words",
    "time",
    "countdown",
    "forms",
    "files",
    "slider",
    "draft",
    "dialogs",
    "poll",
    "keys",
    "theme",
    "app",
)

FONT_WEIGHTS = (400, 500, 600)
FONT_FACE = (
    '@font-face{{font-family:"Inter";font-weight:{weight};font-display:swap;'
    'src:url("../fonts/inter-{weight}.woff2") format("woff2")}}\n'
)


def assets_dir() -> Path:
    """Return the git-ignored folder that holds what was built."""
    return Path(settings.ASSETS_DIR)


def sources_dir() -> Path:
    """Return the folder of our own static sources."""
    return Path(settings.BASE_DIR) / "static"


def font_path(weight: int) -> Path:
    """Return where ``build_fonts`` puts a weight."""
    return assets_dir() / "fonts" / f"inter-{weight}.woff2"


def fonts_built() -> bool:
    """Whether all weights are there; if not, the metric-matched fallback shows and nothing moves."""
    return all(font_path(weight).is_file() for weight in FONT_WEIGHTS)


def font_urls() -> list[str]:
    """URLs worth a preload: the body weight alone."""
    return [static("fonts/inter-400.woff2")] if fonts_built() else []


# --- squeezing -----------------------------------------------------------------


def squeeze_css(text: str) -> str:
    """Drop comments and needless white space; values stay as written."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = re.sub(r"([^ ]): ", r"\1:", text)
    return text.replace(";}", "}").strip() + "\n"


def bundle_js(parts: Iterable[str]) -> str:
    """Join our modules into one: import lines go, exports become plain declarations.

    The sources promise unique top-level names and named exports only (a test checks it),
    so one module scope is enough and the page makes one request.
    """
    lines: list[str] = []
    for part in parts:
        code = re.sub(r"^\s*/\*.*?\*/", "", part, flags=re.DOTALL | re.MULTILINE)
        for line in code.splitlines():
            bare = line.strip()
            if bare and not bare.startswith(("//", "import ")):
                lines.append(bare.removeprefix("export "))
    return "\n".join(lines) + "\n"


# --- building ------------------------------------------------------------------


def _css(order: Iterable[str]) -> str:
    folder = sources_dir() / "css" / "src"
    body = squeeze_css("\n".join((folder / f"{name}.css").read_text() for name in order))
    faces = "".join(FONT_FACE.format(weight=weight) for weight in FONT_WEIGHTS) if fonts_built() else ""
    return "@layer tokens,base,components,pages,adapt;\n" + faces + body


def _js() -> str:
    folder = sources_dir() / "js" / "src"
    return bundle_js((folder / f"{name}.js").read_text() for name in JS_ORDER)


def _sources(kind: str, order: Iterable[str]) -> list[Path]:
    return [sources_dir() / kind / "src" / f"{name}.{kind}" for name in order] + [Path(__file__)]


BUILDS: dict[str, tuple[Callable[[], str], Callable[[], list[Path]]]] = {
    "css/evenhand.css": (lambda: _css(CSS_ORDER), lambda: _sources("css", CSS_ORDER)),
    "css/admin.css": (lambda: _css(ADMIN_ORDER), lambda: _sources("css", ADMIN_ORDER)),
    "js/app.js": (_js, lambda: _sources("js", JS_ORDER)),
}


def _is_fresh(target: Path, sources: list[Path]) -> bool:
    try:
        made = target.stat().st_mtime_ns
    except FileNotFoundError:
        return False
    # The folder's own time moves when a font appears or goes: the sheet names fonts only if they exist.
    fonts = assets_dir() / "fonts"
    watched = [*sources, fonts] if fonts.is_dir() else sources
    return all(path.stat().st_mtime_ns <= made for path in watched)


def _write(target: Path, text: str) -> None:
    """Replace the file in one step: several test workers and servers may build at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    Path(name).chmod(0o644)
    Path(name).replace(target)


def build(*, force: bool = False) -> list[str]:
    """Make what is missing or older than its sources; returns the paths that were written."""
    written = []
    for path, (make, sources) in BUILDS.items():
        target = assets_dir() / path
        if force or not _is_fresh(target, sources()):
            _write(target, make())
            written.append(path)
    return written


class BuiltAssetsFinder(BaseFinder):
    """Static files finder over the built folder; builds first, so it is never stale."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        self.storage = FileSystemStorage(location=assets_dir())

    def check(self, **kwargs: Any) -> list[Any]:  # noqa: ARG002
        """Nothing to complain about: the folder is made when it is needed."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002, ARG002
        """Return the file's place on disk, built when it is one of ours."""
        if path in BUILDS:
            build()
        elif not path.startswith("fonts/"):
            return [] if find_all else None
        found = self.storage.path(path)
        if not Path(found).is_file():
            return [] if find_all else None
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:  # noqa: ARG002
        """Yield everything that collectstatic shall take along."""
        build()
        yield from ((path, self.storage) for path in BUILDS)
        if fonts_built():
            yield from ((f"fonts/inter-{weight}.woff2", self.storage) for weight in FONT_WEIGHTS)
