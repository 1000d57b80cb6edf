"""Notices about non-resolution, arbitration and orders (N, A, X)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from arbitration import events as e
from arbitration.enums import ElectionState, OrderKind
from arbitration.models import AdminOrder, Award, Election, NonComplianceReport, NonResolutionNotice
from arbitration.services.fraud import ORDER_ALERT
from contracts.enums import Side
from core.events import Event
from notifications import links
from notifications.catalogue.base import SIDES, Entry, Post, Spec, To, defaults_of
from notifications.scene import Reader, Scene, Telling, Where


def _notice(scene: Scene) -> Where:
    return {"link": links.dispute_page(scene.case.reference, "non-resolution"), "label": _("See the notice")}


def _desk() -> Where:
    return {"link": links.arbitration_desk(), "label": _("Open the arbitration desk")}


def _see(scene: Scene, to: Reader) -> Where:
    if to.side:
        return {"link": links.dispute_page(scene.case.reference, "arbitration"), "label": _("See the arbitration")}
    return _desk()


def _defaults(scene: Scene, to: Reader) -> str:
    return defaults_of(scene, to).sentence(scene.amount)


# --- N ----------------------------------------------------------------------------------


def _issued(scene: Scene, event: e.NoticeIssued, to: Reader) -> Telling:
    found = scene.row(NonResolutionNotice, event.notice_id)
    until = found.election_ends_at if found is not None else None
    if until is None and found is not None:
        return Telling(
            title=scene.say(_("Notice of Non-Resolution: {number} stays open")),
            may_do=_("You can still settle, or withdraw, or accept in full."),
            otherwise=scene.say(_("{amount} stays in escrow until the case is settled or decided.")),
            **_notice(scene),
        )
    return Telling(
        title=scene.say(_("Notice of Non-Resolution: mediation of {number} ended without an agreement")),
        may_do=scene.say(
            _("Choose binding arbitration and pay your share of {fee}, decline it, or still settle."),
            fee=scene.money(found.fee) if found is not None else "",
        ),
        until=until,
        otherwise=_defaults(scene, to),
        details=scene.say(_("{amount} stays in escrow. An arbitrator’s decision is final.")),
        **_notice(scene),
    )


def _my_choice(notice_id: UUID, to: Reader) -> str:
    """What the reader may still do after the other side's choice."""
    mine = Election.objects.filter(notice_id=notice_id, side=to.side).values_list("state", flat=True).first()
    words = {
        ElectionState.UNDECIDED: _("Choose arbitration and pay your share, decline it, or still settle."),
        ElectionState.AGREED_UNPAID: _("Pay your share, or still settle."),
        ElectionState.PAID: _("You have paid your share. You can still settle."),
        ElectionState.DECLINED: _("You have declined arbitration. You can still settle."),
    }
    return words[ElectionState(mine or ElectionState.UNDECIDED)]


def _chosen(scene: Scene, event: e.ArbitrationElected | e.ArbitrationDeclined, to: Reader) -> Telling | None:
    if to.side == event.side:
        return None
    title = (
        _("{name} chooses arbitration for {number}")
        if isinstance(event, e.ArbitrationElected)
        else _("{name} declines arbitration for {number}")
    )
    return Telling(
        title=scene.say(title, name=scene.name(event.side)),
        may_do=_my_choice(event.notice_id, to),
        until=scene.due("election_end"),
        otherwise=_defaults(scene, to),
        **_see(scene, to),
    )


def _fee_received(scene: Scene, event: e.FeeReceived, to: Reader) -> Telling:
    both = Election.objects.filter(notice_id=event.notice_id, state=ElectionState.PAID).count() == len(Side.values)
    until = None if both else scene.due("election_end")
    goes_on = _("Both sides have paid: the case goes to arbitration.")
    taker = defaults_of(scene, to).only(event.side)
    if to.side == event.side:
        return Telling(
            title=scene.say(_("Your arbitration fee of {fee} is received"), fee=scene.money(event.amount)),
            until=until,
            otherwise=goes_on
            if both
            else scene.say(
                _("If {name} does not pay in time, {amount} goes to {taker} and your fee comes back."),
                name=scene.other(event.side),
                taker=taker,
            ),
            **_see(scene, to),
        )
    return Telling(
        title=scene.say(_("{name} has paid the arbitration fee for {number}"), name=scene.name(event.side)),
        may_do=_my_choice(event.notice_id, to),
        until=until,
        otherwise=goes_on if both else scene.say(_("{amount} goes to {taker} if you do not pay in time."), taker=taker),
        **_see(scene, to),
    )


