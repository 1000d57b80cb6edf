"""Where an arbitration stands, as steps: choose and pay, file, decide, carry out."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from arbitration.enums import ArbitrationState, NoticeState
from arbitration.models import ArbitrationCase, NonResolutionNotice
from core.formatting import format_day
from disputes.enums import DisputeState
from disputes.models import Dispute


def stages_of(
    dispute: Dispute, notice: NonResolutionNotice, case: ArbitrationCase | None, *, tz: tzinfo, now: datetime
) -> list[dict[str, Any]]:
    """For `c-stepper`: label, note, state, progress. A rejected filing is over: its notice counts, not the case."""

    def day(instant: datetime | None) -> str:
        return format_day(instant.astimezone(tz).date()) if instant else ""

    live = notice.state == NoticeState.ISSUED
    if case is not None and case.notice_id != notice.pk:
        case = None
    over = dispute.state == DisputeState.RESOLVED
    filed = case is not None and case.submitted_at is not None
    choose: dict[str, Any] = {
        "label": _("Both sides choose and pay"),
        "note": _when_chosen(notice, case, day),
        "state": "done",
    }
    if live:
        choose |= {"state": "current", "progress": _progress(notice, now)}
    elif case is None:
        choose["state"] = "skipped"
    rest: list[dict[str, Any]] = [
        {
            "label": _("Case filed"),
            "note": day(case.submitted_at) if case else "",
            "state": "done" if filed else "maybe",
        },
        {"label": _("Arbitrator decides"), "note": day(case.awarded_at) if case else "", "state": "maybe"},
        {"label": _("Money moves"), "note": day(dispute.resolved_at) if over else "", "state": "maybe"},
    ]
    if case is not None and case.state == ArbitrationState.FILING:
        rest[0] |= {"state": "current", "note": _("Under way")}
    elif filed and not over:
        rest[1] |= {"state": "current", "note": _("Under way")}
    elif case is not None and case.awarded_at:
        rest[1]["state"] = "done"
    if over:
        for step in rest[:2]:
            step["state"] = "done" if step["state"] == "done" else "skipped"
        rest[2]["state"] = "done"
    return [{"label": _("Notice sent"), "note": day(notice.issued_at), "state": "done"}, choose, *rest]


def _when_chosen(notice: NonResolutionNotice, case: ArbitrationCase | None, day: Any) -> str:
    if case is not None:
        return str(day(case.opened_at))
    if notice.state != NoticeState.ISSUED:
        return ""
    if notice.election_ends_at is None:
        return _("No time limit")
    return _("Until {day}").format(day=day(notice.election_ends_at))


def _progress(notice: NonResolutionNotice, now: datetime) -> int:
    """Share of the time that is over, per cent."""
    if notice.election_ends_at is None:
        return 0
    whole = (notice.election_ends_at - notice.issued_at).total_seconds()
    return max(0, min(100, int(100 * (now - notice.issued_at).total_seconds() / whole))) if whole else 100
