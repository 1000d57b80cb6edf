"""Pages of the freelancer's side around Customer Support (S12, S13)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contracts import rules as contract_rules
from contracts.models import Contract, Milestone
from contracts.selectors import get_contract_for
from core import deadlines
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError
from core.money import Money
from core.uploads import CheckedUpload, check_upload
from core.web.acts import attempt, used
from core.web.files import attachment
from disputes import rules, supportboard
from disputes.enums import SUPPORT_OPEN, ActiveReason
from disputes.forms_support import AskForm, NoteForm
from disputes.models import Evidence, SupportRequest
from disputes.selectors import get_support_for
from disputes.services import support
from disputes.services.texts import support_text
from disputes.views.kept import kept_page


class SeeOther(HttpResponseRedirect):
    """303: the answer to a form that took effect is another page."""

    status_code = 303


def open_request(request: Any, reference: str) -> SupportRequest:
    """Find the request for the actor (404 for strangers), fire overdue clocks (Z9), and look again."""
    found = get_support_for(request.actor, reference)
    if deadlines.settle_overdue(found.contract_id, now=request.now):
        found = get_support_for(request.actor, reference)
    return found


def _own_contract(request: Any, reference: str) -> Contract:
    """The contract, for its freelancer's side: the client gets 403, everybody else 404."""
    contract = get_contract_for(request.actor, reference)
    if contract_rules.is_client(contract, request.actor):
        raise NotAllowedError(
            _("Only {freelancer} can ask for a case on this contract.").format(
                freelancer=contract.freelancer_account.name
            )
        )
    if not contract_rules.is_freelancer(contract, request.actor):
        raise StrangerError
    if deadlines.settle_overdue(contract.pk, now=request.now):
        contract = get_contract_for(request.actor, reference)
    return contract


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def support_new(request: Any, reference: str) -> HttpResponse:
    """Contact Customer Support about an active contract: one milestone, one of the two reasons."""
    contract = _own_contract(request, reference)
    waiting = SupportRequest.objects.filter(contract=contract).order_by("-asked_at").first()
    if waiting is not None and waiting.state in SUPPORT_OPEN:
        own = reverse("disputes:support_request", args=[waiting.reference])
        if request.method == "POST" and not used(request):
            words = _("A request to Customer Support is already open on this contract, so this one was not sent.")
            return _give_back(request, words, own, _("See the open request"))
        return SeeOther(own)
    choices = support.possible_requests(contract)
    context: dict[str, Any] = {"contract": contract, "choices": _cards(contract, choices), "last": waiting}
    chosen = _chosen(request, choices)
    if chosen is None and request.method == "POST":
        words = _("A case on this milestone is not possible any more, so the request was not sent.")
        return _give_back(request, words, request.path, _("See what is possible now"))
    if chosen is None:
        return render(request, "disputes/support_choose.html", context)
    if not contract_rules.freelancer_moves_money(contract, request.actor):
        raise NotAllowedError(
            _("Only an owner or a case manager of {freelancer} can do this. Ask one of them.").format(
                freelancer=contract.freelancer_account.name
            )
        )
    milestone, reason, most = chosen
    consent = support_text(contract, milestone=str(milestone), most=most)
    thread = supportboard.thread_of(contract.pk)
    form = AskForm(
        request.POST or None,
        request.FILES or None,
        most=most,
        thread=thread,
        initial={"text_version": consent.stamp},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            uploads = _checked_files(form, contract)
            if not form.errors:
                answer = _send(request, form, contract, chosen, uploads)
                if isinstance(answer, HttpResponse):
                    return answer
                status = answer
    context |= {
        "form": form,
        "milestone": milestone,
        "reason": ActiveReason(reason),
        "most": most,
        "consent": consent,
        "thread": thread,
        "fee_percent": contract.policy.service_fee_percent,
    }
    return render(request, "disputes/support_new.html", context, status=status)


def _give_back(request: Any, words: str, href: str, action: str) -> HttpResponse:
    """What the form can no longer send is shown back to copy (409)."""
    kept = [(_("Why is the work complete and the payment due?"), request.POST.get("details", ""))]
    return kept_page(request, OutOfTurnError(words), kept, href=href, action=action)


def _send(
    request: Any,
    form: AskForm,
    contract: Contract,
    chosen: tuple[Milestone, str, Money],
    uploads: list[CheckedUpload],
) -> HttpResponse | int:
    data = form.cleaned_data
    milestone, reason, _most = chosen
    outcome = attempt(
        request,
        lambda: support.ask_support(
            contract_id=contract.pk,
            milestone_id=milestone.pk,
            reason=reason,
            amount=data["amount"],
            details=data["details"],
            attested=data["attested"],
            message_ids=[UUID(pk) for pk in data["messages"]],
            consent_version=data["text_version"],
            uploads=uploads,
            actor=request.actor,
            now=request.now,
        ),
        form=form,
        contract_id=contract.pk,
    )
    if not outcome.done:
        return outcome.status
    sent = outcome.value or SupportRequest.objects.filter(contract=contract).latest("asked_at")
    messages.success(request, _("Customer Support has your request. You are told when there is an answer."))
    return SeeOther(reverse("disputes:support_request", args=[sent.reference]))


def _checked_files(form: AskForm, contract: Contract) -> list[CheckedUpload]:
    """Check every file; each refusal is an error of the field. Files are written before the transaction."""
    good = []
    for file in form.cleaned_data["files"]:
        try:
            good.append(check_upload(file, max_bytes=contract.policy.evidence_max_file_bytes, field_name="files"))
        except InvalidInputError as error:
            form.add_error("files", error.fields["files"])
    if not form.errors:
        for upload in good:
            upload.store()
    elif good:
        form.add_error("files", _("Choose the other files again as well: the browser does not keep them."))
    return good


def _cards(contract: Contract, choices: list[tuple[Milestone, str, Money]]) -> list[dict[str, Any]]:
    url = reverse("disputes:support_new", args=[contract.reference])
    return [
        {
            "milestone": milestone,
            "reason": ActiveReason(reason).label,
            "most": most,
            "href": f"{url}?about={milestone.number}-{reason}",
        }
        for milestone, reason, most in choices
    ]


def _chosen(request: HttpRequest, choices: list[tuple[Milestone, str, Money]]) -> tuple[Milestone, str, Money] | None:
    about = request.GET.get("about", "")
    for milestone, reason, most in choices:
        if about == f"{milestone.number}-{reason}":
            return milestone, reason, most
    return choices[0] if len(choices) == 1 and not about else None


# --- the request's own page --------------------------------------------------------------------


def _own(request: Any, reference: str) -> SupportRequest:
    """The request, for the freelancer's side. Staff have the desk's page instead."""
    found = open_request(request, reference)
    if not rules.is_freelancer(found, request.actor):
        raise StrangerError
    return found


def conflict_of(form: NoteForm | None) -> dict[str, Any] | None:
    """What was refused and the text that was typed, for a page on which the form itself is gone."""
    if form is None or not form.is_bound:
        return None
    text = form.data.get("text", "")
    return {
        "message": " ".join(str(e) for errors in form.errors.values() for e in errors),
        "kept": [{"label": form.fields["text"].label, "text": text}] if text else [],
    }


def _page(request: Any, found: SupportRequest, *, status: int = 200, **forms: NoteForm) -> HttpResponse:
    shown = {"answer_form": found.state == "needs_info", "review_form": found.state == "declined"}
    context = {
        "sheet": supportboard.sheet(found, desk=False),
        "r": found,
        "contract": found.contract,
        "conflict": next((conflict_of(form) for name, form in forms.items() if not shown[name]), None),
        "may_ask_review": found.state == "declined"
        and found.review_asked_at is None
        and found.review_until is not None
        and request.now < found.review_until,
        "answer_form": NoteForm(label=_("Your answer")),
        "review_form": NoteForm(label=_("What has support overlooked?"), hint=_("At least 20 characters.")),
        **forms,
    }
    return render(request, "disputes/support_request.html", context, status=status)


@login_required
@require_GET
def support_request(request: Any, reference: str) -> HttpResponse:
    """Status of a request, for the freelancer's side."""
    found = get_support_for(request.actor, reference)
    if not rules.is_freelancer(found, request.actor):
        return SeeOther(reverse("disputes:support_case", args=[found.reference]))
    return _page(request, open_request(request, reference))


@login_required
@require_POST
def support_answer(request: Any, reference: str) -> HttpResponse:
    """P2: answer the agent's question."""
    found = _own(request, reference)
    form = NoteForm(request.POST, label=_("Your answer"))
    if not form.is_valid():
        return _page(request, found, status=422, answer_form=form)
    outcome = attempt(
        request,
        lambda: support.answer_information(
            request_id=found.pk, text=form.cleaned_data["text"], actor=request.actor, now=request.now
        ),
        form=form,
        contract_id=found.contract_id,
    )
    if not outcome.done:
        return _page(request, _own(request, reference), status=outcome.status, answer_form=form)
    messages.success(request, _("Your answer is sent. Customer Support goes on with your request."))
    return SeeOther(reverse("disputes:support_request", args=[found.reference]))


@login_required
@require_POST
def support_ask_review(request: Any, reference: str) -> HttpResponse:
    """P6: ask a supervisor to look at the decline again."""
    found = _own(request, reference)
    form = NoteForm(request.POST, label=_("What has support overlooked?"), hint=_("At least 20 characters."))
    if not form.is_valid():
        return _page(request, found, status=422, review_form=form)
    outcome = attempt(
        request,
        lambda: support.ask_review(
            request_id=found.pk, text=form.cleaned_data["text"], actor=request.actor, now=request.now
        ),
        form=form,
        contract_id=found.contract_id,
    )
    if not outcome.done:
        return _page(request, _own(request, reference), status=outcome.status, review_form=form)
    messages.success(request, _("A supervisor looks at your request again. You are told the result."))
    return SeeOther(reverse("disputes:support_request", args=[found.reference]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def support_withdraw(request: Any, reference: str) -> HttpResponse:
    """P5: take the request back (confirm page)."""
    found = _own(request, reference)
    back = reverse("disputes:support_request", args=[found.reference])
    if request.method == "POST":
        attempt(
            request,
            lambda: support.withdraw_support(request_id=found.pk, actor=request.actor, now=request.now),
            contract_id=found.contract_id,
        )
        messages.success(request, _("The request is withdrawn. You can ask again at any time."))
        return SeeOther(back)
    return render(
        request, "disputes/support_withdraw.html", {"r": found, "contract": found.contract, "back_href": back}
    )


@login_required
@require_GET
def support_file(request: Any, reference: str, evidence_id: UUID) -> HttpResponse:
    """A file of the request, for its writers and for staff, as a download."""
    found = get_support_for(request.actor, reference)
    if rules.is_client(found, request.actor):  # an agent who belongs to the client's side is no agent here
        raise StrangerError
    row = Evidence.objects.filter(pk=evidence_id, dispute__support_request=found, removed_at__isnull=True).first()
    if row is None:
        raise StrangerError
    return attachment(row.file, name=row.file_name, content_type=row.content_type)  # type: ignore[return-value]
