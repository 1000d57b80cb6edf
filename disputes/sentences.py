"""The record in words: one line per kind of audit entry, the same for page, case file and tests.

A whitelist: an act that is not here is not shown to anybody. Left out on purpose are sealed bids (D19), one
side's agreement to a specialist's draft (D12, secret until both agreed), reassignment bookkeeping, and acts
that stand in the timeline as cards (messages, evidence, offers).

Each line is a whole sentence, once with the name of who acted in the place of `{who}` and once said to the
reader; a language whose verbs change with the person needs both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.audit import teller
from core.formatting import format_money
from core.models import AuditEntry
from core.money import Money
from disputes import panels
from disputes.panels import Item, Viewer

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

    Words = StrPromise | str


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
        return gettext("the amount")

    def split(self) -> str:
        """Both shares of a resolution, from the viewer's side: a sentence of its own."""
        view = self.viewer
        words = {
            "client": gettext("{client_sum} to you, {freelancer_sum} to {freelancer}."),
            "freelancer": gettext("{freelancer_sum} to you, {client_sum} to {client}."),
        }.get(view.side or "", gettext("{freelancer_sum} to {freelancer}, {client_sum} to {client}."))
        return words.format(
            freelancer_sum=self.money("to_freelancer"),
            client_sum=self.money("to_client"),
            freelancer=view.freelancer_name,
            client=view.client_name,
        )


