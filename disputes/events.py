"""What happens in disputes. Amounts in minor units."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class DisputeEvent(Event):
    """Something about one dispute."""

    dispute_id: UUID


@dataclass(frozen=True, kw_only=True)
class DisputeFiled(DisputeEvent):
    """D1: from R3 (route ended) or P3 (route active)."""

    route: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class StageChanged(DisputeEvent):
    """The dispute left `old` for `new` (E1 has already voided what belonged to the old stage)."""

    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class DisputeResolved(DisputeEvent):
    """The frozen amount was paid out. Mediation and arbitration close themselves on this."""

    ground: str
    to_freelancer: int
    to_client: int


@dataclass(frozen=True, kw_only=True)
class ClientAnswered(DisputeEvent):
    """D4."""


@dataclass(frozen=True, kw_only=True)
class StatementUpdated(DisputeEvent):
    """D8: a new version by `side`; the amount went from `old_amount` to `amount`."""

    side: str
    old_amount: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class EvidenceAdded(DisputeEvent):
    """D9. For confidential evidence only the specialist is told."""

    evidence_id: UUID
    side: str


@dataclass(frozen=True, kw_only=True)
class EvidenceRequested(DisputeEvent):
    """D9: the specialist asks."""

    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class EvidenceAnswered(DisputeEvent):
    """D9: `side` answered an evidence request."""

    request_id: UUID
    side: str


@dataclass(frozen=True, kw_only=True)
class CaseMessagePosted(DisputeEvent):
    """A message in the case; `audience` says who may read it."""

    message_id: UUID
    audience: str
    sender_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferEvent(DisputeEvent):
    """Something about an offer; `side` is who made the offer."""

    offer_id: UUID
    side: str


@dataclass(frozen=True, kw_only=True)
class OfferMade(OfferEvent):
    """D11: `counter` when it answers an older one."""

    counter: bool


@dataclass(frozen=True, kw_only=True)
class OfferRejected(OfferEvent):
    """D11."""


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(OfferEvent):
    """D11."""


@dataclass(frozen=True, kw_only=True)
class OfferExpired(OfferEvent):
    """Z8."""


@dataclass(frozen=True, kw_only=True)
class SupportEvent(Event):
    """Something about a support request."""

    support_request_id: UUID


@dataclass(frozen=True, kw_only=True)
class SupportRequested(SupportEvent):
    """P1."""


@dataclass(frozen=True, kw_only=True)
class SupportAsked(SupportEvent):
    """P2: the agent asks for information."""


@dataclass(frozen=True, kw_only=True)
class SupportAnswered(SupportEvent):
    """P2: the freelancer answered."""


@dataclass(frozen=True, kw_only=True)
class SupportDeclined(SupportEvent):
    """P4."""


@dataclass(frozen=True, kw_only=True)
class SupportEnded(SupportEvent):
    """P5, P2: `outcome` is withdrawn, moot or lapsed."""

    outcome: str


@dataclass(frozen=True, kw_only=True)
class SupportReviewAsked(SupportEvent):
    """P6."""


@dataclass(frozen=True, kw_only=True)
class SupportReviewed(SupportEvent):
    """P6: `outcome` is upheld or sent_back."""

    outcome: str


@dataclass(frozen=True, kw_only=True)
class SupportOverdue(SupportEvent):
    """No first reply, or no review, in time (alert; repeats)."""

    what: str


@dataclass(frozen=True, kw_only=True)
class ReportEvent(Event):
    """Something about a reported message; `side` reported it, `author_side` wrote it."""

    report_id: UUID
    side: str
    author_side: str


@dataclass(frozen=True, kw_only=True)
class MessageReported(ReportEvent):
    """M1."""


@dataclass(frozen=True, kw_only=True)
class MessageHidden(ReportEvent):
    """M2: `first` of the reports that this decision closes (the author is told once)."""

    first: bool


@dataclass(frozen=True, kw_only=True)
class ReportDismissed(ReportEvent):
    """M3."""


@dataclass(frozen=True, kw_only=True)
class RedactionEvent(Event):
    """Something about the removal of a text or file. `author_side` is empty for a specialist's."""

    redaction_id: UUID
    author_side: str


@dataclass(frozen=True, kw_only=True)
class RedactionAsked(RedactionEvent):
    """M4."""


@dataclass(frozen=True, kw_only=True)
class TextRedacted(RedactionEvent):
    """M5."""


@dataclass(frozen=True, kw_only=True)
class RedactionRefused(RedactionEvent):
    """M6."""
