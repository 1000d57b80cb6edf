"""The contract page and what is done on it as a whole."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from contracts import rules
from contracts.enums import AccountCode, ContractState, Side
from contracts.forms import AmountForm, ConfirmForm, EndForm, MilestoneForm
from contracts.ledger.selectors import balance_of, balances
from contracts.ledger.services import fee_of
from contracts.models import Contract
from contracts.selectors import contract_page
from contracts.selectors.files import find_file
from contracts.services import agreement, dormancy
from contracts.services.payments import withdraw_earnings
from contracts.views.common import (
    act,
    actor_of,
    cast,
    changed,
    contract_of,
    contract_url,
    form_page,
    is_confirmed,
    page,
    posted,
    seen,
    simple,
    stale,
)
from core import road
from core.errors import NotAllowedError
from core.formatting import format_money
from core.money import Money
from core.web.files import attachment


@page
def contract(request: HttpRequest, reference: str) -> HttpResponse:
    """Milestones, escrow, submissions, messages, history, and the viewer's next step."""
    found = contract_of(request, reference)
    model = contract_page(found, actor_of(request))
    template = "contracts/contract.html" if model.side else "contracts/contract_staff.html"
    return render(request, template, {"p": model, **cast(request, found)})


@page
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """The freelancer's side accepts a draft."""
    found = contract_of(request, reference)
    actor = actor_of(request)
    if request.method != "POST":
        road.check(found, "activate", actor)
    total = _total(found)
    return simple(
        request,
        found,
        "contracts/accept.html",
        ConfirmForm(posted(request)),
        lambda: agreement.accept_contract(contract_id=found.pk, actor=actor, now=request.now),  # type: ignore[attr-defined]
        {"milestones": found.milestones.order_by("number"), "total": total, "net": total - fee_of(found, total)},
        done=_("Contract accepted. You can start as soon as the first milestone is funded."),
        to=contract_url(found),
    )


def _total(found: Contract) -> Money:
    return found.money(sum(found.milestones.values_list("amount", flat=True)))


