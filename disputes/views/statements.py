"""Claim and answer: respond, accept in full, update, withdraw."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from core.errors import OutOfTurnError
from core.formatting import format_money, net_of_fee
from core.money import Money
from core.web.acts import used
from disputes.enums import ActiveReason, AnswerReason, DisputeState, EndedReason, EvidenceKind, Route
from disputes.forms import ConfirmForm, ContestForm, UpdateForm
from disputes.models import StatementVersion
from disputes.readmodels.page import REASONS
from disputes.services import evidence, statements, withdrawal
from disputes.views import drafts
from disputes.views.common import (
    Case,
    act,
    done,
    need_money,
    need_party,
    need_side,
    open_case,
    page,
    refused,
    seen,
    show,
)
from disputes.views.uploads import add_each, checked_files, counted

BOTH_METHODS = ["GET", "POST"]


def _newest(case: Case, side: str) -> StatementVersion | None:
    return case.dispute.statements.select_related("written_by").filter(side=side).order_by("-number").first()


def _evidence_adder(request: Any, case: Case, form: Any) -> Any:
    return lambda file: evidence.add_evidence(
        dispute_id=case.dispute.pk,
        upload=file,
        kind=form.cleaned_data.get("kind") or EvidenceKind.OTHER,
        shows=form.cleaned_data.get("shows", ""),
        confidentiality=form.cleaned_data.get("confidentiality") or "shared",
        actor=request.actor,
        now=request.now,
    )


# --- respond ----------------------------------------------------------------------


def _contest_form(case: Case, data: Any = None, files: Any = None, initial: Any = None) -> ContestForm:
    policy = case.dispute.policy
    return ContestForm(
        data,
        files,
        initial={**seen(case), "kind": EvidenceKind.OTHER, **(initial or {})},
        total=case.dispute.money,
        max_bytes=policy.evidence_max_file_bytes,
        text_chars=policy.evidence_text_chars,
    )


@page
@require_http_methods(BOTH_METHODS)
def respond(request: HttpRequest, reference: str) -> HttpResponse:
    """D3, D4, D11: the client pays in full, offers a part, or contests with reasons and evidence."""
    case = open_case(request, reference)
    need_side(case, "client")
    if case.dispute.client_answered_at is not None and request.method != "POST":
        return done(request, case, "You have answered the claim. You can update your answer.", "update")
    if case.dispute.state != DisputeState.IN_MEDIATION:
        raise OutOfTurnError("Mediation is over, so the claim can no longer be answered here.")
    if request.method != "POST":
        draft = drafts.load(request, case, "respond")
        form = _contest_form(case, initial=draft.data if draft else None)
        return _respond_page(request, case, form, saved_at=draft.saved_at if draft else None)
    return drafts.autosaved(request, case, "respond") or _contest(request, case)


def _contest(request: Any, case: Case) -> HttpResponse:
    reference = case.dispute.reference
    form = _contest_form(case, request.POST, request.FILES)
    drafts.keep(request, case, "respond")
    if not form.is_valid():
        return _respond_page(request, case, form, status=422)
    files = checked_files(form, max_bytes=case.dispute.policy.evidence_max_file_bytes)
    if form.errors:
        return _respond_page(request, case, form, status=422)
    outcome = act(
        request,
        case,
        form,
        lambda: statements.contest_claim(
            dispute_id=case.dispute.pk,
            reason=form.cleaned_data["reason"],
            details=form.cleaned_data["details"],
            offers=form.cleaned_data["offers"],
            seen_version=form.seen_version(),
            actor=request.actor,
            now=request.now,
        ),
    )
    if not outcome.done:
        case, context = refused(request, reference, outcome, form)
        return _respond_page(request, case, form, status=outcome.status, **context)
    drafts.drop(request, case, "respond")
    added = add_each(form, files, _evidence_adder(request, case, form)) if not outcome.repeated else 0
    words = f"Your answer is sent to {case.viewer.freelancer_name} and the specialist."
    if added:
        words += f" {counted(added)} added."
    if form.errors.get("files"):
        words += f" Not added: {' '.join(str(e) for e in form.errors['files'])}"
    return done(request, case, words)


def _respond_page(request: Any, case: Case, form: ContestForm, *, status: int = 200, **context: Any) -> HttpResponse:
    claim = _newest(case, "claim")
    return show(
        request,
        case,
        "respond",
        {"form": form, "claim": claim, "claim_reason": REASONS.get(claim.reason, "") if claim else "", **context},
        status=status,
    )


@page
@require_http_methods(BOTH_METHODS)
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """D3 (N7, A4): pay the claim in full; a confirm page."""
    case = open_case(request, reference)
    need_side(case, "client")
    need_money(case)
    if case.dispute.state == DisputeState.RESOLVED and not used(request):
        raise OutOfTurnError("This dispute is closed, so there is nothing left to pay here.")
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial=seen(case))
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST" and form.is_valid():
        outcome = act(
            request,
            case,
            form,
            lambda: statements.accept_claim(
                dispute_id=case.dispute.pk,
                seen_version=form.seen_version(),
                actor=request.actor,  # type: ignore[attr-defined]
                now=request.now,  # type: ignore[attr-defined]
            ),
        )
        if outcome.done:
            words = f"{format_money(case.dispute.money)} goes to {case.viewer.freelancer_name}. The dispute is closed."
            return done(request, case, words, "outcome")
        case, context = refused(request, reference, outcome, form)
        status = outcome.status
    net = net_of_fee(case.dispute.money, case.fee_percent)
    return show(request, case, "accept", {"form": form, "net": net, **context}, status=status)


# --- update -----------------------------------------------------------------------


@page
@require_http_methods(BOTH_METHODS)
def update(request: HttpRequest, reference: str) -> HttpResponse:
    """S15, D8: review or update one's own statement; a new version, both sides see all."""
    case = open_case(request, reference)
    side = need_party(case)
    kind = "claim" if side == "freelancer" else "answer"
    newest = _newest(case, kind)
    if newest is None:
        raise OutOfTurnError("There is no answer to update yet. Answer the claim first.")
    if request.method != "POST":
        draft = drafts.load(request, case, "update")
        initial = {
            "reason": newest.reason,
            "details": newest.details,
            "amount": Money(newest.amount, case.dispute.currency),
            **(draft.data if draft else {}),
        }
        form = _update_form(case, side, initial=initial)
        return _update_page(request, case, form, newest, draft=draft)
    if (saved := drafts.autosaved(request, case, "update")) is not None:
        return saved
    form = _update_form(case, side, request.POST)
    drafts.keep(request, case, "update")
    if not form.is_valid():
        return _update_page(request, case, form, newest, status=422)
    outcome = act(
        request,
        case,
        form,
        lambda: statements.update_statement(
            dispute_id=case.dispute.pk,
            side=kind,
            reason=form.cleaned_data["reason"],
            details=form.cleaned_data["details"],
            amount=form.cleaned_data["amount"],
            seen_version=form.seen_version(),
            actor=request.actor,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        ),
    )
    if not outcome.done:
        case, context = refused(request, reference, outcome, form)
        return _update_page(request, case, form, _newest(case, kind), status=outcome.status, **context)
    drafts.drop(request, case, "update")
    return done(request, case, "The new version is sent. The older ones stay readable.", "versions")


