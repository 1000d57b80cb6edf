"""The desk's queue: views, groups, paging, and a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from mediation.readmodels import queue as queue_read
from tests.factories.accounts import make_specialist, make_supervisor
from tests.factories.mediation import (
    active_case,
    contested_case,
    filed_case,
    recommended_case,
    unresponsive_case,
)

pytestmark = pytest.mark.django_db

MAY = 8


def numbers(case, person, slug, **how):
    from zoneinfo import ZoneInfo

    found = queue_read.queue(person.actor, queue_read.BY_SLUG[slug], now=case.now, tz=ZoneInfo("UTC"), **how)
    return [row.case.dispute_id for _, rows in found.groups for row in rows]


def test_edge_26_a_specialist_lists_only_assigned_cases_and_a_supervisor_all():
    mine = active_case(specialist=make_specialist("Ann One"))
    other = active_case(specialist=make_specialist("Bea Two"), title="Another shop")
    assert numbers(mine, mine.specialist, "mine") == [mine.dispute_id]
    assert set(numbers(mine, make_supervisor("Big Boss"), "open")) == {mine.dispute_id, other.dispute_id}


def test_the_views_hold_what_their_names_say():
    maya = make_specialist("Maya One")
    fresh = filed_case(specialist=maya)
    silent = unresponsive_case(specialist=maya)
    silent.sweep()
    heard = contested_case(specialist=maya)
    heard.write(heard.specialist, "I read both sides today.")
    out = recommended_case(specialist=maya)
    assert set(numbers(fresh, maya, "mine")) == {c.dispute_id for c in (fresh, silent, heard, out)}
    needs = set(numbers(silent, maya, "needs-me"))
    assert {fresh.dispute_id, silent.dispute_id} <= needs
    assert out.dispute_id not in needs
    assert out.dispute_id in numbers(out, maya, "waiting")
    assert heard.dispute_id in numbers(heard, maya, "to-recommend")
    assert set(numbers(silent, maya, "ending")) == set()
    silent.later(days=8)
    assert silent.dispute_id in numbers(silent, maya, "ending")


def test_what_waits_for_a_supervisor_is_in_needs_me_and_escalated():
    boss = make_supervisor("Big Boss")
    lonely = filed_case(staffed=False)
    objected = active_case()
    objected.object("client")
    assert numbers(lonely, boss, "unassigned") == [lonely.dispute_id]
    assert {lonely.dispute_id, objected.dispute_id} <= set(numbers(lonely, boss, "needs-me"))
    assert numbers(objected, boss, "escalated") == [objected.dispute_id]


def test_an_alert_that_nobody_heeded_is_overdue():
    from zoneinfo import ZoneInfo

    case = filed_case()
    boss = make_supervisor("Big Boss")
    case.later(days=2, hours=1).sweep()
    found = queue_read.queue(boss.actor, queue_read.BY_SLUG["open"], now=case.now, tz=ZoneInfo("UTC"))
    assert [name for name, _ in found.groups] == ["Overdue"]
    assert numbers(case, boss, "escalated") == [case.dispute_id]
    case.take_up()
    case.write(case.specialist, "Hello to both sides.")
    assert numbers(case, boss, "escalated") == []


def test_closed_cases_have_their_own_view_and_search_and_stage_narrow_it():
    case = contested_case(title="Data pipeline")
    other = active_case(specialist=case.specialist)
    case.impasse("client")
    case.impasse("freelancer")
    assert numbers(case, case.specialist, "closed") == [case.dispute_id]
    assert numbers(case, case.specialist, "closed", search="pipeline") == [case.dispute_id]
    assert numbers(case, case.specialist, "mine", search="pipeline") == []
    assert numbers(case, case.specialist, "mine", search=f"D-{other.reference}") == [other.dispute_id]
    assert numbers(case, case.specialist, "mine", stage="unassigned") == []


def test_paging_by_keyset_shows_every_case_once(monkeypatch):
    from zoneinfo import ZoneInfo

    monkeypatch.setattr(queue_read, "PAGE", 2)
    maya = make_specialist("Maya One")
    cases = [active_case(specialist=maya, amounts=(90_000 + n * 1_000,)) for n in range(5)]
    for sort in ("due", "-stake"):
        seen, after = [], ""
        while True:
            found = queue_read.queue(
                maya.actor, queue_read.BY_SLUG["mine"], now=cases[0].now, tz=ZoneInfo("UTC"), sort=sort, after=after
            )
            seen += [row.case.dispute_id for _, rows in found.groups for row in rows]
            after = found.after
            if not after:
                break
        assert len(seen) == len(set(seen)) == 5
        assert set(seen) == {c.dispute_id for c in cases}
    assert numbers(cases[0], maya, "mine", after="nonsense") == numbers(cases[0], maya, "mine")


@pytest.mark.parametrize("many", [1, 3])
def test_the_queue_page_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries, many):
    maya = make_specialist("Maya One")
    for _ in range(many):
        case = contested_case(specialist=maya)
        case.write(case.client, "A message.")
    clock.freeze(case.now + timedelta(hours=1))
    client.force_login(maya.user)
    client.get(reverse("mediation:desk"))
    with django_assert_max_num_queries(MAY):
        page = client.get(reverse("mediation:desk"))
    assert page.status_code == 200
    assert page.content.decode().count("data-row-link") == many


def test_every_view_answers_and_supervisors_views_are_hidden_from_specialists(client):
    case = contested_case()
    clock.freeze(case.now)
    for person, hidden in ((case.specialist, {"unassigned", "open"}), (case.supervisor, set())):
        client.force_login(person.user)
        for view in queue_read.VIEWS:
            for query in ("", "?sort=-stake", "?q=shop", "?stage=active", "?after=zzz"):
                answer = client.get(reverse("mediation:view", args=[view.slug]) + query)
                assert answer.status_code == (404 if view.slug in hidden else 200), (view.slug, query)
    assert client.get(reverse("mediation:view", args=["nothing"])).status_code == 404
