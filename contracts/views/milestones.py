"""Fund, submit, decide, release: the pages of one milestone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from contracts.enums import AccountCode
from contracts.forms import FULL, ConfirmForm, ReasonForm, ReleaseForm, SubmitForm
from contracts.ledger.selectors import balance_of
from contracts.ledger.services import fee_of
from contracts.models import Milestone
from contracts.services import milestones
from contracts.services.common import named
from contracts.services.escrow_in import usable_carried
from contracts.views.common import (
    act,
    actor_of,
    changed,
    contract_url,
    form_page,
    is_confirmed,
    milestone_of,
    page,
    posted,
    seen,
    simple,
    stale,
)
from core import road
from core.formatting import format_money
from core.money import Money
from core.permissions import Actor


@page
def fund(request: HttpRequest, pk: UUID) -> HttpResponse:
    """C1: confirm page with what comes from where."""
    milestone = milestone_of(request, pk)
    contract, actor = milestone.contract, actor_of(request)
    if request.method != "POST":
        road.check(milestone, "start_funding", actor)
    carried = min(usable_carried(contract), milestone.money)
    outside = milestone.money - carried
    return simple(
        request,
        contract,
        "contracts/fund.html",
        ConfirmForm(posted(request)),
        lambda: milestones.fund_milestone(
            milestone_id=pk,
            seen_outside=seen(request, outside),
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
        ),
        {"milestone": milestone, "carried": carried, "outside": outside},
        done=_("Your payment is on its way. The milestone counts as funded when it is confirmed.")
        if milestone.money != carried
        else _("The milestone is funded."),
        to=contract_url(contract),
    )


@page
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """C2: hand work in."""
    milestone = milestone_of(request, pk)
    contract, actor = milestone.contract, actor_of(request)
    if request.method != "POST":
        milestones.ready_or_disputed(milestone, "submit", actor)
    form = SubmitForm(posted(request), request.FILES or None, contract=contract)

    def command() -> Any:
        upload = form.cleaned_data["file"]
        return milestones.submit_work(
            milestone_id=pk,
            message=form.cleaned_data["message"],
            link=form.cleaned_data["link"],
            upload=upload,
            actor=actor,
            now=request.now,  # type: ignore[attr-defined]
        )

    return simple(
        request,
        contract,
        "contracts/submit.html",
        form,
        command,
        {"milestone": milestone, "days": contract.policy.milestone_auto_release_days},
        done=_("Your work is submitted."),
        to=contract_url(contract),
    )


@page
def changes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """C3: ask for changes."""
    return _say(
        request,
        pk,
        "request_changes",
        ReasonForm(
            posted(request),
            label=_("What should be changed?"),
            help_text=_("Name each point, so that it is clear when the work is done."),
        ),
        template="contracts/changes.html",
        done=_("Your request for changes is sent."),
    )


@page
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """C3b: refuse to release."""
    return _say(
        request,
        pk,
        "refuse_release",
        ReasonForm(
            posted(request),
            label=_("Why do you not release the money?"),
            help_text=_("The freelancer reads this, and so does Customer Support if they are asked."),
        ),
        template="contracts/refuse.html",
        done=_("The freelancer is told that you do not release the money."),
    )


def _say(request: HttpRequest, pk: UUID, name: str, form: ReasonForm, *, template: str, done: str) -> HttpResponse:
    milestone = milestone_of(request, pk)
    contract, actor = milestone.contract, actor_of(request)
    if request.method != "POST":
        milestones.ready_or_disputed(milestone, name, actor)
    service = milestones.request_changes if name == "request_changes" else milestones.refuse_release
    return simple(
        request,
        contract,
        template,
        form,
        lambda: service(milestone_id=pk, text=form.cleaned_data["text"], actor=actor, now=request.now),  # type: ignore[attr-defined]
        {"milestone": milestone, "escrow": balance_of(contract, AccountCode.ESCROW_AVAILABLE)},
        done=done,
        to=contract_url(contract),
    )


@page
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """C4, C5: choose how much to release."""
    milestone = milestone_of(request, pk)
    check_release(milestone, actor_of(request))
    balance = balance_of(milestone.contract, AccountCode.ESCROW_AVAILABLE)
    form = _form(milestone, balance, None)
    return form_page(request, "contracts/release.html", form, _context(milestone, balance))


@page
def release_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Preview every cent; with `confirmed` it is released."""
    milestone = milestone_of(request, pk)
    contract, actor = milestone.contract, actor_of(request)
    confirmed = is_confirmed(request)
    if not confirmed:
        check_release(milestone, actor)
    current = balance_of(contract, AccountCode.ESCROW_AVAILABLE)
    balance = seen(request, current)
    form = _form(milestone, balance, posted(request))
    context = _context(milestone, balance)
    if request.method != "POST" or not form.is_valid() or request.POST.get("edit"):
        return form_page(request, "contracts/release.html", form, context)
    full = form.cleaned_data["how"] == FULL
    amount: Money = balance if full else form.cleaned_data["amount"]
    fee = fee_of(contract, amount)
    context |= {
        "full": full,
        "amount": amount,
        "rest": balance - amount,
        "fee": fee,
        "net": amount - fee,
        "target": form.targets.get(form.cleaned_data.get("target", "")),
        "new_milestone": None if full else form.new_milestone(),
    }
    outcome = None
    if confirmed:
        if stale(request, balance, current) and current:
            return changed(request, "contracts/release.html", _form(milestone, current, None), context)
        answer = act(
            request,
            contract,
            lambda: _release(milestone, form, full=full, amount=amount, actor=actor, request=request),
            form=form,
            done=_("{amount} released.").format(amount=format_money(amount)),
            to=contract_url(contract),
        )
        if isinstance(answer, HttpResponse):
            return answer
        outcome = answer
    return form_page(request, "contracts/release_check.html", form, context, outcome)


def _release(
    milestone: Milestone, form: ReleaseForm, *, full: bool, amount: Money, actor: Actor, request: HttpRequest
) -> Any:
    now = request.now  # type: ignore[attr-defined]
    if full:
        return milestones.approve_milestone(milestone_id=milestone.pk, actor=actor, now=now)
    target = form.targets.get(form.cleaned_data["target"])
    return milestones.release_part(
        milestone_id=milestone.pk,
        amount=amount,
        text=form.cleaned_data["text"],
        target_id=target.pk if target else None,
        new_milestone=form.new_milestone(),
        actor=actor,
        now=now,
    )


def check_release(milestone: Milestone, actor: Actor) -> None:
    """Whether this page is open to the viewer now: the whole, or the undisputed rest."""
    road.check(milestone, "approve_rest" if milestone.disputed_by else "approve", actor)


def _form(milestone: Milestone, balance: Money, data: Any) -> ReleaseForm:
    contract = milestone.contract
    free = contract.open_dispute_id is None and not named(contract, AccountCode.ESCROW_AVAILABLE)
    return ReleaseForm(data, milestone=milestone, balance=balance, allow_part=free and balance.amount > 1)


def _context(milestone: Milestone, balance: Money) -> dict[str, Any]:
    contract = milestone.contract
    return {
        "contract": contract,
        "milestone": milestone,
        "balance": balance,
        "named": named(contract, AccountCode.ESCROW_AVAILABLE),
        "hold_days": contract.policy.security_hold_days,
    }
