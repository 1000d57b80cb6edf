"""The kinds of notices: their names on the settings page, and which of them the law of the house sends always."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Group(StrEnum):
    """Where a kind stands on the settings page."""

    CONTRACTS = "contracts"
    REFUNDS = "refunds"
    SUPPORT = "support"
    DISPUTES = "disputes"
    ARBITRATION = "arbitration"
    MONEY = "money"
    STAFF = "staff"


GROUPS: dict[Group, StrPromise] = {
    Group.CONTRACTS: _("Contracts and messages"),
    Group.REFUNDS: _("Refund requests"),
    Group.SUPPORT: _("Customer Support"),
    Group.DISPUTES: _("Disputes and mediation"),
    Group.ARBITRATION: _("Arbitration"),
    Group.MONEY: _("Money"),
    Group.STAFF: _("Your work at the desk"),
}


class Fixed(StrEnum):
    """Why a kind is always mailed."""

    CLOCK = "clock"
    OUTCOME = "outcome"
    DUTY = "duty"


FIXED: dict[Fixed, StrPromise] = {
    Fixed.CLOCK: _("You have a limited time to act, and something happens by itself when it is over."),
    Fixed.OUTCOME: _("It decides about money or about your rights."),
    Fixed.DUTY: _("Somebody’s money or time depends on the staff seeing it."),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice. `fixed`: rights or money hang on it, so its mail cannot be muted."""

    label: StrPromise
    group: Group
    fixed: Fixed | None = None

    @property
    def legal(self) -> bool:
        """Whether it is always mailed."""
        return self.fixed is not None

    @property
    def reason(self) -> StrPromise | str:
        """Why it is always mailed; "" where the person may choose."""
        return FIXED[self.fixed] if self.fixed is not None else ""


