"""Notices about disputes, evidence, messages (D1–D10)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from contracts.enums import Ground, Side
from core.events import Event
from disputes import events as e
from disputes.enums import Audience, Confidentiality, Disposition, Route
from notifications import links
from notifications.catalogue.base import SIDES, Entry, Post, Spec, To
from notifications.scene import Reader, Scene, Telling, Where


def see(scene: Scene, to: Reader) -> Where:
    """The dispute's page: the parties' own, or the desk's."""
    reference = scene.case.reference
    if to.side:
        return {"link": links.dispute(reference), "label": _("See Dispute")}
    return {"link": links.desk_case(reference), "label": _("Open the case")}


def may_answer_claim() -> str:
    """What the client may do about a claim."""
    return _("Pay in full, offer a part, or say why you do not agree and add evidence.")


def _runs_on() -> str:
    return _("Mediation runs on, up to 21 days.")


# --- D1 and the end ----------------------------------------------------------------


def _opened(scene: Scene, event: e.DisputeFiled, to: Reader) -> Telling:
    amount = scene.money(event.amount)
    return Telling(
        title=scene.say(_("{freelancer} disputes {sum}: {number}"), sum=amount),
        may_do=may_answer_claim(),
        until=scene.due("client_answer"),
        otherwise=scene.say(
            _("The specialist tries to reach you. Without any reaction {sum} can go to {freelancer}."), sum=amount
        ),
        details=scene.say(
            _("About {title}. {sum} stays in escrow until it is over. Mediation takes up to 21 days."), sum=amount
        ),
        **see(scene, to),
    )


def _filed(scene: Scene, event: e.DisputeFiled, to: Reader) -> Telling:
    title = (
        _("Customer Support opened dispute {number} over {sum}")
        if event.route == Route.ACTIVE
        else _("You filed dispute {number} over {sum}")
    )
    return Telling(
        title=scene.say(title, sum=scene.money(event.amount)),
        may_do=scene.say(_("Add evidence, update your claim, make an offer. {client} is asked to answer.")),
        until=scene.due("mediation_end"),
        otherwise=_(
            "Mediation runs on, up to 21 days. Without an agreement by then, both sides receive a Notice of"
            " Non-Resolution and the money stays in escrow."
        ),
        details=scene.say(_("About {title}.")),
        **see(scene, to),
    )


def _waits(scene: Scene, _event: e.DisputeFiled, to: Reader) -> Telling | None:
    """The queue: only when nobody could be assigned in the same breath."""
    if scene.case.specialist_id is not None:
        return None
    return Telling(
        title=scene.say(_("{number} waits for a specialist")),
        may_do=_("Assign a specialist without a conflict."),
        until=scene.due("assign_alert"),
        otherwise=_("This notice comes again every day. All clocks of the case run on."),
        **see(scene, to),
    )


def _why_ended(ground: Ground) -> str:
    return {
        Ground.CLIENT_ACCEPT_DISPUTE: _("{client} accepted the dispute in full."),
        Ground.JOINT_SETTLEMENT: _("Both sides agreed."),
        Ground.RECOMMENDATION_ACCEPTED: _("Both sides accepted the recommendation."),
        Ground.CLIENT_UNRESPONSIVE: _("{client} did not respond to the attempts to make contact."),
        Ground.FREELANCER_UNRESPONSIVE: _("{freelancer} did not respond to the attempts to make contact."),
        Ground.DISPUTE_WITHDRAWN: _("{freelancer} withdrew the dispute."),
        Ground.ARB_NONE_PAID: _("Neither side took part in arbitration."),
        Ground.ARB_ONE_PAID: _("Only one side took part in arbitration."),
        Ground.AWARD: _("The arbitrator’s award is carried out. It is final."),
        Ground.FRAUD_ORDER: _("Two admins of the marketplace ordered it, with a reason."),
        Ground.COURT_ORDER: _("A court’s order is carried out."),
    }[ground]


def _resolved_title(side: str, *, stays: bool) -> str:
    if side == Side.FREELANCER:
        return (
            _("{number} is closed: {for_f} goes to you, {for_c} stays in escrow")
            if stays
            else _("{number} is closed: {for_f} goes to you, {for_c} to {client}")
        )
    if side == Side.CLIENT:
        return (
            _("{number} is closed: {for_c} stays in escrow, {for_f} to {freelancer}")
            if stays
            else _("{number} is closed: {for_c} goes to you, {for_f} to {freelancer}")
        )
    return (
        _("{number} is closed: {for_f} to {freelancer}, {for_c} stays in escrow")
        if stays
        else _("{number} is closed: {for_f} to {freelancer}, {for_c} to {client}")
    )


