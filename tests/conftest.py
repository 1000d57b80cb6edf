"""Services, database and sockets of the tests.

The embedded PostgreSQL and Redis are started by the first process that needs
them and stopped by the last, unless `make services` keeps them running. With
`DATABASE_URL` and `REDIS_URL` set, those are used and nothing is started.
"""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from config.embedded import Profile, ServiceError, Stack
from tests.support import flush
from tests.support.html import CheckedClient
from tests.support.rulebook import RulePlugin


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RulePlugin(), "rulebook")
    flush.install()
    if config.option.collectonly or config.option.help:
        return
    services = ExitStack()
    try:
        services.enter_context(Stack(Profile.named("test")).borrowed())
    except ServiceError as error:
        raise pytest.UsageError(str(error)) from None
    config.add_cleanup(services.close)


@pytest.fixture
def client() -> CheckedClient:
    """Django's test client that also parses every HTML answer."""
    return CheckedClient()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, django_db_modify_db_settings):
    if request.config.option.nomigrations:
        return
    from django.db import connections

    from tests.support.database import template

    connections["default"].settings_dict["TEST"]["TEMPLATE"] = template()
