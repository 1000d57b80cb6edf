"""What every command of mediation asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import InvalidInputError, NotAllowedError, StrangerError, UnableToError
from mediation import rules
from mediation.enums import CaseState

if TYPE_CHECKING:
    from core.permissions import Actor
    from mediation.models import MediationCase

TEXT_MAX = 20_000


class UnableToActUndeclaredError(UnableToError):
    """The specialist has not signed the no-conflict declaration for this assignment."""

    code = "undeclared"


def see(case: MediationCase, actor: Actor) -> None:
    """Raise StrangerError when this case is not the actor's to see."""
    if not (actor.is_system or rules.may_see(case.dispute, actor)):
        raise StrangerError


def see_as_staff(case: MediationCase, actor: Actor) -> None:
    """Raise StrangerError for strangers, NotAllowedError for members of the case who are not its staff."""
    see(case, actor)
    if not rules.staff_may_see(case, actor):
        raise NotAllowedError("Only the assigned specialist and supervisors can do this.")


def require_declared(case: MediationCase, actor: Actor) -> None:
    """Refuse a specialist's act before the no-conflict declaration (rulebook section 4)."""
    if actor.is_person and not is_declared(case):
        raise UnableToActUndeclaredError("Sign the no-conflict declaration and take the case up first.")


def is_declared(case: MediationCase) -> bool:
    """Whether the present specialist has signed for this assignment."""
    if case.state == CaseState.ACTIVE:
        return True
    if case.specialist_id is None or case.assigned_at is None:
        return False
    return case.declarations.filter(specialist_id=case.specialist_id, declared_at__gte=case.assigned_at).exists()


def clean_text(field: str, text: str, *, at_least: int, what: str, at_most: int = TEXT_MAX) -> str:
    """Return the text without outer blanks. Raises InvalidInputError naming how much is missing."""
    cleaned = text.strip()
    if len(cleaned) < at_least:
        missing = at_least - len(cleaned)
        if not cleaned:
            raise InvalidInputError({field: f"{what} is missing. Write at least {at_least} characters."})
        raise InvalidInputError({field: f"{what} is too short: {missing} more characters are needed."})
    if len(cleaned) > at_most:
        raise InvalidInputError({field: f"{what} is longer than {at_most:,} characters. Shorten it."})
    return cleaned
