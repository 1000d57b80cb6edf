"""Disputes after the Notice of Non-Resolution."""

from __future__ import annotations

from datetime import timedelta

from arbitration.services import election
from config.demo.dispute import Disputed
from config.demo.people import Cast
from config.demo.scheduler import Story, World
from config.demo.stories_mediation import ANSWER, filed, recommend

H = timedelta(hours=1)
D = timedelta(days=1)


def _noticed(world: World, cast: Cast, freelancer: str, client: str, title: str, price: float) -> Disputed:
    """Filed, answered, and both have declared that they cannot agree (D18): the notice is out."""
    case = filed(world, cast, freelancer, client, title, price)
    case.take_up()
    case.answer("below_criteria", ANSWER, offers=price / 4)
    case.impasse()
    return case


def rejected(world: World, cast: Cast) -> Story:
    """D16: one side rejected the recommendation; nobody has chosen yet."""
    case = filed(world, cast, "rafael", "halden", "Interactive floor plan", 2700, currency="GBP")
    yield 4 * H
    case.take_up()
    yield 2 * D
    case.answer("below_criteria", ANSWER, offers=700)
    yield 2 * D
    recommend(case, 1800)
    yield 20 * H
    case.reply_recommendation(case.c, accept=False)


def lapsed(world: World, cast: Cast) -> Story:
    """D16 by silence; then nobody pays (N5)."""
    case = filed(world, cast, "linnea", "tallis", "Poster for the trade fair", 620)
    yield 4 * H
    case.take_up()
    yield 2 * D
    case.answer("late", ANSWER)
    yield 1 * D
    recommend(case, 400)


def period_over(world: World, cast: Cast) -> Story:
    """D17: 21 days without agreement; one side has declined since, the other has chosen and not paid."""
    case = filed(world, cast, "harrow", "ember", "Menu and price list", 1850)
    yield 4 * H
    case.take_up()
    yield 2 * D
    case.answer("partly_delivered", ANSWER, offers=800)
    yield 1 * D
    case.write(case.f, "I have read the answer. The price list follows the numbers that we were given.")
    yield 19 * D
    case.elect(case.f)


def one_paid(world: World, cast: Cast) -> Story:
    """One side has paid, the other has until the end of the week."""
    case = _noticed(world, cast, "ivana", "greyline", "Data pipeline migration", 12750)
    yield 1 * D
    case.elect(case.f)
    yield 2 * H
    case.pay_fee(case.f)
    yield 5 * H
    case.elect(case.c)


def one_paid_default(world: World, cast: Cast) -> Story:
    """N6: one side paid, the other declined."""
    case = _noticed(world, cast, "karim", "halden", "Bilingual signage", 1600)
    yield 1 * D
    case.elect(case.f)
    case.pay_fee(case.f)
    yield 2 * D
    election.decline(dispute_id=case.dispute.pk, **case.by(case.c))


def filing(world: World, cast: Cast) -> Story:
    """A1: both paid; the case is being filed with the provider."""
    case = _noticed(world, cast, "amara", "greyline", "Launch film", 4050)
    yield 1 * D
    case.arbitrate()


def submitted(world: World, cast: Cast) -> Story:
    """Filed and confirmed."""
    case = _noticed(world, cast, "linnea", "halden", "Exhibition catalogue", 3600)
    yield 1 * D
    case.arbitrate()
    yield 6 * H
    case.filed_with_provider("BR-2026-1187")


def in_progress(world: World, cast: Cast) -> Story:
    """The arbitrator is at work."""
    case = _noticed(world, cast, "rafael", "tallis", "Configurator for the robot arm", 5400)
    yield 1 * D
    case.arbitrate()
    yield 6 * H
    case.filed_with_provider("BR-2026-1163")
    yield 3 * D
    case.progress("response")
    yield 3 * D
    case.progress("questions")


def executed(world: World, cast: Cast) -> Story:
    """A5, A6: an award, carried out."""
    case = _noticed(world, cast, "harrow", "northwind", "Catalogue layout, 96 pages", 3900)
    yield 1 * D
    case.arbitrate()
    yield 5 * H
    case.filed_with_provider("BR-2026-1098")
    yield 6 * D
    case.progress("response")
    yield 12 * D
    case.awarded(
        2600,
        "Two thirds of the pages were delivered in the agreed form; the rest had to be set again by the client.",
        "Harriet Lowe",
    )


def settled_in_arbitration(world: World, cast: Cast) -> Story:
    """A4: agreed while the arbitrator was at work."""
    case = _noticed(world, cast, "ivana", "pinecrest", "Interactive index", 2100)
    yield 1 * D
    case.arbitrate()
    yield 5 * H
    case.filed_with_provider("BR-2026-1120")
    yield 4 * D
    case.make_offer(case.c, 1300)
    yield 1 * D
    case.accept_offer(case.f)


def provider_rejected(world: World, cast: Cast) -> Story:
    """A2: the provider rejected the case once; both have a fresh week."""
    case = _noticed(world, cast, "karim", "ember", "Roastery tour, virtual", 1900)
    yield 1 * D
    case.arbitrate()
    yield 8 * H
    case.rejected_by_provider("The contract names another seat of arbitration than the rules allow.")


def tell(world: World, cast: Cast) -> None:
    """Put these stories on the timeline."""
    for story, ago in (
        (rejected, 7 * D),
        (lapsed, 20 * D),
        (period_over, 23 * D),
        (one_paid, 3 * D),
        (one_paid_default, 12 * D),
        (filing, 1.1 * D),
        (submitted, 4 * D),
        (in_progress, 12 * D),
        (executed, 34 * D),
        (settled_in_arbitration, 18 * D),
        (provider_rejected, 4 * D),
    ):
        world.tell(story, ago=ago, cast=cast)
