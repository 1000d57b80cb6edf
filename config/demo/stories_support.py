"""Requests to customer support on active contracts, in every state (P1–P6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from config.demo.dispute import Disputed
from config.demo.people import Cast
from config.demo.scheduler import Story, World
from contracts.services import milestones
from disputes.enums import ConsentKind
from disputes.models import SupportRequest
from disputes.services import support
from disputes.services.texts import current_version

H = timedelta(hours=1)
D = timedelta(days=1)

DETAILS = (
    "The work of this milestone was handed in complete, with a note on each point of the contract. I asked twice in the"
    " messages which point is missing and got no answer to that. The work is used on the client's own pages already."
)


class Asked(Disputed):
    """An active contract whose freelancer turns to customer support."""

    @property
    def support(self) -> SupportRequest:
        """The newest support request."""
        found = self.contract.support_requests.order_by("-asked_at").first()
        if found is None:
            raise LookupError("no support request yet")
        return found

    def ask(self, amount: float, reason: str = "refused_release") -> None:
        """P1."""
        support.ask_support(
            contract_id=self.contract.pk,
            milestone_id=self.milestone().pk,
            reason=reason,
            amount=self.money(amount),
            details=DETAILS,
            attested=True,
            message_ids=list(self.contract.messages.filter(side="freelancer").values_list("pk", flat=True)[:1]),
            consent_version=current_version(ConsentKind.SUPPORT_REQUEST),
            **self.by(self.f),
        )

    def by_agent(self, name: str = "priya") -> dict[str, Any]:
        """The support agent and the request."""
        return {"request_id": self.support.pk, **self.by(self.cast.actor(name))}


def _refused(world: World, cast: Cast, freelancer: str, client: str, title: str, price: float) -> Asked:
    case = Asked(
        world,
        cast,
        freelancer=freelancer,
        client=client,
        title=title,
        terms="As listed in the first message of the thread.",
        work=[(title, "All points of the list.", price), ("Second part", "To be agreed.", price)],
    )
    case.open()
    case.submit("All points of the list, with notes.", link="https://files.example/part-one")
    case.say(case.f, "Everything on the list is done. Is anything missing?")
    case.refuse("This is not what we had in mind.")
    case.say(case.f, "Which point is not as agreed? I will change it this week.")
    return case


def submitted(world: World, cast: Cast) -> Story:
    """P1: waits for an agent."""
    case = _refused(world, cast, "amara", "northwind", "Recipe videos, first four", 1200)
    yield 1 * D
    case.ask(1200)


def in_review(world: World, cast: Cast) -> Story:
    """P2: an agent reads it."""
    case = _refused(world, cast, "linnea", "tallis", "Manual, illustrated", 1700)
    yield 1 * D
    case.ask(1700)
    yield 3 * H
    support.take_up(**case.by_agent())


def needs_info(world: World, cast: Cast) -> Story:
    """P2: the agent has asked for something."""
    case = _refused(world, cast, "harrow", "greyline", "Email templates, set of six", 840)
    yield 1 * D
    case.ask(840)
    yield 4 * H
    support.ask_information(
        text="Please name the message in which the six templates were agreed.", **case.by_agent("marcus")
    )


def case_opened(world: World, cast: Cast) -> Story:
    """P3: a case was opened on an active contract; the rest of the escrow is not touched."""
    case = _refused(world, cast, "rafael", "ember", "Loyalty card, web version", 1600)
    yield 1 * D
    case.ask(1300)
    yield 5 * H
    support.take_up(**case.by_agent())
    yield 2 * H
    support.ask_information(text="Is the shop using the pages already?", **case.by_agent())
    yield 3 * H
    support.answer_information(
        request_id=case.support.pk, text="Yes, since the 14th; the address is in the notes.", **case.by(case.f)
    )
    yield 2 * H
    support.open_case(
        circumstance="refused_release",
        shown_by="The refusal of the 13th and two questions of the freelancer without an answer.",
        amount=case.money(1300),
        **case.by_agent(),
    )
    yield 20 * H
    case.answer("out_of_scope", "The pages work, but the loyalty card was meant to be an app. " * 3, offers=500)


def carried_case(world: World, cast: Cast) -> Story:
    """P3 on a carried-over remainder, settled so that the client's share stays in escrow."""
    from disputes.negotiation import services as negotiation  # noqa: PLC0415

    case = Asked(
        world,
        cast,
        freelancer="ivana",
        client="greyline",
        title="Import of the old customer data",
        terms="Three sources, with a report of what could not be matched.",
        work=[("Sources 1 and 2", "With report.", 2000), ("Source 3", "With report.", 900)],
    )
    case.open()
    yield 4 * D
    case.submit("Both sources are in, 99.2 % matched. The report is attached.")
    case.say(case.f, "Please release the milestone; the third source can start tomorrow.")
    yield 1 * D
    milestones.release_part(
        milestone_id=case.milestone().pk,
        amount=case.money(1400),
        text="We pay the rest with source 3.",
        target_id=case.milestone(2).pk,
        **case.by(case.c),
    )
    yield 1 * D
    case.ask(600, reason="partial_release_carried_over")
    yield 4 * H
    support.take_up(**case.by_agent("marcus"))
    support.open_case(
        circumstance="partial_release_carried_over",
        shown_by="The partial release of 1,400 and the remainder of 600 carried over.",
        amount=case.money(600),
        **case.by_agent("marcus"),
    )
    yield 1 * D
    case.answer("partly_delivered", "Source 2 has gaps that show up only with source 3. " * 3, offers=300)
    yield 5 * H
    mine = case.money(400)
    negotiation.make_offer(
        dispute_id=case.dispute.pk,
        to_freelancer=mine,
        to_client=case.dispute.money - mine,
        disposition="return_to_escrow",
        note="The rest stays in escrow for source 3.",
        consent_version=current_version(ConsentKind.OFFER),
        **case.by(case.c),
    )
    yield 3 * H
    case.accept_offer(case.f)


