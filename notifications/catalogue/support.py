"""Notices about requests to customer support (P1–P6)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from contracts.enums import Side
from core.events import Event
from disputes import events as e
from notifications import links
from notifications.catalogue.base import SIDES, Entry, Spec, To
from notifications.scene import Reader, Scene, Telling, Where, nothing_to_do


def _see(scene: Scene, to: Reader) -> Where:
    found = scene.support
    reference = found.reference if found is not None else ""
    if to.side == Side.FREELANCER:
        return {"link": links.support_status(reference), "label": _("See your request")}
    if to.side == Side.CLIENT:
        return {"link": links.contract(scene.contract.reference), "label": _("See Contract")}
    return {"link": links.support_desk(reference), "label": _("Open the request")}


def _number(scene: Scene) -> str:
    return scene.support.number if scene.support is not None else ""


def _alert() -> str:
    return _("An alert comes to the support desk and repeats.")


def _received(scene: Scene, _event: e.SupportRequested, to: Reader) -> Telling:
    amount = scene.money(scene.support.amount) if scene.support is not None else ""
    about = {"request": _number(scene), "sum": amount}
    if to.side:
        return Telling(
            title=scene.say(_("Customer Support has your request {request} over {sum}"), **about),
            may_do=scene.say(_("Keep talking with {client}: you can still agree.")),
            otherwise=_("An agent reads it and answers, as a rule within two business days."),
            **_see(scene, to),
        )
    return Telling(
        title=scene.say(_("{freelancer} asks for a case: {request} over {sum}"), **about),
        may_do=_("Take it, ask for information, open a case, or decline with a reason."),
        until=_due(scene, "support_reply"),
        otherwise=_alert(),
        **_see(scene, to),
    )


def _asked(scene: Scene, _event: e.SupportAsked, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("Customer Support asks you something about {request}"), request=_number(scene)),
        may_do=_("Answer the question."),
        until=_due(scene, "support_info"),
        otherwise=_("Your request lapses. You may ask again."),
        **_see(scene, to),
    )


def _answered(scene: Scene, _event: e.SupportAnswered, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("{freelancer} answers your question about {request}"), request=_number(scene)),
        may_do=_("Read the answer, then open a case or decline with a reason."),
        until=_due(scene, "support_reply"),
        otherwise=_alert(),
        **_see(scene, to),
    )


def _declined(scene: Scene, _event: e.SupportDeclined, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("Customer Support does not open a case for {request}"), request=_number(scene)),
        may_do=_("Read why. You may ask a supervisor, once, to look again."),
        until=scene.support.review_until if scene.support is not None else None,
        otherwise=_("The decision stands. The money stays where it is, and your contract goes on."),
        **_see(scene, to),
    )


def _ended(scene: Scene, event: e.SupportEnded, to: Reader) -> Telling | None:
    outcome = event.outcome
    if to.side == Side.CLIENT:
        if outcome == "lapsed":
            return None
        return Telling(
            title=scene.say(_("A request to Customer Support about {title} is over")),
            details=_("It was withdrawn.") if outcome == "withdrawn" else _("It is no longer needed."),
            **_see(scene, to),
        )
    title, more = {
        "withdrawn": (_("You withdrew {request}"), _("The money named in it is free again.")),
        "moot": (_("{request} is no longer needed"), _("What happened on the contract since then settles it.")),
        "lapsed": (_("{request} has lapsed"), _("The question of Customer Support was not answered in time.")),
    }[outcome]
    return Telling(
        title=scene.say(title, request=_number(scene)),
        may_do=_("You may ask again while the contract is active.") if outcome == "lapsed" else nothing_to_do(),
        details=more,
        **_see(scene, to),
    )


def _review_asked(scene: Scene, _event: e.SupportReviewAsked, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("{freelancer} asks for another look at {request}"), request=_number(scene)),
        may_do=_("Uphold the decision, or send the request back to the desk."),
        until=_due(scene, "support_review"),
        otherwise=_("This notice comes again."),
        **_see(scene, to),
    )


def _reviewed(scene: Scene, event: e.SupportReviewed, to: Reader) -> Telling:
    if event.outcome == "upheld":
        return Telling(
            title=scene.say(_("A supervisor upholds the decision on {request}"), request=_number(scene)),
            may_do=_("Read the reason."),
            otherwise=_("The decision stands."),
            **_see(scene, to),
        )
    return Telling(
        title=scene.say(_("A supervisor sends back {request}"), request=_number(scene)),
        may_do=_("An agent works on it again."),
        otherwise=_("The request is in review again."),
        **_see(scene, to),
    )


def _overdue(scene: Scene, event: e.SupportOverdue, to: Reader) -> Telling:
    late = (
        _("{request} has no review yet, and its time is over")
        if "review" in event.what
        else _("{request} has no first reply yet, and its time is over")
    )
    return Telling(
        title=scene.say(late, request=_number(scene)),
        may_do=_("Answer now, or give it to somebody who can."),
        otherwise=_("This notice comes again until somebody acts."),
        **_see(scene, to),
    )


def _due(scene: Scene, kind: str) -> datetime | None:
    return scene.due(kind, scene.support.pk) if scene.support is not None else None


STAFF = (To.SUPPORT,)
CATALOGUE: dict[type[Event], Entry] = {
    e.SupportRequested: Entry(
        (Spec("support_received", (To.FREELANCER,), _received), Spec("support_queue", STAFF, _received))
    ),
    e.SupportAsked: Entry((Spec("support_needs_info", (To.FREELANCER,), _asked),)),
    e.SupportAnswered: Entry((Spec("support_queue", STAFF, _answered),)),
    e.SupportDeclined: Entry((Spec("support_declined", (To.FREELANCER,), _declined),)),
    e.SupportEnded: Entry((Spec("support_ended", SIDES, _ended),)),
    e.SupportReviewAsked: Entry((Spec("support_queue", (To.SUPERVISORS,), _review_asked),)),
    e.SupportReviewed: Entry(
        (Spec("support_reviewed", (To.FREELANCER,), _reviewed), Spec("support_queue", STAFF, _reviewed))
    ),
    e.SupportOverdue: Entry((Spec("desk_alert", (To.SUPPORT, To.SUPERVISORS), _overdue),)),
}
