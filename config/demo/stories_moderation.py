"""Messages that are reported, hidden or left, and texts that are removed or kept (M1–M6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from config.demo.case import Case
from config.demo.people import Cast
from config.demo.scheduler import Story, World
from contracts.models import Message
from core.permissions import Actor
from disputes.moderation import services as moderation

H = timedelta(hours=1)
D = timedelta(days=1)


class Heated(Case):
    """A contract on which the tone has slipped, or something was sent that should not be here."""

    def wrote(self, actor: Actor, text: str) -> Message:
        """Write a message and return it."""
        self.say(actor, text)
        found: Message = self.contract.messages.filter(sender_id=actor.user_id).latest("sent_at")
        return found

    def report(self, actor: Actor, message: Message, reason: str = "abuse") -> Any:
        """M1."""
        return moderation.report_message(kind="message", pk=message.pk, reason=reason, **self.by(actor))

    def ask_removal(self, message: Message, why: str) -> Any:
        """M4, by support."""
        agent = self.cast.actor("priya")
        return moderation.ask_redaction(kind="message", pk=message.pk, reason="others_data", why=why, **self.by(agent))


def _working(world: World, cast: Cast, freelancer: str, client: str, title: str) -> Heated:
    case = Heated(
        world,
        cast,
        freelancer=freelancer,
        client=client,
        title=title,
        terms="As agreed in the messages.",
        work=[(title, "As agreed in the messages.", 480)],
    )
    case.open()
    return case


def reports(world: World, cast: Cast) -> Story:
    """M1, M2, M3: one message hidden, one left, one report that waits."""
    case = _working(world, cast, "karim", "ember", "Menu boards, second set")
    yield 5 * H
    rude = case.wrote(case.c, "Are you always this slow, or only when you are paid in advance?")
    yield 1 * H
    report = case.report(case.f, rude)
    yield 3 * H
    moderation.hide_message(report_id=report.pk, reason="abuse", text="", **case.by(cast.actor("marcus")))
    yield 4 * H
    blunt = case.wrote(case.f, "The second board has three spelling mistakes that came with your text.")
    yield 1 * H
    report = case.report(case.c, blunt)
    yield 5 * H
    moderation.dismiss_report(
        report_id=report.pk, text="It is about the work and insults nobody.", **case.by(cast.actor("priya"))
    )
    yield 8 * H
    again = case.wrote(case.c, "Fine. Then correct them and stop teaching me how to write.")
    yield 1 * H
    case.report(case.f, again)


def removals(world: World, cast: Cast) -> Story:
    """M4, M5, M6: one text removed for good, one kept, one request that waits for a second person."""
    case = _working(world, cast, "ivana", "tallis", "Gripper drawings, revision B")
    yield 3 * H
    first = case.wrote(case.c, "Our tester is on leave; you can reach the substitute at home: 02-555-0147, Mapo-gu.")
    yield 2 * H
    asked = case.ask_removal(first, "It holds the private address of somebody who is no party.")
    yield 6 * H
    moderation.approve_redaction(redaction_id=asked.pk, **case.by(cast.actor("dev")))
    yield 4 * H
    second = case.wrote(case.c, "The drawings go to our workshop in Seoul, as last time.")
    yield 2 * H
    asked = case.ask_removal(second, "It names the place where somebody works.")
    yield 6 * H
    moderation.refuse_redaction(
        redaction_id=asked.pk, text="A company's workshop is no private data.", **case.by(cast.actor("dev"))
    )
    yield 9 * H
    third = case.wrote(case.f, "The supplier's clerk gave me this: passport copy number M1234567, in case you need it.")
    yield 1 * H
    case.ask_removal(third, "It holds the passport number of somebody who is no party.")


def tell(world: World, cast: Cast) -> None:
    """Put these stories on the timeline."""
    world.tell(reports, ago=2 * D, cast=cast)
    world.tell(removals, ago=2 * D, cast=cast)
