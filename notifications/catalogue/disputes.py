"""Notices about disputes, evidence, messages, offers (D1–D12)."""

from __future__ import annotations

from contracts.enums import Ground, Side
from core.events import Event
from disputes import events as e
from disputes.enums import Audience, Confidentiality, Disposition, Route
from notifications import links
from notifications.catalogue.base import EVERYBODY, SIDES, Entry, Post, Spec, To
from notifications.scene import NOTHING_TO_DO, Reader, Scene, Telling, Where, Words


def see(scene: Scene, to: Reader) -> Where:
    """The dispute's page: the parties' own, or the desk's."""
    reference = scene.case.reference
    if to.side:
        return {"link": links.dispute(reference), "label": "See Dispute"}
    return {"link": links.desk_case(reference), "label": "Open the case"}


# --- D1 and the end ----------------------------------------------------------------


def _opened(scene: Scene, event: e.DisputeFiled, _to: Reader) -> Telling:
    amount = scene.money(event.amount)
    return Telling(
        title=f"{scene.freelancer} disputes {amount}: {scene.case.number}",
        may_do="Pay in full, offer a part, or say why you do not agree and add evidence.",
        until=scene.due("client_answer"),
        otherwise=f"The specialist tries to reach you. Without any reaction {amount} can go to {scene.freelancer}.",
        details=f"About {scene.title}. {amount} stays in escrow until it is over. Mediation takes up to 21 days.",
        link=links.dispute(scene.case.reference),
        label="See Dispute",
    )


def _filed(scene: Scene, event: e.DisputeFiled, _to: Reader) -> Telling:
    opened = event.route == Route.ACTIVE
    return Telling(
        title=f"{'Customer Support opened' if opened else 'You filed'} dispute {scene.case.number} over"
        f" {scene.money(event.amount)}",
        may_do=f"Add evidence, update your claim, make an offer. {scene.client} is asked to answer.",
        until=scene.due("mediation_end"),
        otherwise="Mediation runs on, up to 21 days. Without an agreement by then, both sides receive a Notice of"
        " Non-Resolution and the money stays in escrow.",
        details=f"About {scene.title}.",
        link=links.dispute(scene.case.reference),
        label="See Dispute",
    )


def _waits(scene: Scene, _event: e.DisputeFiled, to: Reader) -> Telling | None:
    """The queue: only when nobody could be assigned in the same breath."""
    if scene.case.specialist_id is not None:
        return None
    return Telling(
        title=f"{scene.case.number} waits for a specialist",
        may_do="Assign a specialist without a conflict.",
        until=scene.due("assign_alert"),
        otherwise="This notice comes again every day. All clocks of the case run on.",
        **see(scene, to),
    )


_ENDS = {
    Ground.CLIENT_ACCEPT_DISPUTE: "{c} accepted the dispute in full.",
    Ground.JOINT_SETTLEMENT: "Both sides agreed.",
    Ground.RECOMMENDATION_ACCEPTED: "Both sides accepted the recommendation.",
    Ground.CLIENT_UNRESPONSIVE: "{c} did not respond to the attempts to make contact.",
    Ground.FREELANCER_UNRESPONSIVE: "{f} did not respond to the attempts to make contact.",
    Ground.DISPUTE_WITHDRAWN: "{f} withdrew the dispute.",
    Ground.ARB_NONE_PAID: "Neither side took part in arbitration.",
    Ground.ARB_ONE_PAID: "Only one side took part in arbitration.",
    Ground.AWARD: "The arbitrator’s award is carried out. It is final.",
    Ground.FRAUD_ORDER: "Two admins of the marketplace ordered it, with a reason.",
    Ground.COURT_ORDER: "A court’s order is carried out.",
}


def _resolved(scene: Scene, event: e.DisputeResolved, to: Reader) -> Telling:
    freelancer, client = scene.money(event.to_freelancer), scene.money(event.to_client)
    why = _ENDS[Ground(event.ground)].format(f=scene.freelancer, c=scene.client)
    stays = _stays(scene, event)
    if to.side == Side.FREELANCER:
        result = f"{freelancer} goes to you, {client} {'stays in escrow' if stays else f'to {scene.client}'}"
    elif to.side == Side.CLIENT:
        result = f"{client} {'stays in escrow' if stays else 'goes to you'}, {freelancer} to {scene.freelancer}"
    else:
        result = f"{freelancer} to {scene.freelancer}, {client} {'stays in escrow' if stays else f'to {scene.client}'}"
    more = [why]
    if to.side == Side.FREELANCER and event.to_freelancer:
        more.append(
            f"{scene.net(event.to_freelancer)} reaches your balance, after the service fee and the security hold."
        )
    if to.side == Side.CLIENT and event.to_client and not stays:
        more.append("Your money is on its way.")
    return Telling(
        title=f"{scene.case.number} is closed: {result}",
        details=" ".join(more),
        otherwise="The outcome stands.",
        **see(scene, to),
    )


