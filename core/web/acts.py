"""How a view runs one command: overdue defaults first, once per form, refusals told in the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db import OperationalError, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core import deadlines
from core.errors import DomainError, InvalidInputError, NotAllowedError, StaleError, StrangerError, UnableToError
from core.models import OnceKey
from core.web.errors import is_lock_timeout

ONCE_FIELD = "_once"


@dataclass(slots=True)
class Outcome:
    """What became of a command: `value` of the service, or the refusal that stopped it."""

    value: Any = None
    error: DomainError | None = None
    repeated: bool = False
    status: int = 200

    @property
    def done(self) -> bool:
        """Whether it took effect (now, or at the first of several identical posts)."""
        return self.error is None


def attempt(
    request: HttpRequest,
    command: Callable[[], Any],
    *,
    form: forms.BaseForm | None = None,
    contract_id: UUID | None = None,
) -> Outcome:
    """Run `command` on the edge: fires overdue timers first (Z9), posts once per form key.

    StrangerError and NotAllowedError pass through (404, 403). Other refusals are put on `form`
    (error 409 or 422, everything typed is kept), or raised when there is no form.
    """
    if contract_id is not None:
        deadlines.settle_overdue(contract_id, now=request.now)  # type: ignore[attr-defined]
    key = _once_key(request)
    try:
        with transaction.atomic():
            if key is not None and not _first_use(request, key):
                return Outcome(repeated=True)
            return Outcome(value=command())
    except (StrangerError, NotAllowedError):
        raise
    except DomainError as error:
        return _refused(error, form)
    except OperationalError as error:
        if not is_lock_timeout(error):
            raise
        return _refused(
            UnableToError(_("Somebody else is acting on this case right now. Try again."), code="busy"), form
        )


def _refused(error: DomainError, form: forms.BaseForm | None) -> Outcome:
    if form is None:
        raise error
    if isinstance(error, InvalidInputError):
        for field, message in error.fields.items():
            form.add_error(field if field in form.fields else None, message)
    else:
        form.add_error(None, error.message)
    return Outcome(error=error, status=error.status)


def _once_key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get(ONCE_FIELD, ""))
    except ValueError:
        return None


def used(request: HttpRequest) -> bool:
    """Whether this very form has taken effect: a repeat answers as the first did, whatever has closed since."""
    key = _once_key(request)
    return key is not None and OnceKey.objects.filter(pk=key, fingerprint=_fingerprint(request)).exists()


def _first_use(request: HttpRequest, key: UUID) -> bool:
    """Insert the key; a second post of the same form waits for the first one's end, then is a repeat.

    Raises StaleError for a used key with other content (the back button, then a changed text): nobody may read
    "sent" about words that were not.
    """
    said = _fingerprint(request)
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{OnceKey._meta.db_table}" (key, user_id, path, fingerprint, created_at)'  # noqa: S608
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                str(key),
                str(request.user.pk) if request.user.is_authenticated else None,
                request.path[:300],
                said,
                request.now,  # type: ignore[attr-defined]
            ],
        )
        if cursor.rowcount == 1:
            return True
    if OnceKey.objects.values_list("fingerprint", flat=True).get(pk=key) != said:
        raise StaleError(
            _(
                "This form was sent before, with other content."
                " What it says now is not sent yet: check it, then send it."
            )
        )
    return False


def _fingerprint(request: HttpRequest) -> str:
    """Hash of path, fields and files. Keyed: the row must not give away a password or a sealed amount."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = sorted((name, file.name, file.size) for name, found in request.FILES.lists() for file in found)
    return salted_hmac("core.web.acts", repr((request.path, fields, files)), algorithm="sha256").hexdigest()
