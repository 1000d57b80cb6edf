"""What this room adds to the dispute page (see disputes/panels.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.urls import reverse

from arbitration.enums import ElectionState, NoticeState
from arbitration.models import Election, NonResolutionNotice
from contracts.enums import PaymentState, Side
from core.formatting import format_money
from core.models import AuditEntry
from core.money import Money, zero
from disputes.defaults import Defaults, for_reader
from disputes.enums import DisputeState
from disputes.models import Dispute
from disputes.panels import Action, Contribution, DateRow, Item, Outcome, Step, Tick, Turn, Viewer

ELECTION = 70  # priority of the choice, above offers
WAITING = 20
_EARLY = (DisputeState.DRAFT, DisputeState.ABANDONED, DisputeState.IN_MEDIATION, DisputeState.RECOMMENDED)


def contribute(dispute: Dispute, viewer: Viewer) -> Contribution:
    """Notice, choice, fee, provider: one query, none before the notice."""
    if dispute.state in _EARLY:
        return Contribution()
    elections = list(
        Election.objects.filter(notice__dispute_id=dispute.pk)
        .select_related("notice", "payment")
        .order_by("-notice__number", "side")[:2]
    )
    if not elections:
        return Contribution()
    notice = elections[0].notice
    notice_url = reverse("arbitration:notice", args=[dispute.reference])
    status_url = reverse("arbitration:status", args=[dispute.reference])
    links = (
        Action(label="Read the Notice of Non-Resolution", url=notice_url, variant="quiet", icon="file-text"),
        Action(label="See the arbitration page", url=status_url, variant="quiet", icon="gavel"),
    )
    if dispute.state == DisputeState.IN_ARBITRATION:
        return Contribution(
            turns=(_with_provider(dispute, status_url),),
            outcomes=(Outcome(label="The award", sub="binding", text="Arbitrator decides", order=70),),
            actions=links,
            steps={"notice": Step(state="done")},
        )
    if dispute.state != DisputeState.NON_RESOLUTION or notice.state != NoticeState.ISSUED:
        return Contribution(actions=links)
    ends = notice.election_ends_at
    defaults = _defaults(dispute, viewer)
    dates: tuple[DateRow, ...] = ()
    if ends is not None:
        dates = (
            DateRow(
                uid=f"election-{notice.pk}",
                label="Time to choose arbitration ends",
                due_at=ends,
                note=f"If one side has paid, the money goes to {defaults.one}; if neither has, to {defaults.none}.",
            ),
        )
    return Contribution(
        turns=(_turn(dispute, notice, elections, viewer, status_url),),
        dates=dates,
        outcomes=_outcomes(dispute, viewer) if ends is not None else _OPEN_ENDED,
        actions=links,
        steps={
            "notice": Step(
                note="Until the sides have chosen"
                if ends is None
                else f"{dispute.policy.arbitration_election_days} days to choose"
            )
        },
    )


def _with_provider(dispute: Dispute, status_url: str) -> Turn:
    return Turn(
        priority=WAITING,
        state="waiting",
        title=f"The arbitrator decides {format_money(dispute.money)}",
        waiting_for=settings.ARBITRATION_PROVIDER_NAME,
        body=("Both sides have paid. The decision is final, and the money moves as soon as it arrives.",),
        ticks=(Tick(text="Until then you can still settle.", icon="handshake"),),
        actions=(Action(label="See the provider’s steps", url=status_url),),
    )


def _turn(
    dispute: Dispute, notice: NonResolutionNotice, elections: list[Election], viewer: Viewer, status_url: str
) -> Turn:
    fee = format_money(Money(notice.fee, dispute.currency))
    amount = format_money(dispute.money)
    mine = next((e for e in elections if e.side == viewer.side), None)
    theirs = next((e for e in elections if e.side != viewer.side), None)
    defaults = _defaults(dispute, viewer)
    one = "the side that has paid" if dispute.policy.arb_one_paid == "payer" else f"{defaults.one} if one side has paid"
    nothing = f"{amount} goes to {one}; if neither has, to {defaults.none}."
    if notice.election_ends_at is None:
        nothing = "The money stays frozen. No time limit runs."
    elif theirs is not None and mine is not None and theirs.state == ElectionState.PAID:
        nothing = f"{amount} goes to {defaults.only(theirs.side)}: {viewer.other_name} has paid."
    common = {
        "due_at": notice.election_ends_at,
        "started_at": notice.issued_at,
        "due_label": "Time left to choose and pay",
        "nothing": nothing,
    }
    running = mine is not None and mine.payment is not None and mine.payment.state == PaymentState.STARTED
    if mine is not None and viewer.moves_money and mine.state == ElectionState.UNDECIDED:
        return Turn(
            priority=ELECTION,
            state="yours",
            title=f"Take {amount} to arbitration?",
            body=("Mediation ended without an agreement. Each side now chooses.",),
            ticks=(
                Tick(bold=fee, text="is your share of the fee", icon="wallet"),
                Tick(text="If both sides pay, the arbitrator’s decision is final", icon="gavel"),
            ),
            actions=(
                Action(
                    label="Choose arbitration",
                    url=reverse("arbitration:elect", args=[dispute.reference]),
                    variant="primary",
                ),
                Action(
                    label="Decline arbitration",
                    url=reverse("arbitration:decline", args=[dispute.reference]),
                    variant="quiet",
                ),
            ),
            why="You confirm on the next page.",
            **common,  # type: ignore[arg-type]
        )
    if mine is not None and viewer.moves_money and mine.state == ElectionState.AGREED_UNPAID and not running:
        return Turn(
            priority=ELECTION,
            state="yours",
            title=f"Pay {fee} to make your choice count",
            actions=(
                Action(label=f"Pay {fee}", url=reverse("arbitration:pay", args=[dispute.reference]), variant="primary"),
            ),
            why="You confirm on the next page.",
            **common,  # type: ignore[arg-type]
        )
    return Turn(
        priority=WAITING,
        state="waiting",
        title="Your payment is on its way" if running else "The two sides choose whether to go to arbitration",
        waiting_for="the payment" if running else viewer.other_name if mine is not None else "both sides",
        actions=(Action(label="See who has chosen and paid", url=status_url),),
        nothing_lead="If nobody does anything more:",
        **common,  # type: ignore[arg-type]
    )


# After a second rejection nothing ends by itself (A2).
_OPEN_ENDED = (Outcome(label="Nobody does anything", text="Stays in escrow", order=62),)


def _outcomes(dispute: Dispute, viewer: Viewer) -> tuple[Outcome, ...]:
    pinned = dispute.policy

    def whole(label: str, winner: str, order: int) -> Outcome:
        nothing = zero(dispute.currency)
        shares = (dispute.money, nothing) if winner == Side.FREELANCER else (nothing, dispute.money)
        return Outcome(label=label, to_freelancer=shares[0], to_client=shares[1], order=order)

    return (
        *(
            whole(f"Only {viewer.name_of(side)} pays", pinned.one_paid_to(side.value), order)
            for order, side in enumerate(Side, start=60)
        ),
        whole("Nobody pays", pinned.arb_none_paid, 62),
        Outcome(label="Both pay", sub="binding arbitration", text="Arbitrator decides", order=63),
    )


def _defaults(dispute: Dispute, viewer: Viewer) -> Defaults:
    return for_reader(dispute.policy, viewer.side or "", freelancer=viewer.freelancer_name, client=viewer.client_name)


# act → (icon, words after the name). Entries about the three object types of this room.
_WORDS = {
    "issue_notice": ("file-text", "Notice of Non-Resolution sent to both sides."),
    "wait_for_payment": ("hourglass", "The time to choose is over; a started payment is awaited for up to 24 hours."),
    "submit": ("gavel", "The provider has taken the case."),
    "progress": ("gavel", "The provider has reported a step."),
    "reject": ("undo-2", "The provider has rejected the case. Fees are returned."),
    "award": ("gavel", "The arbitrator has made the award."),
    "execute": ("circle-check", "The award was carried out."),
    "report_non_compliance": ("flag", "It was reported that the award is not met."),
}
_SIDES = {
    "elect": "chose arbitration.",
    "start_payment": "started to pay the arbitration fee.",
    "confirm_payment": "has paid the arbitration fee.",
    "decline": "declined arbitration.",
}


def tell(entries: Sequence[AuditEntry], viewer: Viewer) -> Mapping[int, Item | None]:
    """Word the entries of this room; closing a notice or a case is told by what caused it."""
    told: dict[int, Item | None] = {}
    for entry in entries:
        if entry.act in _WORDS:
            icon, text = _WORDS[entry.act]
            notice = entry.act == "issue_notice"
            told[entry.pk] = Item(text=text, icon=icon, kind="notice" if notice else "event")
        elif entry.act in _SIDES:
            side = str(entry.payload.get("side", ""))
            name = viewer.freelancer_name if side == Side.FREELANCER else viewer.client_name
            told[entry.pk] = Item(text=_SIDES[entry.act], icon="scale", name=name, role=side, you=side == viewer.side)
        else:
            told[entry.pk] = None
    return told
