"""Notices about mediation: the specialist, contact attempts, the recommendation (D2–D20)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from contracts.enums import Side
from core.events import Event
from disputes.enums import DisputeState
from mediation import events as e
from mediation.enums import Channel
from mediation.models import ContactAttempt, Objection, Recommendation
from notifications import links
from notifications.catalogue.base import EVERYBODY, SIDES, Entry, Post, Spec, To
from notifications.catalogue.disputes import see
from notifications.scene import Reader, Scene, Telling, Where, nothing_to_do


def _recommendation(scene: Scene) -> Where:
    return {
        "link": links.dispute_page(scene.case.reference, "recommendation"),
        "label": _("See the recommendation"),
    }


def _daily() -> str:
    return _("This notice comes again every day.")


def _assigned(scene: Scene, event: e.SpecialistAssigned, to: Reader) -> Telling:
    if not to.side:
        return Telling(
            title=scene.say(_("{number} is yours")),
            may_do=_("Read it, declare that you have no conflict, and write to both sides."),
            until=scene.due("reply_alert"),
            otherwise=_("The supervisors are told."),
            **see(scene, to),
        )
    until = _objection_until(scene, event, to)
    return Telling(
        title=scene.say(_("{specialist} takes over {number}") if event.again else _("{specialist} mediates {number}")),
        may_do=_("You may object once, with a reason. A supervisor decides.") if until else nothing_to_do(),
        until=until,
        otherwise=scene.say(_("{specialist} works with both sides. All clocks run on unchanged.")),
        details=_(
            "The mediation specialist is neutral, decides nothing about the money, and has no power over accounts."
        ),
        **see(scene, to),
    )


def _objection_until(scene: Scene, event: e.SpecialistAssigned, to: Reader) -> datetime | None:
    """D20: until when this side may object; None where it cannot any more."""
    case = scene.case
    if case.state != DisputeState.IN_MEDIATION or Objection.objects.filter(case__dispute=case, side=to.side).exists():
        return None
    until = case.policy.business_days_after(event.at, case.policy.objection_business_days)
    ends = scene.due("mediation_end")
    return min(until, ends) if ends is not None else until


def _unassigned(scene: Scene, _event: e.SpecialistUnassigned, to: Reader) -> Telling:
    if not to.side:
        return Telling(
            title=scene.say(_("{number} waits for another specialist")),
            may_do=_("Assign a specialist without a conflict."),
            until=scene.due("assign_alert"),
            otherwise=_daily(),
            **see(scene, to),
        )
    return Telling(
        title=scene.say(_("{number} gets another specialist")),
        otherwise=_("Another specialist takes over. All clocks run on unchanged."),
        **see(scene, to),
    )


def _attempt(scene: Scene, event: e.ContactAttempted, to: Reader) -> Telling | None:
    if to.side != event.side:
        return None
    found = scene.row(ContactAttempt, event.attempt_id)
    how = str(Channel(found.channel).label).lower() if found is not None else _("message")
    by_system = found is not None and found.by_system
    return Telling(
        title=scene.say(_("Evenhand tries to reach you about {number} ({how})"), how=how)
        if by_system
        else scene.say(_("{specialist} tries to reach you about {number} ({how})"), how=how),
        may_do=_("React: answer the claim, write a message, add evidence or make an offer."),
        until=scene.due("client_answer") if event.side == To.CLIENT else scene.due("mediation_end"),
        otherwise=scene.say(
            _("After {count} attempts without any reaction the case can be closed and the money can go to {name}."),
            count=str(scene.case.policy.contact_attempts_min),
            name=scene.other(event.side),
        ),
        details=found.words if found is not None else "",
        **see(scene, to),
    )


def _unresponsive(scene: Scene, event: e.UnresponsiveReady, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("{name} has not reacted in {number}: you may close it"), name=scene.name(event.side)),
        may_do=_("Check the conditions on the case’s page, then close the case as unresponsive, or recommend a split."),
        until=scene.due("mediation_end"),
        otherwise=_("The same happens at the end of the 21 days."),
        **see(scene, to),
    )


def _release(scene: Scene, _event: e.RecommendationWaits, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("A recommendation in {number} waits for your release")),
        may_do=_("Read it, then release it or say what has to change."),
        until=scene.due("release_alert"),
        otherwise=_("Neither side sees it. This notice comes again every day, and the 21 days run on."),
        **see(scene, to),
    )


def _issued(scene: Scene, event: e.RecommendationIssued, to: Reader) -> Telling:
    found = scene.row(Recommendation, event.recommendation_id)
    title = scene.say(_("{specialist} recommends in {number}"))
    if found is not None:
        mine, theirs = found.to_freelancer or 0, found.to_client or 0
        mine, theirs = (theirs, mine) if to.side == Side.CLIENT else (mine, theirs)
        title = scene.say(
            _("{specialist} recommends in {number}: {mine} for you, {theirs} for {name}"),
            mine=scene.money(mine),
            theirs=scene.money(theirs),
            name=scene.other(to.side),
        )
    return Telling(
        title=title,
        may_do=_(
            "Read the reasons, then accept or reject. It binds you only if both sides accept it."
            " The other side does not learn what you answered until both have, or one rejects."
        ),
        until=(found.answer_due_at if found is not None else None) or scene.due("recommendation_answer"),
        otherwise=_(
            "Silence counts as a rejection: both sides then receive a Notice of Non-Resolution,"
            " and the money stays in escrow."
        ),
        **_recommendation(scene),
    )


def _party_answered(scene: Scene, event: e.RecommendationAnswered, to: Reader) -> Telling | None:
    """That it was answered, never what (D14)."""
    if to.side == event.side:
        return None
    return Telling(
        title=scene.say(_("{name} has answered the recommendation in {number}"), name=scene.name(event.side)),
        may_do=_("Give your own answer: what the other side answered stays secret until then.")
        if to.side
        else nothing_to_do(),
        until=scene.due("recommendation_answer"),
        otherwise=_("Silence counts as a rejection.")
        if to.side
        else _("The answer stays secret until both have answered."),
        **(_recommendation(scene) if to.side else see(scene, to)),
    )


def _closed(scene: Scene, event: e.RecommendationClosed, to: Reader) -> Telling:
    """Nobody learns who rejected (N1)."""
    if event.outcome == "accepted":
        return Telling(
            title=scene.say(_("Both sides accept the recommendation in {number}")),
            otherwise=_("The money moves as recommended."),
            **(_recommendation(scene) if to.side else see(scene, to)),
        )
    return Telling(
        title=scene.say(_("The recommendation in {number} is not accepted by both sides")),
        may_do=_("Read the Notice of Non-Resolution that comes with this.") if to.side else nothing_to_do(),
        until=scene.due("election_end"),
        otherwise=_("The money stays in escrow. The notice says what comes next, and what happens if nobody acts."),
        **see(scene, to),
    )


def _period_over(scene: Scene, event: e.MediationFailed, to: Reader) -> Telling | None:
    if event.cause != "D17":
        return None
    return Telling(
        title=scene.say(_("The 21 days of {number} are over without an agreement")),
        may_do=_("Look at how it went, if you like."),
        otherwise=_("Both sides have the Notice of Non-Resolution."),
        **see(scene, to),
    )


def _impasse(scene: Scene, event: e.ImpasseDeclared, to: Reader) -> Telling | None:
    if to.side == event.side:
        return None
    return Telling(
        title=scene.say(
            _("{name} declares in {number} that you cannot agree")
            if to.side
            else _("{name} declares an impasse in {number}"),
            name=scene.name(event.side),
        ),
        may_do=_("Declare the same, and mediation ends at once with a Notice of Non-Resolution; or go on talking.")
        if to.side
        else _("Work with both sides."),
        until=scene.due("mediation_end"),
        otherwise=_("Mediation runs on. One side alone cannot end it."),
        **see(scene, to),
    )


def _objection(scene: Scene, event: e.ObjectionMade, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("You object to the specialist in {number}"))
        if to.side == event.side
        else scene.say(_("{name} objects to the specialist in {number}"), name=scene.name(event.side)),
        may_do=_("Decide, with a reason.") if not to.side else nothing_to_do(),
        until=None if to.side else scene.due("objection_alert"),  # the supervisor's clock, not the sides'
        otherwise=_("A supervisor decides. All clocks run on; no recommendation is issued meanwhile.")
        if to.side
        else _daily(),
        **see(scene, to),
    )


def _objection_decided(scene: Scene, event: e.ObjectionDecided, to: Reader) -> Telling:
    own = to.side == event.side
    where: Where = {"link": links.dispute_page(scene.case.reference, "object"), "label": _("Read the reason")}
    return Telling(
        title=scene.say(
            _("The objection in {number} is upheld") if event.upheld else _("The objection in {number} is dismissed")
        ),
        may_do=_("Read the reason of the decision.") if own else nothing_to_do(),
        otherwise=_("Another specialist takes over. All clocks run on.")
        if event.upheld
        else _("The specialist goes on. All clocks run on."),
        **(where if own else see(scene, to)),
    )


def _overdue(scene: Scene, event: e.StaffOverdue, to: Reader) -> Telling:
    late = {
        "assign": _("{number} has no specialist yet"),
        "reply": _("{number} has had no word from its specialist for two business days"),
        "objection": _("{number} has an objection that nobody has decided"),
        "release": _("{number} has a recommendation that nobody has released"),
    }
    found = next((words for what, words in late.items() if event.what.startswith(what)), None)
    return Telling(
        title=scene.say(found or _("{number} waits for the staff")),
        may_do=_("Act now, or give the case to somebody who can."),
        otherwise=_("This notice comes again until somebody acts. The clocks of both sides run on."),
        **see(scene, to),
    )


CATALOGUE: dict[type[Event], Entry] = {
    e.SpecialistAssigned: Entry(
        (Spec("specialist_assigned", SIDES, _assigned), Spec("desk_case", (To.SPECIALIST,), _assigned)),
        lambda s, _e: Post(
            s.say(_("{specialist} is the mediation specialist of dispute {number}.")),
            links.dispute(s.case.reference),
            _("See Dispute"),
        ),
    ),
    e.SpecialistUnassigned: Entry(
        (Spec("specialist_unassigned", SIDES, _unassigned), Spec("desk_alert", (To.SUPERVISORS,), _unassigned))
    ),
    e.ContactAttempted: Entry((Spec("contact_attempt", SIDES, _attempt),)),
    e.UnresponsiveReady: Entry((Spec("desk_case", (To.SPECIALIST,), _unresponsive),)),
    e.RecommendationWaits: Entry((Spec("desk_alert", (To.SUPERVISORS,), _release),)),
    e.RecommendationIssued: Entry((Spec("recommendation_issued", SIDES, _issued),)),
    e.RecommendationAnswered: Entry(
        (Spec("recommendation_answered", SIDES, _party_answered), Spec("desk_case", (To.SPECIALIST,), _party_answered))
    ),
    e.RecommendationClosed: Entry(
        (Spec("recommendation_result", SIDES, _closed), Spec("desk_case", (To.SPECIALIST,), _closed))
    ),
    e.MediationFailed: Entry((Spec("desk_case", (To.SUPERVISORS,), _period_over),)),
    e.ImpasseDeclared: Entry((Spec("impasse", EVERYBODY, _impasse),)),
    e.ObjectionMade: Entry((Spec("objection", SIDES, _objection), Spec("desk_alert", (To.SUPERVISORS,), _objection))),
    e.ObjectionDecided: Entry((Spec("objection", SIDES, _objection_decided),)),
    e.StaffOverdue: Entry((Spec("desk_alert", (To.SUPERVISORS, To.SPECIALIST), _overdue),)),
}
