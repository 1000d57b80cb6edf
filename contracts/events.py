"""What happens in contracts. Amounts in minor units of the contract's currency."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ContractStarted(Event):
    """C0: both sides have agreed to the contract."""


@dataclass(frozen=True, kw_only=True)
class MilestoneFunded(Event):
    """C1."""

    milestone_id: UUID
    amount: int


@dataclass(frozen=True, kw_only=True)
class FundingFailed(Event):
    """C1: the payment failed or was not confirmed within 24 h."""

    milestone_id: UUID


@dataclass(frozen=True, kw_only=True)
class WorkSubmitted(Event):
    """C2."""

    milestone_id: UUID


@dataclass(frozen=True, kw_only=True)
class ChangesRequested(Event):
    """C3."""

    milestone_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReleaseRefused(Event):
    """C3b."""

    milestone_id: UUID


@dataclass(frozen=True, kw_only=True)
class MilestonePaid(Event):
    """C4, C6 and the undisputed rest (C11): `amount` gross was released, by `ground`."""

    milestone_id: UUID
    amount: int
    ground: str


@dataclass(frozen=True, kw_only=True)
class PartlyReleased(Event):
    """C5: `released` gross went to the freelancer, `carried` was carried over."""

    milestone_id: UUID
    released: int
    carried: int


@dataclass(frozen=True, kw_only=True)
class ContractEnded(Event):
    """C8, C9, C10: ended `by` client, freelancer or system; `paid` to the freelancer, `left` asked back or returned."""

    by: str
    paid: int
    left: int


@dataclass(frozen=True, kw_only=True)
class ContractClosed(Event):
    """Nothing is left in escrow."""


@dataclass(frozen=True, kw_only=True)
class DormancyStepped(Event):
    """C10: the ladder moved to `step`."""

    step: int


@dataclass(frozen=True, kw_only=True)
class RefundRequested(Event):
    """R1."""

    refund_request_id: UUID
    amount: int


@dataclass(frozen=True, kw_only=True)
class RefundReduced(Event):
    """R6: the client paid `paid` more; `amount` is still asked back."""

    refund_request_id: UUID
    paid: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class SplitProposed(Event):
    """R7."""

    refund_request_id: UUID
    proposal_id: UUID


@dataclass(frozen=True, kw_only=True)
class SplitDeclined(Event):
    """R8: the request stays open."""

    refund_request_id: UUID
    proposal_id: UUID


@dataclass(frozen=True, kw_only=True)
class RefundClosed(Event):
    """R2 accepted, R3 disputed, R4 expired, R5 withdrawn, R8 accepted_split.

    `outcome` is one of accepted, disputed, expired, withdrawn, split; amounts say who got what of the request.
    """

    refund_request_id: UUID
    outcome: str
    to_freelancer: int
    to_client: int


@dataclass(frozen=True, kw_only=True)
class MessagePosted(Event):
    """A person wrote in the contract's thread."""

    message_id: UUID
    side: str
    sender_id: UUID


@dataclass(frozen=True, kw_only=True)
class PaymentSettled(Event):
    """The gateway confirmed (or failed) a payment from outside. For fees, `arbitration` reacts."""

    payment_id: UUID
    purpose: str
    object_id: UUID
    side: str
    amount: int
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class HoldOver(Event):
    """C7: `amount` net is available to the freelancer."""

    entry_id: UUID
    amount: int


@dataclass(frozen=True, kw_only=True)
class PayoutArrived(Event):
    """`amount` reached `side` outside."""

    payout_id: UUID
    side: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class PayoutStuck(Event):
    """The gateway has not confirmed a payout for a day; repeats every 24 h (alert to staff)."""

    payout_id: UUID
    side: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class PaymentReversed(Event):
    """X2: the gateway took a confirmed payment back; `unreleased` is what is left to freeze. Repeats daily."""

    payment_id: UUID
    amount: int
    unreleased: int