def _fee_returned(scene: Scene, event: e.FeeReturned, to: Reader) -> Telling | None:
    if to.side != event.side:
        return None
    return Telling(
        title=scene.say(_("Your arbitration fee of {fee} is on its way back"), fee=scene.money(event.amount)),
        **_see(scene, to),
    )


def _settling(scene: Scene, _event: e.ElectionSettling, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("The time to choose in {number} is over; a started payment is awaited")),
        until=scene.due("election_settling"),
        otherwise=_("At the latest then the case is closed by who has paid."),
        **_see(scene, to),
    )


# --- A ----------------------------------------------------------------------------------


def _opened(scene: Scene, _event: e.ArbitrationOpened, to: Reader) -> Telling:
    title = scene.say(_("Both sides have paid: {number} goes to arbitration"))
    if not to.side:
        return Telling(
            title=title,
            may_do=_("File it with the provider if it is not filed by itself."),
            otherwise=_("An alert comes after one business day."),
            **_see(scene, to),
        )
    return Telling(
        title=title,
        may_do=_("You can still settle."),
        otherwise=_("The case is filed with the provider, and the provider writes to both sides."),
        **_see(scene, to),
    )


def _answer_provider() -> str:
    return _("Answer what the provider asks you. You can still settle until there is an award.")


def _filed(scene: Scene, _event: e.ArbitrationFiled, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("{number} is filed with the arbitration provider")),
        may_do=_answer_provider(),
        otherwise=_("The arbitrator decides on what is in the case. The decision is final."),
        **_see(scene, to),
    )


def _progress(scene: Scene, event: e.ArbitrationProgressed, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("Arbitration of {number}: {step}"), step=event.step),
        may_do=_answer_provider(),
        otherwise=_("The arbitrator decides on what is in the case."),
        **_see(scene, to),
    )


def _rejected(scene: Scene, event: e.ProviderRejected, to: Reader) -> Telling:
    first = event.times == 1
    if to.side:
        may_do = (
            _("Choose anew within the time of the new notice, or settle.")
            if first
            else _("You can still settle, withdraw or accept in full.")
        )
        until = scene.due("election_end") if first else None
    else:
        may_do = (
            _("Look at the reason. Both sides choose anew first.")
            if first
            else _("Look at the reason, and file with another provider once both sides have paid again.")
        )
        until = scene.due("election_end") if first else scene.due("provider_rejected_alert")
    return Telling(
        title=scene.say(_("The arbitration provider does not take {number}")),
        may_do=may_do,
        until=until,
        otherwise=_defaults(scene, to) if first else _("The money stays in escrow, and no default runs."),
        details=_("The arbitration fees go back to those who paid them."),
        **_see(scene, to),
    )


def _held(scene: Scene, _event: e.AwardHeld, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("An award for {number} cannot be recorded as it is")),
        may_do=_("Look at what the provider sent, and ask the provider for a correct one."),
        otherwise=_("Nothing is recorded, and the money stays in escrow."),
        **_see(scene, to),
    )


def _award(scene: Scene, event: e.AwardRecorded, to: Reader) -> Telling:
    found = scene.row(Award, event.award_id)
    title = _("The arbitrator has decided {number}")
    sums: dict[str, str] = {}
    if found is not None:
        title = (
            _("The arbitrator has decided {number}: {for_f} to you, {for_c} to {client}")
            if to.side == Side.FREELANCER
            else _("The arbitrator has decided {number}: {for_f} to {freelancer}, {for_c} to you")
        )
        sums = {"for_f": scene.money(found.to_freelancer), "for_c": scene.money(found.to_client)}
    return Telling(
        title=scene.say(title, **sums),
        may_do=_("Read the award and its reasons."),
        otherwise=_("The award is final and carried out by itself."),
        **_see(scene, to),
    )


