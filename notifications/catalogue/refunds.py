"""Notices about refund requests (R1–R8)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from contracts import events as e
from contracts.enums import Side
from core.events import Event
from notifications import links
from notifications.catalogue.base import SIDES, Entry, Post, Spec, To
from notifications.scene import Reader, Scene, Telling, Where


def _request(scene: Scene) -> Where:
    return {"link": links.refund_request(scene.contract.reference), "label": _("See Request")}


def answers() -> str:
    """What the freelancer may do about an open request, in the order of its page."""
    return _("Approve the request, or do not approve it and file a dispute, or propose a different split.")


def _comes_back(scene: Scene, amount: str) -> str:
    return scene.say(_("{sum} comes back to you, unless {freelancer} files a dispute in time."), sum=amount)


def _refund_requested(scene: Scene, event: e.RefundRequested, to: Reader) -> Telling:
    amount = scene.money(event.amount)
    until = scene.request.due_at if scene.request is not None else None
    if to.side == Side.CLIENT:
        return Telling(
            title=scene.say(_("Your refund request for {sum} is open"), sum=amount),
            may_do=_("Pay more and ask for less back, or withdraw the request by paying it all."),
            until=until,
            otherwise=_comes_back(scene, amount),
            details=scene.say(_("{freelancer} has 7 days to answer. You ended {title}.")),
            **_request(scene),
        )
    return Telling(
        title=scene.say(_("{client} ends the contract and asks for {sum} back"), sum=amount),
        may_do=answers(),
        until=until,
        otherwise=scene.say(_("{sum} goes back to {client} in full, and the contract closes."), sum=amount),
        details=scene.say(_("About {title}. You have 7 days.")),
        **_request(scene),
    )


def _reduced(scene: Scene, event: e.RefundReduced, to: Reader) -> Telling:
    paid, amount = scene.money(event.paid), scene.money(event.amount)
    until = scene.request.due_at if scene.request is not None else None
    if to.side == Side.CLIENT:
        return Telling(
            title=scene.say(_("You paid {paid} more and ask for {sum} back"), paid=paid, sum=amount),
            until=until,
            otherwise=_comes_back(scene, amount),
            **_request(scene),
        )
    return Telling(
        title=scene.say(_("{client} pays {paid} more and asks for {sum} back"), paid=paid, sum=amount),
        may_do=answers(),
        until=until,
        otherwise=scene.say(_("{sum} goes back to {client} in full. The 7 days run on unchanged."), sum=amount),
        **_request(scene),
    )


def _split_proposed(scene: Scene, _event: e.SplitProposed, to: Reader) -> Telling | None:
    found, request = scene.proposal, scene.request
    if found is None or request is None:
        return None
    sums = {"keep": scene.money(found.keep), "back": scene.money(found.give_back)}
    asked = scene.money(request.amount)
    if to.side == Side.CLIENT:
        return Telling(
            title=scene.say(_("{freelancer} proposes: {back} back to you, {keep} stays"), **sums),
            may_do=_("Accept the split, or decline it."),
            until=request.due_at,
            otherwise=scene.say(
                _("The 7 days run on: {sum} comes back to you, unless {freelancer} files a dispute."), sum=asked
            ),
            link=_request(scene)["link"],
            label=_("Respond"),
        )
    return Telling(
        title=scene.say(_("Your proposal is sent: you keep {keep}, {back} goes back"), **sums),
        may_do=_("You can still approve the request or file a dispute. This proposal does not stop the clock."),
        until=request.due_at,
        otherwise=scene.say(
            _("{sum} goes back to {client} in full, unless {client} accepts your proposal in time."), sum=asked
        ),
        **_request(scene),
    )


def _split_declined(scene: Scene, _event: e.SplitDeclined, _to: Reader) -> Telling | None:
    request = scene.request
    if request is None:
        return None
    return Telling(
        title=scene.say(_("{client} declines the split you proposed")),
        may_do=_("Approve the request, file a dispute, or propose another split."),
        until=request.due_at,
        otherwise=scene.say(_("{sum} goes back to {client} in full."), sum=scene.money(request.amount)),
        **_request(scene),
    )


def _refund_closed(outcome: str) -> Any:
    def words(scene: Scene, event: e.RefundClosed, to: Reader) -> Telling | None:
        if event.outcome != outcome and not (outcome == "rest" and event.outcome in {"withdrawn", "split", "disputed"}):
            return None
        return _CLOSED[event.outcome](scene, event, to)

    return words


def _accepted(scene: Scene, event: e.RefundClosed, to: Reader) -> Telling:
    back = scene.money(event.to_client)
    if to.side == Side.CLIENT:
        title = scene.say(_("{freelancer} approves your refund request: {sum} is on its way to you"), sum=back)
    else:
        title = scene.say(_("You approved the refund request: {sum} goes back to {client}"), sum=back)
    return Telling(title=title, details=scene.say(_("{title} is closed.")), **_request(scene))


def _expired(scene: Scene, event: e.RefundClosed, to: Reader) -> Telling:
    back = scene.money(event.to_client)
    if to.side == Side.CLIENT:
        return Telling(
            title=scene.say(_("The 7 days are over: {sum} is on its way to you"), sum=back),
            details=scene.say(_("{freelancer} did not answer your refund request. {title} is closed.")),
            **_request(scene),
        )
    return Telling(
        title=scene.say(_("The 7 days are over: {sum} goes back to {client}"), sum=back),
        details=scene.say(
            _(
                "The refund request was not answered in time. After 7 days without an answer the money goes back to"
                " the client, and this is final. {title} is closed."
            )
        ),
        **_request(scene),
    )


def _withdrawn(scene: Scene, event: e.RefundClosed, to: Reader) -> Telling:
    amount = scene.money(event.to_freelancer)
    if to.side == Side.CLIENT:
        return Telling(
            title=scene.say(_("You withdrew the refund request: {sum} is released to {freelancer}"), sum=amount),
            **_request(scene),
        )
    return Telling(
        title=scene.say(_("{client} withdraws the refund request: {sum} is released to you"), sum=amount),
        details=scene.say(
            _("{net} of it reaches your balance, after the service fee."), net=scene.net(event.to_freelancer)
        ),
        **_request(scene),
    )


def _split(scene: Scene, event: e.RefundClosed, to: Reader) -> Telling:
    sums = {"keep": scene.money(event.to_freelancer), "back": scene.money(event.to_client)}
    net = scene.net(event.to_freelancer)
    if to.side == Side.CLIENT:
        return Telling(
            title=scene.say(_("You agreed: {back} is on its way to you, {keep} goes to {freelancer}"), **sums),
            **_request(scene),
        )
    return Telling(
        title=scene.say(_("{client} accepts your split: {keep} for you, {back} back"), **sums),
        details=scene.say(_("{net} reaches your balance, after the service fee."), net=net),
        **_request(scene),
    )


def _disputed(scene: Scene, event: e.RefundClosed, to: Reader) -> Telling | None:
    """The dispute has its own notice; only an uncontested part is told here."""
    if not event.to_client:
        return None
    back = scene.money(event.to_client)
    if to.side == Side.CLIENT:
        return Telling(
            title=scene.say(_("{sum} of the refund you asked for is on its way to you"), sum=back),
            details=scene.say(_("{freelancer} disputes the rest.")),
            **_request(scene),
        )
    return Telling(
        title=scene.say(_("{sum} that you do not dispute goes back to {client}"), sum=back), **_request(scene)
    )


_CLOSED = {
    "accepted": _accepted,
    "expired": _expired,
    "withdrawn": _withdrawn,
    "split": _split,
    "disputed": _disputed,
}


def _closed_post(scene: Scene, event: e.RefundClosed) -> Post | None:
    body = {
        "accepted": _("{freelancer} approved the refund request. {back} goes back to {client}."),
        "expired": _("The 7 days to answer the refund request are over. {back} goes back to {client}."),
        "withdrawn": _("{client} withdrew the refund request. {keep} goes to {freelancer}."),
        "split": _("Both agreed on a split: {keep} to {freelancer}, {back} back to {client}."),
        "disputed": "",
    }[event.outcome]
    if not body:
        return None
    back, keep = scene.money(event.to_client), scene.money(event.to_freelancer)
    return Post(scene.say(body, back=back, keep=keep), **_request(scene))


CATALOGUE: dict[type[Event], Entry] = {
    e.RefundRequested: Entry(
        (Spec("refund_requested", SIDES, _refund_requested),),
        lambda s, ev: Post(
            s.say(
                _(
                    "{client} asks for {sum} back from escrow. {freelancer} has 7 days to answer;"
                    " without an answer {sum} goes back in full."
                ),
                sum=s.money(ev.amount),
            ),
            **_request(s),
        ),
    ),
    e.RefundReduced: Entry(
        (Spec("refund_reduced", SIDES, _reduced),),
        lambda s, ev: Post(
            s.say(
                _("{client} paid {paid} more and asks for {sum} back."),
                paid=s.money(ev.paid),
                sum=s.money(ev.amount),
            ),
            **_request(s),
        ),
    ),
    e.SplitProposed: Entry(
        (Spec("split_proposed", SIDES, _split_proposed),),
        lambda s, _e: Post(s.say(_("{freelancer} proposes a different split of the refund.")), **_request(s)),
    ),
    e.SplitDeclined: Entry((Spec("split_declined", (To.FREELANCER,), _split_declined),)),
    e.RefundClosed: Entry(
        (
            Spec("refund_accepted", SIDES, _refund_closed("accepted")),
            Spec("refund_expired", SIDES, _refund_closed("expired")),
            Spec("refund_closed", SIDES, _refund_closed("rest")),
        ),
        _closed_post,
    ),
}
