"""Disputes that are in mediation, or ended there."""

from __future__ import annotations

from datetime import timedelta

from config.demo.dispute import Disputed
from config.demo.people import Cast
from config.demo.scheduler import Story, World
from disputes.enums import ConsentKind
from disputes.negotiation import bids
from disputes.negotiation import services as negotiation
from disputes.services.texts import current_version
from mediation.models import Objection
from mediation.services import assignment, contact, objection

H = timedelta(hours=1)
D = timedelta(days=1)

CLAIM = (
    "The contract lists the pages and the checks they have to pass. I delivered all of them on the agreed day and wrote"
    " down how each check was run. The client used the work on staging for two days and then ended the contract for a"
    " reason that has nothing to do with it. Nothing that was asked for is missing."
)
ANSWER = (
    "Two of the points that were agreed do not work for us. We wrote about them in the messages and got no new version"
    " before our own date. We are willing to pay for the part that we can use."
)


def begin(
    world: World, cast: Cast, freelancer: str, client: str, title: str, price: float, *, currency: str = "USD"
) -> Disputed:
    """A contract whose work was handed in and which the client ended without paying."""
    case = Disputed(
        world,
        cast,
        freelancer=freelancer,
        client=client,
        title=title,
        terms="As described in the brief attached to the messages; two rounds of changes.",
        work=[(title, "Everything the brief lists.", price)],
        currency=currency,
    )
    case.open()
    case.say(case.c, "Welcome. The brief is in the shared folder. Write here if anything is unclear.")
    case.submit("Everything the brief lists, with notes on each point.", link="https://staging.example/work")
    case.say(case.c, "We have looked at it and do not want to go on.")
    case.end(reason="We cannot use the work.")
    return case


def filed(
    world: World, cast: Cast, freelancer: str, client: str, title: str, price: float, *, currency: str = "USD"
) -> Disputed:
    """The same, with the dispute filed."""
    case = begin(world, cast, freelancer, client, title, price, currency=currency)
    case.file(
        "quality_disputed",
        CLAIM,
        papers=(
            ("checks-passed.txt", "All twelve checks of the brief, with date and result.", "Each check and its result"),
            ("chat-about-the-brief.txt", "Copy of the messages of the first week.", "What was agreed at the start"),
        ),
    )
    return case


def draft(world: World, cast: Cast) -> Story:
    """A wizard begun and not finished: the clock runs on."""
    case = begin(world, cast, "amara", "northwind", "Product photographs, spring", 1100)
    yield 1 * D
    case.draft("scope_changed", "The client asked for forty more pictures after the shoot and")


def abandoned(world: World, cast: Cast) -> Story:
    """A wizard begun, then the refund was approved after all."""
    case = begin(world, cast, "ivana", "halden", "Room plan in three dimensions", 520, currency="GBP")
    yield 1 * D
    case.draft("other", "I first thought of disputing this.")
    yield 1 * D
    case.accept_refund()


def unassigned(world: World, cast: Cast) -> Story:
    """Filed; the specialist had a conflict and the case waits for another."""
    case = filed(world, cast, "karim", "pinecrest", "Translation, chapters 4 to 9", 1140, currency="EUR")
    yield 2 * H
    assignment.unassign(dispute_id=case.dispute.pk, reason="Reads the same manuscript.", **case.by(cast.actor("dev")))


def assigned(world: World, cast: Cast) -> Story:
    """Assigned, not taken up yet."""
    filed(world, cast, "linnea", "halden", "Brand film edit, milestone 2", 950, currency="GBP")
    yield from ()


