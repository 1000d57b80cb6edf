"""Typed reading of environment variables, with errors a person can act on.

A value comes from the process environment or, when the settings module asks
for it with :func:`load_file`, from a ``.env`` file. The environment wins.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, overload
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from pathlib import Path

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off", ""})
_MINIMUM_SECRET_LENGTH: Final = 40
_MINIMUM_DISTINCT_CHARACTERS: Final = 10
#: Every built-in development secret starts with this, so production can refuse it.
SANDBOX_SECRET_PREFIX: Final = "sandbox-only-"  # noqa: S105 - the mark of what is no secret


class EnvError(ImproperlyConfigured):
    """A variable is missing or cannot be understood; the text says which."""


def load_file(path: Path) -> None:
    """Put ``NAME=value`` lines of *path* into the environment, if not set there.

    Raises:
        EnvError: a line is neither a comment nor ``NAME=value``.
    """
    if not path.is_file():
        return
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator or not name.strip().isidentifier():
            message = f"{path.name}, line {number}: expected NAME=value."
            raise EnvError(message)
        os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


@overload
def text(name: str) -> str: ...
@overload
def text(name: str, default: str) -> str: ...
def text(name: str, default: str | None = None) -> str:
    """Return the variable's text; an empty variable counts as not set.

    Raises:
        EnvError: it is not set and there is no default.
    """
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        message = f"The environment variable {name} is not set."
        raise EnvError(message)
    return default


def boolean(name: str, *, default: bool) -> bool:
    """Return a yes/no variable.

    Raises:
        EnvError: the value is neither.
    """
    raw = os.environ.get(name)
    if raw is None:
        return default
    value = raw.strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    message = f"{name} must be 1 or 0, not {raw!r}."
    raise EnvError(message)


def integer(name: str, default: int, *, at_least: int = 0) -> int:
    """Return a whole number.

    Raises:
        EnvError: it is not a whole number or too small.
    """
    raw = text(name, str(default))
    try:
        value = int(raw)
    except ValueError:
        message = f"{name} must be a whole number, not {raw!r}."
        raise EnvError(message) from None
    if value < at_least:
        message = f"{name} must be at least {at_least}, not {value}."
        raise EnvError(message)
    return value


def items(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return a comma-separated list without blanks."""
    raw = os.environ.get(name)
    if raw is None:
        return list(default)
    return [part.strip() for part in raw.split(",") if part.strip()]


def secret(name: str) -> str:
    """Return a secret that is fit for production.

    Raises:
        EnvError: it is missing, short, monotonous, or a development secret.
    """
    value = text(name)
    if value.startswith(SANDBOX_SECRET_PREFIX) or "insecure" in value:
        message = f"{name} holds a development secret. Generate one of your own."
        raise EnvError(message)
    if len(value) < _MINIMUM_SECRET_LENGTH or len(set(value)) < _MINIMUM_DISTINCT_CHARACTERS:
        message = (
            f"{name} is too weak: use at least {_MINIMUM_SECRET_LENGTH} random characters, for "
            'example from: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
        raise EnvError(message)
    return value


def web_address(name: str, default: str | None = None) -> str:
    """Return an http(s) address without a trailing slash.

    Raises:
        EnvError: it is missing or not such an address.
    """
    value = text(name) if default is None else text(name, default)
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"{name} must be a web address such as https://example.com, not {value!r}."
        raise EnvError(message)
    return value.rstrip("/")


def database(url: str) -> dict[str, str]:
    """Split ``postgresql://user:password@host:port/name`` for Django.

    A UNIX socket folder is given as ``postgresql://user@/name?host=%2Ffolder``.

    Raises:
        EnvError: the address is not PostgreSQL's or names no database.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        message = "DATABASE_URL must start with postgresql:// (no other database is supported)."
        raise EnvError(message)
    name = unquote(parts.path.lstrip("/"))
    if not name:
        message = "DATABASE_URL names no database: it must end with /NAME."
        raise EnvError(message)
    try:
        port = parts.port
    except ValueError:
        message = "DATABASE_URL has a port that is not a number."
        raise EnvError(message) from None
    query = parse_qs(parts.query)
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],
        "PORT": str(port or ""),
        "SSLMODE": query.get("sslmode", [""])[0],
    }
