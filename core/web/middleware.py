"""Puts the command's one `now` and its actor on the request, and turns refusals into pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from core import clock
from core.errors import DomainError
from core.permissions import VISITOR, Actor
from core.web import kept
from core.web.errors import refusal_page

GetResponse = Callable[[HttpRequest], HttpResponse]

# Set by accounts.apps (core knows nobody above it).
actor_builder: Callable[[Any, datetime], Actor] | None = None


class EvenhandMiddleware:
    """`request.now` (one instant per request), `request.actor`, the viewer's time zone and language."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request."""
        request.now = clock.now()  # type: ignore[attr-defined]

        def actor() -> Actor:
            if request.user.is_authenticated and actor_builder is not None:
                return actor_builder(request.user, request.now)  # type: ignore[attr-defined]
            return VISITOR

        request.actor = SimpleLazyObject(actor)  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            timezone.activate(ZoneInfo(request.user.timezone))
            language = request.user.language
        else:
            timezone.deactivate()
            # The cookie of the language switch, then what the browser asks for.
            language = translation.get_language_from_request(request)
        with translation.override(language), kept.offered(request):
            request.LANGUAGE_CODE = language
            response = kept.keep(request, self.get_response(request))
        response.headers.setdefault("Content-Language", language)
        if not request.user.is_authenticated:
            patch_vary_headers(response, ("Accept-Language",))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Map a refusal that no view caught."""
        if isinstance(exception, DomainError):
            return refusal_page(request, exception)
        return None
