"""Draws a small picture of a hostile file, in a process of its own: run as a file, never imported.

``python -I preview_worker.py image/png|application/pdf`` reads the file from standard input and writes a WebP to
standard output. Whatever goes wrong (a bomb, a broken file, a crash of the PDF library) ends this process alone,
with a status other than 0.
"""

from __future__ import annotations

import io
import resource
import sys

import pypdfium2
from PIL import Image, ImageOps

SIDE = 720  # pixels of the longer side
MOST_PIXELS = 40_000_000  # of the original picture
MEMORY = 1024 * 1024 * 1024  # bytes of address space; the libraries' own mapping is part of it
SECONDS = 6


def confine() -> None:
    """Take away memory, time and the right to write files."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def first_page(data: bytes) -> Image.Image:
    """Draw the first page of a PDF."""
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    wide, high = page.get_size()
    if not (1 <= wide <= 20_000 and 1 <= high <= 20_000):  # noqa: PLR2004 - points
        raise ValueError("page size")
    drawn: Image.Image = page.render(scale=min(SIDE / max(wide, high), 4)).to_pil()
    return drawn.convert("RGB")


def picture(data: bytes) -> Image.Image:
    """Draw a picture (the first frame of a moving one) upright."""
    image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP"))
    if image.width * image.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    image.draft("RGB", (SIDE * 2, SIDE * 2))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SIDE, SIDE))
    drawn = upright.convert("RGBA")
    ground = Image.new("RGBA", drawn.size, "white")
    ground.alpha_composite(drawn)
    return ground.convert("RGB")


def main() -> None:
    """Read, draw, write."""
    confine()
    data = sys.stdin.buffer.read()
    drawn = first_page(data) if sys.argv[1] == "application/pdf" else picture(data)
    out = io.BytesIO()
    # Saved from pixels alone: nothing of the original's bytes, comments or place of shooting survives.
    drawn.save(out, "WEBP", quality=72, method=4)
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    main()
