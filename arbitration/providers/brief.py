"""The adapter for the provider of the house: signed JSON over HTTP."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings

from arbitration.providers import signing
from arbitration.providers.base import ProviderRefusedError, ProviderUnknownError, Receipt, Status
from core import clock


class BriefProvider:
    """Speaks to PROVIDER_BASE_URL. Redirects are not followed; answers are read up to a limit."""

    answer_max = 1_000_000  # characters

    def file(self, request_id: UUID, case: dict[str, Any]) -> Receipt:
        """POST /api/filings/: the case with its bundle."""
        answer = self._send("POST", "/api/filings/", {"filing": str(request_id), **case}, key=str(request_id))
        return Receipt(provider_case=str(answer.get("case", "")), answer=str(answer.get("state", "")))

    def upload_exhibit(self, request_id: UUID, exhibit: str, name: str, content: bytes) -> None:
        """PUT /api/filings/<id>/exhibits/<number>/: the bytes of one exhibit."""
        headers = {"Content-Type": "application/octet-stream", "X-Exhibit-Name": name.encode().hex()}
        path = f"/api/filings/{request_id}/exhibits/{exhibit}/"
        self._call("PUT", path, content, key=f"{request_id}:{exhibit}", extra=headers)

    def inform_of_settlement(self, request_id: UUID, filing_id: UUID) -> Receipt:
        """POST /api/filings/<id>/settled/: the dispute ended before an award (A4)."""
        answer = self._send("POST", f"/api/filings/{filing_id}/settled/", {}, key=str(request_id))
        return Receipt(provider_case=str(answer.get("case", "")), answer=str(answer.get("state", "")))

    def fetch_status(self, filing_id: UUID) -> Status | None:
        """GET /api/filings/<id>/: what the provider knows, with the messages it sent."""
        response = self._call("GET", f"/api/filings/{filing_id}/", b"", key="", missing_ok=True)
        if response is None:
            return None
        data = _json(response)
        events = data.get("events")
        return Status(
            provider_case=str(data.get("case", "")),
            state=str(data.get("state", "")),
            events=[e for e in events if isinstance(e, dict)] if isinstance(events, list) else [],
        )

    def _send(self, method: str, path: str, data: dict[str, Any], *, key: str) -> dict[str, Any]:
        body = json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
        response = self._call(method, path, body, key=key, extra={"Content-Type": "application/json"})
        return _json(response) if response is not None else {}

    def _call(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        key: str,
        extra: dict[str, str] | None = None,
        missing_ok: bool = False,
    ) -> httpx.Response | None:
        signed = signing.headers(settings.PROVIDER_SIGNING_SECRET, body, now=clock.now())
        headers = {**signed, **(extra or {}), **({signing.IDEMPOTENCY: key} if key else {})}
        try:
            with httpx.Client(timeout=settings.PROVIDER_TIMEOUT, follow_redirects=False, trust_env=False) as client:
                response = client.request(method, settings.PROVIDER_BASE_URL + path, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise ProviderUnknownError(f"{method} {path}: {type(error).__name__}") from error
        if missing_ok and response.status_code == httpx.codes.NOT_FOUND:
            return None
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or response.is_redirect:
            raise ProviderUnknownError(f"{method} {path}: {response.status_code}")
        if response.status_code >= httpx.codes.BAD_REQUEST:
            raise ProviderRefusedError(f"{method} {path}: {response.status_code} {response.text[:300]}")
        return response


def _json(response: httpx.Response) -> dict[str, Any]:
    """Read an answer. One that is no JSON object says nothing about what happened: unknown."""
    try:
        data = json.loads(response.text[: BriefProvider.answer_max])
    except ValueError as error:
        raise ProviderUnknownError("the answer was no JSON") from error
    if not isinstance(data, dict):
        raise ProviderUnknownError("the answer was no object")
    return data
