"""The wizard's frame: whose refund request is answered, whether it still can be, and what is given back if not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from contracts import rules as contract_rules
from contracts.enums import RefundState
from contracts.models import Contract, RefundRequest
from core import deadlines
from core.errors import DomainError, NotAllowedError, OutOfTurnError, StrangerError, TooLateError
from core.money import Money
from disputes.enums import DisputeState, EndedReason
from disputes.models import Dispute, Evidence, StatementVersion
from disputes.readmodels.base import clean_reference
from disputes.views.common import SeeOther
from disputes.views.kept import kept_page


@dataclass(slots=True)
class Wizard:
    """The refund request being answered, its contract and the draft, if there is one."""

    contract: Contract
    request: RefundRequest
    draft: Dispute | None
    files: list[Evidence]

    @property
    def asked(self) -> Money:
        """What the client asks back."""
        return Money(self.request.amount, self.contract.currency)

    @property
    def typed(self) -> dict[str, Any]:
        """The draft as typed."""
        return dict(self.draft.draft) if self.draft else {}

    @property
    def due_at(self) -> datetime:
        """The end of the seven days."""
        return self.request.due_at

    def url(self, name: str) -> str:
        """Path of one of the wizard's pages."""
        return reverse(f"disputes:{name}", args=[self.contract.reference])


def load(request: Any, reference: str) -> Wizard:
    """404 for everybody but the freelancer's side; what is overdue fires first (Z9)."""
    contract = (
        Contract.objects.select_related("freelancer_account", "client_account")
        .filter(reference=clean_reference(reference))
        .first()
    )
    if contract is None or not contract_rules.is_party(contract, request.actor):
        raise StrangerError
    if not contract_rules.is_freelancer(contract, request.actor):
        raise NotAllowedError(
            _("Only {freelancer} can file a dispute on this contract.").format(
                freelancer=contract.freelancer_account.name
            )
        )
    deadlines.settle_overdue(contract.pk, now=request.now)
    asked = RefundRequest.objects.filter(contract=contract).order_by("-opened_at").first()
    if asked is None:
        raise StrangerError
    draft = Dispute.objects.filter(refund_request=asked, state=DisputeState.DRAFT).first()
    files = list(draft.evidence.filter(removed_at__isnull=True).order_by("added_at", "id")) if draft else []
    return Wizard(contract, asked, draft, files)


def elsewhere(wizard: Wizard, request: Any) -> HttpResponse | None:
    """Send elsewhere whoever comes after the request has been answered or has run out."""
    if wizard.request.state == RefundState.OPEN and request.now < wizard.due_at:
        return None
    filed = Dispute.objects.filter(refund_request=wizard.request, filed_at__isnull=False).first()
    if filed is not None:
        return SeeOther(reverse("disputes:dispute", args=[filed.reference]))
    if request.now >= wizard.due_at:
        raise TooLateError(
            _("The 7 days to answer this refund request are over, so no dispute can be filed any more."),
            due_at=wizard.due_at,
        )
    raise OutOfTurnError(_why_closed(wizard))


def _why_closed(wizard: Wizard) -> str:
    client = wizard.contract.client_account.name
    if wizard.request.state == RefundState.WITHDRAWN:
        return _("{client} took the refund request back, so there is nothing to dispute any more.").format(
            client=client
        )
    if wizard.request.state == RefundState.ACCEPTED:
        return _("This refund request has been accepted, so no dispute can be filed on it any more.")
    return _("This refund request is no longer open, so no dispute can be filed on it.")


def gone(request: Any, wizard: Wizard) -> HttpResponse | None:
    """The answer to whoever checks or files what can no longer be filed: the dispute, or the draft given back."""
    try:
        return elsewhere(wizard, request)
    except (OutOfTurnError, TooLateError) as error:
        return give_back(request, wizard, error)


def _filed_words(wizard: Wizard) -> set[str]:
    """What a second window may post again without losing anything: nothing, or the words that were filed."""
    found = StatementVersion.objects.filter(dispute__refund_request=wizard.request, side="claim")
    return {"", *(" ".join(details.split()) for details in found.values_list("details", flat=True))}


def give_back(request: Any, wizard: Wizard, error: DomainError) -> HttpResponse:
    """The refund request closed while the claim was being written: the words are given back (409)."""
    if request.headers.get("X-Autosave"):
        raise error
    typed = request.POST if "details" in request.POST else _last_draft(wizard)
    reason = str(typed.get("reason", ""))
    kept = [
        (_("What is your reason for the dispute?"), dict(EndedReason.choices).get(reason, "")),
        (_("What happened"), str(typed.get("details", ""))),
        (_("Amount you claim"), str(typed.get("amount", ""))),
        (_("What does this file show?"), str(typed.get("shows", ""))),
    ]
    words = str(typed.get("details", "")).strip()
    filed = Dispute.objects.filter(refund_request=wizard.request, filed_at__isnull=False).first()
    if filed is not None:
        href, action = reverse("disputes:dispute", args=[filed.reference]), _("See Dispute")
    else:
        href, action = reverse("contracts:contract", args=[wizard.contract.reference]), _("See the contract")
    return kept_page(
        request, error, [(label, str(text)) for label, text in kept] if words else [], href=href, action=action
    )


def _last_draft(wizard: Wizard) -> dict[str, Any]:
    """What had been saved for this request when it closed."""
    draft = Dispute.objects.filter(refund_request=wizard.request, state=DisputeState.ABANDONED).first()
    return dict(draft.draft) if draft else {}


def not_lost(request: Any, wizard: Wizard) -> None:
    """Raise OutOfTurnError where a second window posts words that were not filed."""
    if request.method == "POST" and " ".join(request.POST.get("details", "").split()) not in _filed_words(wizard):
        raise OutOfTurnError(
            _("The dispute is filed already, so this text was not sent. You can update your claim instead.")
        )
