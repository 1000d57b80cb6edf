"""Browsing the dispute's pages as somebody, at the case's own instant, every answer parsed as HTML5."""

from __future__ import annotations

import pytest

from core import clock
from tests.support.html import CheckedClient


@pytest.fixture
def browse(db):
    """`browse(person, case)`: a signed-in client; the clock stands at `case.now` (again at each call)."""

    def open_as(person, world) -> CheckedClient:
        clock.freeze(world.now)
        client = CheckedClient()
        client.force_login(person.user)
        return client

    return open_as


def page(client, reference: str, path: str = "", **query):
    """GET a page of the case."""
    return client.get(f"/disputes/{reference}/{path}", query)


def form_key() -> str:
    """A one-time key as the `{% once %}` tag prints it."""
    import uuid

    return str(uuid.uuid4())
