"""Documents as tagged PDFs (PDF/UA-1), typeset by typst in this process: no browser, no system library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, Literal

import typst
from django.conf import settings
from django.utils.translation import get_language

TEMPLATE = Path(__file__).with_name("page.typ")
#: Accessible by standard: a title, a language, a reading order, headers of tables.
STANDARDS: Final[list[Literal["ua-1"]]] = ["ua-1"]
#: Paper that the reader's printer has.
PAPER = {"en": "us-letter", "es": "a4"}


def fonts_dir() -> Path:
    """Folder of the faces that documents are set in (made by ``build_fonts``); the bundled ones serve otherwise."""
    return Path(settings.ASSETS_DIR) / "fonts" / "print"


def pdf(content: dict[str, Any]) -> bytes:
    """Typeset one document. `content` as `core.documents.content` makes it; plain JSON values.

    About 10 ms a page. Raises ``typst.TypstError`` only for a fault of ours: what people wrote is data.
    """
    language = get_language() or "en"
    data = {"language": language, "paper": PAPER.get(language, "a4"), **content}
    made: bytes = typst.compile(
        str(TEMPLATE),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        font_paths=[str(fonts_dir())] if fonts_dir().is_dir() else [],
        pdf_standards=[*STANDARDS],
    )
    return made
