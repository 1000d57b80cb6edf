"""What is new in the timeline since a page was drawn: for the bar that announces it.

The mark is the number of the newest entry of the record that this viewer may read, so that nothing that is
not in the viewer's own timeline (a sealed bid, a draft, a confidential file of the other side) moves it. The
entries of one case are numbered under the contract's lock: a later number is a later commit.
"""

from __future__ import annotations

from django.db.models import QuerySet

from core import audit
from core.models import AuditEntry
from disputes import sentences
from disputes.models import Dispute
from disputes.panels import Viewer

MOST = 50  # entries looked at: nobody reads "73 new updates" as more than "many"


def _read(dispute: Dispute, viewer: Viewer) -> QuerySet[AuditEntry]:
    seen = sentences.wanted(viewer) | sentences.cards(viewer)
    return audit.entries(dispute.pk, dispute.contract_id).filter(seen)


def mark(dispute: Dispute, viewer: Viewer) -> int:
    """The newest entry this viewer may read. One query."""
    return _read(dispute, viewer).order_by("-pk").values_list("pk", flat=True).first() or 0


def count_since(dispute: Dispute, viewer: Viewer, since: int) -> int:
    """How many things stand in the viewer's timeline that came after `since`. One query, two if there is news."""
    entries = list(_read(dispute, viewer).filter(pk__gt=since).order_by("pk")[:MOST])
    if not entries:
        return 0
    worded = sentences.tell(entries, viewer, currency=dispute.currency, sides={})
    return sum(entry.pk in worded or (entry.object_type, entry.act) in sentences.CARDS for entry in entries)


def newest_digest(dispute: Dispute, viewer: Viewer) -> str:
    """Checksum of the newest entry of the dispute's own chain that this viewer may read.

    Neither the length nor the head of the chain is told to a side: both would show that the other one did
    something in secret (D12, D19). Each checksum holds all before it, so this one proves what it can be shown for.
    """
    chain = _read(dispute, viewer).filter(chain_id=dispute.pk).order_by("-pk")
    return chain.values_list("digest", flat=True).first() or ""
