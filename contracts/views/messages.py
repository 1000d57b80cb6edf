"""The message threads of the viewer's contracts (S09, S11)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from contracts.forms import FilterForm, MessageForm
from contracts.selectors import ThreadFilters, list_threads, thread_page
from contracts.services.messages import FILES_MAX, mark_read, post_message
from contracts.views.common import act, actor_of, at, contract_of, form_page, page, posted
from core.formatting import format_bytes
from core.uploads import ACCEPT

UNREAD = "unread"


@page
def threads(request: HttpRequest) -> HttpResponse:
    """All threads, the newest message first: search, unread ones only, page by page."""
    form = FilterForm(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    filters = ThreadFilters(words=chosen.get("q", ""), unread=chosen.get("show") == UNREAD)
    return render(
        request,
        "contracts/threads.html",
        {
            "page": list_threads(actor_of(request), filters, chosen.get("after", "")),
            "filters": filters,
            "choices": [(UNREAD, _("Unread"))],
            "shown": UNREAD if filters.unread else "",
        },
    )


@page
def thread(request: HttpRequest, reference: str) -> HttpResponse:
    """One thread: read it, write in it."""
    contract = contract_of(request, reference)
    actor = actor_of(request)
    form = MessageForm(posted(request), request.FILES or None, contract=contract)
    outcome = None
    if request.method == "POST" and form.is_valid():
        answer = act(
            request,
            contract,
            lambda: post_message(
                contract_id=contract.pk,
                body=form.cleaned_data["body"],
                uploads=form.cleaned_data["file"],
                actor=actor,
                now=request.now,  # type: ignore[attr-defined]
            ),
            form=form,
            done=_("Message sent."),
            to=at("thread", contract.reference) + "#composer",
        )
        if isinstance(answer, HttpResponse):
            return answer
        outcome = answer
    if request.method == "GET":
        mark_read(contract_id=contract.pk, actor=actor, now=request.now)  # type: ignore[attr-defined]
    errors = [str(text) for texts in form.errors.values() for text in texts] if form.is_bound else []
    context = {
        "contract": contract,
        "p": thread_page(contract, actor, request.GET.get("before", "")),
        "error": " ".join(errors),
        "typed": request.POST.get("body", ""),
        "accept": ACCEPT,
        "file_hint": _("up to {most} files, {size} each").format(
            most=FILES_MAX, size=format_bytes(contract.policy.evidence_max_file_bytes)
        ),
    }
    return form_page(request, "contracts/thread.html", form, context, outcome)
