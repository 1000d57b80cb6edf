"""App configuration."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Contracts."""

    name = "contracts"
    default_auto_field = "django.db.models.BigAutoField"
