"""The dispute page (See Dispute), mirrored for both sides: everything it prints, in a fixed number of queries.

Queries, whatever the length: dispute, people, statements, offers, deadlines, evidence requests, events,
messages, evidence, mark = 10, plus at most one each of mediation and arbitration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import road
from core.formatting import format_money
from core.money import Money
from core.permissions import Actor
from disputes import panels
from disputes.enums import ActiveReason, AnswerReason, DisputeState, EndedReason, VersionSide
from disputes.models import Dispute, EvidenceRequest, EvidenceRequestAnswer, SettlementOffer, StatementVersion
from disputes.panels import Action, Contribution, DateRow, Turn, Viewer
from disputes.readmodels import money, news
from disputes.readmodels.base import People, load_dispute, people_of, viewer_for
from disputes.readmodels.facts import Facts
from disputes.readmodels.offer_turns import live_offer
from disputes.readmodels.stages import dates_of, running_dates, steps_of
from disputes.readmodels.timeline import PAGE, TABS, Timeline, timeline
from disputes.readmodels.turns import turns

REASONS = {**dict(EndedReason.choices), **dict(ActiveReason.choices), **dict(AnswerReason.choices)}

STATE_BADGES = {
    DisputeState.IN_MEDIATION: (gettext_lazy("In mediation"), "handshake"),
    DisputeState.RECOMMENDED: (gettext_lazy("Recommendation issued"), "scale"),
    DisputeState.NON_RESOLUTION: (gettext_lazy("Non-resolution"), "file-badge"),
    DisputeState.IN_ARBITRATION: (gettext_lazy("In arbitration"), "gavel"),
    DisputeState.RESOLVED: (pgettext_lazy("case", "Closed"), "circle-check"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter of the timeline."""

    key: str
    label: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """A choice in the composer."""

    value: str
    label: str
    icon: str


@dataclass(slots=True)
class CasePage:
    """All the page prints."""

    dispute: Dispute
    viewer: Viewer
    people: People
    total: Money
    fee_percent: str
    badge: str
    badge_icon: str
    title: str
    steps: list[dict[str, Any]]
    turn: Turn
    also: list[Turn]
    notices: list[str]
    outcomes: list[money.Row]
    fee_line: str
    offers: Sequence[SettlementOffer]
    range: money.Range | None
    live: SettlementOffer | None
    dates: list[DateRow]
    persons: list[panels.Person]
    actions: list[Action]
    claim: StatementVersion | None
    answer: StatementVersion | None
    timeline: Timeline
    tabs: list[Tab]
    audiences: list[Audience]
    news_mark: int

    @property
    def you(self) -> str:
        """Column name of the viewer's sums; staff read the freelancer's first."""
        return _("You") if self.viewer.side else _("Freelancer")

    @property
    def other(self) -> str:
        """Column name of the other side's sums."""
        return _("Freelancer") if self.viewer.side == "client" else _("Client")

    @property
    def freelancer_label(self) -> str:
        """The freelancer in a split bar."""
        return _("You") if self.viewer.side == "freelancer" else self.viewer.freelancer_name

    @property
    def client_label(self) -> str:
        """The client in a split bar."""
        return _("You") if self.viewer.side == "client" else self.viewer.client_name

    @property
    def range_title(self) -> str:
        """What the range of offers measures: always the freelancer's share."""
        if self.viewer.side == "freelancer":
            return _("Your share in the offers so far")
        return _("What {name} would get in the offers so far").format(name=self.viewer.freelancer_name)

    @property
    def bar_value(self) -> str:
        """The sum in the bar of a phone: the viewer's part of what is on the table, else all."""
        turn = self.turn
        part = turn.to_client if self.viewer.side == "client" else turn.to_freelancer
        return _("{sum} to you").format(sum=format_money(part)) if part is not None else format_money(self.total)

    @property
    def claim_reason(self) -> str:
        """Reason of the claim in words."""
        return str(REASONS.get(self.claim.reason, self.claim.reason)) if self.claim else ""

    @property
    def answer_reason(self) -> str:
        """Reason of the answer in words."""
        return str(REASONS.get(self.answer.reason, self.answer.reason)) if self.answer else ""


