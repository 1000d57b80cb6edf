"""The Celery application. Its settings are the ``CELERY_*`` ones of Django."""

from __future__ import annotations

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("evenhand")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _log_as_django_does(**_: Any) -> None:
    """Keep Celery from setting up a logging of its own beside ours."""
    from django.conf import settings  # noqa: PLC0415 - settings load later than this module

    logging.config.dictConfig(settings.LOGGING)
