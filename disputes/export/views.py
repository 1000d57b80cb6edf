"""The settings page of one's own data: ask for a copy, see it grow, download it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import UnableToError
from core.web.acts import attempt
from core.web.files import attachment
from disputes.export import services
from disputes.views_support import SeeOther


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: Any) -> HttpResponse:
    """One's own data: what is in the copy, and the copy itself."""
    refused, status = "", 200
    if request.method == "POST":
        try:
            attempt(request, lambda: services.ask_export(actor=request.actor, now=request.now))
        except UnableToError as error:
            refused, status = error.message, error.status
        else:
            messages.success(request, _("Your copy is being made. You can leave this page; a notice tells you."))
            return SeeOther(reverse("disputes:data"))
    last = services.newest(request.user.pk)
    ready = bool(last and last.ready_at and not last.deleted_at and last.expires_at > request.now)
    context = {
        "tab": "data",
        "last": last,
        "ready": ready,
        "building": bool(last and not last.ready_at and not last.failed_at),
        "failed": bool(last and last.failed_at and not last.ready_at),
        "again": services.next_at(last, request.now),
        "refused": refused,
        "base_template": "base_staff.html" if request.user.staff_roles else "base.html",
    }
    return render(request, "disputes/export/data.html", context, status=status)


@login_required
@require_GET
def data_news(request: Any) -> HttpResponse:
    """Whether the copy is ready: 204 while it is being made."""
    last = services.newest(request.user.pk)
    if last is None or (not last.ready_at and not last.failed_at):
        return HttpResponse(status=204)
    text = _("Your copy is ready.") if last.ready_at else _("Your copy could not be made.")
    return JsonResponse({"count": 1, "text": text})


@login_required
@require_GET
def data_file(request: Any, export_id: UUID) -> HttpResponse:
    """Download the copy: its owner alone, for seven days."""
    export = services.open_export(export_id=export_id, actor=request.actor, now=request.now)
    name = f"evenhand-{export.asked_at:%Y-%m-%d}.zip"
    return attachment(export.file, name=name, content_type="application/zip")  # type: ignore[return-value]
