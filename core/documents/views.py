"""Where anybody who holds a document checks it: no names, no sums, nothing of the case but its number."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.documents import services

MAX_FILE = 60 * 1024 * 1024  # bytes; bundles are the longest documents


@require_http_methods(["GET"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the code printed at the foot of each page."""
    code = request.GET.get("code", "").strip()
    if not code:
        return render(request, "documents/verify_start.html")
    document = services.find(code)
    if document is None:
        error = _("There is no document with this code. Compare it with the foot of the page, letter by letter.")
        return render(request, "documents/verify_start.html", {"code": code, "error": error}, status=404)
    return redirect("verify", code=document.code)


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Say what was issued under a code, whether the record still holds, and whether a file is the very one."""
    document = services.find(code)
    if document is None:
        raise Http404
    shown = request.FILES.get("file")
    error = ""
    if request.method == "POST" and shown is None:
        error = _("Choose the file that you hold.")
    elif shown is not None and (shown.size or 0) > MAX_FILE:
        error, shown = _("This file is larger than any document that was issued here."), None
    context = {
        "check": services.check(document, shown.chunks() if shown is not None else None),
        "document": document,
        "error": error,
    }
    return render(request, "documents/verify.html", context, status=422 if error else 200)
