"""Money in and out: the gateway's word twice, late, forged or never; W1; payouts that stick."""

import json
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import override_settings

from contracts.enums import AccountCode, PaymentPurpose, Side
from contracts.ledger.services import Cause, Ground
from contracts.locks import lock_contract
from contracts.models import GatewayEvent, JournalEntry, Payment, Payout
from contracts.payments import send, signing
from contracts.payments.base import GatewayError, Kind, Word
from contracts.services import fees, milestones, payments
from contracts.services.payments import UnableToPayTwiceError
from core import clock, deadlines, outbox, selfcheck
from core.errors import InvalidInputError, NotAllowedError, StrangerError
from core.models import OutboxMessage
from core.money import Money
from tests.factories import contracts as make
from tests.factories.accounts import make_agency, make_member, make_stranger
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


class Gateway:
    """Stands in for the outside: keeps what it was told, answers what it is set to. Not our code."""

    started: list = []
    paid_out: list = []
    words: dict = {}
    down = False

    def start(self, payment_id, amount, *, side, purpose):
        self._reach()
        Gateway.started.append((payment_id, amount, side, purpose))

    def pay_out(self, payout_id, amount, *, side):
        self._reach()
        Gateway.paid_out.append((payout_id, amount, side))

    def ask(self, kind, our_id):
        self._reach()
        return Gateway.words.get(our_id, Word.UNKNOWN)

    def _reach(self):
        if Gateway.down:
            raise GatewayError("The gateway cannot be reached: ConnectError.")


@pytest.fixture
def outside():
    Gateway.started, Gateway.paid_out, Gateway.words, Gateway.down = [], [], {}, False
    path = f"{__name__}.Gateway"
    with override_settings(PAYMENT_GATEWAY=path):
        send_module_gateway = send.gateway
        send.gateway = Gateway
        yield Gateway
        send.gateway = send_module_gateway


def funding():
    world = make.active_contract()
    milestones.fund_milestone(milestone_id=world.milestone.pk, actor=world.client.actor, now=world.now)
    return world, Payment.objects.get()


def relay(world):
    clock.freeze(world.now)
    return outbox.relay(now=world.now)


# --- payments ---------------------------------------------------------------------------


def test_the_row_comes_first_and_the_gateway_is_asked_after_commit(outside):
    world, payment = funding()
    assert (payment.state, outside.started) == ("started", [])

    relay(world)

    assert outside.started == [(payment.pk, world.money(180_000), "client", "milestone")]


def test_a_gateway_that_is_down_is_tried_again_and_asked_before_a_repeat(outside):
    world, payment = funding()
    outside.down = True
    relay(world)
    assert outside.started == []

    outside.down = False
    relay(world.later(seconds=10))

    # It was marked as sent before the failed call, so it is asked first; it knows nothing, so it is sent.
    assert [s[0] for s in outside.started] == [payment.pk]


def test_an_order_that_arrived_though_its_answer_was_lost_is_not_sent_again(outside):
    world, payment = funding()
    outside.down = True
    relay(world)

    outside.down, outside.words = False, {payment.pk: Word.CONFIRMED}
    relay(world.later(seconds=10))

    assert outside.started == []
    assert world.milestone.state == "funded"


@pytest.mark.rule("C1", "I7")
def test_edge_18_a_confirmation_twice_or_out_of_order_changes_nothing_more():
    world, payment = funding()
    world.pay(payment)

    with unchanged(world.contract):
        payments.settle_payment(payment_id=payment.pk, confirmed=True, now=world.now)
        payments.settle_payment(payment_id=payment.pk, confirmed=False, now=world.now)


def test_a_second_payment_for_the_same_thing_is_refused_while_one_runs():
    world, payment = funding()

    with unchanged(world.contract), pytest.raises(UnableToPayTwiceError):
        payments.start_payment(
            contract=world.contract,
            purpose=PaymentPurpose.MILESTONE,
            object_id=payment.object_id,
            side=Side.CLIENT,
            amount=world.money(1),
            actor=world.client.actor,
            now=world.now,
        )


def test_only_the_gateway_or_the_system_confirms():
    world, payment = funding()

    with unchanged(world.contract), pytest.raises(NotAllowedError):
        payments.settle_payment(payment_id=payment.pk, confirmed=True, now=world.now, actor=world.client.actor)
    with pytest.raises(StrangerError):
        payments.settle_payment(payment_id=uuid4(), confirmed=True, now=world.now)


def test_after_a_minute_of_silence_the_gateway_is_asked(outside):
    world, payment = funding()
    relay(world)
    outside.words = {payment.pk: Word.CONFIRMED}

    clock.freeze(world.later(seconds=59).now)
    assert send.ask_about_silence(now=world.now) == 0
    clock.freeze(world.later(seconds=1).now)
    assert send.ask_about_silence(now=world.now) == 1

    assert world.milestone.state == "funded"
    assert len(outside.started) == 1


