"""I1-I8: what PostgreSQL itself refuses, and what the self-check finds when a row was tampered with."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from contracts.enums import AccountCode, Ground
from contracts.ledger import services as ledger
from contracts.ledger.selectors import balance_of, shared_total
from contracts.ledger.services import Cause, Place, UnableToMoveMoneyError
from contracts.models import Contract, JournalEntry, LedgerAccount, Transfer
from core import selfcheck
from core.money import Money
from core.permissions import SYSTEM
from tests.factories import contracts as make
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db


def cause(world, seq=1):
    return Cause("X1", "test", uuid4(), SYSTEM, world.now, Ground.CORRECTION, seq=seq)


def move(world, source, target, minor):
    with transaction.atomic():
        return ledger.post(world.contract, cause(world), [(Place(source), Place(target), world.money(minor))])


OUT, IN, FEE = AccountCode.EXTERNAL_CLIENT, AccountCode.ESCROW_AVAILABLE, AccountCode.PLATFORM_FEE


@pytest.mark.rule("I1")
def test_I1_an_entry_balances_and_the_rows_carry_the_sums():
    world = make.submitted_contract()
    world.approve()

    ins = sum(t.amount for t in Transfer.objects.all())
    assert ins == 180_000 + 180_000
    assert shared_total(FEE, "USD") == world.money(18_000)
    assert balance_of(world.contract, IN) == world.money(0)


def test_I1_no_account_goes_below_zero():
    world = make.funded_contract()

    with unchanged(world.contract), pytest.raises(UnableToMoveMoneyError):
        move(world, IN, FEE, 180_001)


@pytest.mark.rule("I1")
def test_I1_the_database_refuses_it_even_without_the_service():
    world = make.funded_contract()
    entry = move(world, OUT, IN, 1)
    source, target = entry.transfers.get().debit, LedgerAccount.objects.get(code=IN)

    with pytest.raises(IntegrityError, match="contracts_I1_never_below_zero"), transaction.atomic():
        Transfer.objects.create(entry=entry, debit=target, credit=source, amount=10**9, currency="USD")


def test_nothing_negative_nothing_empty_nothing_in_another_currency():
    world = make.funded_contract()

    with unchanged(world.contract):
        for amount in (Money(-1, "USD"), Money(0, "USD"), Money(1, "EUR")):
            with pytest.raises(ValueError, match=r"negative|nothing|contract in USD"), transaction.atomic():
                ledger.post(world.contract, cause(world), [(Place(OUT), Place(IN), amount)])


@pytest.mark.parametrize("sql", [
    "UPDATE contracts_transfer SET amount = 1",
    "DELETE FROM contracts_transfer",
    "UPDATE contracts_journalentry SET note = 'x'",
    "DELETE FROM contracts_journalentry",
    "TRUNCATE contracts_transfer",
    "UPDATE contracts_ledgeraccount SET balance = 1 WHERE balance IS NOT NULL",
])  # fmt: skip
def test_the_journal_is_written_once_and_balances_move_by_transfers_alone(sql):
    make.funded_contract()

    with pytest.raises(DatabaseError, match=r"written once|moved by transfers"), transaction.atomic():
        run(sql)


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)


def test_a_transfer_cannot_leave_its_contract():
    one, other = make.funded_contract(), make.funded_contract()
    entry = JournalEntry.objects.filter(contract_id=one.contract_id).first()
    source = LedgerAccount.objects.get(contract_id=one.contract_id, code=IN)
    target = LedgerAccount.objects.get(contract_id=other.contract_id, code=IN)

    with pytest.raises(IntegrityError, match="left its contract"), transaction.atomic():
        Transfer.objects.create(entry=entry, debit=source, credit=target, amount=1, currency="USD")


def test_the_grounds_are_a_closed_list():
    world = make.funded_contract()
    with pytest.raises(IntegrityError, match="closed_list_of_grounds"), transaction.atomic():
        JournalEntry.objects.create(
            key="x", contract=world.contract, rule="X1", cause_type="t", cause_id=uuid4(), ground="whim",
            actor_kind="system", posted_at=world.now,
        )  # fmt: skip


def test_money_only_moves_inside_a_transaction(transactional_db):
    world = make.funded_contract()
    with pytest.raises(RuntimeError, match="inside the transaction"):
        ledger.post(world.contract, cause(world), [(Place(OUT), Place(IN), world.money(1))])


def test_the_command_says_that_all_is_in_order():
    make.refund_requested_contract()
    out = StringIO()

    call_command("selfcheck", stdout=out)

    assert out.getvalue().startswith("All in order: ")


def tampered(table, change):
    """Change a row behind the triggers' back, as the database's owner could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {change}")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("table", "change", "check"),
    [
        ("contracts_ledgeraccount", "balance = balance + 1 WHERE code = 'escrow_refund'", "I1 balances"),
        ("contracts_refundrequest", "amount = amount - 1", "I5 refund requests"),
        ("core_deadline", "status = 'cancelled', executed_at = due_at", "Z5 contracts"),
    ],
)
def test_the_self_check_finds_what_was_tampered_with(table, change, check):
    world = make.refund_requested_contract()
    tampered(table, change)

    assert check in {f.check for f in selfcheck.run(now=world.now)}
    with pytest.raises(CommandError):
        call_command("selfcheck", stdout=StringIO())


def test_I2_money_that_left_escrow_by_a_side_door_is_found():
    world = make.funded_contract()
    source = LedgerAccount.objects.get(code=IN)
    entry = JournalEntry.objects.get(rule="C1")
    target = ledger.account(world.contract, Place(AccountCode.FREELANCER_AVAILABLE))
    Transfer.objects.create(entry=entry, debit=source, credit=target, amount=5, currency="USD")

    assert "I2 escrow" in {f.check for f in selfcheck.run(now=world.now)}


def test_I3_frozen_money_without_an_open_dispute_is_found():
    world = make.refund_requested_contract()
    make.disputed_refund(world, uuid4())
    Contract.objects.filter(pk=world.contract_id).update(open_dispute_id=None)

    assert "I3 frozen" in {f.check for f in selfcheck.run(now=world.now)}


def test_a_payout_whose_money_is_gone_is_found():
    world = make.refund_requested_contract()
    world.accept_refund()
    tampered("contracts_payout", "amount = amount + 1")

    assert "I2 payables" in {f.check for f in selfcheck.run(now=world.now)}
