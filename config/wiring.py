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
    from disputes import events as e  # noqa: PLC0415
    from mediation import checks  # noqa: PLC0415
    from mediation.deadlines import HANDLERS  # noqa: PLC0415
    from mediation.services import contact, period  # noqa: PLC0415

    on(e.DisputeFiled, period.open_case)
    on(e.ClientAnswered, contact.on_client_answered)
    on(e.CaseMessagePosted, contact.on_message)
    on(e.EvidenceRequested, contact.on_evidence_requested)
    on(e.OfferMade, contact.on_offer)
    on(e.StatementUpdated, period.unset_draft_split)
    on(e.StageChanged, period.close_with_stage)
    on(e.DisputeResolved, period.close_with_dispute)
    for kind, (handler, says) in HANDLERS.items():
        handle(kind, handler, says=says)
    for name, check in checks.CHECKS.items():
        selfcheck.register(name, check)


def arbitration() -> None:
    """What starts and ends arbitration."""


def notices() -> None:
    """Who is told what (notifications reacts to everything and is imported by nobody but this page)."""
    from accounts import mail as account_mail  # noqa: PLC0415

    outbox.register(account_mail.HANDLER, account_mail.deliver)


_ = handle