def declined(world: World, cast: Cast) -> Story:
    """P4, and the freelancer asks a supervisor to look again (P6)."""
    case = _refused(world, cast, "karim", "northwind", "Price list in three languages", 540)
    yield 1 * D
    case.ask(540)
    yield 6 * H
    support.take_up(**case.by_agent("marcus"))
    support.decline(
        reason="still_talking",
        text="The client wrote yesterday and asks for a call. Please try that first.",
        **case.by_agent("marcus"),
    )
    yield 1 * D
    support.ask_review(
        request_id=case.support.pk, text="The call was yesterday; the client says no again.", **case.by(case.f)
    )


def upheld(world: World, cast: Cast) -> Story:
    """P6: the supervisor agrees with the decline."""
    case = _refused(world, cast, "amara", "tallis", "Interview cut", 760)
    yield 1 * D
    case.ask(760)
    yield 6 * H
    support.decline(reason="other", text="The link to the work does not open.", **case.by_agent())
    yield 1 * D
    support.ask_review(request_id=case.support.pk, text="The link works for me.", **case.by(case.f))
    yield 1 * D
    support.uphold(
        request_id=case.support.pk,
        text="It opens only with your own account. Share it and ask again.",
        **case.by(cast.actor("dev")),
    )


def withdrawn(world: World, cast: Cast) -> Story:
    """P5."""
    case = _refused(world, cast, "linnea", "greyline", "Chart colours", 300)
    yield 1 * D
    case.ask(300)
    yield 5 * H
    support.withdraw_support(request_id=case.support.pk, **case.by(case.f))


def moot(world: World, cast: Cast) -> Story:
    """P5: the client released the money meanwhile."""
    case = _refused(world, cast, "ivana", "halden", "Light plan", 620)
    yield 1 * D
    case.ask(620)
    yield 8 * H
    case.approve()


def lapsed(world: World, cast: Cast) -> Story:
    """P2: no answer to the agent's question in five business days."""
    case = _refused(world, cast, "harrow", "ember", "Poster for the tasting", 410)
    yield 1 * D
    case.ask(410)
    yield 4 * H
    support.ask_information(text="Which version of the poster is the last one?", **case.by_agent())


def tell(world: World, cast: Cast) -> None:
    """Put these stories on the timeline."""
    for story, ago in (
        (submitted, 1.3 * D),
        (in_review, 1.6 * D),
        (needs_info, 2.5 * D),
        (case_opened, 4 * D),
        (carried_case, 14 * D),
        (declined, 4 * D),
        (upheld, 11 * D),
        (withdrawn, 8 * D),
        (moot, 10 * D),
        (lapsed, 16 * D),
    ):
        world.tell(story, ago=ago, cast=cast)
