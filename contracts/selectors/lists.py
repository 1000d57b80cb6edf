"""Lists of contracts: rows with their one next step, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from contracts import hooks
from contracts.enums import (
    ESCROW_ACCOUNTS,
    MILESTONE_HELD,
    ContractState,
    MilestoneState,
    ProposalState,
    RefundState,
    Side,
)
from contracts.models import Contract, LedgerAccount, Milestone, RefundProposal, RefundRequest
from contracts.selectors.cursor import read_cursor, write_cursor
from core.models import Deadline, DeadlineStatus
from core.money import Money
from core.permissions import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

PAGE = 20
JOBS = 60  # newest contracts that My Jobs looks at; All Contracts has every one
_NEXT_CLOCKS = ("review", "funding", "dormancy")

NEEDS, REQUEST, DISPUTE = "needs", "request", "dispute"
# What All Contracts can be narrowed to: what needs somebody first, then the states.
STATES: list[tuple[str, StrPromise]] = [
    (NEEDS, _l("Needs you")),
    (REQUEST, _l("Refund request open")),
    (DISPUTE, _l("In dispute")),
    (ContractState.DRAFT.value, pgettext_lazy("contracts", "Draft")),
    (ContractState.ACTIVE.value, pgettext_lazy("contracts", "Active")),
    (ContractState.ENDED.value, pgettext_lazy("contracts", "Ended")),
    (ContractState.CLOSED.value, pgettext_lazy("contracts", "Closed")),
]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows: a state (a value of STATES, or "" for all), words of the title, reference or other side."""

    state: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class JobRow:
    """One contract as a row, seen from one side."""

    contract: Contract
    side: Side
    other_name: str
    escrow: Money
    milestone: Milestone | None
    refund: RefundRequest | None
    dispute: hooks.DisputeLink | None
    next_step: str
    yours: bool
    due: datetime | None

    @property
    def see_request(self) -> bool:
        """**See Request** while a refund request is open (S05)."""
        return self.refund is not None

    @property
    def see_dispute(self) -> bool:
        """**See Dispute** once one is filed (S15)."""
        return self.dispute is not None


@dataclass(frozen=True, slots=True)
class JobsPage:
    """A page of All Contracts and the cursor of the next one ("" at the end)."""

    rows: list[JobRow]
    next_cursor: str


@dataclass(slots=True)
class Jobs:
    """My Jobs: what needs the viewer first, then active, then ended."""

    needs: list[JobRow] = field(default_factory=list)
    active: list[JobRow] = field(default_factory=list)
    ended: list[JobRow] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there is any contract at all."""
        return bool(self.needs or self.active or self.ended)


def list_contracts(actor: Actor, filters: Filters, cursor: str = "", *, size: int = PAGE) -> JobsPage:
    """All Contracts, the last active first. A fixed number of queries, whatever the number of rows.

    An unreadable cursor starts at the beginning.
    """
    found = _visible(actor, filters)
    if filters.state == NEEDS:
        # Whose turn it is stands in several tables; it is judged over the newest contracts, on one page.
        return JobsPage([row for row in rows_of(list(found[:JOBS]), actor) if row.yours], "")
    after = read_cursor(cursor)
    if after is not None:
        at, pk = after
        found = found.filter(Q(last_activity_at__lt=at) | Q(last_activity_at=at, id__gt=pk))
    contracts = list(found[: size + 1])
    more = len(contracts) > size
    contracts = contracts[:size]
    return JobsPage(
        rows_of(contracts, actor), write_cursor(contracts[-1].last_activity_at, contracts[-1].pk) if more else ""
    )


def my_jobs(actor: Actor) -> Jobs:
    """Group the viewer's newest contracts by what they need."""
    jobs = Jobs()
    for row in rows_of(list(_visible(actor, Filters())[:JOBS]), actor):
        if row.yours:
            jobs.needs.append(row)
        elif row.contract.state in (ContractState.DRAFT, ContractState.ACTIVE) or (row.dispute and row.dispute.is_open):
            jobs.active.append(row)
        else:
            jobs.ended.append(row)
    # The soonest deadline first; without one, the order of the last activity stays.
    jobs.needs.sort(key=lambda row: (row.due is None, row.due))
    return jobs


def rows_of(contracts: list[Contract], actor: Actor) -> list[JobRow]:
    """Rows for these contracts: five queries for all of them, and those behind **See Dispute**."""
    ids = [c.pk for c in contracts]
    if not ids:
        return []
    escrow = _escrow(ids)
    milestones = _current_milestones(ids)
    refunds = _open_refunds(ids)
    disputes = hooks.dispute_links(ids)
    clocks = _clocks([m.pk for m in milestones.values()] + ids)
    rows = []
    for contract in contracts:
        side = _side(contract, actor)
        milestone = milestones.get(contract.pk)
        refund = refunds.get(contract.pk)
        dispute = disputes.get(contract.pk)
        due = _due(contract, side, milestone, refund, dispute, clocks)
        step, yours = next_step(contract, side, milestone, refund, dispute)
        rows.append(
            JobRow(
                contract=contract,
                side=side,
                other_name=contract.account_of(side.other).name,
                escrow=Money(escrow.get(contract.pk, 0), contract.currency),
                milestone=milestone,
                refund=refund,
                dispute=dispute,
                next_step=step,
                yours=yours,
                due=due,
            )
        )
    return rows


def _due(
    contract: Contract,
    side: Side,
    milestone: Milestone | None,
    refund: RefundRequest | None,
    dispute: hooks.DisputeLink | None,
    clocks: dict[UUID, datetime],
) -> datetime | None:
    """The clock that belongs to `next_step`."""
    if refund is not None:
        return refund.due_at
    if dispute is not None and dispute.is_open:
        return dispute.awaits.get(side)
    return clocks.get(milestone.pk if milestone else contract.pk)


