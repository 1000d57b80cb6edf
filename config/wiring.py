"""Who reacts to what: the map of the whole flow, and the one module that knows everybody.

`on` reacts inside the transaction of the change (a failure rolls the change back);
`later` reacts after commit, at least once, through the outbox;
`handle` says what a deadline does when it is reached.
"""

from __future__ import annotations

from core import audit, deadlines, outbox, selfcheck
from core.deadlines import handle
from core.events import later, on

__all__ = ["audit", "deadlines", "later", "on", "outbox", "selfcheck"]


def connect() -> None:
    """Connect everything; called once at start."""
    contracts()
    disputes()
    mediation()
    arbitration()
    notices()
    privacy()


def contracts() -> None:
    """Money, milestones, refund requests."""
    from config import links  # noqa: PLC0415
    from contracts import deadlines as clocks  # noqa: PLC0415
    from contracts import hooks  # noqa: PLC0415
    from contracts.ledger import checks  # noqa: PLC0415
    from contracts.payments import send  # noqa: PLC0415

    hooks.show_disputes(links.dispute_links)
    hooks.let_read(links.specialist_reads_contract)
    outbox.register("contracts.start_payment", send.send_payment)
    outbox.register("contracts.send_payout", send.send_payout)
    for kind, (handler, says) in clocks.HANDLERS.items():
        handle(kind, handler, says=says)
    for name, check in checks.CHECKS.items():
        selfcheck.register(name, check)


def disputes() -> None:
    """Filing, support, negotiation."""
    from contracts.events import ContractEnded, MilestonePaid, RefundClosed  # noqa: PLC0415
    from core.documents import services as papers  # noqa: PLC0415
    from disputes import checks, documents  # noqa: PLC0415
    from disputes import events as e  # noqa: PLC0415
    from disputes.deadlines import HANDLERS  # noqa: PLC0415
    from disputes.negotiation import bids  # noqa: PLC0415
    from disputes.services import filing, support  # noqa: PLC0415

    on(RefundClosed, filing.abandon_draft)
    on(ContractEnded, support.become_moot)
    on(MilestonePaid, support.become_moot)
    on(e.DisputeFiled, bids.begin_stage)
    on(e.StageChanged, bids.begin_stage)
    outbox.register(papers.MAKE, papers.make)
    documents.register()
    on(e.DisputeFiled, documents.on_filed)
    on(e.StatementUpdated, documents.on_updated)
    on(e.DisputeResolved, documents.on_resolved)
    audit.keep_secret("disputes.dispute", "bid")
    audit.keep_secret("disputes.blindbid", "replace", "withdraw")
    audit.keep_secret("disputes.settlementoffer", "confirm")
    for kind, (handler, says) in HANDLERS.items():
        handle(kind, handler, says=says)
    for name, check in checks.CHECKS.items():
        selfcheck.register(name, check)


def mediation() -> None:
    """What starts and ends mediation."""
    from accounts.services.people import on_new_standing  # noqa: PLC0415
    from disputes import events as e  # noqa: PLC0415
    from disputes import panels as dispute_page  # noqa: PLC0415
    from mediation import checks, panels  # noqa: PLC0415
    from mediation.deadlines import HANDLERS  # noqa: PLC0415
    from mediation.services import assignment, contact, period  # noqa: PLC0415

    on(e.DisputeFiled, period.open_case)
    on(e.ClientAnswered, contact.on_client_answered)
    on(e.CaseMessagePosted, contact.on_message)
    on(e.EvidenceRequested, contact.on_evidence_requested)
    on(e.OfferMade, contact.on_offer)
    on(e.StatementUpdated, period.unset_draft_split)
    on(e.StageChanged, period.close_with_stage)
    on(e.DisputeResolved, period.close_with_dispute)
    dispute_page.register(panels.contribute)
    for object_type, teller in panels.TELLERS.items():
        dispute_page.tells(object_type, teller)
    for kind, (handler, says) in HANDLERS.items():
        handle(kind, handler, says=says)
    for name, check in checks.CHECKS.items():
        selfcheck.register(name, check)
    on_new_standing(lambda user_id, now: assignment.release_cases(specialist_id=user_id, now=now))


def arbitration() -> None:
    """What starts and ends arbitration."""
    from arbitration import checks, tasks  # noqa: PLC0415
    from arbitration import deadlines as timers  # noqa: PLC0415
    from arbitration import panels as room  # noqa: PLC0415
    from arbitration.services import annex, closing, defaults, election, filing, notice  # noqa: PLC0415
    from config.annex import recommendation_annex  # noqa: PLC0415
    from contracts.events import PaymentSettled  # noqa: PLC0415
    from disputes import panels  # noqa: PLC0415
    from disputes.events import DisputeResolved  # noqa: PLC0415
    from mediation.events import MediationFailed  # noqa: PLC0415

    annex.provide(recommendation_annex)
    on(MediationFailed, notice.issue_after_mediation)
    on(PaymentSettled, election.fee_settled)
    on(DisputeResolved, closing.close_resolved)
    handle(
        "election_end",
        timers.fire_election_end,
        says=defaults.SAYS,
    )
    handle(
        "election_settling",
        timers.fire_election_settling,
        says="a payment that is still on its way counts as not paid and is returned when it comes",
    )
    handle("filing_alert", timers.fire_filing_alert, says="the arbitration clerk is told that the filing waits")
    handle("provider_sla", timers.fire_provider_sla, says="the arbitration clerk asks the provider")
    handle(
        "provider_rejected_alert",
        timers.fire_provider_rejected_alert,
        says="clerk and supervisor are told that the money is still frozen",
    )
    handle("order_alert", timers.fire_order_alert, says="the admins are told that the money is still frozen")
    outbox.register(filing.SEND_REQUEST, tasks.deliver)
    for name, check in checks.CHECKS.items():
        selfcheck.register(name, check)
    panels.register(room.contribute)
    for kind in ("nonresolutionnotice", "election", "arbitrationcase"):
        panels.tells(f"arbitration.{kind}", room.tell)


def notices() -> None:
    """Who is told what (notifications reacts to everything and is imported by nobody but this page)."""
    from accounts import mail as account_mail  # noqa: PLC0415
    from accounts.services import members  # noqa: PLC0415
    from config.account_guards import has_open_case  # noqa: PLC0415
    from notifications import handlers, outgoing  # noqa: PLC0415
    from notifications.channels import email  # noqa: PLC0415

    outbox.register(account_mail.HANDLER, account_mail.deliver)
    outbox.register(outgoing.MAIL, email.deliver)
    outbox.register(outgoing.TRIAL, email.deliver_trial)
    members.register_open_cases(has_open_case)
    on(deadlines.ReminderDue, handlers.store)
    for event_type in handlers.CATALOGUE:
        on(event_type, handlers.store)


def privacy() -> None:
    """Copies of one's own data; what follows when a text is removed."""
    from config import redaction  # noqa: PLC0415
    from config.export import build  # noqa: PLC0415
    from disputes.events import TextRedacted  # noqa: PLC0415
    from disputes.export import services as exports  # noqa: PLC0415

    outbox.register(exports.BUILD, build.deliver)
    on(TextRedacted, redaction.follow)


_ = handle
