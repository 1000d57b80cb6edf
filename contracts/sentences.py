"""The contract's history in sentences, one per step of its record. Amounts come from the record itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.audit import teller
from core.formatting import format_money
from core.models import AuditEntry
from core.money import Money

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

    Words = StrPromise | str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What happened when, as a sentence in safe HTML (the name of who acted stands in bold)."""

    at: datetime
    html: SafeString
    icon: str
    rule: str


# act → (icon, sentence when a person did it, sentence when the system did it). `{paid}` and the like are amounts of
# the record; steps that are not here (a proposal replaced, a milestone cancelled with its contract) say nothing new.
_SENTENCES: dict[str, tuple[str, Words, Words]] = {
    "create_contract": (
        "file-plus",
        _("{name} drafted the contract."),
        "",
    ),
    "add_milestone": (
        "list-plus",
        _("{name} added a milestone of {amount}."),
        "",
    ),
    "activate": (
        "handshake",
        _("{name} accepted the contract. Work can begin."),
        "",
    ),
    "start_funding": (
        "credit-card",
        _("{name} started to fund a milestone."),
        _("Funding of a milestone started."),
    ),
    "confirm_funding": (
        "lock",
        _("{name} funded a milestone. The money is in escrow."),
        _("The milestone is funded."),
    ),
    "fail_funding": (
        "circle-x",
        "",
        _("The payment for the milestone did not arrive. The milestone is unfunded again."),
    ),
    "submit": (
        "upload",
        _("{name} submitted work."),
        "",
    ),
    "request_changes": (
        "pencil",
        _("{name} asked for changes."),
        "",
    ),
    "refuse_release": (
        "ban",
        _("{name} refused to release the milestone."),
        "",
    ),
    "approve": (
        "circle-check",
        _("{name} released {released} for the milestone."),
        "",
    ),
    "approve_rest": (
        "circle-check",
        _("{name} released the undisputed {released}."),
        "",
    ),
    "release_part": (
        "split",
        _("{name} released {released} and carried {carried} over to another milestone."),
        "",
    ),
    "auto_release": (
        "timer",
        "",
        _("The review time ended, so {released} was released."),
    ),
    "end_by_client": (
        "flag",
        _("{name} ended the contract."),
        "",
    ),
    "end_by_freelancer": (
        "flag",
        _("{name} ended the contract and returned {returned}."),
        "",
    ),
    "end_dormant": (
        "moon",
        "",
        _("The contract ended because nobody had used it."),
    ),
    "step_dormancy": (
        "moon",
        "",
        _("The contract has been quiet for a while."),
    ),
    "open_refund_request": (
        "undo-2",
        _("{name} asked for {amount} back."),
        _("{amount} is asked back."),
    ),
    "accept": (
        "circle-check",
        _("{name} approved the refund of {to_client}."),
        "",
    ),
    "dispute": (
        "scale",
        _("{name} did not approve of the request and filed a dispute over {claimed}."),
        "",
    ),
    "expire": (
        "hourglass",
        "",
        _("Nobody answered the refund request for 7 days. {to_client} goes back to the client."),
    ),
    "withdraw": (
        "circle-check",
        _("{name} paid the whole {to_freelancer} and withdrew the request."),
        "",
    ),
    "pay_more": (
        "plus",
        _("{name} paid {paid} more. {asked} is still asked back."),
        "",
    ),
    "propose": (
        "split",
        _("{name} proposed to keep {keep} and to give {give_back} back."),
        "",
    ),
    "accept_proposal": (
        "handshake",
        _("{name} accepted the split: {to_freelancer} and {to_client}."),
        "",
    ),
    "decline_proposal": (
        "x",
        _("{name} declined the proposed split."),
        "",
    ),
    "withdraw_earnings": (
        "wallet",
        _("{name} withdrew {amount}."),
        "",
    ),
    "mark_disputed": (
        "scale",
        "",
        _("A dispute was opened about a milestone."),
    ),
    "unmark_disputed": (
        "scale",
        "",
        _("The dispute about a milestone is over."),
    ),
    "back_to_review": (
        "rotate-ccw",
        "",
        _("The undisputed rest of the milestone is under review again."),
    ),
    "close": (
        "archive",
        "",
        _("The contract is closed."),
    ),
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
    sentence = str(by_person if named else by_system)
    if not sentence:
        return None
    return HistoryLine(entry.at, _told(sentence, entry, currency), icon, entry.rule)


def _told(sentence: str, entry: AuditEntry, currency: str) -> SafeString:
    # The sentence is ours; what is put into it is escaped.
    name = format_html('<b class="who">{}</b>', teller(entry))
    return mark_safe(escape(sentence).format_map(_Parts(name, entry.payload, currency)))  # noqa: S308 - see above


class _Parts(dict[str, str]):
    """The name and the payload's values as money; an amount the entry does not have reads in words."""

    def __init__(self, name: str, payload: dict[str, Any], currency: str) -> None:
        super().__init__(
            {k: format_money(Money(v, currency)) for k, v in payload.items() if isinstance(v, int)}, name=name
        )

    def __missing__(self, key: str) -> str:
        return gettext("the money")
