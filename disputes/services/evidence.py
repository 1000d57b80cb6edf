"""Exhibits and requests for them (D9, edge case 24)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Union
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _

from contracts.enums import Side
from core import audit, deadlines, road
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError, UnableToError
from core.events import publish
from core.formatting import format_bytes, format_instant
from core.permissions import Actor
from core.policy import REMIND_SHORT, Policy
from core.uploads import CheckedUpload, checked
from disputes.enums import Confidentiality, EvidenceKind
from disputes.events import EvidenceAdded, EvidenceAnswered, EvidenceRequested
from disputes.locks import lock_dispute
from disputes.models import Dispute, Evidence, EvidenceRequest, EvidenceRequestAnswer
from disputes.services.common import SHOWS_MAX, in_stage, long_text, person, see, side_of, stage_end

EVIDENCE_DUE = "evidence_due"  # deadline kind; its object is the dispute: one due date for both sides (Z8)
BOTH = "both"

Upload = Union["File[bytes]", CheckedUpload]


class UnableToAddEvidenceError(UnableToError):
    """The side, or the case, holds as many files as it may."""

    code = "evidence_full"


def receive(upload: Upload, *, limits: Policy | None = None) -> CheckedUpload:
    """Check a file and write it, before the transaction of its row. Raises InvalidInputError({"file": …})."""
    ready = checked(upload, max_bytes=(limits or Policy()).evidence_max_file_bytes)
    ready.store()
    return ready


def attach(
    dispute: Dispute,
    upload: CheckedUpload,
    *,
    kind: str,
    shows: str,
    confidentiality: str,
    side: Side,
    actor: Actor,
    now: datetime,
    exhibit: int | None = None,
) -> Evidence:
    """Add one file row to a locked dispute within the limits it was opened under."""
    errors: dict[str, str] = {}
    if kind not in EvidenceKind.values:
        errors["kind"] = _("Choose what kind of file this is.")
    if confidentiality not in Confidentiality.values:
        errors["confidentiality"] = _("Choose who may see this file.")
    said = shows.strip()
    if not said:
        errors["shows"] = _("Say in a few words what this file shows.")
    elif len(said) > SHOWS_MAX:
        errors["shows"] = _("Shorten this to {most} characters; it has {now} now.").format(
            most=SHOWS_MAX, now=len(said)
        )
    if errors:
        raise InvalidInputError(errors)
    _within_limits(dispute, side, upload)
    row = Evidence(
        dispute=dispute,
        exhibit=exhibit,
        side=side,
        kind=kind,
        shows=said,
        confidentiality=confidentiality,
        file=upload.store(),
        file_name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        added_by_id=person(actor),
        added_at=now,
    )
    row.save(force_insert=True)
    return row


def _within_limits(dispute: Dispute, side: Side, upload: CheckedUpload) -> None:
    limits = dispute.policy
    checked(upload, max_bytes=limits.evidence_max_file_bytes)
    kept = Evidence.objects.filter(dispute=dispute, removed_at__isnull=True)
    mine = kept.filter(side=side).aggregate(n=Count("id"))["n"]
    if mine >= limits.evidence_max_files_per_party:
        raise UnableToAddEvidenceError(
            _(
                "Each side can add {most} files to a case, and yours are all used. Put several pages into one PDF, or"
                " name the most important ones in the claim."
            ).format(most=limits.evidence_max_files_per_party)
        )
    used = kept.aggregate(s=Sum("size"))["s"] or 0
    if used + upload.size > limits.evidence_max_case_bytes:
        room = max(0, limits.evidence_max_case_bytes - used)
        raise UnableToAddEvidenceError(
            _("The files of this case may have {most} together; {room} are left. Make the file smaller.").format(
                most=format_bytes(limits.evidence_max_case_bytes), room=format_bytes(room)
            )
        )


def next_exhibit(dispute: Dispute) -> int:
    """Return the number of the next exhibit; the dispute's lock makes it unique."""
    return (Evidence.objects.filter(dispute=dispute).aggregate(m=Max("exhibit"))["m"] or 0) + 1


def number_draft(dispute: Dispute) -> int:
    """At filing: the shared files of the draft become E-1, E-2 … in the order added, those of one moment by name."""
    number = next_exhibit(dispute) - 1
    rows = Evidence.objects.filter(
        dispute=dispute, removed_at__isnull=True, exhibit__isnull=True, confidentiality=Confidentiality.SHARED
    ).order_by("added_at", "file_name", "id")
    for row in rows:
        number += 1
        row.exhibit = number
        row.save(update_fields=["exhibit"])
    return number


