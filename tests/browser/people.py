"""What a person does in a browser, in the words of the pages."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

expect.set_options(timeout=20_000)


class Window:
    """One person's browser window."""

    def __init__(
        self, browser: Browser, url: str, name: str | None, *, width: int, script: bool = True, key: Any = None
    ) -> None:
        self.name = name or "visitor"
        self.url = url
        self._said: list[str] = []
        self._forgiven: set[str] = set()
        self._context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            timezone_id="America/New_York",
            storage_state=key,
        )
        self._context.set_default_timeout(20_000)
        self.page: Page = self._context.new_page()
        self._watch(self.page)

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self._said.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self._said.append(f"{message.text} on {page.url}") if message.type in {"error", "warning"} else None
            ),
        )

    def forgive(self, *words: str) -> None:
        """Drop console lines that a refusal (409, 404) is expected to leave; the browser may still be writing them."""
        self._forgiven.update(words)

    @property
    def problems(self) -> list[str]:
        """What the console said that nobody expected."""
        return [line for line in self._said if not any(word in line for word in self._forgiven)]

    # -- moving about

    def sign_in(self, name: str) -> None:
        """Through the form, by the sandbox's shared password."""
        self.go("/sign-in/")
        form = self.page.locator("form:has(input[type=password])")
        form.locator("input[type=email], input[name=email], input[name=username]").first.fill(
            f"{name}@evenhand.example"
        )
        form.locator("input[type=password]").fill("evenhand sandbox")
        form.get_by_role("button", name="Sign in").click()
        expect(self.page).not_to_have_url(re.compile("/sign-in/"))

    def key(self) -> Any:
        """The cookies that open another window of the same person."""
        return self._context.storage_state()

    def tab(self, path: str) -> Page:
        """One more tab of this window."""
        page = self._context.new_page()
        self._watch(page)
        page.goto(path)
        return page

    def go(self, path: str) -> None:
        """Open an address."""
        self.page.goto(path)

    def click(self, name: str, *, exact: bool = True) -> None:
        """Press a button or follow a link by its words: the first visible one."""
        self.control(name, exact=exact).click()
        self.page.wait_for_load_state()

    def control(self, name: str, *, exact: bool = True) -> Locator:
        """Return the first visible button or link with these words."""
        main = self.page.locator("body")
        both = main.get_by_role("button", name=name, exact=exact).or_(main.get_by_role("link", name=name, exact=exact))
        return both.filter(visible=True).first

    def fill(self, label: str, value: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label, exact=False).filter(visible=True).first.fill(value)

    def type(self, **fields: str) -> None:
        """Type into fields by their names in the form."""
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").filter(visible=True).first.fill(value)

    def pick(self, name: str, value: str) -> None:
        """Choose a radio or an option by its value."""
        found = self.page.locator(f"main [name={name}]").first
        if found.evaluate("e => e.tagName") == "SELECT":
            found.select_option(value)
        else:
            self.page.locator(f"main input[name={name}][value='{value}']").check(force=True)

    def choose(self, label: str) -> None:
        """Check a radio or box by its words."""
        self.page.get_by_label(label, exact=False).first.check()

    def agree(self) -> None:
        """Tick every consent box of the page."""
        for box in self.page.locator("main input[type=checkbox]").all():
            box.check()

    def sees(self, text: str) -> None:
        """Assert that the page says this."""
        expect(self.page.locator("main")).to_contain_text(text)

    def waits_for(self, path: str, text: str, *, seconds: float = 40) -> None:
        """Reload until the page says this: something happens in another process."""
        end = time.monotonic() + seconds
        while True:
            self.go(path)
            if text in (self.page.locator("main").inner_text() or ""):
                return
            if time.monotonic() > end:
                self.sees(text)
            time.sleep(0.3)

    def reads(self, path: str, read: Callable[[Window], Any], expected: object, *, seconds: float = 20) -> None:
        """Reload until the page reads as expected, to the cent; say what it reads when it never does."""
        end = time.monotonic() + seconds
        while True:
            self.go(path)
            found = read(self)
            if found == expected or time.monotonic() > end:
                assert found == expected, f"{path}, as {self.name} reads it: {found}, not {expected}"
                return
            time.sleep(0.3)

    @property
    def path(self) -> str:
        """Where the window stands."""
        return self.page.url.removeprefix(self.url)

    # -- the sandbox

    def move_clock(self, *steps: str) -> None:
        """Move everybody's time forward by the buttons of the sandbox's page."""
        for words in steps:
            self.go("/sandbox/clock/")
            self.click(words)

    # -- keeping

    def keep(self, folder: Path, name: str) -> None:
        """Save what is on the screen."""
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}-{self.name}.png", full_page=True)

    def close(self) -> None:
        """Close the window."""
        self._context.close()
