"""App configuration."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Core."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Compile the catalogues of texts, if they changed."""
        from core.web import catalogue  # noqa: PLC0415 - needs the settings

        catalogue.build()
