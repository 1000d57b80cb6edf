"""The frame's links: which bar shows what to whom. Paths stand here once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.permissions import StaffRole

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

    from core.permissions import Actor

PLACES = {
    "home": "/",
    "find-work": "/find-work/",
    "my-jobs": "/my-jobs/",
    "contracts": "/my-jobs/contracts/",
    "messages": "/messages/",
    "notifications": "/notifications/",
    "help": "/help/disputes/",
    "help_next": "/help/next/",
    "help_escrow": "/help/escrow/",
    "help_evidence": "/help/evidence/",
    "help_words": "/help/words/",
    "accessibility": "/accessibility/",
    "settings": "/settings/",
    "sign-in": "/sign-in/",
    "sign-up": "/sign-up/",
    "sign-out": "/sign-out/",
    "desk": "/desk/",
    "workload": "/desk/workload/",
    "support-desk": "/support-desk/",
    "arbitration-desk": "/arbitration-desk/",
    "admin": "/admin/",
    "clock": "/sandbox/clock/",
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link of a bar; ``current`` is the ``aria-current`` value or empty."""

    label: str
    path: str
    icon: str
    current: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    label: StrPromise
    place: str
    icon: str
    under: tuple[str, ...] = ()
    roles: frozenset[StaffRole] = frozenset()
    side: str = ""


_PARTY = (
    _Entry(_("Find Work"), "find-work", "search", side="freelancer"),
    _Entry(_("My Jobs"), "my-jobs", "briefcase", ("/my-jobs/", "/contracts/", "/disputes/")),
    _Entry(_("Messages"), "messages", "message-square"),
    _Entry(_("Help"), "help", "circle-question-mark", ("/help/",)),
)
_STAFF = (
    _Entry(_("Queue"), "desk", "scale", ("/desk/",), frozenset({StaffRole.SPECIALIST, StaffRole.SUPERVISOR})),
    _Entry(
        _("Support desk"),
        "support-desk",
        "life-buoy",
        ("/support-desk/",),
        frozenset({StaffRole.SUPPORT, StaffRole.SUPERVISOR}),
    ),
    _Entry(_("Supervisor"), "workload", "users", ("/desk/workload/",), frozenset({StaffRole.SUPERVISOR})),
    _Entry(_("Arbitration"), "arbitration-desk", "gavel", ("/arbitration-desk/",), frozenset({StaffRole.CLERK})),
    _Entry(_("Admin"), "admin", "settings-2", ("/admin/",), frozenset({StaffRole.ADMIN})),
)
_PUBLIC = (
    _Entry(_("How disputes work"), "help", "circle-question-mark", ("/help/",)),
    _Entry(_("Sign in"), "sign-in", "log-in"),
)
_AREAS = {"party": _PARTY, "staff": _STAFF, "public": _PUBLIC}


def _match(entry: _Entry, path: str) -> int:
    """Length of the longest prefix under which ``path`` lies; 0 for none."""
    prefixes = entry.under or (PLACES[entry.place],)
    return max((len(prefix) for prefix in prefixes if path.startswith(prefix)), default=0)


def items(area: str, *, path: str, actor: Actor | None) -> list[NavItem]:
    """Links of an area for this actor. Exactly one is current: the most specific that contains ``path``."""
    staff = actor.staff if actor is not None else frozenset()
    sides = actor.sides if actor is not None else frozenset()
    entries = [
        entry
        for entry in _AREAS[area]
        if (not entry.roles or entry.roles & staff) and (not entry.side or entry.side in sides)
    ]
    best = max((_match(entry, path) for entry in entries), default=0)
    result = []
    for entry in entries:
        target = PLACES[entry.place]
        here = best and _match(entry, path) == best
        current = ("page" if path == target else "true") if here else ""
        result.append(NavItem(str(entry.label), target, entry.icon, current))
    return result
