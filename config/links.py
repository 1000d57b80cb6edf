"""What the lower rooms' pages may show of the upper ones, handed down so that no room knows a higher one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from arbitration.enums import ElectionState, NoticeState
from arbitration.models import Election
from contracts.enums import Side
from contracts.hooks import DisputeLink
from core.models import Deadline, DeadlineStatus
from core.permissions import Actor
from disputes.enums import OPEN_STATES, DisputeState, OfferSide, OfferState
from disputes.models import Dispute, EvidenceRequest, SettlementOffer
from disputes.services.common import STAGE_CLOCKS
from disputes.services.statements import CLIENT_ANSWER
from mediation.enums import Answer, RecommendationState
from mediation.models import Recommendation

# A draft is nobody's but its writer's, and one that was never filed is not a dispute.
_UNFILED = (DisputeState.DRAFT, DisputeState.ABANDONED)

# A dispute, the side it waits for, and until when.
Awaited = tuple[UUID, str, datetime | None]


def dispute_links(contract_ids: Iterable[UUID]) -> dict[UUID, DisputeLink]:
    """Return the newest filed dispute of each contract, for **See Dispute**. One query; six where one is open."""
    found = Dispute.objects.filter(contract_id__in=list(contract_ids)).exclude(state__in=_UNFILED).order_by("filed_at")
    newest = {dispute.contract_id: dispute for dispute in found}
    waits: dict[UUID, dict[str, datetime | None]] = {}
    for pk, side, due in _awaited([d for d in newest.values() if d.state in OPEN_STATES]):
        known = waits.setdefault(pk, {})
        earlier = [at for at in (known.get(side), due) if at is not None]
        known[side] = min(earlier, default=None)
    return {
        contract_id: DisputeLink(
            reference=dispute.reference,
            stage=str(DisputeState(dispute.state).label),
            is_open=dispute.state in OPEN_STATES,
            awaits=waits.get(dispute.pk, {}),
        )
        for contract_id, dispute in newest.items()
    }


def _awaited(disputes: list[Dispute]) -> Iterator[Awaited]:
    """What either side has to answer: the claim, an offer, a request for evidence, a recommendation, the choice."""
    if not disputes:
        return
    talking = [d for d in disputes if d.state == DisputeState.IN_MEDIATION]
    mediation_end = STAGE_CLOCKS[DisputeState.IN_MEDIATION]
    clocks = Deadline.objects.filter(
        object_id__in=[d.pk for d in talking], kind__in=[CLIENT_ANSWER, mediation_end], status=DeadlineStatus.PENDING
    )
    until = {(pk, kind): at for pk, kind, at in clocks.values_list("object_id", "kind", "due_at")}
    # What has no clock of its own ends with mediation.
    ends = {d.pk: until.get((d.pk, mediation_end)) for d in talking}
    for dispute in talking:
        if dispute.client_answered_at is None:
            yield dispute.pk, Side.CLIENT, until.get((dispute.pk, CLIENT_ANSWER), ends[dispute.pk])
    yield from _evidence(ends)
    for offer in SettlementOffer.objects.filter(dispute__in=disputes, state=OfferState.PENDING):
        if offer.side != OfferSide.SPECIALIST:
            yield offer.dispute_id, Side(offer.side).other, offer.expires_at
    recommended = Recommendation.objects.filter(case__dispute__in=disputes, state=RecommendationState.ISSUED)
    for row in recommended.select_related("case"):
        for side in Side:
            if getattr(row, f"{side.value}_answer") == Answer.PENDING:
                yield row.case.dispute_id, side, row.answer_due_at
    elections = Election.objects.filter(
        notice__dispute__in=disputes,
        notice__state=NoticeState.ISSUED,
        state__in=[ElectionState.UNDECIDED, ElectionState.AGREED_UNPAID],
    )
    for choice in elections.select_related("notice"):
        yield choice.notice.dispute_id, choice.side, choice.notice.election_ends_at


def _evidence(ends: dict[UUID, datetime | None]) -> Iterator[Awaited]:
    requests = EvidenceRequest.objects.filter(dispute__in=list(ends), closed_at__isnull=True)
    for request in requests.prefetch_related("answers"):
        answered = {answer.side for answer in request.answers.all()}
        for side in Side:
            if request.asked_of in (side, "both") and side not in answered:
                yield request.dispute_id, side, request.due_at or ends[request.dispute_id]


def specialist_reads_contract(contract_id: UUID, actor: Actor) -> bool:
    """S11: the contract and its messages can be read by the specialist of a case on it."""
    return (
        actor.is_staff()
        and Dispute.objects.filter(contract_id=contract_id, specialist_id=actor.user_id)
        .exclude(state__in=_UNFILED)
        .exists()
    )
