"""What everybody may read: the start page and the guides."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import guides
from accounts.models import User
from accounts.selectors import accounts_of, home_path
from core import policy, uploads

MEGABYTE = 1024 * 1024  # bytes


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The start page; whoever is signed in goes where their work is."""
    if isinstance(request.user, User):
        kinds = [membership.account.kind for membership in accounts_of(request.user)]
        return HttpResponseRedirect(home_path(request.actor, kinds))  # type: ignore[attr-defined]
    rules = policy.current()
    context = {"life": guides.road(), "fee": guides.cheapest(rules), "time": guides.spans(rules)}
    return render(request, "public/landing.html", context)


@require_GET
def help_disputes(request: HttpRequest) -> HttpResponse:
    """How a dispute goes, from the first message to an award."""
    rules = policy.current()
    context = {
        "life": guides.road(),
        "rules": rules,
        "time": guides.spans(rules),
        "fee": guides.cheapest(rules),
        "nobody_paid": guides.side_that_gets(rules.arb_none_paid),
        "one_paid": guides.side_that_gets(rules.arb_one_paid),
        "guide": "disputes",
    }
    return render(request, "help/disputes.html", context)


@require_GET
def help_next(request: HttpRequest) -> HttpResponse:
    """What happens next, at each point of a case: whose turn, until when, what if nobody acts."""
    steps = guides.next_steps(policy.current(), settings.ARBITRATION_PROVIDER_NAME)
    return render(request, "help/next.html", {"steps": steps, "guide": "next"})


@require_GET
def help_escrow(request: HttpRequest) -> HttpResponse:
    """How money is held, and every way it moves."""
    rules = policy.current()
    context = {
        "rules": rules,
        "time": guides.spans(rules),
        "percent": guides.percent(rules),
        "fees": guides.fees(rules),
        "nobody_paid": guides.side_that_gets(rules.arb_none_paid),
        "one_paid": guides.side_that_gets(rules.arb_one_paid),
        "guide": "escrow",
    }
    return render(request, "help/escrow.html", context)


@require_GET
def help_evidence(request: HttpRequest) -> HttpResponse:
    """What helps a specialist to see what happened."""
    rules = policy.current()
    context = {
        "filed_for": guides.FILED_FOR,
        "answered_with": guides.ANSWERED_WITH,
        "types": sorted(uploads.ALLOWED),
        "file_size": f"{rules.evidence_max_file_bytes // MEGABYTE} MB",
        "case_size": f"{rules.evidence_max_case_bytes // MEGABYTE} MB",
        "files": rules.evidence_max_files_per_party,
        "guide": "evidence",
    }
    return render(request, "help/evidence.html", context)


@require_GET
def help_words(request: HttpRequest) -> HttpResponse:
    """The glossary, in the order of the alphabet of the reader's language."""
    words = sorted(guides.WORDS, key=lambda word: str(word.word).casefold())
    return render(request, "help/words.html", {"words": words, "guide": "words"})


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, and what does not yet."""
    return render(request, "public/accessibility.html")
