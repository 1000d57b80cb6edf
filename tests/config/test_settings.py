"""Settings: production refuses what the sandbox allows."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys

import pytest
import yaml
from django.conf import settings
from django.core import checks

from config.checks import no_known_secrets_outside_the_sandbox, no_sandbox_in_production
from config.embedded.profile import ROOT

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "SITE_URL": "https://disputes.example",
    "ALLOWED_HOSTS": "disputes.example",
    "PROVIDER_BASE_URL": "https://provider.example",
    "GATEWAY_BASE_URL": "https://payments.example",
    "DATABASE_URL": "postgresql://evenhand@127.0.0.1/evenhand",
    "REDIS_URL": "redis://127.0.0.1/0",
    "EMAIL_HOST": "mail.example",
    "DEFAULT_FROM_EMAIL": "notices@disputes.example",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "PROVIDER_SIGNING_SECRET": secrets.token_urlsafe(48),
    "GATEWAY_SIGNING_SECRET": secrets.token_urlsafe(48),
}
REQUIRED = sorted(PRODUCTION.keys() - {"DJANGO_SETTINGS_MODULE"})


def load(**changed: str | None) -> subprocess.CompletedProcess[str]:
    """Import the production settings in a process of their own."""
    environment = {"PATH": os.environ["PATH"], **PRODUCTION}
    for name, value in changed.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    return subprocess.run(
        [
            *(sys.executable, "-c"),
            "from django.conf import settings as s; print(s.SANDBOX, s.DEBUG, s.SESSION_COOKIE_SECURE)",
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_loads_with_everything_set():
    result = load()

    assert (result.returncode, result.stdout) == (0, "False False True\n"), result.stderr


@pytest.mark.parametrize("name", REQUIRED)
def test_production_names_the_variable_it_misses(name):
    result = load(**{name: None})

    assert result.returncode == 1
    assert name in result.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", settings.SECRET_KEY),
        ("PROVIDER_SIGNING_SECRET", "changeme"),
        ("GATEWAY_SIGNING_SECRET", settings.GATEWAY_SIGNING_SECRET),
        ("SANDBOX", "1"),
        ("EVENHAND_ROOT_URLCONF", "config.urls_sandbox"),
        ("ALLOWED_HOSTS", "*"),
    ],
)
def test_production_refuses_what_only_the_sandbox_may(name, value):
    result = load(**{name: value})

    assert result.returncode == 1
    assert "ImproperlyConfigured" in result.stderr or "EnvError" in result.stderr


def test_sandbox_and_production_together_are_an_error(settings):
    settings.SANDBOX, settings.PRODUCTION = True, True

    found = no_sandbox_in_production(None)

    assert [(message.id, message.level) for message in found] == [("evenhand.E001", checks.ERROR)]


def test_the_sandbox_alone_is_none(settings):
    settings.SANDBOX, settings.PRODUCTION = True, False

    assert no_sandbox_in_production(None) == []


def test_a_secret_from_the_source_code_is_an_error_outside_the_sandbox(settings):
    settings.SANDBOX = False
    settings.PROVIDER_SIGNING_SECRET = secrets.token_urlsafe(48)

    found = no_known_secrets_outside_the_sandbox(None)

    assert [message.id for message in found] == ["evenhand.E002", "evenhand.E002"]
    assert "SECRET_KEY" in found[0].msg
    assert "GATEWAY_SIGNING_SECRET" in found[1].msg


def test_every_variable_of_production_is_in_the_example_and_in_the_composition():
    source = (ROOT / "config" / "settings" / "prod.py").read_text()
    read = set(re.findall(r"""env\.(?:text|secret|web_address|items|integer|boolean)\(\s*"(\w+)\"""", source))
    example = set(re.findall(r"^#?(\w+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    composition = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    given = set(composition["services"]["web"]["environment"])
    # Defaults that fit; a deployment that wants others sets them itself.
    optional = {"SANDBOX", "CSRF_TRUSTED_ORIGINS", "EVENHAND_DATA", "STATIC_ROOT", "SECURE_HSTS_SECONDS"}

    assert read - optional - example == set()
    assert read - optional - given == set()


def test_every_service_of_the_composition_is_watched_or_ends():
    composition = yaml.safe_load((ROOT / "docker-compose.yml").read_text())

    unwatched = {name for name, service in composition["services"].items() if "healthcheck" not in service}

    assert set(composition["services"]) == {"db", "redis", "migrate", "web", "worker", "beat"}
    assert unwatched == {"migrate"}


def test_lock_files_name_every_hash_and_no_index():
    for name in ("base", "dev", "redis"):
        text = (ROOT / "requirements" / f"{name}.lock").read_text()
        pinned = re.findall(r"^\S+==\S+.*\\$", text, flags=re.MULTILINE)

        assert len(pinned) > 0
        assert re.findall(r"^\S+==[^\\]*$", text, flags=re.MULTILINE) == []
        assert "://" not in text
        assert "index-url" not in text
