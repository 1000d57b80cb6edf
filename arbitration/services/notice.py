"""N1: the Notice of Non-Resolution, its elections and its clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from arbitration import clocks
from arbitration.events import NoticeIssued
from arbitration.models import Election, NonResolutionNotice
from arbitration.services.annex import annex_of
from contracts.enums import Side
from core import audit, deadlines, policy, road
from core.events import publish
from core.money import Money
from core.permissions import SYSTEM
from disputes.defaults import Defaults
from disputes.enums import ActiveReason, AnswerReason, EndedReason
from disputes.events import DisputeEvent
from disputes.locks import lock_dispute
from disputes.models import Dispute, StatementVersion

CONTENT_VERSION = 2  # 2: reasons carry their code

# What is stored for both sides and for the arbitrator is in one language.
SOURCE_LANGUAGE = "en"

REASONS = {**dict(EndedReason.choices), **dict(ActiveReason.choices), **dict(AnswerReason.choices)}


def issue_after_mediation(event: DisputeEvent) -> None:
    """React to MediationFailed, in its transaction: the notice, or no change of stage at all (Z2)."""
    with transaction.atomic():
        issue_notice(lock_dispute(event.dispute_id), now=event.at)


def issue_notice(dispute: Dispute, *, now: datetime, open_ended: bool = False) -> NonResolutionNotice:
    """N1 on a locked dispute in non-resolution: the notice, two elections, the clock of 7 days.

    `open_ended` after a second rejection (A2): the sides may still choose and pay, but nothing ends by itself.
    Raises LookupError when the pinned settings name no fee for this currency.
    """
    number = dispute.notices.count() + 1
    fee, share = dispute.policy.arb_fee_for(dispute.money)
    ends_at = None if open_ended else clocks.election_end(dispute, now)
    notice = NonResolutionNotice(
        dispute=dispute,
        number=number,
        issued_at=now,
        election_ends_at=ends_at,
        fee=fee.amount,
        platform_share=share.amount,
        annex=annex_of(dispute.pk),
    )
    notice.content = content_of(dispute, notice, fee=fee, now=now)
    notice.save(force_insert=True)
    Election.objects.bulk_create([Election(notice=notice, side=side) for side in Side])
    if ends_at is not None:
        deadlines.schedule(
            clocks.ELECTION_END,
            dispute.pk,
            now=now,
            due_at=ends_at,
            contract_id=dispute.contract_id,
            remind=policy.remind_half_and_day(now, ends_at),
        )
    audit.append(
        chain=dispute.pk,
        rule="N1",
        act="issue_notice",
        obj=notice,
        actor=SYSTEM,
        now=now,
        new_state=str(notice.state),
        payload={"number": number, "fee": fee.amount, "platform_share": share.amount, "election_ends_at": ends_at},
    )
    road.ran("N1")
    publish(NoticeIssued(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, notice_id=notice.pk))
    return notice


def content_of(dispute: Dispute, notice: NonResolutionNotice, *, fee: Money, now: datetime) -> dict[str, Any]:
    """Return what the notice says: facts, positions, costs, the three defaults, the deadline.

    It goes into the bundle, so it holds nothing of the negotiation and does not say who rejected anything. It is
    stored in the source language, whoever's act issues it; the page words it anew for each reader.
    """
    with translation.override(SOURCE_LANGUAGE):
        return _content(dispute, notice, fee=fee, now=now)


def _content(dispute: Dispute, notice: NonResolutionNotice, *, fee: Money, now: datetime) -> dict[str, Any]:
    contract = dispute.contract
    return {
        "version": CONTENT_VERSION,
        "number": notice.number,
        "dispute": dispute.number,
        "contract": contract.title,
        "freelancer": contract.freelancer_account.name,
        "client": contract.client_account.name,
        "currency": dispute.currency,
        "amount": dispute.amount,
        "filed_at": _iso(dispute.filed_at),
        "issued_at": _iso(now),
        "claim": _statement(dispute, "claim"),
        "answer": _statement(dispute, "answer"),
        "fee": fee.amount,
        "platform_share": notice.platform_share,
        "fee_exceeds_amount": fee > dispute.money,
        "service_fee_percent": contract.policy.service_fee_percent,
        "election_ends_at": _iso(notice.election_ends_at),
        "defaults": _defaults(dispute, notice),
        "provider": {"name": settings.ARBITRATION_PROVIDER_NAME, "address": settings.PROVIDER_BASE_URL},
    }


def _statement(dispute: Dispute, side: str) -> dict[str, Any] | None:
    newest = StatementVersion.objects.filter(dispute_id=dispute.pk, side=side).order_by("-number").first()
    if newest is None:
        return None
    return {
        "version": newest.number,
        "reason": str(REASONS.get(newest.reason, newest.reason)),
        "reason_code": newest.reason,
        "details": newest.details,
        "amount": newest.amount,
        "written_at": _iso(newest.written_at),
    }


def _defaults(dispute: Dispute, notice: NonResolutionNotice) -> list[dict[str, str]]:
    """Return the three outcomes, so that nobody learns them too late (pain 2)."""
    contract, pinned = dispute.contract, dispute.policy
    defaults = Defaults(pinned, contract.freelancer_account.name, contract.client_account.name)
    one = "the side that paid" if pinned.arb_one_paid == "payer" else defaults.one
    loses = defaults.name(Side(pinned.arb_none_paid).other)
    if notice.election_ends_at is None:
        return [
            {
                "if": "Neither side acts",
                "then": "The money stays frozen. No time limit runs and nothing is decided by itself.",
            }
        ]
    return [
        {
            "if": "Both sides choose arbitration and pay",
            "then": f"The case goes to {settings.ARBITRATION_PROVIDER_NAME}. The arbitrator decides; it is final.",
        },
        {
            "if": "Only one side pays",
            "then": f"The whole disputed amount goes to {one}, and the fee that was paid is returned.",
        },
        {
            "if": "Neither side pays",
            "then": f"The whole disputed amount goes to {defaults.none}. {loses} receives nothing of it.",
        },
    ]


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
