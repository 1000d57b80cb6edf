"""The catalogue of rulebook section 10: every event of the product, and who is told what about it."""

from __future__ import annotations

from core.deadlines import ReminderDue
from core.events import Event
from notifications.catalogue import (
    accounts,
    arbitration,
    contracts,
    disputes,
    mediation,
    moderation,
    offers,
    refunds,
    support,
)
from notifications.catalogue.base import Entry, Post, Spec, To
from notifications.catalogue.reminders import REMINDERS

CATALOGUE: dict[type[Event], Entry] = {
    **accounts.CATALOGUE,
    **contracts.CATALOGUE,
    **refunds.CATALOGUE,
    **disputes.CATALOGUE,
    **offers.CATALOGUE,
    **support.CATALOGUE,
    **mediation.CATALOGUE,
    **arbitration.CATALOGUE,
    **moderation.CATALOGUE,
}
# Events that nobody is told about, each with its reason.
NO_NOTICE: dict[type[Event], str] = {
    **contracts.NO_NOTICE,
    **disputes.NO_NOTICE,
    **arbitration.NO_NOTICE,
    **moderation.NO_NOTICE,
}


def entry_of(event: Event) -> Entry:
    """What is told about an event; an empty entry for those nobody is told about."""
    if isinstance(event, ReminderDue):
        return Entry(REMINDERS.get(event.kind, ()))
    return CATALOGUE.get(type(event), Entry(()))


__all__ = ["CATALOGUE", "NO_NOTICE", "REMINDERS", "Entry", "Post", "Spec", "To", "entry_of"]
