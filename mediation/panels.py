"""What mediation adds to the dispute page that both sides see (`disputes.panels`): turns, dates, actions, timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from core.formatting import format_instant, format_money, net_of_fee
from core.models import AuditEntry
from core.money import Money
from disputes.enums import DisputeState
from disputes.models import Dispute
from disputes.panels import Action, Contribution, DateRow, Item, Outcome, Step, Tick, Turn, Viewer
from mediation.enums import Answer, CaseState, Channel, ObjectionState, RecommendationState
from mediation.models import ContactAttempt, ImpasseDeclaration, MediationCase, Objection, Recommendation

ANSWER_RECOMMENDATION: Final = 80
IMPASSE: Final = 40


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
        )
        .first()
    )


def _recommended(case: Any, dispute: Dispute, viewer: Viewer) -> Contribution:
    live = case.live
    if live is None:
        return Contribution()
    due, issued = datetime.fromisoformat(live["due_at"]), datetime.fromisoformat(live["issued_at"])
    to_f = Money(live["to_freelancer"], dispute.currency)
    to_c = Money(live["to_client"], dispute.currency)
    percent = dispute.contract.policy.service_fee_percent
    url = reverse("mediation:recommendation", args=[dispute.reference])
    read = Action(label="Read the recommendation", url=url, icon="scale")
    lapses = "Silence counts as a rejection. The money stays held and both sides get the Notice of Non-Resolution."
    split: dict[str, Any] = {"to_freelancer": to_f, "to_client": to_c, "due_at": due, "started_at": issued}
    mine = live.get(viewer.side or "", "")
    other = live["client" if viewer.side == "freelancer" else "freelancer"] if viewer.side else ""
    said = f"{viewer.other_name} has answered." if other != Answer.PENDING else f"{viewer.other_name} has not answered."
    if viewer.side is None:
        names = {"freelancer": viewer.freelancer_name, "client": viewer.client_name}
        states = [f"{n} has {'' if live[s] != Answer.PENDING else 'not '}answered." for s, n in names.items()]
        turn = Turn(
            priority=ANSWER_RECOMMENDATION,
            state="waiting",
            waiting_for="both sides",
            title="Both sides have the recommendation",
            body=tuple(states),
            nothing=lapses,
            nothing_lead="If a side does nothing:",
            actions=(read,),
            **split,
        )
    elif mine == Answer.PENDING:
        gets = net_of_fee(to_f, percent) if viewer.side == "freelancer" else to_c
        actions = [Action(label="Read the recommendation", url=url, icon="scale", variant="primary")]
        if viewer.moves_money:
            answer = reverse("mediation:answer", args=[dispute.reference, "accept"])
            actions.append(Action(label="Accept the recommendation", url=answer))
            answer = reverse("mediation:answer", args=[dispute.reference, "reject"])
            actions.append(Action(label="Reject the recommendation", url=answer, variant="quiet"))
        turn = Turn(
            priority=ANSWER_RECOMMENDATION,
            state="yours",
            title=f"{viewer.specialist_name or 'The specialist'} recommends an outcome",
            body=(said, "The recommendation binds nobody: it takes effect when both sides accept it."),
            ticks=(
                Tick(bold=format_money(gets), text="comes to you if both sides accept, after the service fee")
                if viewer.side == "freelancer"
                else Tick(bold=format_money(gets), text="comes back to you if both sides accept"),
                Tick(icon="file-badge", text="One rejection is enough for the Notice of Non-Resolution"),
            ),
            nothing=lapses,
            actions=tuple(actions),
            why="You confirm on the next page.",
            **split,
        )
    else:
        turn = Turn(
            priority=ANSWER_RECOMMENDATION,
            state="waiting",
            waiting_for=viewer.other_name,
            title="Your side has answered the recommendation",
            body=("Your answer stays between you and the system until the outcome is certain.",),
            nothing=lapses,
            nothing_lead=f"If {viewer.other_name} does nothing:",
            actions=(read,),
            **split,
        )
    return Contribution(
        turns=(turn,),
        steps={
            "recommendation": Step(note=f"Answer by {_day(due)}", state="current", progress=_share(case, due, viewer))
        },
        dates=(DateRow(uid="recommendation_answer", label="Answer to the recommendation", due_at=due, note=lapses),),
        outcomes=(
            Outcome(
                label="The recommendation", sub="both accept", to_freelancer=to_f, to_client=to_c, is_now=True, order=15
            ),
        ),
    )


def _share(case: Any, due: datetime, viewer: Viewer) -> int:
    start = datetime.fromisoformat(case.live["issued_at"])
    return max(0, min(100, int((viewer.now - start) / (due - start) * 100)))


def _day(instant: datetime) -> str:
    return format_instant(instant, UTC, "day")


def _in_mediation(case: Any, dispute: Dispute, viewer: Viewer) -> Contribution:
    actions: list[Action] = []
    notices: list[str] = []
    turns: list[Turn] = []
    if any(o["state"] == ObjectionState.OPEN for o in case.objected):
        notices.append(
            "One side has objected to the specialist. A supervisor decides. Until then nobody is closed as"
            " unresponsive and no recommendation is issued; all clocks run on."
        )
    url = reverse("mediation:impasse", args=[dispute.reference])
    if viewer.side is not None:
        side, others = viewer.side, [s for s in case.declared if s != viewer.side]
        if side in case.declared:
            notices.append(
                f"Your side declared that it sees no agreement. If {viewer.other_name} declares it too, mediation ends."
            )
        elif others:
            link = Action(label="Answer the declaration", url=url)
            turns.append(
                Turn(
                    priority=IMPASSE,
                    state="yours",
                    title=f"{viewer.other_name} sees no agreement",
                    body=("If your side declares it too, mediation ends and both sides get the Notice.",),
                    due_at=case.ends_at,
                    started_at=case.opened_at,
                    due_label="Mediation ends in",
                    nothing="Mediation goes on until its end.",
                    actions=(link,) if viewer.moves_money else (),
                )
            )
        elif viewer.moves_money:
            actions.append(Action(label="Declare that you cannot agree", url=url, variant="quiet"))
        if _may_object(case, side, viewer):
            name = viewer.specialist_name or "the specialist"
            target = reverse("mediation:object", args=[dispute.reference])
            actions.append(Action(label=f"Object to {name}", url=target, variant="quiet"))
    elif case.specialist_id == viewer.actor.user_id or viewer.actor.is_staff():
        desk = reverse("mediation:case", args=[dispute.reference])
        actions.append(Action(label="Open the case on the desk", url=desk, icon="scale"))
    return Contribution(turns=tuple(turns), actions=tuple(actions), notices=tuple(notices))


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


# --- the timeline: our audit entries in words -----------------------------------

_CASE_LINES: Final[dict[str, tuple[str, str]]] = {
    "open_case": ("scale", "Mediation began. It lasts 21 days at most."),
    "activate": ("shield-check", "signed the no-conflict declaration and took the case up."),
    "declare": ("shield-check", "signed the no-conflict declaration and took the case up."),
    "unassign": ("user-minus", "The specialist left the case. Another one is being found; all clocks run on."),
}


def tell_case(entries: Sequence[AuditEntry], viewer: Viewer) -> Mapping[int, Item | None]:
    """Assignment, declaration and contact attempts (their texts are shown to both sides, D5)."""
    attempts = {
        str(a.pk): a
        for a in ContactAttempt.objects.filter(pk__in=[e.payload["attempt"] for e in entries if "attempt" in e.payload])
    }
    found: dict[int, Item | None] = {}
    for entry in entries:
        if entry.act in ("assign", "reassign_after_recommendation"):
            again = bool(entry.payload.get("before"))
            words = "Another specialist took over" if again else "A mediation specialist was assigned"
            found[entry.pk] = Item(icon="user-check", text=f"{words}. Each side may object once, with a reason.")
        elif entry.act in ("log_attempt", "log_system_attempt"):
            attempt = attempts.get(entry.payload.get("attempt", ""))
            found[entry.pk] = _attempt(entry, attempt, viewer) if attempt else None
        elif entry.act in _CASE_LINES:
            icon, words = _CASE_LINES[entry.act]
            person = entry.actor_name if entry.act in ("activate", "declare") else ""
            found[entry.pk] = Item(icon=icon, text=words, name=person, you=_own(entry, viewer))
    return found


def _attempt(entry: AuditEntry, attempt: ContactAttempt, viewer: Viewer) -> Item:
    how = {
        Channel.PLATFORM: "wrote to {} here",
        Channel.EMAIL: "wrote to {} by e-mail",
        Channel.PHONE: "called {}",
        Channel.VIDEO: "tried a video call with {}",
    }[Channel(attempt.channel)].format(viewer.name_of(attempt.side))
    text = f"{how}: “{attempt.text}”"
    if attempt.reply:
        text += f" Reply: “{attempt.reply}”"
    return Item(icon="phone-outgoing", text=text, name=entry.actor_name, you=_own(entry, viewer))


def tell_recommendation(entries: Sequence[AuditEntry], viewer: Viewer) -> Mapping[int, Item | None]:
    """The issued recommendation as a card. Drafts, releases and answers have no line of their own."""
    found: dict[int, Item | None] = {}
    for entry in entries:
        if entry.act != "issue" or not viewer.negotiation:
            continue
        currency = _currency(entry)
        found[entry.pk] = Item(
            kind="recommendation",
            icon="scale",
            name=viewer.specialist_name or entry.actor_name,
            role="specialist",
            you=_own(entry, viewer),
            body=("A recommendation with its reasons. It binds nobody: both sides must accept it.",),
            to_freelancer=Money(entry.payload["to_freelancer"], currency) if currency else None,
            to_client=Money(entry.payload["to_client"], currency) if currency else None,
        )
    return found


def _currency(entry: AuditEntry) -> str:
    return str(entry.payload.get("currency", ""))


def tell_objection(entries: Sequence[AuditEntry], viewer: Viewer) -> Mapping[int, Item | None]:
    """That there is an objection and how it was decided; the reason stays with its side and the staff."""
    words = {
        "object": "objected to the specialist. A supervisor decides; all clocks run on.",
        "uphold": "upheld the objection: another specialist takes over.",
        "dismiss": "dismissed the objection: the specialist stays.",
    }
    return {
        entry.pk: Item(icon="flag", text=words[entry.act], name=entry.actor_name, you=_own(entry, viewer))
        for entry in entries
        if entry.act in words
    }


def _own(entry: AuditEntry, viewer: Viewer) -> bool:
    return entry.actor_id is not None and entry.actor_id == viewer.actor.user_id


TELLERS: Final = {
    "mediation.mediationcase": tell_case,
    "mediation.recommendation": tell_recommendation,
    "mediation.objection": tell_objection,
}
