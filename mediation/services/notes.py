"""What only staff see: internal notes and read marks (pain 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import NotAllowedError, StrangerError
from disputes.models import Evidence
from mediation import rules
from mediation.locks import lock_case
from mediation.models import InternalNote, ReadMark
from mediation.services.common import clean_text, require_declared, see_as_staff

if TYPE_CHECKING:
    from datetime import datetime

    from core.permissions import Actor


def add_note(*, dispute_id: UUID, body: str, actor: Actor, now: datetime) -> InternalNote:
    """Write an internal note; no party ever sees it, no chain records it.

    Raises StrangerError, NotAllowedError, InvalidInputError.
    """
    with transaction.atomic():
        case = lock_case(dispute_id)
        see_as_staff(case, actor)
        if actor.user_id is None:
            raise NotAllowedError(_("A note is written by a person."))
        words = clean_text("body", body, at_least=1, at_most=5_000)
        return InternalNote.objects.create(case=case, body=words, written_by_id=actor.user_id, written_at=now)


def mark_read(*, evidence_id: UUID, actor: Actor, now: datetime) -> ReadMark:
    """Mark an exhibit as read by the assigned specialist. Doing it again changes nothing.

    Raises StrangerError, NotAllowedError, UnableToActUndeclaredError.
    """
    with transaction.atomic():
        dispute_id = (
            Evidence.objects.filter(pk=evidence_id, removed_at__isnull=True)
            .values_list("dispute_id", flat=True)
            .first()
        )
        if dispute_id is None:
            raise StrangerError
        case = lock_case(dispute_id)
        see_as_staff(case, actor)
        if not rules.is_assigned(case, actor) or actor.user_id is None:
            raise NotAllowedError(_("Only the assigned specialist marks exhibits as read."))
        require_declared(case, actor)
        mark, _created = ReadMark.objects.get_or_create(
            case=case, evidence_id=evidence_id, specialist_id=actor.user_id, defaults={"read_at": now}
        )
        return mark
