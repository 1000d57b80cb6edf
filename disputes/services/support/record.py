"""The platform's own record of a milestone, for the support agent (P1): shown, blocks nothing.

Ids, kinds, instants and amounts; the words stay in their own rows, so that a redaction reaches them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contracts.enums import DecisionKind, MessageKind, Side
from contracts.models import Message, Milestone
from contracts.services.gate import REVIEW
from core import deadlines


def of(milestone: Milestone, *, now: datetime) -> dict[str, Any]:
    """JSON of C2, C3, C3b, C5, the review clock, and the messages the client has not answered."""
    review = deadlines.running(milestone.pk, REVIEW)
    thread = Message.objects.filter(contract_id=milestone.contract_id, kind=MessageKind.PERSON)
    last_reply = thread.filter(side=Side.CLIENT).order_by("-sent_at").values_list("sent_at", flat=True).first()
    waiting = thread.filter(side=Side.FREELANCER)
    if last_reply is not None:
        waiting = waiting.filter(sent_at__gt=last_reply)
    since = waiting.order_by("sent_at").values_list("sent_at", flat=True)
    return {
        "taken_at": now.isoformat(),
        "milestone": {"number": milestone.number, "state": str(milestone.state), "price": milestone.amount},
        "submissions": [
            {"number": number, "at": at.isoformat()}
            for number, at in milestone.submissions.order_by("number").values_list("number", "submitted_at")
        ],
        "decisions": [
            {
                "id": str(d.pk),
                "kind": d.kind,
                "rule": {DecisionKind.CHANGES: "C3", DecisionKind.REFUSED: "C3b", DecisionKind.PARTIAL: "C5"}.get(
                    DecisionKind(d.kind), "C4"
                ),
                "at": d.decided_at.isoformat(),
                "released": d.released,
                "carried": d.carried,
            }
            for d in milestone.decisions.order_by("decided_at")
        ],
        "review_ends_at": review.due_at.isoformat() if review else None,
        "client_last_wrote_at": last_reply.isoformat() if last_reply else None,
        "unanswered_messages": len(since),
        "unanswered_since": since[0].isoformat() if since else None,
    }
