"""Pages that the two sides read: the notice and the state of the arbitration, and their poll."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import quote_etag
from django.utils.timezone import get_current_timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from arbitration import news as changes
from arbitration import selectors
from arbitration.models import ArbitrationCase, NonResolutionNotice
from arbitration.services import award as awards
from arbitration.services.notice import REASONS, SOURCE_LANGUAGE
from arbitration.stages import stages_of
from arbitration.views.common import context_of, look
from contracts.enums import Side
from core.money import Money
from disputes.models import Dispute


@login_required
@require_GET
def notice(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the Notice of Non-Resolution; an earlier one with ?number=."""
    dispute, newest = look(request, reference)
    found = newest
    wanted = request.GET.get("number", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 4:  # noqa: PLR2004
        older = dispute.notices.select_related("arbitration").filter(number=int(wanted)).first()
        if older is not None:
            found = older
            found.dispute = dispute
    case = selectors.case_of(dispute)
    context = context_of(request, dispute, found, case=case)
    currency = dispute.currency
    content = found.content
    context |= {
        "content": content,
        "claim": _statement(content.get("claim"), currency),
        "answer": _statement(content.get("answer"), currency),
        "amount": Money(content["amount"], currency),
        "annex": _annex(selectors.annex_for(found, request.actor), currency),  # type: ignore[attr-defined]
        "numbers": list(dispute.notices.order_by("number").values_list("number", flat=True)),
        "newest": newest,
        "mark": _mark(dispute, newest, case),
    }
    return render(request, "arbitration/notice.html", context)


def _statement(data: dict[str, Any] | None, currency: str) -> dict[str, Any] | None:
    """A stored statement with its reason in the reader's language."""
    if data is None:
        return None
    return {**data, "reason": _reason(data), "amount": Money(data["amount"], currency)}


def _reason(data: dict[str, Any]) -> str:
    """By its code; a notice older than the codes is read by the English label that it stored."""
    code = data.get("reason_code")
    if code is None:
        with translation.override(SOURCE_LANGUAGE):
            code = next((c for c, label in REASONS.items() if str(label) == data["reason"]), "")
    return str(REASONS.get(code, data["reason"]))


def _annex(data: dict[str, Any], currency: str) -> dict[str, Any]:
    """Make amounts printable; whatever else mediation wrote is printed as text."""
    shares = {name: data.get(name) for name in ("to_freelancer", "to_client")}
    money = {name: Money(value, currency) for name, value in shares.items() if isinstance(value, int)}
    return {**data, **money} if data else {}


@login_required
@require_GET
def status(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who has chosen and paid, the receipts, the provider's steps, the award."""
    dispute, found = look(request, reference)
    case = selectors.case_of(dispute)
    context = context_of(request, dispute, found, case=case)
    award = selectors.recorded_award(case) if case else None
    steps = selectors.steps_of(case) if case else []
    now = request.now  # type: ignore[attr-defined]
    context |= {
        "case": case,
        "award": award,
        "steps": steps,
        "stages": stages_of(dispute, found, case, tz=get_current_timezone(), now=now),
        "mark": _mark(dispute, found, case, steps=len(steps)),
    }
    if case is not None and award is not None:
        decision = awards.decision_of(award)
        to_freelancer, to_client, moved, left = awards.shares_after_shift(decision)
        contract = dispute.contract
        context |= {
            "decision": decision,
            "to_freelancer": to_freelancer,
            "to_client": to_client,
            "moved": moved,
            "left": left,
            "debtor": contract.account_of(award.shift_from).name if award.shift_from else "",
            "creditor": contract.account_of(Side(award.shift_from).other).name if award.shift_from else "",
        }
    return render(request, "arbitration/status.html", context)


def _mark(
    dispute: Dispute, notice: NonResolutionNotice, case: ArbitrationCase | None, *, steps: int | None = None
) -> str:
    count = len(selectors.steps_of(case)) if case is not None and steps is None else steps or 0
    return changes.mark_of(dispute, notice, selectors.newest_elections(notice), case, count)


@login_required
@never_cache
@require_GET
def news(request: HttpRequest, reference: str) -> HttpResponse:
    """Whether something happened since the page was drawn (`seen`, or the tag of the last answer): 204, or what."""
    actor = request.actor  # type: ignore[attr-defined]
    dispute = selectors.get_dispute_for(actor, reference)
    newest = selectors.newest_notice(dispute)
    now = _mark(dispute, newest, selectors.case_of(dispute))
    seen, tag = request.GET.get("seen", ""), quote_etag(now)
    if now == seen or request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=204)
    contract = dispute.contract
    names = (contract.freelancer_account.name, contract.client_account.name)
    return JsonResponse({"count": 1, "text": changes.told(seen, now, names)}, headers={"ETag": tag})
