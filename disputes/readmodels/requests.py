"""The specialist's requests for evidence, with their dates and answers, as a viewer sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from disputes.enums import DisputeState
from disputes.models import Dispute, EvidenceRequest
from disputes.panels import Viewer


@dataclass(frozen=True, slots=True)
class Reply:
    """One side's answer, or that there is none yet."""

    name: str
    text: str = ""
    at: datetime | None = None
    you: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    id: str
    title: str
    by: str
    at: datetime
    text: str
    due_at: datetime | None
    open: bool
    replies: tuple[Reply, ...]
    answer_url: str


def requests_of(dispute: Dispute, viewer: Viewer) -> list[Asked]:
    """Newest first. Both sides read every request and every answer. Two queries; none for outsiders."""
    if not viewer.negotiation:
        return []
    rows = (
        EvidenceRequest.objects.filter(dispute=dispute)
        .select_related("asked_by")
        .prefetch_related("answers__answered_by")
        .order_by("-asked_at")
    )
    return [_asked(row, dispute, viewer) for row in rows]


def _asked(row: EvidenceRequest, dispute: Dispute, viewer: Viewer) -> Asked:
    sides = ["freelancer", "client"] if row.asked_of == "both" else [row.asked_of]
    answers = {answer.side: answer for answer in row.answers.all()}
    replies = tuple(
        Reply(
            name=viewer.freelancer_name if side == "freelancer" else viewer.client_name,
            text=answers[side].text if side in answers else "",
            at=answers[side].answered_at if side in answers else None,
            you=side == viewer.side,
        )
        for side in sides
    )
    running = row.closed_at is None and dispute.state == DisputeState.IN_MEDIATION
    late = row.due_at is not None and row.due_at <= viewer.now
    mine = running and not late and viewer.side in sides and viewer.side not in answers
    return Asked(
        id=str(row.pk),
        title=_title(row.asked_of, viewer),
        by=row.asked_by.name,
        at=row.asked_at,
        text=row.text,
        due_at=row.due_at,
        open=running and not late,
        replies=replies,
        answer_url=reverse("disputes:evidence_answer", args=[dispute.reference, row.pk]) if mine else "",
    )


def _title(asked_of: str, viewer: Viewer) -> str:
    if asked_of == "both":
        return _("Both sides are asked")
    if asked_of == viewer.side:
        return _("You are asked")
    name = viewer.freelancer_name if asked_of == "freelancer" else viewer.client_name
    return _("{name} is asked").format(name=name)
