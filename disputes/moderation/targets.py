"""What can be reported or removed: finding it, saying what it is, and putting a tombstone in its place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from contracts.enums import MessageKind, Side
from contracts.models import Contract, Message
from contracts.tombstones import HIDDEN, Tombstone
from core.errors import StrangerError
from disputes.enums import Audience, Confidentiality, VersionSide
from disputes.models import (
    CaseMessage,
    Dispute,
    Evidence,
    HiddenOriginal,
    SettlementOffer,
    StatementVersion,
    SupportRequest,
)
from disputes.selectors import UNFILED

MODELS: dict[str, type[Any]] = {
    "message": Message,
    "case_message": CaseMessage,
    "statement": StatementVersion,
    "offer": SettlementOffer,
    "evidence": Evidence,
}
NAMES = {
    "message": _("Message of the contract"),
    "case_message": _("Message of the dispute"),
    "statement": _("Claim or answer"),
    "offer": _("Note with an offer"),
    "evidence": _("Evidence"),
}


def find(kind: str, pk: UUID) -> Any:
    """Return the row, with its contract (and dispute) selected. Raises StrangerError."""
    model = MODELS.get(kind)
    if model is None:
        raise StrangerError
    related = "contract" if kind == "message" else "dispute__contract"
    row = (
        model.objects.select_related(f"{related}__freelancer_account", f"{related}__client_account")
        .filter(pk=pk)
        .first()
    )
    if row is None or (kind != "message" and row.dispute.state in UNFILED):
        raise StrangerError
    return row


def contract_of(row: Any) -> Contract:
    """The contract a row belongs to."""
    found: Contract = row.contract if isinstance(row, Message) else row.dispute.contract
    return found


def dispute_of(row: Any) -> Dispute | None:
    """The dispute a row belongs to, if any."""
    return None if isinstance(row, Message) else row.dispute


def author_side(row: Any) -> str:
    """freelancer, client, or "" for what neither side wrote."""
    if isinstance(row, CaseMessage):
        side = row.sender_role
    elif isinstance(row, StatementVersion):
        side = Side.FREELANCER if row.side == VersionSide.CLAIM else Side.CLIENT
    else:
        side = row.side
    return str(side) if side in Side.values else ""


def author(row: Any) -> Any:
    """The person who wrote it; None for the system."""
    for name in ("sender", "written_by", "made_by", "added_by"):
        if hasattr(row, f"{name}_id"):
            return getattr(row, name)
    return None


def written_at(row: Any) -> Any:
    """When it was written."""
    return next(getattr(row, n) for n in ("sent_at", "written_at", "made_at", "added_at") if hasattr(row, n))


def text_of(row: Any) -> str:
    """The words; a Tombstone where they are gone."""
    name = _TEXT[type(row)]
    return str(getattr(row, name)) if not gone(row) else getattr(row, name)


def gone(row: Any) -> bool:
    """Whether a tombstone stands here."""
    return isinstance(getattr(row, _TEXT[type(row)]), Tombstone)


def hidden(row: Any) -> bool:
    """Whether the row is hidden, and not removed."""
    text = getattr(row, _TEXT[type(row)])
    return isinstance(text, Tombstone) and text.mark.act == HIDDEN


def file_of(row: Any) -> Any:
    """The attached file, or None."""
    return getattr(row, "file", None) or None


def private_to(row: Any) -> str:
    """The side whose confidence this is in ("" when both sides read it)."""
    if isinstance(row, CaseMessage) and row.audience != Audience.EVERYONE:
        return str(row.audience)
    if isinstance(row, Evidence) and row.confidentiality == Confidentiality.SPECIALIST:
        return str(row.side)
    return ""


def is_person_s(row: Any) -> bool:
    """False for system messages and legal notices: those are the procedure's, not somebody's."""
    return not isinstance(row, Message) or row.kind == MessageKind.PERSON


_TEXT: dict[type[Any], str] = {
    Message: "body",
    CaseMessage: "body",
    StatementVersion: "details",
    SettlementOffer: "note",
    Evidence: "shows",
}


def bury(row: Any, stone: Tombstone) -> list[str]:
    """Put the tombstone where the words are and let go of the file. Returns the paths that have lost their row.

    Digests stay: of a file its SHA-256, of the words the salted one in the chain. Runs in the caller's transaction.
    """
    values: dict[str, Any] = {_TEXT[type(row)]: stone}
    paths = []
    if isinstance(row, Message | CaseMessage):
        paths.append(row.file.name)
        values |= {"file": "", "file_name": ""}
    if isinstance(row, Evidence):
        paths += [row.file.name, row.preview.name]
        values |= {"file": "", "preview": "", "preview_tried": True, "file_name": stone}
    type(row).objects.filter(pk=row.pk).update(**values)
    if isinstance(row, StatementVersion):
        _bury_copies(row, stone)
    for name, value in values.items():
        setattr(row, name, value)
    return [path for path in paths if path]


def _bury_copies(version: StatementVersion, stone: Tombstone) -> None:
    """The words of a first claim stand in two more places: what was asked of support, and the wizard's draft."""
    said = version.details
    SupportRequest.objects.filter(dispute_id=version.dispute_id, details=said).update(details=stone)
    dispute = Dispute.objects.get(pk=version.dispute_id)
    if "details" in dispute.draft:
        Dispute.objects.filter(pk=dispute.pk).update(draft={k: v for k, v in dispute.draft.items() if k != "details"})


def bury_original(row: Any) -> list[str]:
    """Remove the kept original of a hidden message. Returns the paths that have lost their row."""
    name = "message" if isinstance(row, Message) else "case_message"
    found = HiddenOriginal.objects.filter(**{name: row}).first() if isinstance(row, Message | CaseMessage) else None
    if found is None:
        return []
    path = found.file.name
    found.delete()
    return [path] if path else []


def delete_files(paths: list[str]) -> None:
    """Delete from storage, after the commit. What a crash leaves behind is an orphan, and swept."""
    for path in paths:
        default_storage.delete(path)
