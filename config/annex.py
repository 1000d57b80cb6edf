"""The annex of the Notice of Non-Resolution: the recommendation, for the two sides only.

Mediation and arbitration may not know each other, so the one page that knows both carries it over.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from mediation.enums import RecommendationState
from mediation.models import Recommendation


def recommendation_annex(dispute_id: UUID) -> dict[str, Any]:
    """Return the recommendation that was issued last, without anybody's answer; empty when there was none."""
    found = (
        Recommendation.objects.filter(case__dispute_id=dispute_id)
        .exclude(state__in=[RecommendationState.DRAFT, RecommendationState.VOID])
        .order_by("-number")
        .first()
    )
    if found is None:
        return {}
    return {
        "to_freelancer": found.to_freelancer,
        "to_client": found.to_client,
        "reasons": found.reasons,
        "freelancer_points": found.freelancer_points,
        "client_points": found.client_points,
    }
