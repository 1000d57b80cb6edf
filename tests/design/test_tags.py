"""Tags and filters, as a page uses them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from core.money import Money
from tests.design.pages import NOW, draw, read_part, request


def test_when_prints_a_machine_readable_time() -> None:
    html = draw("{% when at 'full' %}", at=NOW)

    node = read_part(html).find("time")
    assert node.attrib["datetime"] == "2026-11-24T05:40:00Z"
    assert "".join(node.itertext()) == "Tue 24 Nov 2026, 1:40 pm, Manila time (GMT+8)"


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("time", "1:40 pm"),
        ("fullday", "Tue 24 Nov 2026, 1:40 pm"),
        ("day", "Today, Tue 24 Nov"),
        ("near", "Today, 1:40 pm"),
    ],
)
def test_when_knows_its_styles(style: str, text: str) -> None:
    assert f">{text}</time>" in draw(f"{{% when at '{style}' %}}", at=NOW)


def test_when_prints_nothing_for_no_instant_and_a_day_for_a_date() -> None:
    assert draw("{% when at %}", at=None) == ""
    assert draw("{% when at %}", at=date(2026, 11, 5)) == '<time datetime="2026-11-05">Thu 5 Nov</time>'


def test_zone_comes_from_the_account_when_the_page_names_none() -> None:
    page = Context({"request": request(tz="America/Toronto")})

    assert "12:40 am" in Template("{% when at 'time' %}").render(Context({**page.flatten(), "at": NOW}))


def test_tags_work_without_a_request() -> None:
    source = (
        "{% when at 'full' %}{% countdown at %}{% zone_line %}{% theme %}{% main_nav 'public' as nav %}{{ nav|length }}"
    )

    assert Template(source).render(Context({"at": NOW})) == (
        '<time datetime="2026-11-24T05:40:00Z">Tue 24 Nov 2026, 5:40 am, <span class="nw">UTC</span></time>UTC2'
    )


def test_countdown_marks_what_may_tick() -> None:
    later = NOW + timedelta(days=2, hours=19)

    assert (
        draw("{% countdown at %}", at=later)
        == '<time datetime="2026-11-27T00:40:00Z" data-countdown>2 days 19 h</time>'
    )
    assert draw("{% countdown at 'compact' %}", at=later) == (
        '<time datetime="2026-11-27T00:40:00Z" data-countdown="compact">2 d 19 h</time>'
    )


@pytest.mark.parametrize(("minutes", "text"), [(0, "now"), (41, "41 m"), (320, "5 h"), (3000, "2 d")])
def test_ago_shows_the_largest_unit(minutes: int, text: str) -> None:
    assert f">{text}</time>" in draw("{% ago at %}", at=NOW - timedelta(minutes=minutes))


def test_local_time_is_the_other_persons() -> None:
    assert draw("{% local_time 'America/Toronto' %}") == "Toronto, 12:40 am now"


def test_money_in_all_its_spellings() -> None:
    source = "{{ m|money }} {% money 115000 'USD' %} {{ m|net_of_fee:10|money }} {{ m|money_plain }}"
    source += " {{ 'asked'|money }}{{ none|money }}"

    assert draw(source, m=Money(115_000, "USD"), none=None) == "$1,150.00 $1,150.00 $1,035.00 1,150.00 asked"


def test_icon_is_hidden_from_screen_readers_and_may_be_none() -> None:
    assert 'aria-hidden="true"' in draw("{% icon 'scale' %}")
    assert draw("{% icon '' %}") == ""


def test_query_changes_and_drops_keys() -> None:
    page: Any = RequestFactory().get("/desk/", {"stage": "mediation", "after": "9", "q": "a&b"})

    assert draw("{% query after=None stage='x y' %}", request=page) == "?stage=x+y&amp;q=a%26b"


def test_once_is_a_fresh_key_each_time() -> None:
    one, other = (read_part(draw("{% once %}")).find("input") for _ in range(2))

    assert one.attrib["name"] == "_once"
    assert one.attrib["value"] != other.attrib["value"]


@pytest.mark.parametrize(
    ("current", "aria", "then"),
    [("due", "ascending", "-due"), ("-due", "descending", "due"), ("title", "", "due")],
)
def test_sort_state_turns_round(current: str, aria: str, then: str) -> None:
    html = draw("{% sort_state 'due' current as s %}{{ s.aria }}|{{ s.next }}", current=current)

    assert html == f"{aria}|{then}"


@pytest.mark.parametrize(
    ("cookie", "account", "chosen"),
    [("dark", "light", "dark"), ("", "light", "light"), ("auto", "dark", ""), ("", "system", ""), ("<b>", "", "")],
)
def test_theme_of_the_browser_goes_before_the_accounts(cookie: str, account: str, chosen: str) -> None:
    page: Any = request()
    page.user.theme = account
    page.COOKIES["eh_theme"] = cookie

    assert draw("{% theme %}", request=page) == chosen


@pytest.mark.parametrize(
    ("path", "staff", "labels", "current"),
    [
        ("/disputes/D-1/", ("specialist",), ["Queue"], []),
        ("/desk/cases/D-1/", ("specialist",), ["Queue"], ["Queue"]),
        ("/desk/workload/", ("supervisor",), ["Queue", "Support desk", "Supervisor"], ["Supervisor"]),
        ("/support-desk/", ("support",), ["Support desk"], ["Support desk"]),
        ("/admin/", ("admin",), ["Admin"], ["Admin"]),
        ("/desk/", (), [], []),
    ],
)
def test_staff_see_the_desks_of_their_roles(
    path: str, staff: tuple[str, ...], labels: list[str], current: list[str]
) -> None:
    page: Any = request(path, staff=staff)
    html = draw(
        "{% main_nav 'staff' as nav %}{% for i in nav %}{{ i.label }}:{{ i.current }};{% endfor %}",
        request=page,
        actor=page.actor,
    )

    shown = [item.split(":") for item in html.split(";") if item]
    assert [label for label, _ in shown] == labels
    assert [label for label, state in shown if state] == current


@pytest.mark.parametrize("path", ["/my-jobs/contracts/", "/contracts/1/refund-request/", "/disputes/D-4187/"])
def test_my_jobs_is_current_all_along_the_way_to_a_dispute(path: str) -> None:
    html = draw(
        "{% main_nav 'party' as nav %}{% for i in nav %}{% if i.current %}{{ i.label }}{% endif %}{% endfor %}",
        request=request(path),
    )

    assert html == "My Jobs"
