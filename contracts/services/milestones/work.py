"""C2, C3, C3b: work is handed in, and what the client says about it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from contracts.enums import DecisionKind, Ground
from contracts.events import ChangesRequested, ReleaseRefused, WorkSubmitted
from contracts.ledger.services import Cause
from contracts.locks import lock_milestone
from contracts.models import Milestone, MilestoneDecision, Submission
from contracts.services import gate
from contracts.services.common import attach, bounded_text, person, required_text, see, touch
from contracts.services.milestones.decision import decide, ready_or_disputed, review_in_time
from core import audit, road
from core.errors import InvalidInputError
from core.events import publish
from core.permissions import Actor
from core.uploads import CheckedUpload


def submit_work(
    *,
    milestone_id: UUID,
    message: str = "",
    link: str = "",
    upload: CheckedUpload | None = None,
    actor: Actor,
    now: datetime,
) -> Submission:
    """C2: work is handed in, with a message, a link or a file at least; the review clock starts.

    Raises StrangerError, NotAllowedError, OutOfTurnError, UnableToActInDisputeError,
    InvalidInputError (`message`, `link`).
    """
    with transaction.atomic():
        milestone = _locked(milestone_id, "submit", actor)
        message = bounded_text(message, "message")
        link = _checked_link(link)
        if not (message or link or upload):
            raise InvalidInputError({"message": _("Add a message, a link or a file that shows the work.")})
        submission = Submission(
            milestone=milestone,
            number=milestone.submissions.count() + 1,
            message=message,
            link=link,
            submitted_by_id=person(actor),
            submitted_at=now,
        )
        attach(submission, upload)
        submission.save(force_insert=True)
        road.take(
            milestone,
            "submit",
            actor=actor,
            now=now,
            chain=milestone.contract_id,
            payload={
                "submission": str(submission.pk),
                "message": audit.text_digest(message, submission.pk),
                "file": submission.file_sha256,
            },
        )
        gate.start_review(milestone, Cause("C2", "milestone", milestone.pk, actor, now, Ground.CLIENT_APPROVAL))
        touch(milestone.contract, now=now)
        publish(WorkSubmitted(at=now, contract_id=milestone.contract_id, milestone_id=milestone.pk))
        return submission


def request_changes(*, milestone_id: UUID, text: str, actor: Actor, now: datetime) -> MilestoneDecision:
    """C3: the client says what is to be changed; the review clock stops. `text` is mandatory."""
    with transaction.atomic():
        milestone = _locked(milestone_id, "request_changes", actor)
        review_in_time(milestone, now)
        text = required_text(text, "text", _("Say what should be changed, so that the work can go on."))
        decision = decide(milestone, "request_changes", DecisionKind.CHANGES, text, actor=actor, now=now)
        publish(ChangesRequested(at=now, contract_id=milestone.contract_id, milestone_id=milestone.pk))
        return decision


def refuse_release(*, milestone_id: UUID, text: str, actor: Actor, now: datetime) -> MilestoneDecision:
    """C3b: the client says that the money will not be released, and why; the review clock stops."""
    with transaction.atomic():
        milestone = _locked(milestone_id, "refuse_release", actor)
        review_in_time(milestone, now)
        text = required_text(text, "text", _("Say why the money is not released."))
        decision = decide(milestone, "refuse_release", DecisionKind.REFUSED, text, actor=actor, now=now)
        publish(ReleaseRefused(at=now, contract_id=milestone.contract_id, milestone_id=milestone.pk))
        return decision


def _locked(milestone_id: UUID, name: str, actor: Actor) -> Milestone:
    milestone = lock_milestone(milestone_id)
    see(milestone, actor)
    ready_or_disputed(milestone, name, actor)
    return milestone


def _checked_link(link: str) -> str:
    link = bounded_text(link, "link", 500)
    if link:
        try:
            URLValidator(schemes=["http", "https"])(link)
        except ValidationError as error:
            raise InvalidInputError(
                {"link": _("Enter a full address that starts with https://, or leave it empty.")}
            ) from error
    return link
