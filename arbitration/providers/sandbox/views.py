"""Pages on which a person plays the arbitrator."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from arbitration.providers.sandbox import services
from arbitration.providers.sandbox.forms import AwardForm, ModeForm, RejectForm, StepForm
from arbitration.providers.sandbox.models import OPEN, Case, CaseState, Exhibit, Message
from core import clock


def _sandbox() -> None:
    if not settings.SANDBOX:
        raise Http404


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases, newest first."""
    _sandbox()
    context = {
        "cases": Case.objects.all()[:100],
        "mode_form": ModeForm(initial={"mode": services.mode()}),
    }
    return render(request, "sandbox/provider_cases.html", context)


@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case: what was filed, what was done, what can be done."""
    _sandbox()
    return _page(request, get_object_or_404(Case, number=number))


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Choose how the next messages behave."""
    _sandbox()
    form = ModeForm(request.POST)
    if form.is_valid():
        services.set_mode(form.cleaned_data["mode"])
        messages.success(request, f"From now on: {services.mode().label}.")
    return redirect("sandbox_provider:cases")


@require_POST
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Acknowledge the filing."""
    _sandbox()
    found = get_object_or_404(Case, number=number)
    if found.state != CaseState.RECEIVED:
        return _too_late(request, found)
    return _sent(request, found, services.accept(found, now=clock.now()))


@require_POST
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """Tell a step."""
    found = get_object_or_404(Case, number=number)
    return _act(
        request,
        found,
        StepForm(request.POST),
        "step_form",
        lambda form: services.progress(found, form.cleaned_data["step"], now=clock.now()),
    )


@require_POST
def reject(request: HttpRequest, number: str) -> HttpResponse:
    """Reject the case; a case that was only received can be rejected too."""
    found = get_object_or_404(Case, number=number)
    return _act(
        request,
        found,
        RejectForm(request.POST),
        "reject_form",
        lambda form: services.reject(found, form.cleaned_data["reason"], now=clock.now()),
        states=(CaseState.RECEIVED, *OPEN),
    )


@require_POST
def award(request: HttpRequest, number: str) -> HttpResponse:
    """Make the award."""
    found = get_object_or_404(Case, number=number)

    def make(form: forms.Form) -> Message:
        data = form.cleaned_data
        return services.award(
            found,
            to_freelancer=data["to_freelancer"],
            reasons=data["reasons"],
            arbitrator=data["arbitrator"],
            shift_from=data["shift_from"],
            shift=data["shift"],
            now=clock.now(),
        )

    return _act(request, found, AwardForm(found, request.POST), "award_form", make)


@require_POST
def send_again(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Send a message now, as it should be."""
    _sandbox()
    message = get_object_or_404(Message.objects.select_related("case"), pk=message_id)
    return _sent(request, message.case, services.send_again(message, now=clock.now()))


@require_GET
def exhibit(_request: HttpRequest, number: str, exhibit: str) -> HttpResponse:
    """Hand out an exhibit, never to be shown in place."""
    _sandbox()
    row = get_object_or_404(Exhibit, case__number=number, number=exhibit)
    response = HttpResponse(bytes(row.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{row.number}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _act(
    request: HttpRequest,
    found: Case,
    form: forms.Form,
    name: str,
    act: Callable[[Any], Message],
    *,
    states: tuple[CaseState, ...] = OPEN,
) -> HttpResponse:
    _sandbox()
    if found.state not in states:
        return _too_late(request, found)
    if not form.is_valid():
        return _page(request, found, status=422, **{name: form})
    return _sent(request, found, act(form))


def _too_late(request: HttpRequest, found: Case) -> HttpResponse:
    messages.error(request, f"{found.number} is {found.get_state_display().lower()}: this step is no longer open.")
    return _page(request, found, status=409)


def _sent(request: HttpRequest, found: Case, message: Message) -> HttpResponse:
    if message.delivered_at:
        messages.success(request, "Told the marketplace.")
    elif message.attempts:
        messages.warning(request, f"The marketplace did not take it: {message.answer}")
    else:
        messages.warning(request, "Kept here, as the switch says. It is sent with “Send now”.")
    return redirect("sandbox_provider:case", number=found.number)


def _page(request: HttpRequest, found: Case, *, status: int = 200, **given: Any) -> HttpResponse:
    sent = list(found.messages.all())
    context = {
        "case": found,
        "bundle": found.bundle,
        "notice": found.bundle.get("notice") or {},
        "record": found.bundle.get("record") or {},
        "record_text": json.dumps(found.bundle.get("record") or {}, indent=2, ensure_ascii=False),
        "exhibits": found.exhibits.defer("content").order_by("id"),
        "sent": sent,
        "is_received": found.state == CaseState.RECEIVED,
        "is_open": found.state in OPEN,
        "mode": services.mode(),
        "step_form": StepForm(auto_id="step_%s"),
        "reject_form": RejectForm(auto_id="reject_%s"),
        "award_form": AwardForm(found, auto_id="award_%s"),
        **given,
    }
    return render(request, "sandbox/provider_case.html", context, status=status)
