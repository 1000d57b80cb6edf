"""Unsent text, kept on the server so that neither a lost session nor a closed window loses it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core.permissions import Actor
from disputes.models import PageDraft
from disputes.services.common import person

FIELD_MAX = 40_000  # characters kept of one field


def save_page_draft(*, dispute_id: UUID, page: str, data: dict[str, str], actor: Actor, now: datetime) -> None:
    """Keep what is typed, as typed. The caller has checked that the actor may see the case."""
    kept = {name: value[:FIELD_MAX] for name, value in data.items() if value}
    PageDraft.objects.update_or_create(
        dispute_id=dispute_id, user_id=person(actor), page=page, defaults={"data": kept, "saved_at": now}
    )


def drop_page_draft(*, dispute_id: UUID, page: str, actor: Actor) -> None:
    """Forget it: it was sent."""
    PageDraft.objects.filter(dispute_id=dispute_id, user_id=person(actor), page=page).delete()


def page_draft(*, dispute_id: UUID, page: str, actor: Actor) -> PageDraft | None:
    """What this person had typed on this page."""
    return PageDraft.objects.filter(dispute_id=dispute_id, user_id=person(actor), page=page).first()
