"""The embedded default: a gateway that speaks signed HTTP to the sandbox, as a real one would be spoken to."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings

from contracts.payments import signing
from contracts.payments.base import GatewayError, Kind, Word
from core.money import Money

TIMEOUT = 10.0  # seconds


class SandboxGateway:
    """Adapter to GATEWAY_BASE_URL."""

    def start(self, payment_id: UUID, amount: Money, *, side: str, purpose: str) -> None:
        """Ask for money."""
        self._send(Kind.PAYMENT, payment_id, amount, side=side, purpose=purpose)

    def pay_out(self, payout_id: UUID, amount: Money, *, side: str) -> None:
        """Send money."""
        self._send(Kind.PAYOUT, payout_id, amount, side=side, purpose="payout")

    def ask(self, kind: Kind, our_id: UUID) -> Word:
        """Ask what became of an id."""
        answer = self._call("GET", f"/{kind}s/{our_id}/", b"", our_id)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return Word.UNKNOWN
        try:
            return Word(_json(answer).get("status", ""))
        except ValueError as error:
            raise GatewayError("The gateway's answer has no known status.") from error

    def _send(self, kind: Kind, our_id: UUID, amount: Money, **more: str) -> None:
        body = json.dumps({"id": str(our_id), "amount": amount.amount, "currency": amount.currency, **more}).encode()
        _json(self._call("POST", f"/{kind}s/", body, our_id))

    def _call(self, method: str, path: str, body: bytes, our_id: UUID) -> httpx.Response:
        headers = {
            "Content-Type": "application/json",
            signing.KEY: str(our_id),
            # A GET has no body: its path is signed instead, so that an answer cannot be asked for blindly.
            **signing.sign(body or path.encode(), settings.GATEWAY_SIGNING_SECRET),
        }
        try:
            return httpx.request(
                method, settings.GATEWAY_BASE_URL + path, content=body, headers=headers, timeout=TIMEOUT
            )
        except httpx.HTTPError as error:
            raise GatewayError(f"The gateway cannot be reached: {type(error).__name__}.") from error


def _json(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code not in (httpx.codes.OK, httpx.codes.CREATED, httpx.codes.ACCEPTED):
        raise GatewayError(f"The gateway answered {answer.status_code}.")
    try:
        data = answer.json()
    except ValueError as error:
        raise GatewayError("The gateway's answer is not JSON.") from error
    if not isinstance(data, dict):
        raise GatewayError("The gateway's answer is not an object.")
    return data
