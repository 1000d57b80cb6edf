"""Drafts of the pages' forms: loaded on GET, kept on autosave and on each refusal, dropped when sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse

from disputes.models import PageDraft
from disputes.services import drafts
from disputes.views.common import Case, local_clock

NOT_TYPED = {"csrfmiddlewaretoken", "_once", "_by", "seen", "text_version", "agree", "do"}


def load(request: Any, case: Case, page: str) -> PageDraft | None:
    """The person's draft of this page."""
    return drafts.page_draft(dispute_id=case.dispute.pk, page=page, actor=request.actor)


def keep(request: Any, case: Case, page: str) -> None:
    """Keep what was just posted."""
    data = {name: request.POST.get(name, "") for name in request.POST if name not in NOT_TYPED}
    drafts.save_page_draft(dispute_id=case.dispute.pk, page=page, data=data, actor=request.actor, now=request.now)


def autosaved(request: Any, case: Case, page: str) -> HttpResponse | None:
    """Answer an autosave; None when this post is the person's own."""
    if not request.headers.get("X-Autosave"):
        return None
    keep(request, case, page)
    return JsonResponse({"saved": local_clock(request)})


def drop(request: Any, case: Case, page: str) -> None:
    """Forget it."""
    drafts.drop_page_draft(dispute_id=case.dispute.pk, page=page, actor=request.actor)
