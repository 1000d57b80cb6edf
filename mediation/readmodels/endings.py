"""What each way out of mediation pays, from one side's view: the rows of `c-outcomes` (N5, N6, pain 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from contracts.enums import Side
from core.formatting import format_money, net_of_fee
from core.money import Money, zero

if TYPE_CHECKING:
    from disputes.models import Dispute

HALF = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One way to end: the reader's sum first, or a text instead of both."""

    label: str
    sub: str = ""
    first: Money | None = None
    second: Money | None = None
    text: str = ""
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Endings:
    """The rows, and what is said about the fee beside them."""

    rows: list[Row]
    fee: Money | None
    # Rulebook, below the arbitration table: said before anybody chooses.
    fee_exceeds: bool


def endings(dispute: Dispute, side: str, *, other_name: str, recommended: tuple[Money, Money] | None = None) -> Endings:
    """Every end that is left when the sides do not settle; `recommended` adds the recommendation on top.

    Sums are gross; what reaches the freelancer's balance stands under them. `recommended` is (freelancer, client).
    """
    policy, total = dispute.policy, dispute.money
    fee = _fee(dispute)
    found: list[Row] = []
    if recommended is not None:
        found.append(_row(dispute, side, _("Both sides accept"), recommended, is_now=True))
    back = _("The fee comes back.") if fee else ""
    found.append(_whole(dispute, side, _("Nobody pays for arbitration"), policy.arb_none_paid))
    for payer in _own_first(side):
        label = (
            _("Only you pay for arbitration")
            if payer == side
            else _("Only {name} pays for arbitration").format(name=other_name)
        )
        found.append(_whole(dispute, side, label, policy.one_paid_to(payer), sub=back))
    found.append(Row(_("Both pay for arbitration"), sub=_both(dispute, side, fee), text=_("The arbitrator decides")))
    return Endings(found, fee or None, fee_exceeds=bool(fee and fee.amount > total.amount))


def _own_first(side: str) -> tuple[str, str]:
    return (Side.CLIENT, Side.FREELANCER) if side == Side.CLIENT else (Side.FREELANCER, Side.CLIENT)


def _whole(dispute: Dispute, side: str, label: str, winner: str, *, sub: str = "") -> Row:
    nothing = zero(dispute.currency)
    shares = (dispute.money, nothing) if winner == Side.FREELANCER else (nothing, dispute.money)
    return _row(dispute, side, label, shares, sub=sub)


def _row(
    dispute: Dispute, side: str, label: str, shares: tuple[Money, Money], *, sub: str = "", is_now: bool = False
) -> Row:
    to_f, to_c = shares
    if side == Side.CLIENT:
        return Row(label, sub, to_c, to_f, is_now=is_now)
    if to_f:
        reaches = _("{sum} reaches your balance.").format(sum=format_money(_net(dispute, to_f)))
        sub = f"{reaches} {sub}".strip()
    return Row(label, sub, to_f, to_c, is_now=is_now)


def _both(dispute: Dispute, side: str, fee: Money | None) -> str:
    """What binding arbitration costs, and what half of the amount would leave."""
    if not fee:
        return _("Binding: there is no appeal here.")
    total = dispute.money
    half = Money(total.amount // HALF, total.currency)
    left = (half if side == Side.CLIENT else _net(dispute, half)) - fee
    return _("Binding. Each side pays {fee}. If the award were half, {left} would be left for you.").format(
        fee=format_money(fee), left=format_money(left)
    )


def _net(dispute: Dispute, gross: Money) -> Money:
    return net_of_fee(gross, dispute.contract.policy.service_fee_percent)


def _fee(dispute: Dispute) -> Money | None:
    """One side's share of the arbitration fee; None where the settings of the case name no band."""
    try:
        return dispute.policy.arb_fee_for(dispute.money)[0]
    except LookupError:
        return None
