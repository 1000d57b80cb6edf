"""Every component is documented, stands alone, escapes what it is given and borrows nothing from the page."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, engines

from core.money import Money
from tests.design.pages import NOW, draw, read_part, words

FOLDER = Path(__file__).parents[2] / "templates" / "cotton"
NAMES = sorted(path.stem for path in FOLDER.glob("*.html"))
README = (FOLDER / "README.md").read_text()


def usd(minor: int) -> Money:
    return Money(minor, "USD")


# The least a component needs; everything else has a default.
LEAST: dict[str, str] = {
    "date_row": ':due="due"',
    "deadline": ':due="due"',
    "mobile_bar": ':due="due"',
    "offer_slider": ':total="total"',
    "offers_range": ':total="total"',
    "sla": ':due="due"',
    "split_bar": ':freelancer="total" :client="total"',
    "sum": ':amount="total"',
    "money_panel": ':total="total"',
    "stepper": ':steps="steps"',
    "timeline_day": 'text="Today"',
    "summary_row": 'label="Reason"',
}
INSIDE = {
    "crumb": "<ol>{}</ol>",
    "file": "<ul>{}</ul>",
    "mean": "<ol>{}</ol>",
    "person": "<ul>{}</ul>",
    "summary_row": "<dl>{}</dl>",
    "tab": "<ul>{}</ul>",
    "tick": "<ul>{}</ul>",
    "timeline_item": "<ol>{}</ol>",
    "view_link": "<ul>{}</ul>",
    "sort_head": "<table><thead><tr>{}</tr></thead></table>",
}


def component(name: str, attributes: str = "", slot: str = "words", **context: Any) -> str:
    values = {
        "due": NOW + timedelta(days=2),
        "total": usd(180_000),
        "steps": [{"label": "One", "state": "current"}],
        **context,
    }
    tag = f"c-{name.replace('_', '-')}"
    return INSIDE.get(name, "{}").format(draw(f"<{tag} {attributes}>{slot}</{tag}>", **values))


@pytest.mark.parametrize("name", NAMES)
def test_component_is_documented(name: str) -> None:
    assert f"`c-{name.replace('_', '-')}`" in README


def test_documented_components_exist() -> None:
    told = set(re.findall(r"`c-([a-z-]+)`", README)) - {"icon"}

    assert told - {name.replace("_", "-") for name in NAMES} == set()


@pytest.mark.parametrize("name", NAMES)
def test_component_stands_alone_as_valid_html(name: str) -> None:
    html = component(name, LEAST.get(name, ""))

    read_part(html)
    assert "style=" not in html
    assert not re.search(r"\son\w+=", html)


@pytest.mark.parametrize("name", NAMES)
def test_component_borrows_nothing_from_the_page(name: str) -> None:
    """Cotton passes the page's variables on: each name a component reads must have a default of its own."""
    source = (FOLDER / f"{name}.html").read_text()
    declared = set(re.findall(r"([\w-]+)=", "".join(re.findall(r"<c-vars(.*?)/>", source, flags=re.DOTALL))))
    declared = {found.replace("-", "_") for found in declared}
    local = {"slot", "attrs", "forloop", "request", "now", "tz", "csrf_token", "True", "False", "None"}
    local |= set(re.findall(r"\bas (\w+)", source)) | set(
        re.findall(r"\b(\w+)=\w", " ".join(re.findall(r"{% (?:with|blocktranslate) (.*?)%}", source)))
    )
    for names in re.findall(r"{% for ([\w, ]+) in", source):
        local |= {found.strip() for found in names.split(",")}
    keywords = {"in", "and", "or", "not", "is", "as", "with", "trimmed", "count", "context"}

    read: set[str] = set()
    for value, tag in re.findall(
        r"{{(.*?)}}|{%(.*?)%}", re.sub(r"<c-vars.*?/>", "", source, flags=re.DOTALL), flags=re.DOTALL
    ):
        text = re.sub(r"\"[^\"]*\"", "", value or tag.strip().partition(" ")[2])
        text = re.sub(r"\|\w+", "", text)
        read |= set(re.findall(r"(?<![\w.])([a-zA-Z_]\w*)(?!\w*=[^=])", text)) - keywords
    for value in re.findall(r'\s:[\w-]+="([\w.]+)"', source):
        read.add(value.split(".")[0])

    assert read - declared - local == set()


