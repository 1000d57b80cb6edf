"""Reads of this room. Whoever may not see a case gets StrangerError, as if there were none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from arbitration import rules
from arbitration.enums import ArbitrationState, ElectionState, EventState, NoticeState
from arbitration.models import (
    AdminOrder,
    ArbitrationCase,
    Award,
    Election,
    NonResolutionNotice,
    ProviderEvent,
    ProviderRequest,
)
from contracts.enums import PaymentState, Side
from contracts.models import Contract
from core.errors import StrangerError
from core.money import Money
from core.permissions import Actor, StaffRole
from disputes.models import Dispute


@dataclass(frozen=True, slots=True)
class ElectionView:
    """One side's choice, as both sides see it. `kind` is the code that the page words; amounts are the fee's."""

    election: Election
    name: str
    role: str
    you: bool
    kind: str
    at: datetime | None
    payment_running: bool
    payment_failed: bool
    receipt: str
    amount: Money
    # What became of a fee that was paid: held, passed (to the provider), back; "" where none was.
    fate: str
    fate_at: datetime | None


def get_dispute_for(actor: Actor, reference: str) -> Dispute:
    """Return a dispute with its contract and parties. Raises StrangerError."""
    dispute = (
        Dispute.objects.select_related("contract__freelancer_account", "contract__client_account")
        .filter(reference=reference)
        .first()
    )
    if dispute is None or not rules.may_see(dispute, actor):
        raise StrangerError
    return dispute


def newest_notice(dispute: Dispute) -> NonResolutionNotice:
    """Return the newest notice of a dispute. Raises StrangerError when there is none."""
    notice = (
        NonResolutionNotice.objects.filter(dispute_id=dispute.pk)
        .select_related("arbitration")
        .order_by("-number")
        .first()
    )
    if notice is None:
        raise StrangerError
    notice.dispute = dispute
    return notice


def annex_for(notice: NonResolutionNotice, actor: Actor) -> dict[str, object]:
    """The annex is for the two sides alone."""
    return dict(notice.annex) if rules.is_party(notice, actor) else {}


def newest_elections(notice: NonResolutionNotice) -> list[Election]:
    """Both sides' elections, freelancer first, with their payments. One query."""
    rows = Election.objects.filter(notice_id=notice.pk).select_related("payment", "payment__contract")
    found = {row.side: row for row in rows}
    for row in found.values():
        row.notice = notice
    return [found[side.value] for side in Side]


def elections_of(notice: NonResolutionNotice, actor: Actor, elections: Sequence[Election]) -> list[ElectionView]:
    """Both sides' choices as the viewer reads them, freelancer first. No query beyond the notice's arbitration."""
    contract = notice.contract
    mine = rules.side_of(notice.dispute, actor)
    case = getattr(notice, "arbitration", None)
    views = []
    for election in elections:
        payment = election.payment
        running = bool(payment and payment.state == PaymentState.STARTED)
        paid = election.state == ElectionState.PAID and payment is not None
        fate, fate_at = fate_of_fee(notice, case) if paid else ("", None)
        views.append(
            ElectionView(
                election=election,
                name=contract.account_of(Side(election.side)).name,
                role=election.side,
                you=mine == election.side,
                kind="running" if running and election.state == ElectionState.AGREED_UNPAID else str(election.state),
                at=payment.started_at
                if running and payment
                else election.paid_at or election.declined_at or election.elected_at,
                payment_running=running,
                payment_failed=bool(payment and payment.state == PaymentState.FAILED),
                receipt=str(payment.pk)[:8].upper() if paid and payment else "",
                amount=contract.money(notice.fee),
                fate=fate,
                fate_at=fate_at,
            )
        )
    return views


def fate_of_fee(notice: NonResolutionNotice, case: ArbitrationCase | None) -> tuple[str, datetime | None]:
    """Where a paid fee of this notice is now, and since when (N6, N7, A1, A2, A4)."""
    if case is None:
        return ("held", None) if notice.state == NoticeState.ISSUED else ("back", notice.closed_at)
    if case.state == ArbitrationState.PROVIDER_REJECTED:
        return "back", case.closed_at
    if case.submitted_at is not None:
        return "passed", case.submitted_at
    return ("held", None) if case.state == ArbitrationState.FILING else ("back", case.closed_at)


def election_for(notice: NonResolutionNotice, actor: Actor) -> Election | None:
    """Return the viewer's own election, if the viewer is on a side."""
    side = rules.side_of(notice.dispute, actor)
    found = Election.objects.filter(notice_id=notice.pk, side=side).select_related("payment").first() if side else None
    if found is not None:
        found.notice = notice
    return found


