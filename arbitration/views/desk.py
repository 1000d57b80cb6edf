"""The arbitration desk: what the provider cannot do by wire, and what two people decide."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from arbitration import rules, selectors
from arbitration.enums import NoticeState
from arbitration.forms import (
    AwardForm,
    ConfirmForm,
    NumberForm,
    ProviderForm,
    ReasonForm,
    ReportForm,
    StepForm,
)
from arbitration.models import ArbitrationCase
from arbitration.services import award as awards
from arbitration.services import filing, inbox
from core import road
from core.errors import OutOfTurnError, StrangerError
from core.formatting import format_money
from core.permissions import StaffRole
from core.uploads import check_upload
from core.web.acts import attempt
from disputes.models import Dispute


def _to(name: str, *args: Any) -> HttpResponse:
    response = redirect(f"arbitration:{name}", *args)
    response.status_code = 303
    return response


@login_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """List what waits for the clerk."""
    return render(request, "arbitration/desk.html", {"desk": selectors.desk_for(request.actor)})  # type: ignore[attr-defined]


def _case(request: HttpRequest, reference: str) -> tuple[Dispute, ArbitrationCase | None]:
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_staff(StaffRole.CLERK, StaffRole.SUPERVISOR, StaffRole.ADMIN):
        raise StrangerError
    dispute = selectors.get_dispute_for(actor, reference)
    if rules.is_party(dispute, actor):
        # Entries that wait for approval, requests and alerts are the desk's: no side reads them (section 4).
        raise StrangerError
    selectors.newest_notice(dispute)
    return dispute, selectors.case_of(dispute)


@login_required
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one case with the steps that are open to this person."""
    dispute, found = _case(request, reference)
    actor = request.actor  # type: ignore[attr-defined]
    notice = selectors.newest_notice(dispute)
    names = ("submit", "progress", "reject", "award", "report_non_compliance")
    context = {
        "dispute": dispute,
        "contract": dispute.contract,
        "notice": notice,
        "case": found,
        "live": notice.state == NoticeState.ISSUED,
        "fee": dispute.contract.money(notice.fee),
        "platform_share": dispute.contract.money(notice.platform_share),
        "provider": found.provider if found else selectors.provider_name(),
        "elections": selectors.elections_of(notice, actor, selectors.newest_elections(notice)),
        "steps": selectors.steps_of(found) if found else [],
        "may": {name: bool(found and road.possible(found, name, actor)) for name in names},
        "clerk": rules.clerk(dispute, actor),
        "elsewhere": rules.clerk(dispute, actor) and notice.state == "issued" and notice.election_ends_at is None,
        "entries": list(selectors.awards_to_approve(found)) if found else [],
        "award": selectors.recorded_award(found) if found else None,
        "requests": list(found.requests.order_by("created_at")) if found else [],
    }
    return render(request, "arbitration/desk_case.html", context)


