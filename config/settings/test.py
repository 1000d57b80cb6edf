"""The tests: the sandbox without anything that comes from outside.

``EVENHAND_TEST_DB`` names the test database, so that several people can run
tests against the same server at the same time.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from pathlib import Path
from urllib.parse import urlsplit

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

SANDBOX = True
# The arbitration provider's own house, reached over HTTP: it exists in the sandbox only.
INSTALLED_APPS = [*INSTALLED_APPS, "arbitration.providers.sandbox"]
DEBUG = False

SECRET_KEY = env.SANDBOX_SECRET_PREFIX + "key-of-the-tests"
PROVIDER_SIGNING_SECRET = env.SANDBOX_SECRET_PREFIX + "arbitration-provider"
GATEWAY_SIGNING_SECRET = env.SANDBOX_SECRET_PREFIX + "payment-gateway"
SITE_URL = "http://testserver"
SANDBOX_URL = "http://sandbox.testserver"
PROVIDER_BASE_URL = SANDBOX_URL + "/provider"
GATEWAY_BASE_URL = SANDBOX_URL + "/payments"
ALLOWED_HOSTS = ["testserver", "sandbox.testserver", "127.0.0.1", "localhost"]
CONTENT_SECURITY_POLICY = content_security_policy(SITE_URL, SANDBOX_URL)

_PROFILE = Profile.named("test")
_NAME = env.text("EVENHAND_TEST_DB", "test_evenhand")
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

DATABASES = {
    "default": database_settings(
        env.database(env.text("DATABASE_URL", _PROFILE.database_url())),
    ),
}
DATABASES["default"]["TEST"] = {"NAME": _NAME}

# A Redis database of its own for each test process: clearing the cache empties all of it.
REDIS_NUMBER = 16 + zlib.crc32(f"{_NAME}/{_WORKER}".encode()) % 1000
_CACHE_URL, CELERY_BROKER_URL = _PROFILE.redis_url(REDIS_NUMBER), _PROFILE.broker_url(REDIS_NUMBER)
if os.environ.get("REDIS_URL"):
    # A Redis that is not ours may have only the usual sixteen.
    REDIS_NUMBER = 1 + int(_WORKER.removeprefix("gw") or 0) % 15
    _CACHE_URL = CELERY_BROKER_URL = urlsplit(env.text("REDIS_URL"))._replace(path=f"/{REDIS_NUMBER}").geturl()
CACHES = cache_settings(_CACHE_URL, f"{_NAME}{_WORKER}")
CELERY_BEAT_SCHEDULE = beat_schedule(sweep_seconds=10.0, relay_seconds=5.0)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATA_DIR = Path(tempfile.gettempdir()) / f"{_NAME}{_WORKER}-{os.getuid()}"
MEDIA_ROOT = DATA_DIR / "media"
MAILBOX_DIR = DATA_DIR / "mailbox"
STATIC_ROOT = BASE_DIR / ".data" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
