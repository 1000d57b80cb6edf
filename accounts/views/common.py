"""What the views of accounts share."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseRedirect

from accounts.models import User
from core.errors import StrangerError

if TYPE_CHECKING:
    from core.permissions import Actor

SEE_OTHER = 303


def see_other(path: str) -> HttpResponseRedirect:
    """Redirect after a POST, so that a reload repeats nothing."""
    return HttpResponseRedirect(path, status=SEE_OTHER)


def user_of(request: HttpRequest) -> User:
    """The person who is signed in. Raises StrangerError."""
    if not isinstance(request.user, User):
        raise StrangerError
    return request.user


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, with memberships."""
    return request.actor  # type: ignore[attr-defined,no-any-return]


def now_of(request: HttpRequest) -> datetime:
    """The request's one instant."""
    return request.now  # type: ignore[attr-defined,no-any-return]