def _form_page(
    request: HttpRequest,
    dispute: Dispute,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    title: str,
    button: str,
    done: str,
    lede: str = "",
) -> HttpResponse:
    """One form, one act of the clerk; what was typed stays on a refusal."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = attempt(request, act, form=form, contract_id=dispute.contract_id)
            if outcome.done:
                messages.success(request, done)
                return _to("desk_case", dispute.reference)
            status = outcome.status
    context = {
        "form": form,
        "title": title,
        "lede": lede,
        "button": button,
        "dispute": dispute,
        "back_href": reverse("arbitration:desk_case", args=[dispute.reference]),
    }
    return render(request, "arbitration/desk_form.html", context, status=status)


def _open_case(request: HttpRequest, reference: str, act: str) -> tuple[Dispute, ArbitrationCase]:
    dispute, found = _case(request, reference)
    if found is None:
        raise OutOfTurnError(_("This dispute has not gone to arbitration."))
    if request.method == "GET":
        road.check(found, act, request.actor)  # type: ignore[attr-defined]
    return dispute, found


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def confirm_filed(request: HttpRequest, reference: str) -> HttpResponse:
    """A1 by hand."""
    dispute, found = _open_case(request, reference, "submit")
    form = NumberForm(request.POST or None)
    return _form_page(
        request,
        dispute,
        form,
        lambda: filing.confirm_filed(
            case_id=found.pk, provider_case=form.cleaned_data["provider_case"], **_who(request)
        ),
        title=_("{provider} has taken the case").format(provider=found.provider),
        lede=_("The fees of both sides pass to the provider. They come back only if the provider rejects the case."),
        button=_("Record the filing"),
        done=_("The filing is recorded."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest, reference: str) -> HttpResponse:
    """A3 by hand."""
    dispute, found = _open_case(request, reference, "progress")
    form = StepForm(request.POST or None)
    return _form_page(
        request,
        dispute,
        form,
        lambda: filing.note_progress(case_id=found.pk, step=form.cleaned_data["step"], **_who(request)),
        title=_("Record a step of the provider"),
        button=_("Record the step"),
        done=_("Both sides are told."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def reject(request: HttpRequest, reference: str) -> HttpResponse:
    """A2 by hand."""
    dispute, found = _open_case(request, reference, "reject")
    form = ReasonForm(request.POST or None)
    return _form_page(
        request,
        dispute,
        form,
        lambda: filing.reject_by_provider(case_id=found.pk, reason=form.cleaned_data["reason"], **_who(request)),
        title=_("{provider} rejects the case").format(provider=found.provider),
        lede=_("Both fees go back to their payers. The dispute returns to non-resolution with a new notice."),
        button=_("Record the rejection"),
        done=_("The rejection is recorded and the fees are on their way back."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def file_elsewhere(request: HttpRequest, reference: str) -> HttpResponse:
    """A1 with another provider, after two rejections."""
    dispute, _found = _case(request, reference)
    form = ProviderForm(request.POST or None)
    return _form_page(
        request,
        dispute,
        form,
        lambda: filing.file_with_other_provider(
            dispute_id=dispute.pk, provider=form.cleaned_data["provider"], **_who(request)
        ),
        title=_("File with another provider"),
        lede=_("Both sides have to choose arbitration again and pay first. You then operate the case by hand."),
        button=_("File with this provider"),
        done=_("The case is being filed."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def enter_award(request: HttpRequest, reference: str) -> HttpResponse:
    """A5 by hand, first person."""
    dispute, found = _open_case(request, reference, "award")
    contract = dispute.contract
    form = AwardForm(
        dispute.money,
        contract.freelancer_account.name,
        contract.client_account.name,
        request.POST or None,
        request.FILES or None,
    )

    def enter() -> Any:
        upload = check_upload(form.cleaned_data["document"], max_bytes=dispute.policy.evidence_max_file_bytes)
        return awards.enter_award(case_id=found.pk, decision=form.decision(), upload=upload, **_who(request))

    return _form_page(
        request,
        dispute,
        form,
        enter,
        title=_("Enter the award"),
        lede=_(
            "{amount} is held. Type both amounts from the document."
            " A second person approves the entry before anything moves."
        ).format(amount=format_money(dispute.money)),
        button=_("Enter the award"),
        done=_("The award waits for approval by a second person."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """A7."""
    dispute, found = _open_case(request, reference, "report_non_compliance")
    form = ReportForm(request.POST or None)
    return _form_page(
        request,
        dispute,
        form,
        lambda: awards.report_non_compliance(
            case_id=found.pk, side=form.cleaned_data["side"], text=form.cleaned_data["text"], **_who(request)
        ),
        title=_("Report that the award is not met"),
        lede=_("The admins decide in a procedure of their own. This report changes nothing by itself."),
        button=_("Send the report"),
        done=_("The admins are told."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, award_id: UUID) -> HttpResponse:
    """A5 by hand, second person: a confirm page with every consequence."""
    award = selectors.get_award_for(request.actor, award_id)  # type: ignore[attr-defined]
    dispute = award.case.dispute
    form = ConfirmForm(request.POST or None)
    status = 200
    if request.method == "POST":
        outcome = attempt(
            request,
            lambda: awards.approve_award(award_id=award.pk, **_who(request)),
            form=form,
            contract_id=dispute.contract_id,
        )
        if outcome.done:
            messages.success(request, _("The award is recorded and carried out."))
            return _to("desk_case", dispute.reference)
        status = outcome.status
    decision = awards.decision_of(award)
    to_freelancer, to_client, moved, left = awards.shares_after_shift(decision)
    context = {
        "form": form,
        "award": award,
        "dispute": dispute,
        "contract": dispute.contract,
        "decision": decision,
        "to_freelancer": to_freelancer,
        "to_client": to_client,
        "moved": moved,
        "left": left,
        "own_entry": award.entered_by_id == request.actor.user_id,  # type: ignore[attr-defined]
        "back_href": reverse("arbitration:desk_case", args=[dispute.reference]),
    }
    return render(request, "arbitration/desk_approve.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, award_id: UUID) -> HttpResponse:
    """Set an entry by hand aside."""
    award = selectors.get_award_for(request.actor, award_id)  # type: ignore[attr-defined]
    form = ReasonForm(request.POST or None)
    return _form_page(
        request,
        award.case.dispute,
        form,
        lambda: awards.discard_award(award_id=award.pk, reason=form.cleaned_data["reason"], **_who(request)),
        title=_("Discard this entry"),
        button=_("Discard the entry"),
        done=_("The entry is discarded. The award can be entered again."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def held(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Show a message of the provider that could not be applied, and set it aside."""
    event = selectors.held_event_for(request.actor, event_id)  # type: ignore[attr-defined]
    form = ReasonForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        outcome = attempt(
            request,
            lambda: inbox.set_aside(event_id=event.pk, note=form.cleaned_data["reason"], **_who(request)),
            form=form,
        )
        if outcome.done:
            messages.success(request, _("The message is set aside."))
            return _to("desk")
        status = outcome.status
    body = json.dumps(json.loads(event.body), indent=2, ensure_ascii=False)
    return render(request, "arbitration/desk_held.html", {"event": event, "body": body, "form": form}, status=status)
