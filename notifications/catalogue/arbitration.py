"""Notices about non-resolution, arbitration and orders (N, A, X)."""

from __future__ import annotations

from uuid import UUID

from arbitration import events as e
from arbitration.enums import ElectionState
from arbitration.models import AdminOrder, Award, Election, NonComplianceReport, NonResolutionNotice
from arbitration.services.fraud import ORDER_ALERT
from contracts.enums import Side
from core.events import Event
from notifications import links
from notifications.catalogue.base import SIDES, Entry, Post, Spec, To, defaults_of
from notifications.scene import Reader, Scene, Telling, Where


def _notice(scene: Scene) -> Where:
    return {"link": links.dispute_page(scene.case.reference, "non-resolution"), "label": "See the notice"}


def _see(scene: Scene, to: Reader) -> Where:
    if to.side:
        return {"link": links.dispute_page(scene.case.reference, "arbitration"), "label": "See the arbitration"}
    return {"link": links.arbitration_desk(), "label": "Open the arbitration desk"}


def _defaults(scene: Scene, to: Reader) -> str:
    return defaults_of(scene, to).sentence(scene.money(scene.case.amount))


# --- N ----------------------------------------------------------------------------------


def _issued(scene: Scene, event: e.NoticeIssued, to: Reader) -> Telling:
    found = scene.row(NonResolutionNotice, event.notice_id)
    until = found.election_ends_at if found is not None else None
    if until is None and found is not None:
        return Telling(
            title=f"Notice of Non-Resolution: {scene.case.number} stays open",
            may_do="You can still settle, or withdraw, or accept in full.",
            otherwise=f"{scene.money(scene.case.amount)} stays in escrow until the case is settled or decided.",
            **_notice(scene),
        )
    fee = scene.money(found.fee) if found is not None else ""
    return Telling(
        title=f"Notice of Non-Resolution: mediation of {scene.case.number} ended without an agreement",
        may_do=f"Choose binding arbitration and pay your share of {fee}, decline it, or still settle.",
        until=until,
        otherwise=_defaults(scene, to),
        details=f"{scene.money(scene.case.amount)} stays in escrow. An arbitrator’s decision is final.",
        **_notice(scene),
    )


def _my_choice(notice_id: UUID, to: Reader) -> str:
    """What the reader may still do after the other side's choice."""
    mine = Election.objects.filter(notice_id=notice_id, side=to.side).values_list("state", flat=True).first()
    words = {
        ElectionState.UNDECIDED: "Choose arbitration and pay your share, decline it, or still settle.",
        ElectionState.AGREED_UNPAID: "Pay your share, or still settle.",
        ElectionState.PAID: "You have paid your share. You can still settle.",
        ElectionState.DECLINED: "You have declined arbitration. You can still settle.",
    }
    return words[ElectionState(mine or ElectionState.UNDECIDED)]


def _chosen(scene: Scene, event: e.ArbitrationElected | e.ArbitrationDeclined, to: Reader) -> Telling | None:
    if to.side == event.side:
        return None
    verb = "chooses" if isinstance(event, e.ArbitrationElected) else "declines"
    return Telling(
        title=f"{scene.name(event.side)} {verb} arbitration for {scene.case.number}",
        may_do=_my_choice(event.notice_id, to),
        until=scene.due("election_end"),
        otherwise=_defaults(scene, to),
        **_see(scene, to),
    )


def _fee_received(scene: Scene, event: e.FeeReceived, to: Reader) -> Telling:
    fee, amount = scene.money(event.amount), scene.money(scene.case.amount)
    both = Election.objects.filter(notice_id=event.notice_id, state=ElectionState.PAID).count() == len(Side.values)
    goes_on = "Both sides have paid: the case goes to arbitration."
    if to.side == event.side:
        other = scene.other(event.side)
        return Telling(
            title=f"Your arbitration fee of {fee} is received",
            until=None if both else scene.due("election_end"),
            otherwise=goes_on
            if both
            else f"If {other} does not pay in time, {amount} goes to {defaults_of(scene, to).only(event.side)}"
            " and your fee comes back.",
            **_see(scene, to),
        )
    return Telling(
        title=f"{scene.name(event.side)} has paid the arbitration fee for {scene.case.number}",
        may_do=_my_choice(event.notice_id, to),
        until=None if both else scene.due("election_end"),
        otherwise=goes_on
        if both
        else f"{amount} goes to {defaults_of(scene, to).only(event.side)} if you do not pay in time.",
        **_see(scene, to),
    )


