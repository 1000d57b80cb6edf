"""Notices about contracts, milestones, messages and payments (C)."""

from __future__ import annotations

from contracts import events as e
from contracts.enums import Ground, PaymentPurpose, Side
from core.events import Event
from notifications import links
from notifications.catalogue.base import SIDES, Entry, Post, Spec, To
from notifications.scene import NOTHING_TO_DO, Reader, Scene, Telling, Where


def _contract(scene: Scene) -> Where:
    return {"link": links.contract(scene.contract.reference), "label": "See Contract"}


def _post(scene: Scene, body: str) -> Post:
    return Post(body, **_contract(scene))


# --- C0–C7 -----------------------------------------------------------------------


def _started(scene: Scene, _event: e.ContractStarted, to: Reader) -> Telling:
    if to.side == Side.CLIENT:
        return Telling(
            title=f"{scene.freelancer} accepts your contract {scene.title}",
            may_do="Fund the first milestone. Work starts when its money is in escrow.",
            otherwise="Nothing is paid, and no work is due.",
            **_contract(scene),
        )
    return Telling(
        title=f"Your contract {scene.title} with {scene.client} begins",
        may_do="Start when the first milestone is funded.",
        otherwise="Nothing is due until money is in escrow.",
        **_contract(scene),
    )


def _funded(scene: Scene, event: e.MilestoneFunded, to: Reader) -> Telling:
    amount = scene.money(event.amount)
    if to.side == Side.CLIENT:
        return Telling(
            title=f"{amount} for {scene.work} is in escrow",
            may_do=f"{scene.freelancer} can start. {NOTHING_TO_DO}",
            otherwise="The money waits in escrow until you release it, or until one of you ends the contract.",
            **_contract(scene),
        )
    return Telling(
        title=f"{amount} for {scene.work} is in escrow",
        may_do="Start the work, and hand it in on the contract’s page.",
        otherwise=f"The money waits in escrow until {scene.client} releases it, or until one of you ends the contract.",
        **_contract(scene),
    )


def _funding_failed(scene: Scene, _event: e.FundingFailed, _to: Reader) -> Telling:
    return Telling(
        title=f"The payment for {scene.work} did not go through",
        may_do="Fund the milestone again, or pay another way.",
        otherwise="Nothing is in escrow for it, and no work is due.",
        **_contract(scene),
    )


def _handed_in(scene: Scene, event: e.WorkSubmitted, _to: Reader) -> Telling:
    return Telling(
        title=f"{scene.freelancer} hands in {scene.work}",
        may_do="Release the money, release a part of it, or ask for changes.",
        until=scene.due("review", event.milestone_id),
        otherwise=f"{scene.live} is released to {scene.freelancer}.",
        **_contract(scene),
    )


def _changes(scene: Scene, _event: e.ChangesRequested, _to: Reader) -> Telling:
    return Telling(
        title=f"{scene.client} asks for changes on {scene.work}",
        may_do="Read what is asked for, then hand in again.",
        otherwise="The money stays in escrow. The time to review starts anew when you hand in.",
        **_contract(scene),
    )


def _refused(scene: Scene, _event: e.ReleaseRefused, _to: Reader) -> Telling:
    return Telling(
        title=f"{scene.client} does not release the money for {scene.work}",
        may_do=f"Write to {scene.client} first. If that does not help, Customer Support can open a dispute.",
        otherwise=f"{scene.live} stays in escrow, and no clock runs.",
        link=links.contact_support(scene.contract.reference),
        label="What you can do",
    )


def _paid(scene: Scene, event: e.MilestonePaid, to: Reader) -> Telling:
    amount, net = scene.money(event.amount), scene.net(event.amount)
    why = "The time to review is over." if event.ground == Ground.REVIEW_TIMEOUT else ""
    if to.side == Side.CLIENT:
        return Telling(
            title=f"{amount} for {scene.work} is released to {scene.freelancer}",
            details=why,
            **_contract(scene),
        )
    return Telling(
        title=f"{amount} for {scene.work} is released to you",
        details=f"{why} {net} of it reaches your balance, after the service fee.".strip(),
        otherwise="The money becomes available when the security hold is over.",
        **_contract(scene),
    )


