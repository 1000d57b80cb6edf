"""The parties' pages: the recommendation and its answer, the impasse, the objection."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.errors import InvalidInputError, NotAllowedError, StrangerError
from core.formatting import format_money
from disputes.defaults import for_reader
from disputes.enums import DisputeState
from mediation import forms, rules, selectors
from mediation.enums import Answer, RecommendationState
from mediation.models import MediationCase, Recommendation
from mediation.services import answering, impasse, objection
from mediation.views.common import context_of, done, page, party_case, run
from mediation.views.recommendation import shown


def _party(request: Any, case: MediationCase) -> dict[str, Any]:
    side = rules.side_of(case.dispute, request.actor)
    context = context_of(case)
    return {
        **context,
        "side": side,
        "other_name": context["client_name"] if side == "freelancer" else context["freelancer_name"],
        "own_name": context["freelancer_name"] if side == "freelancer" else context["client_name"],
        "moves_money": rules.party_moves_money(case.dispute, request.actor),
        "specialist_name": case.specialist.name if case.specialist else "the specialist",
        "defaults": for_reader(
            case.dispute.policy,
            side or "",
            freelancer=context["freelancer_name"],
            client=context["client_name"],
        ),
        "dispute_href": reverse("disputes:dispute", args=[case.dispute.reference]),
    }


def _need_money(context: dict[str, Any]) -> None:
    if not context["moves_money"]:
        raise NotAllowedError(f"Only an owner or a case manager of {context['own_name']} can do this. Ask one of them.")


def _answered(found: Recommendation, case: MediationCase, side: str) -> dict[str, Any]:
    """Both sides' state: answered or not, never what (D14). The own answer is known to its side."""
    own = getattr(found, f"{side}_answer")
    other = getattr(found, "client_answer" if side == "freelancer" else "freelancer_answer")
    return {
        "own_answered": own != Answer.PENDING,
        "own_answer": Answer(own).label if own != Answer.PENDING else "",
        "other_answered": other != Answer.PENDING,
        "open": found.state == RecommendationState.ISSUED and case.dispute.state == DisputeState.RECOMMENDED,
    }


@page
def recommendation(request: Any, reference: str) -> HttpResponse:
    """The recommendation: split, net, reasons, exhibits, and who has answered."""
    case = party_case(request, reference)
    found = selectors.live_recommendation(case)
    if found is None or found.state == RecommendationState.VOID:
        raise StrangerError("There is no recommendation in this case.")
    context = _party(request, case)
    return render(
        request,
        "mediation/recommendation.html",
        {
            **context,
            **shown(case, found),
            **_answered(found, case, context["side"]),
            "recommendation": found,
            "exhibits": list(found.exhibits.order_by("exhibit")),
            "outcome_words": found.get_state_display(),
        },
    )


@page
def answer(request: Any, reference: str, choice: str) -> HttpResponse:
    """D14: accept or reject, each with its confirm page."""
    if choice not in ("accept", "reject"):
        raise StrangerError
    case = party_case(request, reference)
    found = selectors.live_recommendation(case)
    if found is None or found.state == RecommendationState.VOID:
        raise StrangerError("There is no recommendation in this case.")
    context = _party(request, case)
    _need_money(context)
    # The page names the recommendation it showed: an answer never falls on one that replaced it.
    form, status = forms.ConfirmForm(request.POST or None, initial={"seen": found.number}), 200
    if request.method == "POST" and form.is_valid():
        # A form that names none falls on none: an id of nobody is answered as replaced.
        numbered = case.recommendations.filter(number=form.seen_version()).values_list("pk", flat=True)
        seen = numbered.first() or case.pk
        outcome = run(
            request,
            case,
            lambda: answering.answer_recommendation(
                dispute_id=case.dispute_id,
                recommendation_id=seen,
                accept=choice == "accept",
                actor=request.actor,
                now=request.now,
            ),
            form=form,
        )
        if outcome.done:
            return done(request, "Your answer is recorded.", "disputes:dispute", reference)
        status = outcome.status
    fee = case.dispute.policy.arb_fee_for(case.dispute.money)[0]
    context |= {
        **shown(case, found),
        **_answered(found, case, context["side"]),
        "form": form,
        "choice": choice,
        "recommendation": found,
        "arb_fee": fee,
    }
    return render(request, "mediation/answer.html", context, status=status)


@page
def declare_impasse(request: Any, reference: str) -> HttpResponse:
    """D18: declare that the sides cannot agree; the confirm page says what follows."""
    case = party_case(request, reference)
    context = _party(request, case)
    _need_money(context)
    form, status = forms.ConfirmForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        outcome = run(
            request,
            case,
            lambda: impasse.declare_impasse(dispute_id=case.dispute_id, actor=request.actor, now=request.now),
            form=form,
        )
        if outcome.done:
            return done(request, "Your declaration is recorded.", "disputes:dispute", reference)
        status = outcome.status
    declared = list(case.impasses.values_list("side", flat=True))
    context |= {
        "form": form,
        "own_declared": context["side"] in declared,
        "other_declared": bool([s for s in declared if s != context["side"]]),
        "sum": format_money(case.dispute.money),
        "arb_fee": case.dispute.policy.arb_fee_for(case.dispute.money)[0],
        "days": case.dispute.policy.arbitration_election_days,
    }
    return render(request, "mediation/impasse.html", context, status=status)


@page
def object_to(request: Any, reference: str) -> HttpResponse:
    """D20: object to the specialist, once, with a reason."""
    case = party_case(request, reference)
    context = _party(request, case)
    hint = "A supervisor reads this, and so does the specialist. At least 20 characters."
    label = f"Why should {context['specialist_name']} not mediate this case?"
    form, status = forms.TextForm(request.POST or None, label=label, hint=hint, rows=5), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = run(
                request,
                case,
                lambda: objection.object_to_specialist(
                    dispute_id=case.dispute_id, reason=form.words, actor=request.actor, now=request.now
                ),
                form=form,
            )
            if outcome.done:
                return done(request, "Your objection is with a supervisor.", "disputes:dispute", reference)
            status = outcome.status
            if isinstance(outcome.error, InvalidInputError) and "reason" in outcome.error.fields:
                form = _moved(form, outcome.error)
    context |= {"form": form, "until": objection.objection_due_at(case)}
    context["made"] = case.objections.filter(side=context["side"]).first()
    return render(request, "mediation/object.html", context, status=status)


def _moved(form: forms.TextForm, error: InvalidInputError) -> forms.TextForm:
    """Put the service's sentence on our field of another name."""
    form.errors.pop("__all__", None)
    form.add_error("text", error.fields["reason"])
    return form
