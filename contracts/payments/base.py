"""The port to whoever moves money outside: a real payment provider is one class that speaks this."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from core.money import Money

DEFAULT = "contracts.payments.sandbox.SandboxGateway"


class Word(StrEnum):
    """What the gateway says about one of our ids."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    REVERSED = "reversed"


class Kind(StrEnum):
    """The two directions."""

    PAYMENT = "payment"
    PAYOUT = "payout"


class GatewayError(Exception):
    """The gateway cannot be reached, or answered what cannot be understood: nothing is known, so ask later."""


class PaymentGateway(Protocol):
    """Each call carries our id as its idempotency key: the same id twice is one payment.

    All raise GatewayError when the answer is not known. They are called outside any transaction.
    """

    def start(self, payment_id: UUID, amount: Money, *, side: str, purpose: str) -> None:
        """Ask `side` for `amount`; the gateway confirms later, by its signed callback."""

    def pay_out(self, payout_id: UUID, amount: Money, *, side: str) -> None:
        """Send `amount` to `side`; the gateway confirms later."""

    def ask(self, kind: Kind, our_id: UUID) -> Word:
        """Return what became of one of our ids."""


def gateway() -> PaymentGateway:
    """Return the gateway that the setting PAYMENT_GATEWAY names (a dotted path)."""
    made: PaymentGateway = import_string(getattr(settings, "PAYMENT_GATEWAY", DEFAULT))()
    return made