Values = Callable[[Telling], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """An icon, whose act it is when the actor alone does not say, and the sentence, told of others and to oneself."""

    icon: str
    side: str  # freelancer, client, specialist, or "" when the actor says it, or nobody is named
    them: Words
    you: Words = ""
    values: Values | None = None
    split: bool = False  # the shares of both sides follow as a sentence of their own


def _amount(*names: str) -> Values:
    return lambda t: {"amount": t.money(*names)}


_D = "disputes.dispute"
_O = "disputes.settlementoffer"
_C = "contracts.contract"
_M = "contracts.milestone"
_R = "contracts.refundrequest"

_IN_FULL = Line(
    "circle-check",
    "client",
    _("{who} accepted the dispute in full."),
    _("You accepted the dispute in full."),
    split=True,
)
_WITHDREW = Line("undo-2", "freelancer", _("{who} withdrew the dispute."), _("You withdrew the dispute."))
_AGREED = Line("handshake", "", _("Both sides agreed."), split=True)

LINES: dict[tuple[str, str], Line] = {
    (_D, "file"): Line(
        "file-text",
        "freelancer",
        _("{who} filed this dispute for {amount}."),
        _("You filed this dispute for {amount}."),
        _amount("amount", "claimed"),
    ),
    (_D, "contest"): Line(
        "message-square-x",
        "client",
        _("{who} answered the claim and contests it."),
        _("You answered the claim and contest it."),
    ),
    (_D, "update"): Line(
        "file-pen-line",
        "",
        _("{who} updated the statement. Both versions are kept."),
        _("You updated your statement. Both versions are kept."),
    ),
    (_D, "request_evidence"): Line(
        "file-question-mark", "specialist", _("{who} asked for evidence."), _("You asked for evidence.")
    ),
    (_D, "accept_in_full"): _IN_FULL,
    (_D, "accept_in_full_in_arbitration"): _IN_FULL,
    (_D, "withdraw"): _WITHDREW,
    (_D, "withdraw_in_arbitration"): _WITHDREW,
    (_D, "settle"): _AGREED,
    (_D, "settle_after_notice"): _AGREED,
    (_D, "settle_in_arbitration"): _AGREED,
    (_D, "match_bids"): Line("handshake", "", _("The two sealed bids met, so both sides agreed."), split=True),
    (_D, "close_client_unresponsive"): Line(
        "bell-off", "", _("Closed because the client did not respond."), split=True
    ),
    (_D, "close_freelancer_unresponsive"): Line(
        "bell-off", "", _("Closed because the freelancer did not respond."), split=True
    ),
    (_D, "answer_recommendation"): Line(
        "scale", "", _("{who} answered the recommendation."), _("You answered the recommendation.")
    ),
    (_D, "adopt_recommendation"): Line("scale", "", _("Both sides accepted the recommendation."), split=True),
    (_D, "fail_recommendation"): Line("file-badge", "", _("The recommendation was not accepted by both sides.")),
    (_D, "end_period"): Line("calendar-x", "", _("The 21 days of mediation ended without agreement.")),
    (_D, "declare_impasse"): Line(
        "circle-slash",
        "",
        _("{who} declared that the two sides cannot agree."),
        _("You declared that the two sides cannot agree."),
    ),
    (_D, "skip_ahead"): Line(
        "circle-slash",
        "",
        _("{who} joined the declaration. Mediation ended early."),
        _("You joined the declaration. Mediation ended early."),
    ),
    (_D, "enter_arbitration"): Line("gavel", "", _("Both sides paid their share. The case goes to arbitration.")),
    (_D, "return_from_provider"): Line("corner-up-left", "", _("The arbitration provider returned the case.")),
    (_D, "default_none_paid"): Line("gavel", "", _("Nobody took part in arbitration."), split=True),
    (_D, "default_one_paid"): Line("gavel", "", _("Only one side took part in arbitration."), split=True),
    (_D, "execute_award"): Line("gavel", "", _("The award was carried out."), split=True),
    (_D, "resolve_by_order"): Line(
        "landmark", "", _("Closed by an order that two administrators approved."), split=True
    ),
    (_O, "reject"): Line("x", "", _("{who} declined the offer."), _("You declined the offer.")),
    (_O, "withdraw"): Line("undo-2", "", _("{who} withdrew an offer."), _("You withdrew an offer.")),
    (_O, "expire"): Line("hourglass", "", _("An offer ended without an answer. No money moved.")),
    (_D, "disclose"): Line(
        "eye", "", _("{who} showed a confidential file to everyone."), _("You showed a confidential file to everyone.")
    ),
    (_D, "answer_evidence"): Line(
        "file-check", "", _("{who} answered a request for evidence."), _("You answered a request for evidence.")
    ),
    ("disputes.supportrequest", "open_case"): Line(
        "life-buoy",
        "",
        _("{marketplace} Customer Support opened this case."),
        values=lambda _t: {"marketplace": settings.MARKETPLACE_NAME},
    ),
    (_C, "end_by_client"): Line("circle-stop", "client", _("{who} ended the contract."), _("You ended the contract.")),
    (_C, "end_by_freelancer"): Line(
        "circle-stop", "freelancer", _("{who} ended the contract."), _("You ended the contract.")
    ),
    (_C, "activate"): Line("file-check", "", _("{who} accepted the contract."), _("You accepted the contract.")),
    (_M, "confirm_funding"): Line("landmark", "", _("The milestone was funded.")),
    (_M, "submit"): Line("package-check", "freelancer", _("{who} submitted work."), _("You submitted work.")),
    (_M, "request_changes"): Line(
        "message-square-warning", "client", _("{who} asked for changes."), _("You asked for changes.")
    ),
    (_M, "refuse_release"): Line(
        "ban",
        "client",
        _("{who} refused to release the milestone payment."),
        _("You refused to release the milestone payment."),
    ),
    (_M, "release_part"): Line(
        "split",
        "client",
        _("{who} released a part and moved the remainder to a later milestone."),
        _("You released a part and moved the remainder to a later milestone."),
    ),
    (_M, "approve"): Line(
        "circle-check", "client", _("{who} released the milestone payment."), _("You released the milestone payment.")
    ),
    (_M, "auto_release"): Line(
        "circle-check", "", _("The milestone payment was released because the review time was over.")
    ),
    (_R, "open_refund_request"): Line(
        "undo-2", "client", _("{who} asked for {amount} back."), _("You asked for {amount} back."), _amount("amount")
    ),
    (_R, "dispute"): Line(
        "circle-x",
        "freelancer",
        _("{who} did not approve of the refund request."),
        _("You did not approve of the refund request."),
    ),
    (_R, "pay_more"): Line(
        "circle-plus",
        "client",
        _("{who} paid {amount} more."),
        _("You paid {amount} more."),
        _amount("paid", "amount"),
    ),
    (_R, "propose"): Line(
        "split", "freelancer", _("{who} proposed a different split."), _("You proposed a different split.")
    ),
    (_R, "decline_proposal"): Line(
        "x", "client", _("{who} declined the proposed split."), _("You declined the proposed split.")
    ),
}
LOWERED = Line(
    "file-pen-line",
    "freelancer",
    _("{who} lowered the claim from {before} to {amount}."),
    _("You lowered your claim from {before} to {amount}."),
    lambda t: {"before": t.money("old_amount"), "amount": t.money("amount")},
)

MOVED = Line(
    "calendar-clock",
    "specialist",
    _("{who} moved the due date of the evidence that was asked for, for both sides alike."),
    _("You moved the due date of the evidence that was asked for, for both sides alike."),
)

TYPES = frozenset(kind for kind, _act in LINES)
# Told to those who may see the negotiation only: the arbitration clerk and support read none of it.
NEGOTIATION = frozenset({_O})
NEGOTIATION_ACTS = frozenset(
    {"answer_recommendation", "adopt_recommendation", "fail_recommendation", "declare_impasse"}
)


# What stands in the timeline as a card, or changes one; the words are not here.
CARDS = frozenset((_D, act) for act in ("add_evidence", "post_message", "make_offer", "note_reply"))


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


def cards(viewer: Viewer) -> Q:
    """Filter of the entries behind the cards: messages, offers, and the exhibits this viewer may know of."""
    shared = Q(payload__confidentiality="shared")
    if viewer.side is not None:
        shared |= Q(payload__side=viewer.side)
    elif viewer.negotiation:
        shared = Q()
    found = Q(object_type=_D, act="add_evidence") & shared
    if viewer.negotiation:
        found |= Q(object_type=_D, act__in=("post_message", "make_offer", "note_reply"))
    return found


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
    old, new = entry.payload.get("old_amount"), entry.payload.get("amount")
    if entry.act == "update" and isinstance(old, int) and isinstance(new, int) and old != new:
        line = LOWERED
    elif entry.act == "request_evidence" and "request_id" not in entry.payload:
        line = MOVED
    side = (sides.get(entry.actor_id) if entry.actor_id else None) or line.side
    # A delegate's act says to everybody which colleague did it, and for whom.
    delegated = "for" in entry.payload
    you = (bool(line.you) and not delegated) and (
        side == viewer.side if side in {"freelancer", "client"} else entry.actor_id == viewer.actor.user_id
    )
    name = {"freelancer": viewer.freelancer_name, "client": viewer.client_name}.get(
        side, viewer.specialist_name or entry.actor_name if side == "specialist" else entry.actor_name
    )
    if delegated:
        name = f"{name} ({teller(entry)})"
    values = line.values(told) if line.values else {}
    words = str(line.you if you else line.them)
    for key, value in values.items():
        words = words.replace(f"{{{key}}}", value)
    if line.split:
        words = f"{words} {told.split()}"
    named = "{who}" in words
    return Item(text=words, icon=line.icon, name=name if named or you else "", you=you, whole=True)
