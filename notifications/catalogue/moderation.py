"""Notices about reported messages and removals (M1 to M6)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.events import Event
from disputes import events as e
from disputes.models import MessageReport, Redaction
from disputes.moderation.targets import NAMES
from notifications import links
from notifications.catalogue.base import SIDES, Entry, Spec, To
from notifications.scene import Reader, Scene, Telling, Where


def _report(scene: Scene) -> MessageReport:
    found = scene.row(MessageReport, scene.told("report_id"), "dispute")
    if found is None:
        raise LookupError("a report that is not there")
    return found


def _redaction(scene: Scene) -> Redaction:
    found = scene.row(Redaction, scene.told("redaction_id"), "dispute", "decided_by")
    if found is None:
        raise LookupError("a redaction that is not there")
    return found


def _there(scene: Scene, found: MessageReport | Redaction) -> Where:
    """The thread, or the dispute, it stands in."""
    if found.dispute is not None:
        return {"link": links.dispute(found.dispute.reference), "label": _("See Dispute")}
    return {"link": links.thread(scene.contract.reference), "label": _("See the messages")}


def _reported(scene: Scene, event: e.MessageReported, to: Reader) -> Telling | None:
    report = _report(scene)
    if to.side:
        if to.side != event.side:
            return None
        return Telling(
            title=_("You reported a message about {contract}").format(contract=scene.title),
            may_do=_("There is nothing you have to do. Customer Support reads it and answers you here."),
            otherwise=_("The message stays visible until Customer Support decides. Nobody is told who reported it."),
            **_there(scene, report),
        )
    return Telling(
        title=_("A message about {contract} is reported: {reason}").format(
            contract=scene.title, reason=report.get_reason_display()
        ),
        may_do=_("Read it, then hide it or leave it, with a reason."),
        otherwise=_("The message stays visible, and the report stays in the list."),
        link=links.message_report(report.pk),
        label=_("Open the report"),
    )


def _hidden(scene: Scene, event: e.MessageHidden, to: Reader) -> Telling | None:
    report = _report(scene)
    if to.side == event.side:
        return Telling(
            title=_("Customer Support hides the message you reported"),
            may_do=_("There is nothing you have to do."),
            otherwise=_("A line in its place says that it is hidden. All deadlines run on."),
            details=report.decision_text,
            **_there(scene, report),
        )
    if to.side and event.first:
        return Telling(
            title=_("Customer Support hides a message of yours about {contract}").format(contract=scene.title),
            may_do=_("Write again without it. If this is wrong, tell Customer Support."),
            otherwise=_("A line in its place says that it is hidden. A mediation specialist can still read it."),
            details=report.decision_text,
            **_there(scene, report),
        )
    return None


def _dismissed(scene: Scene, event: e.ReportDismissed, to: Reader) -> Telling | None:
    if to.side != event.side:
        return None
    report = _report(scene)
    return Telling(
        title=_("Customer Support leaves the message you reported"),
        may_do=_("Read why. There is nothing you have to do."),
        otherwise=_("The message stays visible."),
        details=report.decision_text,
        **_there(scene, report),
    )


def _removal_asked(scene: Scene, _event: e.RedactionAsked, _to: Reader) -> Telling:
    found = _redaction(scene)
    return Telling(
        title=_("Something about {contract} is to be removed for good").format(contract=scene.title),
        may_do=_("Look at it and remove it, or keep it. The person who asked cannot decide."),
        otherwise=_("It stays visible until a second person decides."),
        details=_("{what}: {reason}").format(what=NAMES[found.kind], reason=found.get_reason_display()),
        link=links.redaction(found.pk),
        label=_("Decide"),
    )


def _removed(scene: Scene, event: e.TextRedacted, to: Reader) -> Telling | None:
    found = _redaction(scene)
    yours = to.side == event.author_side
    # What only one side and the specialist could read is told to that side alone.
    if _private(found) and not yours:
        return None
    return Telling(
        title=_("Something you wrote about {contract} is removed").format(contract=scene.title)
        if yours
        else _("Something about {contract} is removed").format(contract=scene.title),
        may_do=_("There is nothing you have to do."),
        otherwise=_("A line in its place says when and why. All deadlines run on."),
        details=_("{what}: {reason}").format(what=NAMES[found.kind], reason=found.get_reason_display()),
        **_there(scene, found),
    )


def _private(found: Redaction) -> bool:
    row = found.target
    return getattr(row, "audience", "everyone") != "everyone" or getattr(row, "confidentiality", "") == "specialist"


def _kept(scene: Scene, _event: e.RedactionRefused, _to: Reader) -> Telling:
    found = _redaction(scene)
    return Telling(
        title=_("Something about {contract} is not removed").format(contract=scene.title),
        may_do=_("Read why."),
        otherwise=_("It stays visible."),
        details=found.decision_text,
        link=links.redaction(found.pk),
        label=_("Read why"),
    )


CATALOGUE: dict[type[Event], Entry] = {
    e.MessageReported: Entry(
        (Spec("report_received", SIDES, _reported), Spec("support_queue", (To.SUPPORT,), _reported))
    ),
    e.MessageHidden: Entry((Spec("report_decided", SIDES, _hidden),)),
    e.ReportDismissed: Entry((Spec("report_decided", SIDES, _dismissed),)),
    e.RedactionAsked: Entry((Spec("removal_waits", (To.SUPERVISORS, To.ADMINS), _removal_asked),)),
    e.TextRedacted: Entry((Spec("text_removed", SIDES, _removed),)),
    e.RedactionRefused: Entry((Spec("support_queue", (To.SUPPORT,), _kept),)),
}
NO_NOTICE: dict[type[Event], str] = {
    e.ReportEvent: "Only a base.",
    e.RedactionEvent: "Only a base.",
}
