"""Contracts that never come to a dispute: every state of a contract, a milestone and a refund request."""

from __future__ import annotations

from datetime import timedelta

from config.demo.case import Case
from config.demo.people import Cast
from config.demo.scheduler import Story, World
from contracts.services import agreement, milestones, refunds

H = timedelta(hours=1)
D = timedelta(days=1)


def draft_contract(world: World, cast: Cast) -> Story:
    """A draft that the freelancer has not accepted yet."""
    Case(
        world,
        cast,
        freelancer="amara",
        client="ember",
        title="Brand film, 60 seconds",
        terms="One film of 60 seconds for the new roastery, two rounds of changes, delivered as ProRes and MP4.",
        work=[("Script and storyboard", "Shot list with sketches.", 600), ("Shoot and edit", "One day.", 2400)],
    )
    yield from ()


def proposed(world: World, cast: Cast) -> Story:
    """Accepted, not funded yet."""
    case = Case(
        world,
        cast,
        freelancer="linnea",
        client="greyline",
        title="Onboarding screens for the mobile app",
        terms="Six screens in Figma with all states, handed over with a component list.",
        work=[("Flows and wireframes", "Three flows.", 900), ("Final screens", "Six screens.", 1500)],
    )
    yield 5 * H
    case.accept()


def funding(world: World, cast: Cast) -> Story:
    """The client's payment is on its way."""
    case = Case(
        world,
        cast,
        freelancer="ivana",
        client="tallis",
        title="Firmware bring-up, phase 2",
        terms="Drivers for the second sensor board, with a test report.",
        work=[("Driver and tests", "I2C driver with unit tests.", 3200)],
    )
    yield 3 * H
    case.accept()
    yield 20 * H
    case.pay()


def funded(world: World, cast: Cast) -> Story:
    """Money in escrow, work under way."""
    case = Case(
        world,
        cast,
        freelancer="karim",
        client="halden",
        title="Arabic version of the exhibition site",
        terms="Right-to-left layout of eleven pages, translated texts are provided.",
        work=[("Layout", "Eleven templates.", 1250), ("Launch support", "Two weeks.", 400)],
        currency="GBP",
    )
    yield 6 * H
    case.open()
    yield 2 * D
    case.say(case.f, "The first four templates are on staging. I will write again on Thursday.")


def submitted(world: World, cast: Cast) -> Story:
    """Work handed in, the review clock runs."""
    case = Case(
        world,
        cast,
        freelancer="rafael",
        client="greyline",
        title="Landing page and CMS templates",
        terms="One landing page and four CMS templates, responsive, measured with Lighthouse.",
        work=[("Landing page", "Design is provided.", 800), ("CMS templates", "Four templates.", 1400)],
    )
    yield 4 * H
    case.open()
    yield 5 * D
    case.submit("The landing page is live on staging, with the Lighthouse report.", link="https://staging.example/lp")
    yield 10 * H
    case.say(case.c, "Thank you, I will look at it with the team on Monday.")


def changes(world: World, cast: Cast) -> Story:
    """The client asked for changes."""
    case = Case(
        world,
        cast,
        freelancer="harrow",
        client="pinecrest",
        title="Illustration set, 24 icons",
        terms="24 icons in two weights, as SVG, in the style of the attached sheet.",
        work=[("First twelve", "Icons 1 to 12.", 480), ("Second twelve", "Icons 13 to 24.", 480)],
        currency="EUR",
    )
    yield 3 * H
    case.open()
    yield 4 * D
    case.submit("Icons 1 to 12 in both weights.", link="https://files.example/icons-1-12")
    yield 2 * D
    case.ask_changes("Icons 3, 7 and 8 are heavier than the rest. Please bring them in line.")


def refused(world: World, cast: Cast) -> Story:
    """The client says no: the freelancer may contact customer support."""
    case = Case(
        world,
        cast,
        freelancer="karim",
        client="ember",
        title="Online shop for coffee subscriptions",
        terms="Shop with subscriptions, payments by the client's own provider.",
        work=[("Shop", "Catalogue, basket, subscription.", 2200)],
    )
    yield 3 * H
    case.open()
    yield 9 * D
    case.submit("The shop is complete on staging. Test card and logins are in the notes.", link="https://shop.example")
    yield 2 * D
    case.say(case.c, "Our own developer will finish this. We do not need your version.")
    yield 1 * D
    case.refuse("We went on with our own developer and will not pay for this version.")
    yield 6 * H
    case.say(case.f, "The shop does all that the contract lists. Which point is missing? I can fix it this week.")


