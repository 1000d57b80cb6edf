"""Notices about contracts, milestones, messages and payments (C)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from contracts import events as e
from contracts.enums import Ground, PaymentPurpose, Side
from core.events import Event
from notifications import links
from notifications.catalogue.base import SIDES, Entry, Post, Spec, To
from notifications.scene import Reader, Scene, Telling, Where, nothing_to_do


def _contract(scene: Scene) -> Where:
    return {"link": links.contract(scene.contract.reference), "label": _("See Contract")}


def _post(scene: Scene, body: str) -> Post:
    return Post(body, **_contract(scene))


# --- C0–C7 -----------------------------------------------------------------------


def _started(scene: Scene, _event: e.ContractStarted, to: Reader) -> Telling:
    if to.side == Side.CLIENT:
        return Telling(
            title=scene.say(_("{freelancer} accepts your contract {title}")),
            may_do=_("Fund the first milestone. Work starts when its money is in escrow."),
            otherwise=_("Nothing is paid, and no work is due."),
            **_contract(scene),
        )
    return Telling(
        title=scene.say(_("Your contract {title} with {client} begins")),
        may_do=_("Start when the first milestone is funded."),
        otherwise=_("Nothing is due until money is in escrow."),
        **_contract(scene),
    )


def _funded(scene: Scene, event: e.MilestoneFunded, to: Reader) -> Telling:
    title = scene.say(_("{sum} for {work} is in escrow"), sum=scene.money(event.amount))
    if to.side == Side.CLIENT:
        return Telling(
            title=title,
            may_do=scene.say(_("{freelancer} can start. There is nothing you have to do.")),
            otherwise=_("The money waits in escrow until you release it, or until one of you ends the contract."),
            **_contract(scene),
        )
    return Telling(
        title=title,
        may_do=_("Start the work, and hand it in on the contract’s page."),
        otherwise=scene.say(
            _("The money waits in escrow until {client} releases it, or until one of you ends the contract.")
        ),
        **_contract(scene),
    )


def _funding_failed(scene: Scene, _event: e.FundingFailed, _to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("The payment for {work} did not go through")),
        may_do=_("Fund the milestone again, or pay another way."),
        otherwise=_("Nothing is in escrow for it, and no work is due."),
        **_contract(scene),
    )


def _handed_in(scene: Scene, event: e.WorkSubmitted, _to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("{freelancer} hands in {work}")),
        may_do=_("Release the money, release a part of it, or ask for changes."),
        until=scene.due("review", event.milestone_id),
        otherwise=scene.say(_("{live} is released to {freelancer}.")),
        **_contract(scene),
    )


def _changes(scene: Scene, _event: e.ChangesRequested, _to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("{client} asks for changes on {work}")),
        may_do=_("Read what is asked for, then hand in again."),
        otherwise=_("The money stays in escrow. The time to review starts anew when you hand in."),
        **_contract(scene),
    )


def _refused(scene: Scene, _event: e.ReleaseRefused, _to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("{client} does not release the money for {work}")),
        may_do=scene.say(_("Write to {client} first. If that does not help, Customer Support can open a dispute.")),
        otherwise=scene.say(_("{live} stays in escrow, and no clock runs.")),
        link=links.contact_support(scene.contract.reference),
        label=_("What you can do"),
    )


def _paid(scene: Scene, event: e.MilestonePaid, to: Reader) -> Telling:
    amount, net = scene.money(event.amount), scene.net(event.amount)
    why = _("The time to review is over.") if event.ground == Ground.REVIEW_TIMEOUT else ""
    if to.side == Side.CLIENT:
        return Telling(
            title=scene.say(_("{sum} for {work} is released to {freelancer}"), sum=amount),
            details=why,
            **_contract(scene),
        )
    reaches = scene.say(_("{net} of it reaches your balance, after the service fee."), net=net)
    return Telling(
        title=scene.say(_("{sum} for {work} is released to you"), sum=amount),
        details=f"{why} {reaches}",
        otherwise=_("The money becomes available when the security hold is over."),
        **_contract(scene),
    )


def _part(scene: Scene, event: e.PartlyReleased, to: Reader) -> Telling:
    released, carried = scene.money(event.released), scene.money(event.carried)
    if to.side == Side.CLIENT:
        return Telling(
            title=scene.say(
                _("{released} is released to {freelancer}; {carried} is carried over"),
                released=released,
                carried=carried,
            ),
            otherwise=scene.say(_("{carried} waits in escrow for a later milestone."), carried=carried),
            **_contract(scene),
        )
    return Telling(
        title=scene.say(
            _("{client} releases {released} and carries {carried} over"), released=released, carried=carried
        ),
        may_do=scene.say(
            _(
                "If the work is complete, write to {client} first, then contact Customer Support:"
                " they can open a dispute about the remainder."
            )
        ),
        otherwise=scene.say(
            _("{carried} waits in escrow for a later milestone. {net} reaches your balance."),
            carried=carried,
            net=scene.net(event.released),
        ),
        link=links.contact_support(scene.contract.reference),
        label=_("Contact Customer Support"),
    )


def _ended(scene: Scene, event: e.ContractEnded, to: Reader) -> Telling | None:
    left, paid = scene.money(event.left), scene.money(event.paid)
    if event.by == Side.FREELANCER:
        return _ended_by_freelancer(scene, event, to)
    if event.left and event.by == Side.CLIENT:
        return None  # the refund request that follows in the same breath says it all
    more = []
    if event.paid:
        more.append(scene.say(_("{sum} is released to {freelancer}."), sum=paid))
    if event.left:
        more.append(scene.say(_("{sum} goes back to {client}."), sum=left))
    return Telling(
        title=scene.say(_("{client} ends {title}"))
        if event.by == Side.CLIENT
        else scene.say(_("The marketplace ends {title}")),
        details=" ".join(more),
        **_contract(scene),
    )


def _ended_by_freelancer(scene: Scene, event: e.ContractEnded, to: Reader) -> Telling:
    left = scene.money(event.left)
    nothing = _("Nothing was in escrow.")
    if to.side == Side.CLIENT:
        return Telling(
            title=scene.say(_("{freelancer} ends {title}")),
            details=scene.say(_("{sum} is on its way back to you."), sum=left) if event.left else nothing,
            **_contract(scene),
        )
    return Telling(
        title=scene.say(_("You ended {title}")),
        details=scene.say(_("{sum} goes back to {client}."), sum=left) if event.left else nothing,
        **_contract(scene),
    )


def _ended_post(scene: Scene, event: e.ContractEnded) -> Post:
    if event.by in Side.values:
        return _post(scene, scene.say(_("{name} ended the contract."), name=scene.name(event.by)))
    return _post(scene, _("The marketplace ended the contract."))


def _message(scene: Scene, event: e.MessagePosted, to: Reader) -> Telling | None:
    if to.side == event.side:
        return None
    writer = scene.sender.name if scene.sender is not None else scene.name(event.side)
    return Telling(
        title=scene.say(_("{name} writes to you about {title}"), name=writer),
        may_do=_("Read and answer. What you write here can be read by a mediator if there is a dispute."),
        link=links.thread(scene.contract.reference),
        label=_("Read and answer"),
    )


def _hold_over(scene: Scene, event: e.HoldOver, _to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("{sum} is available to you"), sum=scene.money(event.amount)),
        may_do=_("Withdraw it whenever you like."),
        otherwise=_("It stays in your balance."),
        details=scene.say(_("From {title}.")),
        **_contract(scene),
    )


def _arrived(scene: Scene, event: e.PayoutArrived, to: Reader) -> Telling | None:
    if to.side != event.side:
        return None
    return Telling(
        title=scene.say(_("{sum} has arrived"), sum=scene.money(event.amount)),
        details=scene.say(_("From {title}.")),
        **_contract(scene),
    )


def _stuck(scene: Scene, event: e.PayoutStuck, _to: Reader) -> Telling:
    return Telling(
        title=scene.say(
            _("A payout of {sum} to {name} is not confirmed"),
            sum=scene.money(event.amount),
            name=scene.name(event.side),
        ),
        may_do=_("Ask the payment provider, then confirm or pay out again."),
        otherwise=_("This notice comes again every 24 hours. The person reads “on its way” until then."),
        **_contract(scene),
    )


def _reversed(scene: Scene, event: e.PaymentReversed, _to: Reader) -> Telling:
    title = scene.say(_("The payment gateway reversed a payment of {sum}"), sum=scene.money(event.amount))
    if not event.unreleased:
        return Telling(
            title=title,
            may_do=_("Nothing of it is left in escrow. Money that was released is not taken back."),
            otherwise=_("Nothing moves by itself."),
            **_contract(scene),
        )
    return Telling(
        title=title,
        may_do=scene.say(
            _("{left} is in escrow and not frozen. Propose a fraud order; another admin has to approve it."),
            left=scene.money(event.unreleased),
        ),
        otherwise=_("This notice comes again every 24 hours while unreleased money is not frozen."),
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
    if late:
        may_do = _("The time to choose is over, so it cannot be paid again.")
    elif until is not None:
        may_do = _("Pay again before the time is over.")
    else:
        may_do = _("Pay again when you like: no time limit runs.")
    return Telling(
        title=scene.say(_("Your payment of {sum} for arbitration did not go through"), sum=scene.money(event.amount)),
        may_do=may_do,
        until=None if late else until,
        otherwise=_("Without a payment in time you take no part in arbitration.")
        if until is not None
        else _("The money stays in escrow until the case is settled or decided."),
        link=links.dispute_page(dispute.reference, "arbitration"),
        label=_("Pay again"),
    )


# --- C10 ------------------------------------------------------------------------


def _dormant(scene: Scene, event: e.DormancyStepped, to: Reader) -> Telling | None:
    step = event.step
    title = {
        1: _("Nothing has happened on {title} for some time"),
        2: _("Still nothing has happened on {title}"),
        3: _("What should become of {escrow} in escrow for {title}?"),
        4: _("{freelancer} may ask to be paid {escrow} for {title}"),
        5: _("{freelancer} asks to be paid {escrow} for {title}"),
    }[step]
    wake = _("Write a message, hand in work, release or end: any activity starts the count anew.")
    mine = {
        1: wake,
        2: wake,
        3: _("Pay the freelancer, or end the contract and ask for the money back."),
        4: _("Ask to be paid."),
        5: _("Pay, or refuse: refusing opens a refund request."),
    }[step]
    otherwise = {
        1: _("A second notice follows."),
        2: _("{client} is asked what should become of the money in escrow."),
        3: _("{freelancer} may ask to be paid {escrow}."),
        4: _("{escrow} goes back to {client}, and the contract ends."),
        5: _("{escrow} is released to {freelancer}, and the contract ends."),
    }[step]
    yours = (step in (3, 5)) == (to.side == Side.CLIENT) or step in (1, 2)
    wait = _("Any message or act on the contract starts the count anew.")
    return Telling(
        title=scene.say(title),
        may_do=mine if yours else f"{nothing_to_do()} {wait}",
        until=scene.due("dormancy", scene.contract.pk),
        otherwise=scene.say(otherwise),
        **_contract(scene),
    )


CATALOGUE: dict[type[Event], Entry] = {
    e.ContractStarted: Entry(
        (Spec("contract_started", SIDES, _started),),
        lambda s, _e: _post(s, _("The contract begins: both sides have agreed.")),
    ),
    e.MilestoneFunded: Entry(
        (Spec("milestone_funded", SIDES, _funded),),
        lambda s, ev: _post(s, s.say(_("{sum} for {work} is in escrow."), sum=s.money(ev.amount))),
    ),
    e.FundingFailed: Entry((Spec("funding_failed", (To.CLIENT,), _funding_failed),)),
    e.WorkSubmitted: Entry(
        (Spec("work_submitted", (To.CLIENT,), _handed_in),),
        lambda s, _e: _post(s, s.say(_("{freelancer} handed in {work}."))),
    ),
    e.ChangesRequested: Entry(
        (Spec("changes_requested", (To.FREELANCER,), _changes),),
        lambda s, _e: _post(s, s.say(_("{client} asked for changes on {work}."))),
    ),
    e.ReleaseRefused: Entry(
        (Spec("release_refused", (To.FREELANCER,), _refused),),
        lambda s, _e: _post(s, s.say(_("{client} does not release the money for {work}."))),
    ),
    e.MilestonePaid: Entry(
        (Spec("milestone_paid", SIDES, _paid),),
        lambda s, ev: _post(s, s.say(_("{sum} for {work} was released to {freelancer}."), sum=s.money(ev.amount))),
    ),
    e.PartlyReleased: Entry(
        (Spec("partly_released", SIDES, _part),),
        lambda s, ev: _post(
            s,
            s.say(
                _("{released} was released to {freelancer}; {carried} was carried over."),
                released=s.money(ev.released),
                carried=s.money(ev.carried),
            ),
        ),
    ),
    e.ContractEnded: Entry((Spec("contract_ended", SIDES, _ended),), _ended_post),
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
