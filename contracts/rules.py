"""Pure predicates: (object, actor) -> bool. A milestone or refund request knows its `.contract`."""

from __future__ import annotations

from typing import Any

from contracts.enums import Side
from core.permissions import Actor, ActorKind, StaffRole


def _contract(obj: Any) -> Any:
    return getattr(obj, "contract", obj)


def side_of(obj: Any, actor: Actor) -> Side | None:
    """Which side of the contract the actor acts for, if any."""
    contract = _contract(obj)
    if actor.acts_for(contract.freelancer_account_id):
        return Side.FREELANCER
    if actor.acts_for(contract.client_account_id):
        return Side.CLIENT
    return None


def is_party(obj: Any, actor: Actor) -> bool:
    """Either side."""
    return side_of(obj, actor) is not None


def is_freelancer(obj: Any, actor: Actor) -> bool:
    """Any member of the freelancer's side."""
    return actor.acts_for(_contract(obj).freelancer_account_id)


def is_client(obj: Any, actor: Actor) -> bool:
    """Any member of the client's side."""
    return actor.acts_for(_contract(obj).client_account_id)


def freelancer_moves_money(obj: Any, actor: Actor) -> bool:
    """A member of the freelancer's side who may do acts that move money."""
    return actor.moves_money_for(_contract(obj).freelancer_account_id)


def client_moves_money(obj: Any, actor: Actor) -> bool:
    """A member of the client's side who may do acts that move money."""
    return actor.moves_money_for(_contract(obj).client_account_id)


def party_moves_money(obj: Any, actor: Actor) -> bool:
    """Either side's member who may do acts that move money."""
    return freelancer_moves_money(obj, actor) or client_moves_money(obj, actor)


def system(_obj: Any, actor: Actor) -> bool:
    """Only the system (sweep, wiring, another command's consequence)."""
    return actor.is_system


def gateway(_obj: Any, actor: Actor) -> bool:
    """Only the payment gateway's confirmation, or the system on its behalf."""
    return actor.kind is ActorKind.GATEWAY or actor.is_system


def support(_obj: Any, actor: Actor) -> bool:
    """A support agent."""
    return actor.is_staff(StaffRole.SUPPORT)


def may_see(obj: Any, actor: Actor) -> bool:
    """Both sides; support and admins see contracts; specialists see those of their cases (asked in disputes)."""
    return is_party(obj, actor) or actor.is_staff(StaffRole.SUPPORT, StaffRole.ADMIN, StaffRole.SUPERVISOR)
