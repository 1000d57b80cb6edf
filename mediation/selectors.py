"""Reads of mediation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from core.errors import StrangerError
from core.permissions import StaffRole
from mediation import rules
from mediation.enums import CaseState, ObjectionState, RecommendationState
from mediation.models import MediationCase, Objection, Recommendation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from contracts.models import Contract
    from core.permissions import Actor

OPEN_CASES = [CaseState.ASSIGNED, CaseState.ACTIVE, CaseState.RECOMMENDATION_ISSUED]


def cases() -> QuerySet[MediationCase]:
    """Cases with what a page about one needs of the rooms below."""
    return MediationCase.objects.select_related(
        "specialist",
        "dispute__contract__freelancer_account",
        "dispute__contract__client_account",
        "dispute__milestone",
    )


def get_case_for(actor: Actor, reference: str) -> MediationCase:
    """The case of a dispute for its parties, its specialist and supervisors. Raises StrangerError."""
    case = cases().filter(dispute__reference=reference).first()
    if case is None or not rules.may_see(case.dispute, actor):
        raise StrangerError
    return case


def get_case_for_staff(actor: Actor, reference: str) -> MediationCase:
    """The desk's case for its specialist and supervisors; everybody else finds nothing (404)."""
    case = cases().filter(dispute__reference=reference).first()
    if case is None or not rules.staff_may_see(case, actor):
        raise StrangerError
    return case


def get_case_for_party(actor: Actor, reference: str) -> MediationCase:
    """The case for a member of either side; everybody else finds nothing (404)."""
    case = cases().filter(dispute__reference=reference).first()
    if case is None or not rules.is_party(case.dispute, actor):
        raise StrangerError
    return case


def live_recommendation(case: MediationCase) -> Recommendation | None:
    """The issued recommendation, or the last one that was (for the record); no drafts."""
    found: Recommendation | None = (
        case.recommendations.exclude(issued_at__isnull=True).select_related("written_by").order_by("-number").first()
    )
    return found


def draft_recommendation(case: MediationCase) -> Recommendation | None:
    """The specialist's draft, for the desk only."""
    found: Recommendation | None = case.recommendations.filter(state=RecommendationState.DRAFT).first()
    return found


def open_objection(case: MediationCase) -> Objection | None:
    """An objection that waits for a supervisor: D6, D7 and D13 are refused meanwhile (D20)."""
    found: Objection | None = case.objections.filter(state=ObjectionState.OPEN).order_by("made_at").first()
    return found


def conflicts_of(case: MediationCase, specialist: User) -> list[str]:
    """Why this person may not mediate this case, in sentences (rulebook section 4); empty when nothing stands against.

    Being away is no conflict.
    """
    dispute, contract = case.dispute, case.dispute.contract
    found = []
    if not specialist.is_active:
        found.append(_("This account is deactivated."))
    if not {StaffRole.SPECIALIST, StaffRole.SUPERVISOR}.intersection(specialist.staff_roles):
        found.append(_("This person is no mediation specialist."))
    accounts = [contract.freelancer_account_id, contract.client_account_id]
    memberships = Membership.objects.filter(user=specialist, account_id__in=accounts)
    found.extend(_membership(membership, contract) for membership in memberships)
    if dispute.opened_by_id == specialist.pk:
        found.append(_("This person opened the case at the support desk."))
    if specialist.pk in case.barred:
        found.append(_("This person left the case over a conflict or an upheld objection."))
    return found


def _membership(membership: Membership, contract: Contract) -> str:
    was = membership.removed_at is not None
    if membership.account_id == contract.freelancer_account_id:
        return (
            _("This person was a member of the freelancer’s account.")
            if was
            else _("This person is a member of the freelancer’s account.")
        )
    return (
        _("This person was a member of the client’s account.")
        if was
        else _("This person is a member of the client’s account.")
    )


@dataclass(frozen=True, slots=True)
class Load:
    """One specialist on the workload page and on the assign page."""

    user: User
    open_cases: int
    away: bool
    conflicts: tuple[str, ...] = ()

    @property
    def free(self) -> bool:
        """Whether the automatic assignment would take this person."""
        return not self.away and not self.conflicts


def specialists() -> QuerySet[User]:
    """Active specialists with their number of open cases, least loaded first."""
    return (
        User.objects.filter(is_active=True, staff_roles__contains=[StaffRole.SPECIALIST])
        .annotate(open_cases=Count("cases", filter=Q(cases__state__in=OPEN_CASES)))
        .order_by("open_cases", "name", "pk")
    )


def candidates(case: MediationCase, *, now: datetime) -> list[User]:
    """Specialists whom the automatic assignment may take, least loaded first (D2). One query."""
    contract = case.dispute.contract
    ever_member = Membership.objects.filter(
        user_id=OuterRef("pk"), account_id__in=[contract.freelancer_account_id, contract.client_account_id]
    )
    barred = [*case.barred, *([case.dispute.opened_by_id] if case.dispute.opened_by_id else [])]
    found = specialists().filter(~Exists(ever_member)).exclude(pk__in=barred).exclude(out_of_office_until__gt=now)
    return list(found)


def loads(*, now: datetime, case: MediationCase | None = None) -> list[Load]:
    """Every specialist with load, absence and, for a case, the conflicts named."""
    return [
        Load(
            user=user,
            open_cases=user.open_cases,  # type: ignore[attr-defined]
            away=bool(user.out_of_office_until and user.out_of_office_until > now),
            conflicts=tuple(conflicts_of(case, user)) if case is not None else (),
        )
        for user in specialists()
    ]


def objections_open(dispute_ids: list[UUID]) -> set[UUID]:
    """Those of these disputes with an open objection."""
    return set(
        Objection.objects.filter(case__dispute_id__in=dispute_ids, state=ObjectionState.OPEN).values_list(
            "case__dispute_id", flat=True
        )
    )
