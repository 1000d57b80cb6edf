"""The sandbox: what ``make run`` and a developer use. Everything has a default."""

from __future__ import annotations

import os
from pathlib import Path

from config import env
from config.embedded.profile import Profile
from config.settings.base import *  # noqa: F403 - settings build on each other
from config.settings.base import (
    BASE_DIR,
    INSTALLED_APPS,
    beat_schedule,
    cache_settings,
    content_security_policy,
    database_settings,
)

env.load_file(BASE_DIR / ".env")

SANDBOX = True
# The arbitration provider's own house, reached over HTTP: it exists in the sandbox only.
INSTALLED_APPS = [*INSTALLED_APPS, "arbitration.providers.sandbox"]
DEBUG = env.boolean("DJANGO_DEBUG", default=False)

# As in a terminal: EVENHAND_DATA moves everything that is kept.
DATA_DIR = Path(env.text("EVENHAND_DATA", str(BASE_DIR / ".data"))).absolute()
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
MAILBOX_DIR = DATA_DIR / "mailbox"

SECRET_KEY = env.text("SECRET_KEY", env.SANDBOX_SECRET_PREFIX + "key-of-a-local-demonstration")
PROVIDER_SIGNING_SECRET = env.text(
    "PROVIDER_SIGNING_SECRET",
    env.SANDBOX_SECRET_PREFIX + "arbitration-provider",
)
GATEWAY_SIGNING_SECRET = env.text(
    "GATEWAY_SIGNING_SECRET",
    env.SANDBOX_SECRET_PREFIX + "payment-gateway",
)

SITE_URL = env.web_address("SITE_URL", "http://127.0.0.1:8000")
SANDBOX_URL = env.web_address("SANDBOX_URL", "http://127.0.0.1:8001")
PROVIDER_BASE_URL = env.web_address("PROVIDER_BASE_URL", SANDBOX_URL + "/provider")
GATEWAY_BASE_URL = env.web_address("GATEWAY_BASE_URL", SANDBOX_URL + "/payments")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", ("127.0.0.1", "localhost", "[::1]"))
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS", (SITE_URL, SANDBOX_URL))
CONTENT_SECURITY_POLICY = content_security_policy(SITE_URL, SANDBOX_URL)

_PROFILE = Profile.named("dev", data=DATA_DIR)
DATABASES = {
    "default": database_settings(
        env.database(env.text("DATABASE_URL", _PROFILE.database_url())),
    ),
}
CACHES = cache_settings(env.text("REDIS_URL", _PROFILE.redis_url(1)), "evenhand")
CELERY_BROKER_URL = env.text("REDIS_URL", _PROFILE.broker_url(0))
CELERY_BEAT_SCHEDULE = beat_schedule(sweep_seconds=10.0, relay_seconds=5.0)
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.integer("EMAIL_PORT", 8002, at_least=1)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", default=False)

# The sandbox's services are a second process of the same code. Cookies know no
# ports, so that process must not overwrite the main site's.
ROOT_URLCONF = env.text("EVENHAND_ROOT_URLCONF", "config.urls")
if ROOT_URLCONF != "config.urls":
    SESSION_COOKIE_NAME = "sandbox_sessionid"
    CSRF_COOKIE_NAME = "sandbox_csrftoken"

if DEBUG:
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
