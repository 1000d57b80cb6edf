"""Claim and answer: respond, accept in full, update, withdraw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.deadlines import running
from core.errors import DomainError, OutOfTurnError
from core.formatting import format_instant, format_money, net_of_fee
from core.money import Money
from core.web.acts import Outcome, used
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
from disputes.views.kept import kept_page
from disputes.views.uploads import add_each, checked_files

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
        return done(request, case, _("You have answered the claim. You can update your answer."), "update")
    if case.dispute.state != DisputeState.IN_MEDIATION:
        error = OutOfTurnError(_("Mediation is over, so the claim can no longer be answered here."))
        return _give_back(request, case, error, _draft_of(request, case, "respond"))
    if request.method != "POST":
        draft = drafts.load(request, case, "respond")
        form = _contest_form(case, initial=draft.data if draft else None)
        return _respond_page(request, case, form, saved_at=draft.saved_at if draft else None)
    return drafts.autosaved(request, case, "respond") or _contest(request, case)


def _draft_of(request: Any, case: Case, name: str) -> Any:
    """What was typed: in this post, or in the draft that was kept of it."""
    if request.method == "POST":
        return request.POST
    draft = drafts.load(request, case, name)
    return draft.data if draft else {}


def _give_back(request: Any, case: Case, error: DomainError, typed: Any) -> HttpResponse:
    """The stage ended while a statement was being written: the words come back, to be used in a message instead."""
    if request.headers.get("X-Autosave"):
        raise error
    kept = [(_("What happened"), str(typed.get("details", "")))]
    return kept_page(request, error, kept, href=case.url("dispute"), action=_("Back to the dispute"))


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
    words = _("Your answer is sent to {freelancer} and the specialist.").format(freelancer=case.viewer.freelancer_name)
    if added:
        words += " " + ngettext("{n} file added.", "{n} files added.", added).format(n=added)
    if form.errors.get("files"):
        why = " ".join(str(e) for e in form.errors["files"])
        words += " " + _("Not added: {why}").format(why=why)
    return done(request, case, words)


def _respond_page(request: Any, case: Case, form: ContestForm, *, status: int = 200, **context: Any) -> HttpResponse:
    claim = _newest(case, "claim")
    clock = running(case.dispute.pk, statements.CLIENT_ANSWER)
    return show(
        request,
        case,
        "respond",
        {
            "form": form,
            "claim": claim,
            "claim_reason": REASONS.get(claim.reason, "") if claim else "",
            "answer_due": clock.due_at if clock else None,
            **context,
        },
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
        raise OutOfTurnError(_("This dispute is closed, so there is nothing left to pay here."))
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
            words = _("{amount} goes to {freelancer}. The dispute is closed.").format(
                amount=format_money(case.dispute.money), freelancer=case.viewer.freelancer_name
            )
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
        raise OutOfTurnError(_("There is no answer to update yet. Answer the claim first."))
    if request.method != "POST":
        draft = drafts.load(request, case, "update")
        initial = {
            "reason": newest.reason,
            "details": "" if getattr(newest.details, "gone", False) else newest.details,
            "amount": Money(newest.amount, case.dispute.currency),
            **(draft.data if draft else {}),
        }
        form = _update_form(case, side, initial=initial)
        return _update_page(request, case, form, newest, draft=draft)
    if (why := lock_reason(case)) and not used(request):
        return _give_back(request, case, OutOfTurnError(why), request.POST)
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
        return _update_refused(request, reference, outcome, form, kind)
    drafts.drop(request, case, "update")
    return done(request, case, _("The new version is sent. The older ones stay readable."), "versions")


def _update_refused(request: Any, reference: str, outcome: Outcome, form: UpdateForm, kind: str) -> HttpResponse:
    case, context = refused(request, reference, outcome, form)
    if why := lock_reason(case):
        return _give_back(request, case, OutOfTurnError(why), request.POST)
    return _update_page(request, case, form, _newest(case, kind), status=outcome.status, **context)


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
    return show(
        request,
        case,
        "update",
        {
            "form": form,
            "newest": newest,
            "reason": REASONS.get(newest.reason, newest.reason),
            "named": Money(newest.amount, case.dispute.currency),
            "draft": draft,
            "locked": lock_reason(case),
            "unsent": draft.data.get("details", "") if draft else "",
            "active": case.dispute.route == Route.ACTIVE,
            **context,
        },
        status=status,
    )


def lock_reason(case: Case) -> str:
    """Why neither statement can be changed any more (K4), "" while they can."""
    dispute = case.dispute
    if dispute.state == DisputeState.IN_MEDIATION:
        return ""
    if dispute.state == DisputeState.RECOMMENDED and dispute.recommended_at:
        return _(
            "The specialist issued a recommendation on {instant}. It answers the statements as they were then, so"
            " both stay as they are."
        ).format(instant=_instant(dispute.recommended_at))
    if dispute.state == DisputeState.RESOLVED and dispute.resolved_at:
        return _("The dispute was closed on {instant}, so both statements stay as they are.").format(
            instant=_instant(dispute.resolved_at)
        )
    ended = dispute.non_resolution_at or dispute.arbitration_at or dispute.filed_at
    return _(
        "Mediation ended without an agreement on {instant}. An arbitrator would read the statements as they were"
        " then, so both stay as they are."
    ).format(instant=_instant(ended) if ended else "")


def _instant(at: datetime) -> str:
    return format_instant(at, timezone.get_current_timezone(), "full")


# --- withdraw ---------------------------------------------------------------------


@page
@require_http_methods(BOTH_METHODS)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """D10, A4: give the dispute up; a confirm page with what follows."""
    case = open_case(request, reference)
    need_side(case, "freelancer")
    need_money(case)
    if case.dispute.state == DisputeState.RESOLVED and not used(request):
        raise OutOfTurnError(_("This dispute is closed, so it can no longer be withdrawn."))
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
            return done(request, case, _("The dispute is withdrawn and closed."), "outcome")
        case, context = refused(request, reference, outcome, form)
        status = outcome.status
    return show(
        request,
        case,
        "withdraw",
        {"form": form, "active": case.dispute.route == Route.ACTIVE, **context},
        status=status,
    )