def test_further_attributes_are_escaped() -> None:
    html = component(
        "panel",
        ':data-name="evil" data-kind="a b" :hidden="no" :data-on="yes"',
        evil='"><script>alert(1)</script>',
        no=False,
        yes=True,
    )

    root = read_part(html).find("section")
    assert root.attrib["data-name"] == '"><script>alert(1)</script>'
    assert root.attrib["data-kind"] == "a b"
    assert "hidden" not in root.attrib
    assert "data-on" in root.attrib
    assert "<script>" not in html


@pytest.mark.parametrize("attribute", ["title", "meta", "waiting_for"])
def test_texts_are_escaped(attribute: str) -> None:
    html = component("turn_panel", f'state="waiting" {attribute}="{{{{ evil }}}}"', evil="<b>Tom & Co</b>")

    assert "<b>Tom" not in html
    assert "&lt;b&gt;Tom &amp; Co" in html
    assert "&amp;lt;" not in html


def test_button_is_a_link_when_it_leads_somewhere() -> None:
    assert read_part(component("button", 'href="/x/"')).find("a").attrib["href"] == "/x/"
    assert read_part(component("button")).find("button").attrib["type"] == "submit"


def test_button_that_is_off_says_why() -> None:
    html = component("button", 'disabled_reason="The client answers first."', "Accept")

    assert read_part(html).find(".//button").attrib == {
        "class": "btn btn-primary", "type": "button", "aria-disabled": "true",
    }  # fmt: skip
    assert words(html) == "AcceptThe client answers first."


@pytest.mark.parametrize(
    ("hours", "tone", "text"),
    [
        (106, "calm", "Offer ends in4 days 10 h"),
        (67, "attention", "Offer ends in2 days 19 h"),
        (3, "danger", "Offer ends in3 h"),
        (-1, "passed", "Passed1 h ago"),
    ],
)
def test_deadline_tells_tone_and_time(hours: int, tone: str, text: str) -> None:
    html = component(
        "deadline", ':due="due" label="Offer ends in" nothing="the offer lapses."', "", due=NOW + timedelta(hours=hours)
    )

    assert read_part(html).find("div").attrib["class"] == f"deadline tone-{tone}"
    assert words(html).replace(" ", "").startswith(text.replace(" ", ""))
    assert ("If you do nothing:" in html) is (hours > 0)
    assert "the offer lapses." in html


def test_deadline_shows_year_and_zone() -> None:
    assert "Thu 26 Nov 2026, 1:40 pm, Manila time (GMT+8)" in words(component("deadline", ':due="due"'))


def test_split_bar_says_every_sum_in_its_label() -> None:
    html = component(
        "split_bar", ':freelancer="f" :client="c" client_name="Northwind Goods"', f=usd(115_000), c=usd(65_000)
    )

    drawing = read_part(html).find(".//svg")
    assert drawing.attrib["aria-label"] == "Of $1,800.00: $1,150.00 to You, $650.00 to Northwind Goods"
    assert [rect.attrib.get("width") for rect in drawing] == ["100%", "63.89%", "2"]


@pytest.mark.parametrize(
    ("freelancer", "client", "widths"), [(0, 10, ["100%", "0%"]), (10, 0, ["100%", "100%"]), (0, 0, ["100%", "0%"])]
)
def test_split_bar_of_all_or_nothing_has_no_gap(freelancer: int, client: int, widths: list[str]) -> None:
    html = component("split_bar", ':freelancer="f" :client="c"', f=usd(freelancer), c=usd(client))

    assert [rect.attrib["width"] for rect in read_part(html).find(".//svg")] == widths


def test_offers_range_says_every_number() -> None:
    html = component(
        "offers_range",
        ':total="total" :freelancer="f" :client="c" :freelancer_before="old" client_name="Northwind"',
        f=usd(150_000), c=usd(115_000), old=[usd(165_000)],
    )  # fmt: skip

    assert " ".join(read_part(html).find(".//svg").attrib["aria-label"].split()) == (
        "Your share in the offers so far, of $1,800.00. Northwind: $1,150.00. "
        "You: $1,500.00, after $1,650.00. The gap is $350.00."
    )
    assert "$350.00 apart" in html


