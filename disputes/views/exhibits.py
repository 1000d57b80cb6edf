"""Evidence: the list with exhibit numbers and SHA-256, adding, pictures, downloading, answering requests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from core import road
from core.errors import NotAllowedError, OutOfTurnError, StrangerError
from core.web.files import attachment
from disputes import previews
from disputes.enums import Confidentiality, EvidenceKind
from disputes.exhibit_forms import AnswerForm, ExhibitsForm
from disputes.forms import SeenForm
from disputes.models import Evidence, EvidenceRequest
from disputes.readmodels.checklist import checklist
from disputes.readmodels.requests import requests_of
from disputes.readmodels.timeline import meta_of, visible_evidence, visible_messages
from disputes.services import evidence
from disputes.views import drafts
from disputes.views.common import Answer, Case, act, done, need_party, open_case, page, refused, seen, show
from disputes.views.intake import Intake

LIST = "evidence"  # page of the files that wait to be added to the list
REMOVE = "remove:"


def numbered(rows: Any) -> list[dict[str, Any]]:
    """Exhibits in their order, those without a number last."""
    found = sorted(rows.select_related("added_by"), key=lambda r: (r.exhibit is None, r.exhibit or 0, r.added_at))
    return [
        {
            "row": row,
            "label": f"E-{row.exhibit}" if row.exhibit else _("No number"),
            "meta": meta_of(row),
            "kind": EvidenceKind(row.kind).label,
            "confidential": row.confidentiality == Confidentiality.SPECIALIST,
            "preview": bool(row.file)
            and (bool(row.preview) or (not row.preview_tried and previews.possible(row.content_type))),
        }
        for row in found
    ]


@page
@require_http_methods(["GET", "POST"])
def exhibits(request: HttpRequest, reference: str) -> HttpResponse:
    """D9: what is there, and a form for more."""
    case = open_case(request, reference)
    most = case.dispute.policy.evidence_max_file_bytes
    posted = request.method == "POST"
    if posted:
        need_party(case)
    intake = Intake.waiting(request, case, LIST) if case.viewer.side else Intake(request, case, LIST)
    form = ExhibitsForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={**seen(case), "kind": EvidenceKind.DELIVERABLE, "confidentiality": Confidentiality.SHARED},
        max_bytes=most,
        needed=not intake.rows,
    )
    if not posted:
        return _exhibits_page(request, case, form, intake)
    if form.is_valid():
        intake.read(form, max_bytes=most)
    if (key := _removed(request)) is not None:
        with transaction.atomic():
            intake.remove(key)
            intake.keep(form)
        return _exhibits_page(request, case, form, intake.again())
    outcome = act(request, case, form, intake.add)
    if outcome.repeated:
        return done(request, case, _("These files were added already."), "evidence")
    if not outcome.done:
        intake.undone()
        intake.keep(form)
        case, context = refused(request, reference, outcome, form)
        return _exhibits_page(request, case, form, intake.again(), status=outcome.status, **context)
    intake.keep(form)
    intake.draw_previews()
    if form.errors or intake.problems:
        case = open_case(request, reference)
        return _exhibits_page(request, case, form, intake.again(), status=422, added=len(intake.added))
    return done(request, case, _added(len(intake.added)), "evidence")


def _added(count: int) -> str:
    return ngettext("{n} file added to the case.", "{n} files added to the case.", count).format(n=count)


def _removed(request: Any) -> str | None:
    pressed = request.POST.get("do", "")
    return pressed.removeprefix(REMOVE) if pressed.startswith(REMOVE) else None


def _exhibits_page(
    request: Any, case: Case, form: SeenForm, intake: Intake, *, status: int = 200, **context: Any
) -> HttpResponse:
    may_add = case.viewer.side is not None and road.possible(case.dispute, "add_evidence", request.actor)
    rows = numbered(visible_evidence(case.dispute, case.viewer))
    return show(
        request,
        case,
        "evidence",
        {
            "form": form,
            "exhibits": rows,
            "may_add": may_add,
            "may_disclose": road.possible(case.dispute, "disclose", request.actor),
            "checklist": checklist(case.dispute, case.viewer, [r["row"] for r in rows]) if may_add else None,
            "requests": requests_of(case.dispute, case.viewer),
            **intake.context(),
            **context,
        },
        status=status,
    )


def _one(case: Case, evidence_id: UUID) -> Evidence:
    row = visible_evidence(case.dispute, case.viewer).filter(pk=evidence_id).first()
    if row is None:
        raise StrangerError
    return row


@page
@require_GET
def evidence_file(request: HttpRequest, reference: str, evidence_id: UUID) -> Answer:
    """Download an exhibit."""
    row = _one(open_case(request, reference), evidence_id)
    return attachment(row.file, name=row.file_name, content_type=row.content_type)


@page
@require_GET
def evidence_preview(request: HttpRequest, reference: str, evidence_id: UUID) -> Answer:
    """The small picture of an exhibit, for those who may download it; drawn now if nobody looked before."""
    row = _one(open_case(request, reference), evidence_id)
    if not previews.ensure(row):
        raise StrangerError
    answer = attachment(row.preview, name="preview.webp", content_type=previews.CONTENT_TYPE)
    answer["Content-Disposition"] = "inline"
    # An exhibit never changes; the picture stays in this browser for an hour.
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@page
@require_GET
def message_file(request: HttpRequest, reference: str, message_id: UUID) -> Answer:
    """Download what is attached to a message one may read."""
    case = open_case(request, reference)
    if not case.viewer.negotiation:
        raise StrangerError
    rows: Any = visible_messages(case.dispute, case.viewer)
    row = rows.filter(pk=message_id, readable=1).first()
    if row is None or not row.file:
        raise StrangerError
    return attachment(row.file, name=row.file_name, content_type="application/octet-stream")


@page
@require_http_methods(["GET", "POST"])
def disclose(request: HttpRequest, reference: str, evidence_id: UUID) -> HttpResponse:
    """Show a confidential file to everyone; a confirm page, for it cannot be undone."""
    case = open_case(request, reference)
    side = need_party(case)
    row = _one(case, evidence_id)
    if row.side != side:
        raise NotAllowedError(_("Only the side that added this file can show it to everyone."))
    if row.confidentiality == Confidentiality.SHARED:
        raise OutOfTurnError(_("This file is already an exhibit that everyone in the case sees."))
    form = SeenForm(request.POST if request.method == "POST" else None, initial=seen(case))
    status = 200
    if request.method == "POST" and form.is_valid():
        outcome = act(
            request,
            case,
            form,
            lambda: evidence.disclose_evidence(
                evidence_id=row.pk,
                actor=request.actor,  # type: ignore[attr-defined]
                now=request.now,  # type: ignore[attr-defined]
            ),
        )
        if outcome.done:
            return done(request, case, _("Everyone in the case sees the file now."), "evidence")
        status = outcome.status
    return show(request, case, "disclose", {"form": form, "row": row, "meta": meta_of(row)}, status=status)


@page
@require_http_methods(["GET", "POST"])
def evidence_answer(request: HttpRequest, reference: str, request_id: UUID) -> HttpResponse:
    """D9: answer a request for evidence, with files if there are any."""
    case = open_case(request, reference)
    side = need_party(case)
    asked = EvidenceRequest.objects.filter(dispute=case.dispute, pk=request_id).select_related("asked_by").first()
    if asked is None or asked.asked_of not in {side, "both"}:
        raise StrangerError
    name = f"evidence:{str(request_id)[:8]}"
    most = case.dispute.policy.evidence_max_file_bytes
    posted = request.method == "POST"
    if posted and (saved := drafts.autosaved(request, case, name)) is not None:
        return saved
    draft = drafts.load(request, case, name)
    form = AnswerForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={
            **seen(case),
            "kind": EvidenceKind.DELIVERABLE,
            "confidentiality": Confidentiality.SHARED,
            **(draft.data if draft else {}),
        },
        max_bytes=most,
    )
    closed = asked.closed_at is not None or asked.answers.filter(side=side).exists()
    intake = Intake.waiting(request, case, name)

    def shown(case: Case, intake: Intake, status: int = 200, **context: Any) -> HttpResponse:
        told = {"form": form, "asked": asked, "closed": closed, **intake.context(), **context}
        return show(request, case, "evidence_answer", told, status=status)

    if not posted:
        return shown(case, intake)
    drafts.keep(request, case, name)
    valid = form.is_valid()
    if valid or "files" in form.cleaned_data:
        intake.read(form, max_bytes=most)
    key = _removed(request)
    if key is not None:
        intake.remove(key)
    # The answer closes the request, so it goes out with all of its files or not at all.
    fit = [row.check() for row in intake.rows]
    if key is not None or form.errors or not all(fit):
        intake.keep(form)
        return shown(case, intake.again(), 200 if key is not None else 422)
    outcome = act(request, case, form, lambda: _answer(request, asked, form, intake))
    if outcome.repeated:
        return done(request, case, _("Your answer was sent already."))
    if not outcome.done:
        intake.undone()
        intake.keep(form)
        case, context = refused(request, reference, outcome, form)
        return shown(case, intake.again(), outcome.status, **context)
    intake.draw_previews()
    drafts.drop(request, case, name)
    return done(request, case, _("Your answer is sent to the specialist and the other side."))


def _answer(request: Any, asked: EvidenceRequest, form: AnswerForm, intake: Intake) -> None:
    """The files first, so that a refused file leaves the request open."""
    intake.add(strict=True)
    evidence.answer_evidence_request(
        request_id=asked.pk, text=form.cleaned_data["text"], actor=request.actor, now=request.now
    )
