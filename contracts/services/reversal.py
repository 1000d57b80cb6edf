"""X2, its second cause: the gateway takes a confirmed funding payment back from us.

Nothing moves by itself (X2 is two admins' act, and released money is never taken back automatically): the fact
is recorded, the admins are told at once, and again every day while unreleased money of the contract is not frozen.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts import rules
from contracts.enums import PaymentState
from contracts.events import PaymentReversed
from contracts.ledger.selectors import balances
from contracts.locks import lock_payment
from contracts.models import Contract, Payment
from core import audit, deadlines, road
from core.errors import NotAllowedError
from core.events import publish
from core.money import Money
from core.permissions import GATEWAY, Actor

REVERSAL_ALERT = "reversal_alert"  # deadline kind; its object is the payment
REVERSED = "Reversed by the payment gateway"
EVERY = timedelta(hours=24)


def unreleased(contract: Contract) -> Money:
    """Money in escrow that no dispute and no order has frozen yet."""
    held = balances(contract)
    return held.escrow - held.frozen_total


def note_reversal(*, payment_id: UUID, now: datetime, actor: Actor = GATEWAY) -> Payment:
    """Record that a confirmed payment was reversed, and tell the admins; saying it twice does no harm.

    Raises StrangerError for an unknown id, NotAllowedError for anybody but the gateway.
    """
    with transaction.atomic():
        payment = lock_payment(payment_id)
        if not rules.gateway(payment, actor):
            raise NotAllowedError(_("Only the payment gateway reverses payments."))
        if payment.state != PaymentState.CONFIRMED or payment.note == REVERSED:
            return payment
        payment.note = REVERSED
        payment.save(update_fields=["note"])
        audit.append(
            chain=payment.contract_id,
            rule="X2",
            act="note_reversal",
            obj=payment,
            actor=actor,
            now=now,
            payload={"amount": payment.amount},
        )
        road.ran("X2")
        _tell(payment, now=now)
        return payment


def alert_reversal(*, payment: Payment, now: datetime) -> None:
    """A day later, on a locked payment: tell again while there is something left to freeze."""
    if unreleased(payment.contract):
        _tell(payment, now=now)


def _tell(payment: Payment, *, now: datetime) -> None:
    deadlines.schedule(REVERSAL_ALERT, payment.pk, now=now, due_at=now + EVERY, contract_id=payment.contract_id)
    publish(
        PaymentReversed(
            at=now,
            contract_id=payment.contract_id,
            payment_id=payment.pk,
            amount=payment.amount,
            unreleased=unreleased(payment.contract).amount,
        )
    )
