"""The recommendation (S21): drafted, released where the setting asks for it, issued to both at once (D13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, deadlines, policy, road
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StaleError, UnableToError
from core.events import publish
from core.permissions import SYSTEM
from core.road import in_time
from disputes.enums import Confidentiality, Disposition, DisputeState
from disputes.services import spine
from mediation import clocks
from mediation.enums import Failure
from mediation.events import RecommendationIssued, RecommendationWaits
from mediation.locks import lock_case, lock_draft, lock_issued, lock_recommendation
from mediation.models import InternalNote, MediationCase, Recommendation
from mediation.services import assignment, recommendation_guards
from mediation.services.common import TEXT_MAX, clean_text, require_declared, see

if TYPE_CHECKING:
    from datetime import datetime

    from core.deadlines import Firing
    from core.money import Money
    from core.permissions import Actor


class UnableToRecommendError(UnableToError):
    """A condition of D13 does not hold; `values["missing"]` lists all that do not."""

    code = "guards"


def save_draft(
    *,
    dispute_id: UUID,
    to_freelancer: Money | None,
    to_client: Money | None,
    disposition: str,
    reasons: str,
    freelancer_points: str,
    client_points: str,
    exhibit_ids: Iterable[UUID],
    failure: str,
    failure_note: str,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Recommendation:
    """D13, prepared: keep what the specialist wrote so far; nothing here binds or shows to a party.

    Half-done drafts are welcome, a split that is set must add up. `seen_version` is the version of the
    dispute the form was shown with. A draft that waits for release is taken back by an edit.
    Raises StrangerError, NotAllowedError, OutOfTurnError, StaleError, UnableToActUndeclaredError,
    InvalidInputError.
    """
    with transaction.atomic():
        case = _for_specialist(dispute_id, actor)
        dispute = case.dispute
        _fresh(case, seen_version)
        issued = lock_issued(case)
        if issued is not None and not issued.nobody_answered():
            raise OutOfTurnError(_("A side has answered the recommendation, so it cannot be replaced any more."))
        if len(reasons) + len(freelancer_points) + len(client_points) > TEXT_MAX:
            raise InvalidInputError(
                {"reasons": _("The texts together are longer than {n} characters.").format(n=f"{TEXT_MAX:,}")}
            )
        if failure and failure not in Failure.values:
            raise InvalidInputError({"failure": _("Choose why agreement failed from the list.")})
        if disposition not in Disposition.values:
            raise InvalidInputError({"disposition": _("Choose where the client’s share goes.")})
        if to_freelancer is not None and to_client is not None:
            spine.split_of(dispute, to_freelancer, to_client)
        wanted = set(exhibit_ids)
        citable = dispute.evidence.filter(
            pk__in=wanted, confidentiality=Confidentiality.SHARED, removed_at__isnull=True
        )
        if citable.count() != len(wanted):
            raise InvalidInputError(
                {
                    "exhibits": _(
                        "Only exhibits that both sides can see may be cited. Ask the owner to disclose the rest."
                    )
                }
            )
        draft = lock_draft(case)
        if draft is None:
            draft = Recommendation(case=case, number=case.recommendations.count() + 1)
        elif draft.release_asked_at is not None:
            road.take(draft, "take_back", actor=actor, now=now, chain=dispute.pk)
            deadlines.cancel(dispute.pk, clocks.RELEASE_ALERT, now=now)
        both = to_freelancer is not None and to_client is not None
        draft.to_freelancer = to_freelancer.amount if both and to_freelancer is not None else None
        draft.to_client = to_client.amount if both and to_client is not None else None
        draft.frozen = dispute.amount
        draft.disposition = disposition
        draft.reasons, draft.failure, draft.failure_note = reasons, failure, failure_note
        draft.freelancer_points, draft.client_points = freelancer_points, client_points
        if actor.user_id is not None:
            draft.written_by_id = actor.user_id
        draft.written_at = now
        draft.save()
        draft.exhibits.set(citable)
        road.ran("D13")
        return draft


def issue_recommendation(*, dispute_id: UUID, seen_version: int, actor: Actor, now: datetime) -> Recommendation:
    """D13: the draft goes to both sides at the same instant, the 21-day clock stops, the answer clock starts.

    With RECOMMENDATION_NEEDS_RELEASE it waits for a supervisor first (`release_asked_at` is then set and
    its state stays draft). Issued a second time, it replaces the first, once, while nobody has answered.
    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError, StaleError,
    UnableToActUndeclaredError, UnableToRecommendError, InvalidInputError (what is missing in the draft).
    """
    with transaction.atomic():
        case = _for_specialist(dispute_id, actor)
        _fresh(case, seen_version)
        _still_time(case, now)
        draft = lock_draft(case)
        if draft is None:
            raise UnableToRecommendError(_("There is no draft yet. Write the recommendation first."))
        _check(case, draft, now=now)
        dispute = case.dispute
        if not dispute.policy.recommendation_needs_release:
            return _issue(case, draft, actor=actor, now=now)
        if actor.user_id is not None:
            # Whoever asks signs the draft: a supervisor who took the case over does not release it alone.
            draft.written_by_id = actor.user_id
        road.take(draft, "ask_release", actor=actor, now=now, chain=dispute.pk, save=("written_by",))
        due_at = dispute.policy.business_days_after(now, 1)
        clocks.restart(dispute, clocks.RELEASE_ALERT, now=now, due_at=due_at)
        _waits(case, draft, now=now)
        return draft


def release(*, recommendation_id: UUID, actor: Actor, now: datetime) -> Recommendation:
    """D13: a supervisor who did not write it releases the recommendation; it is issued in the same breath.

    Raises StrangerError, NotAllowedError, OutOfTurnError, TooLateError, UnableToRecommendError,
    InvalidInputError.
    """
    with transaction.atomic():
        draft = lock_recommendation(recommendation_id)
        case = draft.case
        see(case, actor)
        road.check(draft, "release", actor)
        _still_time(case, now)
        _check(case, draft, now=now)
        draft.released_by_id = actor.user_id
        road.take(draft, "release", actor=actor, now=now, chain=case.dispute_id, save=("released_by",))
        return _issue(case, draft, actor=SYSTEM, now=now)


def send_back(*, recommendation_id: UUID, text: str, actor: Actor, now: datetime) -> Recommendation:
    """D13: the supervisor sends the draft back with a note to the specialist.

    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError.
    """
    with transaction.atomic():
        draft = lock_recommendation(recommendation_id)
        case = draft.case
        see(case, actor)
        if actor.user_id is None or draft.written_by_id == actor.user_id:
            raise NotAllowedError(_("Somebody else than the writer decides on the release."))
        road.check(draft, "take_back", actor)
        words = clean_text("text", text, at_least=10, at_most=5_000)
        road.take(draft, "take_back", actor=actor, now=now, chain=case.dispute_id)
        deadlines.cancel(case.dispute_id, clocks.RELEASE_ALERT, now=now)
        InternalNote.objects.create(case=case, body=words, written_by_id=actor.user_id, written_at=now)
        return draft


def release_alert(firing: Firing) -> None:
    """A recommendation waits for its release for a business day; supervisors are told, repeatedly."""
    case = lock_case(firing.object_id)
    draft = lock_draft(case)
    if draft is None or draft.release_asked_at is None:
        return
    if deadlines.claim(firing):
        assignment.alert(case, "release", firing)
        _waits(case, draft, now=firing.now)


def _for_specialist(dispute_id: UUID, actor: Actor) -> MediationCase:
    case = lock_case(dispute_id)
    see(case, actor)
    road.check(case.dispute, "recommend", actor)
    require_declared(case, actor)
    return case


def _still_time(case: MediationCase, now: datetime) -> None:
    """Z3: within the 21 days, and a reissue before the answer time of the first is over (it lapses then, D16)."""
    in_time(case.ends_at, now, _("The mediation period"))
    issued = lock_issued(case)
    if issued is not None and issued.answer_due_at is not None:
        in_time(issued.answer_due_at, now, _("The time to answer the recommendation"))


def _fresh(case: MediationCase, seen_version: int) -> None:
    """Refuse what was written before something changed (reliability 4.7)."""
    if case.dispute.version != seen_version:
        raise StaleError(_("Something changed in this case while you were writing. Read what is new, then save again."))


def _check(case: MediationCase, draft: Recommendation, *, now: datetime) -> None:
    found = [g for g in recommendation_guards.guards(case, draft, now=now) if not g.holds]
    fields = {g.field: " ".join([_("Missing:"), g.text, g.evidence]).strip() for g in found if g.field}
    missing = [g.text for g in found if not g.field]
    if missing:
        raise UnableToRecommendError(
            _("This is not possible now. Missing: {what}").format(what=missing[0]), missing=missing
        )
    if fields:
        raise InvalidInputError(fields)


def _issue(case: MediationCase, draft: Recommendation, *, actor: Actor, now: datetime) -> Recommendation:
    dispute, settings = case.dispute, case.dispute.policy
    before = lock_issued(case)
    if before is not None:
        road.take(before, "void", actor=actor, now=now, chain=dispute.pk, rule_id="D13")
    draft.answer_due_at = settings.business_days_after(now, settings.recommendation_answer_business_days)
    draft.frozen = dispute.amount
    if actor.user_id is not None:
        # The specialist who issues a draft that somebody else began answers for it.
        draft.written_by_id = actor.user_id
    facts = {
        "recommendation": draft.pk,
        "number": draft.number,
        "currency": dispute.currency,
        "to_freelancer": draft.to_freelancer,
        "to_client": draft.to_client,
        "disposition": draft.disposition,
        "answer_due_at": draft.answer_due_at,
        "failure": draft.failure,
        "exhibits": sorted(e.exhibit or 0 for e in draft.exhibits.all()),
        "reasons": audit.text_digest(draft.reasons, draft.pk),
    }
    road.take(
        draft,
        "issue",
        actor=actor,
        now=now,
        chain=dispute.pk,
        payload=facts,
        save=("answer_due_at", "frozen", "written_by"),
    )
    road.take(case, "issue", actor=actor, now=now, chain=dispute.pk)
    again = dispute.state == DisputeState.RECOMMENDED
    spine.advance(dispute, "recommend", actor=actor, now=now, payload={"number": draft.number, "again": again})
    clocks.start(
        dispute,
        clocks.RECOMMENDATION_ANSWER,
        now=now,
        due_at=draft.answer_due_at,
        remind=policy.REMIND_SHORT,
    )
    road.ran("Z7")
    publish(
        RecommendationIssued(at=now, contract_id=dispute.contract_id, dispute_id=dispute.pk, recommendation_id=draft.pk)
    )
    return draft


def _waits(case: MediationCase, draft: Recommendation, *, now: datetime) -> None:
    publish(
        RecommendationWaits(
            at=now,
            contract_id=case.dispute.contract_id,
            dispute_id=case.dispute_id,
            recommendation_id=draft.pk,
        )
    )
