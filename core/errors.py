"""What a command may refuse, each mapped once to an HTTP answer (core.web.errors).

A refusal changes nothing: it is raised inside the command's transaction, which rolls back.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


class DomainError(Exception):
    """Base of all refusals. `message` is a plain sentence that a person can act on."""

    status = 409
    code = "refused"

    def __init__(self, message: str, *, code: str | None = None, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code
        self.values = values


class StrangerError(DomainError):
    """The object is not this actor's to see: answered as if it did not exist (404)."""

    status = 404
    code = "not_found"

    def __init__(self, message: str = "", **values: Any) -> None:
        super().__init__(message or _("There is nothing here for you."), **values)


class NotAllowedError(DomainError):
    """A member of the case without the right to this act (403)."""

    status = 403
    code = "not_allowed"


class UnableToError(DomainError):
    """The act does not fit the state of things (409). Subclass it beside the service, UnableTo… by name."""

    status = 409
    code = "unable"


class OutOfTurnError(UnableToError):
    """The object's state does not allow this act (any more)."""

    code = "out_of_turn"


class TooLateError(UnableToError):
    """The deadline has passed (Z3): in time iff now < due_at."""

    code = "too_late"


class StaleError(UnableToError):
    """The form was shown before something changed (interface rule 3)."""

    code = "stale"


class InvalidInputError(DomainError):
    """What was typed cannot be used (422). `fields` maps a field to its sentence; "" is the whole form."""

    status = 422
    code = "invalid"

    def __init__(self, fields: dict[str, str], **values: Any) -> None:
        super().__init__(" ".join(fields.values()), **values)
        self.fields = fields
