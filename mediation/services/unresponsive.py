"""A side that does not react (D6, D7): the guards, the button, and the reminder that it may be pressed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.enums import Ground, Side
from core import deadlines, road
from core.errors import InvalidInputError, UnableToError
from core.events import publish
from core.money import zero
from core.permissions import SYSTEM
from core.road import in_time
from disputes.enums import DisputeState
from disputes.selectors import acted_in_secret
from disputes.services import spine
from mediation import clocks, selectors
from mediation.events import UnresponsiveReady
from mediation.locks import lock_case
from mediation.models import ContactAttempt, MediationCase
from mediation.services.common import require_declared, see

if TYPE_CHECKING:
    from core.deadlines import Firing
    from core.permissions import Actor
    from disputes.models import Dispute, Resolution

TRANSITIONS = {Side.CLIENT: "close_client_unresponsive", Side.FREELANCER: "close_freelancer_unresponsive"}
GROUNDS = {Side.CLIENT: Ground.CLIENT_UNRESPONSIVE, Side.FREELANCER: Ground.FREELANCER_UNRESPONSIVE}


class UnableToCloseUnresponsiveError(UnableToError):
    """A guard of D6 or D7 does not hold; `values["missing"]` lists all that do not."""

    code = "guards"


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition of a step: a sentence, whether it holds, and the row of the record that shows it."""

    text: str
    holds: bool
    evidence: str = ""
    at: datetime | None = None
    # Form field the condition belongs to, "" for the case as a whole.
    field: str = ""


def silent_side(dispute: Dispute) -> Side | None:
    """Whose silence counts now: the client's until a first reaction, the freelancer's after D4."""
    if dispute.client_reacted_at is None:
        return Side.CLIENT
    if dispute.client_answered_at is not None and dispute.freelancer_reacted_at is None:
        return Side.FREELANCER
    return None


def counted_attempts(case: MediationCase, side: Side) -> list[ContactAttempt]:
    """Attempts to a side that count: each at least the spacing after the counted one before it.

    Attempts to the freelancer count from D4 on: before it there was nothing to answer.
    """
    since = _since(case, side)
    if since is None:
        return []
    return spaced(case, case.attempts.filter(side=side, made_at__gte=since).order_by("made_at", "id"))


def spaced(case: MediationCase, attempts: Iterable[ContactAttempt]) -> list[ContactAttempt]:
    """Of attempts to one side, oldest first, those that are far enough from the counted one before."""
    settings = case.dispute.policy
    counted: list[ContactAttempt] = []
    for attempt in attempts:
        spacing = settings.contact_attempts_spacing_business_days
        if not counted or settings.business_days_after(counted[-1].made_at, spacing) <= attempt.made_at:
            counted.append(attempt)
    return counted


def closes_at(case: MediationCase, side: Side, attempts: Iterable[ContactAttempt]) -> datetime | None:
    """From when D6 or D7 may close the case if this side stays silent; None while attempts are missing.

    `attempts`: all attempts to this side that count from its start on, oldest first.
    """
    settings, rows = case.dispute.policy, list(attempts)
    over = window_end(case, side)
    if over is None or len(spaced(case, rows)) < settings.contact_attempts_min:
        return None
    rested = settings.business_days_after(rows[-1].made_at, settings.contact_attempts_spacing_business_days)
    return min(max(over, rested), case.ends_at)


def counts_from(case: MediationCase, side: Side) -> datetime | None:
    """From when attempts to a side count: the filing, or for the freelancer the client's answer."""
    return _since(case, side)


def window_end(case: MediationCase, side: Side) -> datetime | None:
    """When a side's time to react is over; the freelancer's starts with the client's answer (D7)."""
    if side == Side.CLIENT:
        return case.client_answer_due_at
    answered, settings = case.dispute.client_answered_at, case.dispute.policy
    if answered is None:
        return None
    return settings.business_days_after(answered, settings.client_answer_business_days)


def guards(case: MediationCase, side: Side, *, now: datetime) -> list[Guard]:
    """Every condition of D6 (client) or D7 (freelancer) that may be shown, with what shows it.

    A sealed amount is a reaction too, but no line may tell of it (D19): `all_hold` and the button ask for it last.
    """
    dispute, settings = case.dispute, case.dispute.policy
    reacted = dispute.client_reacted_at if side == Side.CLIENT else dispute.freelancer_reacted_at
    over = window_end(case, side)
    counted = counted_attempts(case, side)
    least = settings.contact_attempts_min
    spacing = settings.contact_attempts_spacing_business_days
    rested = _rested(case, side)
    found = [Guard(_("The dispute is in mediation."), dispute.state == DisputeState.IN_MEDIATION)]
    if side == Side.FREELANCER:
        answered = dispute.client_answered_at
        found.append(Guard(_("The client has contested the claim."), answered is not None, at=answered))
    objection = selectors.open_objection(case)
    return [
        *found,
        Guard(
            _("The client has not reacted since the dispute was filed.")
            if side == Side.CLIENT
            else _("The freelancer has not reacted since the dispute was filed."),
            reacted is None,
            _("Last reaction") if reacted else _("No reaction on record"),
            reacted,
        ),
        Guard(
            _("The time to answer is over."),
            over is not None and now >= over,
            _("Ends") if over and now < over else _("Ended") if over else _("Not started"),
            over,
        ),
        Guard(
            _("At least {n} contact attempts, each {spacing} business days after the one before.").format(
                n=least, spacing=spacing
            ),
            len(counted) >= least,
            _("{n} of {least}").format(n=len(counted), least=least),
            counted[-1].made_at if counted else None,
        ),
        Guard(
            ngettext(
                "{n} business day has passed since the last attempt.",
                "{n} business days have passed since the last attempt.",
                spacing,
            ).format(n=spacing),
            rested is not None and now >= rested,
            _("From") if rested else _("No attempt yet"),
            rested,
        ),
        Guard(
            _("No objection to the specialist is open."),
            objection is None,
            _("Waits for a supervisor") if objection else _("None"),
            objection.made_at if objection else None,
        ),
    ]


