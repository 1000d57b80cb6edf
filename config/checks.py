"""System checks of our own: what must never be combined.

The production settings refuse these at import already; the checks also catch a
settings module that somebody derives from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from config.env import SANDBOX_SECRET_PREFIX

_SECRETS: Final = ("SECRET_KEY", "PROVIDER_SIGNING_SECRET", "GATEWAY_SIGNING_SECRET")


@checks.register(checks.Tags.security)
def no_sandbox_in_production(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - the protocol of checks
    **_: Any,
) -> list[checks.CheckMessage]:
    """E001: the sandbox moves time, plays the arbitrator and knows everybody's password."""
    if settings.SANDBOX and settings.PRODUCTION:
        return [
            checks.Error(
                "SANDBOX is on together with the production settings.",
                hint="Remove SANDBOX from the settings module: production never sets it.",
                id="evenhand.E001",
            ),
        ]
    return []


@checks.register(checks.Tags.security)
def no_known_secrets_outside_the_sandbox(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - the protocol of checks
    **_: Any,
) -> list[checks.CheckMessage]:
    """E002: a secret that stands in the source code is none."""
    if settings.SANDBOX:
        return []
    return [
        checks.Error(
            f"{name} is missing or a development secret.",
            hint=f"Set the environment variable {name}.",
            id="evenhand.E002",
        )
        for name in _SECRETS
        if not getattr(settings, name, "") or getattr(settings, name).startswith(SANDBOX_SECRET_PREFIX)
    ]
