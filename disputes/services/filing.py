"""Filing on an ended contract: the draft of the wizard, then R3 and D1 in one act (S05–S08)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from contracts import rules as contract_rules
from contracts.enums import Side
from contracts.events import RefundClosed
from contracts.locks import lock_refund_request
from contracts.models import Contract, RefundRequest
from contracts.services import refunds
from contracts.services.common import touch
from core import policy, road
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError
from core.events import publish
from core.formatting import format_money
from core.money import Money, MoneyError, parse_money
from core.permissions import SYSTEM, Actor
from disputes.enums import Confidentiality, ConsentKind, DisputeState, EndedReason, Route, VersionSide
from disputes.events import DisputeFiled
from disputes.models import Dispute, Evidence
from disputes.services import evidence as exhibits
from disputes.services.common import DETAILS_MIN, long_text, new_version, person, version_payload
from disputes.services.texts import filing_text, record_consent

DRAFT_FIELDS = ("reason", "details", "amount")
DRAFT_CHARS = 50_000  # of one field, as typed; the real limit is said when it is checked
DETAILS_MISSING = _l("Explain why the work is complete and the payment is due.")
# Which rule ended the refund request under an unfinished draft.
_ABANDONED_BY = {"accepted": "R2", "expired": "R4", "withdrawn": "R5", "split": "R8"}


def start_filing(*, request_id: UUID, actor: Actor, now: datetime) -> Dispute:
    """Begin the wizard for a refund request, or go on with the draft there is (one per request).

    The seven days run on: a draft stops nothing. Raises StrangerError, NotAllowedError (the client files no
    dispute, K15), OutOfTurnError, TooLateError.
    """
    with transaction.atomic():
        request = lock_refund_request(request_id)
        _writer(request.contract, actor)
        _still_open(request, now)
        found = Dispute.objects.select_for_update(of=("self",)).filter(refund_request=request, state="draft").first()
        if found is not None:
            found.contract = request.contract
            return found
        draft = Dispute(
            contract=request.contract,
            refund_request=request,
            route=Route.ENDED,
            currency=request.contract.currency,
            amount=request.amount,
            policy_data=policy.for_case(request.contract.policy, request.money).to_json(),
            created_by_id=person(actor),
            created_at=now,
        )
        draft.save(force_insert=True)
        return draft


def save_draft(*, dispute_id: UUID, data: dict[str, Any], step: str = "", actor: Actor, now: datetime) -> Dispute:
    """Keep what was typed (reason, details, amount), right or wrong, and the step of the wizard."""
    with transaction.atomic():
        draft = _lock_draft(dispute_id, actor, now)
        # The one character PostgreSQL cannot keep is dropped; everything else stays as it was typed.
        typed = {name: str(data[name]).replace("\0", "")[:DRAFT_CHARS] for name in DRAFT_FIELDS if name in data}
        draft.draft = {**draft.draft, **typed, **({"step": step[:20]} if step else {})}
        draft.draft_saved_at = now
        draft.save(update_fields=["draft", "draft_saved_at"])
        return draft


def add_draft_evidence(
    *,
    dispute_id: UUID,
    upload: exhibits.Upload,
    kind: str,
    shows: str,
    confidentiality: str = Confidentiality.SHARED,
    actor: Actor,
    now: datetime,
) -> Evidence:
    """Attach a file to the draft; it gets its exhibit number at filing. Raises InvalidInputError per field."""
    ready = exhibits.receive(upload)
    with transaction.atomic():
        draft = _lock_draft(dispute_id, actor, now)
        return exhibits.attach(
            draft,
            ready,
            kind=kind,
            shows=shows,
            confidentiality=confidentiality,
            side=Side.FREELANCER,
            actor=actor,
            now=now,
        )


def remove_draft_evidence(*, evidence_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a file off the draft. After filing nothing is ever taken away."""
    dispute_id = Evidence.objects.filter(pk=evidence_id).values_list("dispute_id", flat=True).first()
    if dispute_id is None:
        raise StrangerError
    with transaction.atomic():
        draft = _lock_draft(dispute_id, actor, now)
        Evidence.objects.filter(pk=evidence_id, dispute=draft, removed_at__isnull=True).update(removed_at=now)


def draft_claim(draft: Dispute, request: RefundRequest) -> tuple[str, str, Money]:
    """(reason, details, amount) of a finished draft. Raises InvalidInputError with a sentence per unfit field.

    Needs `request.contract`. The amount defaults to all that is asked back (R3).
    """
    errors: dict[str, str] = {}
    reason = str(draft.draft.get("reason", ""))
    if reason not in EndedReason.values:
        errors["reason"] = _("Choose the reason for the dispute.")
    details = ""
    try:
        details = long_text(
            str(draft.draft.get("details", "")),
            "details",
            least=DETAILS_MIN,
            most=draft.policy.evidence_text_chars,
            what=DETAILS_MISSING,
        )
    except InvalidInputError as error:
        errors |= error.fields
    asked = request.money
    amount = asked
    try:
        typed = str(draft.draft.get("amount", "")).strip()
        amount = parse_money(typed, asked.currency) if typed else asked
        if not 0 < amount.amount <= asked.amount:
            low = format_money(Money(1, asked.currency))
            errors["amount"] = _("Enter an amount between {low} and {asked}, the amount asked back.").format(
                low=low, asked=format_money(asked)
            )
    except MoneyError as error:
        errors["amount"] = error.message
    if errors:
        raise InvalidInputError(errors)
    return reason, details, amount


