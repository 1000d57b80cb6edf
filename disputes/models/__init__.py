"""Models of disputes."""

from disputes.models.dispute import CaseMessage, Consent, Dispute, Resolution, StatementVersion
from disputes.models.drafts import PageDraft
from disputes.models.evidence import Evidence, EvidenceRequest, EvidenceRequestAnswer
from disputes.models.negotiation import BlindBid, SettlementOffer
from disputes.models.support import SupportNote, SupportRequest

__all__ = [
    "BlindBid",
    "CaseMessage",
    "Consent",
    "Dispute",
    "Evidence",
    "EvidenceRequest",
    "EvidenceRequestAnswer",
    "PageDraft",
    "Resolution",
    "SettlementOffer",
    "StatementVersion",
    "SupportNote",
    "SupportRequest",
]
