"""Builds the ZIP: JSON for programs, pages for people, the person's own files. Runs from the outbox."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from config.export import collect
from config.export.collect import Section
from core import clock
from core.formatting import format_instant, zone, zone_label
from core.uploads import private_path
from disputes.export import services
from disputes.models import DataExport
from notifications import links, outgoing
from notifications.models import Notice

log = logging.getLogger(__name__)

STYLE = """body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h1,h2,h3{line-height:1.2}dl{display:grid;grid-template-columns:minmax(7rem,12rem) 1fr;gap:.25rem 1rem;margin:0 0 1rem}
dt{color:#57606a}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
dd dl,dd ol{white-space:normal}.all{grid-column:1/-1}
ol{padding-left:1.25rem}li{margin-bottom:.75rem}a{color:#1f5fa8}
@media(prefers-color-scheme:dark){body{background:#15181c;color:#e6e9ec}dt{color:#9aa4ae}a{color:#8bbcf0}}
@media(max-width:32rem){dl{grid-template-columns:1fr}dt{margin-top:.5rem}}
"""


def deliver(payload: dict[str, Any]) -> None:
    """Build one copy (outbox). May run twice: the first to finish wins. Raises to be tried again."""
    export = DataExport.objects.select_related("user").filter(pk=payload["export_id"]).first()
    if export is None or export.ready_at is not None or not export.user.is_active:
        return
    try:
        with translation.override(export.user.language), timezone.override(zone(export.user.timezone)):
            path, size, digest = _store(export)
    except Exception:
        services.fail(export, now=clock.now())
        raise
    now = clock.now()
    with transaction.atomic():
        if services.finish(export, path=path, size=size, sha256=digest, now=now):
            _tell(export, now)


def _store(export: DataExport) -> tuple[str, int, str]:
    """Write the ZIP to a temporary file, then into private storage: (path, bytes, hex SHA-256)."""
    with tempfile.TemporaryFile() as out:
        write_zip(
            out, export.user, told=lambda done, total: services.progress(export, done, total), now=export.asked_at
        )
        size = out.tell()
        out.seek(0)
        digest = hashlib.file_digest(out, "sha256").hexdigest()
        out.seek(0)
        return default_storage.save(private_path(None, ""), File(out)), size, digest


def write_zip(out: IO[bytes], user: User, *, told: Callable[[int, int], None], now: datetime) -> None:
    """Write one person's copy, saying after each part how many are done of how many."""
    owner = collect.owner_of(user)
    contracts = collect.contracts_of(owner)
    total = len(contracts) + len(_OWN) + 2
    shown: list[dict[str, Any]] = []
    done = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for section in _sections(owner, contracts):
            _write(archive, section, shown)
            done += 1
            told(done, total)
        tz = timezone.get_current_timezone()
        context = {
            "person": user,
            "made": f"{format_instant(now, tz, 'full')}, {zone_label(now, tz)}",
            "sections": shown,
            "language": translation.get_language(),
        }
        archive.writestr("index.html", render_to_string("disputes/export/index.html", context))
        archive.writestr("style.css", STYLE)
        told(total, total)


_OWN = (collect.profile, collect.consents, collect.notices, collect.reports, collect.drafts)


def _sections(owner: collect.Owner, contracts: list[Any]) -> Iterator[Section]:
    for part in _OWN:
        yield part(owner)
    yield collect.payments(owner, contracts)
    for found in contracts:
        yield collect.contract(owner, found)


def _write(archive: zipfile.ZipFile, section: Section, shown: list[dict[str, Any]]) -> None:
    name = f"data/{section.name}.json"
    archive.writestr(name, json.dumps(section.rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
    for path, stored in section.files:
        try:
            with stored.open("rb") as source, archive.open(path, "w") as target:
                shutil.copyfileobj(source, target)
        except FileNotFoundError:
            log.warning("export: a file of %s is not in the storage", section.name)
    page = f"pages/{section.name.replace('/', '-')}.html"
    context = {
        "title": section.title,
        "rows": [plain(row) for row in section.rows],
        "language": translation.get_language(),
        "overview": "../index.html",
    }
    archive.writestr(page, render_to_string("disputes/export/section.html", context))
    shown.append({"title": section.title, "page": page, "json": name, "count": len(section.rows)})


def plain(value: Any) -> Any:
    """Data as the page prints it: lists of (label, value), instants in words, nothing that is empty."""
    if isinstance(value, dict):
        there = {k: v for k, v in value.items() if v not in ("", None, [], {}, ())}
        return {"pairs": [(label(k), _file(v) if k == "kept_as" else plain(v)) for k, v in there.items()]}
    if isinstance(value, list | tuple):
        return {"list": [plain(v) for v in value]}
    if isinstance(value, datetime):
        return {"text": format_instant(value, timezone.get_current_timezone(), "full")}
    if isinstance(value, bool):
        return {"text": _("yes") if value else _("no")}
    return {"text": str(value)}


def _file(path: str) -> dict[str, str]:
    return {"href": f"../{path}", "text": path}


def label(name: str) -> str:
    """A JSON name as a person reads it."""
    from config.export.words import WORDS  # noqa: PLC0415 - a long table of its own

    return str(WORDS.get(name, name.replace("_", " ").capitalize()))


def _tell(export: DataExport, now: datetime) -> None:
    """The notice, in the person's language; it belongs to one of the person's accounts, as every party's does."""
    person = export.user
    owner = collect.owner_of(person)
    with translation.override(person.language):
        expires = now + services.KEPT
        notice = Notice(
            recipient=person,
            account_id=owner.memberships[0].account_id if owner.memberships else None,
            kind="data_ready",
            event_key=f"export:{export.pk}",
            title=_("The copy of your data is ready"),
            may_do=_("Download it from your settings. Only you can."),
            until=expires,
            otherwise=_("It is deleted after 7 days. You can ask for another copy."),
            link=links.DATA,
            link_label=_("See your data"),
            created_at=now,
        )
    outgoing.save([notice], {person.pk: person}, now=now)
