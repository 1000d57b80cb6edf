"""The demonstration world: a case in every state of every machine, with a history that verifies."""

import re
from collections import Counter, defaultdict

import pytest
from django.test import Client

from accounts.models import User
from config.demo.world import build
from core import audit, clock, selfcheck
from core.lifecycles import lifecycle_models
from core.models import AuditChain, Deadline
from tests.support import pseudo

# One worker builds the world once for all of these.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("demo world")]

# States that an object only passes through inside one transaction: an award is carried out at once (A6).
PASSED_THROUGH = {("ArbitrationCase", "awarded")}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        build()
        yield
        transaction.set_rollback(True)


def test_every_state_of_every_machine_has_a_case(world):
    missing = []
    for model in lifecycle_models():
        states = {str(value) for value, _ in model._meta.get_field("state").choices}
        found = set(model.objects.values_list("state", flat=True))
        missing += [(model.__name__, state) for state in states - found]
    assert set(missing) == PASSED_THROUGH


@pytest.mark.rule("I1", "I2", "I3", "I4", "I5", "I8", "Z5")
def test_nothing_is_wrong_with_it(world):
    assert selfcheck.run(now=clock.now()) == []


def test_every_chain_verifies(world):
    broken = [chain for chain in AuditChain.objects.values_list("pk", flat=True) if audit.verify(chain).broken_at]
    assert broken == []


def test_no_timer_failed_on_the_way(world):
    assert list(Deadline.objects.exclude(last_error="").values_list("kind", "last_error")) == []


PEOPLE = ("", "rafael", "niamh", "ellen", "dana", "priya", "maya", "dev", "ruth")
STARTS = (
    *("/", "/sign-in/", "/sign-up/", "/find-work/", "/my-jobs/", "/my-jobs/contracts/", "/messages/"),
    *("/notifications/", "/settings/", "/help/disputes/", "/desk/", "/support-desk/", "/arbitration-desk/"),
)
LEFT_OUT = ("/admin/", "/sandbox/", "/kit/", "/sign-out/", "/static/")
#: Enough looks at one kind of page to meet its states, few enough to stay quick.
LOOKS, PAGES = 2, 70


def _pages(name):
    """Every kind of page that a person reaches by links, a few of each: (kind, html)."""
    client = Client()
    if name:
        client.force_login(User.objects.get(email=f"{name}@evenhand.example"))
    queue, seen, looks, pages = list(STARTS), set(), Counter(), 0
    while queue and pages < PAGES:
        path = queue.pop(0)
        kind = re.sub(r"[0-9a-f-]{36}|[0-9A-Z]{4}-[0-9A-Z]{4}|\d+", "*", path.split("?")[0])
        if path in seen or path.startswith(LEFT_OUT) or looks[kind] >= LOOKS:
            continue
        seen.add(path)
        looks[kind] += 1
        answer = client.get(path)
        if answer.streaming:
            b"".join(answer)  # a file that nobody reads to its end stays open
        if answer.status_code in (301, 302, 303):
            queue.append(answer.headers["Location"])
        elif answer.status_code == 200 and "text/html" in answer.headers["Content-Type"] and not answer.streaming:
            pages += 1
            html = answer.content.decode()
            yield kind, html
            queue += [found.replace("&amp;", "&") for found in re.findall(r'href="(/[^"#]*)', html)]


@pytest.mark.parametrize("name", PEOPLE)
def test_every_text_on_every_page_can_be_translated(world, name):
    """In a language that puts brackets around what it translates, nothing but data stands outside."""
    clock.freeze(clock.now())
    data = pseudo.data_texts()
    found = defaultdict(set)
    with pseudo.pseudo():
        for kind, html in _pages(name):
            for phrase in pseudo.unmarked(html, data):
                found[phrase].add(kind)
    assert {phrase: sorted(kinds)[:2] for phrase, kinds in found.items()} == {}
