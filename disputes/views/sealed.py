"""Sealed amounts (D19): enter one in secret, replace it, take it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import road
from core.deadlines import running
from core.errors import OutOfTurnError
from core.formatting import format_instant, net_of_fee
from core.money import Money
from disputes.enums import BidState
from disputes.forms import AgreeForm, BidForm, ConfirmForm
from disputes.negotiation import bids as sealed
from disputes.services import texts
from disputes.views.common import Case, act, done, need_money, need_party, open_case, page, seen, show

BOTH_METHODS = ["GET", "POST"]
BID_AGREE = _l("I agree to be bound by this amount until the comparison.")


@page
@never_cache
@require_http_methods(BOTH_METHODS)
def bids(request: Any, reference: str) -> HttpResponse:
    """D19: enter an amount in secret; the text to agree to names it, so it takes two steps on one page."""
    case = open_case(request, reference)
    side = need_party(case)
    need_money(case)
    if not case.dispute.policy.blind_bidding or not road.possible(case.dispute, "bid", request.actor):
        raise OutOfTurnError(_("Sealed amounts are not possible at this stage."))
    posted = request.method == "POST"
    form = BidForm(request.POST if posted else None, initial=seen(case), total=case.dispute.money, side=side)
    if not posted or not form.is_valid():
        return _bids_page(request, case, form, status=422 if posted else 200)
    amount = form.cleaned_data["amount"]
    text = texts.bid_text(case.dispute, amount=amount, side=side)
    shown = {
        "form": form,
        "amount": amount,
        "consent": text,
        "agree": AgreeForm(label=BID_AGREE),
        "net": net_of_fee(amount, case.fee_percent),
        "back": case.dispute.money - amount,
    }
    if request.POST.get("do") != "seal":
        return show(request, case, "bid_check", shown, back=case.url("bids"))
    agree = AgreeForm(request.POST, label=BID_AGREE)
    shown["agree"] = agree
    if not agree.is_valid():
        return show(request, case, "bid_check", shown, status=422, back=case.url("bids"))
    outcome = act(
        request,
        case,
        form,
        lambda: sealed.seal_bid(
            dispute_id=case.dispute.pk,
            amount=amount,
            consent_version=agree.cleaned_data["text_version"],
            actor=request.actor,
            now=request.now,
        ),
    )
    if not outcome.done:
        return _bids_page(request, case, form, status=outcome.status)
    return done(request, case, _("Your amount is sealed. Nobody sees it."), "bids")


def _bids_page(request: Any, case: Case, form: BidForm, *, status: int = 200) -> HttpResponse:
    mine = sealed.bids_of(case.dispute, str(case.viewer.side))
    live = next((bid for bid in mine if bid.state == BidState.SEALED), None)
    clock = running(case.dispute.pk, sealed.BID_COMPARE)
    money = Money(live.amount, case.dispute.currency) if live else None
    noon = datetime.combine(request.now.astimezone(UTC).date(), sealed.NOON)
    return show(
        request,
        case,
        "bids",
        {
            "form": form,
            "live": live,
            "live_money": money,
            "live_net": net_of_fee(money, case.fee_percent) if money else None,
            "live_back": case.dispute.money - money if money else None,
            "noon": format_instant(noon, timezone.get_current_timezone(), "time"),
            "left": case.dispute.policy.blind_bids_per_side - len(mine),
            "compared_at": clock.due_at if clock else None,
        },
        status=status,
    )


@page
@never_cache
@require_http_methods(BOTH_METHODS)
def bid_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """D19: take the sealed amount back."""
    case = open_case(request, reference)
    need_party(case)
    need_money(case)
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial=seen(case))
    status = 200
    if request.method == "POST" and form.is_valid():
        outcome = act(
            request,
            case,
            form,
            lambda: sealed.withdraw_bid(
                dispute_id=case.dispute.pk,
                actor=request.actor,  # type: ignore[attr-defined]
                now=request.now,  # type: ignore[attr-defined]
            ),
        )
        if outcome.done:
            return done(request, case, _("Your sealed amount is taken back. Nobody learns that there was one."), "bids")
        status = outcome.status
    return show(request, case, "bid_withdraw", {"form": form}, status=status, back=case.url("bids"))
