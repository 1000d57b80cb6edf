"""Production: every value comes from outside, and the sandbox is impossible."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings.base import *  # noqa: F403 - settings build on each other
from config.settings.base import cache_settings, content_security_policy, database_settings

if env.boolean("SANDBOX", default=False) or os.environ.get("EVENHAND_ROOT_URLCONF"):
    message = "The sandbox cannot be switched on with the production settings. Unset SANDBOX."
    raise ImproperlyConfigured(message)

SANDBOX = False
PRODUCTION = True
DEBUG = False

SECRET_KEY = env.secret("SECRET_KEY")
PROVIDER_SIGNING_SECRET = env.secret("PROVIDER_SIGNING_SECRET")
GATEWAY_SIGNING_SECRET = env.secret("GATEWAY_SIGNING_SECRET")

SITE_URL = env.web_address("SITE_URL")
SANDBOX_URL = ""
PROVIDER_BASE_URL = env.web_address("PROVIDER_BASE_URL")
GATEWAY_BASE_URL = env.web_address("GATEWAY_BASE_URL")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    message = "ALLOWED_HOSTS must name the hosts, separated by commas; * is not accepted."
    raise ImproperlyConfigured(message)
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS", (SITE_URL,))
# A payment page of the gateway may be where a form leads.
CONTENT_SECURITY_POLICY = content_security_policy(*env.items("CSP_FORM_TARGETS"))

DATABASES = {"default": database_settings(env.database(env.text("DATABASE_URL")))}
CACHES = cache_settings(env.text("REDIS_URL"), "evenhand")
CELERY_BROKER_URL = env.text("REDIS_URL")

DATA_DIR = Path(env.text("EVENHAND_DATA", "/var/lib/evenhand"))
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
MEDIA_ROOT = DATA_DIR / "media"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.integer("EMAIL_PORT", 587, at_least=1)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", default=True)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", default=True)
if env.boolean("TRUST_X_FORWARDED_PROTO", default=False):
    # Only behind a proxy that sets or strips this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
