"""The two ways a dispute's stage changes, used by every room above: `advance` and `resolve_dispute`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from contracts.enums import AccountCode, Ground
from contracts.ledger.services import Cause
from contracts.services import gate
from contracts.services.gate import Shares
from core import deadlines, road
from core.errors import InvalidInputError
from core.events import publish
from core.formatting import format_money
from core.money import Money
from core.permissions import SYSTEM, Actor
from disputes.enums import Disposition, Route
from disputes.events import DisputeResolved, StageChanged
from disputes.locks import lock_dispute_milestone
from disputes.models import BlindBid, Dispute, EvidenceRequest, Resolution, SettlementOffer


def advance(
    dispute: Dispute,
    transition: str,
    *,
    actor: Actor,
    now: datetime,
    payload: dict[str, Any] | None = None,
    keep_deadlines: tuple[str, ...] = (),
) -> None:
    """Move a locked dispute to another stage; E1 voids what belonged to the old one.

    Every running deadline of the dispute ends, but those of the kinds in `keep_deadlines`; the caller
    then schedules those that start. Publishes StageChanged.
    """
    old = str(dispute.state)
    road.take(dispute, transition, actor=actor, now=now, chain=dispute.pk, payload=payload)
    close_stage(dispute, now=now, keep_deadlines=keep_deadlines)
    publish(
        StageChanged(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, old=old, new=str(dispute.state))
    )


def close_stage(dispute: Dispute, *, now: datetime, keep_deadlines: tuple[str, ...] = ()) -> None:
    """E1: live offer and bids → void, evidence requests closed, the stage's deadlines cancelled."""
    void_negotiation(dispute, now=now, rule_id="E1")
    EvidenceRequest.objects.filter(dispute_id=dispute.pk, closed_at__isnull=True).update(closed_at=now)
    for row in deadlines.running_of(dispute.pk):
        if row.kind.partition(".remind:")[0] not in keep_deadlines:
            deadlines.cancel(dispute.pk, row.kind.partition(".remind:")[0], now=now)
    road.ran("E1")


def void_negotiation(dispute: Dispute, *, now: datetime, rule_id: str) -> None:
    """Void the live offer and the sealed bids (E1, and D8 when the amount changed)."""
    for offer in SettlementOffer.objects.select_for_update(of=("self",)).filter(dispute=dispute, state="pending"):
        offer.dispute = dispute
        road.take(offer, "void", actor=SYSTEM, now=now, chain=dispute.pk, rule_id=rule_id)
        deadlines.cancel(dispute.pk, "offer", now=now)
    for bid in BlindBid.objects.select_for_update(of=("self",)).filter(dispute=dispute, state="sealed"):
        bid.dispute = dispute
        # No audit entry of its own: the parties' record must not show that a bid existed (D19).
        bid.void(now=now)
        bid.save(update_fields=["state", "closed_at"])


def split_of(dispute: Dispute, to_freelancer: Money, to_client: Money) -> Shares:
    """Check a split of the disputed amount. Raises InvalidInputError in words (I4)."""
    if to_freelancer.amount < 0 or to_client.amount < 0:
        raise InvalidInputError({"": _("Neither side's amount can be less than zero.")})
    if to_freelancer + to_client != dispute.money:
        raise InvalidInputError(
            {
                "": _("The two amounts must add up to {amount}, the money held in this case.").format(
                    amount=format_money(dispute.money)
                )
            }
        )
    road.ran("I4")
    return Shares(to_freelancer, to_client)


def resolve_dispute(
    dispute: Dispute,
    transition: str,
    *,
    ground: Ground,
    to_freelancer: Money,
    to_client: Money,
    actor: Actor,
    now: datetime,
    disposition: str = Disposition.REFUND,
    fee_free: Money | None = None,
    payload: dict[str, Any] | None = None,
    rule_id: str | None = None,
) -> Resolution:
    """Pay out the whole frozen amount and close everything that hangs on the dispute (E1, I3, I4).

    The only place that turns a resolution into journal entries. The caller holds the dispute's lock
    (`lock_dispute`). `disposition` counts on an active contract only.
    """
    shares = split_of(dispute, to_freelancer, to_client)
    shares = Shares(shares.to_freelancer, shares.to_client, fee_free)
    milestone = lock_dispute_milestone(dispute) if dispute.route == Route.ACTIVE else None
    found = road.transition_of(dispute, transition)
    rule = rule_id or (found.custom["rule"] if found else "")
    cause = Cause(rule=rule, obj_type="dispute", obj_id=dispute.pk, actor=actor, now=now, ground=ground)
    dispute.resolution_code = ground.value
    old = str(dispute.state)
    road.take(
        dispute,
        transition,
        actor=actor,
        now=now,
        chain=dispute.pk,
        save=("resolution_code",),
        rule_id=rule_id,
        payload={
            "ground": ground.value,
            "to_freelancer": to_freelancer.amount,
            "to_client": to_client.amount,
            "disposition": str(disposition),
            **(payload or {}),
        },
    )
    withdrawn = ground == Ground.DISPUTE_WITHDRAWN
    return_to: AccountCode | None = None
    if dispute.route == Route.ACTIVE:
        if withdrawn:
            return_to = AccountCode(dispute.source)
        elif disposition == Disposition.RETURN:
            return_to = AccountCode.ESCROW_CARRIED
    resolution = Resolution(
        dispute=dispute,
        ground=ground,
        frozen=dispute.amount,
        to_freelancer=to_freelancer.amount,
        to_client=to_client.amount,
        fee_free=fee_free.amount if fee_free else 0,
        disposition=Disposition.RETURN if return_to else Disposition.REFUND,
        resolved_at=now,
    )
    resolution.entry = gate.pay_resolution(dispute.contract, cause, shares, dispute_id=dispute.pk, return_to=return_to)
    resolution.save(force_insert=True)
    if milestone is not None:
        gate.end_dispute_on_milestone(
            milestone,
            cause,
            shares=shares,
            withdrawn=withdrawn,
            carried=dispute.source == AccountCode.ESCROW_CARRIED,
        )
    close_stage(dispute, now=now)
    publish(StageChanged(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, old=old, new="resolved"))
    publish(
        DisputeResolved(
            at=now,
            contract_id=dispute.contract_id,
            dispute_id=dispute.pk,
            ground=ground.value,
            to_freelancer=to_freelancer.amount,
            to_client=to_client.amount,
        )
    )
    gate.close_if_ended(dispute.contract, cause)
    return resolution
