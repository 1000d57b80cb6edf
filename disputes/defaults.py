"""Where the disputed amount goes when not both sides pay for arbitration (N5, N6), for whoever has to say it.

The settings ARB_NONE_PAID and ARB_ONE_PAID are pinned per case, so no text may name a side by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from contracts.enums import Side
from core.policy import Policy


@dataclass(frozen=True, slots=True)
class Defaults:
    """Both defaults in words: who gets the money. `freelancer` and `client` are what the reader calls them."""

    policy: Policy
    freelancer: str
    client: str

    def name(self, side: str) -> str:
        """What the reader calls a side."""
        return self.freelancer if side == Side.FREELANCER else self.client

    @property
    def none(self) -> str:
        """N5: neither side pays."""
        return self.name(self.policy.arb_none_paid)

    @property
    def one(self) -> str:
        """N6: only one side pays, whichever that is."""
        return (
            pgettext("who gets the money", "that side")
            if self.policy.arb_one_paid == "payer"
            else self.name(self.policy.arb_one_paid)
        )

    def only(self, payer: str) -> str:
        """N6: only `payer` pays."""
        return self.name(self.policy.one_paid_to(payer))

    def sentence(self, amount: str) -> str:
        """Both defaults over `amount`, written out."""
        return _(
            "If neither side pays, {amount} goes to {none}. If only one side pays, {amount} goes to {one}."
        ).format(amount=amount, none=self.none, one=self.one)


def for_reader(policy: Policy, side: str, *, freelancer: str, client: str) -> Defaults:
    """The defaults as a member of `side` reads them: the own side is "you". "" for anybody else."""
    you = pgettext("who gets the money", "you")
    return Defaults(
        policy,
        you if side == Side.FREELANCER else freelancer,
        you if side == Side.CLIENT else client,
    )
