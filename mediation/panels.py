"""What mediation adds to the dispute page that both sides see (`disputes.panels`): turns, dates, actions, timeline."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.enums import Side
from core.formatting import format_instant, format_money, net_of_fee
from core.money import Money
from core.permissions import StaffRole
from disputes.enums import DisputeState
from disputes.models import Dispute
from disputes.panels import WAIT_OFFER, Action, Contribution, DateRow, Outcome, Step, Tick, Turn, Viewer
from mediation import telling
from mediation.enums import Answer, CaseState, ObjectionState, RecommendationState
from mediation.models import ContactAttempt, ImpasseDeclaration, MediationCase, Objection, Recommendation
from mediation.services import unresponsive

ANSWER_RECOMMENDATION: Final = 80
IMPASSE: Final = 40
# Above waiting for an answer to one's own offer, below what waits for an answer.
REACT: Final = WAIT_OFFER + 8
TELLERS: Final = telling.TELLERS


def contribute(dispute: Dispute, viewer: Viewer) -> Contribution:
    """Everything of one case in one query; nothing after mediation."""
    if dispute.state not in (DisputeState.IN_MEDIATION, DisputeState.RECOMMENDED) or not viewer.negotiation:
        return Contribution()
    case = _case(dispute)
    if case is None:
        return Contribution()
    case.dispute = dispute
    if dispute.state == DisputeState.RECOMMENDED:
        return _recommended(case, dispute, viewer)
    return _in_mediation(case, dispute, viewer)


def _case(dispute: Dispute) -> Any:
    issued = Recommendation.objects.filter(case=OuterRef("pk"), state=RecommendationState.ISSUED)
    tried = ContactAttempt.objects.filter(case=OuterRef("pk")).order_by("made_at", "id")
    return (
        MediationCase.objects.filter(dispute_id=dispute.pk)
        .annotate(
            live=Subquery(
                issued.values(
                    json=JSONObject(
                        to_freelancer="to_freelancer",
                        to_client="to_client",
                        issued_at="issued_at",
                        due_at="answer_due_at",
                        freelancer="freelancer_answer",
                        client="client_answer",
                    )
                )[:1]
            ),
            declared=ArraySubquery(ImpasseDeclaration.objects.filter(case=OuterRef("pk")).values("side")),
            objected=ArraySubquery(
                Objection.objects.filter(case=OuterRef("pk")).values(json=JSONObject(side="side", state="state"))
            ),
            tried=ArraySubquery(tried.values(json=JSONObject(side="side", at="made_at"))),
        )
        .first()
    )


# --- the recommendation ---------------------------------------------------------


def _recommended(case: Any, dispute: Dispute, viewer: Viewer) -> Contribution:
    live = case.live
    if live is None:
        return Contribution()
    due, issued = datetime.fromisoformat(live["due_at"]), datetime.fromisoformat(live["issued_at"])
    to_f = Money(live["to_freelancer"], dispute.currency)
    to_c = Money(live["to_client"], dispute.currency)
    url = reverse("mediation:recommendation", args=[dispute.reference])
    lapses = _("Silence counts as a rejection. The money stays held and both sides get the Notice of Non-Resolution.")
    common: dict[str, Any] = {
        "priority": ANSWER_RECOMMENDATION,
        "to_freelancer": to_f,
        "to_client": to_c,
        "due_at": due,
        "started_at": issued,
        "nothing": lapses,
    }
    if viewer.side is None:
        turn = _both_read(live, dispute, viewer, common)
    elif live[viewer.side] == Answer.PENDING:
        turn = _to_answer(live, dispute, viewer, url, common)
    else:
        turn = Turn(
            state="waiting",
            waiting_for=viewer.other_name,
            title=_("Your side has answered the recommendation"),
            body=(_("Your answer stays between you and the system until the outcome is certain."),),
            nothing_lead=_("If {name} does nothing:").format(name=viewer.other_name),
            actions=(Action(label=_("Read the recommendation"), url=url, icon="scale"),),
            **common,
        )
    note = _("Answer by {day}").format(day=_day(due))
    return Contribution(
        turns=(turn,),
        steps={"recommendation": Step(note=note, state="current", progress=_share(issued, due, viewer))},
        dates=(DateRow(uid="recommendation_answer", label=_("Answer to the recommendation"), due_at=due, note=lapses),),
        outcomes=(
            Outcome(
                label=_("The recommendation"),
                sub=_("both accept"),
                to_freelancer=to_f,
                to_client=to_c,
                is_now=True,
                order=15,
            ),
        ),
    )


def _both_read(live: dict[str, Any], dispute: Dispute, viewer: Viewer, common: dict[str, Any]) -> Turn:
    """For staff: who has answered, never what (D14)."""
    names = {"freelancer": viewer.freelancer_name, "client": viewer.client_name}
    return Turn(
        state="waiting",
        waiting_for=_("both sides"),
        title=_("Both sides have the recommendation"),
        body=tuple(_has_answered(name, live[side]) for side, name in names.items()),
        nothing_lead=_("If a side does nothing:"),
        actions=_desk(dispute, viewer),
        **common,
    )


def _to_answer(live: dict[str, Any], dispute: Dispute, viewer: Viewer, url: str, common: dict[str, Any]) -> Turn:
    other = "client" if viewer.side == "freelancer" else "freelancer"
    actions = [Action(label=_("Read the recommendation"), url=url, icon="scale", variant="primary")]
    if viewer.moves_money:
        answer = reverse("mediation:answer", args=[dispute.reference, "accept"])
        actions.append(Action(label=_("Accept the recommendation"), url=answer))
        answer = reverse("mediation:answer", args=[dispute.reference, "reject"])
        actions.append(Action(label=_("Reject the recommendation"), url=answer, variant="quiet"))
    if viewer.side == "freelancer":
        net = net_of_fee(common["to_freelancer"], dispute.contract.policy.service_fee_percent)
        gain = Tick(bold=format_money(net), text=_("comes to you if both sides accept, after the service fee"))
    else:
        gain = Tick(bold=format_money(common["to_client"]), text=_("comes back to you if both sides accept"))
    who = viewer.specialist_name or _("The specialist")
    return Turn(
        state="yours",
        title=_("{name} recommends an outcome").format(name=who),
        body=(
            _has_answered(viewer.other_name, live[other]),
            _("The recommendation binds nobody: it takes effect when both sides accept it."),
        ),
        ticks=(
            gain,
            Tick(icon="file-badge", text=_("One rejection is enough for the Notice of Non-Resolution")),
        ),
        actions=tuple(actions),
        why=_("You confirm on the next page."),
        **common,
    )


def _desk(dispute: Dispute, viewer: Viewer) -> tuple[Action, ...]:
    """The way to the desk, for those to whom it opens."""
    if not (viewer.specialist or viewer.actor.is_staff(StaffRole.SUPERVISOR)):
        return ()
    url = reverse("mediation:case", args=[dispute.reference])
    return (Action(label=_("Open the case on the desk"), url=url, icon="scale"),)


def _has_answered(name: str, answer: str) -> str:
    if answer == Answer.PENDING:
        return _("{name} has not answered.").format(name=name)
    return _("{name} has answered.").format(name=name)


def _share(start: datetime, due: datetime, viewer: Viewer) -> int:
    return max(0, min(100, int((viewer.now - start) / (due - start) * 100)))


def _day(instant: datetime) -> str:
    return format_instant(instant, UTC, "day")


# --- mediation ------------------------------------------------------------------


def _in_mediation(case: Any, dispute: Dispute, viewer: Viewer) -> Contribution:
    actions: list[Action] = []
    notices: list[str] = []
    turns: list[Turn] = []
    dates: list[DateRow] = []
    if any(o["state"] == ObjectionState.OPEN for o in case.objected):
        notices.append(
            _(
                "One side has objected to the specialist. A supervisor decides. Until then nobody is closed as"
                " unresponsive and no recommendation is issued; all clocks run on."
            )
        )
    if viewer.side is not None:
        _impasse(case, dispute, viewer, turns=turns, actions=actions, notices=notices)
        _silence(case, dispute, viewer, turns=turns, notices=notices, dates=dates)
        url = reverse("mediation:contact", args=[dispute.reference])
        actions.append(Action(label=_("See contact attempts and requests"), url=url, icon="phone-outgoing"))
        if _may_object(case, viewer.side, viewer):
            name = viewer.specialist_name or _("the specialist")
            target = reverse("mediation:object", args=[dispute.reference])
            label = _("Object to {name}").format(name=name)
            actions.append(Action(label=label, url=target, variant="quiet", icon="flag"))
    else:
        actions += _desk(dispute, viewer)
    return Contribution(turns=tuple(turns), actions=tuple(actions), notices=tuple(notices), dates=tuple(dates))


def _impasse(
    case: Any, dispute: Dispute, viewer: Viewer, *, turns: list[Turn], actions: list[Action], notices: list[str]
) -> None:
    """D18: what was declared, and what the viewer's side may declare."""
    url = reverse("mediation:impasse", args=[dispute.reference])
    if viewer.side in case.declared:
        notices.append(
            _(
                "Your side declared that it sees no agreement. If {name} declares it too, mediation ends. If not, it"
                " goes on."
            ).format(name=viewer.other_name)
        )
    elif case.declared:
        link = Action(label=_("Answer the declaration"), url=url)
        turns.append(
            Turn(
                priority=IMPASSE,
                state="yours",
                title=_("{name} sees no agreement").format(name=viewer.other_name),
                body=(_("If your side declares it too, mediation ends and both sides get the Notice."),),
                due_at=case.ends_at,
                started_at=case.opened_at,
                due_label=_("Mediation ends in"),
                nothing=_("Mediation goes on until its end."),
                actions=(link,) if viewer.moves_money else (),
            )
        )
    elif viewer.moves_money:
        label = _("Declare that you cannot agree")
        actions.append(Action(label=label, url=url, variant="quiet", icon="circle-slash"))


