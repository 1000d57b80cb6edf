"""Whose turn it is and what each choice does: the dispute's own turns (other rooms add theirs by panels)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from contracts.enums import Ground
from core import road
from core.formatting import format_money, format_percent, net_of_fee
from core.money import Money
from disputes.enums import MEDIATION_STATES, Disposition, DisputeState, OfferSide, OfferState
from disputes.models import Dispute, EvidenceRequest, Resolution, SettlementOffer
from disputes.panels import ANSWER_CLAIM, ANSWER_OFFER, WAIT, WAIT_OFFER, Action, Tick, Turn, Viewer
from disputes.readmodels.base import first_name

ANSWER_EVIDENCE = 40
# D17: at the end of the 21 days D6 or D7 may hold.
SILENT = "A side that has not reacted at all can lose it."
NEEDS_ROLE = "Only an owner or a case manager of {account} can do this."


@dataclass(frozen=True, slots=True)
class Facts:
    """What the turns are worked out from."""

    dispute: Dispute
    viewer: Viewer
    due: dict[str, tuple[datetime, datetime]]  # kind → (starts at, due at)
    live: SettlementOffer | None
    requests: Sequence[EvidenceRequest]

    @property
    def total(self) -> Money:
        """The disputed amount."""
        return self.dispute.money

    @property
    def fee(self) -> str:
        """Service fee in per cent, as pinned on the contract."""
        return self.dispute.contract.policy.service_fee_percent

    def url(self, name: str, *args: object) -> str:
        """Path of one of this dispute's pages."""
        return reverse(f"disputes:{name}", args=[self.dispute.reference, *args])

    def may(self, act: str) -> bool:
        """Whether the viewer's own buttons include this transition now."""
        return road.possible(self.dispute, act, self.viewer.actor)

    def clock(self, kind: str) -> tuple[datetime | None, datetime | None]:
        """(start, due) of a running deadline."""
        start, due = self.due.get(kind, (None, None))
        return start, due

    @property
    def specialist(self) -> str:
        """First name of the specialist, or words for nobody yet."""
        return first_name(self.viewer.specialist_name) or "the specialist"

    def net(self, gross: Money) -> str:
        """What of a gross sum reaches the freelancer."""
        return format_money(net_of_fee(gross, self.fee))


def turns(facts: Facts) -> list[Turn]:
    """All turns the dispute itself knows, any order."""
    dispute = facts.dispute
    if dispute.state == DisputeState.RESOLVED:
        return [closed(facts)]
    found = [waiting(facts)]
    if dispute.state == DisputeState.IN_MEDIATION and dispute.client_answered_at is None:
        found.append(claim(facts))
    if facts.live is not None and facts.viewer.negotiation:
        found.append(offer(facts, facts.live))
    found += [evidence(facts, request) for request in facts.requests if facts.viewer.side]
    return found


def _why(facts: Facts) -> str:
    if facts.viewer.side is None or facts.viewer.moves_money:
        return "You confirm on the next page."
    account = facts.viewer.client_name if facts.viewer.side == "client" else facts.viewer.freelancer_name
    return NEEDS_ROLE.format(account=account)


def claim(facts: Facts) -> Turn:
    """D3, D4: the client's answer to the claim."""
    view, sum_ = facts.viewer, format_money(facts.total)
    start, due = facts.clock("client_answer")
    if view.side == "client":
        actions = [Action(label="Answer the claim", url=facts.url("respond"), variant="primary")]
        if facts.may("accept_in_full"):
            actions.append(Action(label=f"Pay {sum_} in full", url=facts.url("accept")))
        if facts.may("make_offer"):
            actions.append(Action(label="Make an offer", url=facts.url("offer_new"), variant="quiet"))
        return Turn(
            priority=ANSWER_CLAIM,
            state="yours",
            meta=f"{view.freelancer_name} filed this dispute",
            title=f"{view.freelancer_name} says {sum_} is due. What do you say?",
            ticks=(
                Tick(icon="wallet", bold=f"Pay {sum_}", text="from escrow, and the dispute is over"),
                Tick(icon="split", bold="Offer a part", text="and the rest comes back to you if it is accepted"),
                Tick(
                    icon="message-square-x", bold="Contest it", text="with your reasons and evidence; the money stays"
                ),
            ),
            started_at=start,
            due_at=due,
            due_label="Time left to answer",
            nothing=f"the specialist tries to reach you. If you stay silent, {sum_} can go to {view.freelancer_name}.",
            actions=tuple(actions),
            why=_why(facts) if not view.moves_money else "Nothing is final before a confirm page.",
        )
    return Turn(
        priority=WAIT_OFFER + 5,
        state="waiting",
        waiting_for=view.client_name,
        title=(
            f"Your claim for {sum_} is with {view.client_name}"
            if view.side
            else f"The claim for {sum_} waits for an answer"
        ),
        ticks=(
            Tick(icon="lock", bold=sum_, text="stays in escrow until the dispute ends"),
            Tick(icon="mail", text="Everyone is told as soon as there is an answer"),
            Tick(icon="handshake", text="Both sides can settle for any amount meanwhile"),
        ),
        started_at=start,
        due_at=due,
        due_label="Time to answer",
        nothing_lead=f"If {view.client_name} does nothing:",
        nothing=f"the specialist tries at least twice. After that {sum_} can go to {view.name_of('freelancer')}.",
        actions=tuple(_own_steps(facts)),
    )


