"""Find work, My Jobs, All Contracts (S05), and drafting a contract."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from contracts.forms import FilterForm, NewContractForm
from contracts.selectors import Filters, list_contracts, my_jobs
from contracts.selectors.lists import STATES
from contracts.selectors.people import client_accounts_of
from contracts.services.agreement import create_contract
from contracts.views.common import actor_of, at, contract_url, form_page, page, posted, see_other
from core import policy
from core.errors import NotAllowedError
from core.web.acts import attempt


@page
def find_work(request: HttpRequest) -> HttpResponse:
    """Home of the freelancer: what needs an answer, and the way to My Jobs."""
    return render(request, "contracts/find_work.html", {"jobs": my_jobs(actor_of(request))})


@page
def jobs(request: HttpRequest) -> HttpResponse:
    """My Jobs: contracts that need the viewer first, then active, then ended."""
    actor = actor_of(request)
    return render(
        request,
        "contracts/my_jobs.html",
        {"jobs": my_jobs(actor), "may_draft": client_accounts_of(actor).exists()},
    )


@page
def all_contracts(request: HttpRequest) -> HttpResponse:
    """All Contracts: search, filter by state, **See Request** and **See Dispute** in the row."""
    form = FilterForm(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    filters = Filters(state=chosen.get("state", ""), words=chosen.get("q", ""))
    return render(
        request,
        "contracts/all_contracts.html",
        {
            "page": list_contracts(actor_of(request), filters, chosen.get("after", "")),
            "filters": filters,
            "states": STATES,
            "state_label": dict(STATES).get(filters.state, ""),
        },
    )


@page
def new_contract(request: HttpRequest) -> HttpResponse:
    """The client drafts a contract; the freelancer accepts it afterwards."""
    actor = actor_of(request)
    if not client_accounts_of(actor).exists():
        raise NotAllowedError(_("Contracts are made by clients. You can sign up as a client with another address."))
    form = NewContractForm(posted(request), actor=actor, policy=policy.current())
    outcome = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        outcome = attempt(
            request,
            lambda: create_contract(
                title=data["title"],
                terms=data["terms"],
                freelancer_account=data["freelancer"],
                client_account=data["client"],
                currency=data["currency"],
                milestones=data["milestones"],
                actor=actor,
                now=request.now,  # type: ignore[attr-defined]
            ),
            form=form,
        )
        if outcome.done:
            return see_other(contract_url(outcome.value) if outcome.value else at("all_contracts"))
    return form_page(request, "contracts/new_contract.html", form, {}, outcome)
