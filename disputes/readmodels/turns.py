"""Whose turn it is and what each choice does: the dispute's own turns (other rooms add theirs by panels)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from contracts.enums import Ground
from core.formatting import format_money
from core.money import Money
from disputes.enums import MEDIATION_STATES, DisputeState
from disputes.models import EvidenceRequest
from disputes.panels import ANSWER_CLAIM, WAIT, WAIT_OFFER, Action, Tick, Turn
from disputes.readmodels.facts import Facts, gets, stays_in_escrow, why
from disputes.readmodels.offer_turns import live_offer, offer

__all__ = ["live_offer", "turns"]

ANSWER_EVIDENCE = 40


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


def claim(facts: Facts) -> Turn:
    """D3, D4: the client's answer to the claim."""
    return _claim_to_answer(facts) if facts.viewer.side == "client" else _claim_waits(facts)


def _claim_to_answer(facts: Facts) -> Turn:
    view, total = facts.viewer, format_money(facts.total)
    start, due = facts.clock("client_answer")
    actions = [Action(label=_("Answer the claim"), url=facts.url("respond"), variant="primary")]
    if facts.may("accept_in_full"):
        actions.append(Action(label=_("Pay {sum} in full").format(sum=total), url=facts.url("accept")))
    if facts.may("make_offer"):
        actions.append(Action(label=_("Make an offer"), url=facts.url("offer_new"), variant="quiet"))
    nothing = _("the specialist tries to reach you. If you stay silent, {sum} can go to {name}.")
    return Turn(
        priority=ANSWER_CLAIM,
        state="yours",
        meta=_("{name} filed this dispute").format(name=view.freelancer_name),
        title=_("{name} says {sum} is due. What do you say?").format(name=view.freelancer_name, sum=total),
        ticks=(
            Tick(
                icon="wallet",
                bold=_("Pay {sum}").format(sum=total),
                text=_("from escrow, and the dispute is over"),
            ),
            Tick(
                icon="split",
                bold=_("Offer a part"),
                text=_("and the rest comes back to you if it is accepted"),
            ),
            Tick(
                icon="message-square-x",
                bold=_("Contest it"),
                text=_("with your reasons and evidence; the money stays"),
            ),
        ),
        started_at=start,
        due_at=due,
        due_label=_("Time left to answer"),
        nothing=nothing.format(sum=total, name=view.freelancer_name),
        actions=tuple(actions),
        why=_("Nothing is final before a confirm page.") if view.moves_money else why(facts),
    )


def _claim_waits(facts: Facts) -> Turn:
    view, total = facts.viewer, format_money(facts.total)
    start, due = facts.clock("client_answer")
    if view.side:
        title = _("Your claim for {sum} is with {name}").format(sum=total, name=view.client_name)
        nothing = _("the specialist tries at least twice. After that {sum} can go to you.").format(sum=total)
    else:
        title = _("The claim for {sum} waits for an answer").format(sum=total)
        nothing = _("the specialist tries at least twice. After that {sum} can go to {name}.").format(
            sum=total, name=view.freelancer_name
        )
    return Turn(
        priority=WAIT_OFFER + 5,
        state="waiting",
        waiting_for=view.client_name,
        title=title,
        ticks=(
            Tick(icon="lock", bold=total, text=_("stays in escrow until the dispute ends")),
            Tick(icon="mail", text=_("Everyone is told as soon as there is an answer")),
            Tick(icon="handshake", text=_("Both sides can settle for any amount meanwhile")),
        ),
        started_at=start,
        due_at=due,
        due_label=_("Time to answer"),
        nothing_lead=_("If {name} does nothing:").format(name=view.client_name),
        nothing=nothing,
        actions=tuple(_own_steps(facts)),
    )


def _own_steps(facts: Facts) -> list[Action]:
    """Quiet steps a waiting party may take all the same."""
    found = []
    if facts.viewer.side and facts.live is None and facts.may("make_offer"):
        found.append(Action(label=_("Make an offer"), url=facts.url("offer_new")))
    if facts.viewer.side and facts.may("add_evidence"):
        found.append(Action(label=_("Add evidence"), url=facts.url("evidence"), variant="quiet"))
    if facts.viewer.side and _may_update(facts):
        label = _("Update your claim") if facts.viewer.side == "freelancer" else _("Update your answer")
        found.append(Action(label=label, url=facts.url("update"), variant="quiet"))
    return found


def _may_update(facts: Facts) -> bool:
    if not facts.may("update"):
        return False
    return facts.viewer.side == "freelancer" or facts.dispute.client_answered_at is not None