# --- statements and evidence --------------------------------------------------------


def _answered(scene: Scene, _event: e.ClientAnswered, to: Reader) -> Telling:
    return Telling(
        title=f"{scene.client} answers the claim in {scene.case.number}",
        may_do="Read the answer. You can make an offer, add evidence or update your claim."
        if to.side
        else "Read the answer, and work with both sides.",
        until=scene.due("mediation_end"),
        otherwise="Mediation runs on, up to 21 days.",
        **see(scene, to),
    )


def _updated(scene: Scene, event: e.StatementUpdated, to: Reader) -> Telling | None:
    if to.side == event.side:
        return None
    changed = event.side == Side.FREELANCER and event.amount != event.old_amount
    lowered = f", from {scene.money(event.old_amount)} to {scene.money(event.amount)}" if changed else ""
    what = "claim" if event.side == Side.FREELANCER else "answer"
    return Telling(
        title=f"{scene.name(event.side)} updates the {what} in {scene.case.number}{lowered}",
        may_do="Read what is new: every version is kept.",
        otherwise="Mediation runs on." + (" An offer that was open has ended." if changed else ""),
        **see(scene, to),
    )


def _evidence(scene: Scene, event: e.EvidenceAdded, to: Reader) -> Telling | None:
    found = scene.evidence
    secret = found is None or found.confidentiality != Confidentiality.SHARED
    if to.side == event.side or (secret and to.side):
        return None
    exhibit = f"E-{found.exhibit}" if found is not None and found.exhibit else "evidence for the specialist only"
    return Telling(
        title=f"{scene.name(event.side)} adds {exhibit} in {scene.case.number}",
        may_do="Look at it. You can answer with a message or with evidence of your own." if to.side else "Read it.",
        otherwise="It is part of the case either way.",
        **see(scene, to),
    )


def _asked(scene: Scene, _event: e.EvidenceRequested, to: Reader) -> Telling | None:
    found = scene.evidence_request
    if found is None or found.asked_of not in (to.side, "both"):
        return None
    return Telling(
        title=f"{scene.specialist} asks you for evidence in {scene.case.number}",
        may_do="Answer in words, with files, or both.",
        until=found.due_at or scene.due("mediation_end"),
        otherwise="The specialist goes on with what is in the case.",
        **see(scene, to),
    )


