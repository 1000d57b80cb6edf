"""The contract's history in sentences, one per step of its record. Amounts come from the record itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.formatting import format_money
from core.models import AuditEntry
from core.money import Money


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Who did what when; `name` is empty where nobody acted."""

    at: datetime
    name: str
    text: str
    icon: str
    rule: str


# act → (icon, sentence after the name, sentence when the system did it). `{paid}` and the like are amounts of
# the record; steps that are not here (a proposal replaced, a milestone cancelled with its contract) say nothing new.
_SENTENCES: dict[str, tuple[str, str, str]] = {
    "create_contract": ("file-plus", "drafted the contract.", ""),
    "add_milestone": ("list-plus", "added a milestone of {amount}.", ""),
    "activate": ("handshake", "accepted the contract. Work can begin.", ""),
    "start_funding": ("credit-card", "started to fund a milestone.", "Funding of a milestone started."),
    "confirm_funding": ("lock", "funded a milestone. The money is in escrow.", "The milestone is funded."),
    "fail_funding": ("circle-x", "", "The payment for the milestone did not arrive. The milestone is unfunded again."),
    "submit": ("upload", "submitted work.", ""),
    "request_changes": ("pencil", "asked for changes.", ""),
    "refuse_release": ("ban", "refused to release the milestone.", ""),
    "approve": ("circle-check", "released {released} for the milestone.", ""),
    "approve_rest": ("circle-check", "released the undisputed {released}.", ""),
    "release_part": ("split", "released {released} and carried {carried} over to another milestone.", ""),
    "auto_release": ("timer", "", "The review time ended, so {released} was released."),
    "end_by_client": ("flag", "ended the contract.", ""),
    "end_by_freelancer": ("flag", "ended the contract and returned {returned}.", ""),
    "end_dormant": ("moon", "", "The contract ended because nobody had used it."),
    "step_dormancy": ("moon", "", "The contract has been quiet for a while."),
    "open_refund_request": ("undo-2", "asked for {amount} back.", "{amount} is asked back."),
    "accept": ("circle-check", "approved the refund of {to_client}.", ""),
    "dispute": ("scale", "did not approve of the request and filed a dispute over {claimed}.", ""),
    "expire": ("hourglass", "", "Nobody answered the refund request for 7 days. {to_client} goes back to the client."),
    "withdraw": ("circle-check", "paid the whole {to_freelancer} and withdrew the request.", ""),
    "pay_more": ("plus", "paid {paid} more. {asked} is still asked back.", ""),
    "propose": ("split", "proposed to keep {keep} and to give {give_back} back.", ""),
    "accept_proposal": ("handshake", "accepted the split: {to_freelancer} and {to_client}.", ""),
    "decline_proposal": ("x", "declined the proposed split.", ""),
    "withdraw_earnings": ("wallet", "withdrew {amount}.", ""),
    "mark_disputed": ("scale", "", "A dispute was opened about a milestone."),
    "unmark_disputed": ("scale", "", "The dispute about a milestone is over."),
    "back_to_review": ("rotate-ccw", "", "The undisputed rest of the milestone is under review again."),
    "close": ("archive", "", "The contract is closed."),
}


# The record of a contract also holds steps of rooms above (a request to support is "withdrawn" too): not told here.
_OURS = frozenset({"contracts.contract", "contracts.milestone", "contracts.refundrequest", "contracts.payout"})
# The freelancer's dealings with the earned money are not the client's to see.
_FREELANCER_ONLY = frozenset({"withdraw_earnings"})


def history(entries: Iterable[AuditEntry], currency: str, side: str | None) -> list[HistoryLine]:
    """Tell the entries of a contract's own record in words, in their order, as `side` may read them."""
    told = (entry for entry in entries if side != "client" or entry.act not in _FREELANCER_ONLY)
    return [line for entry in told if (line := _line(entry, currency)) is not None]


def _line(entry: AuditEntry, currency: str) -> HistoryLine | None:
    found = _SENTENCES.get(entry.act) if entry.object_type in _OURS else None
    if found is None:
        return None
    icon, by_person, by_system = found
    named = entry.actor_kind == "person"
    template = by_person if named else by_system
    if not template:
        return None
    return HistoryLine(
        entry.at,
        entry.actor_name if named else "",
        template.format_map(_Amounts(entry.payload, currency)),
        icon,
        entry.rule,
    )


class _Amounts(dict[str, str]):
    """Payload values as money; a name the entry does not have reads as the amount it stands for, in words."""

    def __init__(self, payload: dict[str, Any], currency: str) -> None:
        super().__init__(
            {k: format_money(Money(v, currency)) for k, v in payload.items() if isinstance(v, int)},
        )

    def __missing__(self, key: str) -> str:
        return "the money"
