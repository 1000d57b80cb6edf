"""Documents of a dispute: claim summary, settlement agreement, closing statement with the ledger extract.

Instants are in UTC: a document has readers in several zones. What people wrote is quoted, never summarised.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.enums import AccountCode, Ground
from contracts.models import Transfer
from core.documents import registry, services
from core.documents.content import facts, note, quote, section, table, text
from core.documents.registry import Kind, Said
from core.formatting import format_instant, format_money
from core.models import IssuedDocument
from core.money import Money
from core.permissions import Actor
from disputes.enums import ActiveReason, AnswerReason, EndedReason, Route, VersionSide
from disputes.events import DisputeFiled, DisputeResolved, StatementUpdated
from disputes.models import Dispute, Resolution, StatementVersion
from disputes.selectors import may_see_dispute

CLAIM, AGREEMENT, CLOSING = "claim_summary", "settlement_agreement", "closing_statement"
#: Grounds that both sides agreed on; the others end a dispute without an agreement.
AGREED = {Ground.JOINT_SETTLEMENT, Ground.RECOMMENDATION_ACCEPTED}


def register() -> None:
    """Tell the registry what these documents say (config/wiring.py)."""
    for name, title, build in (
        (CLAIM, gettext_lazy("Claim summary"), claim_summary),
        (AGREEMENT, gettext_lazy("Settlement agreement"), settlement_agreement),
        (CLOSING, gettext_lazy("Closing statement"), closing_statement),
    ):
        registry.register(Kind(name, title, build, may_see))


def may_see(document: IssuedDocument, actor: Actor) -> bool:
    """Whoever may see the dispute may see these: nothing in them is one side's alone."""
    dispute = Dispute.objects.filter(pk=document.case_id).first()
    return dispute is not None and may_see_dispute(dispute, actor)


# --- when ---------------------------------------------------------------------------


def on_filed(event: DisputeFiled) -> None:
    """Document the first claim (S07)."""
    _issue_claim(event.dispute_id, event.at)


def on_updated(event: StatementUpdated) -> None:
    """Document each later version of the claim (S15)."""
    if event.side == "freelancer":
        _issue_claim(event.dispute_id, event.at)


def on_resolved(event: DisputeResolved) -> None:
    """Document the end: who got what, and the agreement where there was one."""
    dispute = Dispute.objects.get(pk=event.dispute_id)
    resolution = Resolution.objects.get(dispute=dispute)
    for kind in (AGREEMENT, CLOSING):
        if kind == CLOSING or resolution.ground in AGREED:
            _issue(kind, dispute, resolution.pk, event.at)


def _issue_claim(dispute_id: UUID, now: datetime) -> None:
    dispute = Dispute.objects.get(pk=dispute_id)
    newest = dispute.statements.filter(side=VersionSide.CLAIM).order_by("-number").first()
    if newest is not None:
        _issue(CLAIM, dispute, newest.pk, now)


def _issue(kind: str, dispute: Dispute, subject_id: UUID, now: datetime) -> None:
    services.issue(
        kind=kind,
        subject_id=subject_id,
        case_id=dispute.pk,
        case_number=dispute.number,
        chain_id=dispute.pk,
        now=now,
    )


# --- what ---------------------------------------------------------------------------


def stamp(instant: datetime | None) -> str:
    """``Fri 27 Nov 2026, 9:12 am, UTC``."""
    return f"{format_instant(instant, UTC, 'full')}, UTC" if instant else "–"


def reason_words(dispute: Dispute, side: str, reason: str) -> str:
    """A filing or answer reason in words."""
    kinds = (
        AnswerReason if side == VersionSide.ANSWER else EndedReason if dispute.route == Route.ENDED else ActiveReason
    )
    return str(dict(kinds.choices).get(reason, reason))


def parties(dispute: Dispute) -> dict[str, object]:
    """Return the section that every document of a case starts with."""
    contract = dispute.contract
    return section(
        _("The case"),
        facts(
            (_("Freelancer (claimant)"), contract.freelancer_account.name),
            (_("Client (respondent)"), contract.client_account.name),
            (_("Contract"), f"{contract.title} ({contract.reference})"),
            (_("Milestone"), f"{dispute.milestone.number}. {dispute.milestone.title}") if dispute.milestone else None,
            (_("Filed"), stamp(dispute.filed_at)),
            (_("Amount in dispute"), format_money(dispute.money)),
        ),
    )


