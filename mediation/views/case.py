"""The specialist's case page and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from contracts.enums import Side
from core.errors import InvalidInputError, StrangerError
from core.formatting import format_money
from disputes.enums import Audience
from disputes.services.evidence import request_evidence
from disputes.services.messages import post_case_message
from mediation import forms, selectors
from mediation.enums import CaseState
from mediation.models import ContactAttempt, MediationCase
from mediation.readmodels.case import case_page
from mediation.services import assignment, contact, notes, unresponsive
from mediation.views.common import context_of, desk, done, run, staff_case, supervisors


@desk
def case(request: Any, reference: str) -> HttpResponse:
    """Show one case with everything the desk needs."""
    return show_case(request, staff_case(request, reference))


def show_case(request: Any, found: MediationCase, *, status: int = 200, **bound: Any) -> HttpResponse:
    """Render the case page; `bound` replaces a form by the one that was refused."""
    read = case_page(found, request.actor, now=request.now)
    dispute = found.dispute
    blank: dict[str, Any] = {
        "attempt_form": forms.AttemptForm(initial={"side": read.silent_side or "client"}, auto_id="attempt_%s"),
        "note_form": forms.TextForm(label=_("Internal note"), hint=_("Staff only."), rows=3, auto_id="note_%s"),
        "request_form": forms.EvidenceRequestForm(auto_id="ask_%s"),
        "message_form": forms.MessageForm(auto_id="message_%s"),
        "reply_form": None,
    }
    audiences = [
        {"value": Audience.EVERYONE, "label": _("Everyone"), "icon": "users"},
        {
            "value": Audience.FREELANCER,
            "label": _("Only {name}").format(name=dispute.contract.freelancer_account.name),
            "icon": "lock",
        },
        {
            "value": Audience.CLIENT,
            "label": _("Only {name}").format(name=dispute.contract.client_account.name),
            "icon": "lock",
        },
    ]
    must_declare = read.assigned and not read.declared and found.state != CaseState.CLOSED
    return render(
        request,
        "desk/case.html",
        {**context_of(found), "page": read, "audiences": audiences, "must_declare": must_declare, **blank, **bound},
        status=status,
    )


def _post(
    request: Any,
    reference: str,
    form: Any,
    slot: str,
    act: Callable[[MediationCase, dict[str, Any]], Any],
    words: str,
) -> HttpResponse:
    """One act from a form of the case page: done, or the page again with the form and what is wrong."""
    found = staff_case(request, reference)
    status = 422
    if form.is_valid():
        outcome = run(request, found, lambda: act(found, form.cleaned_data), form=form)
        if outcome.done:
            return done(request, words, "mediation:case", reference)
        status = outcome.status
        found = staff_case(request, reference)
    return show_case(request, found, status=status, **{slot: form})


@desk
@require_POST
def log_attempt(request: Any, reference: str) -> HttpResponse:
    """D5."""
    form = forms.AttemptForm(request.POST, auto_id="attempt_%s")
    return _post(
        request,
        reference,
        form,
        "attempt_form",
        lambda found, data: contact.log_attempt(
            dispute_id=found.dispute_id, actor=request.actor, now=request.now, **data
        ),
        _("The contact attempt is logged. Both sides see it."),
    )


@desk
def log_reply(request: Any, reference: str, attempt_id: UUID) -> HttpResponse:
    """D5: a reply that came outside of the case."""
    found = staff_case(request, reference)
    attempt = ContactAttempt.objects.filter(pk=attempt_id, case=found).first()
    if attempt is None:
        raise StrangerError
    label, hint = _("What did they answer?"), _("Both sides read this in the timeline.")
    form, status = forms.TextForm(request.POST or None, label=label, hint=hint), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = run(
                request,
                found,
                lambda: contact.log_reply(attempt_id=attempt.pk, text=form.words, actor=request.actor, now=request.now),
                form=form,
            )
            if outcome.done:
                return done(request, _("The reply is logged. It counts as a reaction."), "mediation:case", reference)
            status = outcome.status
    return render(request, "desk/reply.html", {**context_of(found), "attempt": attempt, "form": form}, status=status)


@desk
@require_POST
def add_note(request: Any, reference: str) -> HttpResponse:
    """Write an internal note."""
    form = forms.TextForm(request.POST, label=_("Internal note"), hint=_("Staff only."), rows=3, auto_id="note_%s")

    def act(found: MediationCase, data: dict[str, Any]) -> Any:
        try:
            return notes.add_note(dispute_id=found.dispute_id, body=data["text"], actor=request.actor, now=request.now)
        except InvalidInputError as error:
            raise InvalidInputError({"text": error.message}) from error

    return _post(request, reference, form, "note_form", act, _("The note is saved. Only staff see it."))


@desk
@require_POST
def mark_read(request: Any, reference: str, evidence_id: UUID) -> HttpResponse:
    """Mark an exhibit as read."""
    found = staff_case(request, reference)
    run(
        request,
        found,
        lambda: notes.mark_read(evidence_id=evidence_id, actor=request.actor, now=request.now),
    )
    return done(request, _("Marked as read."), "mediation:case", reference)


@desk
@require_POST
def ask_evidence(request: Any, reference: str) -> HttpResponse:
    """D9: ask a side, or both, for evidence."""
    form = forms.EvidenceRequestForm(request.POST, auto_id="ask_%s")
    return _post(
        request,
        reference,
        form,
        "request_form",
        lambda found, data: request_evidence(dispute_id=found.dispute_id, actor=request.actor, now=request.now, **data),
        _("The request is sent."),
    )


@desk
@require_POST
def post_message(request: Any, reference: str) -> HttpResponse:
    """Write to everyone, or privately to one side."""
    form = forms.MessageForm(request.POST, auto_id="message_%s")
    private = request.POST.get("audience", Audience.EVERYONE) != Audience.EVERYONE
    words = (
        _("Sent privately. The other side sees that you wrote, when and what for.")
        if private
        else _("Sent to everyone.")
    )
    return _post(
        request,
        reference,
        form,
        "message_form",
        lambda found, data: post_case_message(
            dispute_id=found.dispute_id, actor=request.actor, now=request.now, **data
        ),
        words,
    )


@desk
def take_up(request: Any, reference: str) -> HttpResponse:
    """D2: sign the no-conflict declaration."""
    found = staff_case(request, reference)
    form, status = forms.TakeUpForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = run(
                request,
                found,
                lambda: assignment.take_up(
                    dispute_id=found.dispute_id,
                    declares=form.cleaned_data["declares"],
                    actor=request.actor,
                    now=request.now,
                ),
                form=form,
            )
            if outcome.done:
                return done(request, _("You have taken the case up."), "mediation:case", reference)
            status = outcome.status
    context = {**context_of(found), "form": form, "declaration": assignment.DECLARATION}
    return render(request, "desk/take_up.html", context, status=status)


@desk
def report_conflict(request: Any, reference: str) -> HttpResponse:
    """The specialist has a conflict and leaves the case."""
    found = staff_case(request, reference)
    hint = _("Supervisors read this. The two sides are told only that somebody else takes over.")
    form, status = forms.TextForm(request.POST or None, label=_("What is the conflict?"), hint=hint), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = run(
                request,
                found,
                lambda: assignment.report_conflict(
                    dispute_id=found.dispute_id, reason=form.words, actor=request.actor, now=request.now
                ),
                form=form,
            )
            if outcome.done:
                return done(request, _("You have left {number}.").format(number=found.dispute.number), "mediation:desk")
            if isinstance(outcome.error, InvalidInputError):
                form.add_error("text", outcome.error.message)
            status = outcome.status
    return render(request, "desk/conflict.html", {**context_of(found), "form": form}, status=status)


@supervisors
def assign(request: Any, reference: str) -> HttpResponse:
    """D2: a supervisor assigns or reassigns; load and conflicts are named."""
    found = staff_case(request, reference)
    loads = selectors.loads(now=request.now, case=found)
    open_to = [load for load in loads if not load.conflicts and load.user.pk != found.specialist_id]
    people = [(str(load.user.pk), load.user.name, _load_line(load)) for load in open_to]
    form, status = forms.AssignForm(request.POST or None, people=people), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = run(
                request,
                found,
                lambda: assignment.assign_specialist(
                    dispute_id=found.dispute_id,
                    specialist_id=UUID(form.cleaned_data["specialist"]),
                    actor=request.actor,
                    now=request.now,
                ),
                form=form,
            )
            if outcome.done:
                return done(
                    request, _("Assigned. Both sides are told; all clocks run on."), "mediation:case", reference
                )
            status = outcome.status
    refused = [load for load in loads if load.conflicts]
    return render(request, "desk/assign.html", {**context_of(found), "form": form, "refused": refused}, status=status)


def _load_line(load: Any) -> str:
    if load.away:
        words = ngettext(
            "{n} open case, away at the moment. No conflict on record.",
            "{n} open cases, away at the moment. No conflict on record.",
            load.open_cases,
        )
    else:
        words = ngettext(
            "{n} open case. No conflict on record.", "{n} open cases. No conflict on record.", load.open_cases
        )
    return words.format(n=load.open_cases)


@desk
def close_unresponsive(request: Any, reference: str, side: str) -> HttpResponse:
    """D6, D7: the confirm page and the act."""
    found = staff_case(request, reference)
    if side not in unresponsive.TRANSITIONS:
        raise StrangerError
    dispute = found.dispute
    guards = unresponsive.guards(found, Side(side), now=request.now)
    form, status = forms.ConfirmForm(request.POST or None, initial={"seen": dispute.version}), 200
    if request.method == "POST" and form.is_valid():
        outcome = run(
            request,
            found,
            lambda: unresponsive.close_unresponsive(
                dispute_id=found.dispute_id, side=side, actor=request.actor, now=request.now
            ),
            form=form,
        )
        if outcome.done:
            return done(
                request,
                _("{number} is closed. Both sides are told.").format(number=dispute.number),
                "mediation:case",
                reference,
            )
        status = outcome.status
        found = staff_case(request, reference)
        guards = unresponsive.guards(found, Side(side), now=request.now)
    context = {
        **context_of(found),
        "base": "base_staff.html",
        "form": form,
        "side": side,
        "guards": guards,
        "holds": all(g.holds for g in guards),
        "sum": format_money(dispute.money),
    }
    return render(request, "desk/unresponsive.html", context, status=status)
