"""Contact attempts and requests for evidence as the two sides see them: dates, answers, what silence does (D5–D9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from contracts.enums import Side
from disputes.enums import DisputeState
from mediation.enums import Channel
from mediation.services import unresponsive

if TYPE_CHECKING:
    from datetime import datetime

    from disputes.models import EvidenceRequest, EvidenceRequestAnswer
    from mediation.models import ContactAttempt, MediationCase

BOTH = "both"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt with its sentence, and whether it counts for closing the case."""

    row: ContactAttempt
    text: str
    counts: bool
    # To the side that is silent now, but too close to the attempt before.
    too_close: bool


@dataclass(frozen=True, slots=True)
class Request:
    """One request for evidence with both sides' answers."""

    row: EvidenceRequest
    own: EvidenceRequestAnswer | None
    other: EvidenceRequestAnswer | None
    asked_own: bool
    asked_other: bool
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPage:
    """The page. `silent` is the side that has not reacted ("" for none), `closes_at` when that can end the case."""

    attempts: list[Attempt]
    requests: list[Request]
    silent: str
    own_silent: bool
    counted: int
    least: int
    spacing: int
    window_end: datetime | None
    closes_at: datetime | None
    # Until when a reaction is surely in time.
    react_by: datetime

    @property
    def missing(self) -> int:
        """Attempts that are still needed before silence can close the case."""
        return max(0, self.least - self.counted)


def contact_page(case: MediationCase, side: str, *, now: datetime) -> ContactPage:
    """Read the page of a member of `side` (already permission-checked)."""
    dispute, settings = case.dispute, case.dispute.policy
    rows = list(case.attempts.select_related("made_by").order_by("made_at", "id"))
    in_mediation = dispute.state == DisputeState.IN_MEDIATION and now < case.ends_at
    silent = unresponsive.silent_side(dispute) if in_mediation else None
    counted: list[ContactAttempt] = []
    to_silent: list[ContactAttempt] = []
    closes: datetime | None = None
    if silent is not None:
        since = unresponsive.counts_from(case, silent)
        to_silent = [row for row in rows if row.side == silent and since is not None and row.made_at >= since]
        counted = unresponsive.spaced(case, to_silent)
        closes = unresponsive.closes_at(case, silent, to_silent)
    kept, tried = {row.pk for row in counted}, {row.pk for row in to_silent}
    return ContactPage(
        attempts=[
            Attempt(row, _sentence(case, row, side), row.pk in kept, row.pk in tried and row.pk not in kept)
            for row in reversed(rows)
        ],
        requests=_requests(case, side, in_mediation=in_mediation),
        silent=silent or "",
        own_silent=silent == side,
        counted=len(counted),
        least=settings.contact_attempts_min,
        spacing=settings.contact_attempts_spacing_business_days,
        window_end=unresponsive.window_end(case, silent) if silent is not None else None,
        closes_at=closes,
        react_by=react_by(case, silent, closes, now=now) if silent is not None else case.ends_at,
    )


def react_by(case: MediationCase, silent: Side, closes: datetime | None, *, now: datetime) -> datetime:
    """Until when a reaction of the silent side is surely in time, at the latest the end of mediation (D17)."""
    if closes is not None:
        return closes
    over = unresponsive.window_end(case, silent)
    return over if over is not None and now < over < case.ends_at else case.ends_at


def attempt_sentence(channel: str, *, who: str, whom: str, to_reader: bool) -> str:
    """Who tried to reach whom, and how: without its instant."""
    if to_reader:
        return {
            Channel.PLATFORM: _("{who} wrote to you here"),
            Channel.EMAIL: _("{who} wrote to you by e-mail"),
            Channel.PHONE: _("{who} called you"),
            Channel.VIDEO: _("{who} tried a video call with you"),
        }[Channel(channel)].format(who=who)
    return {
        Channel.PLATFORM: _("{who} wrote to {whom} here"),
        Channel.EMAIL: _("{who} wrote to {whom} by e-mail"),
        Channel.PHONE: _("{who} called {whom}"),
        Channel.VIDEO: _("{who} tried a video call with {whom}"),
    }[Channel(channel)].format(who=who, whom=whom)


def _sentence(case: MediationCase, row: ContactAttempt, side: str) -> str:
    contract = case.dispute.contract
    account = contract.freelancer_account if row.side == Side.FREELANCER else contract.client_account
    who = _("Evenhand") if row.by_system or row.made_by is None else row.made_by.name
    return attempt_sentence(row.channel, who=who, whom=account.name, to_reader=row.side == side)


def _requests(case: MediationCase, side: str, *, in_mediation: bool) -> list[Request]:
    found = []
    for row in (
        case.dispute.evidence_requests.select_related("asked_by").prefetch_related("answers").order_by("-asked_at")
    ):
        answers = {answer.side: answer for answer in row.answers.all()}
        own = answers.pop(side, None)
        asked_own = row.asked_of in (side, BOTH)
        found.append(
            Request(
                row=row,
                own=own,
                other=next(iter(answers.values()), None),
                asked_own=asked_own,
                asked_other=row.asked_of == BOTH or not asked_own,
                may_answer=asked_own and own is None and row.closed_at is None and in_mediation,
            )
        )
    return found
