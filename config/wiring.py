"""Who reacts to what: the map of the whole flow, and the one module that knows everybody.

`on` reacts inside the transaction of the change (a failure rolls the change back);
`later` reacts after commit, at least once, through the outbox;
`handle` says what a deadline does when it is reached.
"""

from __future__ import annotations

from core import deadlines, outbox, selfcheck
from core.deadlines import handle
from core.events import later, on

__all__ = ["deadlines", "later", "on", "outbox", "selfcheck"]


def connect() -> None:
    """Connect everything; called once at start."""
    contracts()
    disputes()
    mediation()
    arbitration()
    notices()


def contracts() -> None:
    """Money, milestones, refund requests."""


def disputes() -> None:
    """Filing, support, negotiation."""


def mediation() -> None:
    """What starts and ends mediation."""


def arbitration() -> None:
    """What starts and ends arbitration."""


def notices() -> None:
    """Who is told what (notifications reacts to everything and is imported by nobody but this page)."""


_ = handle
