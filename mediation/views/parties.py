"""The parties' pages: the recommendation and its answer, the impasse, the objection, contact and requests."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import InvalidInputError, NotAllowedError, StrangerError
from core.formatting import format_money
from disputes.enums import Disposition, DisputeState, Route
from mediation import forms, rules, selectors
from mediation.enums import Answer, RecommendationState
from mediation.models import MediationCase, Recommendation
from mediation.readmodels.contact import contact_page
from mediation.readmodels.endings import endings
from mediation.services import answering, impasse, objection
from mediation.views.common import context_of, done, page, party_case, run
from mediation.views.recommendation import shown

REASON_MIN = 20


def _party(request: Any, case: MediationCase) -> dict[str, Any]:
    side = rules.side_of(case.dispute, request.actor) or ""
    context = context_of(case)
    freelancer, client = context["freelancer_name"], context["client_name"]
    return {
        **context,
        "side": side,
        "other_name": client if side == "freelancer" else freelancer,
        "own_name": freelancer if side == "freelancer" else client,
        "freelancer_label": _("You") if side == "freelancer" else freelancer,
        "client_label": _("You") if side == "client" else client,
        "moves_money": rules.party_moves_money(case.dispute, request.actor),
        "specialist_name": case.specialist.name if case.specialist else _("the specialist"),
        "dispute_href": reverse("disputes:dispute", args=[case.dispute.reference]),
    }


def _need_money(context: dict[str, Any]) -> None:
    if not context["moves_money"]:
        raise NotAllowedError(
            _("Only an owner or a case manager of {account} can do this. Ask one of them.").format(
                account=context["own_name"]
            )
        )


def _over(request: Any, context: dict[str, Any], *, title: str, text: str, **more: Any) -> HttpResponse:
    """The act of this page is not open now: say why and what to do instead, with no form."""
    return render(request, "mediation/over.html", {**context, "over_title": title, "over_text": text, **more})


def _answered(found: Recommendation, case: MediationCase, context: dict[str, Any]) -> dict[str, Any]:
    """Both sides' state: answered or not, never what (D14). The own answer is known to its side."""
    side = context["side"]
    own = getattr(found, f"{side}_answer")
    other = getattr(found, "client_answer" if side == "freelancer" else "freelancer_answer")
    is_open = found.state == RecommendationState.ISSUED and case.dispute.state == DisputeState.RECOMMENDED
    return {
        "own_answered": own != Answer.PENDING,
        "own_accepted": own == Answer.ACCEPTED,
        "own_answered_at": getattr(found, f"{side}_answered_at"),
        "other_answered": other != Answer.PENDING,
        "open": is_open,
        "badge": _badge(found, is_open=is_open, answered=own != Answer.PENDING, other=context["other_name"]),
        # Where the client's part goes: back to the client, or into the contract's escrow.
        "stays": found.disposition == Disposition.RETURN and case.dispute.route == Route.ACTIVE,
        "hold_days": case.dispute.contract.policy.security_hold_days,
    }


def _badge(found: Recommendation, *, is_open: bool, answered: bool, other: str) -> str:
    if is_open:
        return _("Waiting for {name}").format(name=other) if answered else _("Waiting for your answer")
    if found.state == RecommendationState.ACCEPTED:
        return _("Accepted by both sides")
    # Neither who rejected nor who was silent is said (N1).
    if found.state in (RecommendationState.REJECTED, RecommendationState.LAPSED):
        return _("Not accepted by both sides")
    return _("No longer open")


def _recommendation(case: MediationCase) -> Recommendation:
    """The newest that was issued, also after a settlement voided it: both sides have read it."""
    found = selectors.live_recommendation(case)
    if found is None:
        raise StrangerError(_("There is no recommendation in this case."))
    return found


@page
def recommendation(request: Any, reference: str) -> HttpResponse:
    """The recommendation: split, net, reasons, exhibits, and who has answered."""
    case = party_case(request, reference)
    found = _recommendation(case)
    context = _party(request, case)
    sums = shown(case, found, side=context["side"])
    first = case.recommendations.filter(issued_at__isnull=False, number__lt=found.number).order_by("-number").first()
    return render(
        request,
        "mediation/recommendation.html",
        {
            **context,
            **sums,
            **_answered(found, case, context),
            "recommendation": found,
            "replaces": first,
            "endings": endings(
                case.dispute,
                context["side"],
                other_name=context["other_name"],
                recommended=(sums["to_f"], sums["to_c"]),
            ),
        },
    )


