"""What helps to prove a claim or an answer, by its reason (rulebook section 14.5), and what is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from disputes.enums import ActiveReason, AnswerReason, EndedReason, EvidenceKind
from disputes.models import Dispute, Evidence
from disputes.panels import Viewer

Words = object  # a lazy text
AGREED = (EvidenceKind.AGREEMENT, _("What was agreed: the offer, the list of tasks, later changes in writing."))
WORK = (EvidenceKind.DELIVERABLE, _("The work itself as you delivered it: files, screens, links printed as PDF."))
WHEN = (EvidenceKind.MESSAGE, _("When it was delivered: the message, mail or upload with its date."))
SAID = (EvidenceKind.ACCEPTANCE, _("What was said about it: acceptance, praise, use of the work."))
RECEIVED = (EvidenceKind.DELIVERABLE, _("What you received, as it was when you received it."))

CLAIM: dict[str, tuple[tuple[EvidenceKind, Words], ...]] = {
    EndedReason.ACCEPTED_IN_MESSAGES: (
        (EvidenceKind.ACCEPTANCE, _("The messages or mails in which the work was accepted.")),
        WORK,
        AGREED,
    ),
    EndedReason.CLIENT_SILENT: (
        WORK,
        WHEN,
        (EvidenceKind.MESSAGE, _("Your later questions that got no reply, with their dates.")),
    ),
    EndedReason.QUALITY_DISPUTED: (
        AGREED,
        WORK,
        (EvidenceKind.ACCEPTANCE, _("How the work meets what was agreed, point by point; tests, reviews, screens.")),
    ),
    EndedReason.SCOPE_CHANGED: (
        (EvidenceKind.AGREEMENT, _("What was agreed at first.")),
        (EvidenceKind.MESSAGE, _("The messages that asked for more or for something else, with their dates.")),
        WORK,
    ),
    EndedReason.STOPPED_PARTWAY: (
        AGREED,
        (EvidenceKind.DELIVERABLE, _("The part that was done by the day the project was stopped.")),
        (EvidenceKind.INVOICE, _("How much of the whole that part is: hours, pages, invoices.")),
    ),
    EndedReason.OUTSIDE_MY_WORK: (
        WORK,
        SAID,
        (EvidenceKind.MESSAGE, _("The messages that give the other reason for the refund.")),
    ),
    EndedReason.OTHER: (AGREED, WORK, SAID),
    ActiveReason.REFUSED_RELEASE: (
        WORK,
        AGREED,
        (EvidenceKind.MESSAGE, _("The refusal, and what you answered to it.")),
    ),
    ActiveReason.PARTIAL_RELEASE: (
        AGREED,
        WORK,
        (EvidenceKind.MESSAGE, _("What was said about the part that was moved to a later milestone.")),
    ),
}
ANSWER: dict[str, tuple[tuple[EvidenceKind, Words], ...]] = {
    AnswerReason.NOT_DELIVERED: (
        AGREED,
        (EvidenceKind.MESSAGE, _("Your questions about the missing work, and the replies.")),
    ),
    AnswerReason.LATE: (
        (EvidenceKind.AGREEMENT, _("The day that was agreed, in writing.")),
        (EvidenceKind.MESSAGE, _("When the work came, and what the delay cost you.")),
    ),
    AnswerReason.OUT_OF_SCOPE: (AGREED, RECEIVED),
    AnswerReason.PARTLY_DELIVERED: (
        AGREED,
        (EvidenceKind.DELIVERABLE, _("What came and what is missing, item by item.")),
    ),
    AnswerReason.BELOW_CRITERIA: (
        AGREED,
        (EvidenceKind.DELIVERABLE, _("Each fault so that it can be seen: screens, test results, examples.")),
        (EvidenceKind.MESSAGE, _("When you reported the faults, and what was done about them.")),
    ),
    AnswerReason.ALREADY_PAID: (
        (EvidenceKind.INVOICE, _("The earlier payment: invoice and receipt.")),
        (EvidenceKind.AGREEMENT, _("That it was for the same work.")),
    ),
    AnswerReason.OTHER: (AGREED, RECEIVED),
}
# Before a client has answered, no reason is known.
UNANSWERED = (AGREED, RECEIVED, (EvidenceKind.MESSAGE, _("What you wrote about it, with dates.")))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of the list: what helps, and how many files of that kind this side has added."""

    text: str
    kind: str
    count: int


def checklist(dispute: Dispute, viewer: Viewer, exhibits: Sequence[Evidence]) -> list[Wanted]:
    """What helps this side, by the reason it gave. One query."""
    if viewer.side is None:
        return []
    own = "claim" if viewer.side == "freelancer" else "answer"
    newest = dispute.statements.filter(side=own).order_by("-number").values_list("reason", flat=True).first() or ""
    table = CLAIM if own == "claim" else ANSWER
    lines = table.get(newest, CLAIM[EndedReason.OTHER] if own == "claim" else UNANSWERED)
    mine = [row.kind for row in exhibits if row.side == viewer.side]
    return [Wanted(str(text), str(EvidenceKind(kind).label), mine.count(kind)) for kind, text in lines]
