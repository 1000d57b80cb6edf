"""App configuration."""

from django.apps import AppConfig


class MediationConfig(AppConfig):
    """Mediation."""

    name = "mediation"
    default_auto_field = "django.db.models.BigAutoField"