def active(world: World, cast: Cast) -> Story:
    """The case a visitor opens first: offers, evidence, private words, eight days left."""
    case = Disputed(
        world,
        cast,
        freelancer="rafael",
        client="northwind",
        title="Checkout and account pages",
        terms="Checkout and account pages after the approved design: seven templates and twelve acceptance checks.",
        work=[("Checkout and account pages", "Seven templates, twelve checks.", 1800)],
    )
    case.open()
    yield 9 * D
    case.submit(
        "All seven templates are on staging. Eleven of the twelve checks pass; the last one waits for your tax table.",
        link="https://staging.example/checkout",
    )
    yield 1 * D
    case.say(case.c, "We stop here. We went live with a ready-made checkout.")
    case.end(reason="We use a ready-made checkout now. The order history page is not what we wanted.")
    yield 2 * D
    case.file(
        "quality_disputed",
        CLAIM,
        papers=(
            ("acceptance-checks.txt", "Twelve checks, eleven ticked by Ellen Marsh on 28 October.", "11 of 12 ticked"),
            ("chat-tax-table.txt", "Three requests for the tax table, no reply.", "Why check 12 waits"),
        ),
    )
    yield 20 * H
    case.take_up()
    yield 1 * D
    case.answer("partly_delivered", ANSWER, offers=600)
    case.show(case.c, "order-history.txt", "Screens of the order history page.", "The order history page as delivered")
    yield 2 * D
    case.write(
        case.specialist,
        "Good morning both. I have read the claim, the answer and all exhibits. What would it take to close this?",
    )
    case.request_evidence("Please add the list of checks in the version that both of you agreed on.")
    yield 1 * D
    case.write(case.f, "The list in E-1 is the one that Ellen ticked. I can fix the rounding within a day.")
    yield 1 * D
    case.make_offer(case.f, 1500, "I fix the rounding within a day of the tax table.")
    yield 1 * D
    case.write(
        case.specialist,
        "Good morning Rafael. What worries Northwind is the order history page. Could you put a price on it?",
        audience="freelancer",
        purpose="dates and the order history page",
    )
    case.note("Close to each other. Ask Ellen for the tax table again.")
    yield 1 * D
    case.make_offer(
        case.c, 1150, "We can go to 1,150 if the order history page stays out. We would still like the rounding fixed."
    )


def quiet(world: World, cast: Cast) -> Story:
    """Nobody hears from the client; the system's and the specialist's attempts are on the record."""
    case = filed(world, cast, "harrow", "greyline", "Search pages and content plan", 1500)
    yield 1 * D
    case.take_up()
    yield 1 * D
    case.attempt("client", "Called the number on the account, left a message with the case number.")


def objections(world: World, cast: Cast) -> Story:
    """An objection waits for the supervisor."""
    case = filed(world, cast, "ivana", "tallis", "Firmware bring-up, phase 1", 8900)
    yield 3 * H
    case.take_up()
    yield 4 * H
    case.object(case.c, "The specialist wrote an article about our main competitor last year.")


def objection_upheld(world: World, cast: Cast) -> Story:
    """One objection upheld, one dismissed, one overtaken by a settlement."""
    case = filed(world, cast, "amara", "greyline", "Podcast edit, season 2", 760)
    yield 2 * H
    case.take_up()
    yield 5 * H
    case.object(case.f, "We worked on the same programme two years ago.")
    yield 8 * H
    objection.decide_objection(
        objection_id=Objection.objects.get(case__dispute=case.dispute, side="freelancer").pk,
        upheld=True,
        text="Right: a shared employer. Another specialist takes over; all dates stay.",
        **case.by(cast.actor("dev")),
    )
    yield 4 * H
    case.object(case.c, "We would like somebody from our own time zone.")
    yield 6 * H
    objection.decide_objection(
        objection_id=Objection.objects.get(case__dispute=case.dispute, side="client").pk,
        upheld=False,
        text="A time zone is no conflict. The specialist stays.",
        **case.by(cast.actor("dev")),
    )
    case.take_up()
    yield 4 * H
    case.draft_recommendation(480, *REASONS)


def objection_void(world: World, cast: Cast) -> Story:
    """An objection overtaken by the client's acceptance of the claim (D3)."""
    case = filed(world, cast, "karim", "tallis", "Cable plan", 300)
    yield 3 * H
    case.object(case.f, "I would prefer somebody who knows electrical drawings.")
    yield 4 * H
    case.accept_claim()


