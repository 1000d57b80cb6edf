"""How private files leave the house: as attachments, never shown inline but for re-encoded pictures.

The caller has asked who may see the file; these helpers know nobody.
"""

from __future__ import annotations

import io

from django.core.exceptions import SuspiciousFileOperation
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from PIL import Image, ImageOps

from core.uploads import IMAGES, MAX_NAME

PREVIEW_SIDE = 1200  # pixels

_LOCKED = "default-src 'none'; sandbox; frame-ancestors 'none'"


def _lock(response: HttpResponse | FileResponse) -> None:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _LOCKED
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"


def attachment(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """Send a stored file as a download under `name`. Raises Http404 when the file is gone."""
    try:
        stream = file.open("rb")
    except (FileNotFoundError, ValueError, SuspiciousFileOperation) as error:
        raise Http404 from error
    response = FileResponse(stream, as_attachment=True, filename=name[:MAX_NAME], content_type=content_type)
    _lock(response)
    return response


def preview(file: FieldFile, *, content_type: str) -> HttpResponse:
    """Send a picture drawn anew as PNG (nothing of the uploaded bytes survives). Raises Http404 for other kinds."""
    if content_type not in IMAGES:
        raise Http404
    try:
        with file.open("rb") as stream, Image.open(stream) as image:
            drawn = ImageOps.exif_transpose(image)
            drawn.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
            out = io.BytesIO()
            drawn.convert("RGBA").save(out, "PNG")
    except (OSError, ValueError, SyntaxError) as error:
        raise Http404 from error
    response = HttpResponse(out.getvalue(), content_type="image/png")
    response["Content-Disposition"] = "inline"
    _lock(response)
    return response
