"""Files that arrived with a form that cannot be sent yet: kept for their sender, never sent twice.

No evidence and no step of the case: nobody else learns of them, and no rule runs. The limits of the case are
asked when they are added.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import InvalidInputError, OutOfTurnError
from core.permissions import Actor
from core.uploads import CheckedUpload
from disputes.models import Dispute, Evidence
from disputes.models.evidence import StagedFile
from disputes.services.common import person
from disputes.services.evidence import add_evidence

MOST = 20  # files of one person on one page
FIELDS = {"kind": 12, "shows": 600, "confidentiality": 10}  # as typed, and what the row has room for


def staged(*, dispute_id: UUID, page: str, actor: Actor) -> list[StagedFile]:
    """Return the person's waiting files of this page, in the order they came."""
    rows = StagedFile.objects.filter(dispute_id=dispute_id, user_id=person(actor), page=page)
    return list(rows.order_by("staged_at", "id"))


def stage(
    *, dispute: Dispute, page: str, upload: CheckedUpload, typed: Mapping[str, str], actor: Actor, now: datetime
) -> StagedFile:
    """Keep a file and what was typed about it. The caller has checked that the actor may see the case.

    Raises InvalidInputError({"files": …}) when too many wait already.
    """
    who = person(actor)
    if StagedFile.objects.filter(dispute=dispute, user_id=who, page=page).count() >= MOST:
        raise InvalidInputError(
            {
                "files": _("“{name}”: {most} files are waiting already. Add or remove those first.").format(
                    name=upload.name, most=MOST
                )
            }
        )
    row = StagedFile(
        dispute=dispute,
        user_id=who,
        page=page,
        file=upload.store(),
        file_name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        staged_at=now,
        **_cut(typed),
    )
    row.save(force_insert=True)
    return row


def retype(*, row: StagedFile, typed: Mapping[str, str]) -> None:
    """Keep what was typed about a waiting file."""
    StagedFile.objects.filter(pk=row.pk).update(**_cut(typed))


def unstage(*, row: StagedFile) -> None:
    """Take a waiting file off the form; it leaves the disk with the transaction."""
    path = str(row.file.name)
    if StagedFile.objects.filter(pk=row.pk).delete()[0]:
        transaction.on_commit(lambda: default_storage.delete(path))


def add_staged(*, row: StagedFile, actor: Actor, now: datetime, **given: str) -> Evidence:
    """D9: make a waiting file an exhibit (`kind`, `shows`, `confidentiality`). Raises what `add_evidence` raises.

    The file keeps its place on the disk; a second post that comes at the same time is refused.
    """
    upload = CheckedUpload(row.file_name, row.content_type, row.size, row.sha256, row.file, str(row.file.name))
    with transaction.atomic():
        added = add_evidence(dispute_id=row.dispute_id, upload=upload, actor=actor, now=now, **given)
        if not StagedFile.objects.filter(pk=row.pk).delete()[0]:
            raise OutOfTurnError(_("“{name}” was added a moment ago.").format(name=row.file_name))
        return added


def _cut(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: typed.get(name, "").replace("\0", "")[:most] for name, most in FIELDS.items()}
