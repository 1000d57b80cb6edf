"""What each choice comes to for a side, everything counted: the fee, the service fee, the other side's choice.

Even a win can lose money; whoever chooses has to see that before, not after.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from arbitration.models import NonResolutionNotice
from contracts.enums import Side
from core.formatting import format_money, net_of_fee
from core.money import Money, zero
from disputes.models import Dispute


@dataclass(frozen=True, slots=True)
class Balance:
    """One line: what a side receives (after the service fee), pays, and ends with; and what the other ends with."""

    label: str
    sub: str
    receives: Money
    fee: Money
    ends_with: Money
    other_ends_with: Money


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one choice."""

    title: str
    rows: tuple[Balance, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The whole table of one side. `you` when the viewer is on it; names are the accounts'."""

    side: str
    name: str
    other_name: str
    you: bool
    groups: tuple[Group, ...]
    # The least award that leaves the side with more than it pays; None where no award can, or none is needed.
    break_even: Money | None
    # The fee is more than a full award would bring: every award loses money.
    fee_eats_all: bool

    @property
    def rows(self) -> list[Balance]:
        """All lines, in their order."""
        return [row for group in self.groups for row in group.rows]


def outlook_for(
    dispute: Dispute, notice: NonResolutionNotice, side: Side, *, you: bool, recommended: Money | None = None
) -> Outlook:
    """Work out the table of a side. Reads only; no query when the contract and its accounts are loaded.

    `recommended` is the freelancer's gross share of a recommendation, if the viewer may know one.
    """
    contract = dispute.contract
    table = _Table(dispute, notice, side, contract.account_of(side.other).name)
    return Outlook(
        side=side.value,
        name=contract.account_of(side).name,
        other_name=table.other_name,
        you=you,
        groups=table.groups(you=you, recommended=recommended),
        break_even=table.break_even(),
        fee_eats_all=table.net(dispute.money, side) < table.fee,
    )


class _Table:
    def __init__(self, dispute: Dispute, notice: NonResolutionNotice, side: Side, other_name: str) -> None:
        self.side, self.other_name = side, other_name
        self.whole, self.nothing = dispute.money, zero(dispute.currency)
        self.fee = dispute.contract.money(notice.fee)
        self.pinned = dispute.policy
        self.percent = dispute.contract.policy.service_fee_percent
        self.open_ended = notice.election_ends_at is None

    def net(self, gross: Money, side: Side) -> Money:
        """What reaches a side of its gross share: only the freelancer's pay bears the service fee."""
        return net_of_fee(gross, self.percent) if side == Side.FREELANCER else gross

    def awarded(self, label: str, mine: Money) -> Balance:
        """Both have paid; the arbitrator gives this side `mine`."""
        receives = self.net(mine, self.side)
        theirs = self.net(self.whole - mine, self.side.other)
        return Balance(label, _("The fee is spent."), receives, self.fee, receives - self.fee, theirs - self.fee)

    def default(self, label: str, sub: str, winner: str) -> Balance:
        """N5, N6: the whole amount goes to one side, and a fee that was paid comes back."""
        receives, theirs = (
            (self.net(self.whole, self.side), self.nothing)
            if winner == self.side
            else (self.nothing, self.net(self.whole, self.side.other))
        )
        return Balance(label, sub, receives, self.nothing, receives, theirs)

    def groups(self, *, you: bool, recommended: Money | None) -> tuple[Group, ...]:
        """What paying comes to, and what not paying comes to."""
        both = self.awards(you=you, recommended=recommended)
        title = _("If you choose arbitration and pay") if you else _("If this side chooses arbitration and pays")
        if self.open_ended:
            return (Group(title, both),)
        other, pinned = self.other_name, self.pinned
        alone = self.default(
            _("{other} does not pay").format(other=other), _("The fee comes back."), pinned.one_paid_to(self.side)
        )
        unpaid = (
            self.default(_("{other} pays").format(other=other), "", pinned.one_paid_to(self.side.other)),
            self.default(_("{other} does not pay either").format(other=other), "", pinned.arb_none_paid),
        )
        return (
            Group(title, (alone, *both)),
            Group(_("If you do not pay") if you else _("If this side does not pay"), unpaid),
        )

    def awards(self, *, you: bool, recommended: Money | None) -> tuple[Balance, ...]:
        """Both pay: nothing, half, what was recommended, all."""
        freelancer = self.side == Side.FREELANCER
        half = self.whole.split(50)[0 if freelancer else 1]
        if you:
            words = (
                _("{other} pays too, and the award gives you nothing"),
                _("{other} pays too, and the award gives you half"),
                _("{other} pays too, and the award gives you all"),
            )
        else:
            words = (
                _("{other} pays too, and the award gives this side nothing"),
                _("{other} pays too, and the award gives this side half"),
                _("{other} pays too, and the award gives this side all"),
            )
        sums = (self.nothing, half, self.whole)
        rows = [self.awarded(text.format(other=self.other_name), mine) for text, mine in zip(words, sums, strict=True)]
        if recommended is not None:
            mine = recommended if freelancer else self.whole - recommended
            if mine not in sums:
                text = (
                    _("{other} pays too, and the award gives you {amount}, as recommended")
                    if you
                    else _("{other} pays too, and the award gives this side {amount}, as recommended")
                ).format(other=self.other_name, amount=format_money(mine))
                rows.append(self.awarded(text, mine))
                rows.sort(key=lambda row: row.ends_with)
        return tuple(rows)

    def break_even(self) -> Money | None:
        """The least gross award whose net covers the fee.

        Only where paying is weighed against nothing: a setting that pays this side anyway has no such line.
        """
        if not self.open_ended and self.pinned.one_paid_to(self.side.other) == self.side:
            return None
        if self.net(self.whole, self.side) < self.fee:
            return None
        low, high = 0, self.whole.amount
        while low < high:
            middle = (low + high) // 2
            enough = self.net(Money(middle, self.whole.currency), self.side) >= self.fee
            low, high = (low, middle) if enough else (middle + 1, high)
        return Money(low, self.whole.currency)
