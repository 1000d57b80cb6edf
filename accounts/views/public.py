"""What everybody may read: the start page and the guides."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.selectors import accounts_of, home_path
from core import policy

# The whole road of a case, in the words of the case page.
LIFE = (
    {"label": "In escrow", "note": "the milestone is funded", "state": "next"},
    {"label": "Refund request", "note": "7 days to answer", "state": "next"},
    {"label": "Dispute", "note": "the money stays in escrow", "state": "next"},
    {"label": "Mediation", "note": "up to 21 days", "state": "next"},
    {"label": "Recommendation", "note": "if you cannot agree", "state": "maybe"},
    {"label": "Arbitration", "note": "if both choose it", "state": "maybe"},
)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The start page; whoever is signed in goes where their work is."""
    if isinstance(request.user, User):
        kinds = [membership.account.kind for membership in accounts_of(request.user)]
        return HttpResponseRedirect(home_path(request.actor, kinds))  # type: ignore[attr-defined]
    return render(request, "public/landing.html", {"life": LIFE})


@require_GET
def help_disputes(request: HttpRequest) -> HttpResponse:
    """How a dispute goes, from the first message to an award."""
    return render(request, "help/disputes.html", {"life": LIFE, "rules": policy.current()})


@require_GET
def help_escrow(request: HttpRequest) -> HttpResponse:
    """How money is held, and every way it moves."""
    return render(request, "help/escrow.html", {"rules": policy.current()})


@require_GET
def help_evidence(request: HttpRequest) -> HttpResponse:
    """What helps a specialist to see what happened."""
    return render(request, "help/evidence.html")


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, and what does not yet."""
    return render(request, "public/accessibility.html")
