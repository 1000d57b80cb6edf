"""Lifecycles of this room (rulebook section 7). A transition sets the state and its own timestamps, nothing else."""

from contracts.transitions.agreement import ContractLifecycle, MilestoneLifecycle
from contracts.transitions.refunds import RefundProposalLifecycle, RefundRequestLifecycle

__all__ = [
    "ContractLifecycle",
    "MilestoneLifecycle",
    "RefundProposalLifecycle",
    "RefundRequestLifecycle",
]
