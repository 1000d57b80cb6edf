"""A1–A3: the case goes to the provider, is confirmed, moves on, or comes back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from arbitration import clocks, rules
from arbitration.enums import ArbitrationState, ElectionState, EventState
from arbitration.events import ArbitrationFiled, ArbitrationOpened, ArbitrationProgressed, ProviderRejected
from arbitration.locks import lock_case, lock_elections, lock_notice
from arbitration.models import ArbitrationCase, NonResolutionNotice, ProviderEvent, ProviderRequest
from arbitration.services import money
from arbitration.services.notice import issue_notice
from core import audit, deadlines, outbox, road
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError, UnableToError
from core.events import publish
from core.permissions import SYSTEM, Actor
from disputes.locks import lock_dispute
from disputes.models import Dispute
from disputes.services.spine import advance

SEND_REQUEST = "arbitration.send_request"  # outbox handler
FILE = "file"
SETTLED = "settled"
REASON_MAX = 4000  # characters


class UnableToFileError(UnableToError):
    """The case cannot go to a provider now."""

    code = "not_ready_to_file"


def open_arbitration(
    dispute: Dispute, notice: NonResolutionNotice, *, actor: Actor, now: datetime, provider: str = ""
) -> ArbitrationCase:
    """A1 on locked objects, both sides having paid: → in_arbitration, the request to the provider stored first.

    `provider` names another one than the house's, which is then operated by the clerk, by hand.
    """
    name = provider or settings.ARBITRATION_PROVIDER_NAME
    advance(
        dispute,
        "enter_arbitration",
        actor=SYSTEM,
        now=now,
        payload={"notice": notice.number, "provider": name, "filed_by": actor.user_id},
    )
    road.take(notice, "close", actor=SYSTEM, now=now, chain=dispute.pk)
    case = ArbitrationCase.objects.create(dispute=dispute, notice=notice, provider=name, opened_at=now)
    money.hold_platform_share(notice, actor=actor, now=now)
    if by_wire(case):
        ask_provider(case, FILE, now=now)
    deadlines.schedule(
        clocks.FILING_ALERT,
        dispute.pk,
        now=now,
        due_at=clocks.filing_alert(dispute, now),
        contract_id=dispute.contract_id,
    )
    publish(ArbitrationOpened(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, arbitration_id=case.pk))
    return case


def by_wire(case: ArbitrationCase) -> bool:
    """Whether this provider is reached through the adapter; any other one is operated by the clerk."""
    return case.provider == settings.ARBITRATION_PROVIDER_NAME


def ask_provider(case: ArbitrationCase, verb: str, *, now: datetime) -> ProviderRequest:
    """Store what the provider must be told; the outbox sends it after commit (its id is the idempotency key)."""
    request = ProviderRequest.objects.create(case=case, verb=verb, created_at=now)
    outbox.put(SEND_REQUEST, {"request_id": str(request.pk)}, now=now, ordering_key=str(case.dispute_id))
    return request


def file_with_other_provider(*, dispute_id: UUID, provider: str, actor: Actor, now: datetime) -> ArbitrationCase:
    """A1 after a second rejection (A2): the clerk names another provider; both sides must have chosen and paid.

    Raises StrangerError, NotAllowedError, OutOfTurnError, UnableToFileError, InvalidInputError({"provider": …}).
    """
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        if not rules.may_see(dispute, actor):
            raise StrangerError
        if not rules.clerk(dispute, actor):
            raise NotAllowedError(_("Only an arbitration clerk files a case with another provider."))
        notice = lock_notice(dispute)
        if notice is None or notice.election_ends_at is not None:
            raise OutOfTurnError(_("Another provider comes in only after the provider has rejected a case twice."))
        name = provider.strip()
        if not name or len(name) > 40:  # noqa: PLR2004 - the column's width
            raise InvalidInputError({"provider": _("Name the other provider in 40 characters or fewer.")})
        if name.casefold() == settings.ARBITRATION_PROVIDER_NAME.casefold():
            raise InvalidInputError(
                {"provider": _("{name} has rejected this case twice. Name another provider.").format(name=name)}
            )
        if any(e.state != ElectionState.PAID for e in lock_elections(notice).values()):
            raise UnableToFileError(_("Both sides have to choose arbitration again and pay before the case is filed."))
        return open_arbitration(dispute, notice, actor=actor, now=now, provider=name)


def confirm_filed(*, case_id: UUID, provider_case: str, actor: Actor, now: datetime) -> ArbitrationCase:
    """A1: the provider confirmed: the fees pass on, its 45 days begin (alert only).

    A confirmation of a case that was settled meanwhile is answered with "settled" and moves nothing (A4).
    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError({"provider_case": …}).
    """
    with transaction.atomic():
        case = _case_for(case_id, actor)
        if case.state == ArbitrationState.SETTLED and rules.provider_or_clerk(case, actor):
            _answer_settled(case, now=now)
            return case
        number = provider_case.strip()
        if not number or len(number) > 80:  # noqa: PLR2004 - the column's width
            raise InvalidInputError({"provider_case": _("Give the provider's case number, 80 characters or fewer.")})
        road.take(
            case,
            "submit",
            actor=actor,
            now=now,
            chain=case.dispute_id,
            provider_case=number,
            payload={"provider_case": number},
        )
        ProviderRequest.objects.filter(
            case=case, verb=FILE, cancelled_at__isnull=True, confirmed_at__isnull=True
        ).update(confirmed_at=now)
        case.notice.dispute = case.dispute
        money.pass_on(case.notice, actor=actor, now=now)
        deadlines.cancel(case.dispute_id, clocks.FILING_ALERT, now=now)
        deadlines.schedule(
            clocks.PROVIDER_SLA,
            case.dispute_id,
            now=now,
            due_at=clocks.provider_sla(case.dispute, now),
            contract_id=case.dispute.contract_id,
        )
        publish(ArbitrationFiled(**_told(case, now)))
        return case


def _answer_settled(case: ArbitrationCase, *, now: datetime) -> None:
    """A4: once, however often the confirmation comes."""
    if by_wire(case) and not case.requests.filter(verb=SETTLED, cancelled_at__isnull=True).exists():
        ask_provider(case, SETTLED, now=now)


def note_progress(
    *, case_id: UUID, step: str, actor: Actor, now: datetime, message: ProviderEvent | None = None
) -> ArbitrationCase:
    """A3: a step of the provider (response, rebuttal, question, hearing), in its words.

    `message` is the stored webhook; a clerk's entry by hand is stored the same way. The record holds the digest.
    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError({"step": …}).
    """
    with transaction.atomic():
        case = _case_for(case_id, actor)
        _permitted(case, "progress", actor)
        said = step.strip()
        if not said or len(said) > 200:  # noqa: PLR2004 - one line on a timeline
            raise InvalidInputError({"step": _("Say in 200 characters or fewer what the provider has done.")})
        source = message or _by_hand(case, said, now)
        road.take(
            case,
            "progress",
            actor=actor,
            now=now,
            chain=case.dispute_id,
            payload={"message": source.pk, "step": audit.text_digest(said, source.pk)},
        )
        publish(ArbitrationProgressed(**_told(case, now), step=said))
        return case


def _by_hand(case: ArbitrationCase, step: str, now: datetime) -> ProviderEvent:
    event_id = f"hand-{uuid4().hex}"
    return ProviderEvent.objects.create(
        event_id=event_id,
        kind="case.progress",
        case_reference=str(case.pk),
        body=json.dumps({"id": event_id, "type": "case.progress", "data": {"step": step}}),
        received_at=now,
        state=EventState.APPLIED,
        applied_at=now,
        note="Entered by a clerk.",
    )


def reject_by_provider(*, case_id: UUID, reason: str, actor: Actor, now: datetime) -> ArbitrationCase:
    """A2: the provider rejects before the award: fees back to each payer, held or already passed on.

    The first time a new notice with a fresh 7 days follows. From the second on no default runs: the money stays
    frozen, clerk and supervisor are told every 5 business days, and the sides may still settle.
    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError({"reason": …}).
    """
    with transaction.atomic():
        case = _case_for(case_id, actor)
        _permitted(case, "reject", actor)
        said = reason.strip()
        if not said or len(said) > REASON_MAX:
            raise InvalidInputError(
                {
                    "reason": _("Give the provider's reason in {n} characters or fewer.").format(
                        n=number_format(REASON_MAX, force_grouping=True)
                    )
                }
            )
        passed_on = case.submitted_at is not None
        case.reject_reason = said
        road.take(
            case,
            "reject",
            actor=actor,
            now=now,
            chain=case.dispute_id,
            save=("reject_reason",),
            payload={"reason": audit.text_digest(said, case.pk)},
        )
        cancel_filing(case, now=now)
        dispute, notice = case.dispute, case.notice
        notice.dispute = dispute
        money.return_held(notice, "A2", actor=actor, now=now)
        if passed_on:
            money.take_back(notice, actor=actor, now=now)
        advance(dispute, "return_from_provider", actor=SYSTEM, now=now, payload={"arbitration": case.pk})
        times = dispute.arbitrations.filter(state=ArbitrationState.PROVIDER_REJECTED).count()
        issue_notice(dispute, now=now, open_ended=times > 1)
        if times > 1:
            deadlines.schedule(
                clocks.PROVIDER_REJECTED_ALERT,
                dispute.pk,
                now=now,
                due_at=clocks.rejected_alert(dispute, now),
                contract_id=dispute.contract_id,
            )
        publish(ProviderRejected(**_told(case, now), times=times))
        return case


def cancel_filing(case: ArbitrationCase, *, now: datetime) -> None:
    """Cancel, under the lock, what the provider has not confirmed: the sender leaves a cancelled row alone."""
    ProviderRequest.objects.filter(case=case, verb=FILE, confirmed_at__isnull=True, cancelled_at__isnull=True).update(
        cancelled_at=now
    )


def _case_for(case_id: UUID, actor: Actor) -> ArbitrationCase:
    case = lock_case(case_id)
    if actor.is_person and not rules.may_see(case.dispute, actor):
        raise StrangerError
    return case


def _permitted(case: ArbitrationCase, name: str, actor: Actor) -> None:
    """Right and state before the values that were typed."""
    if not road.permitted(case, name, actor):
        raise NotAllowedError(_("Only the arbitration clerk or the provider does this."), act=name)
    if not road.possible(case, name, actor):
        raise OutOfTurnError(
            _("This arbitration is {state}, so this step is no longer open.").format(state=road.display_state(case)),
            act=name,
        )


def _told(case: ArbitrationCase, now: datetime) -> dict[str, Any]:
    return {
        "at": now,
        "contract_id": case.dispute.contract_id,
        "dispute_id": case.dispute_id,
        "arbitration_id": case.pk,
    }
