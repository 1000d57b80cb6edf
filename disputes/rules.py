"""Pure predicates on disputes: (object, actor) -> bool. Every object here knows its `.contract`.

Specialists: `obj.dispute_specialist_id` is the assigned specialist, copied onto the dispute so that
no rule needs a query and `disputes` need not know `mediation`.
"""

from __future__ import annotations

from typing import Any

from contracts import rules as contract_rules
from core.permissions import Actor, StaffRole

is_party = contract_rules.is_party
is_client = contract_rules.is_client
is_freelancer = contract_rules.is_freelancer
client_moves_money = contract_rules.client_moves_money
freelancer_moves_money = contract_rules.freelancer_moves_money
party_moves_money = contract_rules.party_moves_money
system = contract_rules.system
support = contract_rules.support
side_of = contract_rules.side_of


def _dispute(obj: Any) -> Any:
    return getattr(obj, "dispute", obj)


def is_assigned(obj: Any, actor: Actor) -> bool:
    """The assigned mediation specialist, and nobody else's."""
    dispute = _dispute(obj)
    return (
        actor.is_person
        and dispute.specialist_id is not None
        and actor.user_id == dispute.specialist_id
        and actor.is_staff(StaffRole.SPECIALIST, StaffRole.SUPERVISOR)
        and not is_party(dispute, actor)
    )


def is_assigned_or_system(obj: Any, actor: Actor) -> bool:
    """The assigned specialist, or the system by D17 or AUTO_CLOSE_UNRESPONSIVE."""
    return actor.is_system or is_assigned(obj, actor)


def party_or_assigned(obj: Any, actor: Actor) -> bool:
    """Either side or the assigned specialist."""
    return is_party(_dispute(obj), actor) or is_assigned(obj, actor)


def supervisor(obj: Any, actor: Actor) -> bool:
    """A supervisor who is no party of this case."""
    return actor.is_staff(StaffRole.SUPERVISOR) and not is_party(_dispute(obj), actor)


def supervisor_or_system(obj: Any, actor: Actor) -> bool:
    """A supervisor, or the automatic assignment."""
    return actor.is_system or supervisor(obj, actor)


def clerk_or_system(obj: Any, actor: Actor) -> bool:
    """An arbitration clerk who is no party of this case, or the system on the provider's behalf."""
    return actor.is_system or (actor.is_staff(StaffRole.CLERK) and not is_party(_dispute(obj), actor))


def may_see(obj: Any, actor: Actor) -> bool:
    """Parties, the assigned specialist, supervisors, clerks and admins; support sees cases it opened."""
    dispute = _dispute(obj)
    if is_party(dispute, actor) or is_assigned(dispute, actor):
        return True
    if actor.is_staff(StaffRole.SUPERVISOR, StaffRole.ADMIN):
        return True
    if actor.is_staff(StaffRole.CLERK):
        return dispute.state in {"non_resolution", "in_arbitration", "resolved"}
    return (
        actor.is_staff(StaffRole.SUPPORT) and dispute.opened_by_id is not None and dispute.opened_by_id == actor.user_id
    )