@page
def add_milestone(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose one more milestone."""
    found = contract_of(request, reference)
    actor = actor_of(request)
    if not rules.is_party(found, actor):
        raise NotAllowedError(_("Only the two sides of a contract add milestones."))
    form = MilestoneForm(posted(request), contract=found)
    return simple(
        request,
        found,
        "contracts/milestone_form.html",
        form,
        lambda: agreement.add_milestone(
            contract_id=found.pk,
            title=form.cleaned_data["title"],
            description=form.cleaned_data["description"],
            amount=form.cleaned_data["amount"],
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
        ),
        {},
        done=_("Milestone added. It counts once the client funds it."),
        to=contract_url(found),
    )


@page
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """End the contract: the client says how much is paid, the freelancer gives everything back."""
    found = contract_of(request, reference)
    actor = actor_of(request)
    if rules.side_of(found, actor) is Side.FREELANCER:
        return _end_by_freelancer(request, found)
    road.check(found, "end_by_client", actor)
    held = balances(found)
    if not held.escrow and not held.frozen_total:
        return _end_without_money(request, found)
    form = EndForm(escrow=held.escrow)
    return form_page(request, "contracts/end.html", form, {"contract": found, "held": held})


@page
def end_check(request: HttpRequest, reference: str) -> HttpResponse:
    """Preview of the client's end of the contract to the cent; with `confirmed` it is done."""
    found = contract_of(request, reference)
    actor = actor_of(request)
    confirmed = is_confirmed(request)
    if not confirmed:
        road.check(found, "end_by_client", actor)
    held = balances(found)
    escrow = seen(request, held.escrow)
    form = EndForm(posted(request), escrow=escrow)
    context = {"contract": found, "held": held, "escrow": escrow}
    if request.method != "POST" or not form.is_valid() or request.POST.get("edit"):
        return form_page(request, "contracts/end.html", form, context)
    pay = form.pay()
    context |= {"pay": pay, "left": escrow - pay, "fee": fee_of(found, pay), "net": pay - fee_of(found, pay)}
    outcome = None
    if confirmed:
        if stale(request, escrow, held.escrow) and found.state == ContractState.ACTIVE:
            return changed(request, "contracts/end.html", EndForm(escrow=held.escrow), context)
        answer = act(
            request,
            found,
            lambda: agreement.end_contract(
                contract_id=found.pk,
                pay=pay,
                reason=form.cleaned_data["reason"],
                actor=actor,
                now=request.now,  # type: ignore[attr-defined]
            ),
            form=form,
            done=_("The contract is ended."),
            to=contract_url(found),
        )
        if isinstance(answer, HttpResponse):
            return answer
        outcome = answer
    return form_page(request, "contracts/end_check.html", form, context, outcome)


def _end_without_money(request: HttpRequest, found: Contract) -> HttpResponse:
    actor = actor_of(request)
    return simple(
        request,
        found,
        "contracts/end_empty.html",
        ConfirmForm(posted(request)),
        lambda: agreement.end_contract(contract_id=found.pk, pay=found.money(0), actor=actor, now=request.now),  # type: ignore[attr-defined]
        {},
        done=_("The contract is ended."),
        to=contract_url(found),
    )


def _end_by_freelancer(request: HttpRequest, found: Contract) -> HttpResponse:
    actor = actor_of(request)
    escrow = balances(found).escrow
    if request.method != "POST":
        road.check(found, "end_by_freelancer", actor)
    return simple(
        request,
        found,
        "contracts/end_freelancer.html",
        ConfirmForm(posted(request)),
        lambda: agreement.end_contract_by_freelancer(
            contract_id=found.pk,
            seen_escrow=seen(request, escrow),
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
        ),
        {"escrow": escrow},
        done=_("The contract is ended."),
        to=contract_url(found),
    )


@page
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """W1: take what is available."""
    found = contract_of(request, reference)
    actor = actor_of(request)
    if not rules.freelancer_moves_money(found, actor):
        raise NotAllowedError(_("Only the freelancer’s side withdraws earnings."))
    available = balance_of(found, AccountCode.FREELANCER_AVAILABLE)
    form = AmountForm(
        posted(request),
        label=_("Amount to withdraw"),
        minimum=found.money(1),
        maximum=available,
        help_text=_("{amount} is available from this contract.").format(amount=format_money(available)),
        initial={"amount": available},
    )
    return simple(
        request,
        found,
        "contracts/withdraw.html",
        form,
        lambda: withdraw_earnings(
            contract_id=found.pk,
            amount=form.cleaned_data["amount"],
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
        ),
        {"available": available},
        done=_("Your money is on its way."),
        to=contract_url(found),
    )


@page
def quiet(request: HttpRequest, reference: str) -> HttpResponse:
    """C10: the answers to a contract that nobody uses."""
    found = contract_of(request, reference)
    actor = actor_of(request)
    if not rules.is_party(found, actor):
        raise NotAllowedError(_("Only the two sides of a contract answer this."))
    commands = {
        "release": dormancy.answer_dormancy_release,
        "refuse": dormancy.answer_dormancy_refuse,
        "ask": dormancy.ask_for_payment,
    }
    command = commands.get(request.POST.get("answer", ""))
    form = ConfirmForm(posted(request))
    context = {
        "contract": found,
        "p": contract_page(found, actor),
        "client_answers": found.dormancy_step in (dormancy.CLIENT_ASKED, dormancy.CLIENT_TO_ANSWER),
        "freelancer_answers": found.dormancy_step == dormancy.FREELANCER_MAY_ASK,
    }
    if command is None:
        return form_page(request, "contracts/quiet.html", form, context)
    answer = act(
        request,
        found,
        lambda: command(contract_id=found.pk, actor=actor, now=request.now),  # type: ignore[attr-defined]
        form=form,
        done=_("Your answer is in."),
        to=contract_url(found),
    )
    return (
        answer
        if isinstance(answer, HttpResponse)
        else form_page(request, "contracts/quiet.html", form, context, answer)
    )


@page
def file(request: HttpRequest, reference: str, pk: UUID) -> FileResponse:
    """Download a file of a submission or a message, as an attachment."""
    found = find_file(contract_of(request, reference), pk)
    return attachment(found.file, name=found.name, content_type=found.content_type)
