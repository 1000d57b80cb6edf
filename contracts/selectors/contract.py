"""The contract page's read model, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from contracts import hooks, rules
from contracts.enums import MILESTONE_HELD, AccountCode, ContractState, DecisionKind, MilestoneState, PaymentState, Side
from contracts.ledger import selectors as ledger
from contracts.ledger.services import fee_of
from contracts.models import (
    Contract,
    Message,
    Milestone,
    MilestoneDecision,
    Payment,
    Payout,
    RefundRequest,
    Submission,
)
from contracts.selectors.lists import next_step
from contracts.sentences import HistoryLine, history
from core import audit, road
from core.errors import StrangerError
from core.models import Deadline, DeadlineStatus
from core.money import Money
from core.permissions import Actor

MESSAGES_SHOWN = 5


@dataclass(slots=True)
class MilestoneCard:
    """A milestone with its work and what this viewer may do with it."""

    milestone: Milestone
    submissions: list[Submission]
    decisions: list[MilestoneDecision]
    acts: set[str]
    due: datetime | None = None
    carried_in: Money | None = None

    @property
    def said(self) -> list[MilestoneDecision]:
        """The client's decisions that the freelancer has something to read in."""
        return [d for d in self.decisions if d.kind != DecisionKind.APPROVED]

    @property
    def can_decide(self) -> bool:
        """Whether the client may release, ask for changes or refuse."""
        return bool(self.acts & {"approve", "release_part", "request_changes", "refuse_release", "approve_rest"})


@dataclass(slots=True)
class ContractPage:
    """Everything the page shows, seen from one side (or by staff: `side` None)."""

    contract: Contract
    side: Side | None
    acts: set[str]
    held: ledger.Balances
    cards: list[MilestoneCard]
    refund: RefundRequest | None
    dispute: hooks.DisputeLink | None
    payouts: list[Payout]
    payment: Payment | None
    messages: list[Message]
    lines: list[HistoryLine]
    next_step: str
    yours: bool
    dormancy_due: datetime | None = None
    other_name: str = ""
    money_rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def may_move_money(self) -> bool:
        """Whether the viewer may do acts that move money for the viewer's side."""
        return "money" in self.acts

    @property
    def dispute_due(self) -> datetime | None:
        """Until when the viewer's side has something to answer in the open dispute."""
        return self.dispute.awaits.get(self.side) if self.dispute is not None and self.side else None

    @property
    def net_available(self) -> Money:
        """What would reach the freelancer's balance if the current milestone were released in full."""
        return self.held.available - fee_of(self.contract, self.held.available)

    @property
    def was_funded(self) -> bool:
        """Whether money has come in before: an empty escrow then has another reason."""
        return any(c.milestone.state not in (MilestoneState.PROPOSED, MilestoneState.FUNDING) for c in self.cards)

    @property
    def shown_payouts(self) -> list[Payout]:
        """The payments out that this viewer may see: the freelancer's withdrawals are not the client's to see."""
        return [o for o in self.payouts if self.side is not Side.CLIENT or o.side == Side.CLIENT]

    @property
    def can_ask_support(self) -> bool:
        """S12: the freelancer of an active contract with something in escrow may contact Customer Support."""
        return (
            self.side is Side.FREELANCER
            and self.contract.state == ContractState.ACTIVE
            and self.contract.open_dispute_id is None
        )

    @property
    def current(self) -> MilestoneCard | None:
        """The milestone in work."""
        live = (MilestoneState.FUNDING, *MILESTONE_HELD)
        return next((c for c in self.cards if c.milestone.state in live), None)

    @property
    def next_proposed(self) -> MilestoneCard | None:
        """The next milestone to fund."""
        return next((c for c in self.cards if c.milestone.state == MilestoneState.PROPOSED), None)

    @property
    def available(self) -> Money:
        """What the freelancer can withdraw."""
        return self.held.money(AccountCode.FREELANCER_AVAILABLE)


def get_contract_for(actor: Actor, reference: str) -> Contract:
    """Return the contract that a person may see. Raises StrangerError (404)."""
    found = (
        Contract.objects.select_related("freelancer_account", "client_account")
        .filter(reference=reference.upper())
        .first()
    )
    if found is None or not (rules.may_see(found, actor) or hooks.may_read(found.pk, actor)):
        raise StrangerError
    return found


def get_milestone_for(actor: Actor, milestone_id: UUID) -> Milestone:
    """Return a milestone (with its contract) of a contract the person may see. Raises StrangerError."""
    found = (
        Milestone.objects.select_related("contract__freelancer_account", "contract__client_account")
        .filter(pk=milestone_id)
        .first()
    )
    if found is None or not (rules.may_see(found, actor) or hooks.may_read(found.contract_id, actor)):
        raise StrangerError
    return found