def next_step(
    contract: Contract,
    side: Side,
    milestone: Milestone | None,
    refund: RefundRequest | None,
    dispute: hooks.DisputeLink | None,
) -> tuple[str, bool]:
    """Say what comes next in words, and whether it is the viewer's turn."""
    mine = side is Side.FREELANCER
    other = contract.account_of(side.other).name
    if refund is not None:
        return _refund_step(refund, mine=mine, other=other)
    if dispute is not None and dispute.is_open:
        if side in dispute.awaits:
            return _("Answer in the dispute: {stage}").format(stage=dispute.stage), True
        return _("Dispute: {stage}").format(stage=dispute.stage), False
    if contract.state == ContractState.DRAFT:
        return (
            (_("Read and accept the contract"), True)
            if mine
            else (_("{name} reads the contract").format(name=other), False)
        )
    if contract.state != ContractState.ACTIVE:
        return (_("Nothing to do"), False)
    return _milestone_step(milestone, mine=mine, other=other)


def _refund_step(refund: RefundRequest, *, mine: bool, other: str) -> tuple[str, bool]:
    if mine:
        return _("Answer the refund request"), True
    if getattr(refund, "has_proposal", False):
        return _("Answer the split that {name} proposes").format(name=other), True
    return _("{name} answers your refund request").format(name=other), False


def _milestone_step(milestone: Milestone | None, *, mine: bool, other: str) -> tuple[str, bool]:
    if milestone is None:
        return (_("All milestones are done"), False) if mine else (_("Add a milestone, or end the contract"), True)
    # state: (the freelancer's words, the client's words, whose turn it is)
    steps: dict[str, tuple[str, str, Side | None]] = {
        MilestoneState.PROPOSED: (_("{name} funds the milestone"), _("Fund the milestone"), Side.CLIENT),
        MilestoneState.FUNDING: (_("The payment is being confirmed"), _("Your payment is being confirmed"), None),
        MilestoneState.FUNDED: (_("Do the work and submit it"), _("{name} is working"), Side.FREELANCER),
        MilestoneState.SUBMITTED: (_("{name} reviews your work"), _("Review the work"), Side.CLIENT),
        MilestoneState.CHANGES_REQUESTED: (
            _("Make the changes and submit again"),
            _("{name} makes the changes"),
            Side.FREELANCER,
        ),
        MilestoneState.RELEASE_REFUSED: (
            _("Release refused: see what you can do"),
            _("{name} decides what to do"),
            Side.FREELANCER,
        ),
    }
    ours, theirs, turn = steps[milestone.state]
    return (ours if mine else theirs).format(name=other), turn is (Side.FREELANCER if mine else Side.CLIENT)


def _visible(actor: Actor, filters: Filters) -> QuerySet[Contract]:
    mine = list(actor.accounts)
    found = Contract.objects.filter(Q(freelancer_account__in=mine) | Q(client_account__in=mine)).select_related(
        "freelancer_account", "client_account"
    )
    if filters.state in ContractState.values:
        found = found.filter(state=filters.state)
    elif filters.state == REQUEST:
        found = found.filter(Exists(RefundRequest.objects.filter(contract=OuterRef("pk"), state=RefundState.OPEN)))
    elif filters.state == DISPUTE:
        found = found.filter(open_dispute_id__isnull=False)
    if words := filters.words.strip().replace("\0", ""):
        found = found.filter(
            Q(title__icontains=words)
            | Q(reference__iexact=words)
            | Q(freelancer_account__name__icontains=words)
            | Q(client_account__name__icontains=words)
        )
    return found.order_by("-last_activity_at", "id")


def _side(contract: Contract, actor: Actor) -> Side:
    return Side.FREELANCER if actor.acts_for(contract.freelancer_account_id) else Side.CLIENT


def _escrow(ids: list[UUID]) -> dict[UUID, int]:
    sums: dict[UUID, int] = {}
    rows = LedgerAccount.objects.filter(contract_id__in=ids, code__in=ESCROW_ACCOUNTS, balance__gt=0)
    for contract_id, balance in rows.values_list("contract_id", "balance"):
        if contract_id is not None:
            sums[contract_id] = sums.get(contract_id, 0) + (balance or 0)
    return sums


def _current_milestones(ids: list[UUID]) -> dict[UUID, Milestone]:
    """Per contract the milestone in work, else the next proposed one."""
    live = (MilestoneState.FUNDING, *MILESTONE_HELD)
    current: dict[UUID, Milestone] = {}
    for m in Milestone.objects.filter(contract_id__in=ids, state__in=[*live, MilestoneState.PROPOSED]).order_by(
        "number"
    ):
        known = current.get(m.contract_id)
        if known is None or (m.state in live and known.state not in live):
            current[m.contract_id] = m
    return current


def _open_refunds(ids: list[UUID]) -> dict[UUID, RefundRequest]:
    waiting = RefundProposal.objects.filter(refund_request=OuterRef("pk"), state=ProposalState.PENDING)
    found = RefundRequest.objects.filter(contract_id__in=ids, state=RefundState.OPEN)
    return {r.contract_id: r for r in found.annotate(has_proposal=Exists(waiting))}


def _clocks(ids: Iterable[UUID]) -> dict[UUID, datetime]:
    rows = Deadline.objects.filter(object_id__in=list(ids), kind__in=_NEXT_CLOCKS, status=DeadlineStatus.PENDING)
    return dict(rows.order_by("-due_at").values_list("object_id", "due_at"))
