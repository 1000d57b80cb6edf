"""The client's answer, acceptance in full, and new versions of claim and answer (D3, D4, D8, N7, A4)."""

from __future__ import annotations

import difflib
import re
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from contracts.enums import AccountCode, Ground, Side
from contracts.ledger.services import Cause
from contracts.services import gate
from contracts.services.common import same_currency
from core import deadlines, road
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError
from core.events import publish
from core.formatting import format_money
from core.money import Money
from core.permissions import Actor
from disputes import rules
from disputes.enums import ActiveReason, AnswerReason, DisputeState, EndedReason, Route, VersionSide
from disputes.events import ClientAnswered, StatementUpdated
from disputes.locks import lock_dispute
from disputes.models import Dispute, Resolution, StatementVersion
from disputes.services import spine
from disputes.services.common import (
    DETAILS_MIN,
    fresh,
    in_stage,
    long_text,
    new_version,
    person,
    see,
    side_of,
    version_payload,
)

CLIENT_ANSWER = "client_answer"  # deadline kind; scheduled by mediation
ANSWER_MISSING = _l("Explain why the claim is not right.")
CLAIM_MISSING = _l("Explain why the work is complete and the payment is due.")
FOLD_FROM, FOLD_KEEP = 90, 25  # words: a longer unchanged passage shows its beginning and its end
WORDS = 2_000  # tokens; longer texts are compared line by line

Op = Literal["same", "added", "removed"]


