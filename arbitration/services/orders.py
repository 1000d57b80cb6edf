"""X1, X2 and a court's order (A2): proposed by one admin, carried out when another approves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from arbitration import rules
from arbitration.enums import OrderKind
from arbitration.events import OrderCarriedOut, OrderProposed
from arbitration.locks import lock_order
from arbitration.models import AdminOrder
from arbitration.services import fraud
from arbitration.services.people import person
from contracts.enums import Ground
from contracts.ledger.services import Cause
from contracts.locks import lock_contract
from contracts.models import Contract
from contracts.services import corrections
from core import audit, road
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError, UnableToError
from core.events import publish
from core.money import Money
from core.permissions import SYSTEM, Actor, StaffRole
from disputes.enums import OPEN_STATES, DisputeState
from disputes.locks import lock_dispute
from disputes.models import Dispute
from disputes.services.spine import resolve_dispute, split_of

REASON_MIN, REASON_MAX = 20, 4000  # characters


class UnableToOrderError(UnableToError):
    """The order does not fit the state of the money."""

    code = "order_impossible"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is ordered. A correction names two accounts and an amount; the others name both shares."""

    from_account: str = ""
    to_account: str = ""
    amount: Money | None = None
    to_freelancer: Money | None = None
    to_client: Money | None = None


def propose_order(
    *, kind: str, contract_id: UUID, terms: Terms, reason: str, actor: Actor, now: datetime
) -> AdminOrder:
    """X1, X2, A2: the first admin's half. Moves nothing, except that nothing else is checked twice.

    Raises StrangerError, NotAllowedError, InvalidInputError, UnableToOrderError.
    """
    with transaction.atomic():
        contract, dispute = _lock(contract_id)
        _admin(contract, actor)
        if kind not in OrderKind.values:
            raise InvalidInputError({"kind": _("Choose what is ordered.")})
        said = reason.strip()
        if not REASON_MIN <= len(said) <= REASON_MAX:
            raise InvalidInputError(
                {
                    "reason": _("Give the reason in {least} to {most} characters; both sides are told of it.").format(
                        least=REASON_MIN, most=number_format(REASON_MAX, force_grouping=True)
                    )
                }
            )
        _check(kind, contract, dispute, terms)
        order = AdminOrder.objects.create(
            kind=kind,
            contract=contract,
            dispute=dispute if kind != OrderKind.CORRECTION else None,
            from_account=terms.from_account,
            to_account=terms.to_account,
            amount=terms.amount.amount if terms.amount else None,
            to_freelancer=terms.to_freelancer.amount if terms.to_freelancer is not None else None,
            to_client=terms.to_client.amount if terms.to_client is not None else None,
            reason=said,
            proposed_by_id=person(actor),
            proposed_at=now,
        )
        _note(order, "propose_order", actor=actor, now=now)
        publish(OrderProposed(at=now, contract_id=contract.pk, dispute_id=_about(order), order_id=order.pk))
        return order


def approve_order(*, order_id: UUID, actor: Actor, now: datetime) -> AdminOrder:
    """The second admin's half: the order is carried out at once, if it still fits.

    Raises StrangerError, NotAllowedError (also for the proposer), UnableToOrderError, InvalidInputError.
    """
    with transaction.atomic():
        order = _open_order(order_id, actor)
        if order.proposed_by_id == actor.user_id:
            raise NotAllowedError(_("Whoever proposed an order cannot approve it. Ask a second admin."))
        contract, dispute = order.contract, order.dispute
        _check(order.kind, contract, dispute, terms_of(order))
        order.approved_by_id = person(actor)
        order.executed_at = now
        order.save(update_fields=["approved_by", "executed_at"])
        _note(order, "approve_order", actor=actor, now=now)
        if order.kind == OrderKind.CORRECTION:
            _correct(order, actor=actor, now=now)
        elif dispute is not None:
            _resolve(order, dispute, actor=actor, now=now)
        else:
            fraud.carry_out(order, actor=actor, now=now)
        publish(OrderCarriedOut(at=now, contract_id=contract.pk, dispute_id=_about(order), order_id=order.pk))
        return order


def refuse_order(*, order_id: UUID, reason: str, actor: Actor, now: datetime) -> AdminOrder:
    """An admin (the proposer too) sets a proposed order aside. Raises as `approve_order`."""
    with transaction.atomic():
        order = _open_order(order_id, actor)
        if not reason.strip():
            raise InvalidInputError({"reason": _("Say why the order is set aside.")})
        order.refused_at = now
        order.save(update_fields=["refused_at"])
        _note(order, "refuse_order", actor=actor, now=now, reason=reason.strip()[:1000])
        return order


