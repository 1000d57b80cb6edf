"""What this room adds to the dispute page (see disputes/panels.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext, pgettext_lazy

from arbitration.enums import NoticeState
from arbitration.models import Election
from arbitration.turns import turn_for
from arbitration.turns_after import defaults_for
from contracts.enums import Side
from core.models import AuditEntry
from core.money import zero
from disputes.enums import DisputeState
from disputes.models import Dispute
from disputes.panels import Action, Contribution, DateRow, Item, Outcome, Step, Turn, Viewer

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_EARLY = (DisputeState.DRAFT, DisputeState.ABANDONED, DisputeState.IN_MEDIATION, DisputeState.RECOMMENDED)


def contribute(dispute: Dispute, viewer: Viewer) -> Contribution:
    """Notice, choice, fee, provider: one query, none before the notice."""
    if dispute.state in _EARLY:
        return Contribution()
    elections = list(
        Election.objects.filter(notice__dispute_id=dispute.pk)
        .select_related("notice__arbitration", "payment")
        .order_by("-notice__number", "side")[:2]
    )
    if not elections:
        return Contribution()
    notice = elections[0].notice
    status_url = reverse("arbitration:status", args=[dispute.reference])
    links = (
        Action(
            label=_("Read the Notice of Non-Resolution"),
            url=reverse("arbitration:notice", args=[dispute.reference]),
            variant="quiet",
            icon="file-text",
        ),
        Action(label=_("See the arbitration page"), url=status_url, variant="quiet", icon="gavel"),
    )
    if dispute.state == DisputeState.IN_ARBITRATION:
        turn = turn_for(dispute, elections, viewer, case=getattr(notice, "arbitration", None))
        return Contribution(
            turns=(_linked(turn, _("See the provider’s steps"), status_url),) if turn else (),
            outcomes=(Outcome(label=_("The award"), sub=_("binding"), text=_("Arbitrator decides"), order=70),),
            actions=links,
            steps={"notice": Step(state="done")},
        )
    if dispute.state != DisputeState.NON_RESOLUTION or notice.state != NoticeState.ISSUED:
        return Contribution(actions=links)
    ends = notice.election_ends_at
    turn = turn_for(dispute, elections, viewer)
    days = dispute.policy.arbitration_election_days
    dates: tuple[DateRow, ...] = ()
    if ends is not None:
        defaults = defaults_for(dispute, viewer)
        dates = (
            DateRow(
                uid=f"election-{notice.pk}",
                label=_("Time to choose arbitration ends"),
                due_at=ends,
                note=_("If one side has paid, the money goes to {one}; if neither has, to {none}.").format(
                    one=defaults.one, none=defaults.none
                ),
            ),
        )
    return Contribution(
        turns=(_linked(turn, _("See who has chosen and paid"), status_url),) if turn else (),
        dates=dates,
        outcomes=_outcomes(dispute, viewer) if ends is not None else (_open_ended(),),
        actions=links,
        steps={
            "notice": Step(
                note=_("Until the sides have chosen")
                if ends is None
                else ngettext("{n} day to choose", "{n} days to choose", days).format(n=days)
            )
        },
    )


def _linked(turn: Turn, label: str, url: str) -> Turn:
    """Who waits gets a way to the page that tells more; whose turn it is has the buttons already."""
    return turn if turn.actions else replace(turn, actions=(Action(label=label, url=url),))


def _open_ended() -> Outcome:
    """A2: after a second rejection nothing ends by itself."""
    return Outcome(label=_("Nobody does anything"), text=_("Stays in escrow"), order=62)


def _outcomes(dispute: Dispute, viewer: Viewer) -> tuple[Outcome, ...]:
    pinned = dispute.policy

    def whole(label: str, winner: str, order: int) -> Outcome:
        nothing = zero(dispute.currency)
        shares = (dispute.money, nothing) if winner == Side.FREELANCER else (nothing, dispute.money)
        return Outcome(label=label, to_freelancer=shares[0], to_client=shares[1], order=order)

    def only(side: Side) -> str:
        if side == viewer.side:
            return _("Only you pay for arbitration")
        return _("Only {name} pays for arbitration").format(name=viewer.name_of(side.value))

    return (
        *(whole(only(side), pinned.one_paid_to(side.value), order) for order, side in enumerate(Side, start=60)),
        whole(_("Nobody pays for arbitration"), pinned.arb_none_paid, 62),
        Outcome(label=_("Both pay"), sub=_("binding arbitration"), text=_("Arbitrator decides"), order=63),
    )


# act → (icon, words). Entries about the three object types of this room.
_WORDS: dict[str, tuple[str, _StrPromise]] = {
    "issue_notice": ("file-text", _l("Notice of Non-Resolution sent to both sides.")),
    "wait_for_payment": (
        "hourglass",
        _l("The time to choose is over; a started payment is awaited for up to 24 hours."),
    ),
    "submit": ("gavel", _l("The provider has taken the case.")),
    "progress": ("gavel", _l("The provider has reported a step.")),
    "reject": ("undo-2", _l("The provider has rejected the case. Fees are returned.")),
    "award": ("gavel", _l("The arbitrator has made the award.")),
    "execute": ("circle-check", _l("The award was carried out.")),
    "report_non_compliance": ("flag", _l("It was reported that the award is not met.")),
}
# act → words after the name of a side, printed in bold before them, or after "You".
_SIDES: dict[str, _StrPromise] = {
    "elect": pgettext_lazy("after a name", "chose arbitration."),
    "start_payment": pgettext_lazy("after a name", "started to pay the arbitration fee."),
    "confirm_payment": pgettext_lazy("after a name", "paid the arbitration fee."),
    "decline": pgettext_lazy("after a name", "declined arbitration."),
}


def tell(entries: Sequence[AuditEntry], viewer: Viewer) -> Mapping[int, Item | None]:
    """Word the entries of this room; closing a notice or a case is told by what caused it."""
    told: dict[int, Item | None] = {}
    for entry in entries:
        if entry.act in _WORDS:
            icon, text = _WORDS[entry.act]
            notice = entry.act == "issue_notice"
            told[entry.pk] = Item(text=str(text), icon=icon, kind="notice" if notice else "event")
        elif entry.act in _SIDES:
            side = str(entry.payload.get("side", ""))
            name = viewer.freelancer_name if side == Side.FREELANCER else viewer.client_name
            told[entry.pk] = Item(
                text=str(_SIDES[entry.act]), icon="scale", name=name, role=side, you=side == viewer.side
            )
        else:
            told[entry.pk] = None
    return told