def _part(scene: Scene, event: e.PartlyReleased, to: Reader) -> Telling:
    released, carried = scene.money(event.released), scene.money(event.carried)
    if to.side == Side.CLIENT:
        return Telling(
            title=f"{released} is released to {scene.freelancer}; {carried} is carried over",
            otherwise=f"{carried} waits in escrow for a later milestone.",
            **_contract(scene),
        )
    return Telling(
        title=f"{scene.client} releases {released} and carries {carried} over",
        may_do=f"If the work is complete, write to {scene.client} first, then contact Customer Support:"
        " they can open a dispute about the remainder.",
        otherwise=f"{carried} waits in escrow for a later milestone. {scene.net(event.released)} reaches your balance.",
        link=links.contact_support(scene.contract.reference),
        label="Contact Customer Support",
    )


def _ended(scene: Scene, event: e.ContractEnded, to: Reader) -> Telling | None:
    left, paid = scene.money(event.left), scene.money(event.paid)
    if event.by == Side.FREELANCER:
        if to.side == Side.CLIENT:
            return Telling(
                title=f"{scene.freelancer} ends {scene.title}",
                details=f"{left} is on its way back to you." if event.left else "Nothing was in escrow.",
                **_contract(scene),
            )
        return Telling(
            title=f"You ended {scene.title}",
            details=f"{left} goes back to {scene.client}." if event.left else "Nothing was in escrow.",
            **_contract(scene),
        )
    if event.left and event.by == Side.CLIENT:
        return None  # the refund request that follows in the same breath says it all
    return Telling(
        title=f"{_ender(scene, event)} ends {scene.title}",
        details=" ".join(
            [f"{paid} is released to {scene.freelancer}."] * bool(event.paid)
            + [f"{left} goes back to {scene.client}."] * bool(event.left)
        ),
        **_contract(scene),
    )


def _ender(scene: Scene, event: e.ContractEnded) -> str:
    return scene.name(event.by) if event.by in Side.values else "The marketplace"


def _message(scene: Scene, event: e.MessagePosted, to: Reader) -> Telling | None:
    if to.side == event.side:
        return None
    writer = scene.sender.name if scene.sender is not None else scene.name(event.side)
    return Telling(
        title=f"{writer} writes to you about {scene.title}",
        may_do="Read and answer. What you write here can be read by a mediator if there is a dispute.",
        link=links.thread(scene.contract.reference),
        label="Read and answer",
    )


def _hold_over(scene: Scene, event: e.HoldOver, _to: Reader) -> Telling:
    return Telling(
        title=f"{scene.money(event.amount)} is available to you",
        may_do="Withdraw it whenever you like.",
        otherwise="It stays in your balance.",
        details=f"From {scene.title}.",
        **_contract(scene),
    )


def _arrived(scene: Scene, event: e.PayoutArrived, to: Reader) -> Telling | None:
    if to.side != event.side:
        return None
    return Telling(title=f"{scene.money(event.amount)} has arrived", details=f"From {scene.title}.", **_contract(scene))


def _stuck(scene: Scene, event: e.PayoutStuck, _to: Reader) -> Telling:
    return Telling(
        title=f"A payout of {scene.money(event.amount)} to {scene.name(event.side)} is not confirmed",
        may_do="Ask the payment provider, then confirm or pay out again.",
        otherwise="This notice comes again every 24 hours. The person reads “on its way” until then.",
        **_contract(scene),
    )


def _reversed(scene: Scene, event: e.PaymentReversed, _to: Reader) -> Telling:
    left = scene.money(event.unreleased)
    return Telling(
        title=f"The payment gateway reversed a payment of {scene.money(event.amount)}",
        may_do=f"{left} is in escrow and not frozen. Propose a fraud order; another admin has to approve it."
        if event.unreleased
        else "Nothing of it is left in escrow. Money that was released is not taken back.",
        otherwise="This notice comes again every 24 hours while unreleased money is not frozen."
        if event.unreleased
        else "Nothing moves by itself.",
        **_contract(scene),
    )


def _fee_failed(scene: Scene, event: e.PaymentSettled, to: Reader) -> Telling | None:
    """Milestones have their own notices; a fee that is received has one in arbitration."""
    if event.confirmed or event.purpose != PaymentPurpose.ARB_FEE or to.side != event.side:
        return None
    dispute = scene.contract.disputes.filter(state="non_resolution").first()
    if dispute is None:
        return None
    until = scene.due("election_end", dispute.pk)
    late = until is not None and until <= event.at
    return Telling(
        title=f"Your payment of {scene.money(event.amount)} for arbitration did not go through",
        may_do="The time to choose is over, so it cannot be paid again."
        if late
        else "Pay again before the time is over."
        if until is not None
        else "Pay again when you like: no time limit runs.",
        until=None if late else until,
        otherwise="Without a payment in time you take no part in arbitration."
        if until is not None
        else "The money stays in escrow until the case is settled or decided.",
        link=links.dispute_page(dispute.reference, "arbitration"),
        label="Pay again",
    )


