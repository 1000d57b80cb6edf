"""Pages on which a side chooses, pays or declines: one confirm page each (N2–N4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arbitration import selectors
from arbitration.enums import NoticeState
from arbitration.forms import ConfirmForm, ElectForm
from arbitration.models import NonResolutionNotice
from arbitration.services import election as elections
from arbitration.services.consent import election_text
from arbitration.views.common import context_of, look, to_page
from core import road
from core.errors import NotAllowedError, OutOfTurnError
from core.web.acts import Outcome, attempt
from disputes.models import Dispute


@login_required
@require_http_methods(["GET", "POST"])
def elect(request: HttpRequest, reference: str) -> HttpResponse:
    """N2: read the text, then choose arbitration."""
    dispute, found = _open(request, reference, "elect")
    text = election_text(dispute, found)
    form = ElectForm(request.POST or None, initial={"consent_version": text.stamp})
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = _act(
            request,
            dispute,
            form,
            lambda who: elections.elect(
                dispute_id=dispute.pk, consent_version=form.cleaned_data["consent_version"], **who
            ),
        )
        if outcome.done:
            messages.success(request, _("You have chosen arbitration. Your choice counts once the fee is paid."))
            return to_page("pay", dispute)
    return _confirm(request, "elect", dispute, found, form, outcome, text=text)


@login_required
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """N3: start to pay the share."""
    dispute, found = _open(request, reference, "start_payment")
    form = ConfirmForm(request.POST or None)
    outcome = None
    if request.method == "POST":
        outcome = _act(request, dispute, form, lambda who: elections.start_fee_payment(dispute_id=dispute.pk, **who))
        if outcome.done:
            messages.success(request, _("Your payment is on its way. This page says when it is confirmed."))
            return to_page("status", dispute)
    return _confirm(request, "pay", dispute, found, form, outcome)


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, reference: str) -> HttpResponse:
    """N4: decline, for good."""
    dispute, found = _open(request, reference, "decline")
    form = ConfirmForm(request.POST or None)
    outcome = None
    if request.method == "POST":
        outcome = _act(request, dispute, form, lambda who: elections.decline(dispute_id=dispute.pk, **who))
        if outcome.done:
            messages.success(request, _("You have declined arbitration."))
            return to_page("status", dispute)
    return _confirm(request, "decline", dispute, found, form, outcome)


def _act(
    request: HttpRequest, dispute: Dispute, form: ConfirmForm | ElectForm, act: Callable[[dict[str, Any]], Any]
) -> Outcome:
    who = {"actor": request.actor, "now": request.now}  # type: ignore[attr-defined]
    return attempt(request, lambda: act(who), form=form, contract_id=dispute.contract_id)


def _open(request: HttpRequest, reference: str, act: str) -> tuple[Dispute, NonResolutionNotice]:
    """Find the case; on a look (GET) say at once what is not open, so that nobody fills in a page in vain."""
    dispute, found = look(request, reference)
    actor = request.actor  # type: ignore[attr-defined]
    mine = selectors.election_for(found, actor)
    if mine is None or not road.permitted(mine, act, actor):
        raise NotAllowedError(_("Only the two sides choose, through a member who may move money for them."), act=act)
    if request.method == "GET":
        if found.state != NoticeState.ISSUED:
            raise OutOfTurnError(
                _("This dispute is {state}, so there is nothing to choose now.").format(
                    state=road.display_state(dispute)
                )
            )
        road.check(mine, act, actor)
        elections.in_time_to_choose(found, request.now)  # type: ignore[attr-defined]
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
    context = {**context_of(request, dispute, found), "form": form, **more}
    context["back_href"] = reverse("arbitration:status", args=[dispute.reference])
    return render(request, f"arbitration/{page}.html", context, status=code)
