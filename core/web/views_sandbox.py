"""The sandbox's own pages: its clock, and the mailbox of what really went over SMTP. 404 everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from core import clock, deadlines
from core.models import Deadline, DeadlineStatus
from core.web import mailbox

View = Callable[..., HttpResponse]

STEPS = (
    ("hour", "1 hour", timedelta(hours=1)),
    ("day", "1 day", timedelta(days=1)),
    ("days3", "3 days", timedelta(days=3)),
    ("week", "7 days", timedelta(days=7)),
)
# One press fires at most this many instants, so that a page always answers; the next press goes on.
MOST_STOPS = 300
SHOWN = 12  # rows on the page
READ = 200  # rows read, of which many are alike


def sandbox_only(view: View) -> View:
    """Answer 404 outside the sandbox, as if there were no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.SANDBOX:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@sandbox_only
@require_http_methods(["GET", "POST"])
def clock_page(request: HttpRequest) -> HttpResponse:
    """Show the time and what comes next; move time forward and show what that set off."""
    if request.method == "POST":
        return _move(request)
    now = request.now  # type: ignore[attr-defined]
    since = _instant(request.GET.get("since", ""))
    coming = list(Deadline.objects.filter(status=DeadlineStatus.PENDING).order_by("due_at", "id")[:READ])
    fired = (
        list(
            Deadline.objects.filter(status=DeadlineStatus.DONE, executed_at__gt=since, executed_at__lte=now).order_by(
                "-executed_at", "-id"
            )[:50]
        )
        if since is not None
        else []
    )
    context = {
        "steps": [(key, words) for key, words, _ in STEPS],
        "offset": clock.offset(),
        "coming": _rows(coming, "due_at")[:SHOWN],
        "fired": _rows(fired, "executed_at"),
        "since": since,
        "links": _links(),
    }
    return render(request, "sandbox/clock.html", context)


def _move(request: HttpRequest) -> HttpResponse:
    start = clock.now()
    asked = request.POST.get("step", "")
    span = next((span for key, _, span in STEPS if key == asked), None)
    if asked == "next":
        due = Deadline.objects.filter(status=DeadlineStatus.PENDING, due_at__gt=start).order_by("due_at").first()
        if due is None:
            messages.info(request, "Nothing is due: no deadline is running.")
            return HttpResponseRedirect(reverse("sandbox:clock"), status=303)
        span = due.due_at - start
    if span is None:
        raise Http404
    fired, arrived = pass_time(span)
    told = "1 deadline was reached" if fired == 1 else f"{fired} deadlines were reached"
    messages.success(request, f"Time has moved on. {told}.")
    if not arrived:
        messages.warning(request, "There was more to do than fits into one step. Move on once more to finish.")
    query = urlencode({"since": start.isoformat()})
    return HttpResponseRedirect(f"{reverse('sandbox:clock')}?{query}", status=303)


def pass_time(span: timedelta) -> tuple[int, bool]:
    """Let time pass: stop at each deadline on the way, so that everything happens at its own instant.

    Returns how many deadlines fired, and whether the end of `span` was reached.
    """
    target = clock.now() + span
    fired = deadlines.sweep(now=clock.now())
    for _ in range(MOST_STOPS):
        now = clock.now()
        stop = (
            Deadline.objects.filter(status=DeadlineStatus.PENDING, try_at__gt=now, try_at__lte=target)
            .order_by("try_at")
            .values_list("try_at", flat=True)
            .first()
        )
        if stop is None:
            _forward(target - now)
            return fired + deadlines.sweep(now=clock.now()), True
        _forward(stop - now)
        fired += deadlines.sweep(now=clock.now())
    return fired, False


def _forward(by: timedelta) -> None:
    if by > timedelta(0):
        with transaction.atomic():
            clock.move(by)


def _rows(found: list[Deadline], instant: str) -> list[dict[str, Any]]:
    """Rows to show; those of one kind at one instant are one row with a count."""
    shown: dict[tuple[str, Any], dict[str, Any]] = {}
    for row in found:
        kind, _, reminder = row.kind.partition(".remind:")
        words = kind.replace("_", " ").capitalize()
        key = (row.kind.partition(":")[0], getattr(row, instant))
        if key in shown:
            shown[key]["count"] += 1
            continue
        shown[key] = {
            "what": f"Reminder: {words.lower()}" if reminder else words,
            "says": "" if reminder else _sentence(deadlines.says(kind)),
            "due_at": row.due_at,
            "executed_at": row.executed_at,
            "count": 1,
        }
    return list(shown.values())


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}".rstrip(".") + "." if words else ""


def _links() -> list[tuple[str, str, str]]:
    """Other places of the sandbox: (path, name, what it is)."""
    found = [(reverse("sandbox:mailbox"), "Mailbox", "Every mail the product sent, as it came over SMTP.")]
    if settings.SANDBOX_URL:
        base = settings.SANDBOX_URL.rstrip("/")
        provider = settings.ARBITRATION_PROVIDER_NAME
        found += [
            (f"{base}/provider/", provider, "Play the arbitrator: take a case, ask, decide."),
            (f"{base}/payments/", "Payments", "See what was charged and paid out; confirm, fail or delay it."),
        ]
    return found


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


# --- mailbox ------------------------------------------------------------------------------


@sandbox_only
@require_GET
def mailbox_page(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first; `q` searches addresses, subjects and texts."""
    query = request.GET.get("q", "").strip()
    found, older = mailbox.listing(settings.MAILBOX_DIR, query=query, before=request.GET.get("before", ""))
    return render(request, "sandbox/mailbox.html", {"letters": found, "older": older, "q": query})


@sandbox_only
@require_GET
def letter_page(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its text, and its HTML in a frame that may do nothing."""
    letter = mailbox.read(settings.MAILBOX_DIR, name)
    if letter is None:
        raise Http404
    answer = render(request, "sandbox/letter.html", {"letter": letter})
    answer._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]
    return answer


@sandbox_only
@require_GET
@xframe_options_sameorigin
def letter_html(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001
    """The mail's HTML as a mail reader would show it: no script, nothing fetched, only inline style."""
    letter = mailbox.read(settings.MAILBOX_DIR, name)
    if letter is None or not letter.html:
        raise Http404
    # Links open in the whole window, not inside the frame.
    body = letter.html.replace("<head>", '<head><base target="_top">', 1)
    answer = HttpResponse(body)
    answer["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'"
    )
    return answer
