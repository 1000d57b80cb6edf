"""A page without a database: a request as the middleware would leave it, and strict HTML5 reading."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import html5lib
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory

from core.permissions import VISITOR, Actor, ActorKind

NOW = datetime(2026, 11, 24, 5, 40, tzinfo=UTC)  # Tuesday, 1:40 pm in Manila


def request(
    path: str = "/", *, staff: tuple[str, ...] = (), tz: str = "Asia/Manila", signed_in: bool = True
) -> HttpRequest:
    made: Any = RequestFactory().get(path)
    made.now = NOW
    made.user = SimpleNamespace(
        is_authenticated=signed_in,
        timezone=tz,
        email="rafael@example.org",
        theme="system",
        is_active=True,
        is_staff=False,
    )
    made.actor = VISITOR
    if signed_in:
        name = "Maya Okonkwo" if staff else "Rafael Domingo"
        made.actor = Actor(
            kind=ActorKind.PERSON,
            name=name,
            user_id=UUID(int=7),
            staff=frozenset(staff),
            sides=frozenset({"freelancer"}),
        )
    made._messages = []
    return made


def draw(source: str, **context: Any) -> str:
    """Render a piece of template as a page in Manila would."""
    from django_cotton.compiler_regex import CottonCompiler

    given = {"now": NOW, "tz": "Asia/Manila", "request": request(), **context}
    return Template(CottonCompiler().process(source)).render(Context(given))


def _plain(root: Any) -> Any:
    for node in root.iter():
        if isinstance(node.tag, str):
            node.tag = node.tag.rpartition("}")[2]
    return root


def read(html: str) -> Any:
    """Parse a whole page; raises on the slightest fault. Returns the ElementTree root without namespaces."""
    return _plain(html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html))


def read_part(html: str) -> Any:
    """Parse a fragment, as strictly."""
    return _plain(html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html))


def words(html: str) -> str:
    """What a reader sees, in one line."""
    return " ".join("".join(read_part(html).itertext()).split())
