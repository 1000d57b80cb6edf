"""What must hold before a recommendation goes out (D13): one list for the checklist, the preview and the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formatting import format_money
from disputes.enums import Confidentiality, DisputeState, OfferState
from mediation import selectors
from mediation.enums import Failure, RecommendationState
from mediation.services.unresponsive import Guard

if TYPE_CHECKING:
    from datetime import datetime

    from mediation.models import MediationCase, Recommendation


POINTS_MIN_CHARS = 20
NOTE_MIN_CHARS = 10


def guards(case: MediationCase, draft: Recommendation | None, *, now: datetime) -> list[Guard]:
    """Return the case's conditions, then the draft's (each with its form field)."""
    return [*case_guards(case, now=now), *(draft_guards(case, draft, now=now) if draft else [])]


def case_guards(case: MediationCase, *, now: datetime) -> list[Guard]:
    """Conditions that the specialist cannot write away."""
    dispute = case.dispute
    answered, over = dispute.client_answered_at, case.client_answer_due_at
    heard = answered is not None or now >= over
    issued = _issued(case)
    objection = selectors.open_objection(case)
    found = [
        Guard(
            _("Both sides were heard or had the chance."),
            heard,
            _("The client answered")
            if answered
            else _("The client’s time to answer ends")
            if not heard
            else _("Time is over"),
            answered or over,
        ),
        Guard(_("The mediation period is not over."), now < case.ends_at, _("Ends"), case.ends_at),
        Guard(
            _("No objection to the specialist is open."),
            objection is None,
            _("Waits for a supervisor") if objection else _("None"),
            objection.made_at if objection else None,
        ),
    ]
    if dispute.state == DisputeState.RECOMMENDED or issued:
        live = next((r for r in issued if r.state == RecommendationState.ISSUED), None)
        found.append(
            Guard(
                _("It was issued only once before, and nobody has answered yet."),
                len(issued) == 1 and live is not None and live.nobody_answered(),
                ngettext("Issued {n} time", "Issued {n} times", len(issued)).format(n=len(issued)),
            )
        )
    return found


def draft_guards(case: MediationCase, draft: Recommendation, *, now: datetime) -> list[Guard]:
    """Conditions on what the specialist wrote."""
    dispute = case.dispute
    least, length = dispute.policy.recommendation_min_chars, len(draft.reasons.strip())
    to_freelancer, to_client = draft.to_freelancer, draft.to_client
    split_known = to_freelancer is not None and to_client is not None
    adds_up = split_known and (to_freelancer or 0) + (to_client or 0) == dispute.amount
    cited = list(draft.exhibits.all())
    bad = [e for e in cited if e.dispute_id != dispute.pk or e.confidentiality != Confidentiality.SHARED]
    shared_any = dispute.evidence.filter(confidentiality=Confidentiality.SHARED, removed_at__isnull=True).exists()
    return [
        Guard(
            _("The two amounts add up to {sum}.").format(sum=format_money(dispute.money)),
            adds_up,
            _("Not set") if not split_known else "",
            field="to_freelancer",
        ),
        Guard(
            _("The reasons have at least {n} characters.").format(n=least),
            length >= least,
            _("{n} of {least}").format(n=length, least=least)
            if length < least
            else ngettext("{n} character", "{n} characters", length).format(n=length),
            field="reasons",
        ),
        Guard(
            _("At least one exhibit is cited.") if shared_any else _("There is no exhibit that both sides can see."),
            bool(cited) or not shared_any,
            ngettext("{n} cited", "{n} cited", len(cited)).format(n=len(cited)) if shared_any else _("None to cite"),
            field="exhibits",
        ),
        Guard(
            _("Every cited exhibit is shared with both sides or was disclosed by its owner."),
            not bad,
            ngettext("{n} not disclosed", "{n} not disclosed", len(bad)).format(n=len(bad)) if bad else "",
            field="exhibits",
        ),
        Guard(
            _("The freelancer’s main points are addressed."), _said(draft.freelancer_points), field="freelancer_points"
        ),
        Guard(_("The client’s main points are addressed."), _said(draft.client_points), field="client_points"),
        _failure_guard(case, draft, now=now),
    ]


def _said(text: str) -> bool:
    return len(text.strip()) >= POINTS_MIN_CHARS


def _failure_guard(case: MediationCase, draft: Recommendation, *, now: datetime) -> Guard:
    """The recorded reason why agreement failed is one that the record bears out."""
    dispute = case.dispute
    text = _("Why agreement failed is recorded and fits the record.")
    if draft.failure == Failure.OFFER_DECLINED:
        states = [OfferState.REJECTED, OfferState.COUNTERED]
        holds, evidence = dispute.offers.filter(state__in=states).exists(), _("An offer was declined or countered")
        missing = _("No offer was declined or countered")
    elif draft.failure == Failure.OFFER_EXPIRED:
        holds, evidence = dispute.offers.filter(state=OfferState.EXPIRED).exists(), _("An offer expired")
        missing = _("No offer expired")
    elif draft.failure == Failure.NO_ANSWER:
        holds = dispute.client_answered_at is None and now >= case.client_answer_due_at
        evidence, missing = _("The client did not answer in time"), _("The client answered, or still has time")
    elif draft.failure == Failure.STATEMENT:
        holds, evidence = len(draft.failure_note.strip()) >= NOTE_MIN_CHARS, _("A side’s statement")
        missing = _("Write which side said so, and where")
    else:
        return Guard(text, holds=False, evidence=_("Not recorded"), field="failure")
    return Guard(text, holds, evidence if holds else missing, field="failure")


def _issued(case: MediationCase) -> list[Recommendation]:
    return list(case.recommendations.filter(issued_at__isnull=False).order_by("number"))