def dispute_page(
    actor: Actor,
    reference: str,
    *,
    now: datetime,
    tz: tzinfo,
    tab: str = "all",
    before: datetime | None = None,
    limit: int = PAGE,
) -> CasePage:
    """Read the whole page. Raises StrangerError."""
    dispute = load_dispute(actor, reference)
    people = people_of(dispute)
    viewer = viewer_for(dispute, actor, now, people)
    return read_page(dispute, people, viewer, tz=tz, tab=tab, before=before, limit=limit)


def read_page(
    dispute: Dispute,
    people: People,
    viewer: Viewer,
    *,
    tz: tzinfo,
    tab: str = "all",
    before: datetime | None = None,
    limit: int = PAGE,
) -> CasePage:
    """The same for a case that is loaded already and that the viewer may see."""
    now = viewer.now
    offers = list(dispute.offers.select_related("made_by").order_by("number")) if viewer.negotiation else []
    live = live_offer(offers, now)
    due = running_dates(dispute)
    facts = Facts(dispute, viewer, due, live, open_requests(dispute, viewer))
    given = panels.contributions(dispute, viewer)
    found = sorted([*turns(facts), *(t for c in given for t in c.turns)], key=lambda t: -t.priority)
    statements = {s.side: s for s in dispute.statements.order_by("side", "-number").distinct("side")}
    fee_percent = dispute.contract.policy.service_fee_percent
    outcomes = money.own_outcomes(dispute, viewer, live, offers)
    if dispute.state != DisputeState.RESOLVED:
        outcomes += [o for c in given for o in c.outcomes]
    badge, icon = STATE_BADGES[DisputeState(dispute.state)]
    # Whose turn, until when, and what happens otherwise: the first thing on the page (Z6).
    road.ran("Z6")
    return CasePage(
        dispute=dispute,
        viewer=viewer,
        people=people,
        total=dispute.money,
        fee_percent=fee_percent,
        badge=next((c.badge for c in given if c.badge), str(badge)),
        badge_icon=icon,
        title=title_of(dispute),
        steps=steps_of(dispute, given, tz=tz, now=now),
        turn=found[0],
        also=[t for t in found[1:] if t.state == "yours" and t.actions and t.priority > panels.WAIT],
        notices=[n for c in given for n in c.notices],
        outcomes=money.rows_for(outcomes, viewer, fee_percent),
        fee_line=money.fee_line(viewer, dispute.money, fee_percent),
        offers=offers,
        range=money.offers_range(offers, dispute) if viewer.negotiation else None,
        live=live,
        dates=dates_of(due, given, viewer, live),
        persons=persons_of(people, viewer, dispute, given),
        actions=[*own_actions(facts), *(a for c in given for a in c.actions)],
        claim=statements.get(VersionSide.CLAIM),
        answer=statements.get(VersionSide.ANSWER),
        timeline=timeline(dispute, viewer, people, offers, tab=tab, before=before, tz=tz, limit=limit),
        tabs=tabs_of(dispute, viewer, offers, tab),
        audiences=audiences_of(facts),
        news_mark=news.mark(dispute, viewer),
    )


def open_requests(dispute: Dispute, viewer: Viewer) -> list[EvidenceRequest]:
    """Requests for evidence the viewer's side has not answered. One query, none for staff."""
    if viewer.side is None or dispute.state != DisputeState.IN_MEDIATION:
        return []
    answered = EvidenceRequestAnswer.objects.filter(request=OuterRef("pk"), side=viewer.side)
    return list(
        EvidenceRequest.objects.filter(dispute=dispute, closed_at__isnull=True, asked_of__in=[viewer.side, "both"])
        .exclude(Exists(answered))
        .order_by("asked_at")
    )


def title_of(dispute: Dispute) -> str:
    """What the case is about: the milestone, or the contract."""
    return dispute.milestone.title if dispute.milestone else dispute.contract.title


