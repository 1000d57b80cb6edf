"""Money from outside and to outside: rows first, the gateway afterwards (architecture section 5).

A confirmation may come twice, late, or after the world moved on: it then changes nothing, and money that
came for nothing goes straight back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts import rules
from contracts.enums import (
    AccountCode,
    ContractState,
    Ground,
    MilestoneState,
    PaymentPurpose,
    PaymentState,
    PayoutState,
    Side,
)
from contracts.events import FundingFailed, PaymentSettled, PayoutArrived, PayoutStuck
from contracts.ledger import services as ledger
from contracts.ledger.selectors import balance_of
from contracts.ledger.services import EXTERNAL, PAYABLE, PAYOUT_ALERT, Cause, Place
from contracts.locks import lock_contract, lock_payment, lock_payout
from contracts.models import Contract, Milestone, Payment, Payout
from contracts.services.common import FUNDING, amount_between, same_currency, see, touch
from contracts.services.escrow_in import become_funded, usable_carried
from core import audit, deadlines, outbox, road
from core.errors import InvalidInputError, NotAllowedError, UnableToError
from core.events import publish
from core.money import Money
from core.permissions import GATEWAY, SYSTEM, Actor

SEND_PAYMENT = "contracts.start_payment"  # outbox handler
ALERT_EVERY = timedelta(hours=24)


class UnableToPayTwiceError(UnableToError):
    """A payment for the same thing is already on its way."""

    code = "payment_running"


def start_payment(
    *, contract: Contract, purpose: str, object_id: UUID, side: str, amount: Money, actor: Actor, now: datetime
) -> Payment:
    """Store the payment; after commit the outbox asks the gateway for the money.

    The caller holds the contract's lock. Raises UnableToPayTwiceError while one is running.
    """
    if Payment.objects.filter(purpose=purpose, object_id=object_id, state=PaymentState.STARTED).exists():
        raise UnableToPayTwiceError(_("A payment for this is already on its way. Wait until it is confirmed."))
    payment = Payment(
        contract=contract,
        purpose=purpose,
        object_id=object_id,
        side=side,
        amount=amount.amount,
        currency=amount.currency,
        started_by_id=actor.user_id,
        started_at=now,
    )
    payment.save(force_insert=True)
    outbox.put(SEND_PAYMENT, {"payment_id": str(payment.pk)}, now=now, ordering_key=str(contract.pk))
    return payment


def settle_payment(*, payment_id: UUID, confirmed: bool, now: datetime, actor: Actor = GATEWAY) -> Payment:
    """Take note of the gateway's word on a payment; saying it twice does no harm.

    Confirmed for a milestone: C1 is completed, or the money goes straight back when the contract or the
    milestone has moved on. Confirmed for a fee: `arbitration` books or returns it on PaymentSettled.
    """
    with transaction.atomic():
        payment = lock_payment(payment_id)
        if not rules.gateway(payment, actor):
            raise NotAllowedError(_("Only the payment gateway confirms payments."))
        if payment.state == PaymentState.FAILED and confirmed:
            # Given up on (24 h, or the gateway said no), and it came after all.
            return_payment(payment=payment, actor=actor, now=now, note="Confirmed too late")
        elif payment.state == PaymentState.STARTED:
            _note(payment, PaymentState.CONFIRMED if confirmed else PaymentState.FAILED, now=now)
            if payment.purpose == PaymentPurpose.MILESTONE:
                _settle_milestone(payment, confirmed=confirmed, actor=actor, now=now)
            publish(
                PaymentSettled(
                    at=now,
                    contract_id=payment.contract_id,
                    payment_id=payment.pk,
                    purpose=payment.purpose,
                    object_id=payment.object_id,
                    side=payment.side,
                    amount=payment.amount,
                    confirmed=confirmed,
                )
            )
        return payment


def give_up_funding(*, milestone: Milestone, now: datetime) -> None:
    """C1: 24 h without a confirmation: the milestone is proposed again; money that still comes goes back."""
    payment = (
        Payment.objects.select_for_update(of=("self",))
        .filter(purpose=PaymentPurpose.MILESTONE, object_id=milestone.pk, state=PaymentState.STARTED)
        .first()
    )
    if payment is not None:
        payment.contract = milestone.contract
        _note(payment, PaymentState.FAILED, now=now, note="Not confirmed within 24 hours")
    _funding_failed(milestone, actor=SYSTEM, now=now)


def return_payment(*, payment: Payment, actor: Actor, now: datetime, note: str = "") -> Payout:
    """Send a confirmed payment back whole: external → payable of the payer, in one entry and one payout.

    The caller holds the contract's lock. Used for money that came for nothing (C1, N3).
    """
    contract = payment.contract
    side = Side(payment.side)
    money = contract.money(payment.amount)
    fee = payment.purpose == PaymentPurpose.ARB_FEE
    cause = Cause(
        "N3" if fee else "C1",
        "payment",
        payment.pk,
        actor,
        now,
        Ground.ARB_FEE_RETURNED if fee else Ground.FUNDING,
        note="Returned to the payer",
    )
    entry = ledger.post(contract, cause, [(Place(EXTERNAL[side]), Place(PAYABLE[side]), money)])
    payout = ledger.start_payout(contract, entry, money, to=side, now=now)
    _note(payment, PaymentState.RETURNED, now=now, note=note)
    return payout


def confirm_payout(*, payout_id: UUID, now: datetime, actor: Actor = GATEWAY) -> Payout:
    """Book that a payout arrived: payable → external. Saying it twice does no harm."""
    with transaction.atomic():
        payout = lock_payout(payout_id)
        if not rules.gateway(payout, actor):
            raise NotAllowedError(_("Only the payment gateway confirms payouts."))
        if payout.state == PayoutState.CONFIRMED:
            return payout
        side = Side(payout.side)
        contract = payout.contract
        ledger.post(
            contract,
            Cause(payout.entry.rule, "payout", payout.pk, actor, now, Ground.PAYOUT_CONFIRMED),
            [(Place(PAYABLE[side]), Place(EXTERNAL[side]), contract.money(payout.amount))],
        )
        payout.state = PayoutState.CONFIRMED
        payout.confirmed_at = now
        payout.last_problem = ""
        payout.save(update_fields=["state", "confirmed_at", "last_problem"])
        deadlines.cancel(payout.pk, PAYOUT_ALERT, now=now)
        publish(PayoutArrived(at=now, contract_id=contract.pk, payout_id=payout.pk, side=side, amount=payout.amount))
        return payout


def note_payout_problem(*, payout_id: UUID, problem: str) -> None:
    """Keep what the gateway said; the money stays payable and is tried again."""
    Payout.objects.filter(pk=payout_id, state=PayoutState.DUE).update(last_problem=problem[:300])


def alert_payout(*, payout: Payout, now: datetime) -> None:
    """A locked payout has not arrived for a day: staff are told and it is tried again; repeats every 24 h."""
    outbox.put(ledger.SEND_PAYOUT, {"payout_id": str(payout.pk)}, now=now, ordering_key=str(payout.contract_id))
    publish(
        PayoutStuck(at=now, contract_id=payout.contract_id, payout_id=payout.pk, side=payout.side, amount=payout.amount)
    )


def withdraw_earnings(*, contract_id: UUID, amount: Money, actor: Actor, now: datetime) -> Payout:
    """W1: the freelancer takes `amount` of what is available: available → payable → outside.

    Raises StrangerError, NotAllowedError, InvalidInputError (`amount`).
    """
    with transaction.atomic():
        contract = lock_contract(contract_id)
        see(contract, actor)
        if not rules.freelancer_moves_money(contract, actor):
            raise NotAllowedError(_("Only the freelancer's side withdraws earnings."))
        same_currency(contract, amount, "amount")
        available = balance_of(contract, AccountCode.FREELANCER_AVAILABLE)
        if amount.amount <= 0 or amount > available:
            raise InvalidInputError({"amount": _withdraw_bounds(contract, available)})
        rounds = contract.entries.filter(rule="W1", cause_type="contract").count()
        cause = Cause("W1", "contract", contract.pk, actor, now, Ground.WITHDRAWAL, seq=rounds + 1)
        entry = ledger.post(
            contract,
            cause,
            [(Place(AccountCode.FREELANCER_AVAILABLE), Place(AccountCode.PAYABLE_FREELANCER), amount)],
        )
        payout = ledger.start_payout(contract, entry, amount, to=Side.FREELANCER, now=now)
        audit.append(
            chain=contract.pk,
            rule="W1",
            act="withdraw_earnings",
            obj=payout,
            actor=actor,
            now=now,
            new_state=str(payout.state),
            payload={"amount": amount.amount},
        )
        road.ran("W1")
        touch(contract, now=now)
        return payout


def _withdraw_bounds(contract: Contract, available: Money) -> str:
    if not available:
        return _("Nothing is available to withdraw yet.")
    return amount_between(contract.money(1), available)


def _note(payment: Payment, state: PaymentState, *, now: datetime, note: str = "") -> None:
    payment.state, payment.settled_at, payment.note = state, now, note
    payment.save(update_fields=["state", "settled_at", "note"])


def _settle_milestone(payment: Payment, *, confirmed: bool, actor: Actor, now: datetime) -> None:

    milestone = Milestone.objects.select_for_update(of=("self",)).get(pk=payment.object_id)
    milestone.contract = contract = payment.contract
    waiting = milestone.state == MilestoneState.FUNDING and contract.state == ContractState.ACTIVE
    if not confirmed:
        if waiting:
            _funding_failed(milestone, actor=actor, now=now)
        return
    carried = milestone.money - contract.money(payment.amount)
    if waiting and carried <= usable_carried(contract):
        cause = Cause("C1", "payment", payment.pk, actor, now, Ground.FUNDING)
        become_funded(milestone, cause, actor=actor, carried=carried, outside=contract.money(payment.amount))
        return
    # The contract ended, or the carried-over part was named or frozen meanwhile: nothing may be half funded.
    return_payment(payment=payment, actor=actor, now=now, note="The milestone was no longer waiting for it")
    if waiting:
        _funding_failed(milestone, actor=actor, now=now)


def _funding_failed(milestone: Milestone, *, actor: Actor, now: datetime) -> None:
    road.take(milestone, "fail_funding", actor=actor, now=now, chain=milestone.contract_id)
    deadlines.cancel(milestone.pk, FUNDING, now=now)
    publish(FundingFailed(at=now, contract_id=milestone.contract_id, milestone_id=milestone.pk))