def _fee_returned(scene: Scene, event: e.FeeReturned, to: Reader) -> Telling | None:
    if to.side != event.side:
        return None
    return Telling(title=f"Your arbitration fee of {scene.money(event.amount)} is on its way back", **_see(scene, to))


def _settling(scene: Scene, _event: e.ElectionSettling, to: Reader) -> Telling:
    return Telling(
        title=f"The time to choose in {scene.case.number} is over; a started payment is awaited",
        until=scene.due("election_settling"),
        otherwise="At the latest then the case is closed by who has paid.",
        **_see(scene, to),
    )


# --- A ----------------------------------------------------------------------------------


def _opened(scene: Scene, _event: e.ArbitrationOpened, to: Reader) -> Telling:
    return Telling(
        title=f"Both sides have paid: {scene.case.number} goes to arbitration",
        may_do="File it with the provider if it is not filed by itself." if not to.side else "You can still settle.",
        otherwise="The case is filed with the provider, and the provider writes to both sides."
        if to.side
        else "An alert comes after one business day.",
        **_see(scene, to),
    )


def _filed(scene: Scene, _event: e.ArbitrationFiled, to: Reader) -> Telling:
    return Telling(
        title=f"{scene.case.number} is filed with the arbitration provider",
        may_do="Answer what the provider asks you. You can still settle until there is an award.",
        otherwise="The arbitrator decides on what is in the case. The decision is final.",
        **_see(scene, to),
    )


def _progress(scene: Scene, event: e.ArbitrationProgressed, to: Reader) -> Telling:
    return Telling(
        title=f"Arbitration of {scene.case.number}: {event.step}",
        may_do="Answer what the provider asks you. You can still settle until there is an award.",
        otherwise="The arbitrator decides on what is in the case.",
        **_see(scene, to),
    )


def _rejected(scene: Scene, event: e.ProviderRejected, to: Reader) -> Telling:
    first = event.times == 1
    return Telling(
        title=f"The arbitration provider does not take {scene.case.number}",
        may_do="Choose anew within the time of the new notice, or settle."
        if first and to.side
        else "You can still settle, withdraw or accept in full."
        if to.side
        else "Look at the reason. Both sides choose anew first."
        if first
        else "Look at the reason, and file with another provider once both sides have paid again.",
        until=scene.due("election_end") if first else scene.due("provider_rejected_alert") if not to.side else None,
        otherwise=_defaults(scene, to) if first else "The money stays in escrow, and no default runs.",
        details="The arbitration fees go back to those who paid them.",
        **_see(scene, to),
    )


def _held(scene: Scene, _event: e.AwardHeld, to: Reader) -> Telling:
    return Telling(
        title=f"An award for {scene.case.number} cannot be recorded as it is",
        may_do="Look at what the provider sent, and ask the provider for a correct one.",
        otherwise="Nothing is recorded, and the money stays in escrow.",
        **_see(scene, to),
    )


def _award(scene: Scene, event: e.AwardRecorded, to: Reader) -> Telling:
    found = scene.row(Award, event.award_id)
    sums = (
        f": {scene.money(found.to_freelancer)} to {'you' if to.side == Side.FREELANCER else scene.freelancer},"
        f" {scene.money(found.to_client)} to {'you' if to.side == Side.CLIENT else scene.client}"
        if found is not None
        else ""
    )
    return Telling(
        title=f"The arbitrator has decided {scene.case.number}{sums}",
        may_do="Read the award and its reasons.",
        otherwise="The award is final and carried out by itself.",
        **_see(scene, to),
    )


def _not_met(scene: Scene, event: e.NonComplianceReported, _to: Reader) -> Telling:
    found = scene.row(NonComplianceReport, event.report_id)
    who = scene.name(found.side) if found is not None else "A side"
    return Telling(
        title=f"{who} is reported not to meet the award in {scene.case.number}",
        may_do="Look into it: what follows is a procedure of its own, with reasons and a way to appeal.",
        otherwise="No account changes by itself.",
        link=links.arbitration_desk(),
        label="Open the arbitration desk",
    )


def _undivided(scene: Scene, event: e.ProviderOverdue, _to: Reader) -> Telling | None:
    """X2: the admins alone can end it."""
    if event.what != ORDER_ALERT:
        return None
    return Telling(
        title=f"The money of {scene.title} is still frozen by an order",
        may_do="Propose the order that divides it, or approve the one that waits.",
        otherwise="This notice comes again every day until the money is divided.",
        link=links.ORDERS,
        label="Open the orders",
    )


