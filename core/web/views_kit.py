"""The component sheet (sandbox only): every component in every state, with one case's believable values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.money import Money
from core.web.forms import ChoiceCards, EvenhandForm, FilesField, MoneyField

ALL = Money(180_000, "USD")
OFFER = Money(115_000, "USD")
REST = ALL - OFFER

# fmt: off
SWATCHES = [
    "paper", "surface", "sunken", "raised", "selected", "line", "control-line", "ink-3", "ink-2", "ink",
    "accent", "accent-soft", "freelancer", "freelancer-soft", "client", "client-soft", "info", "info-soft",
    "attention", "attention-soft", "danger", "danger-soft", "success", "success-soft", "bar",
]
# fmt: on

KEYS = [
    {"keys": ["J", "K"], "text": "Next and previous case", "short": "Move"},
    {"keys": ["Enter"], "text": "Open the case", "short": "Open"},
    {"keys": ["X"], "text": "Select the case", "short": "Select"},
    {"keys": ["A"], "text": "Assign", "short": "Assign"},
    {"keys": ["N"], "text": "Write a note", "short": "Note"},
    {"keys": ["R"], "text": "Draft a recommendation", "short": "Recommend"},
    {"keys": ["S"], "text": "Snooze until tomorrow", "short": "Snooze"},
    {"keys": ["/"], "text": "Search", "short": "Search"},
    {"keys": ["?"], "text": "Show all keys", "short": "All keys"},
]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A row of the queue as the sheet shows it."""

    number: str
    title: str
    parties: str
    stage: str
    n: int
    stake: Money
    next_step: str
    whose: str
    due: datetime
    active_at: datetime
    viewer: str = ""


