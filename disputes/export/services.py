"""Asking for a copy of one's own data, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from contracts.services.common import person
from core import outbox
from core.errors import StrangerError, UnableToError
from core.formatting import format_instant
from core.permissions import Actor
from disputes.models import DataExport
from disputes.moderation.targets import delete_files

BUILD = "disputes.build_export"  # outbox handler; config.export.build
AGAIN_AFTER = timedelta(hours=24)  # one copy a day
KEPT = timedelta(days=7)


class UnableToExportError(UnableToError):
    """A copy was asked for less than a day ago."""

    code = "export_too_soon"


def newest(user_id: UUID) -> DataExport | None:
    """The person's last copy, or None."""
    return DataExport.objects.filter(user_id=user_id).order_by("-asked_at").first()


def next_at(last: DataExport | None, now: datetime) -> datetime | None:
    """When another copy may be asked for; None: now. A copy that failed does not count."""
    if last is None or (last.failed_at is not None and last.ready_at is None):
        return None
    again = last.asked_at + AGAIN_AFTER
    return again if again > now else None


def ask_export(*, actor: Actor, now: datetime) -> DataExport:
    """Ask for a copy of one's own data; the outbox builds it. Raises NotAllowedError, UnableToExportError."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=person(actor))
        again = next_at(newest(user.pk), now)
        if again is not None:
            raise UnableToExportError(
                _("You can ask for one copy a day. The next one is possible from {instant}.").format(
                    instant=format_instant(again, timezone.get_current_timezone(), "full")
                )
            )
        export = DataExport(user=user, asked_at=now)
        export.save(force_insert=True)
        outbox.put(BUILD, {"export_id": str(export.pk)}, now=now, ordering_key=str(user.pk))
        return export


def progress(export: DataExport, done: int, total: int) -> None:
    """Say how far the build is; outside of any transaction, so that the page sees it."""
    DataExport.objects.filter(pk=export.pk).update(done=done, total=total)


def finish(export: DataExport, *, path: str, size: int, sha256: str, now: datetime) -> bool:
    """Keep the file for seven days. False when another run was first: its file stays, this one is deleted."""
    values = {
        "file": path,
        "size": size,
        "sha256": sha256,
        "ready_at": now,
        "expires_at": now + KEPT,
        "failed_at": None,
        "done": F("total"),
    }
    if DataExport.objects.filter(pk=export.pk, ready_at__isnull=True).update(**values):
        return True
    default_storage.delete(path)
    return False


def fail(export: DataExport, *, now: datetime) -> None:
    """The build broke; the outbox tries again, and the person may ask anew."""
    DataExport.objects.filter(pk=export.pk, ready_at__isnull=True).update(failed_at=now)


def open_export(*, export_id: UUID, actor: Actor, now: datetime) -> DataExport:
    """The person's own copy, while it is kept. Raises StrangerError for anybody else, staff included, and when over."""
    found = DataExport.objects.filter(
        pk=export_id, user_id=person(actor), ready_at__isnull=False, deleted_at__isnull=True, expires_at__gt=now
    ).first()
    if found is None or not found.file:
        raise StrangerError
    DataExport.objects.filter(pk=found.pk).update(downloads=F("downloads") + 1)
    return found


def withdraw(user_ids: Iterable[UUID], *, now: datetime) -> None:
    """Delete finished copies of these people, in the caller's transaction: something in them was removed for good."""
    paths = []
    for export in DataExport.objects.select_for_update().filter(
        user_id__in=list(user_ids), ready_at__isnull=False, deleted_at__isnull=True
    ):
        paths.append(export.file.name)
        DataExport.objects.filter(pk=export.pk).update(file="", deleted_at=now)
    transaction.on_commit(lambda: delete_files([path for path in paths if path]))


def delete_expired(*, now: datetime) -> int:
    """Delete the files of copies whose seven days are over. Returns how many."""
    gone = 0
    for export in DataExport.objects.filter(expires_at__lte=now, deleted_at__isnull=True):
        path = export.file.name
        DataExport.objects.filter(pk=export.pk).update(file="", deleted_at=now)
        if path:
            default_storage.delete(path)
        gone += 1
    return gone
