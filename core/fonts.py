"""Cuts Inter, out of an installed package that ships it, to the glyphs our pages use.

No font file lies in the tree. Inter's licence (SIL OFL 1.1, no reserved name) allows the
cut; its text is laid beside the result. If the package is absent nothing is written, and
the metric-matched fallback of ``base.css`` shows instead.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

CARRIER = "unfold"
CARRIER_PACKAGE = "django-unfold"
FACES = {400: "Inter-Regular.woff2", 500: "Inter-Medium.woff2", 600: "Inter-SemiBold.woff2"}

# Latin-1, Latin Extended-A, the punctuation, signs of money and arrows that texts here use.
UNICODES = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x2010, 0x2028),
    0x202F,
    *range(0x2030, 0x203B),
    *range(0x20A0, 0x20C0),
    0x2116,
    0x2122,
    *range(0x2190, 0x2194),
    0x2212,
    0x2248,
    0x2260,
    0x2264,
    0x2265,
]
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "tnum", "case"]


def source_dir() -> Path | None:
    """Return the folder of the carrier package that holds Inter, or None. The package is not imported."""
    spec = find_spec(CARRIER)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "static" / "unfold" / "fonts" / "inter"
    return folder if all((folder / name).is_file() for name in FACES.values()) else None


def recipe() -> str:
    """Fingerprint of what the result depends on; unchanged means nothing to do."""
    try:
        carrier = version(CARRIER_PACKAGE)
    except PackageNotFoundError:
        carrier = "none"
    return hashlib.sha256(repr((carrier, FACES, UNICODES, FEATURES, "print")).encode()).hexdigest()


def cut(source: str, target: str) -> int:
    """Write ``source`` cut to our glyphs as WOFF2; returns its size in bytes."""
    from fontTools import subset  # noqa: PLC0415 - heavy, and only this command needs it

    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it names every glyph otherwise
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = FEATURES
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [0, 1, 2, 13, 14]  # who made it, and its licence
    options.notdef_outline = True
    partial = Path(f"{target}.part")
    with subset.load_font(source, options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=UNICODES)
        subsetter.subset(font)
        subset.save_font(font, str(partial), options)
    partial.replace(target)
    return Path(target).stat().st_size


def _for_print(source: Path, folder: Path) -> None:
    """Unpack the whole faces for documents: names of people need more glyphs than our pages do."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - heavy, and only this command needs it

    folder.mkdir(exist_ok=True)
    for name in FACES.values():
        with TTFont(source / name) as font:
            font.flavor = None
            font.save(folder / name.replace(".woff2", ".ttf"))


def build(folder: Path, *, force: bool = False) -> dict[int, int] | None:
    """Cut all weights into ``folder``; sizes by weight, or None when the carrier is absent.

    Does nothing when the recipe has not changed. About 3 s a weight, the weights side by side.
    """
    source = source_dir()
    if source is None:
        return None
    targets = {weight: folder / f"inter-{weight}.woff2" for weight in FACES}
    stamp = folder / "recipe"
    done = stamp.is_file() and stamp.read_text() == recipe() and all(path.is_file() for path in targets.values())
    if force or not done:
        folder.mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor(max_workers=len(FACES)) as pool:
            jobs = [pool.submit(cut, str(source / FACES[w]), str(path)) for w, path in targets.items()]
            for job in jobs:
                job.result()
        shutil.copyfile(source / "LICENSE", folder / "LICENSE")
        _for_print(source, folder / "print")
        stamp.write_text(recipe())
    return {weight: path.stat().st_size for weight, path in targets.items()}