def _not_met(scene: Scene, event: e.NonComplianceReported, _to: Reader) -> Telling:
    found = scene.row(NonComplianceReport, event.report_id)
    title = (
        scene.say(_("{name} is reported not to meet the award in {number}"), name=scene.name(found.side))
        if found is not None
        else scene.say(_("A side is reported not to meet the award in {number}"))
    )
    return Telling(
        title=title,
        may_do=_("Look into it: what follows is a procedure of its own, with reasons and a way to appeal."),
        otherwise=_("No account changes by itself."),
        **_desk(),
    )


def _undivided(scene: Scene, event: e.ProviderOverdue, _to: Reader) -> Telling | None:
    """X2: the admins alone can end it."""
    if event.what != ORDER_ALERT:
        return None
    return Telling(
        title=scene.say(_("The money of {title} is still frozen by an order")),
        may_do=_("Propose the order that divides it, or approve the one that waits."),
        otherwise=_("This notice comes again every day until the money is divided."),
        link=links.ORDERS,
        label=_("Open the orders"),
    )


def _late(scene: Scene, event: e.ProviderOverdue, _to: Reader) -> Telling | None:
    if event.what == ORDER_ALERT:
        return None
    late = {
        "filing": _("{about} is not filed with the provider yet"),
        "award": _("{about} has no award yet, and the promised time is over"),
        "rejected": _("{about} was rejected and still waits for another way"),
    }
    words = next((text for what, text in late.items() if what in event.what), _("{about} waits for the provider"))
    return Telling(
        title=scene.say(words, about=scene.dispute.number if scene.dispute is not None else scene.title),
        may_do=_("Ask the provider, file again, or enter what has come another way."),
        otherwise=_("This notice comes again until somebody acts."),
        **_desk(),
    )


# --- X ----------------------------------------------------------------------------------


def _order_waits(scene: Scene, event: e.OrderProposed, _to: Reader) -> Telling:
    found = scene.row(AdminOrder, event.order_id)
    titles = {
        OrderKind.CORRECTION: _("A correction about {title} waits for a second admin"),
        OrderKind.FRAUD: _("A fraud order about {title} waits for a second admin"),
        OrderKind.COURT: _("A court order about {title} waits for a second admin"),
    }
    title = titles[OrderKind(found.kind)] if found is not None else _("An order about {title} waits for a second admin")
    return Telling(
        title=scene.say(title),
        may_do=_("Read the reason, then approve or refuse. Whoever proposed it cannot approve it."),
        otherwise=_("Nothing moves."),
        link=links.admin_order(event.order_id),
        label=_("Open the order"),
    )


def _ordered(scene: Scene, event: e.OrderCarriedOut, _to: Reader) -> Telling:
    found = scene.row(AdminOrder, event.order_id)
    titles = {
        OrderKind.CORRECTION: _("Correction carried out on {title}"),
        OrderKind.FRAUD: _("Fraud order carried out on {title}"),
        OrderKind.COURT: _("Court order carried out on {title}"),
    }
    title = titles[OrderKind(found.kind)] if found is not None else _("Order carried out on {title}")
    details = (
        scene.say(_("Two admins of the marketplace approved it. Their reason: {reason}"), reason=found.reason)
        if found is not None
        else _("Two admins of the marketplace approved it.")
    )
    return Telling(
        title=scene.say(title),
        may_do=_("Look at the contract’s money. Write to Customer Support if you do not agree."),
        details=details,
        link=links.contract(scene.contract.reference),
        label=_("See Contract"),
    )


def _notice_post(scene: Scene, _event: e.NoticeIssued) -> Post:
    return Post(
        scene.say(
            _("Mediation of dispute {number} ended without an agreement. Both sides have the Notice of Non-Resolution.")
        ),
        **_notice(scene),
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
            s.say(_("Dispute {number} is filed with the arbitration provider.")),
            links.dispute_page(s.case.reference, "arbitration"),
            _("See the arbitration"),
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
