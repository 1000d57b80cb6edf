"""Models of contracts: the agreement, its messages, refund requests, payments and the ledger."""

from contracts.models.agreement import Contract, Milestone, MilestoneDecision, Submission
from contracts.models.ledger import JournalEntry, LedgerAccount, Transfer
from contracts.models.messages import Message, MessageRead
from contracts.models.payments import GatewayEvent, Payment, Payout, SandboxBehaviour, SandboxOperation
from contracts.models.refunds import RefundProposal, RefundRequest

__all__ = [
    "Contract",
    "GatewayEvent",
    "JournalEntry",
    "LedgerAccount",
    "Message",
    "MessageRead",
    "Milestone",
    "MilestoneDecision",
    "Payment",
    "Payout",
    "RefundProposal",
    "RefundRequest",
    "SandboxBehaviour",
    "SandboxOperation",
    "Submission",
    "Transfer",
]
