"""The dispute with all that its pages need of its neighbours, and the people in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from core.errors import StrangerError
from core.permissions import Actor
from disputes import rules
from disputes.enums import DisputeState
from disputes.models import CaseMessage, Dispute, Evidence
from disputes.panels import Viewer, viewer_of

NOT_FILED = (DisputeState.DRAFT, DisputeState.ABANDONED)


def load_dispute(actor: Actor, reference: str) -> Dispute:
    """A filed dispute with contract, accounts, milestone, request and resolution: one query.

    Carries `message_count` and `evidence_count`. Raises StrangerError when there is none for this actor.
    """
    dispute = (
        Dispute.objects.select_related(
            "contract__freelancer_account",
            "contract__client_account",
            "milestone",
            "refund_request",
            "support_request",
            "resolution__entry",
        )
        .annotate(
            message_count=_count(CaseMessage.objects.filter(dispute=OuterRef("pk"))),
            evidence_count=_count(Evidence.objects.filter(dispute=OuterRef("pk"), removed_at__isnull=True)),
        )
        .filter(reference=clean_reference(reference))
        .exclude(state__in=NOT_FILED)
        .first()
    )
    if dispute is None or not rules.may_see(dispute, actor):
        raise StrangerError
    return dispute


def clean_reference(text: str) -> str:
    """People type the number in many ways: "d-ab12-cd34" is "AB12-CD34"."""
    return text.strip().upper().removeprefix("D-")


def _count(rows: object) -> Coalesce:
    counted = rows.order_by().values("dispute").annotate(n=Count("pk")).values("n")  # type: ignore[attr-defined]
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the case."""

    id: UUID
    name: str
    timezone: str
    side: str  # freelancer, client, specialist
    money: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """Who is who: members of both accounts and the specialist."""

    members: tuple[Member, ...] = ()
    sides: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def specialist(self) -> Member | None:
        """The assigned specialist."""
        return next((m for m in self.members if m.side == "specialist"), None)

    def of(self, side: str) -> list[Member]:
        """Members of one side, those who may move money first."""
        return sorted((m for m in self.members if m.side == side), key=lambda m: (not m.money, m.name))


def people_of(dispute: Dispute) -> People:
    """Load everybody in one query."""
    contract = dispute.contract
    accounts = {contract.freelancer_account_id: "freelancer", contract.client_account_id: "client"}
    rows = (
        User.objects.filter(
            Q(memberships__account_id__in=list(accounts), memberships__removed_at__isnull=True)
            | Q(pk=dispute.specialist_id)
        )
        .values_list(
            "id", "name", "timezone", "memberships__account_id", "memberships__role", "memberships__removed_at"
        )
        .order_by("name", "id")
    )
    members: dict[UUID, Member] = {}
    for pk, name, timezone, account_id, role, removed_at in rows:
        if pk == dispute.specialist_id:
            members[pk] = Member(pk, name, timezone, "specialist")
        elif removed_at is None and account_id in accounts:
            members[pk] = Member(pk, name, timezone, accounts[account_id], role in {"owner", "case_manager"})
    return People(tuple(members.values()), {pk: m.side for pk, m in members.items()})


def viewer_for(dispute: Dispute, actor: Actor, now: datetime, people: People) -> Viewer:
    """The viewer, knowing the specialist by first name."""
    specialist = people.specialist
    return viewer_of(dispute, actor, now, specialist_name=specialist.name if specialist else "")


def first_name(name: str) -> str:
    """First word of a person's name."""
    return name.split(" ", 1)[0]
