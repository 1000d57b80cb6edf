"""Notices about refund requests (R1–R8)."""

from __future__ import annotations

from typing import Any

from contracts import events as e
from contracts.enums import Side
from core.events import Event
from notifications import links
from notifications.catalogue.base import SIDES, Entry, Post, Spec, To
from notifications.scene import Reader, Scene, Telling, Where


def _request(scene: Scene) -> Where:
    return {"link": links.refund_request(scene.contract.reference), "label": "See Request"}


def _refund_requested(scene: Scene, event: e.RefundRequested, to: Reader) -> Telling:
    amount = scene.money(event.amount)
    until = scene.request.due_at if scene.request is not None else None
    if to.side == Side.CLIENT:
        return Telling(
            title=f"Your refund request for {amount} is open",
            may_do="Pay more and ask for less back, or withdraw the request by paying it all.",
            until=until,
            otherwise=f"{amount} comes back to you, unless {scene.freelancer} files a dispute in time.",
            details=f"{scene.freelancer} has 7 days to answer. You ended {scene.title}.",
            **_request(scene),
        )
    return Telling(
        title=f"{scene.client} ends the contract and asks for {amount} back",
        may_do="Approve the request, or do not approve it and file a dispute, or propose a different split.",
        until=until,
        otherwise=f"{amount} goes back to {scene.client} in full, and the contract closes.",
        details=f"About {scene.title}. You have 7 days.",
        **_request(scene),
    )


def _reduced(scene: Scene, event: e.RefundReduced, to: Reader) -> Telling:
    paid, amount = scene.money(event.paid), scene.money(event.amount)
    until = scene.request.due_at if scene.request is not None else None
    if to.side == Side.CLIENT:
        return Telling(
            title=f"You paid {paid} more and ask for {amount} back",
            until=until,
            otherwise=f"{amount} comes back to you, unless {scene.freelancer} files a dispute in time.",
            **_request(scene),
        )
    return Telling(
        title=f"{scene.client} pays {paid} more and asks for {amount} back",
        may_do="Approve the request, or do not approve it and file a dispute, or propose a different split.",
        until=until,
        otherwise=f"{amount} goes back to {scene.client} in full. The 7 days run on unchanged.",
        **_request(scene),
    )


def _split_proposed(scene: Scene, _event: e.SplitProposed, to: Reader) -> Telling | None:
    found, request = scene.proposal, scene.request
    if found is None or request is None:
        return None
    keep, back, asked = scene.money(found.keep), scene.money(found.give_back), scene.money(request.amount)
    if to.side == Side.CLIENT:
        return Telling(
            title=f"{scene.freelancer} proposes: {back} back to you, {keep} stays",
            may_do="Accept the split, or decline it.",
            until=request.due_at,
            otherwise=f"The 7 days run on: {asked} comes back to you, unless {scene.freelancer} files a dispute.",
            link=_request(scene)["link"],
            label="Respond",
        )
    return Telling(
        title=f"Your proposal is sent: you keep {keep}, {back} goes back",
        may_do="You can still approve the request or file a dispute. This proposal does not stop the clock.",
        until=request.due_at,
        otherwise=f"{asked} goes back to {scene.client} in full, unless {scene.client} accepts your proposal in time.",
        **_request(scene),
    )


