"""The outbox: committed with its cause, delivered at least once, a failure is retried and blocks nobody."""

from datetime import UTC, datetime, timedelta

import pytest

from core import outbox
from core.models import OutboxMessage

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def sent():
    seen = []

    def deliver(payload):
        if payload.get("fail"):
            raise ConnectionError("the receiver is away")
        seen.append(payload)

    before = dict(outbox._registry)
    outbox.register("test.send", deliver)
    yield seen
    outbox._registry.clear()
    outbox._registry.update(before)


def test_what_waits_is_delivered_once(sent):
    outbox.put("test.send", {"n": 1}, now=NOW)
    outbox.put("test.send", {"n": 2}, now=NOW)
    assert outbox.relay(now=NOW) == 2
    assert outbox.relay(now=NOW) == 0
    assert sent == [{"n": 1}, {"n": 2}]


def test_a_failing_message_backs_off_and_lets_the_others_pass(sent):
    outbox.put("test.send", {"fail": True}, now=NOW)
    outbox.put("test.send", {"n": 2}, now=NOW)
    assert outbox.relay(now=NOW) == 1
    row = OutboxMessage.objects.get(delivered_at__isnull=True)
    assert (row.attempts, row.last_error) == (1, "ConnectionError: the receiver is away")
    assert row.available_at == NOW + timedelta(seconds=5)
    OutboxMessage.objects.filter(pk=row.pk).update(payload={"n": 1})
    assert outbox.relay(now=NOW + timedelta(seconds=5)) == 1
    assert sent == [{"n": 2}, {"n": 1}]


def test_a_relay_killed_between_claim_and_mark_leaves_a_message_that_frees_itself(sent):
    outbox.put("test.send", {"n": 1}, now=NOW)
    assert outbox._claim(NOW) is not None  # and then the process dies
    assert outbox.relay(now=NOW + timedelta(seconds=1)) == 0
    assert outbox.relay(now=NOW + outbox.LEASE) == 1
    assert sent == [{"n": 1}]


def test_an_unknown_sender_is_refused_when_the_message_is_left():
    with pytest.raises(LookupError, match="no outbox handler"):
        outbox.put("nobody", {}, now=NOW)
