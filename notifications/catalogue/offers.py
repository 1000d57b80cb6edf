"""Notices about offers (D11, D12). Blind bids (D19) tell nobody anything."""

from __future__ import annotations

from django.utils.translation import gettext as _

from contracts.enums import Side
from core.events import Event
from disputes import events as e
from notifications.catalogue.base import EVERYBODY, Entry, Spec
from notifications.catalogue.disputes import see
from notifications.scene import Reader, Scene, Telling, Words, nothing_to_do


def offer_goes_on() -> str:
    """What follows when nobody answers an offer."""
    return _("The offer ends, and the dispute goes on as before.")


def _as_before() -> str:
    return _("The dispute goes on as before.")


def _offered(*, counter: bool) -> Words:
    def words(scene: Scene, event: e.OfferMade, to: Reader) -> Telling | None:
        if event.counter != counter or to.side == event.side or scene.offer is None:
            return None
        return _offer_for(scene, event, to) if to.side else _offer_for_staff(scene, event, to)

    return words


def _offer_for(scene: Scene, event: e.OfferMade, to: Reader) -> Telling | None:
    offer = scene.offer
    if offer is None:
        return None
    both = event.side == "specialist"
    mine, theirs = offer.to_freelancer, offer.to_client
    if to.side == Side.CLIENT:
        mine, theirs = theirs, mine
    more = []
    if to.side == Side.FREELANCER:
        net = scene.net(offer.to_freelancer)
        more.append(scene.say(_("{net} would reach your balance, after the service fee."), net=net))
    if both:
        more.append(_("It counts only when both sides accept; until then nobody learns what the other answered."))
    return Telling(
        title=scene.say(
            _("{name} suggests: {mine} for you, {theirs} for {other}")
            if both
            else _("{name} offers: {mine} for you, {theirs} for {other}"),
            name=scene.name(event.side),
            mine=scene.money(mine),
            theirs=scene.money(theirs),
            other=scene.other(to.side),
        ),
        may_do=_("Accept it, decline it, or make an offer of your own."),
        until=offer.expires_at,
        otherwise=offer_goes_on(),
        details=" ".join(more),
        **see(scene, to),
    )


def _offer_for_staff(scene: Scene, event: e.OfferMade, to: Reader) -> Telling | None:
    if event.side == "specialist" or scene.offer is None:
        return None
    return Telling(
        title=scene.say(_("{name} makes an offer in {number}"), name=scene.name(event.side)),
        until=scene.offer.expires_at,
        otherwise=_("The offer ends, and mediation goes on."),
        **see(scene, to),
    )


def _rejected(scene: Scene, event: e.OfferRejected, to: Reader) -> Telling | None:
    if to.side and event.side in Side.values and to.side != event.side:
        return None
    return Telling(
        title=scene.say(_("The offer in {number} is declined")),
        may_do=_("Make another offer, or go on in another way."),
        until=scene.due("mediation_end"),
        otherwise=_as_before(),
        **see(scene, to),
    )


def _offer_withdrawn(scene: Scene, event: e.OfferWithdrawn, to: Reader) -> Telling | None:
    if to.side == event.side:
        return None
    return Telling(
        title=scene.say(_("{name} takes the offer in {number} back"), name=scene.name(event.side)),
        may_do=_("You can make an offer yourself.") if to.side else nothing_to_do(),
        otherwise=_as_before(),
        **see(scene, to),
    )


def _offer_expired(scene: Scene, _event: e.OfferExpired, to: Reader) -> Telling:
    return Telling(
        title=scene.say(_("The offer in {number} has ended without an answer")),
        may_do=_("You can make another offer.") if to.side else nothing_to_do(),
        otherwise=_as_before(),
        **see(scene, to),
    )


CATALOGUE: dict[type[Event], Entry] = {
    e.OfferMade: Entry(
        (
            Spec("offer_made", EVERYBODY, _offered(counter=False)),
            Spec("offer_countered", EVERYBODY, _offered(counter=True)),
        )
    ),
    e.OfferRejected: Entry((Spec("offer_ended", EVERYBODY, _rejected),)),
    e.OfferWithdrawn: Entry((Spec("offer_ended", EVERYBODY, _offer_withdrawn),)),
    e.OfferExpired: Entry((Spec("offer_ended", EVERYBODY, _offer_expired),)),
}
