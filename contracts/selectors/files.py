"""Files of a contract's submissions and messages."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models.fields.files import FieldFile

from contracts.models import Contract, Message, Submission
from core.errors import StrangerError
from core.uploads import ALLOWED


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A stored file, the name people see, and the type it is served under (by our table, never by a claim)."""

    file: FieldFile
    name: str
    content_type: str


def find_file(contract: Contract, pk: UUID) -> FoundFile:
    """Return the file of the submission or message `pk` of this contract. Raises StrangerError."""
    row = (
        Submission.objects.filter(milestone__contract=contract, pk=pk).exclude(file="").first()
        or Message.objects.filter(contract=contract, pk=pk).exclude(file="").first()
    )
    if row is None:
        raise StrangerError
    kind = ALLOWED.get(row.file_name.rpartition(".")[2].lower(), "application/octet-stream")
    return FoundFile(row.file, row.file_name, kind)