def evidence(facts: Facts, request: EvidenceRequest) -> Turn:
    """D9: the specialist asked the viewer's side for something; without a date of its own, until mediation ends."""
    start, end = facts.clock("mediation_end")
    dated = request.due_at is not None
    return Turn(
        priority=ANSWER_EVIDENCE,
        state="yours",
        meta=_("{name} asks").format(name=facts.specialist),
        title=_("Answer the specialist’s request for evidence"),
        body=(request.text,),
        ticks=(
            Tick(
                icon="file-check",
                text=_("Your answer goes to the specialist and to {name}").format(name=facts.viewer.other_name),
            ),
            Tick(icon="lock", text=_("No money moves by it")),
        ),
        started_at=request.asked_at if dated else start,
        due_at=request.due_at if dated else end,
        due_label=_("Asked for by") if dated else _("Mediation ends in"),
        nothing=_("the case goes on with what is there."),
        actions=(
            Action(label=_("Answer the request"), url=facts.url("evidence_answer", request.pk), variant="primary"),
        ),
    )


def waiting(facts: Facts) -> Turn:
    """The panel when nobody has to do anything in particular."""
    state = facts.dispute.state
    if state in MEDIATION_STATES:
        return _mediating(facts)
    stays = _("stays in escrow until the award")
    if state == DisputeState.NON_RESOLUTION:
        stays = _("stays in escrow until the dispute ends")
    kept = Tick(icon="lock", bold=format_money(facts.total), text=stays)
    if state == DisputeState.NON_RESOLUTION:
        start, due = facts.clock("election_end")
        return Turn(
            priority=WAIT,
            state="waiting",
            waiting_for=_("both sides"),
            title=_("Mediation ended without agreement"),
            ticks=(kept,),
            started_at=start,
            due_at=due,
            due_label=_("Time to choose arbitration"),
            actions=tuple(_own_steps(facts)),
        )
    return Turn(
        priority=WAIT,
        state="waiting",
        waiting_for=_("the arbitrator"),
        title=_("An arbitrator decides this case"),
        ticks=(kept, Tick(icon="handshake", text=_("Both sides can still settle before the award"))),
        actions=tuple(_own_steps(facts)),
    )


def _mediating(facts: Facts) -> Turn:
    view = facts.viewer
    start, due = facts.clock("mediation_end")
    # D17: at the end of the 21 days D6 or D7 may hold.
    nothing = _(
        "both sides get a Notice of Non-Resolution. The money stays where it is. A side that has not reacted at all"
        " can lose it."
    )
    return Turn(
        priority=WAIT,
        state="yours" if view.specialist else "waiting",
        waiting_for=facts.specialist if view.specialist_name else _("a specialist"),
        title=_("Mediation is under way") if view.specialist_name else _("A mediation specialist is being assigned"),
        ticks=(
            Tick(icon="lock", bold=format_money(facts.total), text=_("stays in escrow until the dispute ends")),
            Tick(icon="handshake", text=_("Both sides can settle for any amount at any time")),
            Tick(
                icon="scale",
                text=_("If you cannot agree, {name} may recommend an outcome").format(name=facts.specialist),
            ),
        ),
        started_at=start,
        due_at=due,
        due_label=_("Mediation ends in"),
        nothing_lead=_("If nobody agrees by then:") if due else "",
        nothing=nothing if due else "",
        actions=tuple(_own_steps(facts)),
    )


def closed(facts: Facts) -> Turn:
    """The outcome."""
    view, resolution = facts.viewer, facts.dispute.resolution
    currency = facts.dispute.currency
    to_f, to_c = Money(resolution.to_freelancer, currency), Money(resolution.to_client, currency)
    stays = stays_in_escrow(resolution)
    if view.side == "client":
        words = _("Closed: {sum} stays in escrow") if stays else _("Closed: {sum} to you")
        title = words.format(sum=format_money(to_c))
    elif view.side == "freelancer":
        title = _("Closed: {sum} to you").format(sum=format_money(to_f))
    else:
        title = _("Closed: {sum} to {name}").format(sum=format_money(to_f), name=view.freelancer_name)
    return Turn(
        priority=100,
        state="closed",
        title=title,
        meta=str(Ground(resolution.ground).label),
        to_freelancer=to_f,
        to_client=to_c,
        ticks=tuple(gets(facts, to_f, to_c, stays=stays)),
        actions=(Action(label=_("See the outcome"), url=facts.url("outcome"), variant="primary"),),
    )
