"""Filing under conditions that are not the developer's: by keys alone, a lost connection, a session that ends."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import stories
from tests.browser.people import Window

pytestmark = pytest.mark.usefixtures("in_order")

# What has the focus, as a person would call it: its label or words, and the row it stands in.
FOCUSED = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const words = (one) => (one ? one.innerText || one.textContent : '').trim().replace(/\\s+/g, ' ');
  const labels = node.labels ? [...node.labels].map(words).join(' ') : '';
  return {
    name: node.getAttribute('aria-label') || labels || words(node),
    row: words(node.closest('tr, li')),
    hidden: node.getClientRects().length === 0,
  };
}"""


class Keys:
    """A person without a mouse: the Tab key until the thing has the focus, then Enter, Space or letters."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, name: str, *, row: str = "", most: int = 90) -> None:
        """Tab to what is called so."""
        passed = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(FOCUSED)
            if found is None:
                continue
            assert not found["hidden"], f"the focus is on something nobody sees: {found}"
            if name in found["name"] and row in found["row"]:
                return
            passed.append(found["name"][:40])
        raise AssertionError(f"{name} cannot be reached by Tab; passed: {passed}")

    def follow(self, name: str, *, row: str = "") -> None:
        """Press Enter on it; another page opens."""
        self.reach(name, row=row)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, group: str, name: str) -> None:
        """Among radio buttons the Tab key stops once; arrows lead on, as everywhere."""
        self.reach(group)
        self.page.keyboard.press("Space")
        for _ in range(12):
            if name in self.page.evaluate(FOCUSED)["name"]:
                assert self.page.evaluate("document.activeElement.checked")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} is not among these choices")

    def write(self, name: str, text: str) -> None:
        """Type into the field."""
        self.reach(name)
        self.page.keyboard.type(text)


def test_filing_by_the_keyboard_alone(window):
    client, freelancer = window("grace"), window("amara")
    contract = stories.asked_back(client, freelancer, price="450.00")
    freelancer.go("/find-work/")
    page, keys = freelancer.page, Keys(freelancer.page)
    keys.follow("My Jobs")
    keys.follow("All Contracts")
    keys.follow("See Request", row=contract.split("/")[2])
    expect(page.locator("h1")).to_have_text("Refund request")
    keys.choose("I approve of this request", "I do not approve of this request and wish to file a dispute")
    keys.follow("Next")
    first = page.locator("main input[name=reason]").first.evaluate("e => e.labels[0].innerText.trim().split('\\n')[0]")
    keys.choose(first, "The work was delivered and the client did not reply")
    keys.write("What happened", stories.DETAILS)
    keys.reach("Files")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files({"name": "checks.txt", "mimeType": "text/plain", "buffer": b"Twelve checks, all passed."})
    keys.write("What does this file show", "Each check with its result")
    keys.follow("Continue")
    freelancer.sees("what it means")
    keys.reach("I have read what it means")
    page.keyboard.press("Space")
    keys.follow("Continue to Dispute")
    expect(page).to_have_url(re.compile(r"/disputes/[0-9A-Z]{4}-[0-9A-Z]{4}/$"))
    freelancer.sees("$450.00")
    freelancer.go(freelancer.path + "evidence/")
    freelancer.sees("checks.txt")


def test_a_lost_connection_is_told_and_ends_without_a_loss(window):
    client, freelancer = window("dana"), window("karim")
    path = stories.filed(client, freelancer, price="540.00")
    freelancer.go(path)
    page = freelancer.page
    bar = page.locator("[data-poll-url]")
    composer = page.locator("main .composer textarea")
    composer.fill("The twelve points are")

    page.context.set_offline(True)
    expect(bar).to_contain_text("No connection. What you see may be out of date; we keep trying.", timeout=40_000)
    freelancer.forgive("ERR_INTERNET_DISCONNECTED")
    expect(composer).to_be_focused()
    page.keyboard.type(" all there")
    stories.offer(client, path, "300.00")
    page.context.set_offline(False)
    page.keyboard.type(".")

    expect(bar).not_to_contain_text("No connection", timeout=40_000)
    show = bar.locator("[data-poll-show]")
    expect(show).to_be_visible(timeout=40_000)
    expect(composer).to_be_focused()
    expect(composer).to_have_value("The twelve points are all there.")
    show.click()
    freelancer.sees("$300.00")
    expect(composer).to_have_value("The twelve points are all there.")


def _signed_out(who: Window) -> None:
    """The session ends behind the page's back."""
    who.page.context.clear_cookies(name=re.compile("sessionid"))


def test_a_draft_survives_a_session_that_ends(window, keys):
    client, freelancer = window("peter"), window("linnea")
    contract = stories.asked_back(client, freelancer, price="360.00")
    freelancer.go(contract + "refund-request/claim/")
    freelancer.choose("The work was delivered and the client did not reply")
    freelancer.type(details=stories.DETAILS)
    _signed_out(freelancer)
    freelancer.click("Continue")

    expect(freelancer.page.get_by_text("Sign in, and your text comes back.")).to_be_visible()
    form = freelancer.page.locator("form:has(input[type=password])")
    form.locator("input[name=email], input[name=username]").first.fill("linnea@evenhand.example")
    form.locator("input[type=password]").fill("evenhand sandbox")
    form.get_by_role("button", name="Sign in").click()
    keys["linnea"] = freelancer.key()

    expect(freelancer.page).to_have_url(freelancer.url + contract + "refund-request/claim/")
    expect(freelancer.page.locator("main textarea[name=details]")).to_have_value(stories.DETAILS)
    expect(freelancer.page.get_by_label("The work was delivered and the client did not reply").first).to_be_checked()