def all_hold(case: MediationCase, side: Side, *, now: datetime) -> bool:
    """Whether D6 or D7 may run now."""
    return all(guard.holds for guard in guards(case, side, now=now)) and not acted_in_secret(case.dispute, side)


def close_unresponsive(*, dispute_id: UUID, side: str, actor: Actor, now: datetime) -> Resolution:
    """D6: the client never reacted, the whole amount goes to the freelancer. D7: the mirror, to the client.

    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError, UnableToActUndeclaredError,
    UnableToCloseUnresponsiveError (guards that do not hold), InvalidInputError.
    """
    with transaction.atomic():
        case = lock_case(dispute_id)
        see(case, actor)
        if side not in Side.values:
            raise InvalidInputError({"side": _("Choose which side does not react.")})
        which = Side(side)
        road.check(case.dispute, TRANSITIONS[which], actor)
        require_declared(case, actor)
        in_time(case.ends_at, now, _("The mediation period"))
        missing = [g.text for g in guards(case, which, now=now) if not g.holds]
        if missing:
            raise UnableToCloseUnresponsiveError(
                _("This is not possible yet. Missing: {what}").format(what=missing[0]), missing=missing
            )
        if acted_in_secret(case.dispute, which):
            raise UnableToCloseUnresponsiveError(
                _("The case cannot be closed for silence. Go on with the mediation."), missing=[]
            )
        return _resolve(case, which, actor=actor, now=now)


def close_by_system(case: MediationCase, side: Side, *, now: datetime) -> Resolution:
    """D6 or D7 by the system (AUTO_CLOSE_UNRESPONSIVE, D17): the caller has checked the guards under the lock."""
    return _resolve(case, side, actor=SYSTEM, now=now)


def watch(case: MediationCase, *, now: datetime) -> None:
    """Set or move the instant at which the guards first hold; called after every attempt and reply."""
    dispute = case.dispute
    deadlines.cancel(dispute.pk, clocks.UNRESPONSIVE_READY, now=now)
    side = silent_side(dispute)
    if side is None or dispute.state != DisputeState.IN_MEDIATION:
        return
    over, rested = window_end(case, side), _rested(case, side)
    enough = len(counted_attempts(case, side)) >= dispute.policy.contact_attempts_min
    if over is not None and rested is not None and enough:
        ready = max(over, rested, now)
        # At or after the end of the period D17 asks the same guards itself.
        if ready < case.ends_at:
            clocks.start(dispute, clocks.UNRESPONSIVE_READY, now=now, due_at=ready)


def ready(firing: Firing) -> None:
    """The guards hold: the specialist is told that the button may be pressed, or the system closes (setting)."""
    case = lock_case(firing.object_id)
    dispute, now = case.dispute, firing.now
    side = silent_side(dispute)
    if side is None or not all_hold(case, side, now=now) or not deadlines.claim(firing):
        return
    if dispute.policy.auto_close_unresponsive and now < case.ends_at:
        close_by_system(case, side, now=now)
    else:
        publish(UnresponsiveReady(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, side=side))


def _since(case: MediationCase, side: Side) -> datetime | None:
    return case.opened_at if side == Side.CLIENT else case.dispute.client_answered_at


def _rested(case: MediationCase, side: Side) -> datetime | None:
    """The spacing after the last attempt of any kind."""
    settings, since = case.dispute.policy, _since(case, side)
    if since is None:
        return None
    last = case.attempts.filter(side=side, made_at__gte=since).order_by("-made_at").first()
    if last is None:
        return None
    return settings.business_days_after(last.made_at, settings.contact_attempts_spacing_business_days)


def _resolve(case: MediationCase, side: Side, *, actor: Actor, now: datetime) -> Resolution:
    dispute = case.dispute
    nothing = zero(dispute.currency)
    shares = (dispute.money, nothing) if side == Side.CLIENT else (nothing, dispute.money)
    return spine.resolve_dispute(
        dispute,
        TRANSITIONS[side],
        ground=GROUNDS[side],
        to_freelancer=shares[0],
        to_client=shares[1],
        actor=actor,
        now=now,
        payload={
            "attempts": [attempt.pk for attempt in counted_attempts(case, side)],
            "window_ended": window_end(case, side),
        },
    )
