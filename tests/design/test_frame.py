"""The frame: base pages, error pages, the component sheet, as strict HTML5 with one heading each."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import Http404
from django.template.loader import render_to_string

from core.errors import UnableToError
from core.permissions import Actor, ActorKind
from core.web import views_kit
from core.web.errors import refusal_page
from core.web.navigation import items
from tests.design.pages import NOW, read, request

ERRORS = ["400", "403", "403_csrf", "404", "409", "429", "500"]


def sheet(path: str = "/kit/", query: str = "", **kwargs: Any) -> str:
    return views_kit.kit(request(f"{path}?{query}", **kwargs)).content.decode()


def check(html: str) -> Any:
    root = read(html)
    assert len(root.findall(".//h1")) == 1
    assert len(root.findall(".//main")) == 1
    ids = [node.attrib["id"] for node in root.iter() if "id" in node.attrib]
    assert sorted(ids) == sorted(set(ids))
    assert root.find(".//a[@class='skip']").attrib["href"] == "#main"
    assert re.findall(r"\sstyle=", html) == []
    return root


@pytest.mark.parametrize("page", ["", "case", "desk", "confirm"])
def test_component_sheet_is_valid(page: str) -> None:
    staff = ("specialist", "supervisor") if page == "desk" else ()

    check(sheet(query=f"page={page}", staff=staff))


@pytest.mark.parametrize("side", ["freelancer", "client"])
def test_both_parties_see_the_same_page_mirrored(side: str) -> None:
    root = check(sheet(query=f"page=case&side={side}"))

    badge = "".join(root.find(".//div[@class='turn-h']").itertext())
    assert ("Your turn" in badge) is (side == "freelancer")
    assert ("Waiting for Rafael Domingo" in badge) is (side == "client")
    assert (root.find(".//div[@class='mbar']") is not None) is (side == "freelancer")


def test_component_sheet_is_not_there_outside_of_the_sandbox(settings: Any) -> None:
    settings.SANDBOX = False

    with pytest.raises(Http404):
        views_kit.kit(request())


def test_sandbox_bar_shows_the_moved_date_and_only_there(settings: Any) -> None:
    assert "Tue 24 Nov 2026, 1:40 pm" in sheet()
    settings.SANDBOX = False
    assert "Sandbox" not in render_to_string("errors/404.html", {"SANDBOX": False, "now": NOW}, request())


def test_signed_out_visitors_see_the_public_bar() -> None:
    html = render_to_string("errors/404.html", {}, request(signed_in=False))

    check(html)
    assert "Sign in" in html
    assert "My Jobs</a></li>" not in html
    assert "Sign out" not in html


def test_bell_says_how_many_are_unread() -> None:
    root = read(sheet())

    assert root.find(".//a[@href='/notifications/']").attrib["aria-label"] == "Notifications, 2 unread"


def test_menu_works_without_script() -> None:
    root = read(sheet())

    narrow = next(node for node in root.iter("details") if "nav-narrow" in node.attrib["class"])
    assert [link.attrib["href"] for link in narrow.findall(".//a")] == [
        "/find-work/",
        "/my-jobs/",
        "/messages/",
        "/help/disputes/",
    ]


def test_find_work_is_for_freelancers() -> None:
    client = Actor(kind=ActorKind.PERSON, name="Ellen Marsh", sides=frozenset({"client"}))
    freelancer = Actor(kind=ActorKind.PERSON, name="Rafael Domingo", sides=frozenset({"freelancer"}))

    assert [item.label for item in items("party", path="/", actor=client)] == ["My Jobs", "Messages", "Help"]
    assert next(item.label for item in items("party", path="/", actor=freelancer)) == "Find Work"


def test_script_settings_keep_the_case_out_of_the_browsers_storage() -> None:
    config = read(sheet()).find(".//meta[@name='htmx-config']").attrib["content"]

    assert '"historyCacheSize":0' in config
    assert '"allowEval":false' in config
    assert '"includeIndicatorStyles":false' in config
    assert '"selfRequestsOnly":true' in config


def test_page_needs_few_requests() -> None:
    root = read(sheet())

    scripts = [node.attrib["src"] for node in root.iter("script")]
    sheets = [node.attrib["href"] for node in root.iter("link") if node.attrib["rel"] == "stylesheet"]
    assert len(sheets) == 1
    assert len(scripts) <= 3
    assert all(node.attrib.get("type") == "module" or "defer" in node.attrib for node in root.iter("script"))


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("signed_in", [True, False])
def test_error_page_says_what_to_do_next(name: str, signed_in: bool) -> None:
    root = check(render_to_string(f"errors/{name}.html", {}, request(signed_in=signed_in)))

    assert root.find(".//div[@class='btnrow']/a[@class='btn btn-primary']") is not None


@pytest.mark.parametrize("name", ["400", "404", "403", "500", "403_csrf"])
def test_error_page_can_do_without_a_request(name: str) -> None:
    check(render_to_string(f"{name}.html", {"request": None} if name == "403_csrf" else {}))


def test_refusal_shows_its_sentence() -> None:
    answer = refusal_page(request(), UnableToError("The offer of $1,150.00 has ended."))

    assert answer.status_code == 409
    assert "The offer of $1,150.00 has ended." in answer.content.decode()


def test_refusal_shows_what_changed_and_keeps_the_text() -> None:
    html = render_to_string(
        "errors/409.html",
        {
            "message": "Read first.",
            "changes": [{"text": "Maya wrote.", "at": NOW}],
            "kept": [{"label": "Your message", "text": "Yes <b>"}],
        },
        request(),
    )

    root = check(html)
    assert "Maya wrote." in html
    assert root.find(".//textarea").text == "Yes <b>"


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_mail_frame_draws(kind: str) -> None:
    text = render_to_string(
        f"notifications/email/base.{kind}",
        {"subject": "Northwind & Co ended it", "url": "https://evenhand.example/x", "MARKETPLACE": "Upwork"},
    )

    assert "https://evenhand.example/x" in text
    assert ("Northwind &amp; Co" if kind == "html" else "Northwind & Co") in text
    if kind == "html":
        read(text)
