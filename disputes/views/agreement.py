"""The settlement agreement (D12, D19): who agreed to what and when, for reading and for printing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from contracts.enums import Ground, Side
from core import audit
from core.errors import StrangerError
from core.formatting import net_of_fee
from core.money import Money
from disputes.enums import BidState, ConsentKind, Disposition, OfferSide, OfferState
from disputes.models import Consent, Resolution
from disputes.views.common import Case, open_case, page, show


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One side's agreement: who, in what way, at which instant."""

    side: str
    name: str
    how: str  # "offered", "accepted", "agreed" (to a specialist's draft), "sealed"
    at: datetime | None
    by: str = ""


@page
@require_GET
def agreement(request: HttpRequest, reference: str) -> HttpResponse:
    """D12, D19: the agreement with both confirmations; there is none before both have agreed."""
    case = open_case(request, reference)
    resolution = Resolution.objects.filter(dispute=case.dispute, ground=Ground.JOINT_SETTLEMENT).first()
    if resolution is None or not case.viewer.negotiation:
        raise StrangerError
    currency = case.dispute.currency
    to_freelancer = Money(resolution.to_freelancer, currency)
    verdict = audit.verify(case.dispute.pk)
    offer = case.dispute.offers.select_related("made_by").filter(state=OfferState.ACCEPTED).first()
    return show(
        request,
        case,
        "agreement",
        {
            "resolution": resolution,
            "offer": offer,
            "total": Money(resolution.frozen, currency),
            "to_freelancer": to_freelancer,
            "to_client": Money(resolution.to_client, currency),
            "net": net_of_fee(to_freelancer, case.fee_percent),
            "stays": resolution.disposition == Disposition.RETURN,
            "confirmations": _of_offer(case, offer) if offer is not None else _of_bids(case),
            "verdict": verdict,
        },
    )


def _of_offer(case: Case, offer: Any) -> list[Confirmation]:
    drafted = offer.side == OfferSide.SPECIALIST
    found = []
    # Who clicked stands in the consents; an offer knows only who made it.
    agreed = Consent.objects.filter(dispute=case.dispute, kind=ConsentKind.OFFER).select_related("user")
    people = {consent.side: consent.user.name for consent in agreed.order_by("given_at")}
    for side, at in ((Side.FREELANCER, offer.freelancer_confirmed_at), (Side.CLIENT, offer.client_confirmed_at)):
        own = offer.side == side.value
        how = "agreed" if drafted else "offered" if own else "accepted"
        found.append(Confirmation(side, _name(case, side), how, at, people.get(side, "")))
    return found


def _of_bids(case: Case) -> list[Confirmation]:
    """The two sealed amounts that met. When they were entered is told now; what they were stays sealed."""
    sealed = {bid.side: bid for bid in case.dispute.bids.filter(state=BidState.MATCHED).select_related("made_by")}
    return [
        Confirmation(side, _name(case, side), "sealed", sealed[side].made_at, sealed[side].made_by.name)
        for side in (Side.FREELANCER, Side.CLIENT)
        if side in sealed
    ]


def _name(case: Case, side: Side) -> str:
    return case.viewer.freelancer_name if side == Side.FREELANCER else case.viewer.client_name