def _resolved(scene: Scene, event: e.DisputeResolved, to: Reader) -> Telling:
    stays = _stays(scene, event)
    more = [scene.say(_why_ended(Ground(event.ground)))]
    if to.side == Side.FREELANCER and event.to_freelancer:
        more.append(
            scene.say(
                _("{net} reaches your balance, after the service fee and the security hold."),
                net=scene.net(event.to_freelancer),
            )
        )
    if to.side == Side.CLIENT and event.to_client and not stays:
        more.append(_("Your money is on its way."))
    return Telling(
        title=scene.say(
            _resolved_title(to.side, stays=stays),
            for_f=scene.money(event.to_freelancer),
            for_c=scene.money(event.to_client),
        ),
        details=" ".join(more),
        otherwise=_("The outcome stands."),
        **see(scene, to),
    )


# --- statements and evidence --------------------------------------------------------


def _answered(scene: Scene, _event: e.ClientAnswered, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("{client} answers the claim in {number}")),
        may_do=_("Read the answer. You can make an offer, add evidence or update your claim.")
        if to.side
        else _("Read the answer, and work with both sides."),
        until=scene.due("mediation_end"),
        otherwise=_runs_on(),
        **see(scene, to),
    )


def _updated(scene: Scene, event: e.StatementUpdated, to: Reader) -> Telling | None:
    if to.side == event.side:
        return None
    changed = event.side == Side.FREELANCER and event.amount != event.old_amount
    if changed:
        title = scene.say(
            _("{freelancer} updates the claim in {number}, from {old} to {new}"),
            old=scene.money(event.old_amount),
            new=scene.money(event.amount),
        )
    elif event.side == Side.FREELANCER:
        title = scene.say(_("{freelancer} updates the claim in {number}"))
    else:
        title = scene.say(_("{client} updates the answer in {number}"))
    return Telling(
        title=title,
        may_do=_("Read what is new: every version is kept."),
        otherwise=_("Mediation runs on. An offer that was open has ended.") if changed else _runs_on(),
        **see(scene, to),
    )


def _evidence(scene: Scene, event: e.EvidenceAdded, to: Reader) -> Telling | None:
    found = scene.evidence
    secret = found is None or found.confidentiality != Confidentiality.SHARED
    if to.side == event.side or (secret and to.side):
        return None
    title = (
        _("{name} adds {exhibit} in {number}")
        if found is not None and found.exhibit
        else _("{name} adds evidence for the specialist only in {number}")
    )
    return Telling(
        title=scene.say(
            title,
            name=scene.name(event.side),
            exhibit=f"E-{found.exhibit}" if found is not None else "",
        ),
        may_do=_("Look at it. You can answer with a message or with evidence of your own.")
        if to.side
        else _("Read it."),
        otherwise=_("It is part of the case either way."),
        **see(scene, to),
    )


def _asked(scene: Scene, _event: e.EvidenceRequested, to: Reader) -> Telling | None:
    found = scene.evidence_request
    if found is None or found.asked_of not in (to.side, "both"):
        return None
    return Telling(
        title=scene.say(_("{specialist} asks you for evidence in {number}")),
        may_do=_("Answer in words, with files, or both."),
        until=found.due_at or scene.due("mediation_end"),
        otherwise=_("The specialist goes on with what is in the case."),
        **see(scene, to),
    )


def _evidence_answered(scene: Scene, event: e.EvidenceAnswered, to: Reader) -> Telling | None:
    if to.side == event.side:
        return None
    return Telling(
        title=scene.say(_("{name} answers the specialist’s question in {number}"), name=scene.name(event.side)),
        may_do=_("Read it on the case’s page."),
        **see(scene, to),
    )


# --- messages -------------------------------------------------------------------------


def _case_message(scene: Scene, event: e.CaseMessagePosted, to: Reader) -> Telling | None:
    """To those who may read it. No text: mail is not a safe place for what is said in mediation."""
    private = event.audience != Audience.EVERYONE
    if private and to.side and to.side != event.audience:
        return None
    if scene.sender is None or (to.side and to.side == _side_of_sender(scene)):
        return None
    return Telling(
        title=scene.say(
            _("{name} writes to you privately in {number}") if private else _("{name} writes in {number}"),
            name=scene.sender.name,
        ),
        may_do=_("Read and answer on the case’s page."),
        otherwise=_("Nothing changes, and the clocks run on."),
        details=_("The other side sees that there is a private message, when, and what for; never what it says.")
        if private
        else "",
        **see(scene, to),
    )


