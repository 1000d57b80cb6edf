"""Settlement offers (D11, D12, N7, A4, Z8). Without prejudice: arbitration never reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.enums import Ground
from contracts.services.common import bounded_text, same_currency
from core import audit, deadlines, road
from core.errors import InvalidInputError, OutOfTurnError, UnableToError
from core.events import Event, publish
from core.money import Money
from core.permissions import SYSTEM, Actor
from core.policy import REMIND_OFFER
from disputes import rules
from disputes.enums import ConsentKind, Disposition, DisputeState, OfferSide, OfferState, Route
from disputes.events import OfferExpired, OfferMade, OfferRejected, OfferWithdrawn
from disputes.locks import lock_dispute, lock_offer
from disputes.models import Dispute, Resolution, SettlementOffer
from disputes.services import spine
from disputes.services.common import NOTE_MAX, fresh, mark_move, person, see, stage_end
from disputes.services.texts import offer_text, record_consent

OFFER = "offer"  # deadline kind; its object is the dispute (one offer is live)

# How an accepted offer ends the dispute, by stage: D12, N7, A4.
SETTLE = {
    DisputeState.IN_MEDIATION: "settle",
    DisputeState.RECOMMENDED: "settle",
    DisputeState.NON_RESOLUTION: "settle_after_notice",
    DisputeState.IN_ARBITRATION: "settle_in_arbitration",
}


class UnableToOfferError(UnableToError):
    """The stage ends now: an offer could not be answered any more."""

    code = "stage_over"


def live_offer(dispute: Dispute) -> SettlementOffer | None:
    """The offer that waits for an answer, locked, if any."""
    offer = (
        SettlementOffer.objects.select_for_update(of=("self",))
        .filter(dispute=dispute, state=OfferState.PENDING)
        .first()
    )
    if offer is not None:
        offer.dispute = dispute
    return offer


def make_offer(
    *,
    dispute_id: UUID,
    to_freelancer: Money,
    to_client: Money,
    disposition: str = Disposition.REFUND,
    note: str = "",
    consent_version: str = "",
    seen_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> SettlementOffer:
    """D11: a split of the whole disputed amount; a counter closes the older one.

    A side's offer is its agreement: `consent_version` names the text its confirm page showed. The specialist
    drafts for both and agrees to nothing. Ends at the earlier of 72 h and the end of the stage (Z8). Publishes
    OfferMade. Raises StrangerError, NotAllowedError, OutOfTurnError, StaleError, UnableToOfferError,
    InvalidInputError (to_freelancer, to_client, disposition, note, "").
    """
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        road.check(dispute, "make_offer", actor)
        fresh(dispute, seen_version)
        party = rules.side_of(dispute, actor)
        side = OfferSide(party.value) if party else OfferSide.SPECIALIST
        _check_shares(dispute, to_freelancer, to_client, disposition)
        words = bounded_text(note, "note", NOTE_MAX)
        expires_at = _expiry(dispute, now)
        if party is not None:
            record_consent(
                contract=dispute.contract,
                dispute=dispute,
                kind=ConsentKind.OFFER,
                text=offer_text(dispute, to_freelancer=to_freelancer, to_client=to_client, disposition=disposition),
                seen_version=consent_version,
                side=party.value,
                actor=actor,
                now=now,
            )
        older = live_offer(dispute)
        if older is not None:
            _replace(older, side, actor, now)
        offer = SettlementOffer(
            dispute=dispute,
            number=SettlementOffer.objects.filter(dispute=dispute).count() + 1,
            side=side,
            to_freelancer=to_freelancer.amount,
            to_client=to_client.amount,
            disposition=disposition,
            note=words,
            made_by_id=person(actor),
            made_at=now,
            expires_at=expires_at,
            freelancer_confirmed_at=now if side == OfferSide.FREELANCER else None,
            client_confirmed_at=now if side == OfferSide.CLIENT else None,
        )
        offer.save(force_insert=True)
        counter = older is not None and older.side != side
        road.take(
            dispute,
            "make_offer",
            actor=actor,
            now=now,
            chain=dispute.pk,
            side=party.value if party else None,
            payload={
                "offer_id": str(offer.pk),
                "number": offer.number,
                "side": side.value,
                "to_freelancer": offer.to_freelancer,
                "to_client": offer.to_client,
                "counter": counter,
                "note": audit.text_digest(words, offer.pk),
            },
        )
        deadlines.schedule(
            OFFER, dispute.pk, now=now, due_at=expires_at, contract_id=dispute.contract_id, remind=REMIND_OFFER
        )
        road.ran("Z8")
        publish(OfferMade(**_about(offer, now), counter=counter))
        return offer


def _check_shares(dispute: Dispute, to_freelancer: Money, to_client: Money, disposition: str) -> None:
    same_currency(dispute.contract, to_freelancer, "to_freelancer")
    same_currency(dispute.contract, to_client, "to_client")
    spine.split_of(dispute, to_freelancer, to_client)
    if disposition not in Disposition.values:
        raise InvalidInputError({"disposition": _("Choose where the client's share goes.")})
    if disposition == Disposition.RETURN and dispute.route != Route.ACTIVE:
        raise InvalidInputError(
            {"disposition": _("This contract has ended, so the client's share can only be refunded.")}
        )


def _expiry(dispute: Dispute, now: datetime) -> datetime:
    latest = now + timedelta(hours=dispute.policy.settlement_offer_hours)
    end = stage_end(dispute)
    if end is None:
        return latest
    if end <= now:
        raise UnableToOfferError(_("This stage ends right now, so nobody could answer the offer."))
    return min(latest, end)


def _replace(older: SettlementOffer, side: OfferSide, actor: Actor, now: datetime) -> None:
    """The newest offer is the only live one: an own older one is taken back, any other is countered."""
    act = "withdraw" if older.side == side else "counter"
    road.take(older, act, actor=actor, now=now, chain=older.dispute_id, payload={"replaced": True})
    deadlines.cancel(older.dispute_id, OFFER, now=now)


def _about(offer: SettlementOffer, now: datetime) -> dict[str, Any]:
    return {
        "at": now,
        "contract_id": offer.dispute.contract_id,
        "dispute_id": offer.dispute_id,
        "offer_id": offer.pk,
        "side": offer.side,
    }


def _open_offer(offer_id: UUID, act: str, actor: Actor, now: datetime) -> SettlementOffer:
    """Lock an offer and ask, in this order: stranger, right, state, time (Z3)."""
    offer = lock_offer(offer_id)
    see(offer.dispute, actor)
    road.check(offer, act, actor)
    road.in_time(offer.expires_at, now, _("The time to answer this offer"))
    return offer


def accept_offer(
    *,
    offer_id: UUID,
    consent_version: str = "",
    seen_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Resolution | None:
    """D12 (N7, A4 by stage): the other side agrees and the split is paid at once.

    A specialist's draft needs both sides; the first agreement is stored in secret and None is returned. With
    `consent_version` the text that was agreed to is kept too. Raises StrangerError, NotAllowedError (own
    offer), OutOfTurnError, TooLateError, StaleError.
    """
    with transaction.atomic():
        offer = _open_offer(offer_id, "accept", actor, now)
        dispute = offer.dispute
        fresh(dispute, seen_version)
        side = rules.side_of(dispute, actor)
        if side is None:  # "accept" asks for a side's money role, so there is one
            raise OutOfTurnError(_("Only the two sides can accept an offer."))
        if consent_version:
            record_consent(
                contract=dispute.contract,
                dispute=dispute,
                kind=ConsentKind.OFFER,
                text=offer_text(
                    dispute,
                    to_freelancer=Money(offer.to_freelancer, dispute.currency),
                    to_client=Money(offer.to_client, dispute.currency),
                    disposition=offer.disposition,
                ),
                seen_version=consent_version,
                side=side.value,
                actor=actor,
                now=now,
            )
        if offer.side == OfferSide.SPECIALIST and not _second_agreement(offer, side.value, actor, now):
            return None
        return _settle(offer, actor, now)


def _second_agreement(offer: SettlementOffer, side: str, actor: Actor, now: datetime) -> bool:
    """Note one side's agreement to a specialist's draft; True when it is the second."""
    own, other = offer.freelancer_confirmed_at, offer.client_confirmed_at
    if side == "client":
        own, other = other, own
    if own is not None:
        raise OutOfTurnError(_("Your side has already agreed to this draft. It waits for the other side."))
    if other is not None:
        return True
    road.take(offer, "confirm", actor=actor, now=now, chain=offer.pk, side=side)
    # Secret until both agreed: a chain of its own, no event, and neither the case's version nor its last
    # reaction moves (`selectors.acted_in_secret` tells it to the guards of D6 and D7).
    return False


def _settle(offer: SettlementOffer, actor: Actor, now: datetime) -> Resolution:
    dispute = offer.dispute
    act = SETTLE[DisputeState(dispute.state)]
    rule = road.check(dispute, act, actor).custom["rule"]
    road.take(offer, "accept", actor=actor, now=now, chain=dispute.pk, payload={"number": offer.number}, rule_id=rule)
    return spine.resolve_dispute(
        dispute,
        act,
        ground=Ground.JOINT_SETTLEMENT,
        to_freelancer=Money(offer.to_freelancer, dispute.currency),
        to_client=Money(offer.to_client, dispute.currency),
        disposition=offer.disposition,
        actor=actor,
        now=now,
        payload={"offer_id": str(offer.pk), "number": offer.number},
    )


def reject_offer(*, offer_id: UUID, actor: Actor, now: datetime) -> SettlementOffer:
    """D11: the other side declines; nothing else changes. Publishes OfferRejected."""
    with transaction.atomic():
        offer = _open_offer(offer_id, "reject", actor, now)
        _close(offer, "reject", actor, now)
        publish(OfferRejected(**_about(offer, now)))
        return offer


def withdraw_offer(*, offer_id: UUID, actor: Actor, now: datetime) -> SettlementOffer:
    """D11: who made the offer takes it back. Publishes OfferWithdrawn."""
    with transaction.atomic():
        offer = _open_offer(offer_id, "withdraw", actor, now)
        _close(offer, "withdraw", actor, now)
        publish(OfferWithdrawn(**_about(offer, now)))
        return offer


def _close(offer: SettlementOffer, act: str, actor: Actor, now: datetime) -> None:
    dispute = offer.dispute
    road.take(offer, act, actor=actor, now=now, chain=dispute.pk, payload={"number": offer.number})
    deadlines.cancel(dispute.pk, OFFER, now=now)
    side = rules.side_of(dispute, actor)
    mark_move(dispute, side.value if side else None, now)


def expire_offer(*, dispute_id: UUID, now: datetime) -> Event | None:
    """Z8: end the live offer whose time is over (the "offer" deadline). Returns the event, or None."""
    dispute = lock_dispute(dispute_id)
    offer = live_offer(dispute)
    if offer is None or offer.expires_at > now:
        return None
    road.take(offer, "expire", actor=SYSTEM, now=now, chain=dispute.pk, payload={"number": offer.number})
    mark_move(dispute, None, now)
    road.ran("Z8")
    event = OfferExpired(**_about(offer, now))
    publish(event)
    return event
