"""The money panel: every outcome from the viewer's side, and the range of offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

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
        rows.append(_of_offer(_("The offer now open"), live, dispute, is_now=True, order=5))
    if viewer.negotiation and viewer.side:
        mine = [o for o in offers if o.side == viewer.side and o is not live]
        fits = [o for o in mine if o.to_freelancer + o.to_client == dispute.amount]
        if fits:
            rows.append(_of_offer(_("Your last offer"), fits[-1], dispute, order=8))
    rows.append(
        Outcome(
            label=_("You agree on a split") if viewer.side else _("Both sides agree on a split"),
            sub=_("any amount, at any time"),
            text=_("As you both agree") if viewer.side else _("As both agree"),
            order=9,
        )
    )
    claim = _("Your claim in full") if viewer.side == "freelancer" else _("The claim in full")
    paid = _("if you pay it") if viewer.side == "client" else _("if {client} pays it").format(client=viewer.client_name)
    rows.append(Outcome(label=claim, sub=paid, to_freelancer=total, to_client=nothing, order=10))
    if dispute.state == DisputeState.IN_MEDIATION:
        rows += _of_mediation(dispute, viewer, total, nothing)
    if dispute.state in MEDIATION_STATES:
        # From the notice on, the arbitration room says what its own clocks and fees still allow.
        rows += _of_arbitration(dispute, viewer)
    rows.append(_withdrawn(dispute, viewer, total, nothing))
    return rows


def _of_mediation(dispute: Dispute, viewer: Viewer, total: Money, nothing: Money) -> list[Outcome]:
    """What mediation may still bring: a recommendation, or the end of a side that never reacted (D6, D7, D17)."""
    rows = [
        Outcome(
            label=_("A recommendation"),
            sub=_("the specialist may make one; both must accept"),
            text=_("As recommended"),
            order=15,
        )
    ]
    after = _("after at least two contact attempts")
    if dispute.client_reacted_at is None:
        label = (
            _("You never react")
            if viewer.side == "client"
            else _("{name} never reacts").format(name=viewer.client_name)
        )
        rows.append(Outcome(label=label, sub=after, to_freelancer=total, to_client=nothing, order=40))
    if dispute.client_answered_at is not None and dispute.freelancer_reacted_at is None:
        label = (
            _("You do not react to the answer")
            if viewer.side == "freelancer"
            else _("{name} does not react to the answer").format(name=viewer.freelancer_name)
        )
        rows.append(Outcome(label=label, sub=after, to_freelancer=nothing, to_client=total, order=42))
    return rows


def _of_arbitration(dispute: Dispute, viewer: Viewer) -> list[Outcome]:
    """What the settings pinned to this case say about N5 and N6."""
    policy, total, nothing = dispute.policy, dispute.money, zero(dispute.currency)
    fee, _share = _fee(dispute, total)

    def whole(side: str) -> tuple[Money, Money]:
        return (total, nothing) if side == "freelancer" else (nothing, total)

    to_f, to_c = whole(policy.arb_none_paid)
    rows = [
        Outcome(
            label=_("No agreement in mediation"),
            sub=_("each side then chooses whether to go to arbitration"),
            text=_("Stays in escrow"),
            order=55,
        ),
        Outcome(label=_("Neither side goes to arbitration"), to_freelancer=to_f, to_client=to_c, order=60),
    ]
    for side, name in (("freelancer", viewer.freelancer_name), ("client", viewer.client_name)):
        label = (
            _("Only you go to arbitration")
            if viewer.side == side
            else _("Only {name} goes to arbitration").format(name=name)
        )
        to_f, to_c = whole(policy.one_paid_to(side))
        sub = _("that fee comes back") if fee else ""
        rows.append(Outcome(label=label, sub=sub, to_freelancer=to_f, to_client=to_c, order=62))
    costs = (
        _("binding, {fee} each").format(fee=format_money(fee))
        if fee
        else _("binding, each side pays a share of the fee")
    )
    award = _("From {least} to {most}").format(least=format_money(nothing), most=format_money(total))
    rows.append(Outcome(label=_("Both go to arbitration"), sub=costs, text=award, order=70))
    return rows


def _withdrawn(dispute: Dispute, viewer: Viewer, total: Money, nothing: Money) -> Outcome:
    label = (
        _("You withdraw") if viewer.side == "freelancer" else _("{name} withdraws").format(name=viewer.freelancer_name)
    )
    if dispute.route == Route.ACTIVE:
        return Outcome(label=label, sub=_("the milestone goes on"), text=_("Stays in escrow"), order=90)
    return Outcome(label=label, to_freelancer=nothing, to_client=total, order=90)


def _fee(dispute: Dispute, total: Money) -> tuple[Money | None, Money | None]:
    try:
        return dispute.policy.arb_fee_for(total)
    except LookupError:
        return None, None


def _of_offer(label: str, offer: SettlementOffer, dispute: Dispute, *, is_now: bool = False, order: int) -> Outcome:
    return Outcome(
        label=label,
        sub=_("drafted by the specialist") if offer.side == "specialist" else "",
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
        sub=_("the client’s part stays in escrow")
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
            net = _("{sum} after the fee").format(sum=format_money(net_of_fee(first, fee_percent)))
            sub = f"{sub}; {net}" if sub else net
        rows.append(Row(outcome.label, sub, first, second, outcome.text, outcome.is_now))
    return rows


def fee_line(viewer: Viewer, total: Money, fee_percent: str) -> str:
    """The line about the service fee under the table."""
    share = format_percent(fee_percent)
    if viewer.side == "freelancer":
        return _("Your amounts are before the {share} service fee: of {total}, {left} reaches you.").format(
            share=share, total=format_money(total), left=format_money(net_of_fee(total, fee_percent))
        )
    return _("{name}’s amounts are before the {share} service fee, which {marketplace} takes.").format(
        name=viewer.freelancer_name, share=share, marketplace=settings.MARKETPLACE_NAME
    )


def accepted_offer(offers: Sequence[SettlementOffer]) -> SettlementOffer | None:
    """The offer both sides agreed to."""
    return next((o for o in offers if o.state == OfferState.ACCEPTED), None)