# --- C10 ------------------------------------------------------------------------


def _dormant(scene: Scene, event: e.DormancyStepped, to: Reader) -> Telling | None:
    title = {
        1: f"Nothing has happened on {scene.title} for some time",
        2: f"Still nothing has happened on {scene.title}",
        3: f"What should become of {scene.escrow} in escrow for {scene.title}?",
        4: f"{scene.freelancer} may ask to be paid {scene.escrow} for {scene.title}",
        5: f"{scene.freelancer} asks to be paid {scene.escrow} for {scene.title}",
    }[event.step]
    mine, otherwise = _DORMANT[event.step]
    yours = (event.step in (3, 5)) == (to.side == Side.CLIENT) or event.step in (1, 2)
    return Telling(
        title=title,
        may_do=mine if yours else f"{NOTHING_TO_DO} Any message or act on the contract starts the count anew.",
        until=scene.due("dormancy", scene.contract.pk),
        otherwise=otherwise.format(f=scene.freelancer, c=scene.client, sum=scene.escrow),
        **_contract(scene),
    )


_WAKE = "Write a message, hand in work, release or end: any activity starts the count anew."
_DORMANT = {
    1: (_WAKE, "A second notice follows."),
    2: (_WAKE, "{c} is asked what should become of the money in escrow."),
    3: ("Pay the freelancer, or end the contract and ask for the money back.", "{f} may ask to be paid {sum}."),
    4: ("Ask to be paid.", "{sum} goes back to {c}, and the contract ends."),
    5: ("Pay, or refuse: refusing opens a refund request.", "{sum} is released to {f}, and the contract ends."),
}


CATALOGUE: dict[type[Event], Entry] = {
    e.ContractStarted: Entry(
        (Spec("contract_started", SIDES, _started),),
        lambda s, _e: _post(s, "The contract begins: both sides have agreed."),
    ),
    e.MilestoneFunded: Entry(
        (Spec("milestone_funded", SIDES, _funded),),
        lambda s, ev: _post(s, f"{s.money(ev.amount)} for {s.work} is in escrow."),
    ),
    e.FundingFailed: Entry((Spec("funding_failed", (To.CLIENT,), _funding_failed),)),
    e.WorkSubmitted: Entry(
        (Spec("work_submitted", (To.CLIENT,), _handed_in),),
        lambda s, _e: _post(s, f"{s.freelancer} handed in {s.work}."),
    ),
    e.ChangesRequested: Entry(
        (Spec("changes_requested", (To.FREELANCER,), _changes),),
        lambda s, _e: _post(s, f"{s.client} asked for changes on {s.work}."),
    ),
    e.ReleaseRefused: Entry(
        (Spec("release_refused", (To.FREELANCER,), _refused),),
        lambda s, _e: _post(s, f"{s.client} does not release the money for {s.work}."),
    ),
    e.MilestonePaid: Entry(
        (Spec("milestone_paid", SIDES, _paid),),
        lambda s, ev: _post(s, f"{s.money(ev.amount)} for {s.work} was released to {s.freelancer}."),
    ),
    e.PartlyReleased: Entry(
        (Spec("partly_released", SIDES, _part),),
        lambda s, ev: _post(
            s, f"{s.money(ev.released)} was released to {s.freelancer}; {s.money(ev.carried)} was carried over."
        ),
    ),
    e.ContractEnded: Entry(
        (Spec("contract_ended", SIDES, _ended),),
        lambda s, ev: _post(s, f"{_ender(s, ev)} ended the contract."),
    ),
    e.DormancyStepped: Entry((Spec("dormancy", SIDES, _dormant),)),
    e.MessagePosted: Entry((Spec("message_posted", SIDES, _message),)),
    e.PaymentSettled: Entry((Spec("payment_failed", SIDES, _fee_failed),)),
    e.HoldOver: Entry((Spec("money_moved", (To.FREELANCER,), _hold_over),)),
    e.PayoutArrived: Entry((Spec("money_moved", SIDES, _arrived),)),
    e.PayoutStuck: Entry((Spec("desk_alert", (To.ADMINS, To.SUPPORT), _stuck),)),
    e.PaymentReversed: Entry((Spec("desk_alert", (To.ADMINS,), _reversed),)),
}
NO_NOTICE: dict[type[Event], str] = {
    e.ContractClosed: "The act that emptied the escrow has been told.",
}