def _evidence_answered(scene: Scene, event: e.EvidenceAnswered, to: Reader) -> Telling | None:
    if to.side == event.side:
        return None
    return Telling(
        title=f"{scene.name(event.side)} answers the specialist’s question in {scene.case.number}",
        may_do="Read it on the case’s page.",
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
        title=f"{scene.sender.name} writes {'to you privately' if private else 'in'} {'in ' if private else ''}"
        f"{scene.case.number}",
        may_do="Read and answer on the case’s page.",
        otherwise="Nothing changes, and the clocks run on.",
        details="The other side sees that there is a private message, when, and what for; never what it says."
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
    wrote = (
        f"{scene.sender.name} wrote to {whom} privately"
        if not _side_of_sender(scene)
        else (f"{whom} wrote to {scene.specialist} privately")
    )
    return Telling(
        title=f"{wrote} in {scene.case.number}",
        may_do="This is normal in mediation, and open to you as well: you can write privately, too.",
        otherwise="Nothing is decided by it. Evidence from it is shown to you before anybody relies on it.",
        details=f"What for: {found.purpose}",
        **see(scene, to),
    )


def _side_of_sender(scene: Scene) -> str:
    found = scene.case_message
    role = found.sender_role if found is not None else ""
    return role if role in Side.values else ""


# --- offers -----------------------------------------------------------------------------


def _split_words(scene: Scene, to: Reader) -> str:
    offer = scene.offer
    if offer is None:
        return ""
    mine, theirs = scene.money(offer.to_freelancer), scene.money(offer.to_client)
    if to.side == Side.FREELANCER:
        return f"{mine} for you, {theirs} for {scene.client}"
    if to.side == Side.CLIENT:
        return f"{mine} for {scene.freelancer}, {theirs} for you"
    return f"{mine} for {scene.freelancer}, {theirs} for {scene.client}"


def _offered(*, counter: bool) -> Words:
    def words(scene: Scene, event: e.OfferMade, to: Reader) -> Telling | None:
        if event.counter != counter or to.side == event.side or scene.offer is None:
            return None
        if not to.side:
            return (
                None
                if event.side == "specialist"
                else Telling(
                    title=f"{scene.name(event.side)} makes an offer in {scene.case.number}",
                    until=scene.offer.expires_at,
                    otherwise="The offer ends, and mediation goes on.",
                    **see(scene, to),
                )
            )
        both = event.side == "specialist"
        net = scene.net(scene.offer.to_freelancer)
        return Telling(
            title=f"{scene.name(event.side)} {'suggests' if both else 'offers'}: {_split_words(scene, to)}",
            may_do="Accept it, decline it, or make an offer of your own.",
            until=scene.offer.expires_at,
            otherwise="The offer ends, and the dispute goes on as before.",
            details=(f"{net} would reach your balance, after the service fee. " if to.side == Side.FREELANCER else "")
            + (
                "It counts only when both sides accept; until then nobody learns what the other answered."
                if both
                else ""
            ),
            **see(scene, to),
        )

    return words


def _rejected(scene: Scene, event: e.OfferRejected, to: Reader) -> Telling | None:
    if to.side and event.side in Side.values and to.side != event.side:
        return None
    return Telling(
        title=f"The offer in {scene.case.number} is declined",
        may_do="Make another offer, or go on in another way.",
        until=scene.due("mediation_end"),
        otherwise="The dispute goes on as before.",
        **see(scene, to),
    )


def _offer_withdrawn(scene: Scene, event: e.OfferWithdrawn, to: Reader) -> Telling | None:
    if to.side == event.side:
        return None
    return Telling(
        title=f"{scene.name(event.side)} takes the offer in {scene.case.number} back",
        may_do="You can make an offer yourself." if to.side else NOTHING_TO_DO,
        otherwise="The dispute goes on as before.",
        **see(scene, to),
    )


def _offer_expired(scene: Scene, _event: e.OfferExpired, to: Reader) -> Telling:
    return Telling(
        title=f"The offer in {scene.case.number} has ended without an answer",
        may_do="You can make another offer." if to.side else NOTHING_TO_DO,
        otherwise="The dispute goes on as before.",
        **see(scene, to),
    )


def _filed_post(scene: Scene, event: e.DisputeFiled) -> Post:
    who = "Customer Support" if event.route == Route.ACTIVE else scene.freelancer
    return Post(
        f"{who} opened dispute {scene.case.number} over {scene.money(event.amount)}. The money stays in escrow"
        " until it is over. Messages here can be read by the mediation specialist.",
        links.dispute(scene.case.reference),
        "See Dispute",
    )


def _stays(scene: Scene, event: e.DisputeResolved) -> bool:
    found = getattr(scene.case, "resolution", None)
    return bool(event.to_client and found is not None and found.disposition == Disposition.RETURN)


def _resolved_post(scene: Scene, event: e.DisputeResolved) -> Post:
    where = "stays in escrow" if _stays(scene, event) else f"to {scene.client}"
    return Post(
        f"Dispute {scene.case.number} is closed: {scene.money(event.to_freelancer)} to {scene.freelancer},"
        f" {scene.money(event.to_client)} {where}.",
        links.dispute(scene.case.reference),
        "See Dispute",
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
    e.OfferMade: Entry(
        (
            Spec("offer_made", EVERYBODY, _offered(counter=False)),
            Spec("offer_countered", EVERYBODY, _offered(counter=True)),
        )
    ),
    e.OfferRejected: Entry((Spec("offer_ended", EVERYBODY, _rejected),)),
    e.OfferWithdrawn: Entry((Spec("offer_ended", EVERYBODY, _offer_withdrawn),)),
    e.OfferExpired: Entry((Spec("offer_ended", EVERYBODY, _offer_expired),)),
}
NO_NOTICE: dict[type[Event], str] = {
    e.StageChanged: "Each stage begins with a notice of its own.",
    e.DisputeEvent: "Only a base.",
    e.OfferEvent: "Only a base.",
    e.SupportEvent: "Only a base.",
}
