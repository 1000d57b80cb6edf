"""What the house asks of an arbitration provider: a port, so that another one is one class away."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


class ProviderError(Exception):
    """Base of what may go wrong on the way."""


class ProviderUnknownError(ProviderError):
    """Nobody can say whether the message arrived (time-out, cut line, 5xx): ask, never resend blindly."""


class ProviderRefusedError(ProviderError):
    """The provider understood and said no (4xx): repeating the same message will not help."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider has taken note. `provider_case` may be empty until a person there accepts the case."""

    provider_case: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What the provider knows under one of our filing ids; `events` are signed bodies it sent or tried to send."""

    provider_case: str
    state: str
    events: list[dict[str, Any]] = field(default_factory=list)


@runtime_checkable
class ArbitrationProvider(Protocol):
    """All calls are remote: never inside a transaction. `request_id` is the idempotency key."""

    def file(self, request_id: UUID, case: dict[str, Any]) -> Receipt:
        """File a case with its bundle. Raises ProviderUnknownError, ProviderRefusedError."""

    def upload_exhibit(self, request_id: UUID, exhibit: str, name: str, content: bytes) -> None:
        """Send one exhibit of the bundle. The same exhibit twice does no harm."""

    def inform_of_settlement(self, request_id: UUID, filing_id: UUID) -> Receipt:
        """Say that the dispute ended before an award. Raises as `file`."""

    def fetch_status(self, filing_id: UUID) -> Status | None:
        """What became of a filing; None when the provider never heard of it. Raises ProviderUnknownError."""


@lru_cache(maxsize=1)
def _class(path: str) -> type[ArbitrationProvider]:
    found: type[ArbitrationProvider] = import_string(path)
    return found


def provider() -> ArbitrationProvider:
    """Return the adapter that the setting ARBITRATION_PROVIDER names."""
    path = getattr(settings, "ARBITRATION_PROVIDER", "arbitration.providers.brief.BriefProvider")
    return _class(path)()
