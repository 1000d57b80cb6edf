"""App configuration."""

from django.apps import AppConfig


class ArbitrationConfig(AppConfig):
    """Arbitration."""

    name = "arbitration"
    default_auto_field = "django.db.models.BigAutoField"
