"""One mapping from refusals to pages."""

from __future__ import annotations

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import DomainError

TEMPLATES = {404: "errors/404.html", 403: "errors/403.html", 409: "errors/409.html", 422: "errors/409.html"}


def refusal_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a refused act: 404 for strangers, 403 for members without the right, 409 for the rest."""
    return render(
        request,
        TEMPLATES.get(error.status, "errors/409.html"),
        {"error": error, "message": error.message},
        status=error.status,
    )


def is_lock_timeout(error: OperationalError) -> bool:
    """Whether PostgreSQL gave up waiting for a row that somebody else holds."""
    return getattr(error.__cause__, "pgcode", None) in {"55P03", "40P01"}