def _late(scene: Scene, event: e.ProviderOverdue, _to: Reader) -> Telling | None:
    if event.what == ORDER_ALERT:
        return None
    about = scene.dispute.number if scene.dispute is not None else scene.title
    late = {
        "filing": "is not filed with the provider yet",
        "award": "has no award yet, and the promised time is over",
        "rejected": "was rejected and still waits for another way",
    }
    words = next((text for what, text in late.items() if what in event.what), "waits for the provider")
    return Telling(
        title=f"{about} {words}",
        may_do="Ask the provider, file again, or enter what has come another way.",
        otherwise="This notice comes again until somebody acts.",
        link=links.arbitration_desk(),
        label="Open the arbitration desk",
    )


# --- X ----------------------------------------------------------------------------------


def _order_waits(scene: Scene, event: e.OrderProposed, _to: Reader) -> Telling:
    found = scene.row(AdminOrder, event.order_id)
    what = found.get_kind_display().lower() if found is not None else "order"
    return Telling(
        title=f"A {what} about {scene.title} waits for a second admin",
        may_do="Read the reason, then approve or refuse. Whoever proposed it cannot approve it.",
        otherwise="Nothing moves.",
        link=links.admin_order(event.order_id),
        label="Open the order",
    )


def _ordered(scene: Scene, event: e.OrderCarriedOut, _to: Reader) -> Telling:
    found = scene.row(AdminOrder, event.order_id)
    what = found.get_kind_display() if found is not None else "Order"
    return Telling(
        title=f"{what} carried out on {scene.title}",
        may_do="Look at the contract’s money. Write to Customer Support if you do not agree.",
        details="Two admins of the marketplace approved it."
        + (f" Their reason: {found.reason}" if found is not None else ""),
        link=links.contract(scene.contract.reference),
        label="See Contract",
    )


def _notice_post(scene: Scene, _event: e.NoticeIssued) -> Post:
    return Post(
        f"Mediation of dispute {scene.case.number} ended without an agreement. Both sides have the Notice of"
        " Non-Resolution.",
        links.dispute_page(scene.case.reference, "non-resolution"),
        "See the notice",
    )


CATALOGUE: dict[type[Event], Entry] = {
    e.NoticeIssued: Entry((Spec("notice_of_non_resolution", SIDES, _issued),), _notice_post),
    e.ArbitrationElected: Entry((Spec("arbitration_choice", SIDES, _chosen),)),
    e.ArbitrationDeclined: Entry((Spec("arbitration_choice", SIDES, _chosen),)),
    e.FeeReceived: Entry((Spec("payment_received", SIDES, _fee_received),)),
    e.FeeReturned: Entry((Spec("fee_returned", SIDES, _fee_returned),)),
    e.ElectionSettling: Entry((Spec("election_settling", SIDES, _settling),)),
    e.ArbitrationOpened: Entry((Spec("arbitration_filed", SIDES, _opened), Spec("desk_case", (To.CLERKS,), _opened))),
    e.ArbitrationFiled: Entry(
        (Spec("arbitration_filed", SIDES, _filed),),
        lambda s, _e: Post(
            f"Dispute {s.case.number} is filed with the arbitration provider.",
            links.dispute_page(s.case.reference, "arbitration"),
            "See the arbitration",
        ),
    ),
    e.ArbitrationProgressed: Entry((Spec("arbitration_event", SIDES, _progress),)),
    e.ProviderRejected: Entry(
        (
            Spec("provider_rejected", SIDES, _rejected),
            Spec("desk_alert", (To.CLERKS, To.SUPERVISORS), _rejected),
        )
    ),
    e.AwardHeld: Entry((Spec("desk_alert", (To.CLERKS, To.ADMINS), _held),)),
    e.AwardRecorded: Entry((Spec("award", SIDES, _award),)),
    e.NonComplianceReported: Entry((Spec("desk_alert", (To.ADMINS,), _not_met),)),
    e.ProviderOverdue: Entry(
        (
            Spec("desk_alert", (To.CLERKS, To.SUPERVISORS), _late),
            Spec("desk_alert", (To.ADMINS,), _undivided),
        )
    ),
    e.OrderProposed: Entry((Spec("order_waits", (To.ADMINS,), _order_waits),)),
    e.OrderCarriedOut: Entry((Spec("order_carried_out", SIDES, _ordered),)),
}
NO_NOTICE: dict[type[Event], str] = {
    e.AwardExecuted: "The award and the closing of the dispute are told in the same breath.",
}
