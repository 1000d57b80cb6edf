"""One contract of the demonstration world, and the acts of its people, each one call of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.enums import PaymentState
from contracts.models import Contract, Milestone, Payment, RefundRequest
from contracts.services import agreement, messages, milestones, payments, refunds
from contracts.services.agreement import NewMilestone
from core.money import Money
from core.permissions import GATEWAY, Actor

if TYPE_CHECKING:
    from config.demo.people import Cast
    from config.demo.scheduler import World

# Who speaks for an account of several people.
SPOKESPERSON = {
    "harrow": "niamh",
    "northwind": "ellen",
    "halden": "peter",
    "pinecrest": "grace",
    "greyline": "dana",
    "ember": "luis",
    "tallis": "hana",
}


class Case:
    """A contract between two parties. Amounts in whole units of its currency."""

    def __init__(
        self,
        world: World,
        cast: Cast,
        *,
        freelancer: str,
        client: str,
        title: str,
        terms: str,
        work: list[tuple[str, str, float]],
        currency: str = "USD",
    ) -> None:
        """Draft the contract, as the client does. `work` is (title, description, price) of each milestone."""
        self.world, self.cast = world, cast
        self.freelancer, self.client = freelancer, client
        self.currency = currency
        self.contract: Contract = agreement.create_contract(
            title=title,
            terms=terms,
            freelancer_account=cast.accounts[freelancer],
            client_account=cast.accounts[client],
            currency=currency,
            milestones=[NewMilestone(t, d, self.money(price)) for t, d, price in work],
            actor=self.c,
            now=world.now,
        )

    def money(self, whole: float) -> Money:
        """`whole` units of the currency as Money."""
        digits = 0 if self.currency == "JPY" else 2
        return Money(round(whole * 10**digits), self.currency)

    @property
    def f(self) -> Actor:
        """The freelancer's side."""
        return self.cast.actor(SPOKESPERSON.get(self.freelancer, self.freelancer))

    @property
    def c(self) -> Actor:
        """The client's side."""
        return self.cast.actor(SPOKESPERSON.get(self.client, self.client))

    def by(self, actor: Actor) -> dict[str, Any]:
        """`actor` and the moment of the act."""
        return {"actor": actor, "now": self.world.now}

    def milestone(self, number: int = 1) -> Milestone:
        """A milestone as it is now."""
        return self.contract.milestones.get(number=number)

    @property
    def request(self) -> RefundRequest:
        """The newest refund request."""
        found = self.contract.refund_requests.order_by("-opened_at").first()
        if found is None:
            raise LookupError("no refund request yet")
        return found

    def accept(self) -> None:
        """The freelancer accepts the contract."""
        agreement.accept_contract(contract_id=self.contract.pk, **self.by(self.f))

    def pay(self, number: int = 1) -> None:
        """The client starts to fund a milestone."""
        milestones.fund_milestone(milestone_id=self.milestone(number).pk, **self.by(self.c))

    def settle_payments(self, *, confirmed: bool = True) -> None:
        """The payment gateway answers for everything that is under way on this contract."""
        for payment in Payment.objects.filter(contract=self.contract, state=PaymentState.STARTED):
            payments.settle_payment(payment_id=payment.pk, confirmed=confirmed, now=self.world.now, actor=GATEWAY)

    def fund(self, number: int = 1) -> None:
        """Fund a milestone; the gateway confirms at once."""
        self.pay(number)
        self.settle_payments()

    def open(self, number: int = 1) -> None:
        """Accept the contract and fund a milestone."""
        self.accept()
        self.fund(number)

    def submit(self, message: str, *, link: str = "", number: int = 1) -> None:
        """The freelancer hands in work."""
        milestones.submit_work(milestone_id=self.milestone(number).pk, message=message, link=link, **self.by(self.f))

    def say(self, actor: Actor, text: str) -> None:
        """Write in the contract's messages."""
        messages.post_message(contract_id=self.contract.pk, body=text, **self.by(actor))

    def ask_changes(self, text: str, number: int = 1) -> None:
        """The client asks for changes."""
        milestones.request_changes(milestone_id=self.milestone(number).pk, text=text, **self.by(self.c))

    def refuse(self, text: str, number: int = 1) -> None:
        """The client refuses to release."""
        milestones.refuse_release(milestone_id=self.milestone(number).pk, text=text, **self.by(self.c))

    def approve(self, number: int = 1) -> None:
        """The client releases in full."""
        milestones.approve_milestone(milestone_id=self.milestone(number).pk, **self.by(self.c))

    def end(self, *, pay: float = 0, reason: str = "") -> None:
        """The client ends the contract."""
        agreement.end_contract(contract_id=self.contract.pk, pay=self.money(pay), reason=reason, **self.by(self.c))

    def accept_refund(self) -> None:
        """R2."""
        refunds.accept_refund_request(request_id=self.request.pk, **self.by(self.f))
