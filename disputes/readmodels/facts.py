"""What the turns of the dispute page are worked out from, and the sentences they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from core import road
from core.formatting import format_money, format_percent, net_of_fee
from core.money import Money
from disputes.enums import Disposition
from disputes.models import Dispute, EvidenceRequest, Resolution, SettlementOffer
from disputes.panels import Tick, Viewer
from disputes.readmodels.base import first_name


@dataclass(frozen=True, slots=True)
class Facts:
    """What the turns are worked out from."""

    dispute: Dispute
    viewer: Viewer
    due: dict[str, tuple[datetime, datetime]]  # kind → (starts at, due at)
    live: SettlementOffer | None
    requests: Sequence[EvidenceRequest]

    @property
    def total(self) -> Money:
        """The disputed amount."""
        return self.dispute.money

    @property
    def fee(self) -> str:
        """Service fee in per cent, as pinned on the contract."""
        return self.dispute.contract.policy.service_fee_percent

    def url(self, name: str, *args: object) -> str:
        """Path of one of this dispute's pages."""
        return reverse(f"disputes:{name}", args=[self.dispute.reference, *args])

    def may(self, act: str) -> bool:
        """Whether the viewer's own buttons include this transition now."""
        return road.possible(self.dispute, act, self.viewer.actor)

    def clock(self, kind: str) -> tuple[datetime | None, datetime | None]:
        """(start, due) of a running deadline."""
        start, due = self.due.get(kind, (None, None))
        return start, due

    @property
    def specialist(self) -> str:
        """First name of the specialist, or words for nobody yet."""
        return first_name(self.viewer.specialist_name) or _("the specialist")

    def net(self, gross: Money) -> str:
        """What of a gross sum reaches the freelancer."""
        return format_money(net_of_fee(gross, self.fee))


def why(facts: Facts) -> str:
    """What stands beside the buttons: what comes next, or who can press them."""
    if facts.viewer.side is None or facts.viewer.moves_money:
        return _("You confirm on the next page.")
    account = facts.viewer.client_name if facts.viewer.side == "client" else facts.viewer.freelancer_name
    return _("Only an owner or a case manager of {account} can do this.").format(account=account)


def gets(facts: Facts, to_f: Money, to_c: Money, *, accepted_by: str = "", stays: bool = False) -> list[Tick]:
    """What the viewer gets, in a sentence; `accepted_by` is who must still accept."""
    view = facts.viewer
    if view.side == "client":
        if accepted_by:
            words = (
                _("If {who} accepts, {sum} stays in escrow, and the rest goes to {name}")
                if stays
                else _("If {who} accepts, {sum} comes back to you, and the rest goes to {name}")
            )
        else:
            words = (
                _("{sum} stays in escrow, and the rest goes to {name}")
                if stays
                else _("{sum} comes back to you, and the rest goes to {name}")
            )
        text = words.format(who=accepted_by, sum=format_money(to_c), name=view.freelancer_name)
        return [Tick(icon="undo-2", text=text)]
    if view.side:
        words = (
            _("If {who} accepts, {net} reaches your balance after the {share} service fee")
            if accepted_by
            else _("{net} reaches your balance after the {share} service fee")
        )
    else:
        words = (
            _("If {who} accepts, {net} reaches {name}’s balance after the {share} service fee")
            if accepted_by
            else _("{net} reaches {name}’s balance after the {share} service fee")
        )
    text = words.format(
        who=accepted_by, net=facts.net(to_f), name=view.freelancer_name, share=format_percent(facts.fee)
    )
    return [Tick(icon="wallet", text=text)]


def stays_in_escrow(found: SettlementOffer | Resolution) -> bool:
    """Whether the client's part goes back into the contract's escrow instead of to the client."""
    return bool(found.disposition == Disposition.RETURN and found.to_client)
