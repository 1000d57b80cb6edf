"""What every command of mediation asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
        raise NotAllowedError(_("Only the assigned specialist and supervisors can do this."))


def require_declared(case: MediationCase, actor: Actor) -> None:
    """Refuse a specialist's act before the no-conflict declaration (rulebook section 4)."""
    if actor.is_person and not is_declared(case):
        raise UnableToActUndeclaredError(_("Sign the no-conflict declaration and take the case up first."))


def is_declared(case: MediationCase) -> bool:
    """Whether the present specialist has signed for this assignment."""
    if case.state == CaseState.ACTIVE:
        return True
    if case.specialist_id is None or case.assigned_at is None:
        return False
    return case.declarations.filter(specialist_id=case.specialist_id, declared_at__gte=case.assigned_at).exists()


def clean_text(field: str, text: str, *, at_least: int, at_most: int = TEXT_MAX) -> str:
    """Return the text without outer blanks. Raises InvalidInputError naming how much is missing."""
    cleaned = text.strip()
    if len(cleaned) < at_least:
        if not cleaned:
            words = ngettext("Write at least {n} character here.", "Write at least {n} characters here.", at_least)
            raise InvalidInputError({field: words.format(n=at_least)})
        missing = at_least - len(cleaned)
        words = ngettext(
            "This is too short: {n} more character is needed.",
            "This is too short: {n} more characters are needed.",
            missing,
        )
        raise InvalidInputError({field: words.format(n=missing)})
    if len(cleaned) > at_most:
        words = _("This is longer than {n} characters. Shorten it.")
        raise InvalidInputError({field: words.format(n=f"{at_most:,}")})
    return cleaned