def _silence(
    case: Any, dispute: Dispute, viewer: Viewer, *, turns: list[Turn], notices: list[str], dates: list[DateRow]
) -> None:
    """D5 to D7: a side has not reacted; both read what was tried, until when, and what follows."""
    side = unresponsive.silent_side(dispute)
    since = unresponsive.counts_from(case, side) if side is not None else None
    if side is None or since is None:
        return
    tried = [SimpleNamespace(made_at=datetime.fromisoformat(t["at"])) for t in case.tried if t["side"] == side]
    tried = [attempt for attempt in tried if attempt.made_at >= since]
    closes = unresponsive.closes_at(case, side, tried)  # type: ignore[arg-type]  # only the instants are read
    total = format_money(dispute.money)
    own = viewer.side == side
    if tried:
        notices.append(_tried(len(tried), total, viewer, own=own))
    if closes is not None:
        note = (
            _("If you have not reacted by then, the specialist can close the case and {name} gets {sum}.")
            if own
            else _("If {name} has not reacted by then, the specialist can close the case and you get {sum}.")
        ).format(sum=total, name=viewer.other_name)
        dates.append(DateRow(uid="unresponsive", label=_("Time to react ends"), due_at=closes, note=note))
    if side == Side.FREELANCER:
        turns.append(_react(case, dispute, viewer, closes, own=own))


