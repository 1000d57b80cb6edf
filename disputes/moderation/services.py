"""Commands: report a message, hide it or leave it, ask for a removal and decide it (M1 to M6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.locks import lock_contract
from contracts.services.common import bounded_text, person
from contracts.tombstones import HIDDEN, REDACTED, HideReason, Mark, RedactionKind, Tombstone
from core import audit, road
from core.errors import InvalidInputError, NotAllowedError, OutOfTurnError, StrangerError
from core.events import publish
from core.permissions import SYSTEM, Actor, StaffRole
from disputes import events as e
from disputes import rules
from disputes.models import HiddenOriginal, MessageReport, Redaction
from disputes.models.moderation import MESSAGES
from disputes.moderation import targets
from disputes.moderation.enums import RedactionState, ReportState
from disputes.moderation.selectors import may_judge, may_read
from disputes.transitions.moderation import APPROVERS, ASKERS, may_ask

TEXT_MAX = 2_000  # characters
WHY_MIN = 20  # characters of what staff write down for each other


def report_message(
    *, kind: str, pk: UUID, reason: str, details: str = "", actor: Actor, now: datetime
) -> MessageReport:
    """M1: tell customer support of a message of the other side. Publishes MessageReported.

    Only the two sides report, and only what the other side wrote; who reported is told to nobody else. Raises
    StrangerError, NotAllowedError, OutOfTurnError (reported before, or gone), InvalidInputError (reason, details).
    """
    with transaction.atomic():
        row = _lock(kind, pk)
        if kind not in MESSAGES or not may_read(row, actor):
            raise StrangerError
        side = rules.side_of(targets.contract_of(row), actor)
        if side is None:
            raise NotAllowedError(_("Only the two sides of a contract report messages."))
        if not targets.is_person_s(row) or targets.author_side(row) != side.other:
            raise NotAllowedError(_("You can report what the other side wrote."))
        if targets.gone(row):
            raise OutOfTurnError(_("This message is no longer shown, so there is nothing to report."))
        if MessageReport.objects.filter(**{kind: row}, reported_by_id=person(actor)).exists():
            raise OutOfTurnError(_("You have reported this message already."))
        if reason not in HideReason.values:
            raise InvalidInputError({"reason": _("Choose what is wrong with the message.")})
        words = bounded_text(details, "details", TEXT_MAX)
        if reason == HideReason.OTHER and not words:
            raise InvalidInputError({"details": _("Say in a few words what is wrong.")})
        report = MessageReport(
            contract=targets.contract_of(row),
            dispute=targets.dispute_of(row),
            reason=reason,
            details=words,
            side=side,
            reported_by_id=person(actor),
            reported_at=now,
            **{kind: row},
        )
        report.save(force_insert=True)
        _record(report, "M1", "report", actor, now, {"reason": reason, "details": audit.text_digest(words, report.pk)})
        publish(e.MessageReported(at=now, contract_id=report.contract_id, **_sides(report)))
        return report


def hide_message(*, report_id: UUID, reason: str, text: str = "", actor: Actor, now: datetime) -> MessageReport:
    """M2: hide the reported message behind a tombstone; every open report of it is answered by this.

    The original is kept apart, for the case's specialist. `text` is read by the reporter and the author.
    Publishes MessageHidden. Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError (reason, text).
    """
    with transaction.atomic():
        report = _lock_report(report_id, actor)
        road.check(report, "hide", actor)
        row = report.target
        if not targets.is_person_s(row) or not targets.author_side(row):
            raise NotAllowedError(_("System messages and what the specialist writes belong to the procedure."))
        if targets.gone(row):
            raise OutOfTurnError(_("This message is no longer shown. Leave the report as it is."))
        if reason not in HideReason.values:
            raise InvalidInputError({"reason": _("Choose why the message is hidden. Everybody reads it.")})
        words = bounded_text(text, "text", TEXT_MAX)
        mark = Mark(HIDDEN, now, reason, (StaffRole.SUPPORT,), report.pk)
        HiddenOriginal.objects.create(
            report=report,
            body=str(row.body),
            file=row.file.name,
            file_name=row.file_name,
            hidden_at=now,
            **{report.kind: row},
        )
        digest = audit.text_digest(str(row.body), row.pk)
        targets.bury(row, Tombstone.of(mark))
        for one in _open_reports(report):
            one.decided_by_id, one.hide_reason, one.decision_text = person(actor), reason, words
            _take(one, "hide", actor, now, {"reason": reason, "body": digest})
            publish(e.MessageHidden(at=now, contract_id=one.contract_id, first=one.pk == report.pk, **_sides(one)))
        return report


def dismiss_report(*, report_id: UUID, text: str, actor: Actor, now: datetime) -> MessageReport:
    """M3: the message stays visible; `text` tells the reporter why. Publishes ReportDismissed.

    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError (text).
    """
    with transaction.atomic():
        report = _lock_report(report_id, actor)
        road.check(report, "dismiss", actor)
        report.decision_text = _reason(
            text, "text", _("Say why the message stays. The person who reported it reads it.")
        )
        report.decided_by_id = person(actor)
        _take(report, "dismiss", actor, now, {})
        publish(e.ReportDismissed(at=now, contract_id=report.contract_id, **_sides(report)))
        return report


def ask_redaction(*, kind: str, pk: UUID, reason: str, why: str, actor: Actor, now: datetime) -> Redaction:
    """M4: ask a second person to remove a text or file for good. Publishes RedactionAsked.

    Raises StrangerError (also for what the actor may not read), NotAllowedError, OutOfTurnError (asked before, or
    removed), InvalidInputError (reason, why).
    """
    with transaction.atomic():
        row = _lock(kind, pk)
        if not actor.is_staff(*ASKERS) or not may_judge(row, actor):
            raise StrangerError
        if not may_ask(targets.contract_of(row), actor):
            raise NotAllowedError(_("You belong to a side of this contract, so somebody else has to do this."))
        if not targets.is_person_s(row):
            raise NotAllowedError(_("System messages and legal notices cannot be removed."))
        if targets.gone(row) and not targets.hidden(row):
            raise OutOfTurnError(_("This was removed already."))
        if Redaction.objects.filter(**{kind: row}).exclude(state=RedactionState.REFUSED).exists():
            raise OutOfTurnError(_("Somebody has asked for this removal already. It waits for a second person."))
        if reason not in RedactionKind.values:
            raise InvalidInputError({"reason": _("Choose why it is removed. Everybody who could read it reads this.")})
        words = _reason(why, "why", _("Explain it to the person who decides."))
        redaction = Redaction(
            contract=targets.contract_of(row),
            dispute=targets.dispute_of(row),
            reason=reason,
            why=words,
            asked_by_id=person(actor),
            asked_role=_role(actor, ASKERS),
            asked_at=now,
            **{kind: row},
        )
        redaction.save(force_insert=True)
        _record(
            redaction,
            "M4",
            "ask_redaction",
            actor,
            now,
            {"reason": reason, "why": audit.text_digest(words, redaction.pk), kind: str(row.pk)},
        )
        publish(_redaction_event(e.RedactionAsked, redaction, now))
        return redaction


def approve_redaction(*, redaction_id: UUID, actor: Actor, now: datetime) -> Redaction:
    """M5: remove the text or file; a tombstone stays, and so do the digests. Publishes TextRedacted.

    Files leave the storage after the commit. Raises StrangerError, NotAllowedError, OutOfTurnError.
    """
    with transaction.atomic():
        redaction = _lock_redaction(redaction_id, actor)
        road.check(redaction, "approve", actor)
        row = redaction.target
        role = _role(actor, APPROVERS)
        mark = Mark(REDACTED, now, redaction.reason, (redaction.asked_role, role), redaction.pk)
        redaction.decided_by_id, redaction.decided_role, redaction.tombstone = person(actor), role, mark.code
        payload: dict[str, Any] = {"reason": redaction.reason, redaction.kind: str(row.pk)}
        if not targets.gone(row):
            payload["text"] = audit.text_digest(targets.text_of(row), row.pk)
        digest = getattr(row, "sha256", "") or getattr(row, "file_sha256", "")
        if digest:
            payload["file"] = digest
        # The row first: the trigger of append-only statements asks for an approved redaction.
        _take(redaction, "approve", actor, now, payload, save=("decided_by", "decided_role", "tombstone"))
        paths = targets.bury_original(row) + targets.bury(row, Tombstone.of(mark))
        if paths:
            transaction.on_commit(lambda: targets.delete_files(paths))
        _answer_reports(redaction, actor, now)
        publish(_redaction_event(e.TextRedacted, redaction, now))
        return redaction


def refuse_redaction(*, redaction_id: UUID, text: str, actor: Actor, now: datetime) -> Redaction:
    """M6: it stays as it is. Publishes RedactionRefused.

    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError (text).
    """
    with transaction.atomic():
        redaction = _lock_redaction(redaction_id, actor)
        road.check(redaction, "refuse", actor)
        redaction.decision_text = _reason(text, "text", _("Say why it stays. The person who asked reads it."))
        redaction.decided_by_id, redaction.decided_role = person(actor), _role(actor, APPROVERS)
        _take(redaction, "refuse", actor, now, {}, save=("decided_by", "decided_role", "decision_text"))
        publish(_redaction_event(e.RedactionRefused, redaction, now))
        return redaction


# --- steps they share --------------------------------------------------------------------------


def _lock(kind: str, pk: UUID) -> Any:
    lock_contract(targets.contract_of(targets.find(kind, pk)).pk)
    return targets.find(kind, pk)


def _lock_report(pk: UUID, actor: Actor) -> MessageReport:
    found = MessageReport.objects.filter(pk=pk).first()
    if found is None or not actor.is_staff(*ASKERS):
        raise StrangerError
    contract = lock_contract(found.contract_id)
    report = MessageReport.objects.select_for_update(of=("self",)).get(pk=pk)
    report.contract = contract
    return report


def _open_reports(report: MessageReport) -> list[MessageReport]:
    rows = MessageReport.objects.select_for_update(of=("self",)).filter(
        **{f"{report.kind}_id": report.target_id}, state=ReportState.OPEN
    )
    found = [report, *rows.exclude(pk=report.pk).order_by("reported_at", "id")]
    for one in found:
        one.contract = report.contract
    return found


def _answer_reports(redaction: Redaction, actor: Actor, now: datetime) -> None:
    """Open reports of what is gone for good have their answer: the message is no longer there."""
    if redaction.kind not in MESSAGES:
        return
    rows = MessageReport.objects.select_for_update(of=("self",)).filter(
        **{f"{redaction.kind}_id": redaction.target_id}, state=ReportState.OPEN
    )
    for one in rows:
        one.contract = redaction.contract
        one.decided_by_id, one.hide_reason = person(actor), one.reason
        _take(one, "hide", SYSTEM, now, {"redaction": str(redaction.pk)})
        publish(e.MessageHidden(at=now, contract_id=one.contract_id, first=False, **_sides(one)))


def _lock_redaction(pk: UUID, actor: Actor) -> Redaction:
    found = Redaction.objects.filter(pk=pk).first()
    if found is None or not actor.is_staff(*ASKERS):
        raise StrangerError
    contract = lock_contract(found.contract_id)
    redaction = Redaction.objects.select_for_update(of=("self",)).get(pk=pk)
    redaction.contract = contract
    if not may_judge(redaction.target, actor):
        raise StrangerError
    return redaction


def _role(actor: Actor, among: tuple[StaffRole, ...]) -> str:
    """The role in which the actor does this, the nearest to the desk first."""
    return next(str(role) for role in among if role in actor.staff)


def _reason(text: str, field: str, sentence: str) -> str:
    words = bounded_text(text, field, TEXT_MAX)
    if len(words) < WHY_MIN:
        raise InvalidInputError(
            {field: _("{sentence} Write at least {n} characters.").format(sentence=sentence, n=WHY_MIN)}
        )
    return words


def _chain(obj: MessageReport | Redaction) -> UUID:
    return obj.dispute_id or obj.contract_id


def _record(obj: Any, rule: str, act: str, actor: Actor, now: datetime, payload: dict[str, Any]) -> None:
    audit.append(
        chain=_chain(obj), rule=rule, act=act, obj=obj, actor=actor, now=now, new_state=str(obj.state), payload=payload
    )
    road.ran(rule)


def _take(
    obj: Any,
    act: str,
    actor: Actor,
    now: datetime,
    payload: dict[str, Any],
    save: tuple[str, ...] = ("decided_by", "hide_reason", "decision_text"),
) -> None:
    text = obj.decision_text
    if text:
        payload = {**payload, "text_said": audit.text_digest(text, obj.pk)}
    road.take(obj, act, actor=actor, now=now, chain=_chain(obj), payload=payload, save=save)


def _sides(report: MessageReport) -> dict[str, Any]:
    return {"report_id": report.pk, "side": report.side, "author_side": targets.author_side(report.target)}


def _redaction_event(kind: type[e.RedactionEvent], redaction: Redaction, now: datetime) -> e.RedactionEvent:
    return kind(
        at=now,
        contract_id=redaction.contract_id,
        redaction_id=redaction.pk,
        author_side=targets.author_side(redaction.target),
    )