# --- payouts and W1 ---------------------------------------------------------------------


def earned(**how):
    world = make.submitted_contract(**how)
    world.approve()
    world.later(days=5).sweep()
    return world


def withdraw(world, minor, person=None):
    return payments.withdraw_earnings(
        contract_id=world.contract_id,
        amount=world.money(minor),
        actor=(person or world.freelancer).actor,
        now=world.now,
    )


@pytest.mark.rule("W1", "C7")
def test_W1_available_money_goes_to_payable_and_outside_when_it_arrives(outside):
    world = earned()

    payout = withdraw(world, 100_000)

    assert world.held.money(AccountCode.FREELANCER_AVAILABLE).amount == 62_000
    assert world.held.money(AccountCode.PAYABLE_FREELANCER).amount == 100_000
    relay(world)
    assert outside.paid_out == [(payout.pk, world.money(100_000), "freelancer")]
    payments.confirm_payout(payout_id=payout.pk, now=world.now)
    assert world.held.money(AccountCode.PAYABLE_FREELANCER).amount == 0
    assert selfcheck.run(now=world.now) == []


@pytest.mark.rule("W1")
def test_W1_several_withdrawals_have_keys_of_their_own():
    world = earned()
    withdraw(world, 60_000)
    withdraw(world, 60_000)
    assert JournalEntry.objects.filter(rule="W1").count() == 2


@pytest.mark.parametrize("minor", [0, -1, 162_001])
def test_W1_within_what_is_available(minor):
    world = earned()
    with unchanged(world.contract), pytest.raises(InvalidInputError, match=r"between \$0\.01 and \$1,620\.00"):
        withdraw(world, minor)


def test_W1_held_money_cannot_be_withdrawn():
    world = make.submitted_contract()
    world.approve()
    with unchanged(world.contract), pytest.raises(InvalidInputError, match="Nothing is available"):
        withdraw(world, 1)


def test_W1_is_the_freelancers_side_with_the_right_to_move_money():
    world = earned(freelancer=make_agency())
    for person, error in [
        (world.client, NotAllowedError),
        (make_member(world.freelancer.account), NotAllowedError),
        (make_stranger(), StrangerError),
    ]:
        with unchanged(world.contract), pytest.raises(error):
            withdraw(world, 1, person)


def test_a_payout_confirmed_twice_is_booked_once():
    world = make.refund_requested_contract()
    world.accept_refund()
    payout = Payout.objects.get()
    payments.confirm_payout(payout_id=payout.pk, now=world.now)

    with unchanged(world.contract):
        payments.confirm_payout(payout_id=payout.pk, now=world.now)


@pytest.mark.rule("Z4", "Z5")
def test_a_payout_that_does_not_arrive_is_retried_and_staff_are_told_every_24_hours(outside):
    world = make.refund_requested_contract()
    world.accept_refund()
    payout = Payout.objects.get()
    outside.down = True
    relay(world)
    payout.refresh_from_db()
    assert payout.last_problem == "The gateway cannot be reached: ConnectError."

    for _ in range(3):
        sends = OutboxMessage.objects.filter(handler="contracts.send_payout").count()
        world.later(hours=24).sweep()
        assert OutboxMessage.objects.filter(handler="contracts.send_payout").count() == sends + 1
        assert deadlines.running(payout.pk, "payout_alert").due_at == world.now + timedelta(hours=24)

    assert (world.refund.state, world.contract.state) == ("accepted", "closed")  # the outcome never reverses
    outside.down = False
    relay(world.later(days=2))
    assert outside.paid_out[0][0] == payout.pk
    payments.confirm_payout(payout_id=payout.pk, now=world.now)
    assert deadlines.running(payout.pk, "payout_alert") is None


def test_a_refused_payout_is_ordered_again_not_forgotten(outside):
    world = make.refund_requested_contract()
    world.accept_refund()
    payout = Payout.objects.get()
    relay(world)
    outside.words = {payout.pk: Word.FAILED}
    world.later(hours=24).sweep()

    relay(world)

    assert [p[0] for p in outside.paid_out] == [payout.pk, payout.pk]


# --- fees -------------------------------------------------------------------------------


