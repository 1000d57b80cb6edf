"""Evidence: the list with exhibit numbers and SHA-256, adding, downloading, answering requests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from core import road
from core.errors import NotAllowedError, OutOfTurnError, StrangerError
from core.web.files import attachment
from disputes.enums import Confidentiality, EvidenceKind
from disputes.forms import EvidenceForm, RequestAnswerForm, SeenForm
from disputes.models import Evidence, EvidenceRequest
from disputes.readmodels.timeline import meta_of, visible_evidence, visible_messages
from disputes.services import evidence
from disputes.views import drafts
from disputes.views.common import Answer, Case, act, done, need_party, open_case, page, refused, seen, show
from disputes.views.uploads import add_each, checked_files, counted


def numbered(rows: Any) -> list[dict[str, Any]]:
    """Exhibits in their order, those without a number last."""
    found = sorted(rows.select_related("added_by"), key=lambda r: (r.exhibit is None, r.exhibit or 0, r.added_at))
    return [
        {
            "row": row,
            "label": f"E-{row.exhibit}" if row.exhibit else "No number",
            "meta": meta_of(row),
            "kind": EvidenceKind(row.kind).label,
            "confidential": row.confidentiality == Confidentiality.SPECIALIST,
        }
        for row in found
    ]


@page
@require_http_methods(["GET", "POST"])
def exhibits(request: HttpRequest, reference: str) -> HttpResponse:
    """D9: what is there, and a form for more."""
    case = open_case(request, reference)
    policy = case.dispute.policy
    form = EvidenceForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial={**seen(case), "kind": EvidenceKind.DELIVERABLE, "confidentiality": Confidentiality.SHARED},
        max_bytes=policy.evidence_max_file_bytes,
    )
    if request.method != "POST":
        return _exhibits_page(request, case, form)
    need_party(case)
    if not form.is_valid():
        return _exhibits_page(request, case, form, status=422)
    files = checked_files(form, max_bytes=policy.evidence_max_file_bytes)

    def add(file: Any) -> None:
        evidence.add_evidence(
            dispute_id=case.dispute.pk,
            upload=file,
            kind=form.cleaned_data.get("kind") or EvidenceKind.OTHER,
            shows=form.cleaned_data["shows"],
            confidentiality=form.cleaned_data.get("confidentiality") or Confidentiality.SHARED,
            actor=request.actor,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )

    added: list[int] = []
    outcome = act(request, case, form, lambda: added.append(add_each(form, files, add)))
    if not outcome.done:
        case, context = refused(request, reference, outcome, form)
        return _exhibits_page(request, case, form, status=outcome.status, **context)
    if form.errors:
        return _exhibits_page(request, open_case(request, reference), form, status=422, added=sum(added))
    return done(request, case, f"{counted(sum(added))} added to the case.", "evidence")


def _exhibits_page(request: Any, case: Case, form: SeenForm, *, status: int = 200, **context: Any) -> HttpResponse:
    may_add = case.viewer.side is not None and road.possible(case.dispute, "add_evidence", request.actor)
    return show(
        request,
        case,
        "evidence",
        {
            "form": form,
            "exhibits": numbered(visible_evidence(case.dispute, case.viewer)),
            "may_add": may_add,
            "may_disclose": road.possible(case.dispute, "disclose", request.actor),
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
        raise NotAllowedError("Only the side that added this file can show it to everyone.")
    if row.confidentiality == Confidentiality.SHARED:
        raise OutOfTurnError("This file is already an exhibit that everyone in the case sees.")
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
            return done(request, case, "Everyone in the case sees the file now.", "evidence")
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
    policy = case.dispute.policy
    draft = drafts.load(request, case, name)
    initial = {
        **seen(case),
        "kind": EvidenceKind.DELIVERABLE,
        "confidentiality": Confidentiality.SHARED,
        **(draft.data if draft else {}),
    }
    posted = request.method == "POST"
    if posted and (saved := drafts.autosaved(request, case, name)) is not None:
        return saved
    form = RequestAnswerForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial=initial,
        max_bytes=policy.evidence_max_file_bytes,
    )
    closed = asked.closed_at is not None or asked.answers.filter(side=side).exists()
    if not posted:
        return show(request, case, "evidence_answer", {"form": form, "asked": asked, "closed": closed})
    drafts.keep(request, case, name)
    files = checked_files(form, max_bytes=policy.evidence_max_file_bytes) if form.is_valid() else []
    if form.errors:
        return show(request, case, "evidence_answer", {"form": form, "asked": asked, "closed": closed}, status=422)
    outcome = act(request, case, form, lambda: _answer(request, case, asked, form, files))
    if not outcome.done or form.errors:
        case, context = refused(request, reference, outcome, form)
        shown = {"form": form, "asked": asked, "closed": closed, **context}
        return show(request, case, "evidence_answer", shown, status=outcome.status if outcome.error else 422)
    drafts.drop(request, case, name)
    return done(request, case, "Your answer is sent to the specialist and the other side.")


def _answer(request: Any, case: Case, asked: EvidenceRequest, form: RequestAnswerForm, files: list[Any]) -> None:
    """The files first, so that a refused file leaves the request open."""
    for file in files:
        file.store()
        evidence.add_evidence(
            dispute_id=case.dispute.pk,
            upload=file,
            kind=form.cleaned_data.get("kind") or EvidenceKind.OTHER,
            shows=form.cleaned_data["shows"],
            confidentiality=form.cleaned_data.get("confidentiality") or Confidentiality.SHARED,
            actor=request.actor,
            now=request.now,
        )
    evidence.answer_evidence_request(
        request_id=asked.pk, text=form.cleaned_data["text"], actor=request.actor, now=request.now
    )