def _private_elsewhere(scene: Scene, event: e.CaseMessagePosted, to: Reader) -> Telling | None:
    """The other side learns that there was one, when, and what for (pain 7). Never the text."""
    found = scene.case_message
    if event.audience in (Audience.EVERYONE, to.side) or found is None or scene.sender is None:
        return None
    whom = scene.name(event.audience)
    by_party = bool(_side_of_sender(scene))
    return Telling(
        title=scene.say(
            _("{writer} wrote to {reader} privately in {number}"),
            writer=whom if by_party else scene.sender.name,
            reader=scene.specialist if by_party else whom,
        ),
        may_do=_("This is normal in mediation, and open to you as well: you can write privately, too."),
        otherwise=_("Nothing is decided by it. Evidence from it is shown to you before anybody relies on it."),
        details=scene.say(_("What for: {purpose}"), purpose=found.purpose),
        **see(scene, to),
    )


def _side_of_sender(scene: Scene) -> str:
    found = scene.case_message
    role = found.sender_role if found is not None else ""
    return role if role in Side.values else ""


def _filed_post(scene: Scene, event: e.DisputeFiled) -> Post:
    body = (
        _(
            "Customer Support opened dispute {number} over {sum}. The money stays in escrow until it is over."
            " Messages here can be read by the mediation specialist."
        )
        if event.route == Route.ACTIVE
        else _(
            "{freelancer} opened dispute {number} over {sum}. The money stays in escrow until it is over."
            " Messages here can be read by the mediation specialist."
        )
    )
    return Post(scene.say(body, sum=scene.money(event.amount)), links.dispute(scene.case.reference), _("See Dispute"))


def _stays(scene: Scene, event: e.DisputeResolved) -> bool:
    found = getattr(scene.case, "resolution", None)
    return bool(event.to_client and found is not None and found.disposition == Disposition.RETURN)


def _resolved_post(scene: Scene, event: e.DisputeResolved) -> Post:
    body = (
        _("Dispute {number} is closed: {for_f} to {freelancer}, {for_c} stays in escrow.")
        if _stays(scene, event)
        else _("Dispute {number} is closed: {for_f} to {freelancer}, {for_c} to {client}.")
    )
    return Post(
        scene.say(body, for_f=scene.money(event.to_freelancer), for_c=scene.money(event.to_client)),
        links.dispute(scene.case.reference),
        _("See Dispute"),
    )


CATALOGUE: dict[type[Event], Entry] = {
    e.DisputeFiled: Entry(
        (
            Spec("dispute_opened", (To.CLIENT,), _opened),
            Spec("dispute_filed", (To.FREELANCER,), _filed),
            Spec("desk_alert", (To.SUPERVISORS,), _waits),
        ),
        _filed_post,
    ),
    e.DisputeResolved: Entry(
        (Spec("case_closed", SIDES, _resolved), Spec("desk_case", (To.SPECIALIST,), _resolved)), _resolved_post
    ),
    e.ClientAnswered: Entry(
        (Spec("client_answered", (To.FREELANCER,), _answered), Spec("desk_case", (To.SPECIALIST,), _answered))
    ),
    e.StatementUpdated: Entry(
        (Spec("statement_updated", SIDES, _updated), Spec("desk_case", (To.SPECIALIST,), _updated))
    ),
    e.EvidenceAdded: Entry((Spec("evidence_added", SIDES, _evidence), Spec("desk_case", (To.SPECIALIST,), _evidence))),
    e.EvidenceRequested: Entry((Spec("evidence_requested", SIDES, _asked),)),
    e.EvidenceAnswered: Entry(
        (
            Spec("evidence_answered", SIDES, _evidence_answered),
            Spec("desk_case", (To.SPECIALIST,), _evidence_answered),
        )
    ),
    e.CaseMessagePosted: Entry(
        (
            Spec("case_message", SIDES, _case_message),
            Spec("desk_case", (To.SPECIALIST,), _case_message),
            Spec("private_message", SIDES, _private_elsewhere),
        )
    ),
}
NO_NOTICE: dict[type[Event], str] = {
    e.StageChanged: "Each stage begins with a notice of its own.",
    e.DisputeEvent: "Only a base.",
    e.OfferEvent: "Only a base.",
    e.SupportEvent: "Only a base.",
}
