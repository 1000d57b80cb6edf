"""The chain: append-only in the database, and an alteration is named."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Account
from core import audit
from core.models import AuditChain, AuditEntry
from core.permissions import SYSTEM

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def chain():
    account = Account(kind="freelancer", name="A", created_at=NOW)
    pk = uuid4()
    for n in range(3):
        audit.append(chain=pk, rule="D5", act=f"act {n}", obj=account, actor=SYSTEM, now=NOW, payload={"n": n})
    return pk


def alter(sql, *arguments):
    """What an intruder with the database's owner rights could do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER ALL")
        cursor.execute(sql, arguments)
        cursor.execute("ALTER TABLE core_auditentry ENABLE TRIGGER ALL")


def test_an_untouched_chain_verifies(chain):
    verdict = audit.verify(chain)
    assert (verdict.length, verdict.broken_at) == (3, None)
    assert verdict.head == AuditChain.objects.get(pk=chain).head


@pytest.mark.parametrize("change", ["payload = '{\"n\": 7}'", "actor_name = 'Somebody'", "at = at + interval '1 s'"])
def test_the_first_altered_row_is_named(chain, change):
    alter(f"UPDATE core_auditentry SET {change} WHERE chain_id = %s AND position = 2", str(chain))
    assert audit.verify(chain).broken_at == 2


@pytest.mark.parametrize(("position", "named"), [(1, 1), (2, 2), (3, 3)])
def test_a_deleted_row_is_named(chain, position, named):
    alter("DELETE FROM core_auditentry WHERE chain_id = %s AND position = %s", str(chain), position)
    assert audit.verify(chain).broken_at == named


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_the_record(chain, act):
    rows = AuditEntry.objects.filter(chain_id=chain)
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        rows.update(act="other") if act == "update" else rows.delete()


def test_a_text_can_be_redacted_without_breaking_the_chain():
    """Section 16: the chain holds a salted digest of the words, not the words."""
    first = audit.text_digest("my words", "salt a")
    assert first != audit.text_digest("my words", "salt b")
    assert len(first) == 64