KINDS: dict[str, Kind] = {
    "contract_started": Kind(_("A contract begins"), Group.CONTRACTS),
    "milestone_funded": Kind(_("A milestone is funded"), Group.CONTRACTS),
    "funding_failed": Kind(_("A payment did not go through"), Group.CONTRACTS),
    "work_submitted": Kind(_("Work is handed in"), Group.CONTRACTS),
    "review_ending": Kind(_("The time to review work ends"), Group.CONTRACTS, Fixed.CLOCK),
    "changes_requested": Kind(_("Changes are asked for"), Group.CONTRACTS),
    "release_refused": Kind(_("A release is refused"), Group.CONTRACTS, Fixed.OUTCOME),
    "milestone_paid": Kind(_("A milestone is paid"), Group.CONTRACTS),
    "partly_released": Kind(_("A part is released"), Group.CONTRACTS, Fixed.OUTCOME),
    "contract_ended": Kind(_("A contract ends"), Group.CONTRACTS, Fixed.OUTCOME),
    "dormancy": Kind(_("A contract lies still"), Group.CONTRACTS, Fixed.CLOCK),
    "message_posted": Kind(_("A new message"), Group.CONTRACTS),
    "refund_requested": Kind(_("A refund is asked for"), Group.REFUNDS, Fixed.CLOCK),
    "refund_reminder": Kind(_("The 7 days to answer end"), Group.REFUNDS, Fixed.CLOCK),
    "refund_reduced": Kind(_("The client asks for less back"), Group.REFUNDS, Fixed.CLOCK),
    "split_proposed": Kind(_("A different split is proposed"), Group.REFUNDS, Fixed.CLOCK),
    "split_declined": Kind(_("A split is declined"), Group.REFUNDS),
    "refund_accepted": Kind(_("A refund is approved"), Group.REFUNDS, Fixed.OUTCOME),
    "refund_expired": Kind(_("A refund went through by silence"), Group.REFUNDS, Fixed.OUTCOME),
    "refund_closed": Kind(_("A refund request is over"), Group.REFUNDS, Fixed.OUTCOME),
    "support_received": Kind(_("Customer Support has your request"), Group.SUPPORT),
    "support_needs_info": Kind(_("Customer Support asks you something"), Group.SUPPORT, Fixed.CLOCK),
    "support_reminder": Kind(_("Customer Support waits for your answer"), Group.SUPPORT, Fixed.CLOCK),
    "support_declined": Kind(_("Customer Support declines"), Group.SUPPORT, Fixed.OUTCOME),
    "support_ended": Kind(_("A support request is over"), Group.SUPPORT),
    "support_reviewed": Kind(_("A supervisor has looked again"), Group.SUPPORT, Fixed.OUTCOME),
    "delegation": Kind(_("Somebody stands in for somebody"), Group.CONTRACTS, Fixed.OUTCOME),
    "report_received": Kind(_("Customer Support has your report of a message"), Group.SUPPORT),
    "report_decided": Kind(_("A reported message is hidden, or stays"), Group.SUPPORT, Fixed.OUTCOME),
    "text_removed": Kind(_("A text or file is removed for good"), Group.SUPPORT, Fixed.OUTCOME),
    "data_ready": Kind(_("The copy of your data is ready"), Group.SUPPORT),
    "dispute_opened": Kind(_("A dispute is opened against you"), Group.DISPUTES, Fixed.CLOCK),
    "dispute_filed": Kind(_("Your dispute is filed"), Group.DISPUTES, Fixed.OUTCOME),
    "client_answer_reminder": Kind(_("The time to answer a claim ends"), Group.DISPUTES, Fixed.CLOCK),
    "client_answered": Kind(_("The client answers the claim"), Group.DISPUTES),
    "statement_updated": Kind(_("A claim or an answer is updated"), Group.DISPUTES),
    "specialist_assigned": Kind(_("A specialist is assigned"), Group.DISPUTES),
    "specialist_unassigned": Kind(_("A specialist leaves the case"), Group.DISPUTES),
    "objection": Kind(_("An objection to the specialist"), Group.DISPUTES),
    "case_message": Kind(_("A message in a dispute"), Group.DISPUTES),
    "private_message": Kind(_("A private message is noted"), Group.DISPUTES),
    "evidence_added": Kind(_("Evidence is added"), Group.DISPUTES),
    "evidence_requested": Kind(_("The specialist asks for evidence"), Group.DISPUTES, Fixed.CLOCK),
    "evidence_answered": Kind(_("A request for evidence is answered"), Group.DISPUTES),
    "evidence_reminder": Kind(_("The time to send evidence ends"), Group.DISPUTES),
    "contact_attempt": Kind(_("The specialist tries to reach you"), Group.DISPUTES, Fixed.CLOCK),
    "offer_made": Kind(_("An offer is made"), Group.DISPUTES, Fixed.CLOCK),
    "offer_countered": Kind(_("An offer is answered with another"), Group.DISPUTES, Fixed.CLOCK),
    "offer_expiring": Kind(_("An offer ends soon"), Group.DISPUTES),
    "offer_ended": Kind(_("An offer is declined, withdrawn or over"), Group.DISPUTES),
    "mediation_ending": Kind(_("Mediation ends soon"), Group.DISPUTES, Fixed.CLOCK),
    "impasse": Kind(_("The other side declares that you cannot agree"), Group.DISPUTES),
    "recommendation_issued": Kind(_("The specialist recommends"), Group.DISPUTES, Fixed.CLOCK),
    "recommendation_reminder": Kind(_("The time to answer the recommendation ends"), Group.DISPUTES, Fixed.CLOCK),
    "recommendation_answered": Kind(_("The other side has answered the recommendation"), Group.DISPUTES),
    "recommendation_result": Kind(_("What became of the recommendation"), Group.DISPUTES, Fixed.OUTCOME),
    "case_closed": Kind(_("A dispute is closed"), Group.DISPUTES, Fixed.OUTCOME),
    "notice_of_non_resolution": Kind(_("Notice of Non-Resolution"), Group.ARBITRATION, Fixed.CLOCK),
    "election_reminder": Kind(_("The time to choose arbitration ends"), Group.ARBITRATION, Fixed.CLOCK),
    "arbitration_choice": Kind(_("The other side chooses"), Group.ARBITRATION, Fixed.CLOCK),
    "payment_received": Kind(_("An arbitration fee is paid"), Group.ARBITRATION, Fixed.CLOCK),
    "payment_failed": Kind(_("An arbitration fee did not go through"), Group.ARBITRATION, Fixed.CLOCK),
    "fee_returned": Kind(_("An arbitration fee goes back"), Group.ARBITRATION),
    "election_settling": Kind(_("A started payment is awaited"), Group.ARBITRATION, Fixed.CLOCK),
    "arbitration_filed": Kind(_("The case goes to arbitration"), Group.ARBITRATION, Fixed.OUTCOME),
    "arbitration_event": Kind(_("A step in arbitration"), Group.ARBITRATION),
    "provider_rejected": Kind(_("The arbitration provider rejects the case"), Group.ARBITRATION, Fixed.OUTCOME),
    "award": Kind(_("The award"), Group.ARBITRATION, Fixed.OUTCOME),
    "money_moved": Kind(_("Money is available or has arrived"), Group.MONEY),
    "order_carried_out": Kind(_("An order about your contract"), Group.MONEY, Fixed.OUTCOME),
    "desk_case": Kind(_("A case is yours, or has news"), Group.STAFF),
    "desk_alert": Kind(_("A clock of the staff ran out"), Group.STAFF, Fixed.DUTY),
    "support_queue": Kind(_("News in the support queue"), Group.STAFF),
    "removal_waits": Kind(_("A removal waits for a second person"), Group.STAFF, Fixed.DUTY),
    "order_waits": Kind(_("An order waits for a second admin"), Group.STAFF, Fixed.DUTY),
    "mail_bounced": Kind(_("Somebody’s mail comes back"), Group.STAFF, Fixed.DUTY),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """One group on the settings page: what one may switch off, and what is always sent, by its reason."""

    label: StrPromise
    free: list[tuple[str, Kind]]
    fixed: list[tuple[StrPromise, list[Kind]]]

    @property
    def fixed_count(self) -> int:
        """How many are always sent."""
        return sum(len(kinds) for _reason, kinds in self.fixed)


def choices(*, staff: bool, party: bool) -> list[Choices]:
    """Kinds by group, those that concern this person, for the mail settings."""
    found = []
    for group, label in GROUPS.items():
        kinds = [(name, kind) for name, kind in KINDS.items() if kind.group == group]
        if kinds and (staff if group == Group.STAFF else party):
            fixed = [(reason, [kind for _name, kind in kinds if kind.fixed == why]) for why, reason in FIXED.items()]
            found.append(
                Choices(label, [(n, kind) for n, kind in kinds if not kind.legal], [row for row in fixed if row[1]])
            )
    return found
