"""The sandbox gateway's API and its one page."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from contracts.models import SandboxBehaviour, SandboxOperation
from contracts.payments import signing
from contracts.payments.base import Kind
from contracts.payments.sandbox_server import callbacks

SHOWN = 50  # operations on the page
MOST = 10_000  # bytes of a request


def _signed(request: HttpRequest, message: bytes) -> bool:
    return not signing.verify(
        message,
        request.headers.get(signing.TIMESTAMP, ""),
        request.headers.get(signing.SIGNATURE, ""),
        settings.GATEWAY_SIGNING_SECRET,
    )


@csrf_exempt
@require_POST
def create(request: HttpRequest, kind: str) -> JsonResponse:
    """Take an order in. The same id again answers as the first time and starts nothing."""
    if int(request.headers.get("Content-Length") or 0) > MOST or not _signed(request, request.body):
        return JsonResponse({"error": "not signed"}, status=401)
    try:
        order = _order(json.loads(request.body))
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "not an order"}, status=400)
    operation, made = SandboxOperation.objects.get_or_create(
        id=order.pop("id"),
        defaults={
            **order,
            "kind": kind,
            "behaviour": callbacks.behaviour(),
            "received_at": request.now,  # type: ignore[attr-defined]
        },
    )
    if not made and kind == Kind.PAYOUT and operation.status == "failed":
        # A payout that failed may be ordered again under its id; a payment gets a new id from the payer.
        operation.status, operation.behaviour = "pending", callbacks.behaviour()
        operation.save(update_fields=["status", "behaviour"])
        made = True
    if made:
        callbacks.plan(operation)
    return JsonResponse({"id": str(operation.pk), "status": operation.status}, status=202)


def _order(data: Any) -> dict[str, Any]:
    amount, currency = data["amount"], str(data["currency"])
    if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0 or len(currency) != 3:  # noqa: PLR2004
        raise ValueError("amount")
    return {
        "id": UUID(data["id"]),
        "amount": amount,
        "currency": currency,
        "side": str(data.get("side", ""))[:10],
        "purpose": str(data.get("purpose", ""))[:12],
    }


@require_GET
def status(request: HttpRequest, kind: str, pk: UUID) -> JsonResponse:
    """Say what became of an order."""
    if not _signed(request, f"/{kind}s/{pk}/".encode()):
        return JsonResponse({"error": "not signed"}, status=401)
    operation = SandboxOperation.objects.filter(pk=pk, kind=kind).first()
    if operation is None:
        return JsonResponse({"error": "unknown"}, status=404)
    return JsonResponse({"id": str(operation.pk), "status": operation.status})


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show what came in, and choose how the gateway behaves from now on."""
    return render(
        request,
        "contracts/sandbox_gateway.html",
        {
            "operations": SandboxOperation.objects.order_by("-received_at")[:SHOWN],
            "behaviours": [(key, words, key == callbacks.behaviour()) for key, words in callbacks.BEHAVIOURS.items()],
            "site_url": settings.SITE_URL,
        },
    )


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Set the behaviour for orders that come in from now on."""
    wanted = request.POST.get("behaviour", "")
    if wanted in callbacks.BEHAVIOURS:
        SandboxBehaviour.objects.update_or_create(pk=1, defaults={"behaviour": wanted})
    return _back()


@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Settle one waiting order by hand, or say again what was said."""
    operation = get_object_or_404(SandboxOperation, pk=pk)
    word = request.POST.get("word", "")
    if operation.status == "pending" and word in ("confirmed", "failed"):
        callbacks.decide(operation.pk, word)
    elif operation.status == "confirmed" and operation.kind == Kind.PAYMENT and word == "reversed":
        callbacks.reverse(operation.pk)
    elif operation.status != "pending" and word == "again":
        callbacks.tell(operation.pk)
    return _back()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("sandbox_payments:page"), status=303)