def persons_of(people: People, viewer: Viewer, dispute: Dispute, given: Sequence[Contribution]) -> list[panels.Person]:
    """Both sides' people, the specialist, and whom other rooms add."""
    found = []
    side_words = {"freelancer": _("Freelancer"), "client": _("Client")}
    for side, account in (
        ("freelancer", dispute.contract.freelancer_account),
        ("client", dispute.contract.client_account),
    ):
        members = people.of(side)
        for member in members[:4]:
            label = _("Agency") if account.kind == "agency" else side_words[side]
            meta = account.name if account.name != member.name else ""
            found.append(
                panels.Person(
                    role=side,
                    name=member.name,
                    label=label,
                    meta=meta,
                    timezone=member.timezone,
                    you=member.id == viewer.actor.user_id,
                )
            )
        if not members:
            found.append(panels.Person(role=side, name=account.name, label=side_words[side]))
    if specialist := people.specialist:
        found.append(
            panels.Person(
                role="specialist",
                name=specialist.name,
                label=_("Specialist"),
                meta=_("Neutral"),
                timezone=specialist.timezone,
            )
        )
    return [*found, *(p for c in given for p in c.people)]


def own_actions(facts: Facts) -> list[Action]:
    """Further steps, beside the turn's own."""
    found = []
    if facts.viewer.side:
        if facts.may("add_evidence"):
            found.append(Action(label=_("Add evidence"), url=facts.url("evidence"), icon="paperclip"))
        else:
            found.append(Action(label=_("See the evidence"), url=facts.url("evidence"), icon="paperclip"))
        updatable = facts.viewer.side == "freelancer" or facts.dispute.client_answered_at is not None
        if facts.may("update") and updatable:
            label = (
                _("Review or update your claim")
                if facts.viewer.side == "freelancer"
                else _("Review or update your answer")
            )
            found.append(Action(label=label, url=facts.url("update"), icon="file-pen-line"))
        if facts.may("bid") and facts.dispute.policy.blind_bidding:
            found.append(Action(label=_("Make a sealed bid"), url=facts.url("bids"), icon="mail-check"))
        if facts.may("accept_in_full") or facts.may("accept_in_full_in_arbitration"):
            label = _("Pay {sum} in full").format(sum=format_money(facts.total))
            found.append(Action(label=label, url=facts.url("accept"), icon="wallet"))
        if facts.may("withdraw") or facts.may("withdraw_in_arbitration"):
            found.append(Action(label=_("Withdraw the dispute"), url=facts.url("withdraw"), icon="undo-2"))
    else:
        found.append(Action(label=_("See the evidence"), url=facts.url("evidence"), icon="paperclip"))
    return found


def tabs_of(dispute: Dispute, viewer: Viewer, offers: Sequence[SettlementOffer], current: str) -> list[Tab]:
    """Filters. Events and All carry no count: it would tell of entries that are not for this viewer."""
    current = current if current in TABS else "all"
    counts: dict[str, int | None] = {
        "all": None,
        "messages": getattr(dispute, "message_count", None),
        "evidence": None,
        "offers": len(offers),
        "events": None,
    }
    keys = TABS if viewer.negotiation else ("all", "evidence", "events")
    return [Tab(key, str(TAB_WORDS[key]), counts[key], key == current) for key in keys]


TAB_WORDS = {
    "all": pgettext_lazy("everything", "All"),
    "messages": gettext_lazy("Messages"),
    "evidence": gettext_lazy("Evidence"),
    "offers": gettext_lazy("Offers"),
    "events": gettext_lazy("Events"),
}


def audiences_of(facts: Facts) -> list[Audience]:
    """Who may read the message about to be written; empty when this viewer writes none."""
    if not facts.may("post_message"):
        return []
    everyone = Audience("everyone", _("Everyone"), "users")
    view = facts.viewer

    def only(side: str, name: str) -> Audience:
        return Audience(side, _("Only {name}").format(name=name), "lock")

    if view.side:
        return [everyone, only(view.side, facts.specialist)] if view.specialist_name else [everyone]
    return [everyone, only("freelancer", view.freelancer_name), only("client", view.client_name)]


def contract_path(dispute: Dispute) -> str:
    """Path of the contract's page."""
    return reverse("contracts:contract", args=[dispute.contract.reference])
