"""What stands where a text was: a visible tombstone (rulebook section 16).

Texts that staff hide or remove leave their column altogether; a mark takes their place, and the field words it for
whoever reads it, in the reader's language. So no page, export, document or search can show what is gone, whether or
not its author thought of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.formatting import format_instant
from core.permissions import StaffRole

# Begins a stored mark. No text of a person can begin with it: the fields below take it off.
MARK = "\x1a"
HIDDEN, REDACTED = "hidden", "redacted"
_PARTS = 5


class HideReason(models.TextChoices):
    """Why a message is reported, and hidden."""

    ABUSE = "abuse", _l("Insults or threats")
    PRIVATE_DATA = "private_data", _l("Somebody’s private data")
    FRAUD = "fraud", _l("Fraud, or payment outside of escrow")
    SPAM = "spam", _l("Advertising or spam")
    OTHER = "other", _l("Something else that does not belong here")


class RedactionKind(models.TextChoices):
    """Why a text or file is removed for good."""

    UNLAWFUL = "unlawful", _l("Unlawful content")
    WRONG = "wrong", _l("Added by mistake, in the wrong place")
    OTHERS_DATA = "others_data", _l("Data of somebody else")


_ROLES = {
    StaffRole.SUPPORT: _l("customer support"),
    StaffRole.SUPERVISOR: _l("a mediation supervisor"),
    StaffRole.ADMIN: _l("an admin"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What is stored: `act` hidden or redacted, when, the kind of reason, the staff's roles, and which act it was."""

    act: str
    at: datetime
    why: str
    roles: tuple[str, ...]
    ref: UUID

    @property
    def code(self) -> str:
        """The stored form, at most 110 characters."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return MARK + "|".join([self.act, at, self.why, "+".join(self.roles), self.ref.hex])

    @classmethod
    def read(cls, code: str) -> Mark | None:
        """The mark of a stored form, or None for anything else."""
        parts = code.removeprefix(MARK).split("|")
        if not code.startswith(MARK) or len(parts) != _PARTS or parts[0] not in (HIDDEN, REDACTED):
            return None
        at = datetime.fromisoformat(parts[1]).replace(tzinfo=UTC)
        return cls(parts[0], at, parts[2], tuple(parts[3].split("+")), UUID(parts[4]))

    def words(self) -> str:
        """The sentence on the tombstone, in the active language and zone."""
        date = format_instant(self.at, timezone.get_current_timezone(), "date")
        if self.act == HIDDEN:
            return _("Hidden by customer support on {date}: {reason}.").format(
                date=date, reason=_label(HideReason, self.why)
            )
        first, second = (*(str(_ROLES.get(cast("StaffRole", r), r)) for r in self.roles), "", "")[:2]
        return _("Removed on {date}: {reason}. Asked for by {first}, approved by {second}.").format(
            date=date, reason=_label(RedactionKind, self.why), first=first, second=second
        )


def _label(kinds: type[models.TextChoices], code: str) -> str:
    return str(kinds(code).label) if code in kinds.values else code


class Tombstone(str):
    """A text that is gone. Reads as its sentence; `mark` says what happened; saving it stores the mark again."""

    __slots__ = ("mark",)
    mark: Mark

    @classmethod
    def of(cls, mark: Mark, words: str | None = None) -> Tombstone:
        """Make one, worded now (`words` instead where there is no room for a sentence)."""
        stone = cls(mark.words() if words is None else words)
        stone.mark = mark
        return stone

    @property
    def gone(self) -> bool:
        """True, for templates: `{% if message.body.gone %}` is false for every text that is there."""
        return True


class _Buried:
    """Mixin of text fields that may hold a mark instead of a text."""

    short = False

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """Word the mark for the reader."""
        mark = Mark.read(value) if value and value[0] == MARK else None
        if mark is None:
            return value
        return Tombstone.of(mark, _("Removed file") if self.short else None)

    def get_prep_value(self, value: Any) -> Any:
        """Store a tombstone as its mark; nobody else's text can begin with one."""
        if isinstance(value, Tombstone):
            return value.mark.code
        value = super().get_prep_value(value)  # type: ignore[misc]
        return value.lstrip(MARK) if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        """For migrations a plain field: the column is the same."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        kind = "TextField" if isinstance(self, models.TextField) else "CharField"
        return name, f"django.db.models.{kind}", args, kwargs


class BuriedText(_Buried, models.TextField):
    """A text of any length."""


class BuriedLine(_Buried, models.CharField):
    """One line."""


class BuriedName(BuriedLine):
    """The name of a file."""

    short = True
