"""What happens in mediation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from disputes.events import DisputeEvent


@dataclass(frozen=True, kw_only=True)
class SpecialistAssigned(DisputeEvent):
    """D2: `again` when somebody else had the case before."""

    specialist_id: UUID
    again: bool


@dataclass(frozen=True, kw_only=True)
class SpecialistUnassigned(DisputeEvent):
    """The case waits for another specialist."""

    specialist_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContactAttempted(DisputeEvent):
    """D5: told to `side`, shown to both."""

    attempt_id: UUID
    side: str


@dataclass(frozen=True, kw_only=True)
class UnresponsiveReady(DisputeEvent):
    """All guards of D6 (side client) or D7 (side freelancer) hold: the specialist may press the button."""

    side: str


@dataclass(frozen=True, kw_only=True)
class RecommendationWaits(DisputeEvent):
    """D13 with the release flag on: a supervisor has to release it (alert; repeats)."""

    recommendation_id: UUID


@dataclass(frozen=True, kw_only=True)
class RecommendationIssued(DisputeEvent):
    """D13."""

    recommendation_id: UUID


@dataclass(frozen=True, kw_only=True)
class RecommendationAnswered(DisputeEvent):
    """D14: `side` answered; what stays secret."""

    recommendation_id: UUID
    side: str


@dataclass(frozen=True, kw_only=True)
class RecommendationClosed(DisputeEvent):
    """D15 accepted, D16 rejected or lapsed."""

    recommendation_id: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class MediationFailed(DisputeEvent):
    """D16, D17, D18: `arbitration` issues the notice in the same transaction. `cause` is the rule."""

    cause: str


@dataclass(frozen=True, kw_only=True)
class ImpasseDeclared(DisputeEvent):
    """D18: one side's declaration."""

    side: str


@dataclass(frozen=True, kw_only=True)
class ObjectionMade(DisputeEvent):
    """D20."""

    objection_id: UUID
    side: str


@dataclass(frozen=True, kw_only=True)
class ObjectionDecided(DisputeEvent):
    """D20."""

    objection_id: UUID
    side: str
    upheld: bool


@dataclass(frozen=True, kw_only=True)
class StaffOverdue(DisputeEvent):
    """A staff clock ran out (assign, reply, objection, release): an alert, repeated until someone acts."""

    what: str
