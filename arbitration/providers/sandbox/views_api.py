"""The provider's API: signed JSON in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from arbitration.providers import signing
from arbitration.providers.sandbox import services
from arbitration.providers.sandbox.models import Case
from core import clock

BODY_MAX = 12_000_000  # bytes: one exhibit of 10 MB and some

View = Callable[..., HttpResponse]


def signed(view: View) -> View:
    """Answer only the marketplace: signature and time are checked first."""

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.SANDBOX:
            raise Http404
        if int(request.headers.get("Content-Length") or 0) > BODY_MAX:
            return JsonResponse({"error": "too large"}, status=413)
        # Read past Django's own limit for forms: an exhibit is larger. `request.body` gives this back.
        request._body = body = request.read(BODY_MAX)
        problem = signing.problem_of(
            settings.PROVIDER_SIGNING_SECRET,
            request.headers.get(signing.TIMESTAMP, ""),
            request.headers.get(signing.SIGNATURE, ""),
            body,
            now=clock.now(),
        )
        if problem:
            return JsonResponse({"error": problem}, status=401)
        return view(request, *args, **kwargs)

    return wrapped


@signed
@require_http_methods(["POST"])
def filings(request: HttpRequest) -> HttpResponse:
    """Take a case in: 201, or 200 for the same filing once more."""
    data = json.loads(request.body)
    filing_id = UUID(data.pop("filing"))
    if request.headers.get(signing.IDEMPOTENCY) != str(filing_id):
        return JsonResponse({"error": "the idempotency key is the filing's id"}, status=400)
    case, new = services.take_in(filing_id, data, now=clock.now())
    return JsonResponse(_status(case), status=201 if new else 200)


@signed
@require_http_methods(["GET"])
def filing(_request: HttpRequest, filing: UUID) -> HttpResponse:
    """Say what became of a filing, with every message that was made."""
    case = _case(filing)
    return JsonResponse({**_status(case), "events": [json.loads(m.body) for m in case.messages.all()]})


@signed
@require_http_methods(["POST"])
def settled(_request: HttpRequest, filing: UUID) -> HttpResponse:
    """Hear that the parties settled."""
    case = _case(filing)
    services.mark_settled(case)
    return JsonResponse(_status(case))


@signed
@require_http_methods(["PUT"])
def exhibit(request: HttpRequest, filing: UUID, number: str) -> HttpResponse:
    """Take one exhibit in."""
    name = bytes.fromhex(request.headers.get("X-Exhibit-Name", "")).decode() or number
    services.keep_exhibit(_case(filing), number[:12], name[:200], request.body)
    return HttpResponse(status=204)


def _case(filing_id: UUID) -> Case:
    case = Case.objects.filter(filing=filing_id).first()
    if case is None:
        raise Http404
    return case


def _status(case: Case) -> dict[str, str]:
    return {"case": case.number, "filing": str(case.filing), "state": case.state}
