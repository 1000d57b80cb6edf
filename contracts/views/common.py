"""What the contract pages share: the road of a page, from the address to the answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts import rules
from contracts.models import Contract, Milestone, RefundRequest
from contracts.selectors import get_contract_for, get_milestone_for, get_refund_for
from core import deadlines
from core.formatting import format_percent
from core.models import OnceKey
from core.money import MAX_MINOR, Money
from core.permissions import Actor
from core.web.acts import ONCE_FIELD, Outcome, attempt

View = Callable[..., Any]
UNPROCESSABLE, CONFLICT = 422, 409


def page(view: View) -> View:
    """A page of signed-in people, read with GET, acted on with POST."""
    return wraps(view)(login_required(require_http_methods(["GET", "HEAD", "POST"])(view)))


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def contract_of(request: HttpRequest, reference: str) -> Contract:
    """The contract of the address, after what is overdue on it has fired (Z9). Raises StrangerError."""
    found = get_contract_for(actor_of(request), reference)
    return get_contract_for(actor_of(request), reference) if _settled(request, found.pk) else found


def milestone_of(request: HttpRequest, pk: UUID) -> Milestone:
    """The milestone of the address, likewise."""
    found = get_milestone_for(actor_of(request), pk)
    return get_milestone_for(actor_of(request), pk) if _settled(request, found.contract_id) else found


def refund_of(request: HttpRequest, reference: str) -> RefundRequest:
    """The newest refund request of the contract of the address, likewise."""
    found = get_refund_for(actor_of(request), reference)
    return get_refund_for(actor_of(request), reference) if _settled(request, found.contract_id) else found


def _settled(request: HttpRequest, contract_id: UUID) -> int:
    # A command fires what is overdue itself, in `attempt`; a page does it here.
    return deadlines.settle_overdue(contract_id, now=request.now)  # type: ignore[attr-defined]


def act(
    request: HttpRequest, contract: Contract, command: Callable[[], Any], *, form: BaseForm, done: str, to: str
) -> HttpResponse | Outcome:
    """Run a command: a 303 to `to` with the words `done`, or the outcome whose refusal the form now carries."""
    outcome = attempt(request, command, form=form, contract_id=contract.pk)
    if outcome.done:
        messages.success(request, done)
        return see_other(to)
    return outcome


def see_other(to: str) -> HttpResponse:
    """Answer a POST with the page to read next."""
    return HttpResponseRedirect(to, status=303)


def at(name: str, *args: object) -> str:
    """Address of a page of this room."""
    return reverse(f"contracts:{name}", args=args)


def contract_url(contract: Contract) -> str:
    """Address of a contract's page."""
    return at("contract", contract.reference)


def cast(request: HttpRequest, contract: Contract) -> dict[str, Any]:
    """Whom and what every page of a contract speaks of: the names of both sides, the viewer's, the service fee."""
    side = rules.side_of(contract, actor_of(request))
    return {
        "contract": contract,
        "side": side,
        "freelancer_name": contract.freelancer_account.name,
        "client_name": contract.client_account.name,
        "other_name": contract.account_of(side.other).name if side else "",
        "service_fee": format_percent(contract.policy.service_fee_percent),
    }


def form_page(
    request: HttpRequest, template: str, form: BaseForm, context: dict[str, Any], outcome: Outcome | None = None
) -> HttpResponse:
    """Draw a form's page: 200 when fresh, 422 for values, 409 for the state of things; all typed text is kept."""
    status = outcome.status if outcome else UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **_with_cast(request, context)}, status=status)


def _with_cast(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    contract = context.get("contract")
    return {**cast(request, contract), **context} if contract is not None else context


def is_confirmed(request: HttpRequest) -> bool:
    """Whether this POST comes from the preview, not from the form before it."""
    return request.method == "POST" and bool(request.POST.get("confirmed"))


def seen(request: HttpRequest, current: Money) -> Money:
    """The sum the preview was made for: a repeat of its POST must read the same form again."""
    text = request.POST.get("seen", "") if is_confirmed(request) else ""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MAX_MINOR)):
        return current
    return Money(int(text), current.currency)


def stale(request: HttpRequest, shown: Money, current: Money) -> bool:
    """Whether the sums moved since the preview; a repeat of the same POST is not stale, it answers as the first."""
    if shown == current:
        return False
    try:
        key = UUID(request.POST.get(ONCE_FIELD, ""))
    except ValueError:
        return True
    return not OnceKey.objects.filter(key=key).exists()


def changed(request: HttpRequest, template: str, form: BaseForm, context: dict[str, Any]) -> HttpResponse:
    """Answer 409: the sums are not those of the preview any more; the form starts with the new ones."""
    words = _("The money on this contract changed while you were reading. Check the sums again; nothing was done.")
    messages.warning(request, words)
    return render(request, template, {"form": form, **_with_cast(request, context)}, status=CONFLICT)


def simple(
    request: HttpRequest,
    contract: Contract,
    template: str,
    form: BaseForm,
    command: Callable[[], Any],
    context: dict[str, Any],
    *,
    done: str,
    to: str,
) -> HttpResponse:
    """A page with one form and one act: GET draws it, a good POST acts and redirects."""
    outcome = None
    if request.method == "POST" and form.is_valid():
        answer = act(request, contract, command, form=form, done=done, to=to)
        if isinstance(answer, HttpResponse):
            return answer
        outcome = answer
    return form_page(request, template, form, {"contract": contract, **context}, outcome)


def posted(request: HttpRequest) -> Any:
    """The form's data, or None on GET."""
    return request.POST if request.method == "POST" else None
