"""The record in words: one line per kind of audit entry, the same for page, case file and tests.

A whitelist: an act that is not here is not shown to anybody. Left out on purpose are sealed bids (D19), one
side's agreement to a specialist's draft (D12, secret until both agreed), reassignment bookkeeping, and acts
that stand in the timeline as cards (messages, evidence, offers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from core.formatting import format_money
from core.models import AuditEntry
from core.money import Money
from disputes import panels
from disputes.panels import Item, Viewer

Words = str | Callable[["Telling"], str]


@dataclass(frozen=True, slots=True)
class Line:
    """An icon, whose act it is when the actor alone does not say, and the words after the name."""

    icon: str
    side: str  # freelancer, client, specialist, or "" for an event without a subject
    words: Words


@dataclass(frozen=True, slots=True)
class Telling:
    """What a sentence may use: the entry's amounts and the viewer. Never free text."""

    payload: Mapping[str, Any]
    viewer: Viewer
    currency: str

    def money(self, *names: str) -> str:
        """The first of these payload amounts, written out; "the amount" when there is none."""
        for name in names:
            value = self.payload.get(name)
            if isinstance(value, int) and not isinstance(value, bool):
                return format_money(Money(value, self.currency))
        return "the amount"

    def split(self) -> str:
        """Both shares of a resolution, from the viewer's side."""
        freelancer, client = self.money("to_freelancer"), self.money("to_client")
        view = self.viewer
        if view.side == "client":
            return f"{client} to you, {freelancer} to {view.freelancer_name}."
        return f"{freelancer} to {view.name_of('freelancer')}, {client} to {view.client_name}."


def _closed(words: str) -> Callable[[Telling], str]:
    return lambda t: f"{words} {t.split()}"


def _updated(t: Telling) -> str:
    old, new = t.payload.get("old_amount"), t.payload.get("amount")
    if isinstance(old, int) and isinstance(new, int) and old != new:
        return f"lowered the claim from {t.money('old_amount')} to {t.money('amount')}."
    return "updated the statement. Both versions are kept."


_D = "disputes.dispute"
_O = "disputes.settlementoffer"
_C = "contracts.contract"
_M = "contracts.milestone"
_R = "contracts.refundrequest"

LINES: dict[tuple[str, str], Line] = {
    (_D, "file"): Line("file-text", "freelancer", lambda t: f"filed this dispute for {t.money('amount', 'claimed')}."),
    (_D, "contest"): Line("message-square-x", "client", "answered the claim and contests it."),
    (_D, "update"): Line("file-pen-line", "", _updated),
    (_D, "request_evidence"): Line("file-question-mark", "specialist", "asked for evidence."),
    (_D, "accept_in_full"): Line("circle-check", "client", _closed("accepted the dispute in full.")),
    (_D, "accept_in_full_in_arbitration"): Line("circle-check", "client", _closed("accepted the dispute in full.")),
    (_D, "withdraw"): Line("undo-2", "freelancer", "withdrew the dispute."),
    (_D, "withdraw_in_arbitration"): Line("undo-2", "freelancer", "withdrew the dispute."),
    (_D, "settle"): Line("handshake", "", _closed("Both sides agreed.")),
    (_D, "settle_after_notice"): Line("handshake", "", _closed("Both sides agreed.")),
    (_D, "settle_in_arbitration"): Line("handshake", "", _closed("Both sides agreed.")),
    (_D, "match_bids"): Line("handshake", "", _closed("The two sealed bids met, so both sides agreed.")),
    (_D, "close_client_unresponsive"): Line("bell-off", "", _closed("Closed: the client did not respond.")),
    (_D, "close_freelancer_unresponsive"): Line("bell-off", "", _closed("Closed: the freelancer did not respond.")),
    (_D, "answer_recommendation"): Line("scale", "", "answered the recommendation."),
    (_D, "adopt_recommendation"): Line("scale", "", _closed("Both sides accepted the recommendation.")),
    (_D, "fail_recommendation"): Line("file-badge", "", "The recommendation was not accepted by both sides."),
    (_D, "end_period"): Line("calendar-x", "", "The 21 days of mediation ended without agreement."),
    (_D, "declare_impasse"): Line("circle-slash", "", "declared that the two sides cannot agree."),
    (_D, "skip_ahead"): Line("circle-slash", "", "joined the declaration. Mediation ended early."),
    (_D, "enter_arbitration"): Line("gavel", "", "Both sides paid their share. The case goes to arbitration."),
    (_D, "return_from_provider"): Line("corner-up-left", "", "The arbitration provider returned the case."),
    (_D, "default_none_paid"): Line("gavel", "", _closed("Nobody took part in arbitration.")),
    (_D, "default_one_paid"): Line("gavel", "", _closed("Only one side took part in arbitration.")),
    (_D, "execute_award"): Line("gavel", "", _closed("The award was carried out.")),
    (_D, "resolve_by_order"): Line("landmark", "", _closed("Closed by an order that two administrators approved.")),
    (_O, "reject"): Line("x", "", "declined the offer."),
    (_O, "withdraw"): Line("undo-2", "", "withdrew an offer."),
    (_O, "expire"): Line("hourglass", "", "An offer ended without an answer. No money moved."),
    (_D, "disclose"): Line("eye", "", "showed a confidential file to everyone."),
    (_D, "answer_evidence"): Line("file-check", "", "answered a request for evidence."),
    ("disputes.supportrequest", "open_case"): Line(
        "life-buoy", "", lambda _: f"{settings.MARKETPLACE_NAME} Customer Support opened this case."
    ),
    (_C, "end_by_client"): Line("circle-stop", "client", "ended the contract."),
    (_C, "end_by_freelancer"): Line("circle-stop", "freelancer", "ended the contract."),
    (_C, "activate"): Line("file-check", "", "accepted the contract."),
    (_M, "confirm_funding"): Line("landmark", "", "The milestone was funded."),
    (_M, "submit"): Line("package-check", "freelancer", "submitted work."),
    (_M, "request_changes"): Line("message-square-warning", "client", "asked for changes."),
    (_M, "refuse_release"): Line("ban", "client", "refused to release the milestone payment."),
    (_M, "release_part"): Line("split", "client", "released a part and moved the remainder to a later milestone."),
    (_M, "approve"): Line("circle-check", "client", "released the milestone payment."),
    (_M, "auto_release"): Line("circle-check", "", "The milestone payment was released: the review time was over."),
    (_R, "open_refund_request"): Line("undo-2", "client", lambda t: f"asked for {t.money('amount')} back."),
    (_R, "dispute"): Line("circle-x", "freelancer", "did not approve of the refund request."),
    (_R, "pay_more"): Line("circle-plus", "client", lambda t: f"paid {t.money('paid', 'amount')} more."),
    (_R, "propose"): Line("split", "freelancer", "proposed a different split."),
    (_R, "decline_proposal"): Line("x", "client", "declined the proposed split."),
}

