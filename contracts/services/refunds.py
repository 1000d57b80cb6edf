"""Refund requests and proposed splits (R1–R8). Seven days, fixed (S04); nothing moves the clock."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.enums import AccountCode, Ground, ProposalState, Side
from contracts.events import RefundClosed, RefundReduced, RefundRequested, SplitDeclined, SplitProposed
from contracts.ledger import services as ledger
from contracts.ledger.selectors import balances
from contracts.ledger.services import Cause, Place
from contracts.locks import lock_refund_request
from contracts.models import Contract, RefundProposal, RefundRequest
from contracts.services import gate
from contracts.services.common import amount_between, bounded_text, person, same_currency, see, touch
from core import audit, deadlines, road
from core.errors import InvalidInputError, UnableToError
from core.events import publish
from core.money import Money
from core.permissions import SYSTEM, Actor
from core.policy import REFUND_RESPONSE, REMIND_REFUND

REFUND_CLOCK = "refund_response"  # deadline kind; its object is the refund request
ESCROW = AccountCode.ESCROW_REFUND


class UnableToAnswerProposalError(UnableToError):
    """R8: no proposal waits for an answer (any more)."""

    code = "no_proposal"


def open_refund_request(*, contract: Contract, paid: Money, reason: str, actor: Actor, now: datetime) -> RefundRequest:
    """R1: what is left in escrow of an ended contract is asked back; the 7 × 24 h start at `now` (Z1, Z2).

    Called by C8 (and C10's refusal) on the locked contract. Publishes RefundRequested.
    """
    held = balances(contract)
    amount = held.available + held.carried
    request = RefundRequest(
        contract=contract,
        amount=amount.amount,
        original_amount=amount.amount,
        paid_at_end=paid.amount,
        reason=reason,
        opened_by_id=actor.user_id,
        opened_at=now,
        due_at=now + REFUND_RESPONSE,
    )
    request.save(force_insert=True)
    ledger.post(
        contract,
        Cause("R1", "refund_request", request.pk, actor, now, Ground.REFUND_REQUESTED),
        [
            (Place(AccountCode.ESCROW_AVAILABLE), Place(ESCROW), held.available),
            (Place(AccountCode.ESCROW_CARRIED), Place(ESCROW), held.carried),
        ],
    )
    audit.append(
        chain=contract.pk,
        rule="R1",
        act="open_refund_request",
        obj=request,
        actor=actor,
        now=now,
        new_state=str(request.state),
        payload={"amount": amount.amount, "paid": paid.amount, "due_at": request.due_at.isoformat()},
    )
    deadlines.schedule(
        REFUND_CLOCK, request.pk, now=now, due_at=request.due_at, contract_id=contract.pk, remind=REMIND_REFUND
    )
    for ran in ("R1", "I2", "I5", "Z1", "Z2", "Z5"):
        road.ran(ran)
    publish(RefundRequested(at=now, contract_id=contract.pk, refund_request_id=request.pk, amount=amount.amount))
    return request


def accept_refund_request(*, request_id: UUID, actor: Actor, now: datetime) -> RefundRequest:
    """R2: the freelancer approves; everything asked back goes to the client and the contract closes.

    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError.
    """
    with transaction.atomic():
        request = _locked(request_id, "accept", actor, now)
        cause = _cause("R2", request, actor, now, Ground.FREELANCER_ACCEPT_REFUND)
        money = request.money
        _take(request, "accept", cause, {"to_client": money.amount})
        gate.refund(request.contract, cause, money, source=ESCROW)
        _closed(request, cause, "accepted", to_freelancer=_none(request), to_client=money)
        gate.close_if_ended(request.contract, cause)
        return request


def reject_for_dispute(
    *, request: RefundRequest, claimed: Money, dispute_id: UUID, actor: Actor, now: datetime
) -> RefundRequest:
    """R3 on a request the caller has locked: the uncontested part goes back at once, `claimed` is frozen.

    0 < claimed ≤ what is asked back. Raises NotAllowedError, OutOfTurnError, TooLateError,
    InvalidInputError (`amount`). Publishes RefundClosed(outcome="disputed").
    """
    contract = request.contract
    road.check(request, "dispute", actor)
    road.in_time(request.due_at, now, _("The time to answer this refund request"))
    same_currency(contract, claimed, "amount")
    asked = request.money
    if claimed.amount <= 0 or claimed > asked:
        raise InvalidInputError({"amount": _between(contract.money(1), asked)})
    rest = asked - claimed
    _take(
        request,
        "dispute",
        _cause("R3", request, actor, now, Ground.DISPUTE_FROZEN),
        {"claimed": claimed.amount, "to_client": rest.amount, "dispute": str(dispute_id)},
    )
    if rest:
        gate.refund(contract, _cause("R3", request, actor, now, Ground.FREELANCER_ACCEPT_REFUND), rest, source=ESCROW)
    cause = _cause("R3", request, actor, now, Ground.DISPUTE_FROZEN)
    gate.freeze(contract, cause, claimed, source=ESCROW, dispute_id=dispute_id)
    _closed(request, cause, "disputed", to_freelancer=_none(request), to_client=rest)
    return request


def expire_refund_request(*, request: RefundRequest, now: datetime) -> None:
    """R4 on a locked, open request whose seven days are over: everything goes to the client."""
    cause = _cause("R4", request, SYSTEM, now, Ground.REFUND_TIMEOUT)
    money = request.money
    _take(request, "expire", cause, {"to_client": money.amount})
    gate.refund(request.contract, cause, money, source=ESCROW)
    _closed(request, cause, "expired", to_freelancer=_none(request), to_client=money)
    gate.close_if_ended(request.contract, cause)


def withdraw_refund_request(*, request_id: UUID, actor: Actor, now: datetime) -> RefundRequest:
    """R5: the client pays all that was asked back to the freelancer; the contract closes."""
    with transaction.atomic():
        request = _locked(request_id, "withdraw", actor, now)
        cause = _cause("R5", request, actor, now, Ground.CLIENT_APPROVAL)
        money = request.money
        _take(request, "withdraw", cause, {"to_freelancer": money.amount})
        ledger.release(request.contract, cause, money, source=Place(ESCROW))
        _closed(request, cause, "withdrawn", to_freelancer=money, to_client=_none(request))
        gate.close_if_ended(request.contract, cause)
        return request


def pay_more(*, request_id: UUID, amount: Money, actor: Actor, now: datetime) -> RefundRequest:
    """R6: the client pays `amount` (0 < amount < asked) and asks for that much less back.

    The clock runs on unchanged (Z8); a waiting proposal becomes void.
    """
    with transaction.atomic():
        request = _locked(request_id, "pay_more", actor, now)
        contract = request.contract
        same_currency(contract, amount, "amount")
        if amount == request.money:
            raise InvalidInputError(
                {"amount": _("This is all that is asked back. To pay it all, withdraw the request instead.")}
            )
        if amount.amount <= 0 or amount > request.money:
            raise InvalidInputError({"amount": _between(contract.money(1), request.money - contract.money(1))})
        rounds = contract.entries.filter(rule="R6", cause_id=request.pk).count()
        cause = Cause("R6", "refund_request", request.pk, actor, now, Ground.CLIENT_APPROVAL, seq=rounds + 1)
        road.take(
            request,
            "pay_more",
            actor=actor,
            now=now,
            chain=contract.pk,
            payload={"paid": amount.amount, "asked": request.amount - amount.amount},
            paid=amount.amount,
        )
        ledger.release(contract, cause, amount, source=Place(ESCROW))
        _void_proposal(request, cause)
        touch(contract, now=now)
        road.ran("Z8")
        publish(
            RefundReduced(
                at=now,
                contract_id=contract.pk,
                refund_request_id=request.pk,
                paid=amount.amount,
                amount=request.amount,
            )
        )
        return request


def propose_split(*, request_id: UUID, keep: Money, note: str = "", actor: Actor, now: datetime) -> RefundProposal:
    """R7: the freelancer offers to keep `keep` (0 < keep < asked) and give the rest back.

    A newer proposal replaces the waiting one. This does not stop the clock (Z8).
    """
    with transaction.atomic():
        request = _locked(request_id, "propose", actor, now)
        contract = request.contract
        same_currency(contract, keep, "keep")
        if keep.amount <= 0 or keep >= request.money:
            raise InvalidInputError({"keep": _between(contract.money(1), request.money - contract.money(1))})
        note = bounded_text(note, "note")
        old = _waiting(request)
        if old is not None:
            road.take(old, "replace", actor=actor, now=now, chain=contract.pk)
        proposal = RefundProposal(
            refund_request=request,
            number=request.proposals.count() + 1,
            keep=keep.amount,
            give_back=request.amount - keep.amount,
            note=note,
            proposed_by_id=person(actor),
            proposed_at=now,
        )
        road.take(
            request,
            "propose",
            actor=actor,
            now=now,
            chain=contract.pk,
            payload={
                "keep": proposal.keep,
                "give_back": proposal.give_back,
                "note": audit.text_digest(note, proposal.pk),
            },
        )
        proposal.save(force_insert=True)
        touch(contract, now=now)
        road.ran("Z8")
        publish(SplitProposed(at=now, contract_id=contract.pk, refund_request_id=request.pk, proposal_id=proposal.pk))
        return proposal


def accept_split(*, request_id: UUID, proposal_id: UUID | None = None, actor: Actor, now: datetime) -> RefundRequest:
    """R8: the client accepts the newest proposal; both shares are paid and the contract closes.

    `proposal_id` is what the client was shown: another one waiting now is refused, never paid unseen.
    """
    with transaction.atomic():
        request = _locked(request_id, "accept_proposal", actor, now)
        contract = request.contract
        proposal = _shown(request, proposal_id)
        keep, give_back = contract.money(proposal.keep), contract.money(proposal.give_back)
        cause = _cause("R8", request, actor, now, Ground.JOINT_SETTLEMENT)
        road.take(proposal, "accept", actor=actor, now=now, chain=contract.pk)
        _take(request, "accept_proposal", cause, {"to_freelancer": keep.amount, "to_client": give_back.amount})
        source = Place(ESCROW)
        entry = ledger.post(
            contract,
            cause,
            [
                *ledger.release_moves(contract, keep, source=source),
                (source, Place(AccountCode.PAYABLE_CLIENT), give_back),
            ],
        )
        ledger.start_hold(contract, entry, now=now)
        ledger.start_payout(contract, entry, give_back, to=Side.CLIENT, now=now)
        road.ran("I4")
        _closed(request, cause, "split", to_freelancer=keep, to_client=give_back)
        gate.close_if_ended(contract, cause)
        return request


def decline_split(*, request_id: UUID, proposal_id: UUID | None = None, actor: Actor, now: datetime) -> RefundRequest:
    """R8: the client declines; the request stays open and its clock runs on."""
    with transaction.atomic():
        request = _locked(request_id, "decline_proposal", actor, now)
        proposal = _shown(request, proposal_id)
        road.take(proposal, "decline", actor=actor, now=now, chain=request.contract_id)
        road.take(request, "decline_proposal", actor=actor, now=now, chain=request.contract_id)
        touch(request.contract, now=now)
        publish(
            SplitDeclined(
                at=now, contract_id=request.contract_id, refund_request_id=request.pk, proposal_id=proposal.pk
            )
        )
        return request


def _locked(request_id: UUID, name: str, actor: Actor, now: datetime) -> RefundRequest:
    """Lock, then: stranger, permission and state, time (Z3), in this order."""
    request = lock_refund_request(request_id)
    see(request, actor)
    road.check(request, name, actor)
    road.in_time(request.due_at, now, _("The time to answer this refund request"))
    return request


def _cause(rule: str, request: RefundRequest, actor: Actor, now: datetime, ground: Ground) -> Cause:
    return Cause(rule, "refund_request", request.pk, actor, now, ground)


def _take(request: RefundRequest, name: str, cause: Cause, payload: dict[str, int | str]) -> None:
    road.take(request, name, actor=cause.actor, now=cause.now, chain=request.contract_id, payload=payload)


def _closed(request: RefundRequest, cause: Cause, outcome: str, *, to_freelancer: Money, to_client: Money) -> None:
    """Every exit: the clock ends, a waiting proposal is void, the rooms above are told."""
    deadlines.cancel(request.pk, REFUND_CLOCK, now=cause.now)
    _void_proposal(request, cause)
    touch(request.contract, now=cause.now)
    road.ran("I2")
    publish(
        RefundClosed(
            at=cause.now,
            contract_id=request.contract_id,
            refund_request_id=request.pk,
            outcome=outcome,
            to_freelancer=to_freelancer.amount,
            to_client=to_client.amount,
        )
    )


def _waiting(request: RefundRequest) -> RefundProposal | None:
    """Lock and return the proposal that waits for the client, if any."""
    found = (
        RefundProposal.objects.select_for_update(of=("self",))
        .filter(refund_request=request, state=ProposalState.PENDING)
        .first()
    )
    if found is not None:
        found.refund_request = request
    return found


def _shown(request: RefundRequest, proposal_id: UUID | None) -> RefundProposal:
    proposal = _waiting(request)
    if proposal is None or proposal_id not in (None, proposal.pk):
        raise UnableToAnswerProposalError(
            _("This proposal is no longer the one that waits for an answer. Reload the page to see where things stand.")
        )
    return proposal


def _void_proposal(request: RefundRequest, cause: Cause) -> None:
    proposal = _waiting(request)
    if proposal is not None:
        road.take(proposal, "void", actor=SYSTEM, now=cause.now, chain=request.contract_id, rule_id=cause.rule)


def _none(request: RefundRequest) -> Money:
    return request.contract.money(0)


def _between(low: Money, high: Money) -> str:
    if high < low:
        return _("The sum is too small to be divided.")
    return amount_between(low, high)
