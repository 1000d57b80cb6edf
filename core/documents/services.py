"""Issuing a document (inside the change), making its file (in the worker), checking one that somebody holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core import audit, clock, outbox
from core.documents import registry, render
from core.models import AuditChain, AuditEntry, IssuedDocument

MAKE = "core.make_document"


def issue(*, kind: str, subject_id: UUID, case_id: UUID, case_number: str, chain_id: UUID, now: datetime) -> None:
    """Issue one document in every language, with the record's head as it stands now; a repeat issues nothing.

    Call it inside the transaction of the change that it documents. The files follow from the outbox.
    """
    chain = AuditChain.objects.filter(pk=chain_id).first() or AuditChain(id=chain_id)
    rows = [
        IssuedDocument(
            kind=kind,
            language=language,
            subject_id=subject_id,
            case_id=case_id,
            case_number=case_number,
            chain_id=chain_id,
            chain_length=chain.length,
            chain_head=chain.head,
            issued_at=now,
        )
        for language, _name in settings.LANGUAGES
    ]
    IssuedDocument.objects.bulk_create(rows, ignore_conflicts=True)
    # Of a doubled event the second rows were left out, and their messages find nothing to make.
    outbox.put_many(MAKE, [{"document_id": str(row.pk)} for row in rows], now=now, ordering_key=str(case_id))


def make(payload: dict[str, Any]) -> None:
    """Make the file of an issued document, once; outside any transaction, may run twice."""
    document = IssuedDocument.objects.filter(pk=payload["document_id"], made_at__isnull=True).first()
    if document is None:
        return
    data = draw(document)
    document.file.save("", ContentFile(data), save=False)
    done = IssuedDocument.objects.filter(pk=document.pk, made_at__isnull=True).update(
        file=document.file.name, sha256=hashlib.sha256(data).hexdigest(), size=len(data), made_at=clock.now()
    )
    if not done:  # somebody else was quicker
        document.file.storage.delete(str(document.file.name))


def draw(document: IssuedDocument) -> bytes:
    """Return the PDF of a document, in its language. Reads only."""
    kind = registry.kind_of(document)
    with translation.override(document.language):
        said = kind.build(document)
        return render.pdf(
            {
                "title": str(kind.title),
                "lead": said.lead,
                "sections": said.sections,
                "issuer": settings.PRODUCT_NAME,
                "case": _("Dispute {number}").format(number=document.case_number),
                "verify_url": address(document),
                "record": document.chain_head,
                "labels": {
                    "check": _("Check this document at"),
                    "record": _("Record of the case:"),
                    "page": _("Page"),
                    "of": _("of"),
                },
            }
        )


def address(document: IssuedDocument) -> str:
    """Return the page where anybody who holds the document can check it."""
    return f"{settings.SITE_URL}{reverse('verify', args=[document.code])}"


def of_case(case_id: UUID, language: str) -> list[IssuedDocument]:
    """Documents of a case in one language, oldest first. One query."""
    return list(IssuedDocument.objects.filter(case_id=case_id, language=language).order_by("issued_at", "kind"))


@dataclass(frozen=True, slots=True)
class Check:
    """What can be said of an issued document today."""

    document: IssuedDocument
    title: str
    #: The record up to the document's head is unaltered.
    record_holds: bool
    #: First altered position of the record, anywhere in it; None when it verifies.
    broken_at: int | None
    #: The file that was shown is the one that was issued; None when none was shown.
    file_matches: bool | None = None


def find(code: str) -> IssuedDocument | None:
    """Return the document with a code, typed with or without dashes, in capitals or not."""
    plain = "".join(c for c in code.upper() if c.isalnum())[:12]
    return IssuedDocument.objects.filter(code="-".join(plain[at : at + 4] for at in (0, 4, 8))).first()


def check(document: IssuedDocument, chunks: Iterable[bytes] | None = None) -> Check:
    """Compare a document with the record, and a file (its bytes, in pieces) with what was issued. Stores nothing."""
    verdict = audit.verify(document.chain_id)
    entry = AuditEntry.objects.filter(chain_id=document.chain_id, position=document.chain_length).first()
    in_record = entry.digest == document.chain_head if entry else document.chain_length == 0
    sound = verdict.broken_at is None or verdict.broken_at > document.chain_length
    matches = None
    if chunks is not None:
        digest = hashlib.sha256()
        for chunk in chunks:
            digest.update(chunk)
        matches = digest.hexdigest() == document.sha256
    title = str(registry.kind_of(document).title)
    return Check(document, title, in_record and sound, verdict.broken_at, matches)
