"""Notices about requests to customer support (P1–P6)."""

from __future__ import annotations

from datetime import datetime

from contracts.enums import Side
from core.events import Event
from disputes import events as e
from notifications import links
from notifications.catalogue.base import SIDES, Entry, Spec, To
from notifications.scene import Reader, Scene, Telling, Where


def _see(scene: Scene, to: Reader) -> Where:
    found = scene.support
    reference = found.reference if found is not None else ""
    if to.side == Side.FREELANCER:
        return {"link": links.support_status(reference), "label": "See your request"}
    if to.side == Side.CLIENT:
        return {"link": links.contract(scene.contract.reference), "label": "See Contract"}
    return {"link": links.support_desk(reference), "label": "Open the request"}


def _number(scene: Scene) -> str:
    return scene.support.number if scene.support is not None else ""


def _received(scene: Scene, _event: e.SupportRequested, to: Reader) -> Telling:
    amount = scene.money(scene.support.amount) if scene.support is not None else ""
    if to.side:
        return Telling(
            title=f"Customer Support has your request {_number(scene)} over {amount}",
            may_do=f"Keep talking with {scene.client}: you can still agree.",
            until=_due(scene, "support_reply"),
            otherwise="An agent reads it and answers, as a rule within two business days.",
            **_see(scene, to),
        )
    return Telling(
        title=f"{scene.freelancer} asks for a case: {_number(scene)} over {amount}",
        may_do="Take it, ask for information, open a case, or decline with a reason.",
        until=_due(scene, "support_reply"),
        otherwise="An alert comes to the support desk and repeats.",
        **_see(scene, to),
    )


def _asked(scene: Scene, _event: e.SupportAsked, to: Reader) -> Telling:
    return Telling(
        title=f"Customer Support asks you something about {_number(scene)}",
        may_do="Answer the question.",
        until=_due(scene, "support_info"),
        otherwise="Your request lapses. You may ask again.",
        **_see(scene, to),
    )


def _answered(scene: Scene, _event: e.SupportAnswered, to: Reader) -> Telling:
    return Telling(
        title=f"{scene.freelancer} answers your question about {_number(scene)}",
        may_do="Read the answer, then open a case or decline with a reason.",
        until=_due(scene, "support_reply"),
        otherwise="An alert comes to the support desk and repeats.",
        **_see(scene, to),
    )


def _declined(scene: Scene, _event: e.SupportDeclined, to: Reader) -> Telling:
    return Telling(
        title=f"Customer Support does not open a case for {_number(scene)}",
        may_do="Read why. You may ask a supervisor, once, to look again.",
        until=scene.support.review_until if scene.support is not None else None,
        otherwise="The decision stands. The money stays where it is, and your contract goes on.",
        **_see(scene, to),
    )


def _ended(scene: Scene, event: e.SupportEnded, to: Reader) -> Telling | None:
    number = _number(scene)
    if to.side == Side.CLIENT:
        if event.outcome == "lapsed":
            return None
        return Telling(
            title=f"A request to Customer Support about {scene.title} is over",
            details="It was withdrawn." if event.outcome == "withdrawn" else "It is no longer needed.",
            **_see(scene, to),
        )
    title, more = {
        "withdrawn": (f"You withdrew {number}", "The money named in it is free again."),
        "moot": (f"{number} is no longer needed", "What happened on the contract since then settles it."),
        "lapsed": (f"{number} has lapsed", "The question of Customer Support was not answered in time."),
    }[event.outcome]
    return Telling(
        title=title,
        may_do="You may ask again while the contract is active."
        if event.outcome == "lapsed"
        else "There is nothing to do.",
        details=more,
        **_see(scene, to),
    )


def _review_asked(scene: Scene, _event: e.SupportReviewAsked, to: Reader) -> Telling:
    return Telling(
        title=f"{scene.freelancer} asks for another look at {_number(scene)}",
        may_do="Uphold the decision, or send the request back to the desk.",
        until=_due(scene, "support_review"),
        otherwise="This notice comes again.",
        **_see(scene, to),
    )


def _reviewed(scene: Scene, event: e.SupportReviewed, to: Reader) -> Telling:
    upheld = event.outcome == "upheld"
    return Telling(
        title=f"A supervisor {'upholds the decision on' if upheld else 'sends back'} {_number(scene)}",
        may_do="Read the reason." if upheld else "An agent works on it again.",
        otherwise="The decision stands." if upheld else "The request is in review again.",
        **_see(scene, to),
    )


def _overdue(scene: Scene, event: e.SupportOverdue, to: Reader) -> Telling:
    late = "has no review yet" if "review" in event.what else "has no first reply yet"
    return Telling(
        title=f"{_number(scene)} {late}, and its time is over",
        may_do="Answer now, or give it to somebody who can.",
        otherwise="This notice comes again until somebody acts.",
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
