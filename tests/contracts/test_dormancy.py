"""C10: the ladder of a quiet contract; off by default, pinned when on."""

from datetime import timedelta

import pytest

from contracts.enums import AccountCode, Ground
from contracts.models import JournalEntry, Payout
from contracts.services import dormancy
from core import deadlines
from core.errors import NotAllowedError, OutOfTurnError, TooLateError
from core.models import PolicySetting
from tests.factories import contracts as make
from tests.factories.accounts import MONDAY, make_stranger
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiet(db):
    PolicySetting.objects.create(name="dormancy", value=True, changed_at=MONDAY)
    return make.funded_contract()


def to_step(world, step):
    days = {1: 76, 2: 83, 3: 90, 4: 97}
    for number in range(1, step + 1):
        world.now = MONDAY + timedelta(days=days[number])
        world.sweep()
    assert world.contract.dormancy_step == step
    return world


def test_C10_is_off_by_default():
    world = make.funded_contract()
    world.later(days=400).sweep()
    assert (world.contract.state, world.contract.dormancy_step) == ("active", 0)


@pytest.mark.rule("C10")
def test_C10_after_76_83_and_90_days_the_client_is_asked_and_silence_of_both_pays_the_client(quiet):
    to_step(quiet, 4)
    quiet.now = MONDAY + timedelta(days=104)
    quiet.sweep()

    assert quiet.contract.state == "closed"
    payout = Payout.objects.get()
    assert (payout.side, payout.amount, payout.entry.ground) == ("client", 180_000, Ground.DORMANCY)
    assert quiet.milestone.state == "cancelled"


@pytest.mark.rule("C10")
def test_C10_when_the_freelancer_asks_silence_of_the_client_pays_the_freelancer(quiet):
    to_step(quiet, 4)
    dormancy.ask_for_payment(contract_id=quiet.contract_id, actor=quiet.freelancer.actor, now=quiet.now)
    assert deadlines.running(quiet.contract_id, "dormancy").due_at == quiet.now + timedelta(days=14)

    quiet.later(days=14).sweep()

    assert quiet.contract.state == "closed"
    assert JournalEntry.objects.get(rule="C10").ground == Ground.DORMANCY
    assert quiet.held.money(AccountCode.FREELANCER_PENDING).amount == 162_000
    assert quiet.milestone.state == "paid"


@pytest.mark.rule("C10", "R1")
def test_C10_a_refusal_asks_for_the_money_back_as_in_C8(quiet):
    to_step(quiet, 4)
    dormancy.ask_for_payment(contract_id=quiet.contract_id, actor=quiet.freelancer.actor, now=quiet.now)

    request = dormancy.answer_dormancy_refuse(
        contract_id=quiet.contract_id, actor=quiet.client.actor, now=quiet.later(days=3).now
    )

    assert request.amount == 180_000
    assert quiet.contract.state == "ended"
    assert deadlines.running(quiet.contract_id, "dormancy") is None


@pytest.mark.rule("C10")
def test_C10_the_client_asked_can_release_at_once(quiet):
    to_step(quiet, 3)

    dormancy.answer_dormancy_release(contract_id=quiet.contract_id, actor=quiet.client.actor, now=quiet.now)

    assert quiet.contract.state == "closed"
    assert JournalEntry.objects.get(rule="C10").ground == Ground.CLIENT_APPROVAL


@pytest.mark.rule("C10")
@pytest.mark.parametrize("step", [0, 2, 4])
def test_C10_any_activity_starts_anew(quiet, step):
    if step:
        to_step(quiet, step)
    quiet.later(days=1).write(quiet.freelancer)

    assert quiet.contract.dormancy_step == 0
    quiet.later(days=75).sweep()
    assert quiet.contract.dormancy_step == 0
    quiet.later(days=1).sweep()
    assert quiet.contract.dormancy_step == 1


def test_C10_work_that_waits_for_a_decision_keeps_the_ladder_away(quiet):
    quiet.submit()
    quiet.later(days=1).request_changes()

    quiet.later(days=200).sweep()

    assert (quiet.contract.state, quiet.contract.dormancy_step) == ("active", 0)


@pytest.mark.rule("Z3")
def test_C10_answers_out_of_turn_late_or_by_others_are_refused(quiet):
    person = quiet.client.actor
    with unchanged(quiet.contract), pytest.raises(OutOfTurnError):
        dormancy.answer_dormancy_release(contract_id=quiet.contract_id, actor=person, now=quiet.now)
    to_step(quiet, 3)
    with unchanged(quiet.contract):
        with pytest.raises(NotAllowedError):
            dormancy.answer_dormancy_release(contract_id=quiet.contract_id, actor=quiet.freelancer.actor, now=quiet.now)
        with pytest.raises(OutOfTurnError):
            dormancy.ask_for_payment(contract_id=quiet.contract_id, actor=quiet.freelancer.actor, now=quiet.now)
        with pytest.raises(TooLateError):
            dormancy.answer_dormancy_refuse(
                contract_id=quiet.contract_id, actor=person, now=quiet.now + timedelta(days=7)
            )
        with pytest.raises(Exception, match="nothing here"):
            dormancy.answer_dormancy_refuse(contract_id=quiet.contract_id, actor=make_stranger().actor, now=quiet.now)


@pytest.mark.rule("C10")
def test_edge_28_a_contract_keeps_the_settings_it_was_made_under(quiet):
    PolicySetting.objects.filter(name="dormancy").update(value=False)
    to_step(quiet, 1)
