"""Whose turn it is after the notice, until when, and what happens if nobody acts. One place for every page.

The dispute page (panels.py) and this room's own pages draw the same panel from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from arbitration import clocks
from arbitration.enums import ElectionState, NoticeState
from arbitration.models import ArbitrationCase, Election, NonResolutionNotice
from arbitration.turns_after import WAITING, defaults_for, is_over, with_provider
from contracts.enums import PaymentState, Side
from core.formatting import format_money
from core.money import Money
from disputes.defaults import Defaults
from disputes.enums import DisputeState
from disputes.models import Dispute
from disputes.panels import Action, Tick, Turn, Viewer

ELECTION = 70  # priority of the choice, above offers


def turn_for(
    dispute: Dispute, elections: Sequence[Election], viewer: Viewer, *, case: ArbitrationCase | None = None
) -> Turn | None:
    """The panel for one viewer. `elections` are the newest notice's two, with notice and payment loaded.

    None where this room has nothing to say: an earlier notice, or a dispute that never reached it. No query.
    """
    if dispute.state == DisputeState.IN_ARBITRATION:
        return with_provider(dispute, case)
    if dispute.state == DisputeState.RESOLVED:
        return is_over(dispute, viewer)
    notice = elections[0].notice
    if dispute.state != DisputeState.NON_RESOLUTION or notice.state != NoticeState.ISSUED:
        return None
    return _running(spot_of(dispute, notice, elections, viewer))


def _running(spot: Spot) -> Turn:
    """While a notice runs."""
    mine, may = spot.mine, spot.viewer.moves_money
    if spot.notice.settling_since is not None or not spot.in_time:
        return _settling(spot)
    if mine is None:
        return _both_choose(spot)
    if may and mine.state == ElectionState.UNDECIDED:
        return _choose(spot)
    if may and mine.state == ElectionState.AGREED_UNPAID and not is_running(mine):
        return _pay(spot)
    return _wait(spot)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a viewer stands while a notice runs; sums written out."""

    dispute: Dispute
    notice: NonResolutionNotice
    elections: tuple[Election, ...]
    viewer: Viewer
    mine: Election | None
    theirs: Election | None
    defaults: Defaults
    amount: str
    fee: str

    @property
    def ends(self) -> datetime | None:
        """End of the time to choose; None after a second rejection (A2)."""
        return self.notice.election_ends_at

    @property
    def in_time(self) -> bool:
        """Z3: in time iff now is before the end."""
        return self.ends is None or self.viewer.now < self.ends

    @property
    def paid(self) -> list[str]:
        """Sides that have paid."""
        return [e.side for e in self.elections if e.state == ElectionState.PAID]

    def url(self, name: str) -> str:
        """Path of one of this room's pages."""
        return reverse(f"arbitration:{name}", args=[self.dispute.reference])

    def account(self, side: str) -> str:
        """Name of a side's account."""
        return self.viewer.freelancer_name if side == Side.FREELANCER else self.viewer.client_name


def spot_of(dispute: Dispute, notice: NonResolutionNotice, elections: Sequence[Election], viewer: Viewer) -> Spot:
    """Gather what the sentences below need. No query."""
    mine = next((e for e in elections if e.side == viewer.side), None)
    return Spot(
        dispute=dispute,
        notice=notice,
        elections=tuple(elections),
        viewer=viewer,
        mine=mine,
        theirs=next((e for e in elections if e is not mine), None) if mine is not None else None,
        defaults=defaults_for(dispute, viewer),
        amount=format_money(dispute.money),
        fee=format_money(Money(notice.fee, dispute.currency)),
    )


def is_running(election: Election) -> bool:
    """Whether a started payment is neither confirmed nor failed."""
    return election.payment is not None and election.payment.state == PaymentState.STARTED


def if_nothing(spot: Spot) -> str:
    """What happens at the end of the time if nobody (or not the viewer's side) does anything more, as things stand."""
    if spot.ends is None:
        return _("The money stays frozen. No time limit runs.")
    if spot.mine is None or spot.theirs is None:
        return _nothing_neutral(spot)
    defaults, other = spot.defaults, spot.viewer.other_name
    mine, theirs = defaults.only(spot.mine.side), defaults.only(spot.theirs.side)
    words = {"amount": spot.amount, "other": other, "mine": mine, "theirs": theirs, "none": defaults.none}
    their_state = spot.theirs.state
    if is_running(spot.mine):
        text = (
            _("If your payment is confirmed, the case goes to arbitration. If it fails, {amount} goes to {theirs}.")
            if their_state == ElectionState.PAID
            else _("If your payment is confirmed, {amount} goes to {mine} and your fee comes back.")
        )
    elif spot.mine.state == ElectionState.PAID:
        text = _("{amount} goes to {mine}, and your fee comes back.")
    elif their_state == ElectionState.PAID:
        text = _("{amount} goes to {theirs}: {other} has paid.")
    elif their_state == ElectionState.DECLINED:
        text = _("{amount} goes to {none}: {other} has declined.")
    elif theirs == defaults.none:
        text = _("{amount} goes to {none}, whether {other} pays or not.")
    else:
        text = _("{amount} goes to {theirs} if {other} pays. If not, it goes to {none}.")
    return text.format(**words)


