"""Steps that the commands of this room share."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from contracts.enums import Side
from contracts.models import Milestone
from contracts.services.common import bounded_text
from core import audit, deadlines, road
from core.errors import InvalidInputError, NotAllowedError, StaleError, StrangerError
from core.permissions import Actor
from disputes import rules
from disputes.enums import DisputeState, VersionSide
from disputes.models import Dispute, StatementVersion

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

    from disputes.transitions import DisputeLifecycle

DETAILS_MIN = 80  # characters; fewer do not let a specialist understand a claim (S07)
NOTE_MAX = 2_000
SHOWS_MAX = 300

# The clock that ends a stage; offers never outlive it (Z8). Arbitration has none that binds the parties.
STAGE_CLOCKS = {
    DisputeState.IN_MEDIATION: "mediation_end",
    DisputeState.RECOMMENDED: "recommendation_answer",
    DisputeState.NON_RESOLUTION: "election_end",
}
STAGE_WORDS = {
    DisputeState.IN_MEDIATION: _l("Mediation"),
    DisputeState.RECOMMENDED: _l("The time to answer the recommendation"),
    DisputeState.NON_RESOLUTION: _l("The time to choose arbitration"),
}


def see(obj: Any, actor: Actor) -> None:
    """Raise StrangerError (404) unless the actor may see the case; machines always may."""
    if actor.is_person and not rules.may_see(obj, actor):
        raise StrangerError


def side_of(obj: Any, actor: Actor) -> Side:
    """Return the side the actor acts for. Raises NotAllowedError for staff."""
    side = rules.side_of(obj, actor)
    if side is None:
        raise NotAllowedError(_("Only the two sides of this case can do this."))
    return side


def person(actor: Actor) -> UUID:
    """Return the id of the person who acts. Raises NotAllowedError for a machine."""
    if actor.user_id is None:
        raise NotAllowedError(_("Only a person can do this."))
    return actor.user_id


def fresh(dispute: Dispute, seen_version: int | None) -> None:
    """Interface: a form shown before something changed is stopped (409), what was typed is kept."""
    if seen_version is not None and seen_version != dispute.version:
        raise StaleError(
            _("This changed while you were writing. See what is new, then decide again; your text is kept."),
            seen=seen_version,
            version=dispute.version,
        )


def long_text(text: str, field: str, *, least: int, most: int, what: str | StrPromise) -> str:
    """Return the text without outer blanks; says how many characters are missing or too many."""
    cleaned = bounded_text(text, field, most)
    if len(cleaned) < least:
        missing = least - len(cleaned)
        needed = ngettext(
            "Write at least {least} characters; {missing} more is needed.",
            "Write at least {least} characters; {missing} more are needed.",
            missing,
        ).format(least=least, missing=missing)
        raise InvalidInputError({field: f"{what} {needed}"})
    return cleaned


def stage_end(dispute: Dispute) -> datetime | None:
    """Instant at which the present stage ends by itself, or None where no such clock runs."""
    kind = STAGE_CLOCKS.get(DisputeState(dispute.state))
    clock = deadlines.running(dispute.pk, kind) if kind else None
    if clock is None and dispute.state == DisputeState.NON_RESOLUTION:
        clock = deadlines.running(dispute.pk, "election_settling")
    return clock.due_at if clock else None


def in_stage(dispute: Dispute, now: datetime) -> None:
    """Z3: at or after the end of a stage only its default runs, even where the sweep is late. Raises TooLateError."""
    end = stage_end(dispute)
    if end is not None:
        road.in_time(end, now, str(STAGE_WORDS[DisputeState(dispute.state)]))


def mark_move(dispute: DisputeLifecycle, side: str | None, now: datetime) -> None:
    """Note that a side acted on something that hangs on the dispute (D6, D7), outside a transition of its own.

    The version moves, so that open pages learn of it. Secret steps do not come here.
    """
    dispute._react(side, now)
    dispute.version += 1
    dispute.save(update_fields=["version", "client_reacted_at", "freelancer_reacted_at"])


def new_version(
    dispute: Dispute,
    side: VersionSide,
    *,
    reason: str,
    details: str,
    amount: int,
    author_id: UUID,
    now: datetime,
) -> StatementVersion:
    """Add the next version of a claim or an answer (S15: nothing is overwritten)."""
    number = StatementVersion.objects.filter(dispute=dispute, side=side).count() + 1
    version = StatementVersion(
        dispute=dispute,
        side=side,
        number=number,
        reason=reason,
        details=details,
        amount=amount,
        written_by_id=author_id,
        written_at=now,
    )
    version.save(force_insert=True)
    return version


def version_payload(version: StatementVersion) -> dict[str, Any]:
    """What the record says of a version: ids, amount and the salted digest of the words, never the words."""
    return {
        "version_id": str(version.pk),
        "side": version.side,
        "number": version.number,
        "reason": version.reason,
        "amount": version.amount,
        "details": audit.text_digest(version.details, version.pk),
    }


def dispute_milestone(dispute: Dispute) -> Milestone | None:
    """Return the milestone of an active-route dispute, with its contract (no lock)."""
    if dispute.milestone_id is None:
        return None
    milestone = Milestone.objects.get(pk=dispute.milestone_id)
    milestone.contract = dispute.contract
    return milestone
