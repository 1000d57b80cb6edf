"""The servers the tests themselves stand on."""

from __future__ import annotations

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_a_guarded_postgresql():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),"
            " current_setting('idle_in_transaction_session_timeout'),"
            " current_setting('TimeZone')",
        )
        found = cursor.fetchone()

    assert found == ("30s", "5s", "30s", "UTC")


def test_the_cache_is_a_redis_of_this_run_alone():
    cache.clear()

    cache.set("greeting", "hello", 5)

    assert cache.get("greeting") == "hello"


def test_the_broker_answers_at_the_same_redis():
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=0)

        assert broker.connected is True
