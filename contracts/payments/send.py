"""From our rows to the gateway, outside any transaction: the outbox's senders, and asking after silence.

Before a repeat the gateway is asked what it knows: an order is never sent twice blindly.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from contracts.enums import PaymentState, PayoutState
from contracts.models import Payment, Payout
from contracts.payments.base import GatewayError, Kind, Word, gateway
from contracts.services.payments import confirm_payout, note_payout_problem, settle_payment
from contracts.services.reversal import note_reversal
from core import clock
from core.money import Money
from core.permissions import GATEWAY

log = logging.getLogger(__name__)

SILENCE = timedelta(minutes=1)  # after it we ask


def send_payment(payload: dict[str, Any]) -> None:
    """Outbox: ask the gateway for a payment. Raises GatewayError to be tried again."""
    payment = Payment.objects.get(pk=UUID(payload["payment_id"]))
    if payment.state != PaymentState.STARTED:
        return
    if payment.sent_at is not None and _heed(Kind.PAYMENT, payment.pk) is not Word.UNKNOWN:
        return
    Payment.objects.filter(pk=payment.pk).update(sent_at=clock.now())
    gateway().start(payment.pk, Money(payment.amount, payment.currency), side=payment.side, purpose=payment.purpose)


def send_payout(payload: dict[str, Any]) -> None:
    """Outbox: order a payout. Raises GatewayError to be tried again; the money stays payable."""
    payout = Payout.objects.get(pk=UUID(payload["payout_id"]))
    if payout.state != PayoutState.DUE:
        return
    try:
        if payout.sent_at is not None and _heed(Kind.PAYOUT, payout.pk) in (Word.CONFIRMED, Word.PENDING):
            return
        Payout.objects.filter(pk=payout.pk).update(sent_at=clock.now())
        gateway().pay_out(payout.pk, Money(payout.amount, payout.currency), side=payout.side)
    except GatewayError as error:
        note_payout_problem(payout_id=payout.pk, problem=str(error))
        raise


def ask_about_silence(*, now: datetime) -> int:
    """Ask about every payment and payout that was sent a minute ago or more and is unanswered."""
    quiet = Q(sent_at__lte=now - SILENCE)
    asked = 0
    payments = Payment.objects.filter(quiet, state=PaymentState.STARTED).values_list("pk", flat=True)
    payouts = Payout.objects.filter(quiet, state=PayoutState.DUE).values_list("pk", flat=True)
    for kind, ids in ((Kind.PAYMENT, payments), (Kind.PAYOUT, payouts)):
        for our_id in list(ids[:200]):
            try:
                _heed(kind, our_id)
            except GatewayError as error:
                log.warning("asking about %s %s: %s", kind, our_id, error)
            asked += 1
    return asked


def _heed(kind: Kind, our_id: UUID) -> Word:
    """Ask, and do what the answer says."""
    word = gateway().ask(kind, our_id)
    tell(kind, our_id, word, now=clock.now())
    return word


def tell(kind: Kind, our_id: UUID, word: Word, *, now: datetime) -> None:
    """Bring the gateway's word (from its callback, or from asking) to the services."""
    if kind is Kind.PAYMENT and word in (Word.CONFIRMED, Word.FAILED):
        settle_payment(payment_id=our_id, confirmed=word is Word.CONFIRMED, now=now, actor=GATEWAY)
    elif kind is Kind.PAYMENT and word is Word.REVERSED:
        note_reversal(payment_id=our_id, now=now, actor=GATEWAY)
    elif kind is Kind.PAYOUT and word is Word.CONFIRMED:
        confirm_payout(payout_id=our_id, now=now, actor=GATEWAY)
    elif kind is Kind.PAYOUT and word is Word.FAILED:
        note_payout_problem(payout_id=our_id, problem="The gateway could not deliver it. It is tried again.")