def recommended(world: World, cast: Cast) -> Story:
    """A recommendation waits for both answers; one has come and stays secret."""
    case = filed(world, cast, "linnea", "ember", "Packaging refresh", 1440)
    yield 3 * H
    case.take_up()
    yield 2 * D
    case.answer("below_criteria", ANSWER, offers=400)
    yield 2 * D
    case.make_offer(case.f, 1200)
    yield 1 * D
    negotiation.reject_offer(offer_id=case.offer.pk, **case.by(case.c))
    yield 1 * D
    case.make_offer(case.c, 700)
    _bid(case, case.f, 1000)
    yield 2 * H
    recommend(case, 960)
    yield 8 * H
    case.reply_recommendation(case.f, accept=True)


_WHY = (
    "The brief lists twelve points. E-1 shows that ten of them were delivered and checked before the contract was"
    " ended; the client's messages in E-2 confirm that the first six were in use. Two points were still open when"
    " the contract ended, and the client had not been given the chance to have them finished within the second"
    " round of changes that the contract allows. The share follows the work that could be used: ten of twelve"
    " points, less the time that the client needed to adapt the files. Neither side acted in bad faith."
)
REASONS = (
    _WHY,
    "The work was on time, and the checks in E-1 are dated before the end of the contract.",
    "Two points were open, and the files had to be adapted; the amount takes both into account.",
    "Both wrote on the last day that they cannot move any further.",
)


def recommend(case: Disputed, to_freelancer: float) -> None:
    """Issue a recommendation with these reasons."""
    case.recommend(to_freelancer, *REASONS)


def reissued(world: World, cast: Cast) -> Story:
    """D13: corrected once, while nobody had answered; the first one became void."""
    case = filed(world, cast, "amara", "ember", "Barista training film", 1700)
    yield 3 * H
    case.take_up()
    yield 2 * D
    case.answer("below_criteria", ANSWER, offers=600)
    yield 1 * D
    recommend(case, 1200)
    yield 3 * H
    recommend(case, 1100)


def accepted_by_both(world: World, cast: Cast) -> Story:
    """D15."""
    case = filed(world, cast, "harrow", "tallis", "Icon set for the control panel", 1320)
    yield 4 * H
    case.take_up()
    yield 3 * D
    case.answer("partly_delivered", ANSWER, offers=500)
    yield 3 * D
    recommend(case, 1000)
    yield 20 * H
    case.reply_recommendation(case.c, accept=True)
    yield 5 * H
    case.reply_recommendation(case.f, accept=True)


def settled(world: World, cast: Cast) -> Story:
    """D12 after a counter, a withdrawn and an expired offer."""
    case = filed(world, cast, "amara", "halden", "Sound design for the opening", 1250, currency="GBP")
    yield 3 * H
    case.take_up()
    yield 1 * D
    case.answer("late", ANSWER, offers=300)
    case.make_offer(case.c, 400)
    yield 4 * D
    case.make_offer(case.f, 1100)
    yield 2 * H
    negotiation.withdraw_offer(offer_id=case.offer.pk, **case.by(case.f))
    case.make_offer(case.f, 1000, "Typed too fast: I meant 1,000.")
    yield 1 * D
    case.make_offer(case.c, 820)
    yield 6 * H
    case.accept_offer(case.f)


def client_accepted(world: World, cast: Cast) -> Story:
    """D3."""
    case = filed(world, cast, "linnea", "pinecrest", "Endpapers and cover", 880, currency="EUR")
    yield 2 * D
    case.accept_claim()


def withdrawn(world: World, cast: Cast) -> Story:
    """D10."""
    case = filed(world, cast, "karim", "northwind", "Product texts, autumn", 340)
    yield 1 * D
    case.write(case.f, "I found the message in which we agreed on a stop. I withdraw the dispute.")
    case.withdraw()


