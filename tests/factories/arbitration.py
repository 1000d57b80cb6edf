"""Cases after mediation, in every state, reached only by calling the services under a moving `now`."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from uuid import uuid4

from arbitration.models import ArbitrationCase, Election, NonResolutionNotice, ProviderRequest
from arbitration.services import award, election, filing, inbox, orders
from arbitration.services.award import Decision
from arbitration.services.consent import election_text
from arbitration.services.orders import Terms
from contracts.enums import PaymentState, Side
from contracts.ledger.selectors import balances
from contracts.models import Payment
from contracts.services import fees, payments
from core.money import Money
from core.permissions import PROVIDER
from disputes.services import statements, withdrawal
from tests.factories.accounts import Person, make_admin, make_clerk
from tests.factories.mediation import Case, filed_case

F, C = Side.FREELANCER, Side.CLIENT
REASON = "The card issuer has reported the funding payment as stolen."
AWARD_REASONS = "The pages were delivered as agreed; the order history page was not. The split follows the terms."


@dataclass
class Arb(Case):
    """A case after mediation; methods act as the right person at `now`."""

    clerk: Person | None = None
    second: Person | None = None
    admins: tuple[Person, ...] = ()

    @property
    def notice(self) -> NonResolutionNotice:
        found = NonResolutionNotice.objects.filter(dispute_id=self.dispute_id).order_by("-number").first()
        found.dispute = self.dispute
        return found

    @property
    def arbitration(self) -> ArbitrationCase:
        return (
            ArbitrationCase.objects.select_related("dispute__contract", "notice")
            .filter(dispute_id=self.dispute_id)
            .order_by("-opened_at")
            .first()
        )

    @property
    def filing(self) -> ProviderRequest:
        return self.arbitration.requests.filter(verb="file").order_by("-created_at").first()

    def election(self, side: str) -> Election:
        return Election.objects.select_related("payment").get(notice=self.notice, side=side)

    def states(self) -> tuple[str, str]:
        """(freelancer's election, client's election)."""
        return self.election(F).state, self.election(C).state

    def fees(self) -> tuple[int, int]:
        """Held fees (freelancer, client) of the newest notice, minor units."""
        notice = self.notice
        return tuple(fees.held_fee(self.contract, side, notice.pk).amount for side in (F, C))

    def payable(self, side: str) -> int:
        return balances(self.contract).by_code.get(f"payable_{side}", 0)

    # --- the parties
    def elect(self, side: str, person: Person | None = None, version: str | None = None) -> Election:
        return election.elect(
            dispute_id=self.dispute_id,
            consent_version=version or election_text(self.dispute, self.notice).version,
            actor=(person or self.person(side)).actor,
            now=self.now,
        )

    def start(self, side: str, person: Person | None = None) -> Payment:
        return election.start_fee_payment(
            dispute_id=self.dispute_id, actor=(person or self.person(side)).actor, now=self.now
        )

    def settle(self, payment: Payment, *, confirmed: bool = True) -> Payment:
        return payments.settle_payment(payment_id=payment.pk, confirmed=confirmed, now=self.now)

    def pay_fee(self, side: str) -> Payment:
        """Choose, start, and have it confirmed."""
        if self.election(side).state == "undecided":
            self.elect(side)
        return self.settle(self.start(side))

    def decline(self, side: str, person: Person | None = None) -> Election:
        return election.decline(dispute_id=self.dispute_id, actor=(person or self.person(side)).actor, now=self.now)

    def accept_claim(self):
        return statements.accept_claim(dispute_id=self.dispute_id, actor=self.client.actor, now=self.now)

    def withdraw(self):
        return withdrawal.withdraw_dispute(dispute_id=self.dispute_id, actor=self.freelancer.actor, now=self.now)

    def to_end(self, **before) -> Arb:
        """Move to the end of the election, or to a span before it."""
        self.until(self.notice.election_ends_at, **before)
        return self

    # --- the provider and the clerk
    def confirm(self, number: str = "BR-2026-1", actor=PROVIDER) -> ArbitrationCase:
        return filing.confirm_filed(case_id=self.arbitration.pk, provider_case=number, actor=actor, now=self.now)

    def step(self, text: str = "The arbitrator asks for a response.", actor=PROVIDER) -> ArbitrationCase:
        return filing.note_progress(case_id=self.arbitration.pk, step=text, actor=actor, now=self.now)

    def reject(self, reason: str = "Outside our rules.", actor=PROVIDER) -> ArbitrationCase:
        return filing.reject_by_provider(case_id=self.arbitration.pk, reason=reason, actor=actor, now=self.now)

    def decision(self, to_freelancer: int, **more) -> Decision:
        dispute = self.dispute
        shift = more.pop("shift", None)
        return Decision(
            to_freelancer=Money(to_freelancer, dispute.currency),
            to_client=Money(more.pop("to_client", dispute.amount - to_freelancer), dispute.currency),
            reasons=more.pop("reasons", AWARD_REASONS),
            arbitrator=more.pop("arbitrator", "Ines Aubert"),
            shift_from=more.pop("shift_from", ""),
            shift=None if shift is None else Money(shift, dispute.currency),
        )

    def award(self, to_freelancer: int, actor=PROVIDER, **more):
        return award.record_award(
            case_id=self.arbitration.pk,
            decision=self.decision(to_freelancer, **more),
            document_sha256="",
            actor=actor,
            now=self.now,
        )

    def event(self, kind: str, data: dict | None = None, *, filing_id=None, event_id: str = "") -> bytes:
        """Body of a message of the provider."""
        return json.dumps(
            {
                "id": event_id or f"evt_{uuid4().hex}",
                "type": kind,
                "case": "BR-2026-1",
                "filing": str(filing_id or self.filing.pk),
                "data": data or {},
            }
        ).encode()

    def award_data(self, to_freelancer: int, **more) -> dict:
        return {
            "currency": self.dispute.currency,
            "to_freelancer": to_freelancer,
            "to_client": self.dispute.amount - to_freelancer,
            "reasons": AWARD_REASONS,
            "arbitrator": "Ines Aubert",
            **more,
        }

    def hear(self, body: bytes):
        """Store and apply a message, as the webhook does."""
        row, _ = inbox.receive_event(body, now=self.now)
        return inbox.apply_event(row.pk, now=self.now)

    # --- the admins
    def propose(self, kind: str, person: Person | None = None, reason: str = REASON, **terms):
        currency = self.dispute.currency
        money = {k: Money(v, currency) for k, v in terms.items() if isinstance(v, int)}
        return orders.propose_order(
            kind=kind,
            contract_id=self.contract.pk,
            terms=Terms(**{**terms, **money}),
            reason=reason,
            actor=(person or self.admins[0]).actor,
            now=self.now,
        )

    def approve(self, order, person: Person | None = None):
        return orders.approve_order(order_id=order.pk, actor=(person or self.admins[1]).actor, now=self.now)


def _contested(**how) -> Case:
    """As `contested_case`, but whoever was assigned takes it up: a test may have several cases."""
    case = filed_case(**how)
    case.specialist = Person(case.case.specialist)
    case.later(hours=2).take_up()
    case.later(days=1).exhibit()
    case.later(hours=1).contest()
    return case


def failed_case(case: Case | None = None, **how) -> Arb:
    """N1: both sides have declared that they cannot agree (D18); the notice is out, 7 days run."""
    case = case or _contested(**how)
    case.later(days=1).impasse(F)
    case.impasse(C)
    given = {f.name: getattr(case, f.name) for f in fields(Case)}
    return Arb(
        **given,
        clerk=make_clerk(),
        second=make_clerk("Ben Second"),
        admins=(make_admin(), make_admin("Omar Admin")),
    )


def both_paid_case(**how) -> Arb:
    """A1: both have chosen and paid, the case is being filed."""
    arb = failed_case(**how)
    arb.later(days=1).pay_fee(F)
    arb.later(days=1).pay_fee(C)
    return arb


def filed_arbitration(**how) -> Arb:
    """A1: the provider has confirmed; the fees are passed on."""
    arb = both_paid_case(**how)
    arb.later(hours=3).confirm()
    return arb


def rejected_once(**how) -> Arb:
    """A2: back in non-resolution with a second notice."""
    arb = filed_arbitration(**how)
    arb.later(days=2).reject()
    return arb


def rejected_twice(**how) -> Arb:
    """A2 again: an open-ended notice, nothing defaults."""
    arb = rejected_once(**how)
    arb.later(hours=1).pay_fee(F)
    arb.later(hours=1).pay_fee(C)
    arb.later(hours=1).confirm("BR-2026-2")
    arb.later(days=2).reject("Still outside our rules.")
    return arb


def awarded_case(to_freelancer: int = 120_000, **how) -> Arb:
    """A6: awarded and carried out."""
    arb = filed_arbitration(**how)
    arb.later(days=20).award(to_freelancer)
    return arb


def stuck_payments(arb: Arb) -> int:
    return Payment.objects.filter(contract_id=arb.contract.pk, state=PaymentState.STARTED).count()
