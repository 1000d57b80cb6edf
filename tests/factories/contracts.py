"""Contracts in every state, reached only by calling the services under a moving `now`.

`World` carries the people, the contract (fresh at each access) and the present instant; its methods are the
services' short forms, each acting as the right person at `world.now`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.enums import PaymentState
from contracts.ledger.selectors import Balances, balances
from contracts.models import Contract, Milestone, Payment, RefundRequest
from contracts.services import agreement, messages, milestones, payments, refunds
from contracts.services.agreement import NewMilestone
from core import deadlines
from core.money import Money
from tests.factories.accounts import MONDAY, Person, make_company, make_freelancer

WORK = "Here is the finished work, as agreed: all pages and the style guide."


@dataclass
class World:
    """A contract with its two sides and its moving present."""

    freelancer: Person
    client: Person
    contract_id: object
    now: datetime = MONDAY

    @property
    def contract(self) -> Contract:
        return Contract.objects.select_related("freelancer_account", "client_account").get(pk=self.contract_id)

    @property
    def milestones(self) -> list[Milestone]:
        return list(
            Milestone.objects.filter(contract_id=self.contract_id).select_related("contract").order_by("number")
        )

    @property
    def milestone(self) -> Milestone:
        return self.milestones[0]

    @property
    def refund(self) -> RefundRequest:
        return RefundRequest.objects.select_related("contract").get(contract_id=self.contract_id)

    @property
    def held(self) -> Balances:
        return balances(self.contract)

    def money(self, minor: int) -> Money:
        return Money(minor, self.contract.currency)

    def later(self, **span) -> World:
        """Move the present by a timedelta's arguments; timers do not fire by themselves."""
        self.now += timedelta(**span)
        return self

    def sweep(self) -> int:
        """Fire what is due now, as the beat would."""
        return deadlines.sweep(now=self.now)

    def pay(self, payment: Payment | None = None, *, confirmed: bool = True) -> Payment:
        """The gateway settles the running payment."""
        payment = payment or Payment.objects.get(contract_id=self.contract_id, state=PaymentState.STARTED)
        return payments.settle_payment(payment_id=payment.pk, confirmed=confirmed, now=self.now)

    def fund(self, number: int = 1) -> Milestone:
        milestone = self.milestones[number - 1]
        milestones.fund_milestone(milestone_id=milestone.pk, actor=self.client.actor, now=self.now)
        if Payment.objects.filter(object_id=milestone.pk, state=PaymentState.STARTED).exists():
            self.pay()
        return self.milestones[number - 1]

    def submit(self, number: int = 1, message: str = WORK):
        return milestones.submit_work(
            milestone_id=self.milestones[number - 1].pk, message=message, actor=self.freelancer.actor, now=self.now
        )

    def request_changes(self, number: int = 1, text: str = "Please make the logo larger."):
        return milestones.request_changes(
            milestone_id=self.milestones[number - 1].pk, text=text, actor=self.client.actor, now=self.now
        )

    def refuse_release(self, number: int = 1, text: str = "The work does not match what we agreed."):
        return milestones.refuse_release(
            milestone_id=self.milestones[number - 1].pk, text=text, actor=self.client.actor, now=self.now
        )

    def approve(self, number: int = 1):
        return milestones.approve_milestone(
            milestone_id=self.milestones[number - 1].pk, actor=self.client.actor, now=self.now
        )

    def release_part(self, minor: int, number: int = 1, text: str = "The rest waits for the next part.", **target):
        return milestones.release_part(
            milestone_id=self.milestones[number - 1].pk,
            amount=self.money(minor),
            text=text,
            actor=self.client.actor,
            now=self.now,
            **target,
        )

    def end(self, pay_minor: int = 0, reason: str = "We stop the project here.") -> RefundRequest | None:
        return agreement.end_contract(
            contract_id=self.contract_id,
            pay=self.money(pay_minor),
            reason=reason,
            actor=self.client.actor,
            now=self.now,
        )

    def accept_refund(self):
        return refunds.accept_refund_request(request_id=self.refund.pk, actor=self.freelancer.actor, now=self.now)

    def write(self, person: Person, body: str = "Can we talk about the milestone?"):
        return messages.post_message(contract_id=self.contract_id, body=body, actor=person.actor, now=self.now)


def draft_contract(
    *,
    amounts: tuple[int, ...] = (180_000,),
    currency: str = "USD",
    now: datetime = MONDAY,
    freelancer: Person | None = None,
    client: Person | None = None,
    title: str = "Shop redesign",
) -> World:
    """A contract the client has drafted, with one proposed milestone per amount (minor units)."""
    freelancer, client = freelancer or make_freelancer(), client or make_company()
    contract = agreement.create_contract(
        title=title,
        terms="Design and build the new shop in the agreed steps.",
        freelancer_account=freelancer.account,
        client_account=client.account,
        currency=currency,
        milestones=[
            NewMilestone(f"Part {n}", f"Everything of part {n}.", Money(a, currency))
            for n, a in enumerate(amounts, start=1)
        ],
        actor=client.actor,
        now=now,
    )
    return World(freelancer, client, contract.pk, now)


def active_contract(**how) -> World:
    world = draft_contract(**how)
    agreement.accept_contract(contract_id=world.contract_id, actor=world.freelancer.actor, now=world.now)
    return world


def funded_contract(**how) -> World:
    world = active_contract(**how)
    world.fund()
    return world


def submitted_contract(**how) -> World:
    world = funded_contract(**how)
    world.later(days=1).submit()
    return world


def changes_requested_contract(**how) -> World:
    world = submitted_contract(**how)
    world.later(days=1).request_changes()
    return world


def refused_contract(**how) -> World:
    """Active, with a milestone whose release the client has refused (C3b): the first active filing route."""
    world = submitted_contract(**how)
    world.later(days=1).refuse_release()
    return world


def partly_released_contract(*, released: int = 60_000, **how) -> World:
    """Active, with a remainder carried over to the next milestone (C5): the second active filing route."""
    how.setdefault("amounts", (180_000, 90_000))
    world = submitted_contract(**how)
    world.later(days=1).release_part(released)
    return world


def refund_requested_contract(*, paid: int = 0, **how) -> World:
    """Ended by the client with money in escrow: a refund request is open since `world.now` (R1)."""
    world = submitted_contract(**how)
    world.later(days=1).end(paid)
    return world


def closed_contract(**how) -> World:
    """Everything paid, contract closed."""
    world = submitted_contract(**how)
    world.approve()
    world.later(hours=1).end(0)
    return world


def disputed_refund(world: World, dispute_id, *, claimed: int | None = None) -> RefundRequest:
    """R3's money part alone, for tests of this room (the disputes room files the dispute around it)."""
    from django.db import transaction

    from contracts.locks import lock_refund_request

    with transaction.atomic():
        request = lock_refund_request(world.refund.pk)
        return refunds.reject_for_dispute(
            request=request,
            claimed=world.money(request.amount if claimed is None else claimed),
            dispute_id=dispute_id,
            actor=world.freelancer.actor,
            now=world.now,
        )
