"""See Request (S04–S06) for both sides: approve, dispute, propose; pay more, withdraw, respond."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from contracts.enums import Side
from contracts.forms import APPROVE, DISPUTE, AmountForm, ConfirmForm, ProposeForm, SeeRequestForm
from contracts.ledger.services import fee_of
from contracts.models import RefundRequest
from contracts.selectors import RefundPage, refund_page
from contracts.services import refunds
from contracts.views.common import (
    act,
    actor_of,
    at,
    changed,
    contract_url,
    form_page,
    is_confirmed,
    page,
    posted,
    refund_of,
    see_other,
    seen,
    simple,
    stale,
)
from core import road
from core.errors import StrangerError
from core.money import Money


@page
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """**See Request**. The freelancer answers here; the client sees what is possible."""
    refund = refund_of(request, reference)
    model = refund_page(refund, actor_of(request))
    form: BaseForm = ConfirmForm()
    if model.is_open and model.side is Side.FREELANCER:
        form = _question(model, posted(request))
        if request.method == "POST" and form.is_valid():
            return see_other(_next(reference, form.cleaned_data["answer"]))
    return form_page(request, "contracts/refund_request.html", form, _context(model))


def _question(model: RefundPage, data: Any) -> SeeRequestForm:
    return SeeRequestForm(
        data,
        client_name=model.contract.client_account.name,
        asked=model.asked,
        divisible=model.asked.amount > 1,
    )


def _next(reference: str, answer: str) -> str:
    if answer == DISPUTE:
        return reverse("disputes:claim", args=[reference])
    return at("refund_approve" if answer == APPROVE else "refund_propose", reference)


def _context(model: RefundPage) -> dict[str, Any]:
    return {
        "p": model,
        "contract": model.contract,
        "refund": model.request,
        "claim_url": _claim_url(model.contract.reference),
    }


def _claim_url(reference: str) -> str:
    try:
        return reverse("disputes:claim", args=[reference])
    except NoReverseMatch:
        return ""


def _prepare(request: HttpRequest, reference: str, name: str) -> tuple[RefundRequest, dict[str, Any]]:
    """The open request, checked for this act on GET (a POST is checked by its command)."""
    refund = refund_of(request, reference)
    if request.method != "POST":
        road.check(refund, name, actor_of(request))
    return refund, _context(refund_page(refund, actor_of(request)))


@page
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """R2: confirm page for the refund."""
    refund, context = _prepare(request, reference, "accept")
    return simple(
        request,
        refund.contract,
        "contracts/refund_approve.html",
        ConfirmForm(posted(request)),
        lambda: refunds.accept_refund_request(
            request_id=refund.pk,
            actor=actor_of(request),
            now=request.now,  # type: ignore[attr-defined]
        ),
        context,
        done=_("You approved the refund. The contract is closed."),
        to=contract_url(refund.contract),
    )


@page
def propose(request: HttpRequest, reference: str) -> HttpResponse:
    """R7: propose to keep a part."""
    refund, context = _prepare(request, reference, "propose")
    contract, asked = refund.contract, refund.money
    one = contract.money(1)
    form = ProposeForm(
        posted(request),
        label=_("You keep, before the service fee"),
        minimum=one,
        maximum=asked - one,
        help_text=_("The rest goes back to the client."),
    )
    return simple(
        request,
        contract,
        "contracts/refund_propose.html",
        form,
        lambda: refunds.propose_split(
            request_id=refund.pk,
            keep=form.cleaned_data["amount"],
            note=form.cleaned_data["note"],
            actor=actor_of(request),
            now=request.now,  # type: ignore[attr-defined]
        ),
        context,
        done=_("Your proposal is sent. The 7 days go on."),
        to=at("refund_request", reference),
    )


@page
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """R6: pay more and ask for less back, with a preview of every cent."""
    confirmed = is_confirmed(request)
    refund, context = _prepare(request, reference, "pay_more")
    if not confirmed:
        road.check(refund, "pay_more", actor_of(request))
    contract = refund.contract
    asked = seen(request, refund.money)
    one = contract.money(1)
    form = _pay_form(posted(request), one, asked)
    if request.method != "POST" or not form.is_valid() or request.POST.get("edit"):
        return form_page(request, "contracts/refund_pay.html", form, context)
    amount: Money = form.cleaned_data["amount"]
    fee = fee_of(contract, amount)
    context |= {"amount": amount, "left": asked - amount, "asked": asked, "fee": fee, "net": amount - fee}
    outcome = None
    if confirmed:
        if stale(request, asked, refund.money) and refund.state == "open":
            return changed(request, "contracts/refund_pay.html", _pay_form(None, one, refund.money), context)
        answer = act(
            request,
            contract,
            lambda: refunds.pay_more(
                request_id=refund.pk,
                amount=amount,
                actor=actor_of(request),
                now=request.now,  # type: ignore[attr-defined]
            ),
            form=form,
            done=_("Paid. You ask for less back now."),
            to=at("refund_request", reference),
        )
        if isinstance(answer, HttpResponse):
            return answer
        outcome = answer
    return form_page(request, "contracts/refund_pay_check.html", form, context, outcome)


def _pay_form(data: Any, one: Money, asked: Money) -> AmountForm:
    return AmountForm(
        data,
        label=_("Amount to pay the freelancer"),
        minimum=one,
        maximum=asked - one,
        help_text=_("To pay everything, withdraw the request instead."),
    )


@page
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """R5: pay all that was asked back."""
    refund, context = _prepare(request, reference, "withdraw")
    return simple(
        request,
        refund.contract,
        "contracts/refund_withdraw.html",
        ConfirmForm(posted(request)),
        lambda: refunds.withdraw_refund_request(
            request_id=refund.pk,
            actor=actor_of(request),
            now=request.now,  # type: ignore[attr-defined]
        ),
        context,
        done=_("Everything is paid and the contract is closed."),
        to=contract_url(refund.contract),
    )


@page
def accept_proposal(request: HttpRequest, reference: str, pk: UUID) -> HttpResponse:
    """R8: accept the split that was shown."""
    refund, context = _prepare(request, reference, "accept_proposal")
    return simple(
        request,
        refund.contract,
        "contracts/proposal_accept.html",
        ConfirmForm(posted(request)),
        lambda: refunds.accept_split(
            request_id=refund.pk,
            proposal_id=pk,
            actor=actor_of(request),
            now=request.now,  # type: ignore[attr-defined]
        ),
        {**context, "proposal": _proposal(context, pk)},
        done=_("You accepted the split. The contract is closed."),
        to=contract_url(refund.contract),
    )


@page
def decline_proposal(request: HttpRequest, reference: str, pk: UUID) -> HttpResponse:
    """R8: decline; the request stays open."""
    refund, context = _prepare(request, reference, "decline_proposal")
    return simple(
        request,
        refund.contract,
        "contracts/proposal_decline.html",
        ConfirmForm(posted(request)),
        lambda: refunds.decline_split(
            request_id=refund.pk,
            proposal_id=pk,
            actor=actor_of(request),
            now=request.now,  # type: ignore[attr-defined]
        ),
        {**context, "proposal": _proposal(context, pk)},
        done=_("You declined the proposal. Your request stays open."),
        to=at("refund_request", reference),
    )


def _proposal(context: dict[str, Any], pk: UUID) -> dict[str, Any]:
    """The proposal of the address with its sums; any other is as if it were not there (404)."""
    model: RefundPage = context["p"]
    found = next((p for p in model.proposals if p.pk == pk), None)
    if found is None:
        raise StrangerError
    contract = model.contract
    keep = contract.money(found.keep)
    return {
        "row": found,
        "keep": keep,
        "give_back": contract.money(found.give_back),
        "net": keep - fee_of(contract, keep),
    }
