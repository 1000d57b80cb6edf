"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the middleware, which knows nobody above core, how to build an actor."""
        from accounts.selectors import actor_for  # noqa: PLC0415 - models are not ready at import time
        from core.web import middleware  # noqa: PLC0415

        middleware.actor_builder = actor_for