def _dispute(document: IssuedDocument) -> Dispute:
    return Dispute.objects.select_related("contract__freelancer_account", "contract__client_account", "milestone").get(
        pk=document.case_id
    )


def claim_summary(document: IssuedDocument) -> Said:
    """S07, S15: one version of the claim, with the exhibits that were there when it was written."""
    dispute = _dispute(document)
    version = StatementVersion.objects.select_related("written_by").get(pk=document.subject_id)
    exhibits = dispute.evidence.filter(
        confidentiality="shared", exhibit__isnull=False, removed_at__isnull=True, added_at__lte=document.issued_at
    ).order_by("exhibit")
    rows = [(f"E-{row.exhibit}", row.file_name, row.shows, row.sha256[:16]) for row in exhibits]
    return Said(
        _("What the freelancer asks for, and why."),
        [
            parties(dispute),
            section(
                _("The claim"),
                facts(
                    (_("Version"), str(version.number)),
                    (_("Reason"), reason_words(dispute, version.side, version.reason)),
                    (_("Amount claimed"), format_money(Money(version.amount, dispute.currency))),
                ),
                quote(
                    str(version.details),
                    _("{name}, {instant}").format(name=version.written_by.name, instant=stamp(version.written_at)),
                ),
            ),
            section(
                _("Exhibits"),
                table([_("Exhibit"), _("File"), _("What it shows"), "SHA-256"], rows)
                if rows
                else text(_("No exhibit had been added by then.")),
            ),
        ],
    )


def _outcome(dispute: Dispute, resolution: Resolution) -> dict[str, object]:
    currency = dispute.currency
    return section(
        _("The outcome"),
        facts(
            (_("Ground"), str(Ground(resolution.ground).label)),
            (_("Decided"), stamp(resolution.resolved_at)),
        ),
        table(
            [_("Of the amount held in escrow"), _("Amount")],
            [
                (dispute.contract.freelancer_account.name, format_money(Money(resolution.to_freelancer, currency))),
                (dispute.contract.client_account.name, format_money(Money(resolution.to_client, currency))),
                (_("Together"), format_money(Money(resolution.frozen, currency))),
            ],
            numeric=[1],
        ),
        note(_("The freelancer’s share is before the service fee, which is taken when it is released.")),
    )


def settlement_agreement(document: IssuedDocument) -> Said:
    """D12, D15, R8: what both sides agreed to."""
    dispute = _dispute(document)
    resolution = Resolution.objects.get(pk=document.subject_id)
    return Said(
        _("Both sides agreed to this. It is final, and the money has been moved as it says."),
        [parties(dispute), _outcome(dispute, resolution)],
    )


def closing_statement(document: IssuedDocument) -> Said:
    """Who got what on which ground, and every movement of the disputed amount."""
    dispute = _dispute(document)
    resolution = Resolution.objects.get(pk=document.subject_id)
    entries = (
        Transfer.objects.filter(debit__code=AccountCode.ESCROW_FROZEN, debit__object_id=dispute.pk)
        .values("entry_id")
        .union(
            Transfer.objects.filter(credit__code=AccountCode.ESCROW_FROZEN, credit__object_id=dispute.pk).values(
                "entry_id"
            )
        )
    )
    moved = (
        Transfer.objects.filter(entry_id__in=[row["entry_id"] for row in entries])
        .select_related("entry", "debit", "credit")
        .order_by("entry__posted_at", "id")
    )
    rows = [
        (
            stamp(row.entry.posted_at),
            _("{source} to {target}").format(source=row.debit, target=row.credit),
            str(row.entry),
            format_money(Money(row.amount, row.currency)),
        )
        for row in moved
    ]
    return Said(
        _("The dispute is closed. This is what was decided and how the money moved."),
        [
            parties(dispute),
            _outcome(dispute, resolution),
            section(
                _("Every movement of the disputed amount"),
                table([_("When"), _("From and to"), _("Ground"), _("Amount")], rows, numeric=[3]),
            ),
        ],
    )