def client_unresponsive(world: World, cast: Cast) -> Story:
    """D6: attempts, the answer time over, closed by the specialist."""
    from mediation.services.unresponsive import close_unresponsive  # noqa: PLC0415

    case = filed(world, cast, "rafael", "pinecrest", "Reading list plug-in", 990, currency="EUR")
    yield 1 * D
    case.take_up()
    case.attempt("client", "Called twice, no answer.")
    yield 5 * D
    case.attempt("client", "Wrote to the second address on the account.", channel="email")
    yield 5 * D
    close_unresponsive(dispute_id=case.dispute.pk, side="client", **case.by(case.specialist))


def freelancer_unresponsive(world: World, cast: Cast) -> Story:
    """D7: the freelancer fell silent after the client's answer."""
    from mediation.services.unresponsive import close_unresponsive  # noqa: PLC0415

    case = filed(world, cast, "ivana", "northwind", "Warehouse labels", 450)
    yield 1 * D
    case.take_up()
    yield 1 * D
    case.answer("not_delivered", ANSWER)
    yield 4 * H
    case.attempt("freelancer", "Called the number on the account, no answer.")
    yield 6 * D
    attempt = contact.log_attempt(
        dispute_id=case.dispute.pk,
        side="freelancer",
        channel="email",
        text="Wrote to the address on the account.",
        **case.by(case.specialist),
    )
    assert attempt.pk  # noqa: S101 - the record is what the guard counts
    yield 6 * D
    close_unresponsive(dispute_id=case.dispute.pk, side="freelancer", **case.by(case.specialist))


def bids_open(world: World, cast: Cast) -> Story:
    """Sealed amounts: one withdrawn, one replaced, one still sealed; the other side knows nothing."""
    case = filed(world, cast, "amara", "tallis", "Assembly film", 2600)
    yield 3 * H
    case.take_up()
    yield 1 * D
    case.answer("out_of_scope", ANSWER, offers=900)
    yield 3 * H
    _bid(case, case.f, 2300)
    yield 1 * H
    bids.withdraw_bid(dispute_id=case.dispute.pk, **case.by(case.f))
    yield 1 * H
    _bid(case, case.f, 2200)
    yield 1 * H
    _bid(case, case.f, 2000)


def bids_matched(world: World, cast: Cast) -> Story:
    """D19: the sealed amounts met at the midpoint."""
    case = filed(world, cast, "karim", "greyline", "Release notes, four issues", 1000)
    yield 3 * H
    case.take_up()
    yield 1 * D
    case.answer("late", ANSWER, offers=500)
    yield 2 * H
    _bid(case, case.f, 650)
    yield 2 * H
    _bid(case, case.c, 720)


def _bid(case: Disputed, actor: object, amount: float) -> None:
    bids.seal_bid(
        dispute_id=case.dispute.pk,
        amount=case.money(amount),
        consent_version=current_version(ConsentKind.BLIND_BID),
        **case.by(actor),  # type: ignore[arg-type]
    )


def tell(world: World, cast: Cast) -> None:
    """Put these stories on the timeline."""
    for story, ago in (
        (draft, 3 * D),
        (abandoned, 16 * D),
        (unassigned, 0.6 * D),
        (assigned, 0.4 * D),
        (active, 21.3 * D),
        (quiet, 6 * D),
        (objections, 0.9 * D),
        (objection_upheld, 2.4 * D),
        (objection_void, 9 * D),
        (recommended, 7.2 * D),
        (reissued, 4 * D),
        (accepted_by_both, 19 * D),
        (settled, 17 * D),
        (client_accepted, 21 * D),
        (withdrawn, 13 * D),
        (client_unresponsive, 33 * D),
        (freelancer_unresponsive, 36 * D),
        (bids_open, 1.6 * D),
        (bids_matched, 12 * D),
    ):
        world.tell(story, ago=ago, cast=cast)
