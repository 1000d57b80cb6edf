"""Commands on a milestone: fund, submit, decide, release (C1-C6, C11)."""

from contracts.services.milestones.decision import ready_or_disputed
from contracts.services.milestones.funding import UnableToFundError, fund_milestone
from contracts.services.milestones.release import (
    UnableToCarryOverError,
    approve_milestone,
    auto_release,
    release_part,
)
from contracts.services.milestones.work import refuse_release, request_changes, submit_work

__all__ = [
    "UnableToCarryOverError",
    "UnableToFundError",
    "approve_milestone",
    "auto_release",
    "fund_milestone",
    "ready_or_disputed",
    "refuse_release",
    "release_part",
    "request_changes",
    "submit_work",
]