def paid(world: World, cast: Cast) -> Story:
    """Released in full; the security hold has passed and something was withdrawn."""
    from contracts.services.payments import withdraw_earnings  # noqa: PLC0415

    case = Case(
        world,
        cast,
        freelancer="linnea",
        client="northwind",
        title="Logo refresh, final files",
        terms="The approved sketch as vector files with a one-page guide.",
        work=[("Final files", "SVG, PDF, guide.", 450)],
    )
    yield 5 * H
    case.open()
    yield 3 * D
    case.submit("All files and the guide.", link="https://files.example/logo")
    yield 1 * D
    case.approve()
    case.say(case.c, "Beautiful work, thank you.")
    yield 6 * D
    withdraw_earnings(contract_id=case.contract.pk, amount=case.money(200), **case.by(case.f))


def released_by_time(world: World, cast: Cast) -> Story:
    """The client did not review in 14 days: released by the clock (C6)."""
    case = Case(
        world,
        cast,
        freelancer="ivana",
        client="pinecrest",
        title="Audio chapters for the summer catalogue",
        terms="Twelve chapter files, levelled and tagged.",
        work=[("Twelve chapters", "MP3 and WAV.", 360)],
        currency="EUR",
    )
    yield 4 * H
    case.open()
    yield 4 * D
    case.submit("All twelve chapters are in the folder.", link="https://files.example/chapters")


def carried_over(world: World, cast: Cast) -> Story:
    """A part released, the rest carried over to the next milestone."""
    case = Case(
        world,
        cast,
        freelancer="amara",
        client="halden",
        title="Exhibition trailer and teasers",
        terms="One trailer, three teasers.",
        work=[("Trailer", "90 seconds.", 1600), ("Teasers", "Three of 15 seconds.", 900)],
        currency="GBP",
    )
    yield 3 * H
    case.open()
    yield 6 * D
    case.submit("The trailer, graded and mixed.", link="https://files.example/trailer")
    yield 2 * D
    milestones.release_part(
        milestone_id=case.milestone().pk,
        amount=case.money(1000),
        text="The mix needs another pass. We will pay the rest with the teasers.",
        target_id=case.milestone(2).pk,
        **case.by(case.c),
    )
    yield 5 * H
    case.say(case.f, "The mix was approved in the call on Tuesday. Please release the rest of the trailer.")


def given_back(world: World, cast: Cast) -> Story:
    """The freelancer ended the contract and returned the escrow."""
    case = Case(
        world,
        cast,
        freelancer="linnea",
        client="ember",
        title="Packaging for the winter blend",
        terms="Two bag sizes and a label.",
        work=[("Bags and label", "Print files.", 700)],
    )
    yield 3 * H
    case.open()
    yield 3 * D
    case.say(case.f, "I have to stop for family reasons. I am returning the money so that you can find someone else.")
    agreement.end_contract_by_freelancer(contract_id=case.contract.pk, **case.by(case.f))


def ended_and_paid(world: World, cast: Cast) -> Story:
    """The client ended the contract and paid all of it: no refund request."""
    case = Case(
        world,
        cast,
        freelancer="rafael",
        client="tallis",
        title="Documentation site for the robot arm",
        terms="A static site with search.",
        work=[("Site", "Build and publish.", 950)],
    )
    yield 3 * H
    case.open()
    yield 6 * D
    case.submit("The site is published.", link="https://docs.example")
    yield 1 * D
    case.end(pay=950)


def _asked_back(
    world: World, cast: Cast, freelancer: str, client: str, title: str, price: float, reason: str, pay: float = 0
) -> Case:
    case = Case(
        world,
        cast,
        freelancer=freelancer,
        client=client,
        title=title,
        terms="As agreed in the messages.",
        work=[(title, "", price)],
    )
    case.open()
    case.say(case.f, "I have started and will send a first version in a few days.")
    case.submit("First version, complete but for the last texts.", link="https://staging.example/first")
    case.end(pay=pay, reason=reason)
    return case