class KitForm(EvenhandForm):
    """One field of every kind."""

    amount = MoneyField(
        "USD", maximum=ALL, label="Amount you claim", help_text="$1,800.00 is in escrow for this milestone"
    )
    reason = forms.ChoiceField(
        label="Reason",
        choices=[
            ("", "Choose a reason"),
            ("done", "The work is complete and payment is due"),
            ("part", "Part of it is"),
        ],
    )
    details = forms.CharField(
        label="What happened",
        help_text="Write so that somebody who was not there understands it.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    email = forms.EmailField(label="E-mail", required=False)
    evidence = FilesField(
        label="Evidence", required=False, help_text="PDF, pictures, text or office files, 10 MB each."
    )
    contact = forms.ChoiceField(
        label="How did you reach the client?",
        choices=[("message", "By message here"), ("mail", "By e-mail")],
        widget=forms.RadioSelect,
    )
    true = forms.BooleanField(label="What I have written is true as far as I know.")


class AnswerForm(EvenhandForm):
    """The one question of See Request."""

    answer = forms.ChoiceField(
        label="Northwind Goods asks for $1,800.00 back. What do you want to do?",
        choices=[
            ("approve", "I approve of this request"),
            ("dispute", "I do not approve of this request and wish to file a dispute"),
        ],
        widget=ChoiceCards(
            consequences={
                "approve": "$1,800.00 goes back to Northwind Goods at once. This cannot be undone.",
                "dispute": "The money stays in escrow while you tell us why it is due to you.",
            }
        ),
    )


def _steps() -> list[dict[str, Any]]:
    return [
        {"label": "Refund request", "note": "Thu 5 Nov", "state": "done"},
        {"label": "Dispute filed", "note": "Sun 8 Nov", "state": "done"},
        {"label": "Mediation", "note": "day 13 of 21", "state": "current", "progress": 62},
        {"label": "Recommendation", "note": "If you cannot agree", "state": "maybe"},
        {"label": "Non-resolution", "note": "If one side rejects it", "state": "maybe"},
        {"label": "Arbitration", "note": "If a side chooses it", "state": "maybe"},
    ]


def _outcomes() -> list[dict[str, Any]]:
    nothing = Money(0, "USD")
    return [
        {"label": "The offer now open", "first": OFFER, "second": REST, "is_now": True},
        {"label": "Your last offer", "first": Money(150_000, "USD"), "second": Money(30_000, "USD")},
        {"label": "Your claim in full", "first": ALL, "second": nothing},
        {"label": "No agreement", "sub": "and neither side takes it to arbitration", "first": nothing, "second": ALL},
        {"label": "Arbitration", "sub": "binding; each side pays a share of the fee", "text": "Arbitrator decides"},
    ]


def _groups(now: datetime) -> list[tuple[str, list[QueueRow]]]:
    def row(hours: float, *told: Any, viewer: str = "") -> QueueRow:
        number, title, parties, stage, n, stake, next_step, whose = told
        due, active = now + timedelta(hours=hours), now - timedelta(hours=5)
        return QueueRow(number, title, parties, stage, n, stake, next_step, whose, due, active, viewer)

    def usd(minor: int) -> Money:
        return Money(minor, "USD")

    return [
        (
            "Overdue",
            [
                row(-3.1, "D-4102", "Mobile app onboarding screens", "Lindqvist / Brightpath Ltd", "Mediation", 3,
                    usd(340_000), "Reply to the client’s question", "You"),
            ],
        ),
        (
            "Due today",
            [
                row(1.4, "D-4171", "Brand film edit, milestone 2", "Okafor / Halden Studio", "Dispute filed", 2,
                    usd(95_000), "Make first contact", "You"),
                row(4.4, "D-4187", "Checkout and account pages", "Domingo / Northwind Goods", "Mediation", 3, ALL,
                    "Read the new offer, $350.00 apart", "You"),
                row(6.1, "D-4039", "Data pipeline migration", "Varga / Calder Analytics", "Recommendation", 4,
                    usd(1_275_000), "Publish the recommendation", "You", viewer="Tomas"),
            ],
        ),
        (
            "Later",
            [
                row(67, "D-4144", "Landing page and CMS templates", "Haddad / Greyline SaaS", "Mediation", 3,
                    usd(220_000), "Confirm the call time", "Both parties"),
                row(121, "D-4021", "Firmware bring-up, phase 1", "Novak / Tallis Robotics", "Non-resolution", 5,
                    usd(890_000), "Choose arbitration", "Both parties"),
            ],
        ),
    ]  # fmt: skip


def kit(request: HttpRequest) -> HttpResponse:
    """Draw the sheet; ``?page=case`` a case page, ``?page=desk`` the queue. 404 outside of the sandbox."""
    if not settings.SANDBOX:
        raise Http404
    now: datetime = request.now  # type: ignore[attr-defined]
    wrong = KitForm({"amount": "2,400", "details": "", "reason": "done", "email": "ellen@", "contact": ""})
    context: dict[str, Any] = {
        "swatches": SWATCHES,
        "all": ALL,
        "offer": OFFER,
        "rest": REST,
        "asked": Money(150_000, "USD"),
        "asked_rest": Money(30_000, "USD"),
        "asked_before": [Money(165_000, "USD")],
        "offered_before": [Money(70_000, "USD")],
        "counter": Money(135_000, "USD"),
        "steps": _steps(),
        "outcomes": _outcomes(),
        "form": wrong,
        "blank": KitForm(auto_id="blank_%s"),
        "answer": AnswerForm(initial={"answer": "dispute"}),
        "keys": KEYS,
        "groups": _groups(now),
        "filed": now - timedelta(days=13, hours=3),
        "calm": now + timedelta(days=4, hours=10, minutes=20),
        "soon": now + timedelta(days=2, hours=19, minutes=32),
        "urgent": now + timedelta(hours=3, minutes=12),
        "over": now - timedelta(hours=1, minutes=4),
        "mediation_ends": now + timedelta(days=8, hours=20),
        "today": now - timedelta(hours=4, minutes=28),
        "earlier": now - timedelta(days=4),
        "unread_count": 2,
        "audiences": [
            {"value": "all", "label": "Everyone", "icon": "users"},
            {"value": "specialist", "label": "Only Maya", "icon": "lock"},
        ],
        "stage_options": [("mediation", "Mediation"), ("recommendation", "Recommendation")],
        "changes": [{"text": "Northwind Goods withdrew the offer of $1,150.00.", "at": now - timedelta(minutes=2)}],
        "kept": [{"label": "Your message", "text": "We accept, provided the rounding is settled."}],
        "side": request.GET.get("side", "freelancer"),
    }
    pages = {"case": "kit_case.html", "desk": "kit_desk.html", "confirm": "kit_confirm.html"}
    page = request.GET.get("page", "")
    if page == "confirm":
        del context["form"]
    return render(request, pages.get(page, "kit.html"), context)
