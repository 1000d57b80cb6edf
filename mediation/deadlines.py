"""What the timers of mediation do when they are reached: kind → handler → what happens if nobody acts."""

from __future__ import annotations

from typing import Final

from core.deadlines import Handler
from mediation import clocks
from mediation.services import answering, assignment, contact, objection, period, recommendation, unresponsive

# Each handler locks the case, asks again whether it still applies, and claims the row.
HANDLERS: Final[dict[str, tuple[Handler, str]]] = {
    clocks.MEDIATION_END: (
        period.end_period,
        (
            "Mediation ends without a result: the money stays held and both sides get the Notice of Non-Resolution."
            " If one side never reacted, the amount goes to the other side."
        ),
    ),
    clocks.CLIENT_ANSWER: (
        contact.client_answer_over,
        (
            "The client’s time to answer is over. If the client does not react to contact attempts either, the full"
            " amount goes to the freelancer."
        ),
    ),
    clocks.ASSIGN_ALERT: (assignment.assign_alert, "Supervisors are told that nobody is assigned."),
    clocks.REPLY_ALERT: (assignment.reply_alert, "Supervisors are told that the specialist has not written."),
    clocks.AUTO_ATTEMPT_1: (contact.auto_attempt, "The system writes to the side that has not reacted."),
    clocks.AUTO_ATTEMPT_2: (contact.auto_attempt, "The system writes to the side that has not reacted again."),
    clocks.UNRESPONSIVE_READY: (
        unresponsive.ready,
        "The specialist is told that the case can be closed because one side does not react.",
    ),
    clocks.OBJECTION_ALERT: (objection.objection_alert, "Supervisors are told that an objection waits."),
    clocks.RELEASE_ALERT: (recommendation.release_alert, "Supervisors are told that a recommendation waits."),
    clocks.RECOMMENDATION_ANSWER: (
        answering.lapse,
        "Silence counts as a rejection: the money stays held and both sides get the Notice of Non-Resolution.",
    ),
}
