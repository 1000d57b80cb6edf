"""Wires the rooms together once all of them are loaded."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """The last application: `ready` connects events, deadlines, outbox and checks."""

    name = "config"
    label = "wiring"

    def ready(self) -> None:
        """Connect."""
        from config import checks, wiring  # noqa: F401, PLC0415 - needs every app's models

        wiring.connect()
