"""A test client that parses every HTML answer as HTML5."""

from __future__ import annotations

from django.test import Client
from html5lib import HTMLParser


class CheckedClient(Client):
    """Fails on an answer that a browser would have to repair."""

    def request(self, **request):
        response = super().request(**request)
        kind = response.headers.get("Content-Type", "")
        if kind.startswith("text/html") and not response.streaming and response.content:
            check_html(response.content.decode(), request.get("PATH_INFO", ""))
        return response


def check_html(text: str, where: str = "") -> None:
    """Parse strictly. Raises AssertionError with the place of the first error."""
    parser = HTMLParser(strict=False)
    if text.lstrip()[:9].lower() == "<!doctype":
        parser.parse(text)
    else:
        parser.parseFragment(text)
    problems = [
        (line, column, code, values)
        for (line, column), code, values in parser.errors
        # htmx and cotton leave nothing odd; foreign attributes are fine in SVG.
        if code != "unexpected-html-element-in-foreign-content"
    ]
    if problems:
        line, column, code, values = problems[0]
        around = text.splitlines()[max(0, line - 2) : line + 1]
        raise AssertionError(f"{where}: {code} {values} at line {line}, column {column}:\n" + "\n".join(around))