def _update_form(case: Case, side: str, data: Any = None, initial: Any = None) -> UpdateForm:
    if side == "client":
        reasons: Any = AnswerReason.choices
    else:
        reasons = EndedReason.choices if case.dispute.route == Route.ENDED else ActiveReason.choices
    return UpdateForm(
        data,
        initial={**seen(case), **(initial or {})},
        total=case.dispute.money,
        side=side,
        active=case.dispute.route == Route.ACTIVE,
        reasons=reasons,
        text_chars=case.dispute.policy.evidence_text_chars,
    )


def _update_page(
    request: Any, case: Case, form: UpdateForm, newest: Any, *, status: int = 200, draft: Any = None, **context: Any
) -> HttpResponse:
    locked = case.dispute.state != DisputeState.IN_MEDIATION
    return show(
        request,
        case,
        "update",
        {"form": form, "newest": newest, "draft": draft, "locked": locked, **context},
        status=status,
    )


# --- withdraw ---------------------------------------------------------------------


@page
@require_http_methods(BOTH_METHODS)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """D10, A4: give the dispute up; a confirm page with what follows."""
    case = open_case(request, reference)
    need_side(case, "freelancer")
    need_money(case)
    if case.dispute.state == DisputeState.RESOLVED and not used(request):
        raise OutOfTurnError("This dispute is closed, so it can no longer be withdrawn.")
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial=seen(case))
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST" and form.is_valid():
        outcome = act(
            request,
            case,
            form,
            lambda: withdrawal.withdraw_dispute(
                dispute_id=case.dispute.pk,
                seen_version=form.seen_version(),
                actor=request.actor,  # type: ignore[attr-defined]
                now=request.now,  # type: ignore[attr-defined]
            ),
        )
        if outcome.done:
            return done(request, case, "The dispute is withdrawn and closed.", "outcome")
        case, context = refused(request, reference, outcome, form)
        status = outcome.status
    return show(
        request,
        case,
        "withdraw",
        {"form": form, "active": case.dispute.route == Route.ACTIVE, **context},
        status=status,
    )
