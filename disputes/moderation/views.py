"""Pages of reported messages and removals: one form of the sides, the rest on the support desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contracts import rules as contract_rules
from core import road
from core.errors import StrangerError
from core.web.acts import Outcome, attempt
from core.web.files import attachment
from disputes import rules
from disputes.moderation import selectors, services, targets
from disputes.moderation.forms import HideForm, RemovalForm, ReportForm, WordsForm
from disputes.transitions.moderation import ASKERS, may_ask
from disputes.views_support import SeeOther

FORM = require_http_methods(["GET", "HEAD", "POST"])


def _staff(request: Any) -> None:
    if not request.actor.is_staff(*ASKERS):
        raise StrangerError


def _run(request: Any, contract_id: UUID, form: forms.Form | None, command: Callable[[], Any]) -> Outcome:
    return attempt(request, command, form=form, contract_id=contract_id)


def place_of(row: Any) -> str:
    """Where both sides find the text."""
    dispute = targets.dispute_of(row)
    if dispute is None:
        return f"{reverse('contracts:thread', args=[row.contract.reference])}#m-{row.pk}"
    return f"{reverse('disputes:dispute', args=[dispute.reference])}#m-{row.pk}"


# --- the sides ---------------------------------------------------------------------------------


@login_required
@FORM
def report_message(request: Any, kind: str, pk: UUID) -> HttpResponse:
    """M1: tell Customer Support what is wrong with a message."""
    row = targets.find(kind, pk)
    contract = targets.contract_of(row)
    if not selectors.may_read(row, request.actor) or not contract_rules.is_party(contract, request.actor):
        raise StrangerError
    form = ReportForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = _run(
                request,
                contract.pk,
                form,
                lambda: services.report_message(
                    kind=kind, pk=pk, **form.cleaned_data, actor=request.actor, now=request.now
                ),
            )
            if outcome.done:
                messages.success(request, _("Customer Support has your report and answers you in your notifications."))
                return SeeOther(place_of(row))
            status = outcome.status
    context = {
        "row": row,
        "words": targets.text_of(row),
        "author": targets.author(row),
        "side": targets.author_side(row),
        "at": targets.written_at(row),
        "form": form,
        "back": place_of(row),
    }
    return render(request, "disputes/moderation/report.html", context, status=status)


# --- the desk: reports -------------------------------------------------------------------------


@login_required
@require_GET
def reports(request: Any) -> HttpResponse:
    """Reported messages: those that wait, and those decided."""
    _staff(request)
    decided = request.GET.get("show") == "decided"
    context = {"reports": selectors.reports(waiting=not decided), "decided": decided}
    return render(request, "disputes/moderation/reports.html", context)


def _report_page(
    request: Any, pk: UUID, *, hide: HideForm | None = None, leave: WordsForm | None = None, status: int = 200
) -> HttpResponse:
    report = selectors.get_report(pk)
    row = targets.find(report.kind, report.target_id)
    party = rules.is_party(report.contract, request.actor)
    context = {
        "report": report,
        "row": row,
        "author": targets.author(row),
        "side": targets.author_side(row),
        "around": [] if party else selectors.around(report),
        "original": None if party else selectors.original_of(row),
        "party": party,
        "can_decide": road.possible(report, "hide", request.actor),
        "gone": targets.gone(row),
        "can_remove": may_ask(report.contract, request.actor) and (not targets.gone(row) or targets.hidden(row)),
        "hide_form": hide or HideForm(initial={"reason": report.reason}, auto_id="hide_%s"),
        "leave_form": leave or WordsForm(label=_("Why does it stay?"), auto_id="leave_%s"),
        "form": hide or leave,
    }
    return render(request, "disputes/moderation/report_desk.html", context, status=status)


@login_required
@require_GET
def report(request: Any, pk: UUID) -> HttpResponse:
    """One report: the message among its neighbours, and the two ways to decide."""
    _staff(request)
    return _report_page(request, pk)


@login_required
@require_POST
def report_hide(request: Any, pk: UUID) -> HttpResponse:
    """M2."""
    _staff(request)
    found = selectors.get_report(pk)
    form = HideForm(request.POST, auto_id="hide_%s")
    status = 422
    if form.is_valid():
        outcome = _run(
            request,
            found.contract_id,
            form,
            lambda: services.hide_message(report_id=pk, **form.cleaned_data, actor=request.actor, now=request.now),
        )
        if outcome.done:
            messages.success(request, _("The message is hidden. Both people are told."))
            return SeeOther(reverse("disputes:support_reports"))
        status = outcome.status
    return _report_page(request, pk, hide=form, status=status)


@login_required
@require_POST
def report_leave(request: Any, pk: UUID) -> HttpResponse:
    """M3."""
    _staff(request)
    found = selectors.get_report(pk)
    form = WordsForm(request.POST, label=_("Why does it stay?"), auto_id="leave_%s")
    status = 422
    if form.is_valid():
        outcome = _run(
            request,
            found.contract_id,
            form,
            lambda: services.dismiss_report(
                report_id=pk, text=form.cleaned_data["text"], actor=request.actor, now=request.now
            ),
        )
        if outcome.done:
            messages.success(request, _("The message stays. The person who reported it is told why."))
            return SeeOther(reverse("disputes:support_reports"))
        status = outcome.status
    return _report_page(request, pk, leave=form, status=status)


@login_required
@require_GET
def hidden_file(request: Any, kind: str, pk: UUID) -> HttpResponse:
    """The file of a hidden message, for those who may read its original."""
    row = targets.find(kind, pk)
    kept = selectors.original_of(row)
    if kept is None or not kept.file or not selectors.may_read_original(row, request.actor):
        raise StrangerError
    return attachment(kept.file, name=kept.file_name, content_type="application/octet-stream")  # type: ignore[return-value]


# --- the desk: removals ------------------------------------------------------------------------


@login_required
@require_GET
def removals(request: Any) -> HttpResponse:
    """Removals: those that wait for a second person, and those decided."""
    _staff(request)
    decided = request.GET.get("show") == "decided"
    rows = [
        {
            "r": found,
            "what": targets.NAMES[found.kind],
            "open": selectors.may_judge(found.target, request.actor),
            "mine": found.asked_by_id == request.user.pk,
        }
        for found in selectors.redactions(waiting=not decided)
    ]
    return render(request, "disputes/moderation/removals.html", {"rows": rows, "decided": decided})


@login_required
@require_GET
def removal_choose(request: Any) -> HttpResponse:
    """Find the text or file to remove, by contract or case."""
    _staff(request)
    about = request.GET.get("about", "")[:40]
    contract = selectors.find_contract(about) if about.strip() else None
    refused = contract is not None and rules.is_party(contract, request.actor)
    context = {
        "about": about,
        "contract": None if refused else contract,
        "refused": refused,
        "choices": selectors.choices(contract, request.actor) if contract and not refused else [],
    }
    return render(request, "disputes/moderation/removal_choose.html", context)


@login_required
@FORM
def removal_new(request: Any, kind: str, pk: UUID) -> HttpResponse:
    """M4: ask a second person to remove one text or file."""
    _staff(request)
    row = targets.find(kind, pk)
    if not selectors.may_judge(row, request.actor):
        raise StrangerError
    contract = targets.contract_of(row)
    form = RemovalForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = _run(
                request,
                contract.pk,
                form,
                lambda: services.ask_redaction(
                    kind=kind, pk=pk, **form.cleaned_data, actor=request.actor, now=request.now
                ),
            )
            if outcome.done:
                messages.success(request, _("A supervisor or an admin decides now. Until then it stays visible."))
                return SeeOther(reverse("disputes:support_removals"))
            status = outcome.status
    context = {**_about(request, row, kind), "form": form, "contract": contract}
    return render(request, "disputes/moderation/removal_new.html", context, status=status)


def _about(request: Any, row: Any, kind: str) -> dict[str, Any]:
    """What the staff see of the text itself."""
    kept = selectors.original_of(row) if selectors.may_read_original(row, request.actor) else None
    return {
        "row": row,
        "kind": kind,
        "what": targets.NAMES[kind],
        "words": targets.text_of(row),
        "original": kept,
        "author": targets.author(row),
        "at": targets.written_at(row),
        "file_name": getattr(row, "file_name", "") or (kept.file_name if kept else ""),
        "sha256": getattr(row, "sha256", "") or getattr(row, "file_sha256", ""),
        "gone": targets.gone(row) and not targets.hidden(row),
    }


def _removal_page(request: Any, pk: UUID, *, form: WordsForm | None = None, status: int = 200) -> HttpResponse:
    found = selectors.get_redaction(request.actor, pk)
    row = targets.find(found.kind, found.target_id)
    context = {
        **_about(request, row, found.kind),
        "r": found,
        "contract": found.contract,
        "can_decide": road.possible(found, "approve", request.actor),
        "mine": found.asked_by_id == request.user.pk,
        "keep_form": form or WordsForm(label=_("Why is it kept?")),
        "form": form,
    }
    return render(request, "disputes/moderation/removal.html", context, status=status)


@login_required
@require_GET
def removal(request: Any, pk: UUID) -> HttpResponse:
    """One removal."""
    _staff(request)
    return _removal_page(request, pk)


@login_required
@FORM
def removal_approve(request: Any, pk: UUID) -> HttpResponse:
    """M5: the page that asks once more, and the act."""
    _staff(request)
    found = selectors.get_redaction(request.actor, pk)
    road.check(found, "approve", request.actor)
    if request.method == "POST":
        _run(
            request,
            found.contract_id,
            None,
            lambda: services.approve_redaction(redaction_id=pk, actor=request.actor, now=request.now),
        )
        messages.success(request, _("It is removed. A line in its place says so."))
        return SeeOther(reverse("disputes:support_removals"))
    row = targets.find(found.kind, found.target_id)
    context = {**_about(request, row, found.kind), "r": found, "base": "base_staff.html"}
    context["back_href"] = reverse("disputes:removal", args=[pk])
    return render(request, "disputes/moderation/removal_approve.html", context)


@login_required
@require_POST
def removal_keep(request: Any, pk: UUID) -> HttpResponse:
    """M6."""
    _staff(request)
    found = selectors.get_redaction(request.actor, pk)
    form = WordsForm(request.POST, label=_("Why is it kept?"))
    status = 422
    if form.is_valid():
        outcome = _run(
            request,
            found.contract_id,
            form,
            lambda: services.refuse_redaction(
                redaction_id=pk, text=form.cleaned_data["text"], actor=request.actor, now=request.now
            ),
        )
        if outcome.done:
            messages.success(request, _("It stays. The person who asked is told why."))
            return SeeOther(reverse("disputes:support_removals"))
        status = outcome.status
    return _removal_page(request, pk, form=form, status=status)