def contest_claim(
    *,
    dispute_id: UUID,
    reason: str,
    details: str,
    offers: Money,
    seen_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> StatementVersion:
    """D4: the client contests, naming what it offers to pay (0 is possible). Publishes ClientAnswered.

    Allowed after the answer window too, as long as nobody closed the case (D6). Raises StrangerError,
    NotAllowedError, OutOfTurnError, TooLateError, StaleError, InvalidInputError (reason, details, offers).
    """
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        road.check(dispute, "contest", actor)
        in_stage(dispute, now)
        fresh(dispute, seen_version)
        words = _checked_answer(dispute, reason, details, offers)
        version = new_version(
            dispute,
            VersionSide.ANSWER,
            reason=reason,
            details=words,
            amount=offers.amount,
            author_id=person(actor),
            now=now,
        )
        road.take(dispute, "contest", actor=actor, now=now, chain=dispute.pk, payload=version_payload(version))
        deadlines.cancel(dispute.pk, CLIENT_ANSWER, now=now)
        publish(ClientAnswered(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk))
        return version


def _checked_answer(dispute: Dispute, reason: str, details: str, offers: Money) -> str:
    errors: dict[str, str] = {}
    words = ""
    if reason not in AnswerReason.values:
        errors["reason"] = _("Choose why you contest the claim.")
    try:
        same_currency(dispute.contract, offers, "offers")
        if not 0 <= offers.amount < dispute.amount:
            errors["offers"] = _(
                "Enter an amount below {amount}, or 0. To pay all of it, accept the dispute in full instead."
            ).format(amount=format_money(dispute.money))
    except InvalidInputError as error:
        errors |= error.fields
    try:
        words = long_text(
            details, "details", least=DETAILS_MIN, most=dispute.policy.evidence_text_chars, what=ANSWER_MISSING
        )
    except InvalidInputError as error:
        errors |= error.fields
    if errors:
        raise InvalidInputError(errors)
    return words


def accept_claim(*, dispute_id: UUID, seen_version: int | None = None, actor: Actor, now: datetime) -> Resolution:
    """D3 (N7 after the notice, A4 in arbitration): the client accepts in full; the claimed amount is released.

    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError, StaleError.
    """
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        arbitrated = dispute.state == DisputeState.IN_ARBITRATION
        act = "accept_in_full_in_arbitration" if arbitrated else "accept_in_full"
        road.check(dispute, act, actor)
        in_stage(dispute, now)
        fresh(dispute, seen_version)
        money = dispute.money
        return spine.resolve_dispute(
            dispute,
            act,
            ground=Ground.CLIENT_ACCEPT_DISPUTE,
            to_freelancer=money,
            to_client=Money(0, money.currency),
            actor=actor,
            now=now,
            rule_id="N7" if dispute.state == DisputeState.NON_RESOLUTION else None,
        )


def update_statement(
    *,
    dispute_id: UUID,
    side: str,
    reason: str,
    details: str,
    amount: Money,
    seen_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> StatementVersion:
    """D8: a new version of the claim (`side` "claim") or of the answer ("answer").

    The claim's amount only goes down and never to 0; the difference goes to the client (ended contract) or back
    to escrow (active), and the live offer and bids become void. Publishes StatementUpdated. Raises StrangerError,
    NotAllowedError, OutOfTurnError, TooLateError, StaleError, InvalidInputError (reason, details, amount, "" when
    nothing is new).
    """
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        mine = side_of(dispute, actor)
        if (side == VersionSide.CLAIM) != (mine == Side.FREELANCER):
            raise NotAllowedError(_("Each side can only update its own statement."))
        if side == VersionSide.CLAIM and amount != dispute.money and not rules.freelancer_moves_money(dispute, actor):
            raise NotAllowedError(_("Lowering the claim moves money. An owner or a case manager can do it."))
        road.check(dispute, "update", actor)
        in_stage(dispute, now)
        newest = dispute.statements.filter(side=side).order_by("-number").first()
        if newest is None:
            raise OutOfTurnError(_("There is no answer to update yet. Answer the claim first."))
        fresh(dispute, seen_version)
        old = dispute.money
        new = amount if side == VersionSide.CLAIM else old
        words = _checked_update(dispute, newest, reason, details, amount)
        version = new_version(
            dispute,
            VersionSide(side),
            reason=reason,
            details=words,
            amount=amount.amount,
            author_id=person(actor),
            now=now,
        )
        road.take(
            dispute,
            "update",
            actor=actor,
            now=now,
            chain=dispute.pk,
            side=mine.value,
            amount=new.amount,
            payload={**version_payload(version), "amount": new.amount, "old_amount": old.amount},
        )
        if new != old:
            _lower(dispute, old - new, version, actor, now)
        publish(
            StatementUpdated(
                at=now,
                contract_id=dispute.contract_id,
                dispute_id=dispute.pk,
                side=mine.value,
                old_amount=old.amount,
                amount=new.amount,
            )
        )
        return version


def _lower(dispute: Dispute, difference: Money, version: StatementVersion, actor: Actor, now: datetime) -> None:
    cause = Cause("D8", "dispute", dispute.pk, actor, now, Ground.FREELANCER_ACCEPT_REFUND, seq=version.number)
    back_to = AccountCode(dispute.source) if dispute.route == Route.ACTIVE else None
    gate.lower(dispute.contract, cause, difference, dispute_id=dispute.pk, back_to=back_to)
    spine.void_negotiation(dispute, now=now, rule_id="D8")
    road.ran("I3")


def _checked_update(dispute: Dispute, newest: StatementVersion, reason: str, details: str, amount: Money) -> str:
    claim = newest.side == VersionSide.CLAIM
    known = AnswerReason if not claim else EndedReason if dispute.route == Route.ENDED else ActiveReason
    errors: dict[str, str] = {}
    words = ""
    if reason not in known.values:
        errors["reason"] = _("Choose a reason.")
    try:
        words = long_text(
            details,
            "details",
            least=DETAILS_MIN,
            most=dispute.policy.evidence_text_chars,
            what=CLAIM_MISSING if claim else ANSWER_MISSING,
        )
        same_currency(dispute.contract, amount, "amount")
        if claim and not 0 < amount.amount <= dispute.amount:
            low = format_money(Money(1, amount.currency))
            errors["amount"] = _(
                "Enter an amount between {low} and {amount}: a claim can only go down. To ask for nothing,"
                " withdraw the dispute."
            ).format(low=low, amount=format_money(dispute.money))
        if not claim and not 0 <= amount.amount < dispute.amount:
            errors["amount"] = _(
                "Enter an amount below {amount}, or 0. To pay all of it, accept the dispute in full instead."
            ).format(amount=format_money(dispute.money))
    except InvalidInputError as error:
        errors |= error.fields
    if errors:
        raise InvalidInputError(errors)
    if (reason, words, amount.amount) == (newest.reason, newest.details, newest.amount):
        raise InvalidInputError({"": _("Nothing has changed. Change the text, the reason or the amount first.")})
    return words


def diff_texts(old: str, new: str) -> list[tuple[Op, str]]:
    """Pieces of text in order, each "same", "added" or "removed"; plain text, for a template to escape.

    Changes that only a blank keeps apart are told as one: a rewritten sentence reads as a sentence.
    """
    left, right = _pieces(old, new)
    found: list[tuple[Op, str]] = []
    gone = come = ""

    def flush() -> None:
        nonlocal gone, come
        found.extend((op, text) for op, text in (("removed", gone), ("added", come)) if text)  # type: ignore[misc]
        gone = come = ""

    codes = difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for place, (op, i1, i2, j1, j2) in enumerate(codes):
        if op != "equal":
            gone, come = gone + "".join(left[i1:i2]), come + "".join(right[j1:j2])
            continue
        same = "".join(left[i1:i2])
        if gone and come and not same.strip() and "\n" not in same and place + 1 < len(codes):
            gone, come = gone + same, come + same
            continue
        flush()
        found.append(("same", same))
    flush()
    return found


def fold_same(pieces: list[tuple[Op, str]]) -> list[tuple[str, str]]:
    """Set the middle of a long unchanged passage apart as "folded", so that the changes are found at once."""
    found: list[tuple[str, str]] = []
    for op, text in pieces:
        words = re.split(r"(?<=\s)", text)
        if op != "same" or len(words) <= FOLD_FROM:
            found.append((op, text))
            continue
        found.append(("same", "".join(words[:FOLD_KEEP])))
        found.append(("folded", "".join(words[FOLD_KEEP:-FOLD_KEEP])))
        found.append(("same", "".join(words[-FOLD_KEEP:])))
    return found


def _pieces(old: str, new: str) -> tuple[list[str], list[str]]:
    words = [re.findall(r"\s+|[^\s]+", text) for text in (old, new)]
    if len(words[0]) + len(words[1]) <= 2 * WORDS:
        return words[0], words[1]
    return old.splitlines(keepends=True), new.splitlines(keepends=True)
