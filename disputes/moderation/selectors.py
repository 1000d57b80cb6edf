"""Reads of reports and redactions, and who may read the rows they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts import hooks
from contracts import rules as contract_rules
from contracts.models import Contract, Message
from core.errors import StrangerError
from core.permissions import Actor, StaffRole
from disputes import rules
from disputes.models import CaseMessage, Dispute, HiddenOriginal, MessageReport, Redaction, SettlementOffer
from disputes.models.moderation import MESSAGES
from disputes.moderation import targets
from disputes.moderation.enums import RedactionState, ReportState
from disputes.selectors import UNFILED, may_see_dispute

LISTED = 200  # rows of a list; the desk works off the oldest first
AROUND = 3  # messages shown before and after a reported one


def may_read(row: Any, actor: Actor) -> bool:
    """Whether the actor may read this very text: what is private to a side stays with it, its specialist, supervisors.

    A reported message is the exception the desk needs (`may_judge`).
    """
    if isinstance(row, Message):
        return contract_rules.may_see(row.contract, actor) or hooks.may_read(row.contract_id, actor)
    dispute = row.dispute
    if not may_see_dispute(dispute, actor):
        return False
    side = targets.private_to(row)
    if side:
        return rules.side_of(dispute, actor) == side or _in_confidence(dispute, actor)
    if isinstance(row, CaseMessage | SettlementOffer):
        # What is said in mediation is without prejudice: neither clerks nor support read it.
        return rules.is_party(dispute, actor) or _in_confidence(dispute, actor) or actor.is_staff(StaffRole.ADMIN)
    return True


def may_judge(row: Any, actor: Actor) -> bool:
    """Whether the actor may decide about this text: who may read it, and the desk when it was reported."""
    if may_read(row, actor):
        return True
    if not actor.is_staff(StaffRole.SUPPORT) or not isinstance(row, Message | CaseMessage):
        return False
    name = "message" if isinstance(row, Message) else "case_message"
    return MessageReport.objects.filter(**{name: row}).exists()


def _in_confidence(dispute: Dispute, actor: Actor) -> bool:
    return rules.is_assigned(dispute, actor) or rules.supervisor(dispute, actor)


def may_read_original(row: Any, actor: Actor) -> bool:
    """Whether the actor sees what a hidden message said: specialist, supervisors, and the desk that hid it."""
    contract = targets.contract_of(row)
    if contract_rules.is_party(contract, actor):
        return False
    if actor.is_staff(StaffRole.SUPERVISOR):
        return True
    dispute = targets.dispute_of(row)
    if actor.is_staff(StaffRole.SUPPORT):
        return True
    if dispute is not None:
        return rules.is_assigned(dispute, actor)
    return actor.is_staff(StaffRole.SPECIALIST) and hooks.may_read(contract.pk, actor)


def original_of(row: Any) -> HiddenOriginal | None:
    """What a hidden message said, if it is kept."""
    name = "message" if isinstance(row, Message) else "case_message"
    return HiddenOriginal.objects.filter(**{name: row}).first() if isinstance(row, Message | CaseMessage) else None


# --- the support desk --------------------------------------------------------------------------

_REPORTS = (
    "contract__freelancer_account",
    "contract__client_account",
    "dispute",
    "reported_by",
    "decided_by",
    "message__sender",
    "case_message__sender",
)
_REDACTIONS = (
    "contract__freelancer_account",
    "contract__client_account",
    "dispute",
    "asked_by",
    "decided_by",
    "message__contract",
    "case_message__dispute__contract",
    "statement__dispute__contract",
    "offer__dispute__contract",
    "evidence__dispute__contract",
)


def reports(*, waiting: bool) -> list[MessageReport]:
    """Reports that wait, oldest first; or those decided, newest first. One query."""
    rows = MessageReport.objects.select_related(*_REPORTS)
    if waiting:
        return list(rows.filter(state=ReportState.OPEN).order_by("reported_at", "id")[:LISTED])
    return list(rows.exclude(state=ReportState.OPEN).order_by("-decided_at", "id")[:LISTED])


def redactions(*, waiting: bool) -> list[Redaction]:
    """The same of redactions. One query."""
    rows = Redaction.objects.select_related(*_REDACTIONS)
    if waiting:
        return list(rows.filter(state=RedactionState.ASKED).order_by("asked_at", "id")[:LISTED])
    return list(rows.exclude(state=RedactionState.ASKED).order_by("-decided_at", "id")[:LISTED])


def counts() -> dict[str, int]:
    """What waits. Two queries."""
    return {
        "reports": MessageReport.objects.filter(state=ReportState.OPEN).count(),
        "redactions": Redaction.objects.filter(state=RedactionState.ASKED).count(),
    }


def get_report(pk: UUID) -> MessageReport:
    """One report. Raises StrangerError."""
    found = MessageReport.objects.select_related(*_REPORTS).filter(pk=pk).first()
    if found is None:
        raise StrangerError
    return found


def get_redaction(actor: Actor, pk: UUID) -> Redaction:
    """One redaction of something the actor may read. Raises StrangerError."""
    found = Redaction.objects.select_related(*_REDACTIONS).filter(pk=pk).first()
    if found is None or not may_judge(found.target, actor):
        raise StrangerError
    return found


def around(report: MessageReport) -> list[Any]:
    """The reported message among its neighbours that both sides read, oldest first. Two queries.

    A message to the specialist alone stands by itself.
    """
    row = report.target
    if targets.private_to(row):
        return [row]
    if isinstance(row, Message):
        rows: Any = Message.objects.filter(contract_id=row.contract_id)
    else:
        rows = CaseMessage.objects.filter(dispute_id=row.dispute_id, audience="everyone")
    rows = rows.select_related("sender").exclude(pk=row.pk)
    before = list(rows.filter(sent_at__lte=row.sent_at).order_by("-sent_at", "-id")[:AROUND])
    after = list(rows.filter(sent_at__gt=row.sent_at).order_by("sent_at", "id")[:AROUND])
    return [*reversed(before), row, *after]


# --- choosing what to remove -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A text or file that can be removed."""

    kind: str
    row: Any
    label: str
    author: Any
    at: Any
    words: str
    file_name: str