def refund_open(world: World, cast: Cast) -> Story:
    """Open for two days: the freelancer has five left. The first case a visitor sees."""
    case = Case(
        world,
        cast,
        freelancer="rafael",
        client="northwind",
        title="Storefront redesign",
        terms="New storefront: home, category, product, checkout and account pages. Two rounds of changes a page.",
        work=[
            ("Home and category pages", "Two templates, responsive.", 1200),
            ("Product page", "One template, three variants.", 900),
            ("Checkout and account pages", "Seven templates, tested with the client's payment provider.", 1800),
        ],
    )
    yield 4 * H
    case.open(1)
    yield 6 * D
    case.submit("Home and category pages are on staging.", link="https://staging.example/home", number=1)
    yield 2 * D
    case.approve(1)
    yield 1 * D
    case.fund(2)
    yield 5 * D
    case.submit("The product page with its three variants.", link="https://staging.example/product", number=2)
    yield 1 * D
    case.approve(2)
    case.say(case.c, "The product page is lovely. On to the checkout.")
    yield 1 * D
    case.fund(3)
    yield 8 * D
    case.submit(
        "Checkout and account pages. Eleven of the twelve checks pass; the rounding of tax is in your provider.",
        link="https://staging.example/checkout",
        number=3,
    )
    yield 2 * D
    case.say(case.c, "We are stopping the redesign. The board wants to wait until spring.")
    yield 10 * H
    case.say(case.f, "The pages are finished and on staging. Please release the milestone before you close this.")
    yield 14 * H
    case.end(reason="The project has been stopped. The checkout is not in use.")


def refund_proposal(world: World, cast: Cast) -> Story:
    """Open, with proposals: one replaced, one declined, one waiting."""
    case = _asked_back(
        world, cast, "linnea", "greyline", "Dashboard charts", 1300, "The charts do not match our brand."
    )
    yield 20 * H
    refunds.propose_split(request_id=case.request.pk, keep=case.money(1100), note="", **case.by(case.f))
    yield 5 * H
    refunds.propose_split(
        request_id=case.request.pk,
        keep=case.money(950),
        note="All charts work; only the colours differ from the brand guide, which came after the work began.",
        **case.by(case.f),
    )
    yield 20 * H
    refunds.decline_split(request_id=case.request.pk, **case.by(case.c))
    yield 12 * H
    refunds.propose_split(
        request_id=case.request.pk,
        keep=case.money(780),
        note="A last proposal: I keep the data part, you get the design part back.",
        **case.by(case.f),
    )


def refund_reduced(world: World, cast: Cast) -> Story:
    """The client paid more while the request was open; a proposal became void by it."""
    case = _asked_back(world, cast, "harrow", "halden", "Poster series", 1500, "Two of five posters are usable.")
    yield 1 * D
    refunds.propose_split(request_id=case.request.pk, keep=case.money(1200), note="", **case.by(case.f))
    yield 1 * D
    refunds.pay_more(request_id=case.request.pk, amount=case.money(600), **case.by(case.c))


def refund_accepted(world: World, cast: Cast) -> Story:
    """R2."""
    case = _asked_back(world, cast, "karim", "greyline", "Theme speed fixes", 420, "The site is not faster.", pay=100)
    yield 3 * D
    case.accept_refund()


def refund_expired(world: World, cast: Cast) -> Story:
    """R4: seven days of silence."""
    _asked_back(world, cast, "ivana", "ember", "Menu board animation", 380, "We bought a ready-made one.")
    yield from ()


def refund_withdrawn(world: World, cast: Cast) -> Story:
    """R5: the client paid everything after all."""
    case = _asked_back(world, cast, "amara", "pinecrest", "Author portraits", 640, "The portraits came late.")
    yield 2 * D
    case.say(case.f, "They came two days after the date that we moved together, see the message of the 3rd.")
    yield 1 * D
    refunds.withdraw_refund_request(request_id=case.request.pk, **case.by(case.c))


def refund_split(world: World, cast: Cast) -> Story:
    """R8: the proposal was accepted."""
    case = _asked_back(world, cast, "rafael", "ember", "Table reservation widget", 560, "It works on phones only.")
    yield 1 * D
    refunds.propose_split(request_id=case.request.pk, keep=case.money(350), note="", **case.by(case.f))
    yield 1 * D
    refunds.accept_split(request_id=case.request.pk, **case.by(case.c))


def tell(world: World, cast: Cast) -> None:
    """Put these stories on the timeline."""
    for story, ago in (
        (draft_contract, 1 * D),
        (proposed, 2 * D),
        (funding, 1.2 * D),
        (funded, 5 * D),
        (submitted, 8 * D),
        (changes, 8 * D),
        (refused, 16 * D),
        (paid, 15 * D),
        (released_by_time, 24 * D),
        (carried_over, 12 * D),
        (given_back, 30 * D),
        (ended_and_paid, 21 * D),
        (refund_open, 31 * D),
        (refund_proposal, 4 * D),
        (refund_reduced, 3 * D),
        (refund_accepted, 18 * D),
        (refund_expired, 20 * D),
        (refund_withdrawn, 22 * D),
        (refund_split, 25 * D),
    ):
        world.tell(story, ago=ago, cast=cast)