def case_of(dispute: Dispute) -> ArbitrationCase | None:
    """Return the newest arbitration of a dispute."""
    found = (
        ArbitrationCase.objects.filter(dispute_id=dispute.pk).select_related("notice").order_by("-opened_at").first()
    )
    if found is not None:
        found.dispute = found.notice.dispute = dispute
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the provider, for the timeline."""

    at: datetime
    text: str


def steps_of(case: ArbitrationCase) -> list[Step]:
    """What the provider has told, oldest first."""
    references = [str(case.pk), *(str(pk) for pk in case.requests.values_list("pk", flat=True))]
    words = {"provider": case.provider}
    steps = [
        Step(case.opened_at, _("Both sides have paid. The case is sent to {provider}.").format(**words)),
    ]
    if case.submitted_at:
        taken = _("{provider} has taken the case as {number}.").format(**words, number=case.provider_case)
        steps.append(Step(case.submitted_at, taken))
    rows = ProviderEvent.objects.filter(
        case_reference__in=references, kind="case.progress", state=EventState.APPLIED
    ).order_by("applied_at")
    for row in rows:
        said = str(json.loads(row.body).get("data", {}).get("step", ""))
        steps.append(Step(row.applied_at or row.received_at, _step_words(case.provider, said)))
    if case.state == ArbitrationState.PROVIDER_REJECTED and case.closed_at:
        back = _("{provider} has rejected the case. Both fees go back.").format(**words)
        steps.append(Step(case.closed_at, back))
    if case.state == ArbitrationState.SETTLED and case.closed_at:
        steps.append(Step(case.closed_at, _("The dispute ended before an award.")))
    if case.awarded_at:
        steps.append(Step(case.awarded_at, _("The arbitrator has made the award, and it was carried out.")))
    return sorted(steps, key=lambda s: s.at)


def _step_words(provider: str, said: str) -> str:
    """The provider's own words; its four plain codes are written out."""
    known = {
        "response": _("{provider} asks for a response to the claim."),
        "rebuttal": _("{provider} asks for a reply to the response."),
        "questions": _("{provider} has questions for the two sides."),
        "hearing": _("{provider} sets a hearing."),
    }
    text = known.get(said.strip().casefold())
    return text.format(provider=provider) if text else said


def recorded_award(case: ArbitrationCase) -> Award | None:
    """Return the award that counts."""
    award = case.awards.filter(recorded_at__isnull=False).first()
    if award is not None:
        award.case = case
    return award


def _staff(actor: Actor, *roles: StaffRole) -> None:
    if not actor.is_staff(*roles):
        raise StrangerError


@dataclass(frozen=True, slots=True)
class Desk:
    """What the arbitration desk shows."""

    cases: list[ArbitrationCase]
    notices: list[NonResolutionNotice]
    awards: list[Award]
    held: list[ProviderEvent]


def desk_for(actor: Actor) -> Desk:
    """The clerk's work: open cases, live notices, awards to approve, held messages. Four queries.

    Never of a contract on which the viewer's own account is a side.
    """
    _staff(actor, StaffRole.CLERK, StaffRole.SUPERVISOR, StaffRole.ADMIN)
    parties = ("dispute__contract__freelancer_account", "dispute__contract__client_account")
    cases = ArbitrationCase.objects.select_related(*parties).order_by("-opened_at")
    notices = NonResolutionNotice.objects.filter(state=NoticeState.ISSUED).select_related(*parties)
    awards = Award.objects.filter(recorded_at__isnull=True, rejected_at__isnull=True)
    held = ProviderEvent.objects.filter(state=EventState.HELD)
    if actor.accounts:
        own = list(actor.accounts)
        contracts = Q(freelancer_account__in=own) | Q(client_account__in=own)
        disputes = Dispute.objects.filter(contract__in=Contract.objects.filter(contracts))
        cases, notices = cases.exclude(dispute__in=disputes), notices.exclude(dispute__in=disputes)
        awards = awards.exclude(case__dispute__in=disputes)
        filings = ProviderRequest.objects.filter(case__dispute__in=disputes).values_list("pk", flat=True)
        held = held.exclude(case_reference__in=[str(pk) for pk in filings])
    return Desk(
        cases=list(cases[:100]),
        notices=list(notices.order_by("election_ends_at")[:100]),
        awards=list(awards.select_related("case__dispute", "entered_by").order_by("received_at")[:100]),
        held=list(held.order_by("-received_at")[:100]),
    )


def awards_to_approve(case: ArbitrationCase) -> QuerySet[Award]:
    """Entries by hand that wait for a second person."""
    return case.awards.filter(recorded_at__isnull=True, rejected_at__isnull=True).select_related("entered_by")


def get_award_for(actor: Actor, award_id: UUID) -> Award:
    """Return an award entered by hand, for those who may approve it."""
    _staff(actor, StaffRole.CLERK, StaffRole.SUPERVISOR, StaffRole.ADMIN)
    award = (
        Award.objects.select_related(
            "case__dispute__contract__freelancer_account", "case__dispute__contract__client_account", "entered_by"
        )
        .filter(pk=award_id)
        .first()
    )
    if award is None or rules.is_party(award.case.dispute, actor):
        raise StrangerError
    return award


def held_event_for(actor: Actor, event_id: UUID) -> ProviderEvent:
    """Return a held message, for the clerk."""
    _staff(actor, StaffRole.CLERK)
    event = ProviderEvent.objects.filter(pk=event_id).first()
    own = Q(case__dispute__contract__freelancer_account__in=list(actor.accounts)) | Q(
        case__dispute__contract__client_account__in=list(actor.accounts)
    )
    if event is None or _filed_as(event.case_reference).filter(own).exists():
        raise StrangerError
    return event


def _filed_as(reference: str) -> QuerySet[ProviderRequest]:
    """The filing a message names; none for what is no id."""
    try:
        return ProviderRequest.objects.filter(pk=UUID(reference))
    except ValueError:
        return ProviderRequest.objects.none()


def orders_for(actor: Actor) -> list[AdminOrder]:
    """All orders, newest first, for admins."""
    _staff(actor, StaffRole.ADMIN)
    rows = AdminOrder.objects.select_related("contract", "dispute", "proposed_by", "approved_by")
    return list(rows.order_by("-proposed_at")[:100])


def get_order_for(actor: Actor, order_id: UUID) -> AdminOrder:
    """Return an order, for admins."""
    _staff(actor, StaffRole.ADMIN)
    order = (
        AdminOrder.objects.select_related(
            "contract__freelancer_account", "contract__client_account", "dispute", "proposed_by", "approved_by"
        )
        .filter(pk=order_id)
        .first()
    )
    if order is None:
        raise StrangerError
    return order


def provider_name() -> str:
    """The provider of the house."""
    return str(settings.ARBITRATION_PROVIDER_NAME)
