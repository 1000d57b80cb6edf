"""Steps that the commands of this room share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.formats import localize
from django.utils.translation import gettext as _

from contracts import rules
from contracts.enums import AccountCode, ContractState
from contracts.ledger import services as ledger
from contracts.ledger.services import Cause, Place
from contracts.models import Contract, JournalEntry
from core import deadlines, road
from core.errors import InvalidInputError, NotAllowedError, StrangerError, UnableToError
from core.formatting import format_money
from core.money import Money, zero
from core.permissions import Actor
from core.uploads import CheckedUpload

DORMANCY = "dormancy"  # deadline kind; its object is the contract
FUNDING = "funding"  # deadline kind; its object is the milestone
TEXT_MAX = 20_000  # characters of one text a person writes


class UnableToActInDisputeError(UnableToError):
    """I6: money of a dispute, and what hangs on it, waits for the dispute's end."""

    code = "dispute_open"


def see(obj: Any, actor: Actor) -> None:
    """Raise StrangerError (404) unless the actor may see the contract; machines always may."""
    if actor.is_person and not rules.may_see(obj, actor):
        raise StrangerError


def no_open_dispute(contract: Contract, sentence: str) -> None:
    """I6, edge case 6: ending, funding and carrying over wait while a dispute is open; `sentence` says so."""
    if contract.open_dispute_id is not None:
        raise UnableToActInDisputeError(sentence)


def required_text(text: str, field: str, sentence: str) -> str:
    """Return the text without outer blanks. Raises InvalidInputError for an empty or endless one."""
    cleaned = text.strip()
    if not cleaned:
        raise InvalidInputError({field: sentence})
    return bounded_text(cleaned, field)


def bounded_text(text: str, field: str, most: int = TEXT_MAX) -> str:
    """Return the text without outer blanks. Raises InvalidInputError when it is too long or not text."""
    cleaned = text.strip()
    if len(cleaned) > most:
        raise InvalidInputError(
            {
                field: _("Shorten this to {most} characters; it has {now} now.").format(
                    most=localize(most, use_l10n=True), now=localize(len(cleaned), use_l10n=True)
                )
            }
        )
    if "\0" in cleaned:
        raise InvalidInputError({field: _("This text holds a character that cannot be stored. Type it again.")})
    return cleaned


def same_currency(contract: Contract, money: Money, field: str) -> Money:
    """Return `money`. Raises InvalidInputError for another currency than the contract's."""
    if money.currency != contract.currency:
        raise InvalidInputError(
            {
                field: _("This contract is in {currency}. Enter the amount in {currency}.").format(
                    currency=contract.currency
                )
            }
        )
    return money


def amount_between(low: Money, high: Money) -> str:
    """The sentence that names the bounds of an amount."""
    return _("Enter an amount between {low} and {high}.").format(low=format_money(low), high=format_money(high))


def named(contract: Contract, source: AccountCode) -> Money:
    """Money of `source` that an open support request names: C1 and C5 may not use it."""
    return contract.money(contract.named_amount if contract.named_source == source else 0)


def release_from(contract: Contract, cause: Cause, parts: list[tuple[AccountCode, Money]]) -> JournalEntry:
    """Release from several escrow accounts in one entry; one service fee on the sum, one hold (C7).

    The fee is half-even on the whole, so that two parts never cost a cent more than one.
    """
    gross = zero(contract.currency)
    for _code, money in parts:
        gross += money
    fee = ledger.fee_of(contract, gross)
    moves = []
    for code, money in parts:
        here = min(fee, money)
        moves += [
            (Place(code), Place(AccountCode.PLATFORM_FEE), here),
            (Place(code), Place(AccountCode.FREELANCER_PENDING), money - here),
        ]
        fee -= here
    entry = ledger.post(contract, cause, moves)
    ledger.start_hold(contract, entry, now=cause.now)
    road.ran("I2")
    return entry


def person(actor: Actor) -> UUID:
    """The id of the person who acts, for what only people do. Raises NotAllowedError for a machine."""
    if actor.user_id is None:
        raise NotAllowedError(_("Only a person can do this."))
    return actor.user_id


def attach(row: Any, upload: CheckedUpload | None) -> None:
    """Put a checked upload on a row that has `file` fields (the view has stored it before the transaction)."""
    if upload is None:
        return
    row.file = upload.store()
    row.file_name = upload.name
    row.file_sha256 = upload.sha256
    row.file_size = upload.size


def touch(contract: Contract, *, now: datetime) -> None:
    """C10: any activity of a party starts the dormancy ladder anew. The caller holds the contract's lock."""
    climbed = contract.dormancy_step > 0
    contract.last_activity_at = now
    contract.dormancy_step = 0
    contract.save(update_fields=["last_activity_at", "dormancy_step"])
    if climbed:
        deadlines.cancel(contract.pk, DORMANCY, now=now)
        start_dormancy(contract, now=now)


def start_dormancy(contract: Contract, *, now: datetime) -> None:
    """Start the ladder's first clock, where the contract's pinned settings have it (off by default)."""
    if not contract.policy.dormancy or contract.state != ContractState.ACTIVE:
        return
    deadlines.schedule(
        DORMANCY,
        contract.pk,
        now=now,
        due_at=now + timedelta(days=contract.policy.dormancy_days[0]),
        contract_id=contract.pk,
    )
