"""The money panel: every outcome from the viewer's side, and the range of offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from contracts.enums import Ground
from core.formatting import format_money, format_percent, net_of_fee
from core.money import Money, zero
from disputes.enums import MEDIATION_STATES, Disposition, DisputeState, OfferState, Route
from disputes.models import Dispute, SettlementOffer
from disputes.panels import Outcome, Viewer


@dataclass(frozen=True, slots=True)
class Row:
    """A row as `c-outcomes` prints it: the viewer's sum first."""

    label: str
    sub: str
    first: Money | None
    second: Money | None
    text: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Range:
    """Both sides' offers as the freelancer's share."""

    freelancer: Money | None
    client: Money | None
    freelancer_before: tuple[Money, ...]
    client_before: tuple[Money, ...]


def offers_range(offers: Sequence[SettlementOffer], dispute: Dispute) -> Range | None:
    """Latest and earlier offers of both sides that fit the present amount; None when there is none."""
    sums: dict[str, list[Money]] = {"freelancer": [], "client": []}
    for offer in offers:
        if offer.side in sums and offer.to_freelancer + offer.to_client == dispute.amount:
            sums[offer.side].append(Money(offer.to_freelancer, dispute.currency))
    if not any(sums.values()):
        return None
    return Range(
        freelancer=sums["freelancer"][-1] if sums["freelancer"] else None,
        client=sums["client"][-1] if sums["client"] else None,
        freelancer_before=tuple(sums["freelancer"][:-1][-6:]),
        client_before=tuple(sums["client"][:-1][-6:]),
    )


def own_outcomes(
    dispute: Dispute, viewer: Viewer, live: SettlementOffer | None, offers: Sequence[SettlementOffer]
) -> list[Outcome]:
    """Every way this dispute may end, with the sums of each."""
    total, nothing = dispute.money, zero(dispute.currency)
    if dispute.state == DisputeState.RESOLVED:
        return [resolved(dispute)]
    rows: list[Outcome] = []
    if live is not None and viewer.negotiation:
        rows.append(_of_offer("The offer now open", live, dispute, is_now=True, order=5))
    if viewer.negotiation and viewer.side:
        mine = [o for o in offers if o.side == viewer.side and o is not live]
        fits = [o for o in mine if o.to_freelancer + o.to_client == dispute.amount]
        if fits:
            rows.append(_of_offer("Your last offer", fits[-1], dispute, order=8))
    claim = "Your claim in full" if viewer.side == "freelancer" else "The claim in full"
    rows.append(Outcome(label=claim, sub="if the client pays it", to_freelancer=total, to_client=nothing, order=10))
    if dispute.state in MEDIATION_STATES:
        # From the notice on, the arbitration room says what its own clocks and fees still allow.
        rows += _of_arbitration(dispute, viewer)
    rows.append(_withdrawn(dispute, viewer, total, nothing))
    return rows


def _of_arbitration(dispute: Dispute, viewer: Viewer) -> list[Outcome]:
    """What the settings pinned to this case say about N5 and N6."""
    policy, total, nothing = dispute.policy, dispute.money, zero(dispute.currency)
    fee, _share = _fee(dispute, total)

    def whole(side: str) -> tuple[Money, Money]:
        return (total, nothing) if side == "freelancer" else (nothing, total)

    to_f, to_c = whole(policy.arb_none_paid)
    rows = [Outcome(label="Neither side goes to arbitration", to_freelancer=to_f, to_client=to_c, order=60)]
    for side, name in (("freelancer", viewer.freelancer_name), ("client", viewer.client_name)):
        label = "Only you go to arbitration" if viewer.side == side else f"Only {name} goes to arbitration"
        to_f, to_c = whole(policy.one_paid_to(side))
        sub = "that fee comes back" if fee else ""
        rows.append(Outcome(label=label, sub=sub, to_freelancer=to_f, to_client=to_c, order=62))
    costs = f"binding, {format_money(fee)} each" if fee else "binding, each side pays a share of the fee"
    rows.append(Outcome(label="Both go to arbitration", sub=costs, text="Arbitrator decides", order=70))
    return rows


def _withdrawn(dispute: Dispute, viewer: Viewer, total: Money, nothing: Money) -> Outcome:
    label = "You withdraw" if viewer.side == "freelancer" else f"{viewer.freelancer_name} withdraws"
    if dispute.route == Route.ACTIVE:
        return Outcome(label=label, sub="the milestone goes on", text="Stays in escrow", order=90)
    return Outcome(label=label, to_freelancer=nothing, to_client=total, order=90)


def _fee(dispute: Dispute, total: Money) -> tuple[Money | None, Money | None]:
    try:
        return dispute.policy.arb_fee_for(total)
    except LookupError:
        return None, None


def _of_offer(label: str, offer: SettlementOffer, dispute: Dispute, *, is_now: bool = False, order: int) -> Outcome:
    return Outcome(
        label=label,
        sub="drafted by the specialist" if offer.side == "specialist" else "",
        to_freelancer=Money(offer.to_freelancer, dispute.currency),
        to_client=Money(offer.to_client, dispute.currency),
        is_now=is_now,
        order=order,
    )


def resolved(dispute: Dispute) -> Outcome:
    """How it ended."""
    resolution = dispute.resolution
    return Outcome(
        label=str(Ground(resolution.ground).label),
        sub="the client’s part stays in escrow"
        if resolution.disposition == Disposition.RETURN and resolution.to_client
        else "",
        to_freelancer=Money(resolution.to_freelancer, dispute.currency),
        to_client=Money(resolution.to_client, dispute.currency),
        is_now=True,
        order=1,
    )


def rows_for(outcomes: Sequence[Outcome], viewer: Viewer, fee_percent: str) -> list[Row]:
    """Mirror the outcomes: the viewer's sum stands first; a freelancer sees the net beside it."""
    rows = []
    for outcome in sorted(outcomes, key=lambda o: o.order):
        first, second = outcome.to_freelancer, outcome.to_client
        sub = outcome.sub
        if viewer.side == "client":
            first, second = second, first
        elif viewer.side == "freelancer" and first and outcome.is_now:
            net = f"{format_money(net_of_fee(first, fee_percent))} after the fee"
            sub = f"{sub}; {net}" if sub else net
        rows.append(Row(outcome.label, sub, first, second, outcome.text, outcome.is_now))
    return rows


def fee_line(viewer: Viewer, total: Money, fee_percent: str) -> str:
    """The line about the service fee under the table."""
    share = format_percent(fee_percent)
    if viewer.side == "freelancer":
        left = format_money(net_of_fee(total, fee_percent))
        return f"Your amounts are before the {share} service fee: of {format_money(total)}, {left} reaches you."
    taken = f"the {share} service fee, which {settings.MARKETPLACE_NAME} takes."
    return f"{viewer.freelancer_name}’s amounts are before {taken}"


def accepted_offer(offers: Sequence[SettlementOffer]) -> SettlementOffer | None:
    """The offer both sides agreed to."""
    return next((o for o in offers if o.state == OfferState.ACCEPTED), None)
