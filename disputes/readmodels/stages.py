"""Stages and dates of a dispute: the stepper, and what runs until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core import deadlines, formatting
from disputes.enums import DisputeState, Route
from disputes.models import Dispute, SettlementOffer
from disputes.panels import Contribution, DateRow, Viewer

DATE_WORDS = {
    "mediation_end": (
        gettext_lazy("Mediation ends"),
        gettext_lazy(
            "Without agreement both sides get a Notice of Non-Resolution. A side that has not reacted at all can lose."
        ),
    ),
    "client_answer": (
        gettext_lazy("Client answers the claim"),
        gettext_lazy("After that the specialist may close the case if the client is silent."),
    ),
    "offer": (gettext_lazy("Offer ends"), gettext_lazy("Without an answer it lapses and no money moves.")),
    "evidence_due": (
        gettext_lazy("Evidence asked for by"),
        gettext_lazy("The case goes on with what is there."),
    ),
}


def running_dates(dispute: Dispute) -> dict[str, tuple[datetime, datetime]]:
    """Running deadlines by kind, reminders left out. One query."""
    return {d.kind: (d.starts_at, d.due_at) for d in deadlines.running_of(dispute.pk) if ".remind:" not in d.kind}


def _first_step(dispute: Dispute) -> tuple[str, datetime | None]:
    if dispute.route == Route.ACTIVE:
        request = getattr(dispute, "support_request", None)
        return _("Support request"), request.asked_at if request else None
    return _("Refund request"), dispute.refund_request.opened_at if dispute.refund_request else None


def steps_of(
    dispute: Dispute,
    given: Sequence[Contribution],
    *,
    tz: tzinfo,
    now: datetime,
) -> list[dict[str, Any]]:
    """The stepper: what is done, what runs, what may never happen and when it would."""

    def day(instant: datetime | None) -> str:
        return formatting.format_day(instant.astimezone(tz).date()) if instant else ""

    asked, asked_at = _first_step(dispute)
    state, over = dispute.state, dispute.state == DisputeState.RESOLVED
    steps: dict[str, dict[str, Any]] = {
        "asked": {"label": asked, "note": day(asked_at), "state": "done"},
        "filed": {"label": _("Dispute filed"), "note": day(dispute.filed_at), "state": "done"},
        "mediation": _mediation(dispute, now),
        "recommendation": _maybe(_("Recommendation"), _("If you cannot agree"), dispute.recommended_at, day, over=over),
        "notice": _maybe(_("Non-resolution"), _("If one side rejects it"), dispute.non_resolution_at, day, over=over),
        "arbitration": _maybe(_("Arbitration"), _("If both sides choose it"), dispute.arbitration_at, day, over=over),
    }
    current = {
        DisputeState.RECOMMENDED: "recommendation",
        DisputeState.NON_RESOLUTION: "notice",
        DisputeState.IN_ARBITRATION: "arbitration",
    }.get(DisputeState(state))
    if current:
        steps[current]["state"] = "current"
        _skip_before(steps, current)
    if over:
        steps["closed"] = {"label": pgettext("case", "Closed"), "note": day(dispute.resolved_at), "state": "done"}
        _skip_before(steps, "closed")
    for contribution in given:
        for key, step in contribution.steps.items():
            if key in steps:
                told = {"note": step.note, "state": step.state, "progress": step.progress}
                steps[key].update({name: value for name, value in told.items() if value is not None})
    return [{"key": key, **step} for key, step in steps.items()]


def _skip_before(steps: dict[str, dict[str, Any]], current: str) -> None:
    """What lies before the present stage and never happened was not needed."""
    for key, step in steps.items():
        if key == current:
            return
        if step["state"] == "maybe":
            step.update(state="skipped", note=_("Not needed"))


def _mediation(dispute: Dispute, now: datetime) -> dict[str, Any]:
    if dispute.state != DisputeState.IN_MEDIATION or dispute.filed_at is None:
        return {"label": _("Mediation"), "note": _("Ended"), "state": "done"}
    used = max(0, (now - dispute.filed_at).days)
    return {
        "label": _("Mediation"),
        "note": _("Day {day} of 21").format(day=min(used + 1, 21)),
        "state": "current",
        "progress": min(100, used * 100 // 21),
    }


def _maybe(label: str, note: str, at: datetime | None, day: Any, *, over: bool) -> dict[str, Any]:
    if at is not None:
        return {"label": label, "note": day(at), "state": "done"}
    return {"label": label, "note": note if not over else _("Not needed"), "state": "maybe"}


def dates_of(
    due: dict[str, tuple[datetime, datetime]],
    given: Sequence[Contribution],
    viewer: Viewer,
    live: SettlementOffer | None,
) -> list[DateRow]:
    """Running dates both sides may know, soonest first."""
    rows = []
    for kind, (words, note) in DATE_WORDS.items():
        label = str(words)
        if kind not in due or (kind == "offer" and live is None):
            continue
        if kind == "offer" and live is not None:
            whose = {"freelancer": viewer.freelancer_name, "client": viewer.client_name}.get(
                live.side, _("the specialist")
            )
            label = _("Your offer ends") if live.side == viewer.side else _("Offer from {name} ends").format(name=whose)
        if kind == "client_answer":
            label = (
                _("Your answer to the claim")
                if viewer.side == "client"
                else _("{name} answers the claim").format(name=viewer.client_name)
            )
        rows.append(DateRow(uid=kind, label=label, due_at=due[kind][1], note=str(note)))
    rows += [row for c in given for row in c.dates]
    seen: set[str] = set()
    unique = [row for row in rows if not (row.uid in seen or seen.add(row.uid))]  # type: ignore[func-returns-value]
    return sorted(unique, key=lambda row: row.due_at)