def _nothing_neutral(spot: Spot) -> str:
    """The same for somebody of the house."""
    amount, defaults = spot.amount, spot.defaults
    if len(spot.paid) == 1:
        return _("{amount} goes to {winner}: {payer} has paid.").format(
            amount=amount, winner=defaults.only(spot.paid[0]), payer=spot.account(spot.paid[0])
        )
    return _("{amount} goes to {none}, unless one side pays: then it goes to {one}.").format(
        amount=amount, none=defaults.none, one=defaults.one
    )


def _clock(spot: Spot, label: str, *, lead: str = "") -> dict[str, object]:
    return {
        "due_at": spot.ends,
        "started_at": spot.notice.issued_at,
        "due_label": label,
        "nothing": if_nothing(spot),
        "nothing_lead": lead,
    }


def _choose(spot: Spot) -> Turn:
    """N2 or N4 is this viewer's to take."""
    assert spot.mine is not None  # noqa: S101 - asked by turn_for
    ticks = [
        Tick(text=_("Your share of the fee is {fee}").format(fee=spot.fee), icon="wallet"),
        Tick(text=_("If both sides pay, the arbitrator’s decision is final"), icon="gavel"),
        other_side(spot),
    ]
    if spot.notice.fee > spot.dispute.amount:
        ticks.append(
            Tick(
                text=_("The fee is larger than the amount in dispute. Even a full award does not cover it"),
                icon="triangle-alert",
            )
        )
    return Turn(
        priority=ELECTION,
        state="yours",
        title=_("Take {amount} to arbitration?").format(amount=spot.amount),
        body=(_("Mediation ended without an agreement. Each side now chooses."),),
        ticks=tuple(ticks),
        actions=(
            Action(label=_("Choose arbitration"), url=spot.url("elect"), variant="primary"),
            Action(label=_("Decline arbitration"), url=spot.url("decline"), variant="quiet"),
        ),
        why=_("You confirm on the next page."),
        **_clock(spot, _("Time left to choose and pay")),  # type: ignore[arg-type]
    )


def other_side(spot: Spot) -> Tick:
    """What the other side has done, and what this side's payment then means."""
    assert spot.mine is not None  # noqa: S101 - asked by turn_for
    other, state = spot.viewer.other_name, spot.theirs.state if spot.theirs else ElectionState.UNDECIDED
    if spot.ends is None:
        return Tick(
            text=_(
                "No time limit runs. The money stays frozen until the sides settle, another provider takes the case,"
                " or a court decides"
            ),
            icon="lock",
        )
    if state == ElectionState.PAID:
        return Tick(text=_("{other} has chosen arbitration and paid").format(other=other), icon="circle-check")
    words = {"other": other, "amount": spot.amount, "winner": spot.defaults.only(spot.mine.side)}
    if state == ElectionState.DECLINED:
        return Tick(
            text=_("{other} has declined. If you pay, {amount} goes to {winner} and your fee comes back").format(
                **words
            ),
            icon="undo-2",
        )
    return Tick(
        text=_("If {other} does not pay, {amount} goes to {winner} and your fee comes back").format(**words),
        icon="undo-2",
    )


def _pay(spot: Spot) -> Turn:
    """N3: chosen, not paid."""
    assert spot.mine is not None  # noqa: S101 - asked by turn_for
    failed = spot.mine.payment is not None and spot.mine.payment.state == PaymentState.FAILED
    body = (_("Your last payment did not go through, and nothing was taken. You can pay again."),) if failed else ()
    return Turn(
        priority=ELECTION,
        state="yours",
        title=_("Pay {fee} to make your choice count").format(fee=spot.fee),
        body=body,
        ticks=(
            Tick(text=_("You have chosen arbitration. Without the payment it does not count"), icon="circle-check"),
            other_side(spot),
            Tick(text=_("A payment counts if you start it before the time ends"), icon="clock"),
        ),
        actions=(Action(label=_("Pay {fee}").format(fee=spot.fee), url=spot.url("pay"), variant="primary"),),
        why=_("You confirm on the next page."),
        **_clock(spot, _("Time left to pay")),  # type: ignore[arg-type]
    )


