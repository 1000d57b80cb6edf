"""Every factory of this room ends in a state that the self-check finds in order."""

from uuid import uuid4

import pytest

from core import selfcheck
from tests.factories import contracts as make

pytestmark = pytest.mark.django_db

FACTORIES = {
    make.draft_contract: ("draft", 0),
    make.active_contract: ("active", 0),
    make.funded_contract: ("active", 180_000),
    make.submitted_contract: ("active", 180_000),
    make.changes_requested_contract: ("active", 180_000),
    make.refused_contract: ("active", 180_000),
    make.partly_released_contract: ("active", 120_000),
    make.refund_requested_contract: ("ended", 180_000),
    make.closed_contract: ("closed", 0),
}


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda f: f.__name__)
def test_a_factory_reaches_its_state_and_the_ledger_is_in_order(factory):
    world = factory()

    assert (world.contract.state, world.held.escrow.amount) == FACTORIES[factory]
    assert selfcheck.run(now=world.now) == []


def test_a_disputed_refund_freezes_what_is_claimed():
    world = make.refund_requested_contract()
    dispute = uuid4()

    make.disputed_refund(world, dispute, claimed=100_000)

    assert world.held.frozen == {dispute: 100_000}
    assert world.held.escrow.amount == 100_000