def find_contract(text: str) -> Contract | None:
    """The contract called by its reference, or by the one of a dispute on it ("D-…")."""
    bare = text.strip().upper()
    rows = Contract.objects.select_related("freelancer_account", "client_account")
    return (
        rows.filter(reference=bare).first()
        or rows.filter(disputes__reference=bare.removeprefix("D-")).exclude(disputes__state__in=UNFILED).first()
    )


def choices(contract: Contract, actor: Actor) -> list[Choice]:
    """Everything on this contract that the actor may read and ask to remove, newest first. Six queries."""
    found: list[Any] = list(
        Message.objects.filter(contract=contract, kind="person").select_related("sender").order_by("-sent_at")[:LISTED]
    )
    for row in found:
        row.contract = contract
    disputes = list(Dispute.objects.filter(contract=contract).exclude(state__in=UNFILED))
    for dispute in disputes:
        dispute.contract = contract
        rows: Sequence[Any] = [
            *dispute.messages.select_related("sender").order_by("-sent_at")[:LISTED],
            *dispute.statements.select_related("written_by"),
            *dispute.offers.exclude(note="").select_related("made_by"),
            *dispute.evidence.filter(removed_at__isnull=True).select_related("added_by"),
        ]
        for row in rows:
            row.dispute = dispute
        found += rows
    kinds = {model: kind for kind, model in targets.MODELS.items()}
    shown = [
        Choice(
            kind=kinds[type(row)],
            row=row,
            label=str(targets.NAMES[kinds[type(row)]]),
            author=targets.author(row),
            at=targets.written_at(row),
            words=targets.text_of(row),
            file_name=str(getattr(row, "file_name", "") or ""),
        )
        for row in found
        if may_read(row, actor) and (not targets.gone(row) or targets.hidden(row))
    ]
    return sorted(shown, key=lambda c: c.at, reverse=True)


# --- what a thread shows beside a message ------------------------------------------------------


def beside(contract: Contract, actor: Actor, kind: str) -> dict[Any, Any]:
    """The viewer's own reports (parties), or the originals (staff who may read them), by message. One query."""
    name = f"{kind}_id"
    if kind not in MESSAGES:
        return {}
    if contract_rules.is_party(contract, actor):
        mine = MessageReport.objects.filter(contract=contract, reported_by_id=actor.user_id)
        return {getattr(r, name): r for r in mine.exclude(**{name: None})}
    kept = HiddenOriginal.objects.filter(report__contract=contract).exclude(**{name: None})
    return {getattr(o, name): o for o in kept.select_related("report__dispute")}