def test_offers_range_without_offers_draws_the_axis() -> None:
    html = component("offers_range", ':total="total"')

    assert len(read_part(html).findall(".//svg/line")) == 1
    assert "apart" not in html


def test_stepper_says_the_state_of_each_stage() -> None:
    steps = [
        {"label": "Refund request", "note": "Thu 5 Nov", "state": "done"},
        {"label": "Mediation", "note": "day 13 of 21", "state": "current", "progress": 62},
        {"label": "Arbitration", "note": "If a side chooses it", "state": "maybe"},
    ]
    html = component("stepper", ':steps="steps"', "", steps=steps)

    listed = read_part(html).findall(".//ol[@class='steps']/li")
    assert [item.attrib["data-state"] for item in listed] == ["done", "current", "maybe"]
    assert [item.attrib.get("aria-current") for item in listed] == [None, "step", None]
    assert "Mediation, current stage" in words(html)
    assert "Arbitration, only if needed" in words(html)
    assert "Stage 2 of 3" in words(html)


def test_private_message_shows_who_can_read_it() -> None:
    html = component(
        "timeline_item", 'kind="private" :at="due" role="specialist" name="Maya Okonkwo" only="you and Maya"'
    )

    assert "Only you and Maya" in words(html)
    assert read_part(html).find(".//li").attrib["data-kind"] == "private"


def test_private_note_carries_no_text_but_its_line() -> None:
    html = component(
        "timeline_item", 'kind="private-note" :at="due" did="Maya wrote to Northwind Goods privately: dates"', ""
    )

    assert words(html).startswith("Maya wrote to Northwind Goods privately: dates")
    assert "bubble" not in html


def test_pager_and_error_summary_vanish_when_empty() -> None:
    assert component("pager", "").strip() == ""
    assert component("error_summary", "").strip() == ""


def test_error_summary_takes_plain_texts() -> None:
    html = component(
        "error_summary", ':errors="errors"', "", errors=["Too late.", {"text": "No sum.", "href": "#amount"}]
    )

    root = read_part(html).find("div")
    assert root.attrib["role"] == "alert"
    assert root.attrib["tabindex"] == "-1"
    assert [link.attrib["href"] for link in root.findall(".//a")] == ["#amount"]


def test_composer_offers_audiences_in_words() -> None:
    html = component(
        "composer",
        'action="/m/" :audiences="audiences" audience="specialist"',
        "",
        audiences=[{"value": "all", "label": "Everyone"}, {"value": "specialist", "label": "Only Maya"}],
    )

    radios = read_part(html).findall(".//input[@type='radio']")
    assert [(radio.attrib["value"], "checked" in radio.attrib) for radio in radios] == [
        ("all", False),
        ("specialist", True),
    ]
    assert read_part(html).find(".//input[@name='_once']") is not None


def test_composer_keeps_what_was_typed() -> None:
    html = component("composer", 'value="{{ typed }}" error="Write something."', "", typed="</textarea><i>x")

    assert read_part(html).find(".//textarea").text == "</textarea><i>x"
    assert "Write something." in words(html)


def test_offer_slider_works_from_what_was_typed() -> None:
    html = component(
        "offer_slider",
        ':total="total" freelancer_value="abc" client_value="" fee_percent="10" error="Enter the amount in figures."',
    )

    inputs = {node.attrib.get("name"): node.attrib.get("value") for node in read_part(html).findall(".//input")}
    assert inputs["to_freelancer"] == "abc"
    assert "Enter the amount in figures." in words(html)


def test_offer_slider_shows_what_reaches_the_balance() -> None:
    html = component(
        "offer_slider",
        ':total="total" :freelancer_value="f" :client_value="c" fee_percent="10"',
        f=usd(135_000),
        c=usd(45_000),
    )

    assert "$1,215.00 reaches your balance after the 10% service fee." in words(html)


def test_engine_caches_components() -> None:
    template = engines["django"].engine.get_template("cotton/badge.html")

    assert template.render(Context({"tone": "info", "slot": "x"}))
