"""Who signs: acts that name a person need one."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from core.errors import NotAllowedError
from core.permissions import Actor


def person(actor: Actor) -> UUID:
    """Return the acting person's id. Raises NotAllowedError for a machine."""
    if actor.user_id is None:
        raise NotAllowedError(_("Only a person can do this."))
    return actor.user_id
