"""What must be true before a case on an active contract (P1, re-checked at P3 and P6), as a checklist in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from contracts.enums import AccountCode, ContractState, DecisionKind, Ground, MilestoneState
from contracts.ledger.selectors import balances
from contracts.models import Contract, Milestone
from core.errors import UnableToError
from core.formatting import format_money
from core.money import Money, zero
from disputes.enums import ActiveReason, DisputeState
from disputes.models import Dispute

# Work was submitted, and no final word on it was said.
SUBMITTED = (MilestoneState.SUBMITTED, MilestoneState.CHANGES_REQUESTED, MilestoneState.RELEASE_REFUSED)


class UnableToAskSupportError(UnableToError):
    """P1: a case on this milestone is not possible now; the message says why and what is."""

    code = "guards"


@dataclass(frozen=True, slots=True)
class Guard:
    """One line of the checklist: what is asked, whether it holds, and the sentence when it does not."""

    label: str
    holds: bool
    refusal: str


@dataclass(frozen=True, slots=True)
class Guards:
    """The whole checklist; `most` is the money that can be named at most."""

    lines: tuple[Guard, ...]
    most: Money

    def failed(self) -> list[Guard]:
        """Return what does not hold."""
        return [line for line in self.lines if not line.holds]

    @property
    def hold(self) -> bool:
        """Whether a case is possible."""
        return not self.failed()


def source_of(reason: str) -> AccountCode:
    """Where the money of a reason is: the milestone's escrow, or what was carried over from it."""
    return AccountCode.ESCROW_CARRIED if reason == ActiveReason.PARTIAL_RELEASE else AccountCode.ESCROW_AVAILABLE


def guards(contract: Contract, milestone: Milestone, reason: str) -> Guards:
    """P1's guards for one milestone and one of the two reasons of S10. At most five queries."""
    carried = reason == ActiveReason.PARTIAL_RELEASE
    most = money_concerned(contract, milestone, reason)
    lines = (
        Guard(
            _("The contract is active"),
            contract.state == ContractState.ACTIVE,
            _("This contract is no longer active. What is left in escrow is handled by the refund request."),
        ),
        Guard(
            _("No dispute is open on the contract"),
            contract.open_dispute_id is None,
            _("A dispute is already open on this contract. Only one can be open at a time."),
        ),
        Guard(
            _("The reason is one of the two that a case can be opened for"),
            reason in ActiveReason.values,
            _("Choose one of the two reasons for which a case can be opened."),
        ),
        _carried_over(milestone) if carried else _submitted(milestone),
        Guard(
            _("Money is there to be disputed ({most})").format(most=format_money(most)),
            bool(most),
            _("Nothing of this milestone is in escrow any more, so there is no money to dispute."),
        ),
    )
    return Guards(lines, most)


def _submitted(milestone: Milestone) -> Guard:
    holds = milestone.state in SUBMITTED and milestone.submissions.exists()
    return Guard(
        _("Work was submitted on the milestone, and it is not paid"),
        holds,
        _("No submitted work waits on this milestone. Submit the work first, then give the client time to review it."),
    )


def _carried_over(milestone: Milestone) -> Guard:
    return Guard(
        _("A part was released and the remainder moved to another milestone"),
        milestone.state == MilestoneState.PARTIALLY_PAID and bool(_carried(milestone)),
        _("No remainder of this milestone was carried over."),
    )


def _carried(milestone: Milestone) -> int:
    found = milestone.decisions.filter(kind=DecisionKind.PARTIAL).aggregate(s=Sum("carried"))["s"]
    return int(found or 0)


def money_concerned(contract: Contract, milestone: Milestone, reason: str) -> Money:
    """Most that a case can be about: the milestone's escrow, or its remainder that is still carried over.

    A remainder that was disputed once is not disputed again on the same ground (C11), unless the dispute was
    withdrawn.
    """
    held = balances(contract)
    if reason != ActiveReason.PARTIAL_RELEASE:
        return held.available if milestone.state in SUBMITTED else zero(contract.currency)
    disputed = (
        Dispute.objects.filter(milestone=milestone, source=AccountCode.ESCROW_CARRIED, state=DisputeState.RESOLVED)
        .exclude(resolution_code=Ground.DISPUTE_WITHDRAWN)
        .aggregate(s=Sum("filed_amount"))["s"]
        or 0
    )
    left = max(0, _carried(milestone) - int(disputed))
    return min(Money(left, contract.currency), held.carried)


def possible_requests(contract: Contract) -> list[tuple[Milestone, str, Money]]:
    """(milestone, reason, most) of every request the guards would let through: the choices of the form."""
    if contract.state != ContractState.ACTIVE or contract.open_dispute_id is not None:
        return []
    found = []
    wanted = [*SUBMITTED, MilestoneState.PARTIALLY_PAID]
    for milestone in contract.milestones.filter(state__in=wanted).order_by("number"):
        milestone.contract = contract
        for reason in ActiveReason.values:
            checked = guards(contract, milestone, reason)
            if checked.hold:
                found.append((milestone, str(reason), checked.most))
    return found
