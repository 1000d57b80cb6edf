"""Messages in the case: to everyone, or in one's own private channel with the specialist."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import InvalidInputError
from disputes.forms import MessageForm
from disputes.services import messages as case_messages
from disputes.views import drafts
from disputes.views.case import dispute_answer
from disputes.views.common import SeeOther, act, done, open_case, page
from disputes.views.uploads import checked_files


@page
@require_http_methods(["GET", "POST"])
def post_message(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a message; who can read it is said again in the answer."""
    case = open_case(request, reference)
    if request.method != "POST":
        return SeeOther(case.url("dispute") + "#composer")
    if (saved := drafts.autosaved(request, case, "message")) is not None:
        return saved
    form = MessageForm(request.POST, request.FILES)
    typed = {name: request.POST.get(name, "") for name in ("body", "audience", "purpose")}
    files = checked_files(form, max_bytes=case.dispute.policy.evidence_max_file_bytes) if form.is_valid() else []
    if len(files) > 1:
        form.add_error("files", _("Attach one file to a message. Add several under Evidence."))
    if form.errors:
        return _again(request, reference, form, typed, 422)
    private = form.cleaned_data["audience"] not in {"", "everyone"}
    outcome = act(
        request,
        case,
        form,  # type: ignore[arg-type]
        lambda: case_messages.post_case_message(
            dispute_id=case.dispute.pk,
            body=form.cleaned_data["body"],
            audience=form.cleaned_data["audience"] or "everyone",
            purpose=form.cleaned_data["purpose"] if private else "",
            upload=files[0] if files else None,
            actor=request.actor,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        ),
    )
    if not outcome.done:
        if isinstance(outcome.error, InvalidInputError):
            return _again(request, reference, form, typed, 422)
        return _again(request, reference, form, typed, outcome.status)
    drafts.drop(request, case, "message")
    return done(request, case, _sent(case.viewer.side, form.cleaned_data["audience"], case.viewer))


def _sent(side: str | None, audience: str, viewer: object) -> str:
    if audience in {"", "everyone"}:
        return _("Sent to everyone in the case.")
    reader = viewer.specialist_name if side else viewer.name_of(audience)  # type: ignore[attr-defined]
    return _("Sent to {name} alone. The other side sees that you wrote and what about, not the text.").format(
        name=reader
    )


def _again(request: HttpRequest, reference: str, form: MessageForm, typed: dict[str, str], status: int) -> HttpResponse:
    words = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return dispute_answer(request, reference, message_error=words, typed=typed, status=status)
