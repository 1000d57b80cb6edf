"""Small pictures of exhibits: images and the first page of a PDF, drawn anew and kept beside the file.

A preview is a help and never a reason to refuse: what cannot be drawn in time has none. It is as private as its
file; the views ask the same question before they send it.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.uploads import IMAGES, private_path
from disputes.models import Evidence

if TYPE_CHECKING:
    from django.core.files.base import File

log = logging.getLogger(__name__)

PDF = "application/pdf"
TYPES = IMAGES | {PDF}
CONTENT_TYPE = "image/webp"
MOST_BYTES = 400_000  # of the drawn picture
MOST_INPUT = 25_000_000  # bytes of a file that is tried at all
SECONDS = 8  # before the drawing process is ended
WAIT = 5  # seconds for another drawing of this process to end

_WORKER = Path(__file__).with_name("preview_worker.py")
_one_at_a_time = threading.BoundedSemaphore(1)


def possible(content_type: str) -> bool:
    """Whether files of this type can have a preview."""
    return content_type in TYPES


def draw(file: File[bytes], content_type: str) -> bytes | None:
    """Return a WebP of at most MOST_BYTES, or None for what cannot be drawn. Raises TimeoutError when busy."""
    if not possible(content_type) or file.size > MOST_INPUT:
        return None
    if not _one_at_a_time.acquire(timeout=WAIT):
        raise TimeoutError
    try:
        file.seek(0)
        done = subprocess.run(  # noqa: S603 - our own file, our own interpreter, no shell
            [sys.executable, "-I", str(_WORKER), content_type],
            input=file.read(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return None
    finally:
        _one_at_a_time.release()
        file.seek(0)
    drawn = done.stdout
    return drawn if done.returncode == 0 and 0 < len(drawn) <= MOST_BYTES else None


def ensure(row: Evidence) -> bool:
    """Draw the preview of an exhibit that was never tried, once; whether there is one now. Holds no lock."""
    if row.preview_tried or not possible(row.content_type):
        return bool(row.preview)
    try:
        with row.file.open("rb") as file:
            drawn = draw(file, row.content_type)
    except TimeoutError:
        return False  # another look tries again
    except (OSError, ValueError):
        log.info("No preview of exhibit %s: its file cannot be read.", row.pk)
        drawn = None
    path = default_storage.save(private_path(None, ""), ContentFile(drawn)) if drawn else ""
    if not Evidence.objects.filter(pk=row.pk, preview_tried=False).update(preview=path, preview_tried=True):
        # Two people looked at once; the first one's picture stays.
        if path:
            default_storage.delete(path)
        row.refresh_from_db(fields=["preview", "preview_tried"])
        return bool(row.preview)
    row.preview, row.preview_tried = path, True
    return bool(path)
