"""How long what is kept is kept (rulebook section 16, docs/privacy.md), and the sweep that ends it.

Legal hold: nothing that belongs to a contract with an open case is deleted, however old it is. Claims, answers,
messages, exhibits, money and the record are evidence of a contract and are never deleted by age.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from contracts.models import Contract, RefundRequest
from disputes.enums import OPEN_STATES, SUPPORT_OPEN, DisputeState
from disputes.export import services as exports
from disputes.models import Dispute, Evidence, HiddenOriginal, PageDraft, StagedFile, SupportRequest
from disputes.moderation.targets import delete_files

FOLDER = "files"  # core.uploads.private_path


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Days each kind is kept after its last use. Set in `settings.RETENTION_DAYS`, by these names."""

    page_draft: int = 30  # typed or added on a page and not sent, or taken off again
    claim_draft: int = 90  # a claim that was never filed, with its files
    hidden_original: int = 365  # what a hidden message said
    orphan_file_hours: int = 24  # stored, but no row owns it

    @classmethod
    def current(cls) -> Retention:
        """What the settings say; what they do not name is as above. Raises TypeError for an unknown name."""
        return cls(**getattr(settings, "RETENTION_DAYS", {}))


def open_case(path: str) -> Q:
    """Rows whose contract (at `path`) has an open dispute, refund request or support request: under legal hold."""
    mine = OuterRef(path)
    return (
        Q(Exists(Dispute.objects.filter(contract=mine, state__in=OPEN_STATES)))
        | Q(Exists(RefundRequest.objects.filter(contract=mine, state="open")))
        | Q(Exists(SupportRequest.objects.filter(contract=mine, state__in=SUPPORT_OPEN)))
        | Q(Exists(Contract.objects.filter(pk=mine, open_dispute_id__isnull=False)))
    )


def sweep(*, now: datetime, disk_now: datetime) -> dict[str, int]:
    """Delete what is over, kind by kind. `disk_now` is the storage's own clock, which no test clock moves.

    Each kind in its own transaction; doing it twice does no harm. Returns how many of each.
    """
    keep = Retention.current()
    return {
        "exports": exports.delete_expired(now=now),
        "page_drafts": _page_drafts(now - timedelta(days=keep.page_draft)),
        "staged_files": _staged_files(now - timedelta(days=keep.page_draft)),
        "removed_files": _removed_files(now - timedelta(days=keep.page_draft)),
        "claim_drafts": _claim_drafts(now - timedelta(days=keep.claim_draft)),
        "hidden_originals": _hidden_originals(now - timedelta(days=keep.hidden_original)),
        "orphan_files": _orphans(disk_now - timedelta(hours=keep.orphan_file_hours)),
    }


def _free(rows: QuerySet[models.Model], path: str) -> QuerySet[models.Model]:
    return rows.exclude(open_case(path))


def _page_drafts(before: datetime) -> int:
    found = _free(PageDraft.objects.filter(saved_at__lt=before), "dispute__contract")
    return found.delete()[0]


def _staged_files(before: datetime) -> int:
    with transaction.atomic():
        rows = list(_free(StagedFile.objects.filter(staged_at__lt=before), "dispute__contract"))
        return _delete(rows)


def _removed_files(before: datetime) -> int:
    """Files that their owner took off a claim before it was filed: they never were evidence."""
    with transaction.atomic():
        return _delete(list(_free(Evidence.objects.filter(removed_at__lt=before), "dispute__contract")))


def _claim_drafts(before: datetime) -> int:
    """Empty the text of claims that were never filed, and take their files away; the row stays for the record."""
    cleared = 0
    rows = Dispute.objects.filter(state=DisputeState.ABANDONED, created_at__lt=before)
    rows = rows.filter(Q(draft_saved_at__isnull=True) | Q(draft_saved_at__lt=before))
    rows = rows.exclude(draft={}, evidence__isnull=True).exclude(open_case("contract")).distinct()
    for dispute in rows:
        with transaction.atomic():
            _delete(list(Evidence.objects.filter(dispute=dispute)))
            Dispute.objects.filter(pk=dispute.pk).update(draft={}, draft_saved_at=None)
            cleared += 1
    return cleared


def _hidden_originals(before: datetime) -> int:
    with transaction.atomic():
        rows = HiddenOriginal.objects.filter(hidden_at__lt=before)
        return _delete(list(_free(rows, "report__contract")))


def _delete(rows: list[models.Model]) -> int:
    """Delete rows, and their files once that is committed; a file that another row has taken over stays."""
    paths = [path for row in rows for path in _paths(row)]
    for row in rows:
        row.delete()
    if paths:
        transaction.on_commit(lambda: delete_files(sorted(set(paths) - _owned())))
    return len(rows)


def _paths(row: models.Model) -> list[str]:
    names = [getattr(row, f.attname) for f in row._meta.concrete_fields if isinstance(f, models.FileField)]
    return [file.name for file in names if file and file.name]


def _orphans(before: datetime) -> int:
    """Delete stored files that no row owns: an upload whose form was refused, a delete that a crash cut short.

    The files are listed first and the owners read after, so that one stored meanwhile is never taken for an orphan.
    """
    stored = [path for path in _stored() if default_storage.get_modified_time(path) < before]
    owned = _owned() if stored else set()
    gone = [path for path in stored if path not in owned]
    delete_files(gone)
    return len(gone)


def _stored() -> Iterator[str]:
    if not default_storage.exists(FOLDER):
        return
    for folder in default_storage.listdir(FOLDER)[0]:
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            yield f"{FOLDER}/{folder}/{name}"


def _owned() -> set[str]:
    """Paths of every file column of every model of the product."""
    owned: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._default_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                owned.update(rows.iterator())
    return owned
