"""Blind bids (D19): two secret amounts that settle the dispute when they meet, and leave no trace when not.

Secrecy: a bid's audit entries stand in a chain of its own, no event is published, the case's version does not
move, and the comparison runs daily in every case whether or not there is a bid.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.enums import Ground, Side
from contracts.services.common import same_currency
from core import deadlines, road
from core.errors import InvalidInputError, OutOfTurnError, UnableToError
from core.formatting import format_money
from core.money import Money
from core.permissions import SYSTEM, Actor
from disputes.enums import BidState, ConsentKind, DisputeState
from disputes.events import DisputeFiled, StageChanged
from disputes.locks import lock_dispute
from disputes.models import BlindBid, Dispute, Resolution
from disputes.services import spine
from disputes.services.common import person, see, side_of, stage_end
from disputes.services.texts import bid_text, record_consent

BID_COMPARE = "bid_compare"  # deadline kind; its object is the dispute
BID_STATES = (DisputeState.IN_MEDIATION, DisputeState.NON_RESOLUTION)
NOON = time(12, tzinfo=UTC)
LAST_CALL = timedelta(hours=1)  # before the stage ends


class UnableToBidError(UnableToError):
    """Bids are off, used up, or being compared."""

    code = "no_bid"


def next_comparison(dispute: Dispute, after: datetime) -> datetime | None:
    """The first instant after `after`: daily 12:00 UTC, and one hour before the stage ends. None past the end."""
    day = after.astimezone(UTC).date()
    noon = datetime.combine(day, NOON)
    if noon <= after:
        noon += timedelta(days=1)
    end = stage_end(dispute)
    if end is None:
        return noon
    candidates = [at for at in (noon, end - LAST_CALL) if after < at < end]
    return min(candidates, default=None)


def schedule_comparison(dispute: Dispute, now: datetime) -> None:
    """Start the clock of comparisons for a stage in which bids are possible."""
    if dispute.state not in BID_STATES or not dispute.policy.blind_bidding:
        return
    at = next_comparison(dispute, now)
    if at is not None and deadlines.running(dispute.pk, BID_COMPARE) is None:
        deadlines.schedule(BID_COMPARE, dispute.pk, now=now, due_at=at, contract_id=dispute.contract_id)


def begin_stage(event: DisputeFiled | StageChanged) -> None:
    """Wired to DisputeFiled and StageChanged: a new stage has its own comparisons."""
    schedule_comparison(Dispute.objects.select_related("contract").get(pk=event.dispute_id), event.at)


def bids_of(dispute: Dispute, side: str) -> list[BlindBid]:
    """A side's bids in the present stage, newest first, the given-up ones too (they count)."""
    begun = dispute.non_resolution_at if dispute.state == DisputeState.NON_RESOLUTION else dispute.filed_at
    rows = BlindBid.objects.filter(dispute=dispute, side=side, stage=dispute.state, made_at__gte=begun)
    return list(rows.order_by("-made_at", "-id"))


def seal_bid(*, dispute_id: UUID, amount: Money, consent_version: str, actor: Actor, now: datetime) -> BlindBid:
    """D19: enter `amount`, what the freelancer would get, in secret; replaces the side's sealed bid.

    Entering it is consent to be bound. Raises StrangerError, NotAllowedError, OutOfTurnError, StaleError,
    UnableToBidError (off, used up, being compared), InvalidInputError (amount).
    """
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        road.check(dispute, "bid", actor)
        side = side_of(dispute, actor)
        _open_for_bids(dispute, now)
        if deadlines.running(dispute.pk, BID_COMPARE) is None:
            raise UnableToBidError(_("The last comparison of this stage is over, so an amount would wait for nothing."))
        same_currency(dispute.contract, amount, "amount")
        if not 0 <= amount.amount <= dispute.amount:
            raise InvalidInputError(
                {"amount": _("Enter an amount from 0 to {amount}.").format(amount=format_money(dispute.money))}
            )
        earlier = bids_of(dispute, side.value)
        if len(earlier) >= dispute.policy.blind_bids_per_side:
            raise UnableToBidError(_("Your side has used all {n} entries of this stage.").format(n=len(earlier)))
        record_consent(
            contract=dispute.contract,
            dispute=dispute,
            kind=ConsentKind.BLIND_BID,
            text=bid_text(dispute, amount=amount, side=side.value),
            seen_version=consent_version,
            side=side.value,
            actor=actor,
            now=now,
        )
        bid = BlindBid(
            dispute=dispute,
            side=side,
            stage=dispute.state,
            amount=amount.amount,
            made_by_id=person(actor),
            made_at=now,
        )
        older = _sealed(dispute, side)
        if older is not None:
            road.take(older, "replace", actor=actor, now=now, chain=older.pk)
        bid.save(force_insert=True)
        road.take(dispute, "bid", actor=actor, now=now, chain=bid.pk)
        return bid


def withdraw_bid(*, dispute_id: UUID, actor: Actor, now: datetime) -> None:
    """D19: take the side's sealed bid back, until the comparison. Raises OutOfTurnError when there is none."""
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        road.check(dispute, "bid", actor)
        side = side_of(dispute, actor)
        _open_for_bids(dispute, now)
        bid = _sealed(dispute, side)
        if bid is None:
            raise OutOfTurnError(_("Your side has no entry that waits for a comparison."))
        road.take(bid, "withdraw", actor=actor, now=now, chain=bid.pk)


def _open_for_bids(dispute: Dispute, now: datetime) -> None:
    if not dispute.policy.blind_bidding:
        raise UnableToBidError(_("Sealed amounts are switched off for this case."))
    clock = deadlines.running(dispute.pk, BID_COMPARE)
    if clock is not None and clock.due_at <= now:
        raise UnableToBidError(_("The sealed amounts are being compared right now. Try again in a minute."))
    end = stage_end(dispute)
    if end is not None and end <= now:
        raise UnableToBidError(_("This stage has ended, so sealed amounts can no longer be entered."))


def _sealed(dispute: Dispute, side: Side) -> BlindBid | None:
    bid = (
        BlindBid.objects.select_for_update(of=("self",))
        .filter(dispute=dispute, side=side, state=BidState.SEALED)
        .first()
    )
    if bid is not None:
        bid.dispute = dispute
    return bid


def compare(*, dispute_id: UUID, now: datetime) -> Resolution | None:
    """D19: settle at the midpoint when the freelancer's least is at most the client's most; else do nothing.

    The odd minor unit goes to the freelancer. Returns the resolution, or None.
    """
    dispute = lock_dispute(dispute_id)
    if dispute.state not in BID_STATES:
        return None
    ask, most = _sealed(dispute, Side.FREELANCER), _sealed(dispute, Side.CLIENT)
    road.ran("D19")
    if ask is None or most is None or ask.amount > most.amount:
        return None
    to_freelancer, _rest = Money(ask.amount + most.amount, dispute.currency).halves()
    for bid in (ask, most):
        road.take(bid, "match", actor=SYSTEM, now=now, chain=bid.pk)
    return spine.resolve_dispute(
        dispute,
        "match_bids",
        ground=Ground.JOINT_SETTLEMENT,
        to_freelancer=to_freelancer,
        to_client=dispute.money - to_freelancer,
        actor=SYSTEM,
        now=now,
    )
