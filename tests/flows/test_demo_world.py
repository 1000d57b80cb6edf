"""The demonstration world: a case in every state of every machine, with a history that verifies."""

import pytest

from config.demo.world import build
from core import audit, clock, selfcheck
from core.lifecycles import lifecycle_models
from core.models import AuditChain, Deadline

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
