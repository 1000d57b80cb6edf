"""What was typed for a step that is no longer open: shown back to copy, with the reason, instead of a bare refusal."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.errors import DomainError


def kept_page(
    request: Any,
    error: DomainError,
    kept: list[tuple[str, str]],
    *,
    href: str,
    action: str,
    base: str = "base.html",
) -> HttpResponse:
    """Answer a refusal (409) with the texts that were on their way: pairs of a field's label and what stood in it.

    Raises `error` itself where nothing was typed: then there is nothing to give back.
    """
    texts = [{"label": label, "text": text} for label, text in kept if text.strip()]
    if not texts:
        raise error
    context = {
        "base": base,
        "message": error.message,
        "kept": texts,
        "href": href,
        "action": action,
        "with_files": bool(request.FILES),
        "heading": _("This is no longer open"),
    }
    return render(request, "disputes/kept.html", context, status=error.status)