def file_dispute(*, dispute_id: UUID, consent_version: str, actor: Actor, now: datetime) -> Dispute:
    """R3 and D1: reject the refund request and file the draft as a dispute.

    What is claimed is frozen, the rest goes back to the client at once. Stores the consent with its text and
    the first version of the claim, numbers the exhibits, pins the settings. Publishes DisputeFiled (mediation
    opens in the same transaction). Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError,
    InvalidInputError (reason, details, amount), StaleError (the text agreed to changed).
    """
    request_id = Dispute.objects.filter(pk=dispute_id).values_list("refund_request_id", flat=True).first()
    if request_id is None:
        raise StrangerError
    with transaction.atomic():
        request = lock_refund_request(request_id)
        contract = request.contract
        _writer(contract, actor)
        draft = Dispute.objects.select_for_update(of=("self",)).get(pk=dispute_id)
        draft.contract = contract
        road.check(draft, "file", actor)
        road.check(request, "dispute", actor)
        road.in_time(request.due_at, now, _("The time to answer this refund request"))
        reason, details, claimed = draft_claim(draft, request)
        draft.policy_data = policy.for_case(contract.policy, claimed).to_json()
        text = filing_text(contract, asked=request.money, amount=claimed, due_at=request.due_at)
        record_consent(
            contract=contract,
            dispute=draft,
            kind=ConsentKind.FILE_DISPUTE,
            text=text,
            seen_version=consent_version,
            side=Side.FREELANCER,
            actor=actor,
            now=now,
        )
        refunds.reject_for_dispute(request=request, claimed=claimed, dispute_id=draft.pk, actor=actor, now=now)
        road.ran("R3")
        file_locked(
            draft, amount=claimed, reason=reason, details=details, author_id=person(actor), actor=actor, now=now
        )
        touch(contract, now=now)
        return draft


def file_locked(
    dispute: Dispute,
    *,
    amount: Money,
    reason: str,
    details: str,
    author_id: UUID,
    actor: Actor,
    now: datetime,
    save: tuple[str, ...] = (),
) -> None:
    """D1 on a locked draft whose money the caller freezes in the same transaction (R3, P3).

    `author_id` wrote the claim (on the active route the freelancer, while `actor` is the support agent).
    """
    dispute.amount = dispute.filed_amount = amount.amount
    dispute.reason = reason
    version = new_version(
        dispute, VersionSide.CLAIM, reason=reason, details=details, amount=amount.amount, author_id=author_id, now=now
    )
    numbered = exhibits.number_draft(dispute)
    road.take(
        dispute,
        "file",
        actor=actor,
        now=now,
        chain=dispute.pk,
        save=("filed_amount", "reason", "policy_data", *save),
        payload={"route": dispute.route, "exhibits": numbered, **version_payload(version)},
    )
    road.ran("I5")
    publish(
        DisputeFiled(
            at=now,
            contract_id=dispute.contract_id,
            dispute_id=dispute.pk,
            route=dispute.route,
            amount=amount.amount,
        )
    )


def abandon_draft(event: RefundClosed) -> None:
    """R2, R4, R5, R8 end the refund request: an unfinished draft goes with it. Wired to RefundClosed."""
    rule = _ABANDONED_BY.get(event.outcome)
    if rule is None:  # "disputed": the draft is being filed by the very same command
        return
    drafts = Dispute.objects.select_for_update(of=("self",)).filter(
        refund_request_id=event.refund_request_id, state=DisputeState.DRAFT
    )
    for draft in drafts:
        road.take(draft, "abandon", actor=SYSTEM, now=event.at, chain=draft.pk, rule_id=rule)


def _writer(contract: Contract, actor: Actor) -> None:
    """The freelancer's side writes; the client knows of no draft, anybody else of nothing."""
    if actor.is_person and not contract_rules.may_see(contract, actor):
        raise StrangerError
    if not contract_rules.is_freelancer(contract, actor):
        raise NotAllowedError(_("Only the freelancer's side can file a dispute over this refund request."))


def _still_open(request: RefundRequest, now: datetime) -> None:
    if request.state != "open":
        raise OutOfTurnError(
            _("This refund request is {display_state}, so a dispute over it is no longer possible.").format(
                display_state=road.display_state(request)
            )
        )
    road.in_time(request.due_at, now, _("The time to answer this refund request"))


def _lock_draft(dispute_id: UUID, actor: Actor, now: datetime) -> Dispute:
    """Lock contract, refund request and draft in this order; only an open draft in time can be written."""
    request_id = Dispute.objects.filter(pk=dispute_id).values_list("refund_request_id", flat=True).first()
    if request_id is None:
        raise StrangerError
    request = lock_refund_request(request_id)
    _writer(request.contract, actor)
    draft = Dispute.objects.select_for_update(of=("self",)).get(pk=dispute_id)
    if draft.state != DisputeState.DRAFT:
        raise OutOfTurnError(
            _("This dispute is {display_state}, so the draft can no longer be changed.").format(
                display_state=road.display_state(draft)
            )
        )
    _still_open(request, now)
    draft.contract = request.contract
    draft.refund_request = request
    return draft
