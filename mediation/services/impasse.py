"""Both sides declare that they cannot agree, and skip the rest of mediation (D18)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import road
from core.errors import NotAllowedError, UnableToError
from core.events import publish
from core.road import in_time
from disputes.services import spine
from mediation import rules
from mediation.events import ImpasseDeclared, MediationFailed
from mediation.locks import lock_case
from mediation.models import ImpasseDeclaration
from mediation.services.common import see

if TYPE_CHECKING:
    from datetime import datetime

    from core.permissions import Actor


class UnableToDeclareTwiceError(UnableToError):
    """This side has already declared."""

    code = "declared"


def declare_impasse(*, dispute_id: UUID, actor: Actor, now: datetime) -> ImpasseDeclaration:
    """D18: one side's declaration, shown to the other; the second one ends mediation with the Notice.

    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError, UnableToDeclareTwiceError.
    """
    with transaction.atomic():
        case = lock_case(dispute_id)
        dispute = case.dispute
        see(case, actor)
        road.check(dispute, "declare_impasse", actor)
        side = rules.side_of(dispute, actor)
        if side is None or actor.user_id is None:
            raise NotAllowedError(_("Only the two sides declare that they cannot agree."))
        in_time(case.ends_at, now, _("The mediation period"))
        declared = list(case.impasses.values_list("side", flat=True))
        if side in declared:
            raise UnableToDeclareTwiceError(_("Your side has already declared that it sees no agreement."))
        row = ImpasseDeclaration(case=case, side=side, declared_by_id=actor.user_id, declared_at=now)
        road.take(
            dispute,
            "declare_impasse",
            actor=actor,
            now=now,
            chain=dispute.pk,
            payload={"declaration": row.pk, "side": side},
            side=side,
        )
        row.save(force_insert=True)
        if declared:
            spine.advance(dispute, "skip_ahead", actor=actor, now=now)
            publish(MediationFailed(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, cause="D18"))
        else:
            publish(ImpasseDeclared(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, side=side))
        return row
