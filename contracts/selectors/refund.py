"""The refund request's page, for both sides, with every outcome's money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from contracts import hooks, rules
from contracts.enums import ProposalState, RefundState, Side
from contracts.ledger.services import fee_of
from contracts.models import Contract, RefundProposal, RefundRequest
from contracts.selectors.contract import get_contract_for
from core import road
from core.errors import StrangerError
from core.money import Money
from core.permissions import Actor


@dataclass(frozen=True, slots=True)
class RefundPage:
    """What See Request shows."""

    contract: Contract
    request: RefundRequest
    side: Side | None
    acts: set[str]
    proposals: list[RefundProposal]
    dispute: hooks.DisputeLink | None
    outcomes: list[dict[str, Any]]
    other_name: str

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return bool(self.request.state == RefundState.OPEN)

    @property
    def pending(self) -> RefundProposal | None:
        """The proposal that waits for the client."""
        return next((p for p in self.proposals if p.state == ProposalState.PENDING), None)

    @property
    def asked(self) -> Money:
        """What is asked back now."""
        return self.request.money

    @property
    def net(self) -> Money:
        """What would reach the freelancer's balance of all that is asked back."""
        return self.asked - fee_of(self.contract, self.asked)


def get_refund_for(actor: Actor, reference: str) -> RefundRequest:
    """Return the newest refund request of a contract the person may see. Raises StrangerError."""
    contract = get_contract_for(actor, reference)
    request = RefundRequest.objects.filter(contract=contract).order_by("-opened_at").select_related("opened_by").first()
    if request is None:
        raise StrangerError
    request.contract = contract
    return request


def refund_page(request: RefundRequest, actor: Actor) -> RefundPage:
    """Read the page of a request the viewer may see."""
    contract = request.contract
    side = rules.side_of(contract, actor)
    proposals = list(request.proposals.select_related("proposed_by").order_by("-number"))
    return RefundPage(
        contract=contract,
        request=request,
        side=side,
        acts=set(road.available(request, actor)),
        proposals=proposals,
        dispute=hooks.dispute_links([contract.pk]).get(contract.pk),
        outcomes=_outcomes(request, proposals, side),
        other_name=contract.account_of(side.other).name if side else "",
    )


def _outcomes(request: RefundRequest, proposals: list[RefundProposal], side: Side | None) -> list[dict[str, Any]]:
    """Rows for `c-outcomes`: the viewer's side first; amounts before the service fee."""
    contract, asked, nothing = request.contract, request.money, request.contract.money(0)
    by_client = side is Side.CLIENT
    rows: list[tuple[str, str, Money, Money, bool]] = []
    pending = next((p for p in proposals if p.state == ProposalState.PENDING), None)
    if pending is not None:
        accepts = _("if you accept it") if by_client else _("if the client accepts it")
        keep, back = contract.money(pending.keep), contract.money(pending.give_back)
        rows.append((_("The proposed split"), accepts, keep, back, True))
    pays = _("You pay it all after all") if by_client else _("The client pays it all after all")
    rows += [
        (_("The request is approved"), "", nothing, asked, pending is None),
        (_("Nobody answers"), _("at the end of the 7 days"), nothing, asked, False),
        (pays, "", asked, nothing, False),
    ]
    shown = [
        {
            "label": label,
            "sub": sub,
            "first": theirs if by_client else ours,
            "second": ours if by_client else theirs,
            "is_now": is_now,
        }
        for label, sub, ours, theirs, is_now in rows
    ]
    shown.append(
        {
            "label": _("A dispute is filed"),
            "sub": _("the money stays held"),
            "text": _("Settled in mediation"),
            "is_now": False,
        }
    )
    return shown
