"""Reminders of running deadlines: one entry per kind of deadline that reminds."""

from __future__ import annotations

from arbitration.models import Election
from contracts.enums import Side
from core.deadlines import ReminderDue
from mediation.models import Recommendation
from notifications import links
from notifications.catalogue.base import SIDES, Spec, To, defaults_of
from notifications.catalogue.disputes import see
from notifications.scene import NOTHING_TO_DO, Reader, Scene, Telling


def _refund(scene: Scene, event: ReminderDue, to: Reader) -> Telling:
    amount = scene.money(scene.request.amount) if scene.request is not None else ""
    return Telling(
        title=f"You have until {to.when(event.due_at)} to answer the refund request",
        may_do="Approve the request, or do not approve it and file a dispute, or propose a different split.",
        until=event.due_at,
        otherwise=f"{amount} goes back to {scene.client} in full, and the contract closes.",
        details="A dispute you have begun to write, or a split you proposed, does not stop the clock.",
        link=links.refund_request(scene.contract.reference),
        label="See Request",
    )


def _review(scene: Scene, event: ReminderDue, _to: Reader) -> Telling:
    return Telling(
        title=f"The time to review {scene.work} ends soon",
        may_do="Release the money, release a part of it, or ask for changes.",
        until=event.due_at,
        otherwise=f"{scene.live} is released to {scene.freelancer}.",
        link=links.contract(scene.contract.reference),
        label="See Contract",
    )


def _answer(scene: Scene, event: ReminderDue, to: Reader) -> Telling:
    return Telling(
        title=f"{scene.freelancer} still waits for your answer in {scene.case.number}",
        may_do="Pay in full, offer a part, or say why you do not agree and add evidence.",
        until=event.due_at,
        otherwise=f"Without any reaction {scene.money(scene.case.amount)} can go to {scene.freelancer}.",
        **see(scene, to),
    )


def _mediation(scene: Scene, event: ReminderDue, to: Reader) -> Telling:
    return Telling(
        title=f"Mediation of {scene.case.number} ends {to.when(event.due_at)}",
        may_do="Make an offer, or accept one." if to.side else "Help both sides to an offer, or recommend a split.",
        until=event.due_at,
        otherwise="Both sides receive a Notice of Non-Resolution, and the money stays in escrow. A side that has not"
        " reacted at all can lose it.",
        **see(scene, to),
    )


def _recommendation(scene: Scene, event: ReminderDue, to: Reader) -> Telling | None:
    found = Recommendation.objects.filter(case__dispute=scene.case, state="issued").first()
    if found is None or getattr(found, f"{to.side}_answer") != "pending":
        return None
    return Telling(
        title=f"You have until {to.when(event.due_at)} to answer the recommendation",
        may_do="Read the reasons, then accept or reject.",
        until=event.due_at,
        otherwise="Silence counts as a rejection: both sides then receive a Notice of Non-Resolution.",
        link=links.dispute_page(scene.case.reference, "recommendation"),
        label="See the recommendation",
    )


def _election(scene: Scene, event: ReminderDue, to: Reader) -> Telling | None:
    mine = Election.objects.filter(notice__dispute=scene.case, notice__state="issued", side=to.side).first()
    if mine is None or mine.state not in {"undecided", "agreed_unpaid"}:
        return None
    amount = scene.money(scene.case.amount)
    defaults, other = defaults_of(scene, to), Side(to.side).other
    return Telling(
        title=f"You have until {to.when(event.due_at)} to choose about arbitration",
        may_do="Choose arbitration and pay your share, decline it, or still settle."
        if mine.state == "undecided"
        else "Pay your share: you chose arbitration, and it counts only when the payment is started in time.",
        until=event.due_at,
        otherwise=f"If neither side pays, {amount} goes to {defaults.none}. If only {scene.name(other)} pays, {amount}"
        f" goes to {defaults.only(other)}.",
        link=links.dispute_page(scene.case.reference, "arbitration"),
        label="Choose",
    )


def _offer(scene: Scene, event: ReminderDue, to: Reader) -> Telling | None:
    offer = scene.offer
    if offer is None or offer.side == to.side:
        return None
    if offer.side == "specialist" and getattr(offer, f"{to.side}_confirmed_at", None) is not None:
        return None
    return Telling(
        title=f"An offer in {scene.case.number} ends {to.when(event.due_at)}",
        may_do="Accept it, decline it, or make an offer of your own.",
        until=event.due_at,
        otherwise="The offer ends, and the dispute goes on as before.",
        **see(scene, to),
    )


def _evidence(scene: Scene, event: ReminderDue, to: Reader) -> Telling:
    return Telling(
        title=f"The time to send evidence in {scene.case.number} ends {to.when(event.due_at)}",
        may_do="Answer in words, with files, or both, if the specialist asked you.",
        until=event.due_at,
        otherwise="The specialist goes on with what is in the case.",
        **see(scene, to),
    )


def _support(scene: Scene, event: ReminderDue, _to: Reader) -> Telling:
    found = scene.support
    return Telling(
        title=f"Customer Support still waits for your answer about {found.number if found is not None else ''}",
        may_do="Answer the question.",
        until=event.due_at,
        otherwise="Your request lapses. You may ask again.",
        link=links.support_status(found.reference if found is not None else ""),
        label="See your request",
    )


def _dormancy(scene: Scene, event: ReminderDue, to: Reader) -> Telling:
    step = scene.contract.dormancy_step
    yours = (step in (3, 5)) == (to.side == Side.CLIENT)
    outcome = {
        3: f"{scene.freelancer} may ask to be paid {scene.escrow}.",
        4: f"{scene.escrow} goes back to {scene.client}, and the contract ends.",
        5: f"{scene.escrow} is released to {scene.freelancer}, and the contract ends.",
    }
    return Telling(
        title=f"{scene.title} still waits for an answer about {scene.escrow} in escrow",
        may_do="Open the contract and answer." if yours else NOTHING_TO_DO,
        until=event.due_at,
        otherwise=outcome.get(step, "The next step follows."),
        link=links.contract(scene.contract.reference),
        label="See Contract",
    )


REMINDERS: dict[str, tuple[Spec, ...]] = {
    "refund_response": (Spec("refund_reminder", (To.FREELANCER,), _refund),),
    "review": (Spec("review_ending", (To.CLIENT,), _review),),
    "client_answer": (Spec("client_answer_reminder", (To.CLIENT,), _answer),),
    "mediation_end": (
        Spec("mediation_ending", SIDES, _mediation),
        Spec("desk_case", (To.SPECIALIST,), _mediation),
    ),
    "recommendation_answer": (Spec("recommendation_reminder", SIDES, _recommendation),),
    "election_end": (Spec("election_reminder", SIDES, _election),),
    "offer": (Spec("offer_expiring", SIDES, _offer),),
    "evidence_due": (Spec("evidence_reminder", SIDES, _evidence),),
    "support_info": (Spec("support_reminder", (To.FREELANCER,), _support),),
    "dormancy": (Spec("dormancy", SIDES, _dormancy),),
}
