"""The mail of the stories: it has long been delivered, as everything else that happened in them.

Otherwise the first minutes of a fresh sandbox would be spent on sending more than a thousand old mails.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from core.models import OutboxMessage
from notifications.models import Notice
from notifications.outgoing import MAIL


def count_as_mailed(now: datetime) -> int:
    """Mark the stories' notices as mailed when they were made; one of each kind is left to be sent.

    So the mailbox of the sandbox shows at once what mails look like. Of each kind the one is kept whose
    time is over next, else the newest; none whose time is over. Returns how many are left to be sent.
    """
    waiting = OutboxMessage.objects.filter(handler=MAIL, delivered_at__isnull=True)
    told = Notice.objects.filter(pk__in=[payload["notice_id"] for payload in waiting.values_list("payload", flat=True)])
    kept = [
        str(pk)
        for pk in told.exclude(until__lte=now)
        .order_by("kind", F("until").asc(nulls_last=True), "-created_at", "id")
        .distinct("kind")
        .values_list("pk", flat=True)
    ]
    told.exclude(pk__in=kept).update(mailed_at=F("created_at"))
    waiting.exclude(payload__notice_id__in=kept).update(delivered_at=F("created_at"))
    return len(kept)
