"""The freelancer withdraws the dispute (D10, A4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from contracts.enums import Ground
from core import road
from core.money import Money
from core.permissions import Actor
from disputes.enums import DisputeState
from disputes.locks import lock_dispute
from disputes.models import Resolution
from disputes.services import spine
from disputes.services.common import fresh, in_stage, see


def withdraw_dispute(*, dispute_id: UUID, seen_version: int | None = None, actor: Actor, now: datetime) -> Resolution:
    """D10: as if the client's position had been accepted; A4 once arbitration has begun, before the award.

    Ended contract: the whole amount goes to the client. Active: back where P3 took it from, and the milestone
    stands as before. Held fees go back by wiring. Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError,
    StaleError.
    """
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        arbitrated = dispute.state == DisputeState.IN_ARBITRATION
        act = "withdraw_in_arbitration" if arbitrated else "withdraw"
        road.check(dispute, act, actor)
        in_stage(dispute, now)
        fresh(dispute, seen_version)
        money = dispute.money
        resolution = spine.resolve_dispute(
            dispute,
            act,
            ground=Ground.DISPUTE_WITHDRAWN,
            to_freelancer=Money(0, money.currency),
            to_client=money,
            actor=actor,
            now=now,
        )
        road.ran("D10")
        return resolution
