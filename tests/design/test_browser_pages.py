"""The pages of the sheet in a browser: nothing for axe to find, no sideways scroll, focus always to be seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.design.server import House

pytestmark = pytest.mark.browser

PAGES = ["/kit/", "/kit/?page=case", "/kit/?page=case&side=client", "/kit/?page=desk", "/kit/?page=confirm"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
Open = Callable[..., Any]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
@pytest.mark.parametrize("path", [path for path in PAGES if "side=client" not in path])
def test_page_is_clean(open_page: Open, path: str, width: int, theme: str) -> None:
    page = open_page(path, width=width, theme=theme)

    found = Axe().run(page, options=RULES).response["violations"]

    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("path", PAGES)
def test_page_never_scrolls_sideways(open_page: Open, path: str) -> None:
    page = open_page(path)
    beyond = {}
    for width in (320, 360, 390, 640, 768, 1000, 1100, 1360, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        beyond[width] = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert {width: more for width, more in beyond.items() if more > 0} == {}


def test_pages_bear_large_type(browser_type: Any, browser_type_launch_args: dict[str, Any], house: House) -> None:
    """A reader whose browser is set to 32 px, at 1280 px (WCAG 1.4.4)."""
    args = [*browser_type_launch_args["args"], "--blink-settings=defaultFontSize=32"]
    with browser_type.launch(**{**browser_type_launch_args, "args": args}) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        beyond = {}
        for path in PAGES:
            page.goto(house.address + path)
            assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
            beyond[path] = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert beyond == dict.fromkeys(PAGES, 0)


@pytest.mark.parametrize(
    ("path", "width"), [("/kit/?page=case", 1360), ("/kit/?page=case", 390), ("/kit/?page=desk", 1360)]
)
def test_focus_is_always_to_be_seen(open_page: Open, path: str, width: int) -> None:
    page = open_page(path, width=width)
    unseen = []
    for _ in range(70):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => {
              const node = document.activeElement;
              if (!node || node === document.body) return null;
              const ringed = [node, node.closest('label, .drop, .iconbtn, .chip-select')].filter(Boolean)
                .some((one) => parseFloat(getComputedStyle(one).outlineWidth) >= 2
                  && getComputedStyle(one).outlineStyle !== 'none');
              const box = node.getBoundingClientRect();
              const x = box.x + box.width / 2, y = box.y + Math.min(box.height / 2, 20);
              const top = document.elementFromPoint(x, y);
              const label = node.closest('label');
              const clear = top && (node.contains(top) || top.contains(node) || label?.contains(top));
              const inView = box.bottom > 0 && box.top < innerHeight;
              return {name: node.outerHTML.slice(0, 90), ringed, inView, clear: !!clear};
            }"""
        )
        if state is None:
            break
        if not (state["ringed"] and state["inView"] and state["clear"]):
            unseen.append(state)
    assert unseen == []


def test_targets_are_large_enough(open_page: Open) -> None:
    """WCAG 2.5.8: 24 px, but for links in a line of text and drawn boxes, whose margin takes the press."""
    page = open_page("/kit/?page=case", width=390)

    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, select, textarea')].filter((node) => {
          const box = node.getBoundingClientRect();
          if (!box.width || node.closest('.vh') || node.classList.contains('skip')) return false;
          return getComputedStyle(node).display !== 'inline' && (box.width < 24 || box.height < 24);
        }).map((node) => node.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_page_prints_money_before_the_timeline(open_page: Open) -> None:
    page = open_page("/kit/?page=case")
    page.emulate_media(media="print")

    def top(selector: str) -> float:
        return float(page.evaluate(f"document.querySelector('{selector}').getBoundingClientRect().top"))

    assert top(".turn") < top("#money") <= top("#dates") < top("#people") < top(".talk")
    assert page.evaluate("getComputedStyle(document.querySelector('.composer')).display") == "none"


def test_page_works_without_script(open_page: Open) -> None:
    page = open_page("/kit/?page=case", width=390, java_script_enabled=False)

    page.locator("details.nav-narrow summary").click()
    assert page.get_by_role("link", name="Messages", exact=True).is_visible()
    page.locator("details.steps-short summary").click()
    assert page.get_by_text("6. Arbitration").is_visible()
    assert page.locator("time[data-countdown]").first.inner_text() == "2 days 19 h"


def test_theme_of_the_system_can_be_overruled(open_page: Open) -> None:
    page = open_page("/kit/", theme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)

    page.locator("summary.userchip").click()
    page.locator("[data-theme-switch] label", has_text="Light").click()

    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate(ground) != dark
    assert {cookie["name"]: cookie["value"] for cookie in page.context.cookies()} == {"eh_theme": "light"}
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