def _tried(times: int, total: str, viewer: Viewer, *, own: bool) -> str:
    if own and viewer.side == "client":
        words = ngettext(
            "There has been {n} attempt to reach you. If you stay silent, {name} can get {sum}. Answer the claim,"
            " write a message, add evidence or make an offer: one of them is enough.",
            "There have been {n} attempts to reach you. If you stay silent, {name} can get {sum}. Answer the claim,"
            " write a message, add evidence or make an offer: one of them is enough.",
            times,
        )
    elif own:
        words = ngettext(
            "There has been {n} attempt to reach you. If you stay silent, {name} can get {sum}. Write a message, add"
            " evidence or make an offer: one of them is enough.",
            "There have been {n} attempts to reach you. If you stay silent, {name} can get {sum}. Write a message, add"
            " evidence or make an offer: one of them is enough.",
            times,
        )
    else:
        words = ngettext(
            "{name} has not reacted to {n} contact attempt. If that stays so, {sum} can go to you.",
            "{name} has not reacted to {n} contact attempts. If that stays so, {sum} can go to you.",
            times,
        )
    return words.format(n=times, sum=total, name=viewer.other_name)


def _react(case: Any, dispute: Dispute, viewer: Viewer, closes: datetime | None, *, own: bool) -> Turn:
    """D7: the client has contested the claim and the freelancer has said nothing since."""
    over = closes or unresponsive.window_end(case, Side.FREELANCER)
    due = over if over is not None and viewer.now < over < case.ends_at else case.ends_at
    total = format_money(dispute.money)
    common: dict[str, Any] = {
        "priority": REACT,
        "due_at": due,
        "started_at": dispute.client_answered_at,
        "due_label": _("Time to react"),
    }
    if not own:
        return Turn(
            state="waiting",
            waiting_for=viewer.other_name,
            title=_("Your answer is with {name}").format(name=viewer.other_name),
            nothing_lead=_("If {name} does nothing:").format(name=viewer.other_name),
            nothing=_("After at least two contact attempts {sum} can come back to you.").format(sum=total),
            **common,
        )
    talk = reverse("disputes:dispute", args=[dispute.reference]) + "#talk-h"
    actions = [Action(label=_("Write a message"), url=talk, variant="primary")]
    if viewer.moves_money:
        offer = reverse("disputes:offer_new", args=[dispute.reference])
        actions.append(Action(label=_("Make an offer"), url=offer))
    add = reverse("disputes:evidence", args=[dispute.reference])
    actions.append(Action(label=_("Add evidence"), url=add, variant="quiet"))
    return Turn(
        state="yours",
        title=_("{name} contests your claim. What do you say?").format(name=viewer.client_name),
        body=(_("A message, evidence or an offer is enough to show that you go on with it. Opening a page is not."),),
        nothing=_("After at least two contact attempts the case can be closed, and {name} gets {sum}.").format(
            sum=total, name=viewer.client_name
        ),
        actions=tuple(actions),
        **common,
    )


def _may_object(case: Any, side: str, viewer: Viewer) -> bool:
    if (
        case.specialist_id is None
        or case.assigned_at is None
        or case.state not in (CaseState.ASSIGNED, CaseState.ACTIVE)
    ):
        return False
    settings = case.dispute.policy
    until = settings.business_days_after(case.assigned_at, settings.objection_business_days)
    return viewer.now < min(until, case.ends_at) and side not in [o["side"] for o in case.objected]
