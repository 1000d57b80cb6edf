"""What the arbitrator is sent: built only from what `disputes` says arbitration may know, and the notice.

No offer, answer to a recommendation, private text or specialist-only exhibit can be in it, because
`case_record` does not hold them and this room may not import where they live. The notice's annex stays out.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from arbitration.models import ArbitrationCase

BUNDLE_VERSION = 1


def bundle_of(case: ArbitrationCase) -> dict[str, Any]:
    """Return the bundle of a case, JSON-ready. Reads only."""
    from disputes.selectors import case_record  # noqa: PLC0415 - read when a bundle is made

    dispute = case.dispute
    record = json.loads(json.dumps(case_record(dispute), cls=DjangoJSONEncoder, default=str))
    return {
        "version": BUNDLE_VERSION,
        "reference": dispute.number,
        "currency": dispute.currency,
        "amount": dispute.amount,
        "freelancer": dispute.contract.freelancer_account.name,
        "client": dispute.contract.client_account.name,
        "contract": dispute.contract.title,
        "notice": case.notice.content,
        "record": record,
    }
