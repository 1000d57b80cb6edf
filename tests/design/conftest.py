"""A real Chromium before pages of the design system."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.design.server import House, serving


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium: no browser is downloaded."""
    # Playwright leaves an event loop running in this thread; Django would refuse the database beside it.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


@pytest.fixture
def house() -> Iterator[House]:
    with serving(House()) as served:
        yield served


@pytest.fixture
def open_page(browser: Any, house: House) -> Iterator[Callable[..., Any]]:
    """Open a path at a width and in a theme; at the end the console must have stayed empty."""
    contexts: list[Any] = []
    trouble: list[str] = []

    def opener(path: str, *, width: int = 1360, theme: str = "light", clock: bool = False, **options: Any) -> Any:
        context = browser.new_context(
            base_url=house.address,
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(8000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda told: trouble.append(told.text) if told.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("requestfailed", lambda failed: trouble.append(failed.url) if "/static/" in failed.url else None)
        if clock:
            page.clock.install()
        page.goto(path)
        return page

    yield opener
    for context in contexts:
        context.close()
    # An answer 409 or 422 is announced by the browser itself.
    assert [text for text in trouble if "status of 4" not in text] == []
