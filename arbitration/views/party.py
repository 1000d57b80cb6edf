"""Pages of the two sides: the notice, the choice, the fee, the state of the arbitration."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from arbitration import selectors
from arbitration.enums import ElectionState, NoticeState
from arbitration.forms import ConfirmForm, ElectForm
from arbitration.models import NonResolutionNotice
from arbitration.services import award as awards
from arbitration.services import election as elections
from arbitration.services.consent import election_text
from arbitration.services.money import PLATFORM
from contracts.enums import Side
from core import deadlines, road
from core.errors import NotAllowedError, OutOfTurnError
from core.money import Money
from core.web.acts import Outcome, attempt
from disputes.defaults import Defaults, for_reader
from disputes.models import Dispute


def _look(request: HttpRequest, reference: str) -> tuple[Dispute, NonResolutionNotice]:
    """Find the case for the viewer, fire what is overdue (Z9), and read it again if something fired."""
    actor = request.actor  # type: ignore[attr-defined]
    dispute = selectors.get_dispute_for(actor, reference)
    notice = selectors.newest_notice(dispute)
    if deadlines.settle_overdue(dispute.contract_id, now=request.now):  # type: ignore[attr-defined]
        dispute = selectors.get_dispute_for(actor, reference)
        notice = selectors.newest_notice(dispute)
    return dispute, notice


def _context(request: HttpRequest, dispute: Dispute, notice: NonResolutionNotice) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    mine = selectors.election_for(notice, actor)
    contract = dispute.contract
    live = notice.state == NoticeState.ISSUED
    sides = [Side(mine.side)] if mine else list(Side)
    choices = selectors.elections_of(notice, actor)
    defaults = _defaults(dispute, mine.side if mine else "")
    paying = any(view.you and view.payment_running for view in choices)
    return {
        "dispute": dispute,
        "contract": contract,
        "notice": notice,
        "mine": mine,
        "live": live,
        "due": notice.election_ends_at,
        "fee": contract.money(notice.fee),
        "platform_share": contract.money(notice.platform_share),
        "fee_exceeds": contract.money(notice.fee) > dispute.money,
        "fee_percent": contract.policy.service_fee_percent,
        "freelancer_name": contract.freelancer_account.name,
        "client_name": contract.client_account.name,
        "election_days": dispute.policy.arbitration_election_days,
        "elections": choices,
        "tables": [
            {
                "side": side.value,
                "name": contract.account_of(side).name,
                "rows": selectors.balances_for(dispute, notice, side),
            }
            for side in sides
        ],
        "can_elect": live and mine is not None and road.possible(mine, "elect", actor),
        "can_pay": live and mine is not None and road.possible(mine, "start_payment", actor) and not paying,
        "can_decline": live and mine is not None and road.possible(mine, "decline", actor),
        "paying": paying,
        "undecided": mine is not None and mine.state == ElectionState.UNDECIDED,
        "nothing": _if_nothing(dispute, notice, mine.side if mine else "", choices),
        "defaults": defaults,
        "only_you": defaults.only(mine.side) if mine else "",
        "only_other": defaults.only(Side(mine.side).other) if mine else "",
    }


def _if_nothing(dispute: Dispute, notice: NonResolutionNotice, side: str, choices: list[selectors.ElectionView]) -> str:
    """What happens if the viewer does nothing, as things stand."""
    if notice.election_ends_at is None:
        return "The money stays frozen. No time limit runs."
    defaults = _defaults(dispute, side)
    other_paid = next((v for v in choices if v.role != side and v.election.state == ElectionState.PAID), None)
    if side and other_paid is not None:
        return f"The whole disputed amount goes to {defaults.only(other_paid.role)}, and that fee is returned."
    return (
        f"Without a payment from either side, the whole disputed amount goes to {defaults.none}."
        f" If one side pays, it goes to {defaults.one}."
    )


def _defaults(dispute: Dispute, side: str) -> Defaults:
    """N5 and N6 of this case, as the viewer reads them."""
    contract = dispute.contract
    return for_reader(
        dispute.policy, side, freelancer=contract.freelancer_account.name, client=contract.client_account.name
    )


@login_required
@require_GET
def notice(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the Notice of Non-Resolution; an earlier one with ?number=."""
    dispute, found = _look(request, reference)
    wanted = request.GET.get("number", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 4:  # noqa: PLR2004
        older = dispute.notices.filter(number=int(wanted)).first()
        if older is not None:
            found = older
            found.dispute = dispute
    context = _context(request, dispute, found)
    currency = dispute.currency
    content = found.content
    context |= {
        "content": content,
        "claim": _statement(content.get("claim"), currency),
        "answer": _statement(content.get("answer"), currency),
        "amount": Money(content["amount"], currency),
        "annex": _annex(selectors.annex_for(found, request.actor), currency),  # type: ignore[attr-defined]
        "numbers": list(dispute.notices.order_by("number").values_list("number", flat=True)),
    }
    return render(request, "arbitration/notice.html", context)


def _statement(data: dict[str, Any] | None, currency: str) -> dict[str, Any] | None:
    return None if data is None else {**data, "amount": Money(data["amount"], currency)}


def _annex(data: dict[str, Any], currency: str) -> dict[str, Any]:
    """Make amounts printable; whatever else mediation wrote is printed as text."""
    shares = {name: data.get(name) for name in ("to_freelancer", "to_client")}
    money = {name: Money(value, currency) for name, value in shares.items() if isinstance(value, int)}
    return {**data, **money} if data else {}


@login_required
@require_GET
def status(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who has chosen and paid, the receipts, the provider's steps, the award."""
    dispute, found = _look(request, reference)
    context = _context(request, dispute, found)
    case = selectors.case_of(dispute)
    award = selectors.recorded_award(case) if case else None
    context |= {"case": case, "award": award, "steps": selectors.steps_of(case) if case else []}
    if case is not None and award is not None:
        decision = awards.decision_of(award)
        to_freelancer, to_client, moved, left = awards.shares_after_shift(decision)
        context |= {
            "decision": decision,
            "to_freelancer": to_freelancer,
            "to_client": to_client,
            "moved": moved,
            "left": left,
            "debtor": dispute.contract.account_of(award.shift_from).name if award.shift_from else "",
        }
    context["PLATFORM"] = PLATFORM
    return render(request, "arbitration/status.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def elect(request: HttpRequest, reference: str) -> HttpResponse:
    """N2: read the text, then choose arbitration."""
    dispute, found = _open(request, reference, "elect")
    text = election_text(dispute, found)
    form = ElectForm(request.POST or None, initial={"consent_version": text.version})
    if request.method == "POST" and form.is_valid():
        outcome = attempt(
            request,
            lambda: elections.elect(
                dispute_id=dispute.pk,
                consent_version=form.cleaned_data["consent_version"],
                actor=request.actor,  # type: ignore[attr-defined]
                now=request.now,  # type: ignore[attr-defined]
            ),
            form=form,
            contract_id=dispute.contract_id,
        )
        if outcome.done:
            messages.success(request, "You have chosen arbitration. Your choice counts once the fee is paid.")
            return _to("pay", dispute)
        return _confirm(request, "elect", dispute, found, form, outcome, text=text)
    return _confirm(request, "elect", dispute, found, form, None, text=text)


@login_required
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """N3: start to pay the share."""
    dispute, found = _open(request, reference, "start_payment")
    form = ConfirmForm(request.POST or None)
    if request.method == "POST":
        outcome = attempt(
            request,
            lambda: elections.start_fee_payment(
                dispute_id=dispute.pk,
                actor=request.actor,  # type: ignore[attr-defined]
                now=request.now,  # type: ignore[attr-defined]
            ),
            form=form,
            contract_id=dispute.contract_id,
        )
        if outcome.done:
            messages.success(request, "Your payment is on its way. This page says when it is confirmed.")
            return _to("status", dispute)
        return _confirm(request, "pay", dispute, found, form, outcome)
    return _confirm(request, "pay", dispute, found, form, None)


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, reference: str) -> HttpResponse:
    """N4: decline, for good."""
    dispute, found = _open(request, reference, "decline")
    form = ConfirmForm(request.POST or None)
    if request.method == "POST":
        outcome = attempt(
            request,
            lambda: elections.decline(
                dispute_id=dispute.pk,
                actor=request.actor,  # type: ignore[attr-defined]
                now=request.now,  # type: ignore[attr-defined]
            ),
            form=form,
            contract_id=dispute.contract_id,
        )
        if outcome.done:
            messages.success(request, "You have declined arbitration.")
            return _to("status", dispute)
        return _confirm(request, "decline", dispute, found, form, outcome)
    return _confirm(request, "decline", dispute, found, form, None)


def _open(request: HttpRequest, reference: str, act: str) -> tuple[Dispute, NonResolutionNotice]:
    """Find the case; on a look (GET) say at once what is not open, so that nobody fills in a page in vain."""
    dispute, found = _look(request, reference)
    actor = request.actor  # type: ignore[attr-defined]
    mine = selectors.election_for(found, actor)
    if mine is None or not road.permitted(mine, act, actor):
        raise NotAllowedError("Only the two sides choose, through a member who may move money for them.", act=act)
    if request.method == "GET":
        if found.state != NoticeState.ISSUED:
            raise OutOfTurnError(f"This dispute is {road.display_state(dispute)}, so there is nothing to choose now.")
        road.check(mine, act, actor)
    return dispute, found


def _confirm(
    request: HttpRequest,
    page: str,
    dispute: Dispute,
    found: NonResolutionNotice,
    form: ConfirmForm | ElectForm,
    outcome: Outcome | None,
    **more: Any,
) -> HttpResponse:
    code = outcome.status if outcome else (422 if form.is_bound and form.errors else 200)
    context = {**_context(request, dispute, found), "form": form, **more}
    context["back_href"] = reverse("arbitration:status", args=[dispute.reference])
    return render(request, f"arbitration/{page}.html", context, status=code)


def _to(name: str, dispute: Dispute) -> HttpResponse:
    response = redirect(f"arbitration:{name}", reference=dispute.reference)
    response.status_code = 303
    return response
