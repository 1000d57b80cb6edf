"""The desk's side of the recommendation: draft, preview, issue, release (D13)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.errors import OutOfTurnError, StaleError, StrangerError
from core.formatting import net_of_fee
from core.money import Money
from disputes.enums import Confidentiality, Disposition, Route
from mediation import forms, rules, selectors
from mediation.models import MediationCase, Recommendation
from mediation.readmodels.cited import cited, exhibits_of
from mediation.services import recommendation as service
from mediation.services import recommendation_guards
from mediation.views.common import context_of, desk, done, renew, run, staff_case, supervisors


def _initial(draft: Recommendation | None, case: MediationCase) -> dict[str, Any]:
    initial: dict[str, Any] = {"seen": case.dispute.version, "disposition": Disposition.REFUND}
    if draft is None:
        return initial
    initial |= {
        name: getattr(draft, name)
        for name in ("reasons", "freelancer_points", "client_points", "disposition", "failure", "failure_note")
    }
    initial["exhibits"] = [str(pk) for pk in draft.exhibits.values_list("pk", flat=True)]
    if draft.to_freelancer is not None and draft.to_client is not None:
        initial["to_freelancer"] = Money(draft.to_freelancer, case.dispute.currency)
        initial["to_client"] = Money(draft.to_client, case.dispute.currency)
    return initial


@desk
def draft(request: Any, reference: str) -> HttpResponse:
    """Write the draft; every field may stay open, a set split must add up."""
    case = staff_case(request, reference)
    if not rules.is_assigned(case, request.actor):
        raise StrangerError
    dispute = case.dispute
    kept = selectors.draft_recommendation(case)
    exhibits = list(
        dispute.evidence.filter(confidentiality=Confidentiality.SHARED, removed_at__isnull=True).order_by("exhibit")
    )
    how: dict[str, Any] = {
        "total": dispute.money,
        "exhibits": exhibits,
        "route_active": dispute.route == Route.ACTIVE,
    }
    stale = False
    if request.method == "POST":
        form, status = forms.RecommendationForm(request.POST, **how), 422
        if form.is_valid():
            outcome = run(request, case, lambda: _save(request, case, form), form=form)
            if outcome.done:
                target = "mediation:preview" if "preview" in request.POST else "mediation:draft"
                return done(request, _("The draft is saved. No side sees it."), target, reference)
            status, stale = outcome.status, isinstance(outcome.error, StaleError)
            if stale:
                # What changed has been shown now: the next press saves.
                renew(form, case)
    else:
        form, status = forms.RecommendationForm(initial=_initial(kept, case), **how), 200
    return render(
        request,
        "desk/recommendation.html",
        {
            **context_of(case),
            "form": form,
            "draft": kept,
            "stale": stale,
            "guards": recommendation_guards.guards(case, kept, now=request.now),
            "least": dispute.policy.recommendation_min_chars,
            "to_freelancer": form["to_freelancer"].value(),
            "to_client": form["to_client"].value(),
            "split_error": " ".join([*form["to_freelancer"].errors, *form["to_client"].errors]),
            "issued": selectors.live_recommendation(case),
            "waits": kept is not None and kept.release_asked_at is not None,
        },
        status=status,
    )


def _save(request: Any, case: MediationCase, form: forms.RecommendationForm) -> Recommendation:
    data = form.cleaned_data
    return service.save_draft(
        dispute_id=case.dispute_id,
        to_freelancer=data["to_freelancer"],
        to_client=data["to_client"],
        disposition=data.get("disposition") or Disposition.REFUND,
        reasons=data["reasons"],
        freelancer_points=data["freelancer_points"],
        client_points=data["client_points"],
        exhibit_ids=data["exhibits"],
        failure=data["failure"],
        failure_note=data["failure_note"],
        seen_version=form.seen_version(),
        actor=request.actor,
        now=request.now,
    )


def shown(case: MediationCase, found: Recommendation, *, side: str = "") -> dict[str, Any]:
    """What a page prints of a recommendation, for a reader of `side` ("" for staff): sums, texts, exhibits.

    The sums are None where the split is open.
    """
    contract = case.dispute.contract
    rows = list(found.exhibits.order_by("exhibit"))
    numbers = [row.exhibit for row in rows]
    names = {"freelancer": contract.freelancer_account.name, "client": contract.client_account.name}
    context: dict[str, Any] = {
        "texts": {
            "reasons": cited(found.reasons, numbers),
            "freelancer": cited(found.freelancer_points, numbers),
            "client": cited(found.client_points, numbers),
            "failure": cited(found.failure_note, numbers),
        },
        "exhibits": exhibits_of(rows, side=side, names=names),
        "to_f": None,
        "to_c": None,
        "net": None,
    }
    if found.to_freelancer is not None and found.to_client is not None:
        currency = case.dispute.currency
        to_f, to_c = Money(found.to_freelancer, currency), Money(found.to_client, currency)
        context |= {"to_f": to_f, "to_c": to_c, "net": net_of_fee(to_f, contract.policy.service_fee_percent)}
    return context


def _draft_or_404(case: MediationCase) -> Recommendation:
    found = selectors.draft_recommendation(case)
    if found is None:
        raise OutOfTurnError(_("There is no draft in this case. Write the recommendation first."))
    return found


@desk
def preview(request: Any, reference: str) -> HttpResponse:
    """The draft as each side will read it, and what is still missing."""
    case = staff_case(request, reference)
    found = _draft_or_404(case)
    guards = recommendation_guards.guards(case, found, now=request.now)
    return render(
        request,
        "desk/recommendation_preview.html",
        {
            **context_of(case),
            **shown(case, found),
            "recommendation": found,
            "guards": guards,
            "ready": all(g.holds for g in guards),
            "assigned": rules.is_assigned(case, request.actor),
            "may_release": found.release_asked_at is not None and rules.releases(found, request.actor),
        },
    )


@desk
def issue(request: Any, reference: str) -> HttpResponse:
    """D13: the confirm page and the act."""
    case = staff_case(request, reference)
    if not rules.is_assigned(case, request.actor):
        raise StrangerError
    found = _draft_or_404(case)
    dispute = case.dispute
    form, status = forms.ConfirmForm(request.POST or None, initial={"seen": dispute.version}), 200
    if request.method == "POST" and form.is_valid():
        outcome = run(
            request,
            case,
            lambda: service.issue_recommendation(
                dispute_id=case.dispute_id, seen_version=form.seen_version(), actor=request.actor, now=request.now
            ),
            form=form,
        )
        if outcome.done:
            waits = outcome.value is not None and outcome.value.release_asked_at and not outcome.value.issued_at
            words = _("Sent to a supervisor for release.") if waits else _("Issued to both sides at the same moment.")
            return done(request, words, "mediation:case", reference)
        status = outcome.status
        renew(form, case)
    settings = dispute.policy
    context = {
        **context_of(case),
        **shown(case, found),
        "base": "base_staff.html",
        "form": form,
        "recommendation": found,
        "needs_release": settings.recommendation_needs_release,
        "answer_until": settings.business_days_after(request.now, settings.recommendation_answer_business_days),
        "again": selectors.live_recommendation(case) is not None,
    }
    return render(request, "desk/recommendation_issue.html", context, status=status)


@supervisors
def release(request: Any, reference: str) -> HttpResponse:
    """D13: a supervisor releases the recommendation, or sends it back with a note."""
    case = staff_case(request, reference)
    found = _draft_or_404(case)
    label = _("What should change?")
    hint = _("Only needed to send it back; the specialist reads it as an internal note.")
    form, status = forms.TextForm(request.POST or None, label=label, hint=hint), 200
    if request.method == "POST" and form.is_valid():
        back = "send_back" in request.POST

        def act() -> Any:
            common = {"recommendation_id": found.pk, "actor": request.actor, "now": request.now}
            return service.send_back(text=form.words, **common) if back else service.release(**common)

        outcome = run(request, case, act, form=form)
        if outcome.done:
            words = _("Sent back to the specialist.") if back else _("Released and issued to both sides.")
            return done(request, words, "mediation:case", reference)
        status = outcome.status
    context = {
        **context_of(case),
        **shown(case, found),
        "form": form,
        "recommendation": found,
        "may_release": rules.releases(found, request.actor),
    }
    return render(request, "desk/recommendation_release.html", context, status=status)