def _wait(spot: Spot) -> Turn:
    """The viewer's side has done its part, or the viewer may not do it."""
    mine, viewer = spot.mine, spot.viewer
    assert mine is not None  # noqa: S101 - asked by turn_for
    title, body, waiting_for = _waiting_words(spot, mine, viewer)
    return Turn(
        priority=WAITING,
        state="waiting",
        title=title,
        waiting_for=waiting_for,
        body=(body,) if body else (),
        **_clock(spot, _("Time to choose ends in"), lead=_("If nobody does anything more:")),  # type: ignore[arg-type]
    )


def _waiting_words(spot: Spot, mine: Election, viewer: Viewer) -> tuple[str, str, str]:
    """Title, sentence, and who is awaited."""
    other = viewer.other_name
    if is_running(mine):
        return (
            _("Your payment of {fee} is on its way").format(fee=spot.fee),
            _("Nothing to do. A payment that was started in time is awaited for up to 24 hours after the time ends."),
            _("the payment"),
        )
    if mine.state == ElectionState.PAID:
        if spot.theirs is not None and spot.theirs.state == ElectionState.PAID:
            return (
                _("Both sides have paid"),
                _("An arbitration clerk now files the case with another provider. Until then both fees are held."),
                _("the arbitration clerk"),
            )
        return (
            _("Your fee is paid"),
            _("If {other} pays too, the case is filed at once.").format(other=other)
            if spot.ends is not None
            else _("If {other} pays too, the case is filed with another provider. Until then your fee is held.").format(
                other=other
            ),
            other,
        )
    if mine.state == ElectionState.DECLINED:
        if spot.ends is None:
            body = _("The money stays frozen until the sides settle or a court decides.")
        else:
            body = _("If {other} pays, {amount} goes to {winner}. If {other} does not, it goes to {none}.").format(
                other=other,
                amount=spot.amount,
                winner=spot.defaults.only(Side(mine.side).other),
                none=spot.defaults.none,
            )
        return _("You have declined arbitration"), body, other
    colleague = _("Owners and case managers of your account choose and pay. You read along.")
    if mine.state == ElectionState.AGREED_UNPAID:
        return (
            _("Your side has chosen arbitration and has to pay {fee}").format(fee=spot.fee),
            colleague,
            _("your side"),
        )
    return _("Your side has to choose: arbitration or not"), colleague, _("your side")


def _both_choose(spot: Spot) -> Turn:
    """What somebody of the house sees."""
    done = {ElectionState.PAID, ElectionState.DECLINED}
    open_sides = [e.side for e in spot.elections if e.state not in done]
    text = (
        _("Each side chooses and pays its share of {fee}.").format(fee=spot.fee)
        if spot.ends is not None
        else _(
            "The provider has rejected the case twice. The money stays frozen until the sides act, another provider"
            " takes the case, or a court decides."
        )
    )
    return Turn(
        priority=WAITING,
        state="waiting",
        title=_("The two sides choose whether to go to arbitration"),
        waiting_for=spot.account(open_sides[0]) if len(open_sides) == 1 else _("both sides"),
        body=(text,),
        **_clock(spot, _("Time to choose ends in"), lead=_("If nobody does anything more:")),  # type: ignore[arg-type]
    )


def _settling(spot: Spot) -> Turn:
    """N3: the time is over; a payment that was started in time is awaited for a while."""
    until = clocks.settling_end(spot.dispute, spot.ends) if spot.ends is not None else None
    running = [e.side for e in spot.elections if is_running(e)]
    names = spot.viewer.name_of(running[0]) if len(running) == 1 else _("both sides")
    amount, defaults = spot.amount, spot.defaults
    if len(running) == 1 and not spot.paid:
        nothing = _("If the payment is confirmed, {amount} goes to {winner}. If it is not, to {none}.").format(
            amount=amount, winner=defaults.only(running[0]), none=defaults.none
        )
    elif len(running) == 1:
        nothing = _(
            "If the payment is confirmed, the case goes to arbitration. If it is not, {amount} goes to {winner}."
        ).format(amount=amount, winner=defaults.only(spot.paid[0]))
    else:
        nothing = _(
            "A payment that is confirmed by then counts, one that is not does not. If one side has paid, {amount}"
            " goes to {one}; if neither has, to {none}."
        ).format(amount=amount, one=defaults.one, none=defaults.none)
    return Turn(
        priority=WAITING,
        state="waiting",
        title=_("The time to choose is over. A payment is still on its way"),
        waiting_for=_("the payment of {name}").format(name=names) if len(running) == 1 else _("the payments"),
        body=(_("Nobody can choose or pay any more. A payment that was started in time is awaited until then."),),
        due_at=until,
        started_at=spot.notice.settling_since or spot.ends,
        due_label=_("The payment is awaited for"),
        nothing=nothing,
        nothing_lead=_("What then:"),
    )
