"""App configuration."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    """Disputes."""

    name = "disputes"
    default_auto_field = "django.db.models.BigAutoField"
