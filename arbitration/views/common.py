"""What the pages of the two sides share: finding the case, and everything they show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from arbitration import selectors
from arbitration.enums import NoticeState
from arbitration.models import ArbitrationCase, NonResolutionNotice
from arbitration.outlook import outlook_for
from arbitration.turns import other_side, spot_of, turn_for
from arbitration.turns_after import defaults_for
from contracts.enums import Side
from core import deadlines
from core.formatting import format_instant, zone, zone_label
from core.money import Money
from core.permissions import Actor
from disputes.models import Dispute
from disputes.panels import Viewer, viewer_of
from disputes.readmodels.base import people_of


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as somebody reads it, zone and offset included."""

    name: str
    text: str


def look(request: HttpRequest, reference: str) -> tuple[Dispute, NonResolutionNotice]:
    """Find the case for the viewer, fire what is overdue (Z9), and read it again if something fired."""
    actor = request.actor  # type: ignore[attr-defined]
    dispute = selectors.get_dispute_for(actor, reference)
    notice = selectors.newest_notice(dispute)
    if deadlines.settle_overdue(dispute.contract_id, now=request.now):  # type: ignore[attr-defined]
        dispute = selectors.get_dispute_for(actor, reference)
        notice = selectors.newest_notice(dispute)
    return dispute, notice


def context_of(
    request: HttpRequest,
    dispute: Dispute,
    notice: NonResolutionNotice,
    *,
    case: ArbitrationCase | None = None,
) -> dict[str, Any]:
    """What all pages of the two sides show."""
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    contract = dispute.contract
    viewer = viewer_of(dispute, actor, now)
    elections = selectors.newest_elections(notice)
    mine = next((e for e in elections if e.side == viewer.side), None)
    choices = selectors.elections_of(notice, actor, elections)
    defaults = defaults_for(dispute, viewer)
    due = notice.election_ends_at
    live = notice.state == NoticeState.ISSUED
    annex = selectors.annex_for(notice, actor)
    return {
        "dispute": dispute,
        "contract": contract,
        "notice": notice,
        "mine": mine,
        "live": live,
        "due": due,
        "turn": turn_for(dispute, elections, viewer, case=case),
        "fee": contract.money(notice.fee),
        "platform_share": contract.money(notice.platform_share),
        "fee_exceeds": contract.money(notice.fee) > dispute.money,
        "fee_percent": contract.policy.service_fee_percent,
        "freelancer_name": contract.freelancer_account.name,
        "client_name": contract.client_account.name,
        "other_name": viewer.other_name if mine else "",
        "elections": choices,
        "paid_views": [view for view in choices if view.receipt],
        "outlooks": [
            outlook_for(dispute, notice, side, you=mine is not None, recommended=_recommended(annex, dispute.currency))
            for side in ([Side(mine.side)] if mine else list(Side))
        ],
        "moments": _moments(dispute, due, viewer, actor) if live and due else [],
        "defaults": defaults,
        "only_you": defaults.only(mine.side) if mine else "",
        "only_other": defaults.only(Side(mine.side).other) if mine else "",
        # What the other side has done, and what this side's payment then means.
        "other_says": other_side(spot_of(dispute, notice, elections, viewer)).text if mine is not None else "",
        "provider": case.provider if case is not None else settings.ARBITRATION_PROVIDER_NAME,
    }


def _recommended(annex: dict[str, Any], currency: str) -> Money | None:
    share = annex.get("to_freelancer")
    return Money(share, currency) if isinstance(share, int) else None


def _moments(dispute: Dispute, due: datetime, viewer: Viewer, actor: Actor) -> list[Moment]:
    """The end of the time as each side reads it: the viewer first, then every other zone of the two sides."""
    own = get_current_timezone()
    people = people_of(dispute)
    found = [Moment(_("You"), _instant(due, own))] if viewer.side else []
    seen: set[tuple[str, str]] = {(viewer.side or "", _instant(due, own))}
    for side in Side:
        for member in people.of(side.value):
            text = _instant(due, zone(member.timezone))
            if member.id != actor.user_id and (side.value, text) not in seen:
                seen.add((side.value, text))
                found.append(Moment(member.name, text))
    return found[:6]


def _instant(due: datetime, tz: tzinfo) -> str:
    return f"{format_instant(due, tz, 'full')}, {zone_label(due, tz)}"


def to_page(name: str, dispute: Dispute) -> HttpResponse:
    """Answer a done act with the next page (303)."""
    response = redirect(f"arbitration:{name}", reference=dispute.reference)
    response.status_code = 303
    return response
