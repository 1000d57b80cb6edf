"""What the arbitrator is sent: built only from what `disputes` says arbitration may know, and the notice.

No offer, bid, answer to a recommendation, private text or specialist-only exhibit can be in it: `case_record` does
not hold them, this room may not import where they live, and every field that leaves is named here. The notice's
annex stays out. Of the contract's thread only what people wrote goes in: the system's lines may speak of steps
of mediation.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from arbitration.models import ArbitrationCase
from disputes.selectors import case_record

BUNDLE_VERSION = 1


def bundle_of(case: ArbitrationCase) -> dict[str, Any]:
    """Return the bundle of a case, JSON-ready. Reads only. Amounts in minor units, instants in UTC."""
    dispute = case.dispute
    known = case_record(dispute)
    bundle = {
        "version": BUNDLE_VERSION,
        "reference": dispute.number,
        "currency": dispute.currency,
        "amount": dispute.amount,
        "freelancer": known["contract"]["freelancer"],
        "client": known["contract"]["client"],
        "contract": known["contract"]["title"],
        "notice": case.notice.content,
        "record": {
            "route": known["route"],
            "filed_amount": known["filed_amount"],
            "dates": known["dates"],
            "contract": known["contract"],
            "claim": known["claim"],
            "answer": known["answer"],
            "exhibits": [_exhibit(row) for row in known["exhibits"]],
            "messages": [_message(row) for row in known["messages"] if row.kind == "person"],
            "milestones": [_milestone(row) for row in known["milestones"]],
            "refund_requests": [_refund(row) for row in known["refund_requests"]],
        },
    }
    plain: dict[str, Any] = json.loads(json.dumps(bundle, cls=DjangoJSONEncoder))
    return plain


def _exhibit(row: Any) -> dict[str, Any]:
    return {
        "number": f"E-{row.exhibit}",
        "side": row.side,
        "kind": row.get_kind_display(),
        "shows": row.shows,
        "name": row.file_name,
        "size": row.size,
        "sha256": row.sha256,
        "added_at": row.added_at,
    }


def _message(row: Any) -> dict[str, Any]:
    return {
        "at": row.sent_at,
        "from": row.sender.name,
        "side": row.side,
        "body": row.body,
        "file": row.file_name,
        "sha256": row.file_sha256,
    }


def _milestone(row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "description": row.description,
        "amount": row.amount,
        "state": row.get_state_display(),
        "submissions": [
            {"number": s.number, "at": s.submitted_at, "message": s.message, "link": s.link, "file": s.file_name}
            for s in row.submissions.all()
        ],
        "decisions": [
            {
                "kind": d.get_kind_display(),
                "at": d.decided_at,
                "text": d.text,
                "released": d.released,
                "carried": d.carried,
            }
            for d in row.decisions.all()
        ],
    }


def _refund(row: Any) -> dict[str, Any]:
    return {
        "opened_at": row.opened_at,
        "asked": row.original_amount,
        "paid_at_end": row.paid_at_end,
        "reason": row.reason,
        "outcome": row.get_state_display(),
    }
