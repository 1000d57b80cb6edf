"""Offers and sealed bids, each act with its confirm page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import road
from core.errors import NotAllowedError, OutOfTurnError, StrangerError
from core.formatting import format_money, net_of_fee
from core.money import Money
from core.web.acts import used
from disputes.enums import Disposition, DisputeState, OfferSide, OfferState, Route
from disputes.forms import AgreeForm, ConfirmForm, OfferForm
from disputes.models import SettlementOffer
from disputes.negotiation import services as negotiation
from disputes.readmodels.money import offers_range
from disputes.readmodels.offer_turns import live_offer
from disputes.services import texts
from disputes.services.common import stage_end
from disputes.views import drafts
from disputes.views.common import (
    Case,
    SeeOther,
    act,
    done,
    need_money,
    need_party,
    open_case,
    page,
    refused,
    seen,
    show,
)
from disputes.views.kept import kept_page

BOTH_METHODS = ["GET", "POST"]
OFFER_AGREE = _l("I agree to end the dispute with this split if the other side accepts it.")
ACCEPT_AGREE = _l("I agree to end the dispute with this split.")


def _offers(case: Case) -> list[SettlementOffer]:
    return list(case.dispute.offers.select_related("made_by").order_by("number"))


def _may_offer(request: Any, case: Case) -> None:
    """403 for members without the right, 404 for staff without a part, 409 when the state does not allow it."""
    if case.viewer.side is None and not case.viewer.specialist:
        raise StrangerError
    if case.viewer.side is not None:
        need_money(case)
    if not road.possible(case.dispute, "make_offer", request.actor):
        raise OutOfTurnError(_("This dispute is closed, so no more offers can be made."))


@page
@never_cache
@require_http_methods(BOTH_METHODS)
def offer_new(request: HttpRequest, reference: str) -> HttpResponse:
    """D11: two sums that add up, and a note; the confirm page is next."""
    case = open_case(request, reference)
    try:
        _may_offer(request, case)
    except OutOfTurnError as error:
        if request.headers.get("X-Autosave"):
            raise
        kept = [(_("A note to the other side"), request.POST.get("note", ""))]
        return kept_page(request, error, kept, href=case.url("dispute"), action=_("Back to the dispute"))
    active = case.dispute.route == Route.ACTIVE
    if request.method != "POST":
        draft = drafts.load(request, case, "offer")
        typed = draft.data if draft else {}
        form = OfferForm(initial={**seen(case), **typed}, total=case.dispute.money, active=active)
        return _offer_page(request, case, form, typed)
    if (saved := drafts.autosaved(request, case, "offer")) is not None:
        return saved
    form = OfferForm(request.POST, total=case.dispute.money, active=active)
    drafts.keep(request, case, "offer")
    if not form.is_valid():
        return _offer_page(request, case, form, request.POST, status=422)
    return SeeOther(case.url("offer_check"))


def _offer_page(request: Any, case: Case, form: OfferForm, typed: Any, *, status: int = 200) -> HttpResponse:
    offers = _offers(case)
    live = live_offer(offers, request.now)
    side = case.viewer.side or "freelancer"
    best = None
    if live is not None and live.side != side:
        best = Money(live.to_freelancer if side == "freelancer" else live.to_client, case.dispute.currency)
    return show(
        request,
        case,
        "offer_new",
        {
            "form": form,
            "freelancer_value": typed.get("to_freelancer", ""),
            "client_value": typed.get("to_client", ""),
            "live": live,
            "best": best if case.viewer.side else None,
            "side": side,
            "range": offers_range(offers, case.dispute),
            "range_title": _("Your share in the offers so far")
            if case.viewer.side == "freelancer"
            else _("The share of {freelancer} in the offers so far").format(freelancer=case.viewer.freelancer_name),
            "offers": [_line(offer, case) for offer in offers[::-1][:6]],
            "counter": live is not None and live.side != case.viewer.side,
        },
        status=status,
    )


def _line(offer: SettlementOffer, case: Case) -> dict[str, Any]:
    return {
        "row": offer,
        "to_freelancer": Money(offer.to_freelancer, case.dispute.currency),
        "to_client": Money(offer.to_client, case.dispute.currency),
        "who": _("You") if offer.side == case.viewer.side else case.viewer.name_of(offer.side),
    }


@page
@never_cache
@require_http_methods(BOTH_METHODS)
def offer_check(request: HttpRequest, reference: str) -> HttpResponse:
    """D11: the confirm page of an offer. What is posted is the draft shown, named by its sums."""
    case = open_case(request, reference)
    _may_offer(request, case)
    active = case.dispute.route == Route.ACTIVE
    draft = drafts.load(request, case, "offer")
    typed = OfferForm(dict(draft.data) if draft else {}, total=case.dispute.money, active=active)
    if not typed.is_valid():
        return _no_draft(request, case)
    to_f, to_c = typed.cleaned_data["to_freelancer"], typed.cleaned_data["to_client"]
    disposition = typed.cleaned_data.get("disposition") or Disposition.REFUND
    text = texts.offer_text(case.dispute, to_freelancer=to_f, to_client=to_c, disposition=disposition)
    end, hours = stage_end(case.dispute), case.dispute.policy.settlement_offer_hours
    expires = request.now + timedelta(hours=hours)  # type: ignore[attr-defined]
    shown = {
        "to_freelancer": to_f,
        "to_client": to_c,
        "note": typed.cleaned_data["note"],
        "stays": active and disposition == Disposition.RETURN,
        "consent": text,
        "net": net_of_fee(to_f, case.fee_percent),
        "draft_for_both": case.viewer.side is None,
        "ends": end,
        "ends_by_stage": end is not None and end < expires,
        "expires": expires,
        "hours": hours,
        "stamp": f"{to_f.amount}:{to_c.amount}:{disposition}",
    }
    form_type: Any = AgreeForm if case.viewer.side else ConfirmForm
    options = {"label": OFFER_AGREE} if case.viewer.side else {}
    if request.method != "POST":
        initial = {**seen(case), "text_version": text.version}
        return show(request, case, "offer_check", {"form": form_type(initial=initial, **options), **shown})
    form = form_type(request.POST, **options)
    if request.POST.get("stamp", "") != shown["stamp"]:
        messages.info(request, _("The draft of your offer changed in another window. Check it again."))
        return SeeOther(case.url("offer_check"))
    if not form.is_valid():
        return show(request, case, "offer_check", {"form": form, **shown}, status=422)
    outcome = act(
        request,
        case,
        form,
        lambda: negotiation.make_offer(
            dispute_id=case.dispute.pk,
            to_freelancer=to_f,
            to_client=to_c,
            disposition=disposition,
            note=typed.cleaned_data["note"],
            consent_version=form.cleaned_data.get("text_version", ""),
            seen_version=form.seen_version(),
            actor=request.actor,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        ),
    )
    if not outcome.done:
        case, context = refused(request, reference, outcome, form)
        return show(request, case, "offer_check", {"form": form, **shown, **context}, status=outcome.status)
    drafts.drop(request, case, "offer")
    return done(request, case, _offer_sent(case))


def _no_draft(request: Any, case: Case) -> HttpResponse:
    """A repeat of the post that sent the offer finds no draft any more; anybody else has typed nothing yet."""
    if request.method == "POST" and used(request):
        return done(request, case, _offer_sent(case))
    messages.info(request, _("Enter the two amounts first."))
    return SeeOther(case.url("offer_new"))


def _offer_sent(case: Case) -> str:
    if case.viewer.side is None:
        return _("Your draft is sent to both sides.")
    return _("Your offer is sent to {name}.").format(name=case.viewer.other_name)


# --- answers to an offer ----------------------------------------------------------


def _one(case: Case, number: int) -> SettlementOffer:
    if not case.viewer.negotiation:
        raise StrangerError
    offer = case.dispute.offers.select_related("made_by").filter(number=number).first()
    if offer is None:
        raise StrangerError
    offer.dispute = case.dispute
    return offer


def _answerable(request: Any, case: Case, offer: SettlementOffer, act_name: str) -> None:
    if case.viewer.side is not None:
        need_money(case)
    if not road.permitted(offer, act_name, request.actor):
        raise NotAllowedError(_("This offer is not yours to answer here."))
    if offer.state != OfferState.PENDING or request.now >= offer.expires_at:
        raise OutOfTurnError(_("This offer is no longer open. The page of the case shows where things stand."))


def _shown(case: Case, offer: SettlementOffer) -> dict[str, Any]:
    to_f = Money(offer.to_freelancer, case.dispute.currency)
    to_c = Money(offer.to_client, case.dispute.currency)
    mine = to_c if case.viewer.side == "client" else to_f
    return {
        "offer": offer,
        "to_freelancer": to_f,
        "to_client": to_c,
        "mine": mine,
        "net": net_of_fee(to_f, case.fee_percent),
        "drafted": offer.side == OfferSide.SPECIALIST,
        "stays": offer.disposition == Disposition.RETURN,
    }


@page
@never_cache
@require_http_methods(BOTH_METHODS)
def offer_accept(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """D12 (N7, A4): a confirm page; the second agreement pays the split at once."""
    case = open_case(request, reference)
    need_party(case)
    offer = _one(case, number)
    if request.method != "POST" or (offer.state != OfferState.PENDING and not used(request)):
        _answerable(request, case, offer, "accept")
    shown = _shown(case, offer)
    text = texts.offer_text(
        case.dispute,
        to_freelancer=shown["to_freelancer"],
        to_client=shown["to_client"],
        disposition=offer.disposition,
    )
    shown["consent"] = text
    if request.method != "POST":
        form = AgreeForm(initial={**seen(case), "text_version": text.version}, label=ACCEPT_AGREE)
        return show(request, case, "offer_accept", {"form": form, **shown})
    form = AgreeForm(request.POST, label=ACCEPT_AGREE)
    if not form.is_valid():
        return show(request, case, "offer_accept", {"form": form, **shown}, status=422)
    outcome = act(
        request,
        case,
        form,
        lambda: negotiation.accept_offer(
            offer_id=offer.pk,
            consent_version=form.cleaned_data["text_version"],
            seen_version=form.seen_version(),
            actor=request.actor,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        ),
    )
    if not outcome.done:
        case, context = refused(request, reference, outcome, form)
        return show(request, case, "offer_accept", {"form": form, **shown, **context}, status=outcome.status)
    if outcome.value is None and not (outcome.repeated and case.dispute.state == DisputeState.RESOLVED):
        words = _("Your agreement is noted. Nobody learns of it until the other side agrees too.")
        return done(request, case, words)
    words = _("Both sides agreed: {amount} to you. The dispute is closed.").format(amount=format_money(shown["mine"]))
    return done(request, case, words, "agreement")


def _close(request: Any, reference: str, number: int, act_name: str, template: str, words: str) -> HttpResponse:
    case = open_case(request, reference)
    if case.viewer.side is None and not case.viewer.specialist:
        raise StrangerError
    offer = _one(case, number)
    if request.method != "POST" or (offer.state != OfferState.PENDING and not used(request)):
        _answerable(request, case, offer, act_name)
    service = negotiation.reject_offer if act_name == "reject" else negotiation.withdraw_offer
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial=seen(case))
    status = 200
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        outcome = act(request, case, form, lambda: service(offer_id=offer.pk, actor=request.actor, now=request.now))
        if outcome.done:
            return done(request, case, words)
        case, context = refused(request, reference, outcome, form)
        status = outcome.status
    return show(request, case, template, {"form": form, **_shown(case, offer), **context}, status=status)


@page
@never_cache
@require_http_methods(BOTH_METHODS)
def offer_decline(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """D11: decline; nothing moves."""
    return _close(request, reference, number, "reject", "offer_decline", _("You declined the offer. No money moved."))


@page
@never_cache
@require_http_methods(BOTH_METHODS)
def offer_withdraw(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """D11: take one's own offer back."""
    words = _("Your offer is withdrawn. No money moved.")
    return _close(request, reference, number, "withdraw", "offer_withdraw", words)
