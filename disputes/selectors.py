"""Reads of disputes."""

from __future__ import annotations

from typing import Any

from contracts.models import Contract
from core.errors import StrangerError
from core.permissions import Actor, StaffRole
from disputes import rules
from disputes.enums import Confidentiality, DisputeState, VersionSide
from disputes.models import BlindBid, Dispute, SettlementOffer, SupportRequest

UNFILED = (DisputeState.DRAFT, DisputeState.ABANDONED)


def may_see_dispute(dispute: Dispute, actor: Actor) -> bool:
    """`rules.may_see`, and a draft is its writers' alone: the client does not know of it."""
    if dispute.state in UNFILED:
        return rules.is_freelancer(dispute, actor)
    return rules.may_see(dispute, actor)


def get_dispute_for(actor: Actor, reference: str) -> Dispute:
    """Return the dispute called `reference` ("ABCD-1234", "D-" before it is fine). Raises StrangerError (404).

    One query; contract, its two accounts, milestone and refund request are selected.
    """
    dispute = (
        Dispute.objects.select_related(
            "contract__freelancer_account", "contract__client_account", "milestone", "refund_request"
        )
        .filter(reference=_bare(reference, "D-"))
        .first()
    )
    if dispute is None or not may_see_dispute(dispute, actor):
        raise StrangerError
    if dispute.milestone is not None:
        dispute.milestone.contract = dispute.contract
    if dispute.refund_request is not None:
        dispute.refund_request.contract = dispute.contract
    return dispute


def _bare(reference: str, prefix: str) -> str:
    text = reference.strip().upper()
    return text.removeprefix(prefix)


def dispute_of(contract: Contract) -> Dispute | None:
    """Return the newest filed dispute of a contract, open or closed."""
    return Dispute.objects.filter(contract=contract).exclude(state__in=UNFILED).order_by("-filed_at").first()


def acted_in_secret(dispute: Dispute, side: str) -> bool:
    """Whether a side has sealed an amount (D19) or agreed to a specialist's draft (D12): a reaction nobody may see.

    Only the guards of D6 and D7 ask, at the moment at which the money would move; no page prints the answer.
    """
    agreed = {f"{side}_confirmed_at__isnull": False}
    return (
        BlindBid.objects.filter(dispute=dispute, side=side).exists()
        or SettlementOffer.objects.filter(dispute=dispute, side="specialist", **agreed).exists()
    )


def may_see_support(request: SupportRequest, actor: Actor) -> bool:
    """The freelancer's side, support, supervisors and admins; the client learns of it when it ends or is opened."""
    return rules.is_freelancer(request, actor) or actor.is_staff(
        StaffRole.SUPPORT, StaffRole.SUPERVISOR, StaffRole.ADMIN
    )


def get_support_for(actor: Actor, reference: str) -> SupportRequest:
    """Return the support request called `reference`. Raises StrangerError (404)."""
    request = (
        SupportRequest.objects.select_related(
            "contract__freelancer_account",
            "contract__client_account",
            "milestone",
            "dispute",
            "asked_by",
            "handled_by",
        )
        .filter(reference=_bare(reference, "S-"))
        .first()
    )
    if request is None or not may_see_support(request, actor):
        raise StrangerError
    request.milestone.contract = request.contract
    return request


def case_record(dispute: Dispute) -> dict[str, Any]:
    """All that arbitration may know of a case (rulebook section 8, confidentiality).

    Claim, answer, shared exhibits, contract messages, contract history, dates. No offer, bid, recommendation,
    answer to one, case message, private text or specialist-only evidence: they were said without prejudice.
    Amounts in minor units; model rows where a document needs a file.
    """
    contract = dispute.contract
    statements = list(dispute.statements.select_related("written_by").order_by("side", "number"))
    return {
        "reference": dispute.number,
        "route": dispute.route,
        "amount": dispute.amount,
        "filed_amount": dispute.filed_amount,
        "currency": dispute.currency,
        "dates": {
            "filed": dispute.filed_at,
            "answered": dispute.client_answered_at,
            "non_resolution": dispute.non_resolution_at,
            "arbitration": dispute.arbitration_at,
        },
        "contract": {
            "reference": contract.reference,
            "title": contract.title,
            "terms": contract.terms,
            "freelancer": contract.freelancer_account.name,
            "client": contract.client_account.name,
            "started": contract.started_at,
            "ended": contract.ended_at,
        },
        "claim": [_version(v) for v in statements if v.side == VersionSide.CLAIM],
        "answer": [_version(v) for v in statements if v.side == VersionSide.ANSWER],
        "exhibits": list(
            dispute.evidence.filter(
                confidentiality=Confidentiality.SHARED, exhibit__isnull=False, removed_at__isnull=True
            ).order_by("exhibit")
        ),
        "messages": list(contract.messages.select_related("sender").order_by("sent_at", "id")),
        "milestones": list(
            contract.milestones.prefetch_related("submissions", "decisions").order_by("number"),
        ),
        "refund_requests": list(contract.refund_requests.order_by("opened_at")),
    }


def _version(version: Any) -> dict[str, Any]:
    return {
        "number": version.number,
        "reason": version.reason,
        "details": version.details,
        "amount": version.amount,
        "by": version.written_by.name,
        "at": version.written_at,
    }
