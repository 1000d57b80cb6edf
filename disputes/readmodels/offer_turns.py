"""The turns around the offer on the table (D11, D12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from core.formatting import format_money
from core.money import Money
from disputes.enums import OfferSide, OfferState
from disputes.models import SettlementOffer
from disputes.panels import ANSWER_CLAIM, ANSWER_OFFER, WAIT_OFFER, Action, Tick, Turn
from disputes.readmodels.facts import Facts, gets, stays_in_escrow, why


def live_offer(offers: Sequence[SettlementOffer], now: datetime) -> SettlementOffer | None:
    """The offer on the table: the pending one, unless its time is over and only the sweep is late."""
    return next((o for o in offers if o.state == OfferState.PENDING and now < o.expires_at), None)


def offer(facts: Facts, live: SettlementOffer) -> Turn:
    """D11, D12: the offer on the table."""
    to_f, to_c = (Money(n, facts.dispute.currency) for n in (live.to_freelancer, live.to_client))
    view = facts.viewer
    if live.side == OfferSide.SPECIALIST:
        return _drafted(facts, live, to_f, to_c)
    if view.side is not None and live.side != view.side:
        return _offered(facts, live, to_f, to_c)
    other = view.freelancer_name if live.side == "client" else view.client_name
    mine = view.side == live.side
    back = to_c if live.side == "client" else to_f
    moves = mine and view.moves_money
    return Turn(
        priority=WAIT_OFFER,
        state="waiting",
        waiting_for=other,
        title=_("Your offer: {sum} to you").format(sum=format_money(back))
        if mine
        else _("An offer waits for {name}").format(name=other),
        to_freelancer=to_f,
        to_client=to_c,
        ticks=(
            *gets(facts, to_f, to_c, accepted_by=other, stays=stays_in_escrow(live)),
            Tick(icon="mail", text=_("We tell you as soon as there is an answer")),
            _without(facts),
        ),
        started_at=live.made_at,
        due_at=live.expires_at,
        due_label=_("Time to answer"),
        nothing_lead=_("If {name} does nothing:").format(name=other),
        nothing=_("the offer lapses, no money moves, the case goes on."),
        actions=(
            Action(label=_("Change your offer"), url=facts.url("offer_new")),
            Action(label=_("Withdraw it"), url=facts.url("offer_withdraw", live.number), variant="quiet"),
        )
        if moves
        else (),
    )


def _without(facts: Facts) -> Tick:
    words = (
        _("Without agreement you could end with {least} to {most}.")
        if facts.viewer.side
        else _("Without agreement each side could end with {least} to {most}.")
    )
    least = format_money(Money(0, facts.dispute.currency))
    text = words.format(least=least, most=format_money(facts.total))
    return Tick(icon="scale", text=text, link=_("See every outcome"), url="#money")


def _offered(facts: Facts, live: SettlementOffer, to_f: Money, to_c: Money) -> Turn:
    view = facts.viewer
    mine = to_f if view.side == "freelancer" else to_c
    actions: tuple[Action, ...] = ()
    if view.moves_money:
        actions = (
            Action(label=_("Review and accept"), url=facts.url("offer_accept", live.number), variant="primary"),
            Action(label=_("Make a counter-offer"), url=facts.url("offer_new")),
            Action(label=_("Decline"), url=facts.url("offer_decline", live.number), variant="quiet"),
        )
    return Turn(
        priority=ANSWER_OFFER + (ANSWER_CLAIM if facts.dispute.client_answered_at is None else 0),
        state="yours",
        meta=_("{name} made an offer").format(name=view.other_name),
        title=_("Settle for {sum} to you?").format(sum=format_money(mine)),
        to_freelancer=to_f,
        to_client=to_c,
        ticks=(
            *gets(facts, to_f, to_c, stays=stays_in_escrow(live)),
            Tick(icon="circle-check", text=_("Accepting closes the dispute for both of you, for good")),
            _without(facts),
        ),
        started_at=live.made_at,
        due_at=live.expires_at,
        due_label=_("Offer ends in"),
        nothing=_("the offer lapses, no money moves, the case goes on."),
        actions=actions,
        why=why(facts),
    )


def _drafted(facts: Facts, live: SettlementOffer, to_f: Money, to_c: Money) -> Turn:
    """A specialist's draft: what one side said stays secret until both agreed (D12)."""
    view = facts.viewer
    mine = to_f if view.side == "freelancer" else to_c
    confirmed = {"freelancer": live.freelancer_confirmed_at, "client": live.client_confirmed_at}.get(view.side or "")
    common = {
        "to_freelancer": to_f,
        "to_client": to_c,
        "started_at": live.made_at,
        "due_at": live.expires_at,
        "nothing": _("the draft lapses, no money moves, the case goes on."),
    }
    ticks = (
        *gets(facts, to_f, to_c, stays=stays_in_escrow(live)),
        Tick(icon="users", text=_("It counts only when both sides have agreed; until then nobody learns who did")),
        _without(facts),
    )
    if view.side is None or confirmed:
        title = (
            _("You agreed to the specialist’s draft")
            if confirmed
            else _("{name}’s draft for both sides").format(name=facts.specialist)
        )
        return Turn(
            priority=WAIT_OFFER,
            state="waiting",
            waiting_for=_("the draft’s end") if confirmed else _("both sides"),
            title=title,
            ticks=ticks,
            due_label=_("Draft ends in"),
            **common,  # type: ignore[arg-type]
        )
    actions: tuple[Action, ...] = ()
    if view.moves_money:
        actions = (
            Action(label=_("Review and agree"), url=facts.url("offer_accept", live.number), variant="primary"),
            Action(label=_("Make an offer of your own"), url=facts.url("offer_new")),
            Action(label=_("Decline"), url=facts.url("offer_decline", live.number), variant="quiet"),
        )
    return Turn(
        priority=ANSWER_OFFER + 2,
        state="yours",
        meta=_("{name} drafted an offer for both sides").format(name=facts.specialist),
        title=_("Settle for {sum} to you?").format(sum=format_money(mine)),
        ticks=ticks,
        due_label=_("Draft ends in"),
        actions=actions,
        why=why(facts),
        **common,  # type: ignore[arg-type]
    )
