"""Reminders of running deadlines: one entry per kind of deadline that reminds."""

from __future__ import annotations

from django.utils.translation import gettext as _

from arbitration.models import Election
from contracts.enums import Side
from core.deadlines import ReminderDue
from mediation.models import Recommendation
from notifications import links
from notifications.catalogue.base import SIDES, Spec, To, defaults_of
from notifications.catalogue.disputes import may_answer_claim, see
from notifications.catalogue.offers import offer_goes_on
from notifications.catalogue.refunds import answers
from notifications.scene import Reader, Scene, Telling, nothing_to_do


def _refund(scene: Scene, event: ReminderDue, to: Reader) -> Telling:
    amount = scene.money(scene.request.amount) if scene.request is not None else ""
    return Telling(
        title=scene.say(_("You have until {when} to answer the refund request"), when=to.when(event.due_at)),
        may_do=answers(),
        until=event.due_at,
        otherwise=scene.say(_("{sum} goes back to {client} in full, and the contract closes."), sum=amount),
        details=_("A dispute you have begun to write, or a split you proposed, does not stop the clock."),
        link=links.refund_request(scene.contract.reference),
        label=_("See Request"),
    )


def _review(scene: Scene, event: ReminderDue, _to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("The time to review {work} ends soon")),
        may_do=_("Release the money, release a part of it, or ask for changes."),
        until=event.due_at,
        otherwise=scene.say(_("{live} is released to {freelancer}.")),
        link=links.contract(scene.contract.reference),
        label=_("See Contract"),
    )


def _answer(scene: Scene, event: ReminderDue, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("{freelancer} still waits for your answer in {number}")),
        may_do=may_answer_claim(),
        until=event.due_at,
        otherwise=scene.say(_("Without any reaction {amount} can go to {freelancer}.")),
        **see(scene, to),
    )


def _mediation(scene: Scene, event: ReminderDue, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("Mediation of {number} ends {when}"), when=to.when(event.due_at)),
        may_do=_("Make an offer, or accept one.")
        if to.side
        else _("Help both sides to an offer, or recommend a split."),
        until=event.due_at,
        otherwise=_(
            "Both sides receive a Notice of Non-Resolution, and the money stays in escrow. A side that has not"
            " reacted at all can lose it."
        ),
        **see(scene, to),
    )


def _recommendation(scene: Scene, event: ReminderDue, to: Reader) -> Telling | None:
    found = Recommendation.objects.filter(case__dispute=scene.case, state="issued").first()
    if found is None or getattr(found, f"{to.side}_answer") != "pending":
        return None
    return Telling(
        title=scene.say(_("You have until {when} to answer the recommendation"), when=to.when(event.due_at)),
        may_do=_("Read the reasons, then accept or reject."),
        until=event.due_at,
        otherwise=_("Silence counts as a rejection: both sides then receive a Notice of Non-Resolution."),
        link=links.dispute_page(scene.case.reference, "recommendation"),
        label=_("See the recommendation"),
    )


def _election(scene: Scene, event: ReminderDue, to: Reader) -> Telling | None:
    mine = Election.objects.filter(notice__dispute=scene.case, notice__state="issued", side=to.side).first()
    if mine is None or mine.state not in {"undecided", "agreed_unpaid"}:
        return None
    defaults, other = defaults_of(scene, to), Side(to.side).other
    return Telling(
        title=scene.say(_("You have until {when} to choose about arbitration"), when=to.when(event.due_at)),
        may_do=_("Choose arbitration and pay your share, decline it, or still settle.")
        if mine.state == "undecided"
        else _("Pay your share: you chose arbitration, and it counts only when the payment is started in time."),
        until=event.due_at,
        otherwise=scene.say(
            _(
                "If neither side pays, {amount} goes to {nobody_pays}. If only {name} pays, {amount}"
                " goes to {one_pays}."
            ),
            nobody_pays=defaults.none,
            name=scene.name(other),
            one_pays=defaults.only(other),
        ),
        link=links.dispute_page(scene.case.reference, "arbitration"),
        label=_("Choose"),
    )


def _offer(scene: Scene, event: ReminderDue, to: Reader) -> Telling | None:
    offer = scene.offer
    if offer is None or offer.side == to.side:
        return None
    if offer.side == "specialist" and getattr(offer, f"{to.side}_confirmed_at", None) is not None:
        return None
    return Telling(
        title=scene.say(_("An offer in {number} ends {when}"), when=to.when(event.due_at)),
        may_do=_("Accept it, decline it, or make an offer of your own."),
        until=event.due_at,
        otherwise=offer_goes_on(),
        **see(scene, to),
    )


def _evidence(scene: Scene, event: ReminderDue, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("The time to send evidence in {number} ends {when}"), when=to.when(event.due_at)),
        may_do=_("Answer in words, with files, or both, if the specialist asked you."),
        until=event.due_at,
        otherwise=_("The specialist goes on with what is in the case."),
        **see(scene, to),
    )


def _support(scene: Scene, event: ReminderDue, _to: Reader) -> Telling:
    found = scene.support
    return Telling(
        title=scene.say(
            _("Customer Support still waits for your answer about {request}"),
            request=found.number if found is not None else "",
        ),
        may_do=_("Answer the question."),
        until=event.due_at,
        otherwise=_("Your request lapses. You may ask again."),
        link=links.support_status(found.reference if found is not None else ""),
        label=_("See your request"),
    )


def _dormancy(scene: Scene, event: ReminderDue, to: Reader) -> Telling:
    step = scene.contract.dormancy_step
    yours = (step in (3, 5)) == (to.side == Side.CLIENT)
    outcome = {
        3: _("{freelancer} may ask to be paid {escrow}."),
        4: _("{escrow} goes back to {client}, and the contract ends."),
        5: _("{escrow} is released to {freelancer}, and the contract ends."),
    }
    return Telling(
        title=scene.say(_("{title} still waits for an answer about {escrow} in escrow")),
        may_do=_("Open the contract and answer.") if yours else nothing_to_do(),
        until=event.due_at,
        otherwise=scene.say(outcome.get(step, _("The next step follows."))),
        link=links.contract(scene.contract.reference),
        label=_("See Contract"),
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