def _split_declined(scene: Scene, _event: e.SplitDeclined, _to: Reader) -> Telling | None:
    request = scene.request
    if request is None:
        return None
    return Telling(
        title=f"{scene.client} declines the split you proposed",
        may_do="Approve the request, file a dispute, or propose another split.",
        until=request.due_at,
        otherwise=f"{scene.money(request.amount)} goes back to {scene.client} in full.",
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
        title = f"{scene.freelancer} approves your refund request: {back} is on its way to you"
    else:
        title = f"You approved the refund request: {back} goes back to {scene.client}"
    return Telling(title=title, details=f"{scene.title} is closed.", **_request(scene))


def _expired(scene: Scene, event: e.RefundClosed, to: Reader) -> Telling:
    back = scene.money(event.to_client)
    if to.side == Side.CLIENT:
        return Telling(
            title=f"The 7 days are over: {back} is on its way to you",
            details=f"{scene.freelancer} did not answer your refund request. {scene.title} is closed.",
            **_request(scene),
        )
    return Telling(
        title=f"The 7 days are over: {back} goes back to {scene.client}",
        details="The refund request was not answered in time. After 7 days without an answer the money goes back to the"
        f" client, and this is final. {scene.title} is closed.",
        **_request(scene),
    )


def _withdrawn(scene: Scene, event: e.RefundClosed, to: Reader) -> Telling:
    amount = scene.money(event.to_freelancer)
    if to.side == Side.CLIENT:
        title, more = f"You withdrew the refund request: {amount} is released to {scene.freelancer}", ""
    else:
        title = f"{scene.client} withdraws the refund request: {amount} is released to you"
        more = f"{scene.net(event.to_freelancer)} of it reaches your balance, after the service fee."
    return Telling(title=title, details=more, **_request(scene))


def _split(scene: Scene, event: e.RefundClosed, to: Reader) -> Telling:
    keep, back = scene.money(event.to_freelancer), scene.money(event.to_client)
    if to.side == Side.CLIENT:
        title = f"You agreed: {back} is on its way to you, {keep} goes to {scene.freelancer}"
    else:
        title = f"{scene.client} accepts your split: {keep} for you, {back} back"
    more = f"{scene.net(event.to_freelancer)} reaches the freelancer’s balance, after the service fee."
    return Telling(title=title, details=more, **_request(scene))


def _disputed(scene: Scene, event: e.RefundClosed, to: Reader) -> Telling | None:
    """The dispute has its own notice; only an uncontested part is told here."""
    if not event.to_client:
        return None
    back = scene.money(event.to_client)
    if to.side == Side.CLIENT:
        return Telling(
            title=f"{back} of the refund you asked for is on its way to you",
            details=f"{scene.freelancer} disputes the rest.",
            **_request(scene),
        )
    return Telling(title=f"{back} that you do not dispute goes back to {scene.client}", **_request(scene))


_CLOSED = {
    "accepted": _accepted,
    "expired": _expired,
    "withdrawn": _withdrawn,
    "split": _split,
    "disputed": _disputed,
}


def _closed_post(scene: Scene, event: e.RefundClosed) -> Post | None:
    back, kept = scene.money(event.to_client), scene.money(event.to_freelancer)
    body = {
        "accepted": f"{scene.freelancer} approved the refund request. {back} goes back to {scene.client}.",
        "expired": f"The 7 days to answer the refund request are over. {back} goes back to {scene.client}.",
        "withdrawn": f"{scene.client} withdrew the refund request. {kept} goes to {scene.freelancer}.",
        "split": f"Both agreed on a split: {kept} to {scene.freelancer}, {back} back to {scene.client}.",
        "disputed": "",
    }[event.outcome]
    return Post(body, **_request(scene)) if body else None


CATALOGUE: dict[type[Event], Entry] = {
    e.RefundRequested: Entry(
        (Spec("refund_requested", SIDES, _refund_requested),),
        lambda s, ev: Post(
            f"{s.client} asks for {s.money(ev.amount)} back from escrow. {s.freelancer} has 7 days to answer;"
            f" without an answer {s.money(ev.amount)} goes back in full.",
            **_request(s),
        ),
    ),
    e.RefundReduced: Entry(
        (Spec("refund_reduced", SIDES, _reduced),),
        lambda s, ev: Post(
            f"{s.client} paid {s.money(ev.paid)} more and asks for {s.money(ev.amount)} back.", **_request(s)
        ),
    ),
    e.SplitProposed: Entry(
        (Spec("split_proposed", SIDES, _split_proposed),),
        lambda s, _e: Post(f"{s.freelancer} proposes a different split of the refund.", **_request(s)),
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
