"""What happens after mediation failed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from disputes.events import DisputeEvent


@dataclass(frozen=True, kw_only=True)
class NoticeIssued(DisputeEvent):
    """N1."""

    notice_id: UUID


@dataclass(frozen=True, kw_only=True)
class ArbitrationElected(DisputeEvent):
    """N2."""

    notice_id: UUID
    side: str


@dataclass(frozen=True, kw_only=True)
class ArbitrationDeclined(DisputeEvent):
    """N4."""

    notice_id: UUID
    side: str


@dataclass(frozen=True, kw_only=True)
class FeeReceived(DisputeEvent):
    """N3: the payment of `side` was confirmed."""

    notice_id: UUID
    side: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class FeeReturned(DisputeEvent):
    """A held or late fee goes back to `side`."""

    side: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class ElectionSettling(DisputeEvent):
    """N3: the time is over, a started payment is awaited for at most 24 h."""

    notice_id: UUID


@dataclass(frozen=True, kw_only=True)
class ArbitrationOpened(DisputeEvent):
    """A1: both paid; the case is being filed."""

    arbitration_id: UUID


@dataclass(frozen=True, kw_only=True)
class ArbitrationFiled(DisputeEvent):
    """A1: the provider confirmed."""

    arbitration_id: UUID


@dataclass(frozen=True, kw_only=True)
class ArbitrationProgressed(DisputeEvent):
    """A3."""

    arbitration_id: UUID
    step: str


@dataclass(frozen=True, kw_only=True)
class ProviderRejected(DisputeEvent):
    """A2: `times` counts the rejections of this dispute."""

    arbitration_id: UUID
    times: int


@dataclass(frozen=True, kw_only=True)
class AwardHeld(DisputeEvent):
    """An award that cannot be recorded as it is (sum, state): a person has to look."""

    arbitration_id: UUID


@dataclass(frozen=True, kw_only=True)
class AwardRecorded(DisputeEvent):
    """A5."""

    arbitration_id: UUID
    award_id: UUID


@dataclass(frozen=True, kw_only=True)
class AwardExecuted(DisputeEvent):
    """A6."""

    arbitration_id: UUID
    award_id: UUID


@dataclass(frozen=True, kw_only=True)
class NonComplianceReported(DisputeEvent):
    """A7."""

    report_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProviderOverdue(DisputeEvent):
    """Filing or award takes longer than promised (alert; repeats)."""

    what: str


@dataclass(frozen=True, kw_only=True)
class OrderProposed(DisputeEvent):
    """X1, X2: one admin proposed; another has to approve. `dispute_id` is the contract's when there is no dispute."""

    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class OrderCarriedOut(DisputeEvent):
    """X1, X2."""

    order_id: UUID
