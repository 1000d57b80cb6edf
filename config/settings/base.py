"""What every environment shares.

The environments differ only in what they read from outside: ``dev`` and
``test`` are the sandbox, ``prod`` refuses everything the sandbox allows.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from redis.backoff import NoBackoff
from redis.retry import Retry

BASE_DIR: Final = Path(__file__).resolve().parent.parent.parent
DATA_DIR = BASE_DIR / ".data"

# --- What the product is called, and whose house it stands in --------------------------------
PRODUCT_NAME = "Evenhand"
MARKETPLACE_NAME = "Upwork"
ARBITRATION_PROVIDER_NAME = "Brief"

#: Test clock, provider and payment sandboxes, people with known passwords. Never in production.
SANDBOX = False
#: Set by the production settings alone; both together are refused.
PRODUCTION = False

# --- Applications ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    # The simple configurations leave TEMPLATES alone: it is written out below.
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "lucide",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "core",
    "accounts",
    "contracts",
    "disputes",
    "mediation",
    "arbitration",
    "notifications",
    "config.apps.WiringConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.web.uploads.HonestNamesMiddleware",
    "core.web.middleware.EvenhandMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.web.context.evenhand",
                "notifications.views_bell.bell",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "lucide.templatetags.lucide",
                "django.templatetags.i18n",
                "core.templatetags.evenhand",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        ),
                    ],
                ),
            ],
        },
    },
]

# --- People ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds

# --- Language, time --------------------------------------------------------------------------
LANGUAGE_CODE = "en"
#: Each speaks every text of the product (tests/languages); its catalogue lies in locale/.
LANGUAGES = [("en", "English"), ("es", "Español")]
USE_I18N = True
LANGUAGE_COOKIE_NAME = "eh_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60  # seconds
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
#: What commands make from sources and installed packages: the style sheet, the cut fonts.
ASSETS_DIR = BASE_DIR / ".data" / "assets"
#: Catalogues compiled from locale/ (core.web.catalogue).
LOCALE_PATHS = [ASSETS_DIR / "locale"]
with suppress(OSError):
    ASSETS_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    # Builds ASSETS_DIR from its sources whenever they are newer, then serves it.
    "core.web.assets.BuiltAssetsFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_MAX_AGE = 60 * 60  # seconds; hashed names are kept for ever anyway
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
#: Private: nothing serves this folder; files leave through views that ask who may see them.
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = ""
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- Database: PostgreSQL and nothing else ---------------------------------------------------
DATABASE_OPTIONS: Final = (
    "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"  # milliseconds
)


def database_settings(parts: dict[str, str]) -> dict[str, Any]:
    """Return Django's entry for one database address, as :func:`config.env.database` split it."""
    options: dict[str, Any] = {"options": DATABASE_OPTIONS, "connect_timeout": 5}
    if parts.get("SSLMODE"):
        options["sslmode"] = parts["SSLMODE"]
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{key: parts[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": options,
    }


def cache_settings(redis_url: str, prefix: str) -> dict[str, Any]:
    """Return Django's cache on one Redis database."""
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
            "KEY_PREFIX": prefix,
            "OPTIONS": {
                "socket_connect_timeout": 2,  # seconds
                "socket_timeout": 5,
                # The client's own default waits for seconds between tries, in the request.
                "retry": Retry(NoBackoff(), 1),
            },
        },
    }


# --- Celery: Redis is a doorbell, PostgreSQL the truth ---------------------------------------
CELERY_TIMEZONE = "UTC"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
# A killed child's task is done again; tasks are idempotent. Either flag alone loses it.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 60  # seconds
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_DEFAULT_QUEUE = "evenhand"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Twice the longest task: that is how long a killed worker's tasks stay away.
    "visibility_timeout": 2 * CELERY_TASK_TIME_LIMIT,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A broker that is away must not hold a request.
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "max_retries": 1,
}


def beat_schedule(*, sweep_seconds: float, relay_seconds: float) -> dict[str, Any]:
    """Return the ticks. A tick carries no meaning: two beats, or a late one, do no harm.

    Each message expires with the next tick, so that a worker that was away
    does not work off a pile of them.
    """
    ticks = {
        "sweep": ("core.tasks.sweep_deadlines", sweep_seconds),
        "relay": ("core.tasks.relay_outbox", relay_seconds),
        "selfcheck": ("core.tasks.self_check", 3600.0),
        "provider": ("arbitration.tasks.reconcile_provider", 60.0),
        "gateway": ("contracts.tasks.ask_gateway", 60.0),
        "retention": ("disputes.tasks.sweep_retention", 3600.0),
    }
    return {
        name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
        for name, (task, seconds) in ticks.items()
    }


CELERY_BEAT_SCHEDULE = beat_schedule(sweep_seconds=60.0, relay_seconds=10.0)

# --- Security --------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Read from the cache, kept in the database: a restart of Redis signs nobody out.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60  # seconds
CSRF_COOKIE_SAMESITE = "Lax"


def content_security_policy(*form_targets: str) -> dict[str, Any]:
    """Return a policy that allows our own files and nothing inline.

    *form_targets* are further origins a form may lead to: a redirect after
    a POST counts, and the sandbox's services answer on another port.
    """
    return {
        "DIRECTIVES": {
            "default-src": ["'none'"],
            "script-src": ["'self'"],
            "style-src": ["'self'"],
            "font-src": ["'self'"],
            "img-src": ["'self'", "data:"],
            "connect-src": ["'self'"],
            "manifest-src": ["'self'"],
            "form-action": ["'self'", *form_targets],
            "base-uri": ["'none'"],
            "frame-ancestors": ["'none'"],
        },
    }


CONTENT_SECURITY_POLICY = content_security_policy()

# --- API -------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Evenhand",
    "DESCRIPTION": "Disputes over fixed-price milestones, from refund request to award.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}

# --- Mail ------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = "Evenhand <notices@evenhand.example>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Remote services (reached over HTTP, answers checked by signature) -----------------------
PROVIDER_TIMEOUT = 10  # seconds

# --- Logging: one line per record, to standard error -----------------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "format": "{asctime} {levelname} {name} {message}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
