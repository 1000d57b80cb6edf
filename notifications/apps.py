"""App configuration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Notifications."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