def _own_steps(facts: Facts) -> list[Action]:
    """Quiet steps a waiting party may take all the same."""
    found = []
    if facts.viewer.side and facts.live is None and facts.may("make_offer"):
        found.append(Action(label="Make an offer", url=facts.url("offer_new")))
    if facts.viewer.side and facts.may("add_evidence"):
        found.append(Action(label="Add evidence", url=facts.url("evidence"), variant="quiet"))
    if facts.viewer.side and _may_update(facts):
        label = "Update your claim" if facts.viewer.side == "freelancer" else "Update your answer"
        found.append(Action(label=label, url=facts.url("update"), variant="quiet"))
    return found


def _may_update(facts: Facts) -> bool:
    if not facts.may("update"):
        return False
    return facts.viewer.side == "freelancer" or facts.dispute.client_answered_at is not None


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
        title=f"Your offer: {format_money(back)} to you" if mine else f"An offer waits for {other}",
        to_freelancer=to_f,
        to_client=to_c,
        ticks=(
            *_gets(facts, to_f, to_c, f"If {other} accepts,", stays=_stays(live)),
            Tick(icon="mail", text="We tell you as soon as there is an answer"),
            _without(facts),
        ),
        started_at=live.made_at,
        due_at=live.expires_at,
        due_label="Time to answer",
        nothing_lead=f"If {other} does nothing:",
        nothing="the offer lapses, no money moves, the case goes on.",
        actions=(
            Action(label="Change your offer", url=facts.url("offer_new")),
            Action(label="Withdraw it", url=facts.url("offer_withdraw", live.number), variant="quiet"),
        )
        if moves
        else (),
    )


def _gets(facts: Facts, to_f: Money, to_c: Money, lead: str = "", *, stays: bool = False) -> list[Tick]:
    view = facts.viewer
    lead = f"{lead} " if lead else ""
    if view.side == "client":
        back = "stays in escrow" if stays else "comes back to you"
        return [
            Tick(icon="undo-2", text=f"{lead}{format_money(to_c)} {back}, and the rest goes to {view.freelancer_name}"),
        ]
    whose = "your balance" if view.side else f"{view.freelancer_name}’s balance"
    net = facts.net(to_f)
    return [Tick(icon="wallet", text=f"{lead}{net} reaches {whose} after the {format_percent(facts.fee)} service fee")]


def _stays(found: SettlementOffer | Resolution) -> bool:
    """Whether the client's part goes back into the contract's escrow instead of to the client."""
    return bool(found.disposition == Disposition.RETURN and found.to_client)


def _without(facts: Facts) -> Tick:
    low, high = format_money(Money(0, facts.dispute.currency)), format_money(facts.total)
    who = "you" if facts.viewer.side else "each side"
    text = f"Without agreement {who} could end with {low} to {high}."
    return Tick(icon="scale", text=text, link="See every outcome", url="#money")


def _offered(facts: Facts, live: SettlementOffer, to_f: Money, to_c: Money) -> Turn:
    view = facts.viewer
    mine = to_f if view.side == "freelancer" else to_c
    actions: tuple[Action, ...] = ()
    if view.moves_money:
        actions = (
            Action(label="Review and accept", url=facts.url("offer_accept", live.number), variant="primary"),
            Action(label="Make a counter-offer", url=facts.url("offer_new")),
            Action(label="Decline", url=facts.url("offer_decline", live.number), variant="quiet"),
        )
    return Turn(
        priority=ANSWER_OFFER + (ANSWER_CLAIM if facts.dispute.client_answered_at is None else 0),
        state="yours",
        meta=f"{view.other_name} made an offer",
        title=f"Settle for {format_money(mine)} to you?",
        to_freelancer=to_f,
        to_client=to_c,
        ticks=(
            *_gets(facts, to_f, to_c, stays=_stays(live)),
            Tick(icon="circle-check", text="Accepting closes the dispute for both of you, for good"),
            _without(facts),
        ),
        started_at=live.made_at,
        due_at=live.expires_at,
        due_label="Offer ends in",
        nothing="the offer lapses, no money moves, the case goes on.",
        actions=actions,
        why=_why(facts),
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
        "nothing": "the draft lapses, no money moves, the case goes on.",
    }
    ticks = (
        *_gets(facts, to_f, to_c, stays=_stays(live)),
        Tick(icon="users", text="It counts only when both sides have agreed; until then nobody learns who did"),
        _without(facts),
    )
    if view.side is None or confirmed:
        title = (
            f"{facts.specialist}’s draft for both sides" if not confirmed else "You agreed to the specialist’s draft"
        )
        return Turn(
            priority=WAIT_OFFER,
            state="waiting",
            waiting_for="both sides" if not confirmed else "the draft’s end",
            title=title,
            ticks=ticks,
            due_label="Draft ends in",
            **common,  # type: ignore[arg-type]
        )
    actions: tuple[Action, ...] = ()
    if view.moves_money:
        actions = (
            Action(label="Review and agree", url=facts.url("offer_accept", live.number), variant="primary"),
            Action(label="Make an offer of your own", url=facts.url("offer_new")),
            Action(label="Decline", url=facts.url("offer_decline", live.number), variant="quiet"),
        )
    return Turn(
        priority=ANSWER_OFFER + 2,
        state="yours",
        meta=f"{facts.specialist} drafted an offer for both sides",
        title=f"Settle for {format_money(mine)} to you?",
        ticks=ticks,
        due_label="Draft ends in",
        actions=actions,
        why=_why(facts),
        **common,  # type: ignore[arg-type]
    )


