"""Filing on an ended contract (S05–S08): claim, check, Continue to Dispute. Works without a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from contracts import rules as contract_rules
from contracts.enums import Side
from core import policy
from core.errors import DomainError, InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError, TooLateError
from core.formatting import format_money, format_percent, net_of_fee
from core.money import Money, MoneyError, parse_money
from core.policy import MEDIATION
from core.web.acts import attempt
from core.web.files import attachment
from disputes.defaults import for_reader
from disputes.enums import EndedReason, EvidenceKind
from disputes.forms import AgreeForm, ClaimForm
from disputes.models import Dispute
from disputes.services import filing, texts
from disputes.views.common import Answer, SeeOther, local_clock, page, put_errors
from disputes.views.uploads import add_each, checked_files
from disputes.views.wizard import Wizard, elsewhere, give_back, gone, load, not_lost

AGREE = _l("I have read what it means to start a dispute, and what I have written is true as far as I know.")


def _money_role(wizard: Wizard, request: Any) -> bool:
    return contract_rules.freelancer_moves_money(wizard.contract, request.actor)


def _form(wizard: Wizard, data: Any = None, files: Any = None) -> ClaimForm:
    limits = wizard.contract.policy
    initial = {"amount": wizard.asked, "kind": EvidenceKind.DELIVERABLE, **wizard.typed}
    return ClaimForm(
        data,
        files,
        initial=initial,
        asked=wizard.asked,
        max_bytes=limits.evidence_max_file_bytes,
        text_chars=limits.evidence_text_chars,
    )


def _save(wizard: Wizard, request: Any, step: str) -> None:
    """Keep what is typed, as typed; the first save starts the draft."""
    if wizard.draft is None:
        wizard.draft = filing.start_filing(request_id=wizard.request.pk, actor=request.actor, now=request.now)
    data = {name: request.POST.get(name, "")[:40_000] for name in ("reason", "amount", "details")}
    wizard.draft = (
        filing.save_draft(
            dispute_id=wizard.draft.pk, data={**wizard.typed, **data}, step=step, actor=request.actor, now=request.now
        )
        or wizard.draft
    )


@page
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """S07: reason, details, amount, evidence; **Continue**."""
    wizard = load(request, reference)
    try:
        answer = elsewhere(wizard, request)
        if answer is None:
            if request.method != "POST":
                return _claim_page(request, wizard, _form(wizard))
            return _claim_posted(request, wizard)
        not_lost(request, wizard)
    except (OutOfTurnError, TooLateError) as error:
        return give_back(request, wizard, error)
    return answer


def _claim_posted(request: Any, wizard: Wizard) -> HttpResponse:
    """Autosave, add or remove files, save, or go on; what is typed is kept in each case."""
    do = request.POST.get("do", "continue")
    if request.headers.get("X-Autosave"):
        _save(wizard, request, "claim")
        return JsonResponse({"saved": local_clock(request)})
    form = _form(wizard, request.POST, request.FILES)
    valid = form.is_valid()
    _save(wizard, request, "claim")
    if do.startswith("remove:"):
        return _remove(request, wizard, do.removeprefix("remove:"))
    files_fit = not (form.errors.get("files") or form.errors.get("shows"))
    added = _add(request, wizard, form) if files_fit else 0
    if do == "add":
        return _added(request, wizard, form, added)
    if do == "save":
        messages.success(request, _("Your draft is saved. The 7 days run on meanwhile."))
        return SeeOther(reverse("disputes:claim", args=[wizard.contract.reference]))
    if not valid or form.errors:
        return _claim_page(request, load(request, wizard.contract.reference), form, status=422)
    return SeeOther(wizard.url("check"))


def _add(request: Any, wizard: Wizard, form: ClaimForm) -> int:
    files = checked_files(form, max_bytes=wizard.contract.policy.evidence_max_file_bytes)
    draft = wizard.draft
    if draft is None:
        return 0
    return add_each(
        form,
        files,
        lambda file: filing.add_draft_evidence(
            dispute_id=draft.pk,
            upload=file,
            kind=form.cleaned_data.get("kind") or EvidenceKind.OTHER,
            shows=form.cleaned_data.get("shows", ""),
            confidentiality="shared",
            actor=request.actor,
            now=request.now,
        ),
    )


def _added(request: Any, wizard: Wizard, form: ClaimForm, added: int) -> HttpResponse:
    """After **Add files**: only what concerns files is an error."""
    about_files = {name: form.errors[name] for name in ("files", "shows", "kind") if name in form.errors}
    if not about_files and not added:
        form.add_error("files", _("Choose at least one file, then add it."))
        about_files = {"files": form.errors["files"]}
    if about_files:
        for name in [n for n in form.errors if n not in about_files]:
            del form.errors[name]
        return _claim_page(request, load(request, wizard.contract.reference), form, status=422)
    messages.success(request, ngettext("{n} file added.", "{n} files added.", added).format(n=added))
    return SeeOther(wizard.url("claim") + "#evidence")


def _remove(request: Any, wizard: Wizard, text: str) -> HttpResponse:
    try:
        evidence_id = UUID(text)
    except ValueError as error:
        raise StrangerError from error
    if not any(row.pk == evidence_id for row in wizard.files):
        raise StrangerError
    filing.remove_draft_evidence(evidence_id=evidence_id, actor=request.actor, now=request.now)
    messages.success(request, _("The file is removed."))
    return SeeOther(wizard.url("claim") + "#evidence")


def _claim_page(request: Any, wizard: Wizard, form: ClaimForm, *, status: int = 200) -> HttpResponse:
    return _render(request, wizard, "claim", {"form": form}, status=status)


def _render(request: Any, wizard: Wizard, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    contract = wizard.contract
    return render(
        request,
        f"disputes/{template}.html",
        {
            "wizard": wizard,
            "contract": contract,
            "client": contract.client_account.name,
            "asked": wizard.asked,
            "due_at": wizard.due_at,
            "opened_at": wizard.request.opened_at,
            "fee_percent": contract.policy.service_fee_percent,
            "files": wizard.files,
            "saved_at": wizard.draft.draft_saved_at if wizard.draft else None,
            "viewer_role": "freelancer",
            "moves_money": _money_role(wizard, request),
            **context,
        },
        status=status,
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """The claim as it would be filed."""

    reason: str
    details: str
    amount: Money

    @property
    def reason_words(self) -> str:
        """The reason in words."""
        return str(EndedReason(self.reason).label)


def _checked(wizard: Wizard) -> Checked | None:
    """The draft, when it is complete in shape; the service has the last word."""
    typed = wizard.typed
    try:
        amount = parse_money(str(typed.get("amount") or ""), wizard.contract.currency)
    except MoneyError:
        return None
    if typed.get("reason") not in EndedReason.values or not str(typed.get("details", "")).strip():
        return None
    if not 0 < amount.amount <= wizard.asked.amount:
        return None
    return Checked(str(typed["reason"]), str(typed["details"]).strip(), amount)


@page
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """S08: check the answers, review what it means to initiate a dispute, **Continue to Dispute**."""
    wizard = load(request, reference)
    if (answer := gone(request, wizard)) is not None:
        return answer
    checked = _checked(wizard)
    draft = wizard.draft
    if checked is None or draft is None:
        messages.info(request, _("Your claim is not complete yet. Fill in what is missing, then continue."))
        return SeeOther(wizard.url("claim"))
    if request.method != "POST":
        return _check_page(request, wizard, checked, AgreeForm(label=AGREE))
    form = AgreeForm(request.POST, label=AGREE)
    if not form.is_valid():
        return _check_page(request, wizard, checked, form, status=422)
    if not _money_role(wizard, request):
        raise NotAllowedError(
            _(
                "Only an owner or a case manager of {freelancer} can file the dispute. Your draft is kept for them."
            ).format(freelancer=wizard.contract.freelancer_account.name)
        )
    outcome = attempt(
        request,
        lambda: filing.file_dispute(
            dispute_id=draft.pk,
            consent_version=form.cleaned_data["text_version"],
            actor=request.actor,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        ),
        form=form,
        contract_id=wizard.contract.pk,
    )
    if outcome.done:
        if not outcome.repeated:
            messages.success(
                request,
                _("Your dispute is filed. {amount} stays in escrow, and {client} is told now.").format(
                    amount=format_money(checked.amount), client=wizard.contract.client_account.name
                ),
            )
        filed = Dispute.objects.get(pk=draft.pk)
        return SeeOther(reverse("disputes:dispute", args=[filed.reference]))
    return _refused(request, wizard, checked, form, outcome.error, outcome.status)


def _refused(
    request: Any, wizard: Wizard, checked: Checked, form: AgreeForm, error: DomainError | None, status: int
) -> HttpResponse:
    """A claim the service does not take goes back to the claim's own fields; the rest is said here."""
    if isinstance(error, InvalidInputError) and error.fields.keys() & {"reason", "details", "amount"}:
        again = _form(wizard, {**wizard.typed, "kind": EvidenceKind.DELIVERABLE})
        again.is_valid()
        again.errors.clear()  # the service says the same, and more
        put_errors(again, error)
        return _claim_page(request, wizard, again, status=status)
    fresh = load(request, wizard.contract.reference)
    if (answer := gone(request, fresh)) is not None:
        return answer
    return _check_page(request, fresh, _checked(fresh) or checked, form, status=status)


