"""The bell on every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notifications.selectors import unread_count


def bell(request: HttpRequest) -> dict[str, Any]:
    """`unread_count`, asked for only by pages that show a bell."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not hasattr(request, "actor"):
        return {}
    return {"unread_count": SimpleLazyObject(lambda: unread_count(request.actor))}