@pytest.mark.rule("I8")
@pytest.mark.django_db(transaction=True)
def test_I8_a_fee_is_held_returned_passed_on_and_taken_back():
    world, notice = make.refund_requested_contract(), uuid4()
    amount = world.money(33_750)

    def do(step, name, **how):
        from django.db import transaction

        with transaction.atomic():
            contract = lock_contract(world.contract_id)
            cause = Cause("N3", name, notice, world.client.actor, world.now, Ground.ARB_FEE, seq=step)
            return getattr(fees, name)(contract, cause, amount=amount, **how)

    do(1, "hold_fee", side="client", notice_id=notice)
    do(2, "hold_fee", side="freelancer", notice_id=notice)
    do(3, "hold_fee", side="platform", notice_id=notice)
    assert fees.held_fee(world.contract, "client", notice) == amount
    do(4, "return_fee", side="client", notice_id=notice)
    do(5, "return_fee", side="platform", notice_id=notice)
    do(6, "pass_on_fee", side="freelancer", notice_id=notice)
    do(7, "take_back_fee", side="freelancer")

    for side in ("client", "freelancer", "platform"):
        assert fees.held_fee(world.contract, side, notice) == world.money(0)
    assert sorted(Payout.objects.values_list("side", "amount")) == [("client", 33_750), ("freelancer", 33_750)]
    assert selfcheck.run(now=world.now) == []


# --- the callback -----------------------------------------------------------------------


def call(client, body, *, secret=None, at=None, headers=None):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = signing.sign(raw, secret or settings.GATEWAY_SIGNING_SECRET, at=at)
    return client.post(
        "/webhooks/payments/", raw, content_type="application/json", headers=signed if headers is None else headers
    )


def event(payment, **changes):
    return {"event_id": "e-1", "kind": "payment", "id": str(payment.pk), "status": "confirmed", **changes}


@pytest.mark.rule("C1")
def test_a_signed_callback_funds_the_milestone_once(client):
    world, payment = funding()

    assert call(client, event(payment)).json() == {"seen": False}
    assert world.milestone.state == "funded"
    with unchanged(world.contract):
        again = call(client, event(payment))
    assert (again.status_code, again.json()) == (200, {"seen": True})
    assert GatewayEvent.objects.count() == 1


ATTACKS = {
    "another secret": (401, lambda c, p: call(c, event(p), secret="guessed")),
    "not signed": (401, lambda c, p: call(c, event(p), headers={})),
    "too old": (401, lambda c, p: call(c, event(p), at=int(time.time()) - 301)),
    "from the future": (401, lambda c, p: call(c, event(p), at=int(time.time()) + 301)),
    "timestamp no number": (
        401,
        lambda c, p: call(c, event(p), headers={signing.TIMESTAMP: "soon", signing.SIGNATURE: "x"}),
    ),
    "signature of another body": (
        401,
        lambda c, p: call(c, event(p), headers=signing.sign(b"{}", settings.GATEWAY_SIGNING_SECRET)),
    ),
    "signature not ascii": (
        401,
        lambda c, p: call(c, event(p), headers={signing.TIMESTAMP: str(int(time.time())), signing.SIGNATURE: "é"}),
    ),
    "not json": (400, lambda c, p: call(c, b"confirmed")),
    "a list": (400, lambda c, p: call(c, [event(p)])),
    "no id": (400, lambda c, p: call(c, {"event_id": "e", "kind": "payment", "status": "confirmed"})),
    "id no uuid": (400, lambda c, p: call(c, event(p, id="1"))),
    "event id a number": (400, lambda c, p: call(c, event(p, event_id=7))),
    "event id endless": (400, lambda c, p: call(c, event(p, event_id="x" * 81))),
    "event id with a zero byte": (400, lambda c, p: call(c, event(p, event_id="a\0b"))),
    "unknown kind": (400, lambda c, p: call(c, event(p, kind="gift"))),
    "unknown status": (400, lambda c, p: call(c, event(p, status="maybe"))),
    "unknown payment": (404, lambda c, p: call(c, event(p, id=str(uuid4())))),
    "payment called a payout": (404, lambda c, p: call(c, event(p, kind="payout"))),
    "too long": (413, lambda c, p: call(c, b" " * 10_001)),
    "GET": (405, lambda c, p: c.get("/webhooks/payments/")),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_forged_or_broken_callback_changes_nothing(client, name):
    world, payment = funding()
    status, attack = ATTACKS[name]

    with unchanged(world.contract):
        answer = attack(client, payment)

    assert answer.status_code == status
    assert not GatewayEvent.objects.exists()


def test_a_pending_word_is_no_news(client):
    world, payment = funding()
    with unchanged(world.contract):
        assert call(client, event(payment, status="pending")).status_code == 200


def test_a_payout_callback_confirms_it(client):
    world = make.refund_requested_contract()
    world.accept_refund()
    payout = Payout.objects.get()

    assert call(client, event(payout, kind="payout")).status_code == 200

    payout.refresh_from_db()
    assert payout.state == "confirmed"


def test_money_of_a_currency_without_cents_keeps_whole_units():
    world = make.funded_contract(currency="JPY", amounts=(10_005,))
    world.approve()
    assert world.held.money(AccountCode.FREELANCER_PENDING) == Money(9_005, "JPY")


def test_kinds_and_words_are_the_wire_format():
    assert [*Kind] == ["payment", "payout"]
    assert [*Word] == ["unknown", "pending", "confirmed", "failed", "reversed"]