def _check_page(request: Any, wizard: Wizard, checked: Checked, form: AgreeForm, *, status: int = 200) -> HttpResponse:
    contract = wizard.contract
    pinned = policy.for_case(contract.policy, checked.amount)
    consent = texts.filing_text(contract, asked=wizard.asked, amount=checked.amount, due_at=wizard.due_at)
    fee, _share = pinned.arb_fee_for(checked.amount)
    defaults = for_reader(pinned, Side.FREELANCER, freelancer="", client=contract.client_account.name)
    return _render(
        request,
        wizard,
        "check",
        {
            "form": form,
            "checked": checked,
            "rest": wizard.asked - checked.amount,
            "net": net_of_fee(checked.amount, contract.policy.service_fee_percent),
            "percent": format_percent(contract.policy.service_fee_percent),
            "consent": consent,
            "arb_fee": fee,
            "answer_by": pinned.business_days_after(request.now, pinned.client_answer_business_days),
            "mediation_by": request.now + MEDIATION,
            "election_days": pinned.arbitration_election_days,
            "none_paid": defaults.none,
            "one_paid": defaults.one,
        },
        status=status,
    )


@page
@require_http_methods(["GET"])
def draft_file(request: HttpRequest, reference: str, evidence_id: UUID) -> Answer:
    """A file of the draft, for those who write it."""
    wizard = load(request, reference)
    row = next((row for row in wizard.files if row.pk == evidence_id), None)
    if row is None:
        raise StrangerError
    return attachment(row.file, name=row.file_name, content_type=row.content_type)
