"""N2–N4: each side's choice and its fee. Who may: a member of the side who may move its money."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from arbitration import clocks, rules
from arbitration.enums import ElectionState, NoticeState
from arbitration.events import ArbitrationDeclined, ArbitrationElected, FeeReceived
from arbitration.locks import lock_elections, lock_notice
from arbitration.models import Election, NonResolutionNotice
from arbitration.services import money
from arbitration.services.consent import election_text
from arbitration.services.defaults import payments_running, run_default
from arbitration.services.filing import open_arbitration
from contracts.enums import PaymentPurpose, Side
from contracts.events import PaymentSettled
from contracts.models import Payment
from contracts.services import payments
from core import road
from core.errors import NotAllowedError, OutOfTurnError, StrangerError
from core.events import publish
from core.permissions import SYSTEM, Actor
from core.road import in_time
from disputes.enums import ConsentKind, DisputeState
from disputes.locks import lock_dispute
from disputes.models import Dispute
from disputes.services.texts import record_consent


def in_time_to_choose(notice: NonResolutionNotice, now: datetime) -> None:
    """N2–N4 and Z3: in time iff now is before the end; after a second rejection there is none (A2).

    Raises TooLateError.
    """
    if notice.election_ends_at is not None:
        in_time(notice.election_ends_at, now, _("The time to choose arbitration"))


def _begin(
    dispute_id: UUID, name: str, actor: Actor, now: datetime
) -> tuple[Dispute, NonResolutionNotice, dict[str, Election], Election]:
    """Lock, then ask in this order: stranger, right, state, time (Z3). Returns the actor's own election last."""
    dispute = lock_dispute(dispute_id)
    if not rules.may_see(dispute, actor):
        raise StrangerError
    side = rules.side_of(dispute, actor)
    if side is None or not rules.party_moves_money(dispute, actor):
        raise NotAllowedError(_("Only the two sides choose, through a member who may move money for them."), act=name)
    notice = lock_notice(dispute)
    if notice is None or dispute.state != DisputeState.NON_RESOLUTION:
        raise OutOfTurnError(
            _(
                "This dispute is {state}, so there is nothing to choose now. Reload the page to see where things stand."
            ).format(state=road.display_state(dispute)),
            act=name,
        )
    elections = lock_elections(notice)
    mine = elections[side]
    if not road.possible(mine, name, actor):
        raise OutOfTurnError(
            _("Your side’s choice stands: {state}. This step is no longer open.").format(
                state=road.display_state(mine)
            ),
            act=name,
        )
    in_time_to_choose(notice, now)
    return dispute, notice, elections, mine


def elect(*, dispute_id: UUID, consent_version: str, actor: Actor, now: datetime) -> Election:
    """N2: choose arbitration; the consent to the binding decision is stored with its text.

    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError, and StaleError when the text that was
    shown (`consent_version`) is not the one in force.
    """
    with transaction.atomic():
        dispute, notice, _both, mine = _begin(dispute_id, "elect", actor, now)
        text = election_text(dispute, notice)
        mine.consent = record_consent(
            contract=dispute.contract,
            dispute=dispute,
            kind=ConsentKind.ARBITRATION,
            text=text,
            seen_version=consent_version,
            side=mine.side,
            actor=actor,
            now=now,
        )
        road.take(
            mine,
            "elect",
            actor=actor,
            now=now,
            chain=dispute.pk,
            save=("consent",),
            payload={"side": mine.side, "consent": mine.consent.pk, "text": text.sha256, "version": text.version},
        )
        publish(
            ArbitrationElected(
                at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, notice_id=notice.pk, side=mine.side
            )
        )
        return mine


def start_fee_payment(*, dispute_id: UUID, actor: Actor, now: datetime) -> Payment:
    """N3: start to pay the side's share; in time iff started before the deadline.

    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError, UnableToPayTwiceError.
    """
    with transaction.atomic():
        dispute, notice, _both, mine = _begin(dispute_id, "start_payment", actor, now)
        fee = dispute.contract.money(notice.fee)
        payment = payments.start_payment(
            contract=dispute.contract,
            purpose=PaymentPurpose.ARB_FEE,
            object_id=mine.pk,
            side=mine.side,
            amount=fee,
            actor=actor,
            now=now,
        )
        mine.payment = payment
        road.take(
            mine,
            "start_payment",
            actor=actor,
            now=now,
            chain=dispute.pk,
            save=("payment",),
            payload={"side": mine.side, "amount": fee.amount, "payment": payment.pk},
        )
        return payment