def add_evidence(
    *,
    dispute_id: UUID,
    upload: Upload,
    kind: str,
    shows: str,
    confidentiality: str = Confidentiality.SHARED,
    actor: Actor,
    now: datetime,
) -> Evidence:
    """D9: a side adds a file during mediation. Shared ones get the next exhibit number.

    Publishes EvidenceAdded. Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError
    (file, kind, shows, confidentiality), UnableToAddEvidenceError (limits).
    """
    ready = receive(upload)
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        side = side_of(dispute, actor)
        road.check(dispute, "add_evidence", actor)
        in_stage(dispute, now)
        shared = confidentiality == Confidentiality.SHARED
        row = attach(
            dispute,
            ready,
            kind=kind,
            shows=shows,
            confidentiality=confidentiality,
            side=side,
            actor=actor,
            now=now,
            exhibit=next_exhibit(dispute) if shared else None,
        )
        road.take(
            dispute,
            "add_evidence",
            actor=actor,
            now=now,
            chain=dispute.pk,
            side=side.value,
            shared=shared,
            payload=_record(row),
        )
        _tell_added(dispute, row, now)
        return row


def _record(row: Evidence) -> dict[str, str | int | None]:
    return {
        "evidence_id": str(row.pk),
        "exhibit": row.exhibit,
        "side": row.side,
        "confidentiality": row.confidentiality,
        "sha256": row.sha256,
        "size": row.size,
    }


def _tell_added(dispute: Dispute, row: Evidence, now: datetime) -> None:
    publish(
        EvidenceAdded(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, evidence_id=row.pk, side=row.side)
    )


def disclose_evidence(*, evidence_id: UUID, actor: Actor, now: datetime) -> Evidence:
    """Make a file that only the specialist sees an exhibit for everyone; cannot be undone.

    Possible for its owner until arbitration begins. Publishes EvidenceAdded.
    """
    with transaction.atomic():
        row = _lock_evidence(evidence_id)
        dispute = row.dispute
        see(dispute, actor)
        side = side_of(dispute, actor)
        if row.side != side:
            # To the other side a confidential file does not exist.
            raise StrangerError if row.confidentiality == Confidentiality.SPECIALIST else NotAllowedError("")
        road.check(dispute, "disclose", actor)
        in_stage(dispute, now)
        if row.confidentiality == Confidentiality.SHARED:
            raise OutOfTurnError(_("This file is already an exhibit that everyone in the case sees."))
        row.confidentiality = Confidentiality.SHARED
        row.exhibit = next_exhibit(dispute)
        row.disclosed_at = now
        row.save(update_fields=["confidentiality", "exhibit", "disclosed_at"])
        road.take(dispute, "disclose", actor=actor, now=now, chain=dispute.pk, side=side.value, payload=_record(row))
        _tell_added(dispute, row, now)
        return row


def _lock_evidence(pk: UUID) -> Evidence:
    dispute_id = Evidence.objects.filter(pk=pk, removed_at__isnull=True).values_list("dispute_id", flat=True).first()
    if dispute_id is None:
        raise StrangerError
    dispute = lock_dispute(dispute_id)
    row = Evidence.objects.select_for_update(of=("self",)).get(pk=pk)
    row.dispute = dispute
    return row


