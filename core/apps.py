"""App configuration."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Core."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"
