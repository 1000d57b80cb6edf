"""The page's own script: it helps with time, money, files, drafts and keys, and never decides anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from core import formatting as fmt
from core.money import Money
from tests.design.pages import NOW
from tests.design.server import House

pytestmark = pytest.mark.browser

Open = Callable[..., Any]

FORM = """{% extends "base.html" %}{% block content %}<h1>A form</h1>
<form method="post" action="/send/" data-once data-autosave-url="/draft/">{% once %}
<div class="field"><label class="label" for="text">Text</label><textarea id="text" name="text"></textarea></div>
<c-file-drop name="evidence" label="Evidence" multiple="yes" max_bytes="10" />
<button class="btn btn-primary" name="go" value="yes"><span>Send it</span></button>
<p data-autosave-status role="status"></p></form>{% endblock %}"""

ENDS = """{% extends "base.html" %}{% block content %}<h1>Time</h1><c-poll url="/kit/poll/" />
<p><time datetime="2026-11-24T05:41:30Z" data-countdown>1 min</time></p>
<p><time datetime="2026-11-24T07:40:00Z" data-countdown>2 h</time></p>{% endblock %}"""


SPANS = [5 * 86400 + 7200, 2 * 86400, 86400 + 59, 90000, 7260, 3661, 3600, 0, -1, -59, -61, -3700, -200000]


@pytest.mark.parametrize("compact", [False, True])
def test_script_and_server_say_the_same_about_time(open_page: Open, compact: bool) -> None:
    page = open_page("/kit/?page=confirm")

    told = page.evaluate(
        "async ([spans, compact]) => { const {leftText} = await import('/static/js/src/time.js');"
        " return spans.map((span) => leftText(span * 1000, 0, compact)); }",
        [SPANS, compact],
    )

    assert told == [fmt.time_left(NOW + timedelta(seconds=span), NOW, compact=compact) for span in SPANS]


@pytest.mark.parametrize("percent", ["10", "12.5", "3"])
def test_script_and_ledger_take_the_same_fee(open_page: Open, percent: str) -> None:
    page = open_page("/kit/?page=confirm")
    sums = [0, 1, 4, 5, 14, 15, 25, 99, 33_333, 115_000, 180_001, 999_999_995]

    told = page.evaluate(
        "async ([sums, percent]) => { const {feeMinor} = await import('/static/js/src/slider.js');"
        " return sums.map((sum) => feeMinor(sum, Number(percent))); }",
        [sums, percent],
    )

    assert told == [Money(minor, "USD").percent(percent).amount for minor in sums]


def test_countdown_ticks_by_the_pages_clock(open_page: Open, house: House) -> None:
    house.pages["/time/"] = ENDS
    page = open_page("/time/", clock=True)
    first, second = page.locator("time[data-countdown]").nth(0), page.locator("time[data-countdown]").nth(1)

    page.clock.run_for(5000)
    assert re.fullmatch(r"1 min 2\d s", first.inner_text())
    page.clock.run_for(60_000)
    assert re.fullmatch(r"2\d s", first.inner_text())
    assert re.fullmatch(r"1 h 58 min", second.inner_text())
    assert page.locator(".poll").is_hidden()
    page.clock.run_for(40_000)
    assert first.inner_text() == "just now"
    assert page.locator(".poll").inner_text().startswith("A deadline has just ended.")


def test_news_are_announced_and_nothing_moves(open_page: Open, house: House) -> None:
    page = open_page("/kit/?page=case", clock=True)
    page.locator("#composer-text").focus()
    house.news = {"count": 1, "text": "1 new update"}

    page.clock.run_for(6000)
    page.locator(".poll").wait_for(state="visible")

    assert page.locator(".poll [data-poll-text]").inner_text() == "1 new update"
    assert page.evaluate("document.activeElement.id") == "composer-text"


def test_double_press_posts_once_and_says_so(open_page: Open, house: House) -> None:
    house.pages["/form/"] = FORM
    house.wait = 0.4
    page = open_page("/form/")
    page.locator("#text").fill("Only once")

    told = page.evaluate(
        """async () => {
          const button = document.querySelector('.btn-primary');
          button.click();
          button.click();
          await new Promise((next) => setTimeout(next, 50));
          button.click();
          return [button.getAttribute('aria-busy'), button.innerText];
        }"""
    )
    assert told == ["true", "Sending…"]
    page.wait_for_url("**/send/")

    assert [path for path, _ in house.posts] == ["/send/"]


def test_pressed_button_keeps_its_value(open_page: Open, house: House) -> None:
    house.pages["/form/"] = FORM.replace("data-once", 'enctype="application/x-www-form-urlencoded"')
    page = open_page("/form/")

    page.locator(".btn-primary").click()
    page.wait_for_url("**/send/")

    assert house.posts[0][1]["go"] == ["yes"]


def test_draft_is_kept_on_the_server(open_page: Open, house: House) -> None:
    house.pages["/form/"] = FORM
    house.on_post = lambda _path: ("200 OK", "application/json", b'{"saved": "1:36 pm"}')
    page = open_page("/form/", clock=True)

    page.locator("#text").type("I delivered")
    page.clock.run_for(21_000)
    page.get_by_text("Draft saved 1:36 pm").wait_for()

    assert [path for path, _ in house.posts] == ["/draft/"]
    page.clock.run_for(60_000)
    assert len(house.posts) == 1


def test_draft_that_fails_is_tried_again(open_page: Open, house: House) -> None:
    house.pages["/form/"] = FORM
    house.on_post = lambda _path: ("422 Unprocessable Content", "text/plain", b"")
    page = open_page("/form/", clock=True)

    page.locator("#text").type("x")
    page.clock.run_for(21_000)
    page.get_by_text("Draft not saved yet. We keep trying.").wait_for()
    house.on_post = lambda _path: ("204 No Content", "text/plain", b"")
    page.clock.run_for(21_000)
    page.get_by_text("Draft saved", exact=True).wait_for()

    assert len(house.posts) == 2


def test_files_are_listed_judged_and_taken_off(open_page: Open, house: House, tmp_path: Path) -> None:
    house.pages["/form/"] = FORM
    for name, size in (("small.pdf", 5), ("large.pdf", 50), ("empty.pdf", 0)):
        (tmp_path / name).write_bytes(b"x" * size)
    page = open_page("/form/")

    page.locator("input[type=file]").set_input_files([tmp_path / n for n in ("small.pdf", "large.pdf", "empty.pdf")])
    rows = page.locator("[data-file-list] .file")
    assert rows.count() == 3
    assert "PDF, 5 bytes" in rows.nth(0).inner_text()
    assert "Too large: up to 10 bytes each." in rows.nth(1).inner_text()
    assert "Empty: this file has nothing in it." in rows.nth(2).inner_text()
    page.get_by_role("button", name="Remove large.pdf").click()

    names = page.evaluate("[...document.querySelector('input[type=file]').files].map((file) => file.name)")
    assert names == ["small.pdf", "empty.pdf"]


def test_slider_and_sums_follow_each_other(open_page: Open) -> None:
    page = open_page("/kit/")
    box = page.locator("[data-offer]")
    mine, theirs, slider = (box.locator(f"[data-offer-{part}]") for part in ("f", "c", "range"))

    assert slider.is_visible()
    mine.fill("1,000")
    assert theirs.input_value() == "800.00"
    assert "$900.00 reaches your balance after the 10% service fee." in box.inner_text()
    assert box.get_by_text("This is worse for you").is_visible()
    theirs.fill("300.5")
    assert mine.input_value() == "1,499.50"
    assert box.get_by_text("This is worse for you").is_hidden()
    slider.focus()
    page.keyboard.press("Home")
    assert (mine.input_value(), theirs.input_value()) == ("0.00", "1,800.00")
    page.keyboard.press("ArrowRight")
    assert (mine.input_value(), theirs.input_value()) == ("5.00", "1,795.00")


@pytest.mark.parametrize("typed", ["2,400", "abc", "1.005", "-5", ""])
def test_slider_leaves_nonsense_to_the_server(open_page: Open, typed: str) -> None:
    page = open_page("/kit/")

    page.locator("[data-offer-f]").fill(typed)

    assert page.locator("[data-offer-f]").input_value() == typed
    assert page.locator("[data-offer-c]").input_value() == "450.00"


def test_menu_closes_on_escape_and_gives_the_focus_back(open_page: Open) -> None:
    page = open_page("/kit/")
    page.locator("summary.userchip").click()
    page.get_by_role("link", name="Settings").focus()

    page.keyboard.press("Escape")

    assert not page.locator("details:has(summary.userchip)").evaluate("node => node.open")
    assert page.evaluate("document.activeElement.className") == "userchip"


def test_error_summary_has_the_focus_and_leads_to_the_field(open_page: Open) -> None:
    page = open_page("/kit/")

    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.get_by_role("link", name="Fill in “What happened”.").click()
    assert page.evaluate("document.activeElement.id") == "id_details"


def test_refused_fragment_is_shown_and_has_the_focus(open_page: Open, house: House) -> None:
    house.pages["/form/"] = FORM.replace("data-once", 'hx-post="/send/" hx-target="this" hx-swap="innerHTML"')
    house.on_post = lambda _path: (
        "422 Unprocessable Content",
        "text/html",
        b'<div id="s" tabindex="-1" data-focus>Enter an amount.</div><button class="btn"><span>Send it</span></button>',
    )
    page = open_page("/form/")

    page.locator(".btn-primary").click()
    page.get_by_text("Enter an amount.").wait_for()

    # The focus follows the swap; it has to arrive, and on the summary.
    page.wait_for_function("document.activeElement.id === 's'")
    assert [path for path, _ in house.posts] == ["/send/"]


def test_desk_by_keyboard(open_page: Open) -> None:
    page = open_page("/kit/?page=desk")
    focused = "document.activeElement.getAttribute('href')"

    page.keyboard.press("j")
    assert page.evaluate(focused) == "#D-4039"
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert page.evaluate(focused) == "#D-4171"
    page.keyboard.press("x")
    assert page.get_by_label("Select D-4171").is_checked()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("jk?")
    assert page.locator("#find").input_value() == "jk?"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("dialog#keys").is_hidden()


def test_keys_can_be_turned_off(open_page: Open, house: House) -> None:
    house.pages["/off/"] = (
        '{% extends "base_staff.html" %}{% block content %}<h1>Off</h1><table data-keymap="off"><tr data-row><td>'
        '<a href="#one" data-row-link>One</a></td></tr></table>{% endblock %}'
    )
    page = open_page("/off/")

    page.keyboard.press("j")

    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_phone_bar_steps_aside_for_the_panels_own_buttons(open_page: Open) -> None:
    page = open_page("/kit/?page=case", width=390)
    bar = page.locator("[data-mobile-bar]")

    assert bar.is_visible()
    page.locator(".turn-f").scroll_into_view_if_needed()
    expect(bar).to_be_hidden()