TYPES = frozenset(kind for kind, _ in LINES)
# Told to those who may see the negotiation only: the arbitration clerk and support read none of it.
NEGOTIATION = frozenset({_O})
NEGOTIATION_ACTS = frozenset(
    {"answer_recommendation", "adopt_recommendation", "fail_recommendation", "declare_impasse"}
)


def wanted(viewer: Viewer) -> Q:
    """Filter of the audit entries this viewer may read as events."""
    wanted_here = Q()
    for kind in TYPES:
        if kind in NEGOTIATION and not viewer.negotiation:
            continue
        acts = [act for found, act in LINES if found == kind and (viewer.negotiation or act not in NEGOTIATION_ACTS)]
        wanted_here |= Q(object_type=kind, act__in=acts)
    told = panels.told_types()
    return wanted_here | Q(object_type__in=told) if told and viewer.negotiation else wanted_here


def tell(entries: Sequence[AuditEntry], viewer: Viewer, *, currency: str, sides: Mapping[UUID, str]) -> dict[int, Item]:
    """Word these entries for a viewer. `sides` maps the people of the case to their side."""
    told: dict[int, Item] = {}
    elsewhere: dict[str, list[AuditEntry]] = {}
    for entry in entries:
        line = LINES.get((entry.object_type, entry.act))
        if line is not None:
            told[entry.pk] = _item(entry, line, viewer, currency, sides)
        else:
            elsewhere.setdefault(entry.object_type, []).append(entry)
    for kind, group in elsewhere.items():
        told.update({pk: item for pk, item in panels.tell(kind, group, viewer).items() if item is not None})
    return told


def _item(entry: AuditEntry, line: Line, viewer: Viewer, currency: str, sides: Mapping[UUID, str]) -> Item:
    told = Telling(payload=entry.payload, viewer=viewer, currency=currency)
    words = line.words if isinstance(line.words, str) else line.words(told)
    if words[:1].isupper() or (words[:1].isdigit()):
        return Item(text=words, icon=line.icon)
    side = sides.get(entry.actor_id) if entry.actor_id else None
    side = side or line.side
    if side in {"freelancer", "client"}:
        return Item(text=words, icon=line.icon, name=_cap(viewer.name_of(side)), you=side == viewer.side)
    name = entry.actor_name if side != "specialist" else viewer.specialist_name or entry.actor_name
    return Item(text=words, icon=line.icon, name=name)


def _cap(name: str) -> str:
    return name[:1].upper() + name[1:]