def evidence(facts: Facts, request: EvidenceRequest) -> Turn:
    """D9: the specialist asked the viewer's side for something."""
    return Turn(
        priority=ANSWER_EVIDENCE,
        state="yours",
        meta=f"{facts.specialist} asks",
        title="Answer the specialist’s request for evidence",
        body=(request.text,),
        started_at=request.asked_at,
        due_at=request.due_at,
        due_label="Asked for by",
        nothing="the case goes on with what is there.",
        actions=(Action(label="Answer the request", url=facts.url("evidence_answer", request.pk), variant="primary"),),
        why="",
    )


def waiting(facts: Facts) -> Turn:
    """The panel when nobody has to do anything in particular."""
    view, dispute = facts.viewer, facts.dispute
    if dispute.state in MEDIATION_STATES:
        start, due = facts.clock("mediation_end")
        named = bool(view.specialist_name)
        return Turn(
            priority=WAIT,
            state="yours" if view.specialist else "waiting",
            waiting_for=facts.specialist if named else "a specialist",
            title="Mediation is under way" if named else "A mediation specialist is being assigned",
            ticks=(
                Tick(icon="lock", bold=format_money(facts.total), text="stays in escrow until the dispute ends"),
                Tick(icon="handshake", text="Both sides can settle for any amount at any time"),
                Tick(icon="scale", text=f"If you cannot agree, {facts.specialist} may recommend an outcome"),
            ),
            started_at=start,
            due_at=due,
            due_label="Mediation ends in",
            nothing_lead="If nobody agrees by then:" if due else "",
            nothing=f"both sides get a Notice of Non-Resolution. The money stays where it is. {SILENT}" if due else "",
            actions=tuple(_own_steps(facts)),
        )
    if dispute.state == DisputeState.NON_RESOLUTION:
        start, due = facts.clock("election_end")
        return Turn(
            priority=WAIT,
            state="waiting",
            waiting_for="both sides",
            title="Mediation ended without agreement",
            ticks=(Tick(icon="lock", bold=format_money(facts.total), text="stays in escrow until the dispute ends"),),
            started_at=start,
            due_at=due,
            due_label="Time to choose arbitration",
            actions=tuple(_own_steps(facts)),
        )
    return Turn(
        priority=WAIT,
        state="waiting",
        waiting_for="the arbitrator",
        title="An arbitrator decides this case",
        ticks=(
            Tick(icon="lock", bold=format_money(facts.total), text="stays in escrow until the award"),
            Tick(icon="handshake", text="Both sides can still settle before the award"),
        ),
        actions=tuple(_own_steps(facts)),
    )


def closed(facts: Facts) -> Turn:
    """The outcome."""
    view, resolution = facts.viewer, facts.dispute.resolution
    currency = facts.dispute.currency
    to_f, to_c = Money(resolution.to_freelancer, currency), Money(resolution.to_client, currency)
    stays = _stays(resolution)
    if view.side == "client":
        title = f"Closed: {format_money(to_c)} {'stays in escrow' if stays else 'to you'}"
    elif view.side == "freelancer":
        title = f"Closed: {format_money(to_f)} to you"
    else:
        title = f"Closed: {format_money(to_f)} to {view.freelancer_name}"
    return Turn(
        priority=100,
        state="closed",
        title=title,
        meta=str(Ground(resolution.ground).label),
        to_freelancer=to_f,
        to_client=to_c,
        ticks=tuple(_gets(facts, to_f, to_c, stays=stays)),
        actions=(Action(label="See the outcome", url=facts.url("outcome"), variant="primary"),),
    )


def live_offer(offers: Sequence[SettlementOffer], now: datetime) -> SettlementOffer | None:
    """The offer on the table: the pending one, unless its time is over and only the sweep is late."""
    return next((o for o in offers if o.state == OfferState.PENDING and now < o.expires_at), None)