def contract_page(contract: Contract, actor: Actor) -> ContractPage:
    """Read the page of a contract the viewer may see."""
    side = rules.side_of(contract, actor)
    held = ledger.balances(contract)
    clocks = {
        (row.object_id, row.kind): row.due_at
        for row in Deadline.objects.filter(
            contract_id=contract.pk, kind__in=("review", "funding", "dormancy"), status=DeadlineStatus.PENDING
        )
    }
    cards = _cards(contract, actor, clocks)
    refund = RefundRequest.objects.filter(contract=contract).order_by("-opened_at").first()
    if refund is not None:
        refund.contract = contract
    dispute = hooks.dispute_links([contract.pk]).get(contract.pk)
    current = next((c for c in cards if c.milestone.state in (MilestoneState.FUNDING, *MILESTONE_HELD)), None)
    proposed = next((c for c in cards if c.milestone.state == MilestoneState.PROPOSED), None)
    step, yours = "", False
    if side is not None:
        shown = current or proposed
        open_refund = refund if refund is not None and refund.state == "open" else None
        if open_refund is not None:
            open_refund.has_proposal = open_refund.proposals.filter(state="pending").exists()  # type: ignore[attr-defined]
        step, yours = next_step(contract, side, shown.milestone if shown else None, open_refund, dispute)
    acts = set(road.available(contract, actor))
    if side is not None and actor.moves_money_for(UUID(str(contract.account_id_of(side)))):
        acts.add("money")
    return ContractPage(
        contract=contract,
        side=side,
        acts=acts,
        held=held,
        cards=cards,
        refund=refund,
        dispute=dispute,
        payouts=list(Payout.objects.filter(contract=contract).order_by("-due_at")[:10]),
        payment=Payment.objects.filter(contract=contract, state=PaymentState.STARTED).first(),
        messages=list(
            Message.objects.filter(contract=contract)
            .select_related("sender")
            .order_by("-sent_at", "id")[:MESSAGES_SHOWN]
        ),
        lines=history(audit.entries(contract.pk).reverse()[:60], contract.currency, side),
        next_step=step,
        yours=yours,
        dormancy_due=clocks.get((contract.pk, "dormancy")),
        other_name=contract.account_of(side.other).name if side else "",
        money_rows=_money_rows(held, side),
    )


def _cards(contract: Contract, actor: Actor, clocks: dict[tuple[UUID, str], datetime]) -> list[MilestoneCard]:
    milestones = (
        Milestone.objects.filter(contract=contract)
        .order_by("number")
        .prefetch_related(
            Prefetch("submissions", Submission.objects.select_related("submitted_by").order_by("-number")),
            Prefetch(
                "decisions", MilestoneDecision.objects.select_related("decided_by", "target").order_by("-decided_at")
            ),
        )
    )
    cards = []
    carried: dict[UUID, int] = {}
    for milestone in milestones:
        milestone.contract = contract
        decisions = list(milestone.decisions.all())
        for decision in decisions:
            if decision.target_id is not None and decision.carried:
                carried[decision.target_id] = carried.get(decision.target_id, 0) + decision.carried
        cards.append(
            MilestoneCard(
                milestone=milestone,
                submissions=list(milestone.submissions.all()),
                decisions=decisions,
                acts=set(road.available(milestone, actor)),
                due=clocks.get((milestone.pk, "review")) or clocks.get((milestone.pk, "funding")),
            )
        )
    for card in cards:
        if card.milestone.pk in carried:
            card.carried_in = contract.money(carried[card.milestone.pk])
    return cards


def _money_rows(held: ledger.Balances, side: Side | None) -> list[dict[str, Any]]:
    """Where the contract's money is, in words; what is empty is left out."""
    words = [
        (AccountCode.ESCROW_AVAILABLE, _("In escrow for the current milestone"), "lock"),
        (AccountCode.ESCROW_CARRIED, _("Carried over to a later milestone"), "corner-down-right"),
        (AccountCode.ESCROW_REFUND, _("Asked back by the client"), "undo-2"),
        (AccountCode.ESCROW_FROZEN, _("Held in a dispute"), "scale"),
        (AccountCode.FREELANCER_PENDING, _("Released, in the security hold"), "hourglass"),
        (AccountCode.FREELANCER_AVAILABLE, _("Ready to withdraw"), "wallet"),
        (AccountCode.PAYABLE_CLIENT, _("On its way to the client"), "send"),
        (AccountCode.PAYABLE_FREELANCER, _("On its way to the freelancer"), "send"),
    ]
    private = {AccountCode.FREELANCER_AVAILABLE, AccountCode.PAYABLE_FREELANCER}
    return [
        {"label": label, "amount": held.money(code), "icon": icon}
        for code, label, icon in words
        if held.money(code) and not (side is Side.CLIENT and code in private)
    ]
