"""A small server of pages without a database: what the design system looks like in a real browser."""

from __future__ import annotations

import json
import mimetypes
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles import finders

from core.web import views_kit
from tests.design.pages import draw, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
Answer = tuple[str, str, bytes]
DONE = b"<!doctype html><title>Done</title>"


@dataclass
class House:
    """What the pages under test talk to; the tests look at it and change it."""

    address: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    posts: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    news: dict[str, Any] | None = None
    wait: float = 0.0
    cookies: dict[str, str] = field(default_factory=dict)
    on_post: Callable[[str], Answer] | None = None

    def answer(self, method: str, path: str, query: str, body: bytes) -> Answer:
        """Answer one request."""
        if path.startswith("/static/"):
            return self._static(path)
        if method == "POST":
            self.posts.append((path, parse_qs(body.decode("utf-8", "replace"))))
            time.sleep(self.wait)
            return self.on_post(path) if self.on_post else ("200 OK", "text/html", DONE)
        if path == "/kit/poll/":
            if self.news is None:
                return "204 No Content", "text/plain", b""
            return "200 OK", "application/json", json.dumps(self.news).encode()
        return "200 OK", "text/html; charset=utf-8", self._page(path, query)

    def _static(self, path: str) -> Answer:
        found = finders.find(path.removeprefix("/static/"))
        if not found:
            return "404 Not Found", "text/plain", b""
        return "200 OK", mimetypes.guess_type(path)[0] or "application/octet-stream", Path(str(found)).read_bytes()

    def _page(self, path: str, query: str) -> bytes:
        staff = ("specialist", "supervisor") if "page=desk" in query else ()
        asked = request(f"{path}?{query}", staff=staff)
        asked.COOKIES.update(self.cookies)
        if path in self.pages:
            return draw(self.pages[path], request=asked, actor=asked.actor).encode()
        return views_kit.kit(asked).content


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing: the tests look at the answers."""


@contextmanager
def serving(house: House) -> Iterator[House]:
    """Serve on a free port of the loopback until the block ends."""

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        house.cookies = {key: morsel.value for key, morsel in SimpleCookie(environ.get("HTTP_COOKIE", "")).items()}
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, kind, content = house.answer(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], body
        )
        start(status, [("Content-Type", kind), ("Content-Security-Policy", POLICY)])
        return [content]

    with make_server("127.0.0.1", 0, app, server_class=_Server, handler_class=_Quiet) as server:
        house.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield house
        finally:
            server.shutdown()
            thread.join()
