"""Models of disputes."""

from disputes.models.dispute import CaseMessage, Consent, Dispute, Resolution, StatementVersion
from disputes.models.drafts import PageDraft
from disputes.models.evidence import Evidence, EvidenceRequest, EvidenceRequestAnswer, StagedFile
from disputes.models.export import DataExport
from disputes.models.moderation import HiddenOriginal, MessageReport, Redaction
from disputes.models.negotiation import BlindBid, SettlementOffer
from disputes.models.support import SupportNote, SupportRequest

__all__ = [
    "BlindBid",
    "CaseMessage",
    "Consent",
    "DataExport",
    "Dispute",
    "Evidence",
    "EvidenceRequest",
    "EvidenceRequestAnswer",
    "HiddenOriginal",
    "MessageReport",
    "PageDraft",
    "Redaction",
    "Resolution",
    "SettlementOffer",
    "StagedFile",
    "StatementVersion",
    "SupportNote",
    "SupportRequest",
]