@page
def answer(request: Any, reference: str, choice: str) -> HttpResponse:
    """D14: accept or reject, each with its confirm page."""
    if choice not in ("accept", "reject"):
        raise StrangerError
    case = party_case(request, reference)
    found = _recommendation(case)
    context = _party(request, case)
    _need_money(context)
    state = _answered(found, case, context)
    back = reverse("mediation:recommendation", args=[reference])
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
            return done(request, _("Your answer is recorded."), "disputes:dispute", reference)
        status = outcome.status
    elif not state["open"]:
        text = _("The outcome is certain, so no answer is needed any more. The dispute page says what comes next.")
        return _over(request, context, title=_("This recommendation is no longer open"), text=text, back=back)
    elif state["own_answered"]:
        text = _("An answer cannot be changed. {name} still has to answer.").format(name=context["other_name"])
        return _over(request, context, title=_("Your side has already answered"), text=text, back=back)
    sums = shown(case, found, side=context["side"])
    context |= {
        **sums,
        **state,
        "form": form,
        "choice": choice,
        "recommendation": found,
        "days": case.dispute.policy.arbitration_election_days,
        "endings": endings(case.dispute, context["side"], other_name=context["other_name"]),
        "back_href": back,
    }
    return render(request, "mediation/answer.html", context, status=status)


@page
def declare_impasse(request: Any, reference: str) -> HttpResponse:
    """D18: declare that the sides cannot agree; the confirm page says what follows."""
    case = party_case(request, reference)
    context = _party(request, case)
    _need_money(context)
    declared = {row.side: row for row in case.impasses.select_related("declared_by")}
    own = declared.pop(context["side"], None)
    other = next(iter(declared.values()), None)
    form, status = forms.ConfirmForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        outcome = run(
            request,
            case,
            lambda: impasse.declare_impasse(dispute_id=case.dispute_id, actor=request.actor, now=request.now),
            form=form,
        )
        if outcome.done:
            return done(request, _("Your declaration is recorded."), "disputes:dispute", reference)
        status = outcome.status
    elif case.dispute.state != DisputeState.IN_MEDIATION:
        text = _("A declaration is possible only while mediation runs. The dispute page says what comes next.")
        return _over(request, context, title=_("Mediation of this dispute has ended"), text=text)
    elif own is not None:
        text = _(
            "Mediation ends as soon as {name} declares the same. Until then it goes on, and offers stay possible."
        ).format(name=context["other_name"])
        return _over(
            request,
            context,
            title=_("Your side has declared that it sees no agreement"),
            text=text,
            declared=own,
            ends_at=case.ends_at,
        )
    context |= {
        "form": form,
        "declared": other,
        "sum": format_money(case.dispute.money),
        "endings": endings(case.dispute, context["side"], other_name=context["other_name"]),
        "days": case.dispute.policy.arbitration_election_days,
        "back_href": context["dispute_href"],
    }
    return render(request, "mediation/impasse.html", context, status=status)


@page
def object_to(request: Any, reference: str) -> HttpResponse:
    """D20: object to the specialist, once, with a reason."""
    case = party_case(request, reference)
    context = _party(request, case)
    hint = _("A supervisor reads this, and so does the specialist. {name} does not. At least {n} characters.").format(
        name=context["other_name"], n=REASON_MIN
    )
    label = _("Why should {name} not mediate this case?").format(name=context["specialist_name"])
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
                words = _("Your objection is with a supervisor.")
                return done(request, words, "disputes:dispute", reference)
            status = outcome.status
            if isinstance(outcome.error, InvalidInputError) and "reason" in outcome.error.fields:
                form = _moved(form, outcome.error)
    until = objection.objection_due_at(case)
    made = case.objections.filter(side=context["side"]).select_related("specialist", "made_by").first()
    in_time = case.dispute.state == DisputeState.IN_MEDIATION and until is not None and request.now < until
    context |= {
        "form": form,
        "until": until,
        "made": made,
        "decision_due": objection.decision_due_at(case) if made is not None else None,
        "may_object": form.is_bound or (made is None and in_time),
        "unassigned": case.specialist is None and case.dispute.state == DisputeState.IN_MEDIATION,
    }
    return render(request, "mediation/object.html", context, status=status)


def _moved(form: forms.TextForm, error: InvalidInputError) -> forms.TextForm:
    """Put the service's sentence on our field of another name."""
    form.errors.pop("__all__", None)
    form.add_error("text", error.fields["reason"])
    return form


@page
def contact(request: Any, reference: str) -> HttpResponse:
    """D5, D9: who was asked or called, when, what came back, and what happens if nobody reacts."""
    case = party_case(request, reference)
    context = _party(request, case)
    context["page"] = contact_page(case, context["side"], now=request.now)
    return render(request, "mediation/contact.html", context)
