"""What the lifecycles in code say is what the database allows and what the docs draw."""

import re

import pytest
from django.conf import settings
from django.db import connection

from core.lifecycle_docs import page
from core.lifecycles import edges, lifecycle_models, steps
from tests.support.rulebook import KNOWN

ALL = lifecycle_models()
EVERY = [s for model in ALL for s in steps(model)]

# The dispute's graph of rulebook section 7, written out: the spine may not grow an edge by accident.
SPINE = {
    "draft>in_mediation",
    "draft>abandoned",
    "in_mediation>recommended",
    "in_mediation>non_resolution",
    "in_mediation>resolved",
    "recommended>non_resolution",
    "recommended>resolved",
    "non_resolution>in_arbitration",
    "non_resolution>resolved",
    "in_arbitration>non_resolution",
    "in_arbitration>resolved",
}


@pytest.mark.parametrize("step", EVERY, ids=lambda s: f"{s.model.__name__}.{s.name}:{s.source}")
def test_every_transition_names_who_may_its_rule_and_its_label(step):
    assert callable(step.permission)
    assert step.rule in KNOWN
    assert step.label


@pytest.mark.parametrize("model", ALL, ids=lambda m: m.__name__)
def test_the_state_is_protected_and_every_state_is_reached(model):
    field = model._meta.get_field("state")
    assert field.protected
    reached = {str(field.default)} | {s.target for s in steps(model)}
    assert reached == {str(value) for value, _ in field.choices}


def test_the_spine_is_the_rulebook_s():
    from disputes.models import Dispute

    assert set(edges(Dispute)) == SPINE


@pytest.mark.django_db
@pytest.mark.parametrize("model", ALL, ids=lambda m: m.__name__)
def test_the_database_allows_exactly_the_edges_of_the_code(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = %s", [f"{model._meta.db_table}_graph"]
        )
        row = cursor.fetchone()
    assert row, f"{model._meta.db_table} has no graph trigger"
    assert sorted(re.findall(r"'([a-z_]+>[a-z_]+)'", row[0])) == edges(model)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table",
    [
        "core_auditentry",
        "contracts_journalentry",
        "contracts_transfer",
        "disputes_statementversion",
        "disputes_consent",
    ],
)
def test_what_is_written_once_has_its_trigger(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname IN (%s, %s)", [f"{table}_append_only", f"{table}_no_truncate"]
        )
        assert cursor.fetchone()[0] == 2


def test_the_page_of_lifecycles_is_the_code_s():
    assert (settings.BASE_DIR / "docs" / "lifecycle.md").read_text() == page(), "run manage.py draw_lifecycles"
