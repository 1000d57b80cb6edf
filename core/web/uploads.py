"""Keeps the path parts of an uploaded file's name, so that `core.uploads` can refuse them with the reason.

Django drops them in silence. A name never reaches the disk here (`private_path`), so nothing is risked by keeping
them; and a person who sends "../../secret.pdf" is told rather than quietly corrected.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParser

from core.uploads import PATH_MARK

GetResponse = Callable[[HttpRequest], HttpResponse]


class HonestParser(MultiPartParser):
    """A parser that shows path separators in file names instead of cutting the name there."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        """Mark separators; otherwise as Django does."""
        marked = html.unescape(file_name).replace("/", PATH_MARK).replace("\\", PATH_MARK)
        cleaned = "".join(char for char in marked if char.isprintable()).strip()
        if cleaned in {"", ".", ".."}:
            return None
        return cleaned


class HonestNamesMiddleware:
    """Makes requests parse their files with `HonestParser`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request."""

        def parse(meta: dict[str, Any], post_data: Any) -> Any:
            return HonestParser(meta, post_data, request.upload_handlers, request.encoding).parse()

        request.parse_file_upload = parse  # type: ignore[method-assign, assignment]
        return self.get_response(request)