def terms_of(order: AdminOrder) -> Terms:
    """The terms of a stored order."""

    def money(minor: int | None) -> Money | None:
        return None if minor is None else order.contract.money(minor)

    return Terms(
        from_account=order.from_account,
        to_account=order.to_account,
        amount=money(order.amount),
        to_freelancer=money(order.to_freelancer),
        to_client=money(order.to_client),
    )


def _lock(contract_id: UUID) -> tuple[Contract, Dispute | None]:
    """Lock the contract and, if one is open, its dispute."""
    open_states = [s.value for s in OPEN_STATES]
    found = Dispute.objects.filter(contract_id=contract_id, state__in=open_states).values_list("pk", flat=True).first()
    if found is None:
        return lock_contract(contract_id), None
    dispute = lock_dispute(found)
    return dispute.contract, dispute if dispute.state in open_states else None


def _admin(contract: Contract, actor: Actor) -> None:
    if not actor.is_staff(StaffRole.ADMIN):
        raise StrangerError
    if not rules.admin(contract, actor):
        raise NotAllowedError(_("A party of this contract cannot order anything on it."))


def _open_order(order_id: UUID, actor: Actor) -> AdminOrder:
    order = lock_order(order_id)
    _admin(order.contract, actor)
    if order.executed_at or order.refused_at:
        raise OutOfTurnError(_("This order is no longer open: it was carried out or set aside before."))
    return order


def _check(kind: str, contract: Contract, dispute: Dispute | None, terms: Terms) -> None:
    if kind == OrderKind.CORRECTION:
        if terms.amount is None:
            raise InvalidInputError({"amount": _("Enter the amount to move.")})
        corrections.check(contract, terms.from_account, terms.to_account, terms.amount)
        return
    if dispute is None:
        if kind == OrderKind.COURT:
            raise UnableToOrderError(_("A court's order needs an open dispute whose money it divides."))
        fraud.check(contract, terms.to_freelancer, terms.to_client)
        return
    if kind == OrderKind.COURT and dispute.state != DisputeState.NON_RESOLUTION:
        raise UnableToOrderError(_("A court's order is entered when the dispute waits in non-resolution."))
    if terms.to_freelancer is None or terms.to_client is None:
        raise InvalidInputError({"to_freelancer": _("Enter both sides' amounts.")})
    split_of(dispute, terms.to_freelancer, terms.to_client)


def _correct(order: AdminOrder, *, actor: Actor, now: datetime) -> None:
    """X1: a balanced entry; history itself is never changed."""
    terms = terms_of(order)
    assert terms.amount is not None  # noqa: S101 - checked by _check
    cause = Cause("X1", "order", order.pk, actor, now, Ground.CORRECTION, note=order.reason[:300])
    corrections.correct(order.contract, cause, terms.from_account, terms.to_account, terms.amount)
    road.ran("X1")


def _resolve(order: AdminOrder, dispute: Dispute, *, actor: Actor, now: datetime) -> None:
    """X2 on an open dispute, or a court's order: the frozen amount is divided as ordered."""
    terms = terms_of(order)
    assert terms.to_freelancer is not None  # noqa: S101 - checked by _check
    assert terms.to_client is not None  # noqa: S101
    court = order.kind == OrderKind.COURT
    resolve_dispute(
        dispute,
        "resolve_by_order",
        ground=Ground.COURT_ORDER if court else Ground.FRAUD_ORDER,
        to_freelancer=terms.to_freelancer,
        to_client=terms.to_client,
        actor=SYSTEM,
        now=now,
        rule_id="A2" if court else "X2",
        payload={"order": order.pk, "proposed_by": order.proposed_by_id, "approved_by": actor.user_id},
    )


def _about(order: AdminOrder) -> UUID:
    return order.dispute_id or order.contract_id


def _note(order: AdminOrder, act: str, *, actor: Actor, now: datetime, reason: str = "") -> None:
    audit.append(
        chain=_about(order),
        rule="X1" if order.kind == OrderKind.CORRECTION else ("A2" if order.kind == OrderKind.COURT else "X2"),
        act=act,
        obj=order,
        actor=actor,
        now=now,
        reason=reason or order.reason,
        payload={
            "kind": order.kind,
            "from": order.from_account,
            "to": order.to_account,
            "amount": order.amount,
            "to_freelancer": order.to_freelancer,
            "to_client": order.to_client,
        },
    )
