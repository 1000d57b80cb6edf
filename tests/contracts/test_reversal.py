"""X2's second cause: a funding payment reversed by the gateway. Nothing moves by itself; the admins are told daily."""

from datetime import timedelta

import pytest

from contracts.models import GatewayEvent, JournalEntry, Payment
from contracts.payments import send
from contracts.payments.base import Kind, Word
from contracts.services.reversal import REVERSAL_ALERT, REVERSED, note_reversal
from core import deadlines
from core.errors import NotAllowedError
from notifications.models import Notice
from tests.factories import contracts as make
from tests.factories.accounts import make_admin
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def reversed_payment():
    admin = make_admin()
    world = make.submitted_contract()
    payment = Payment.objects.get(contract=world.contract)
    entries = JournalEntry.objects.count()
    send.tell(Kind.PAYMENT, payment.pk, Word.REVERSED, now=world.now)
    payment.refresh_from_db()
    assert JournalEntry.objects.count() == entries
    return world, payment, admin


def _told(admin):
    return list(Notice.objects.filter(recipient=admin.user, kind="desk_alert").values_list("title", flat=True))


@pytest.mark.rule("X2")
def test_X2_a_reversal_moves_nothing_and_tells_the_admins(reversed_payment):
    world, payment, admin = reversed_payment
    assert (payment.state, payment.note) == ("confirmed", REVERSED)
    assert _told(admin) == ["The payment gateway reversed a payment of $1,800.00"]
    assert not Notice.objects.filter(recipient=world.client.user, kind="desk_alert").exists()


@pytest.mark.rule("X2")
def test_X2_it_is_told_again_every_day_while_unreleased_money_is_not_frozen(reversed_payment):
    world, payment, admin = reversed_payment
    world.later(days=1).sweep()
    assert len(_told(admin)) == 2
    world.approve()
    world.later(days=1).sweep()
    assert len(_told(admin)) == 2
    assert deadlines.running(payment.pk, REVERSAL_ALERT) is None


def test_X2_said_twice_it_is_told_once(reversed_payment):
    world, payment, _ = reversed_payment
    with unchanged(world.contract):
        note_reversal(payment_id=payment.pk, now=world.now + timedelta(minutes=1))


def test_X2_only_the_gateway_says_so():
    world = make.funded_contract()
    with unchanged(world.contract), pytest.raises(NotAllowedError):
        note_reversal(
            payment_id=Payment.objects.get(contract=world.contract).pk, now=world.now, actor=world.client.actor
        )


def test_X2_a_payment_that_never_came_cannot_be_reversed():
    world = make.active_contract()
    from contracts.services import milestones

    milestones.fund_milestone(milestone_id=world.milestone.pk, actor=world.client.actor, now=world.now)
    with unchanged(world.contract):
        send.tell(Kind.PAYMENT, Payment.objects.get().pk, Word.REVERSED, now=world.now)
    assert GatewayEvent.objects.count() == 0
