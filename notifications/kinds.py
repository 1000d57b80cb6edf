"""The kinds of notices: their names on the settings page, and which of them the law of the house sends always."""

from __future__ import annotations

from dataclasses import dataclass

CONTRACTS, REFUNDS, DISPUTES, ARBITRATION, MONEY, SUPPORT, STAFF = (
    "Contracts",
    "Refund requests",
    "Disputes and mediation",
    "Arbitration",
    "Money",
    "Customer support",
    "Staff",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """`legal`: rights or money hang on it, so its mail cannot be muted."""

    label: str
    group: str
    legal: bool = False


KINDS: dict[str, Kind] = {
    "contract_started": Kind("A contract begins", CONTRACTS),
    "milestone_funded": Kind("A milestone is funded", CONTRACTS),
    "funding_failed": Kind("A payment did not go through", CONTRACTS),
    "work_submitted": Kind("Work is handed in", CONTRACTS),
    "review_ending": Kind("The time to review work ends", CONTRACTS, legal=True),
    "changes_requested": Kind("Changes are asked for", CONTRACTS),
    "release_refused": Kind("A release is refused", CONTRACTS, legal=True),
    "milestone_paid": Kind("A milestone is paid", CONTRACTS),
    "partly_released": Kind("A part is released", CONTRACTS, legal=True),
    "contract_ended": Kind("A contract ends", CONTRACTS, legal=True),
    "dormancy": Kind("A contract lies still", CONTRACTS, legal=True),
    "message_posted": Kind("A new message", CONTRACTS),
    "refund_requested": Kind("A refund is asked for", REFUNDS, legal=True),
    "refund_reminder": Kind("The 7 days to answer end", REFUNDS, legal=True),
    "refund_reduced": Kind("The client asks for less back", REFUNDS, legal=True),
    "split_proposed": Kind("A different split is proposed", REFUNDS, legal=True),
    "split_declined": Kind("A split is declined", REFUNDS),
    "refund_accepted": Kind("A refund is approved", REFUNDS, legal=True),
    "refund_expired": Kind("A refund went through by silence", REFUNDS, legal=True),
    "refund_closed": Kind("A refund request is over", REFUNDS, legal=True),
    "support_received": Kind("Customer support has your request", SUPPORT),
    "support_needs_info": Kind("Customer support asks you something", SUPPORT, legal=True),
    "support_reminder": Kind("Customer support waits for your answer", SUPPORT, legal=True),
    "support_declined": Kind("Customer support declines", SUPPORT, legal=True),
    "support_ended": Kind("A support request is over", SUPPORT),
    "support_reviewed": Kind("A supervisor has looked again", SUPPORT, legal=True),
    "dispute_opened": Kind("A dispute is opened against you", DISPUTES, legal=True),
    "dispute_filed": Kind("Your dispute is filed", DISPUTES, legal=True),
    "client_answer_reminder": Kind("The time to answer a claim ends", DISPUTES, legal=True),
    "client_answered": Kind("The client answers the claim", DISPUTES),
    "statement_updated": Kind("A claim or an answer is updated", DISPUTES),
    "specialist_assigned": Kind("A specialist is assigned", DISPUTES),
    "specialist_unassigned": Kind("A specialist leaves the case", DISPUTES),
    "objection": Kind("An objection to the specialist", DISPUTES),
    "case_message": Kind("A message in a dispute", DISPUTES),
    "private_message": Kind("A private message is noted", DISPUTES),
    "evidence_added": Kind("Evidence is added", DISPUTES),
    "evidence_requested": Kind("The specialist asks for evidence", DISPUTES, legal=True),
    "evidence_answered": Kind("A request for evidence is answered", DISPUTES),
    "evidence_reminder": Kind("The time to send evidence ends", DISPUTES),
    "contact_attempt": Kind("The specialist tries to reach you", DISPUTES, legal=True),
    "offer_made": Kind("An offer is made", DISPUTES, legal=True),
    "offer_countered": Kind("An offer is answered with another", DISPUTES, legal=True),
    "offer_expiring": Kind("An offer ends soon", DISPUTES),
    "offer_ended": Kind("An offer is declined, withdrawn or over", DISPUTES),
    "mediation_ending": Kind("Mediation ends soon", DISPUTES, legal=True),
    "impasse": Kind("The other side declares that you cannot agree", DISPUTES),
    "recommendation_issued": Kind("The specialist recommends", DISPUTES, legal=True),
    "recommendation_reminder": Kind("The time to answer the recommendation ends", DISPUTES, legal=True),
    "recommendation_answered": Kind("The other side has answered the recommendation", DISPUTES),
    "recommendation_result": Kind("What became of the recommendation", DISPUTES, legal=True),
    "notice_of_non_resolution": Kind("Notice of Non-Resolution", ARBITRATION, legal=True),
    "election_reminder": Kind("The time to choose arbitration ends", ARBITRATION, legal=True),
    "arbitration_choice": Kind("The other side chooses", ARBITRATION, legal=True),
    "payment_received": Kind("An arbitration fee is paid", ARBITRATION, legal=True),
    "payment_failed": Kind("An arbitration fee did not go through", ARBITRATION, legal=True),
    "fee_returned": Kind("An arbitration fee goes back", ARBITRATION),
    "election_settling": Kind("A started payment is awaited", ARBITRATION, legal=True),
    "arbitration_filed": Kind("The case goes to arbitration", ARBITRATION, legal=True),
    "arbitration_event": Kind("A step in arbitration", ARBITRATION),
    "provider_rejected": Kind("The arbitration provider rejects the case", ARBITRATION, legal=True),
    "award": Kind("The award", ARBITRATION, legal=True),
    "case_closed": Kind("A dispute is closed", DISPUTES, legal=True),
    "money_moved": Kind("Money is available or has arrived", MONEY),
    "order_carried_out": Kind("An order about your contract", MONEY, legal=True),
    "desk_case": Kind("A case is yours, or has news", STAFF),
    "desk_alert": Kind("A clock of the staff ran out", STAFF, legal=True),
    "support_queue": Kind("News in the support queue", STAFF),
    "order_waits": Kind("An order waits for a second admin", STAFF, legal=True),
    "mail_bounced": Kind("Somebody's mail comes back", STAFF, legal=True),
}


def groups(*, staff: bool, party: bool) -> list[tuple[str, list[tuple[str, Kind]]]]:
    """Kinds by group, those that concern this person, for the mail settings."""
    found: dict[str, list[tuple[str, Kind]]] = {}
    for name, kind in KINDS.items():
        if (kind.group == STAFF and staff) or (kind.group != STAFF and party):
            found.setdefault(kind.group, []).append((name, kind))
    return list(found.items())