def decline(*, dispute_id: UUID, actor: Actor, now: datetime) -> Election:
    """N4: decline, for good. Both declined → N5 at once; the other has paid → N6 at once (EARLY_DEFAULT).

    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError.
    """
    with transaction.atomic():
        dispute, notice, elections, mine = _begin(dispute_id, "decline", actor, now)
        road.take(mine, "decline", actor=actor, now=now, chain=dispute.pk, payload={"side": mine.side})
        publish(
            ArbitrationDeclined(
                at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, notice_id=notice.pk, side=mine.side
            )
        )
        _default_early(dispute, notice, elections, now)
        return mine


def fee_settled(event: PaymentSettled) -> None:
    """N3: the gateway confirmed or failed a fee, in the transaction that settled the payment.

    In time and still wanted → held, and A1 when it was the second. Late, or the case moved on → returned at
    once and nothing else changes. Failed → the side may pay again while there is time.
    """
    if event.purpose != PaymentPurpose.ARB_FEE:
        return
    with transaction.atomic():
        notice_id, dispute_id = Election.objects.values_list("notice_id", "notice__dispute_id").get(pk=event.object_id)
        dispute = lock_dispute(dispute_id)
        notice = lock_notice(dispute)
        if notice is None or notice.pk != notice_id or dispute.state != DisputeState.NON_RESOLUTION:
            if event.confirmed:
                _give_back(NonResolutionNotice.objects.get(pk=notice_id), dispute, event)
            return
        elections = lock_elections(notice)
        mine = elections[event.side]
        if event.confirmed:
            if mine.state != ElectionState.AGREED_UNPAID or _waited_too_long(dispute, notice, event.at):
                _give_back(notice, dispute, event)
                return
            _receive(dispute, notice, mine, event)
        if all(e.state == ElectionState.PAID for e in elections.values()):
            if notice.election_ends_at is not None:
                # After a second rejection the clerk names another provider (A2); until then A1 follows at once.
                open_arbitration(dispute, notice, actor=SYSTEM, now=event.at)
            return
        _default_early(dispute, notice, elections, event.at)


def _receive(dispute: Dispute, notice: NonResolutionNotice, mine: Election, event: PaymentSettled) -> None:
    money.hold(mine, dispute.contract.money(event.amount), actor=SYSTEM, now=event.at)
    road.take(
        mine,
        "confirm_payment",
        actor=SYSTEM,
        now=event.at,
        chain=dispute.pk,
        payload={"side": mine.side, "amount": event.amount, "payment": event.payment_id},
    )
    publish(
        FeeReceived(
            at=event.at,
            contract_id=dispute.contract_id,
            dispute_id=dispute.pk,
            notice_id=notice.pk,
            side=mine.side,
            amount=event.amount,
        )
    )


def _waited_too_long(dispute: Dispute, notice: NonResolutionNotice, at: datetime) -> bool:
    """Z3 for the waiting of N3: at its end the default counts, even if the sweep has not run yet."""
    ends = notice.election_ends_at
    return ends is not None and at >= clocks.settling_end(dispute, ends)


def _give_back(notice: NonResolutionNotice, dispute: Dispute, event: PaymentSettled) -> None:
    """Too late, or the case moved on: the money goes back whole and nothing else changes."""
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=event.payment_id)
    payment.contract = notice.dispute.contract = dispute.contract
    payments.return_payment(
        payment=payment, actor=SYSTEM, now=event.at, note="Confirmed after the time to choose arbitration"
    )
    money.tell_returned(notice, event.side, dispute.contract.money(event.amount), now=event.at)
    road.ran("N3")


def _default_early(
    dispute: Dispute, notice: NonResolutionNotice, elections: dict[str, Election], now: datetime
) -> None:
    """Run the default as soon as it can no longer come out otherwise."""
    if notice.state != NoticeState.ISSUED or notice.election_ends_at is None or payments_running(elections):
        return
    states = [elections[side.value].state for side in Side]
    both_declined = states.count(ElectionState.DECLINED) == len(states)
    one_each = sorted(states) == sorted([ElectionState.PAID, ElectionState.DECLINED])
    # The time is over and what was awaited has come or failed (N3).
    waited = notice.settling_since is not None
    if both_declined or waited or (one_each and dispute.policy.early_default):
        run_default(dispute, notice, elections, now=now)
