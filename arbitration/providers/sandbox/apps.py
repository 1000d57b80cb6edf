"""App configuration."""

from django.apps import AppConfig


class SandboxProviderConfig(AppConfig):
    """The arbitration provider's sandbox."""

    name = "arbitration.providers.sandbox"
    label = "sandbox_provider"
    verbose_name = "Arbitration provider (sandbox)"
    default_auto_field = "django.db.models.BigAutoField"