def request_evidence(
    *,
    dispute_id: UUID,
    asked_of: str,
    text: str,
    due_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> EvidenceRequest:
    """D9: the assigned specialist asks a side, or both, for something.

    A due date is one for the whole case: it becomes that of every open request, for both sides alike, and lies
    inside the stage (Z8). Publishes EvidenceRequested.
    """
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        road.check(dispute, "request_evidence", actor)
        in_stage(dispute, now)
        if asked_of not in {*Side.values, BOTH}:
            raise InvalidInputError({"asked_of": _("Choose who is asked.")})
        words = long_text(text, "text", least=10, most=4_000, what=_("Say what is needed."))
        if due_at is not None:
            _due_fits(dispute, due_at, now)
        row = EvidenceRequest(
            dispute=dispute, asked_of=asked_of, text=words, due_at=due_at, asked_by_id=person(actor), asked_at=now
        )
        row.save(force_insert=True)
        road.take(
            dispute,
            "request_evidence",
            actor=actor,
            now=now,
            chain=dispute.pk,
            payload={
                "request_id": str(row.pk),
                "asked_of": asked_of,
                "due_at": due_at.isoformat() if due_at else None,
                "text": audit.text_digest(words, row.pk),
            },
        )
        if due_at is not None:
            _set_due(dispute, due_at, now)
        publish(EvidenceRequested(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, request_id=row.pk))
        return row


def move_evidence_due(*, dispute_id: UUID, due_at: datetime, actor: Actor, now: datetime) -> None:
    """Z8: move the due date of all open evidence requests, for both sides alike, inside the stage."""
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        road.check(dispute, "request_evidence", actor)
        in_stage(dispute, now)
        if not EvidenceRequest.objects.filter(dispute=dispute, closed_at__isnull=True).exists():
            raise OutOfTurnError(_("No evidence request is open."))
        _due_fits(dispute, due_at, now)
        _set_due(dispute, due_at, now)
        road.take(
            dispute,
            "request_evidence",
            actor=actor,
            now=now,
            chain=dispute.pk,
            payload={"due_at": due_at.isoformat()},
        )


def _due_fits(dispute: Dispute, due_at: datetime, now: datetime) -> None:
    end = stage_end(dispute)
    if due_at <= now:
        raise InvalidInputError({"due_at": _("Choose a date that is still ahead.")})
    if end is not None and due_at > end:
        until = format_instant(end, UTC, "full")
        raise InvalidInputError({"due_at": _("Choose a date before this stage ends, {until} UTC.").format(until=until)})


def _set_due(dispute: Dispute, due_at: datetime, now: datetime) -> None:
    EvidenceRequest.objects.filter(dispute=dispute, closed_at__isnull=True).update(due_at=due_at)
    deadlines.cancel(dispute.pk, EVIDENCE_DUE, now=now)
    deadlines.schedule(
        EVIDENCE_DUE, dispute.pk, now=now, due_at=due_at, contract_id=dispute.contract_id, remind=REMIND_SHORT
    )
    road.ran("Z8")


def answer_evidence_request(*, request_id: UUID, text: str, actor: Actor, now: datetime) -> EvidenceRequestAnswer:
    """D9: a side answers; files are added with `add_evidence`. The request closes when all asked have answered.

    Publishes EvidenceAnswered. Raises OutOfTurnError (closed, or answered before), TooLateError.
    """
    dispute_id = EvidenceRequest.objects.filter(pk=request_id).values_list("dispute_id", flat=True).first()
    if dispute_id is None:
        raise StrangerError
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        side = side_of(dispute, actor)
        road.check(dispute, "answer_evidence", actor)
        in_stage(dispute, now)
        request = EvidenceRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
        if request.asked_of not in {side.value, BOTH}:
            raise NotAllowedError(_("This request was made to the other side."))
        if request.closed_at is not None:
            raise OutOfTurnError(_("This request is closed. You can still add evidence while mediation runs."))
        if request.due_at is not None:
            road.in_time(request.due_at, now, _("The time to answer this request"))
        if request.answers.filter(side=side).exists():
            raise OutOfTurnError(_("Your side has already answered this request. You can still add evidence."))
        words = long_text(text, "text", least=2, most=dispute.policy.evidence_text_chars, what=_("Write your answer."))
        row = EvidenceRequestAnswer(
            request=request, side=side, text=words, answered_by_id=person(actor), answered_at=now
        )
        row.save(force_insert=True)
        road.take(
            dispute,
            "answer_evidence",
            actor=actor,
            now=now,
            chain=dispute.pk,
            side=side.value,
            payload={"request_id": str(request.pk), "answer_id": str(row.pk), "text": audit.text_digest(words, row.pk)},
        )
        _close_when_answered(request, dispute, now)
        publish(
            EvidenceAnswered(
                at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, request_id=request.pk, side=side.value
            )
        )
        return row


def _close_when_answered(request: EvidenceRequest, dispute: Dispute, now: datetime) -> None:
    asked = set(Side.values) if request.asked_of == BOTH else {request.asked_of}
    if asked <= set(request.answers.values_list("side", flat=True)):
        close_requests([request], now=now)
        if not EvidenceRequest.objects.filter(dispute=dispute, closed_at__isnull=True, due_at__isnull=False).exists():
            deadlines.cancel(dispute.pk, EVIDENCE_DUE, now=now)


def close_requests(requests: Iterable[EvidenceRequest], *, now: datetime) -> None:
    """Close these requests: answered, or their due date has passed."""
    for request in requests:
        request.closed_at = now
        request.save(update_fields=["closed_at"])
