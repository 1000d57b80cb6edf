"""Orders of two admins (X1, X2, A2): propose, approve, set aside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from arbitration import selectors
from arbitration.forms import ConfirmForm, OrderForm, ReasonForm
from arbitration.services import orders
from contracts.enums import AccountCode
from contracts.models import Contract
from core.errors import StrangerError
from core.permissions import StaffRole
from core.web.acts import attempt


def _to(name: str, *args: Any) -> HttpResponse:
    response = redirect(f"arbitration:{name}", *args)
    response.status_code = 303
    return response


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}  # type: ignore[attr-defined]


@login_required
@require_GET
def order_list(request: HttpRequest) -> HttpResponse:
    """X1, X2: all orders."""
    found = selectors.orders_for(request.actor)  # type: ignore[attr-defined]
    return render(request, "arbitration/orders.html", {"orders": found})


@login_required
@require_http_methods(["GET", "POST"])
def order_new(request: HttpRequest, reference: str) -> HttpResponse:
    """X1, X2, A2: the first admin's half. `reference` is the contract's."""
    if not request.actor.is_staff(StaffRole.ADMIN):  # type: ignore[attr-defined]
        raise StrangerError
    contract = (
        Contract.objects.select_related("freelancer_account", "client_account").filter(reference=reference).first()
    )
    if contract is None:
        raise StrangerError
    names = (contract.freelancer_account.name, contract.client_account.name)
    form = OrderForm(contract.currency, *names, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = attempt(
                request,
                lambda: orders.propose_order(
                    kind=form.cleaned_data["kind"],
                    contract_id=contract.pk,
                    terms=form.terms(),
                    reason=form.cleaned_data["reason"],
                    **_who(request),
                ),
                form=form,
                contract_id=contract.pk,
            )
            if outcome.done:
                messages.success(request, _("The order is proposed. Another admin approves it."))
                return _to("orders")
            status = outcome.status
    context = {
        "form": form,
        "title": _("Propose an order"),
        "lede": _("On the contract “{title}”. Nothing moves before a second admin approves.").format(
            title=contract.title
        ),
        "button": _("Propose the order"),
        "back_href": reverse("arbitration:orders"),
    }
    return render(request, "arbitration/desk_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def order_approve(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """X1, X2, A2: the second admin's half."""
    order = selectors.get_order_for(request.actor, order_id)  # type: ignore[attr-defined]
    form = ConfirmForm(request.POST or None)
    status = 200
    if request.method == "POST":
        outcome = attempt(
            request,
            lambda: orders.approve_order(order_id=order.pk, **_who(request)),
            form=form,
            contract_id=order.contract_id,
        )
        if outcome.done:
            messages.success(request, _("The order is carried out."))
            return _to("orders")
        status = outcome.status
    context = {
        "form": form,
        "order": order,
        "terms": orders.terms_of(order),
        "places": [AccountCode(code).label for code in (order.from_account, order.to_account) if code],
        "own": order.proposed_by_id == request.actor.user_id,  # type: ignore[attr-defined]
        "back_href": reverse("arbitration:orders"),
    }
    return render(request, "arbitration/order_approve.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def order_refuse(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Set a proposed order aside."""
    order = selectors.get_order_for(request.actor, order_id)  # type: ignore[attr-defined]
    form = ReasonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = attempt(
                request,
                lambda: orders.refuse_order(order_id=order.pk, reason=form.cleaned_data["reason"], **_who(request)),
                form=form,
                contract_id=order.contract_id,
            )
            if outcome.done:
                messages.success(request, _("The order is set aside."))
                return _to("orders")
            status = outcome.status
    context = {
        "form": form,
        "title": _("Set this order aside"),
        "lede": _("{order} on “{title}”. Nothing has moved.").format(
            order=order.get_kind_display(), title=order.contract.title
        ),
        "button": _("Set the order aside"),
        "back_href": reverse("arbitration:orders"),
    }
    return render(request, "arbitration/desk_form.html", context, status=status)
