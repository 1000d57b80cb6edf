"""Reads of notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from contracts.models import Contract
from core.permissions import Actor
from notifications.models import Notice

PAGE = 30
MOST_COUNTED = 100  # the bell says "99+"
MOST_CASES = 200  # in the choice of a case


def visible_to(actor: Actor) -> QuerySet[Notice]:
    """The actor's notices; those of an account one has left are gone with its rights, staff ones with the role."""
    if actor.user_id is None:
        return Notice.objects.none()
    mine = Q(account_id__in=list(actor.accounts))
    if actor.staff:
        mine |= Q(account_id__isnull=True)
    return Notice.objects.filter(mine, recipient_id=actor.user_id)


def unread_count(actor: Actor) -> int:
    """How many are unread, at most 100. One query on a partial index."""
    return visible_to(actor).filter(read_at__isnull=True)[:MOST_COUNTED].count()


@dataclass(frozen=True, slots=True)
class Case:
    """One contract that the person has notices about."""

    contract_id: UUID
    reference: str
    title: str


def cases_of(actor: Actor) -> list[Case]:
    """The contracts that one's notices are about, by title. One query."""
    about = visible_to(actor).filter(contract_id__isnull=False).values("contract_id")
    rows = Contract.objects.filter(pk__in=about).order_by("title", "reference")
    return [Case(*row) for row in rows.values_list("pk", "reference", "title")[:MOST_CASES]]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; `older` is the cursor of the next one, or ""."""

    notices: list[Notice]
    older: str


def page_of(actor: Actor, *, unread: bool = False, contract_id: UUID | None = None, before: str = "") -> Page:
    """The newest notices, or those before a cursor. One query. A cursor that makes no sense is ignored."""
    rows = visible_to(actor)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    if contract_id is not None:
        rows = rows.filter(contract_id=contract_id)
    cursor = _cursor(before)
    if cursor is not None:
        at, pk = cursor
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, pk__gt=pk))
    found = list(rows.order_by("-created_at", "id")[: PAGE + 1])
    older = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        older = f"{last.created_at.isoformat()}_{last.pk}"
    return Page(found[:PAGE], older)


def newest(actor: Actor) -> tuple[UUID, datetime] | None:
    """Id and instant of the newest notice: the poll's mark. One query."""
    return visible_to(actor).order_by("-created_at", "id").values_list("id", "created_at").first()


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    at, _, pk = text.rpartition("_")
    try:
        instant = datetime.fromisoformat(at)
        return (instant, UUID(pk)) if instant.tzinfo is not None else None
    except ValueError:
        return None
