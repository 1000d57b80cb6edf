"""What every page may need."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from core import clock
from core.permissions import VISITOR


def evenhand(request: HttpRequest) -> dict[str, Any]:
    """Return `now`, the viewer's zone name, the actor and the names that are settings."""
    user = getattr(request, "user", None)
    return {
        "now": getattr(request, "now", None) or clock.now(),
        "tz": user.timezone if user is not None and user.is_authenticated else "UTC",
        "actor": getattr(request, "actor", VISITOR),
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "LANGUAGES": settings.LANGUAGES,
        "SANDBOX": settings.SANDBOX,
        "MARKETPLACE": settings.MARKETPLACE_NAME,
        "PROVIDER": settings.ARBITRATION_PROVIDER_NAME,
    }
