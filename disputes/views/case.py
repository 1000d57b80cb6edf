"""See Dispute: the page of the case for both sides and staff, its poll, calendar, outcome and print view."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from contracts.enums import Ground
from core import audit
from core.money import Money
from disputes.calendars import calendar_file
from disputes.enums import DisputeState
from disputes.models import Dispute
from disputes.panels import viewer_of
from disputes.readmodels import load_dispute, news, read_page
from disputes.readmodels.money import accepted_offer
from disputes.readmodels.page import REASONS, CasePage, contract_path
from disputes.readmodels.requests import requests_of
from disputes.readmodels.timeline import PURPOSES as PURPOSE_WORDS
from disputes.readmodels.timeline import read_cursor, visible_evidence
from disputes.services.messages import PURPOSE as UNSAID
from disputes.services.statements import diff_texts, fold_same
from disputes.views import drafts
from disputes.views.common import Case, open_case, page, show, zone_of
from disputes.views.exhibits import numbered

PURPOSES = [(stored, words) for stored, words in PURPOSE_WORDS.items() if stored != UNSAID]


def _page(request: Any, reference: str, **options: Any) -> tuple[Case, CasePage]:
    """Permission first, then overdue timers, then the page (Z9)."""
    case = open_case(request, reference)
    shown = read_page(case.dispute, case.people, case.viewer, tz=zone_of(request), **options)
    return case, shown


@page
@never_cache
@require_GET
def dispute(request: HttpRequest, reference: str) -> HttpResponse:
    """S15: **See Dispute**."""
    return dispute_answer(request, reference)


def dispute_answer(
    request: Any,
    reference: str,
    *,
    message_error: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, also when a message was refused (its text is kept in the composer)."""
    case, shown = _page(
        request, reference, tab=request.GET.get("show", "all"), before=read_cursor(request.GET.get("before", ""))
    )
    draft = drafts.load(request, case, "message") if typed is None and shown.audiences else None
    kept = typed or (draft.data if draft else {})
    return show(
        request,
        case,
        "dispute",
        {
            "p": shown,
            "message_error": message_error,
            "message_body": kept.get("body", ""),
            "message_audience": kept.get("audience", ""),
            "message_purpose": kept.get("purpose", ""),
            "purposes": PURPOSES,
        },
        status=status,
    )


@page
@never_cache
@require_GET
def updates(request: HttpRequest, reference: str) -> HttpResponse:
    """Whether there is news since the mark a page was drawn with: 204, or how to say it."""
    found = load_dispute(request.actor, reference)  # type: ignore[attr-defined]
    viewer = viewer_of(found, request.actor, request.now)  # type: ignore[attr-defined]
    text = request.GET.get("since", "")
    known = text.isascii() and text.isdigit() and len(text) < 19  # noqa: PLR2004 - digits of a bigint
    count = news.count_since(found, viewer, int(text)) if known else 1
    if not count:
        return HttpResponse(status=204)
    words = ngettext("{n} new update.", "{n} new updates.", count).format(n=count)
    return JsonResponse({"count": count, "text": words})


@page
@never_cache
@require_GET
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """The running dates as a calendar file."""
    _case, shown = _page(request, reference)
    url = request.build_absolute_uri(request.path.removesuffix("calendar.ics"))
    text = calendar_file(
        shown.dates,
        name=_("Dispute {number}").format(number=shown.dispute.number),
        title=shown.title,
        url=url,
        now=request.now,  # type: ignore[attr-defined]
        uid=str(shown.dispute.pk),
    )
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="dispute-{shown.dispute.reference}.ics"'
    return response


@page
@require_GET
def outcome(request: HttpRequest, reference: str) -> HttpResponse:
    """Who got what, why, and when it lands."""
    case = open_case(request, reference)
    found = case.dispute
    if found.state != DisputeState.RESOLVED:
        return show(request, case, "outcome_open", {})
    resolution = found.resolution
    to_f, to_c = Money(resolution.to_freelancer, found.currency), Money(resolution.to_client, found.currency)
    return show(
        request,
        case,
        "outcome",
        {
            "resolution": resolution,
            "ground": Ground(resolution.ground),
            "to_freelancer": to_f,
            "to_client": to_c,
            "fee_free": Money(resolution.fee_free, found.currency),
            "stays": resolution.disposition == "return_to_escrow",
            "hold_days": found.contract.policy.security_hold_days,
            "offer": accepted_offer(list(found.offers.all())) if case.viewer.negotiation else None,
        },
    )


@page
@require_GET
def versions(request: HttpRequest, reference: str) -> HttpResponse:
    """S15: every version of the claim and of the answer, with what changed."""
    case = open_case(request, reference)
    return show(request, case, "versions", {"sides": statement_history(case.dispute)})


def statement_history(found: Dispute) -> list[dict[str, Any]]:
    """Both statements, newest version first, each with its difference from the one before."""
    rows = list(found.statements.select_related("written_by").order_by("side", "number"))
    sides = []
    for side, label in (("claim", _("Claim")), ("answer", _("Answer"))):
        shown: list[dict[str, Any]] = []
        before = None
        for row in (r for r in rows if r.side == side):
            shown.append(
                {
                    "row": row,
                    "money": Money(row.amount, found.currency),
                    "reason": REASONS.get(row.reason, row.reason),
                    "before": before,
                    "money_before": Money(before.amount, found.currency) if before else None,
                    "reason_before": REASONS.get(before.reason, before.reason) if before else "",
                    "diff": fold_same(diff_texts(before.details, row.details)) if before else [],
                }
            )
            before = row
        if shown:
            sides.append({"side": side, "label": label, "versions": shown[::-1]})
    return sides


@page
@require_GET
def case_file(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole case for printing: money, dates, people, statements, exhibits, then the record in order."""
    case, shown = _page(request, reference, limit=PRINT_LIMIT)
    verdict = audit.verify(case.dispute.pk)
    return show(
        request,
        case,
        "case_file",
        {
            "p": shown,
            "entries": shown.timeline.entries[::-1],
            "cut": bool(shown.timeline.older),
            "verdict": verdict,
            "requests": requests_of(case.dispute, case.viewer),
            "newest": news.newest_digest(case.dispute, case.viewer),
            "exhibits": numbered(visible_evidence(case.dispute, case.viewer)),
            "contract_href": contract_path(case.dispute),
        },
    )


PRINT_LIMIT = 1000
