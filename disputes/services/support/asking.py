"""The freelancer asks Customer Support for a case, or takes the request back (P1, P5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts import rules as contract_rules
from contracts.enums import MessageKind, Side
from contracts.events import ContractEnded, MilestonePaid
from contracts.locks import lock_contract
from contracts.models import Contract, Message, Milestone
from contracts.services import gate
from contracts.services.common import same_currency, touch
from core import audit, policy, road
from core.errors import InvalidInputError, NotAllowedError, StrangerError
from core.events import publish
from core.formatting import format_money
from core.money import Money
from core.permissions import SYSTEM, Actor
from core.uploads import CheckedUpload
from disputes.enums import SUPPORT_OPEN, ActiveReason, ConsentKind, Route
from disputes.events import SupportRequested
from disputes.locks import lock_support_request
from disputes.models import Dispute, SupportRequest
from disputes.services import evidence as exhibits
from disputes.services.common import DETAILS_MIN, SHOWS_MAX, long_text, person
from disputes.services.filing import DETAILS_MISSING
from disputes.services.support import record
from disputes.services.support.checklist import UnableToAskSupportError, guards, source_of
from disputes.services.support.common import ended, let_go, lock_for, start_reply_clock, take
from disputes.services.texts import record_consent, support_text


def ask_support(
    *,
    contract_id: UUID,
    milestone_id: UUID,
    reason: str,
    amount: Money,
    details: str,
    attested: bool,
    message_ids: Sequence[UUID],
    consent_version: str,
    uploads: Sequence[exhibits.Upload] = (),
    actor: Actor,
    now: datetime,
) -> SupportRequest:
    """P1: ask Customer Support to open a case on an active contract (S12, S13).

    The money named cannot be carried over or used for another milestone meanwhile. The platform's own record
    is attached for the agent and blocks nothing. Files go to a draft of the dispute. Publishes
    SupportRequested. Raises StrangerError, NotAllowedError, UnableToAskSupportError, StaleError,
    InvalidInputError (milestone, reason, amount, details, attested, messages, file).
    """
    ready = [exhibits.receive(upload) for upload in uploads]
    with transaction.atomic():
        contract = lock_contract(contract_id)
        if not contract_rules.may_see(contract, actor):
            raise StrangerError
        if not contract_rules.freelancer_moves_money(contract, actor):
            raise NotAllowedError(
                _("Only the freelancer's side can ask for a case; in an agency, an owner or a case manager.")
            )
        milestone = Milestone.objects.select_for_update(of=("self",)).filter(pk=milestone_id, contract=contract).first()
        if milestone is None:
            raise InvalidInputError({"milestone": _("Choose a milestone of this contract.")})
        milestone.contract = contract
        if SupportRequest.objects.filter(contract=contract, state__in=SUPPORT_OPEN).exists():
            raise UnableToAskSupportError(
                _("A request to Customer Support is already open on this contract. Add to it, or withdraw it first.")
            )
        rules_now = policy.for_case(contract.policy, amount)
        words, most = _checked(contract, milestone, reason, amount, details, attested, rules_now.evidence_text_chars)
        messages = _to_client(contract, message_ids)
        request = SupportRequest(
            contract=contract,
            milestone=milestone,
            reason=reason,
            amount=amount.amount,
            details=words,
            attested=attested,
            record=record.of(milestone, now=now),
            policy_data=rules_now.to_json(),
            asked_by_id=person(actor),
            asked_at=now,
        )
        request.dispute = _draft(request, ready, actor, now)
        request.save(force_insert=True)
        request.contact_messages.set(messages)
        record_consent(
            contract=contract,
            dispute=request.dispute,
            kind=ConsentKind.SUPPORT_REQUEST,
            text=support_text(contract, milestone=str(milestone), most=most),
            seen_version=consent_version,
            side=Side.FREELANCER,
            actor=actor,
            now=now,
        )
        gate.name_money(contract, amount, source_of(reason))
        audit.append(
            chain=contract.pk,
            rule="P1",
            act="ask_support",
            obj=request,
            actor=actor,
            now=now,
            new_state=str(request.state),
            payload={
                "amount": amount.amount,
                "reason": reason,
                "milestone": milestone.number,
                "details": audit.text_digest(words, request.pk),
            },
        )
        road.ran("P1")
        start_reply_clock(request, now)
        touch(contract, now=now)
        publish(SupportRequested(at=now, contract_id=contract.pk, support_request_id=request.pk))
        return request


def _checked(
    contract: Contract,
    milestone: Milestone,
    reason: str,
    amount: Money,
    details: str,
    attested: bool,  # noqa: FBT001 - the tick itself
    longest: int,
) -> tuple[str, Money]:
    same_currency(contract, amount, "amount")
    found = guards(contract, milestone, reason)
    failed = found.failed()
    if failed:
        raise UnableToAskSupportError(failed[0].refusal)
    errors: dict[str, str] = {}
    if not 0 < amount.amount <= found.most.amount:
        low = format_money(Money(1, amount.currency))
        errors["amount"] = _("Enter an amount between {low} and {most}, the money concerned.").format(
            low=low, most=format_money(found.most)
        )
    words = ""
    try:
        words = long_text(details, "details", least=DETAILS_MIN, most=longest, what=DETAILS_MISSING)
    except InvalidInputError as error:
        errors |= error.fields
    if not attested:
        errors["attested"] = _("Tick the box if you contacted the client. If you did not, write to the client first.")
    if errors:
        raise InvalidInputError(errors)
    return words, found.most


def _to_client(contract: Contract, message_ids: Sequence[UUID]) -> list[Message]:
    """The messages that show the contact: written by the freelancer's side in this contract's thread (S11)."""
    wanted = set(message_ids)
    found = list(
        Message.objects.filter(pk__in=wanted, contract=contract, kind=MessageKind.PERSON, side=Side.FREELANCER)
    )
    if not found or len(found) != len(wanted):
        raise InvalidInputError({"messages": _("Choose at least one message that your side wrote to the client.")})
    return found


def _draft(request: SupportRequest, uploads: Sequence[CheckedUpload], actor: Actor, now: datetime) -> Dispute:
    """Prepare the dispute that P3 would file; it holds the freelancer's files until then."""
    contract = request.contract
    draft = Dispute(
        contract=contract,
        milestone=request.milestone,
        route=Route.ACTIVE,
        currency=contract.currency,
        amount=request.amount,
        source=source_of(request.reason),
        policy_data=request.policy_data,
        created_by_id=person(actor),
        created_at=now,
    )
    draft.save(force_insert=True)
    for upload in uploads:
        exhibits.attach(
            draft,
            upload,
            kind="other",
            shows=f"Sent with the request to Customer Support: {upload.name}"[:SHOWS_MAX],
            confidentiality="shared",
            side=Side.FREELANCER,
            actor=actor,
            now=now,
        )
    return draft


def withdraw_support(*, request_id: UUID, actor: Actor, now: datetime) -> SupportRequest:
    """P5: the freelancer takes the request back. Publishes SupportEnded."""
    with transaction.atomic():
        request = lock_for(request_id, "withdraw", actor)
        take(request, "withdraw", actor, now)
        let_go(request, now)
        ended(request, "withdrawn", now)
        return request


def become_moot(event: ContractEnded | MilestonePaid) -> None:
    """P5, edge case 5: the contract ended, or the milestone was paid in full. Wired to both events."""
    found = SupportRequest.objects.filter(contract_id=event.contract_id, state__in=SUPPORT_OPEN)
    if isinstance(event, MilestonePaid):
        found = found.filter(milestone_id=event.milestone_id, reason=ActiveReason.REFUSED_RELEASE)
    for pk in list(found.values_list("pk", flat=True)):
        request = lock_support_request(pk)
        take(request, "become_moot", SYSTEM, event.at)
        let_go(request, event.at)
        ended(request, "moot", event.at)
