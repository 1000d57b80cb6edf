"""I1–I8 as far as this room can say them, for the nightly job and the `selfcheck` command.

The rooms above register I3 (frozen = disputed amount) and I8 (fees of closed arbitrations) themselves; here
stands what holds whatever they do.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from contracts.enums import ESCROW_ACCOUNTS, EXTERNAL_ACCOUNTS, RefundState
from contracts.models import LedgerAccount, Payout, RefundRequest
from core import deadlines
from core.selfcheck import Check

_ESCROW = [c.value for c in ESCROW_ACCOUNTS]


def _rows(sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or [])
        return list(cursor.fetchall())


def balances_are_sums(_now: datetime) -> Iterator[str]:
    """I1: each balance row is the sum of its transfers, so that all entries sum to 0."""
    rows = _rows("""
        SELECT a.id, a.code, a.balance, coalesce(c.s, 0) - coalesce(d.s, 0)
        FROM contracts_ledgeraccount a
        LEFT JOIN (SELECT credit_id id, sum(amount) s FROM contracts_transfer GROUP BY 1) c ON c.id = a.id
        LEFT JOIN (SELECT debit_id id, sum(amount) s FROM contracts_transfer GROUP BY 1) d ON d.id = a.id
        WHERE a.balance IS NOT NULL AND a.balance <> coalesce(c.s, 0) - coalesce(d.s, 0)
    """)
    for pk, code, balance, total in rows:
        yield f"account {pk} ({code}) holds {balance}, its transfers sum to {total}"


def nothing_below_zero(_now: datetime) -> Iterator[str]:
    """I1: no account is below 0 except the outside."""
    for row in LedgerAccount.objects.filter(balance__lt=0):
        yield f"account {row.pk} ({row.code}) is at {row.balance}"
    shared = _rows(
        """
        SELECT a.code, a.currency,
               coalesce((SELECT sum(amount) FROM contracts_transfer WHERE credit_id = a.id), 0)
             - coalesce((SELECT sum(amount) FROM contracts_transfer WHERE debit_id = a.id), 0)
        FROM contracts_ledgeraccount a WHERE a.balance IS NULL AND NOT a.code = ANY(%s)
        """,
        [[c.value for c in EXTERNAL_ACCOUNTS]],
    )
    for code, currency, total in shared:
        if total < 0:
            yield f"{code} in {currency} is at {total}"


def escrow_adds_up(_now: datetime) -> Iterator[str]:
    """I2: what is in escrow = funded − released − refunded, per contract.

    Written over the transfers that cross the border of the escrow accounts, so it also catches money that
    crossed it to or from a place where it has no business.
    """
    rows = _rows(
        """
        WITH crossing AS (
            SELECT e.contract_id,
                   sum(CASE WHEN c.code = ANY(%(escrow)s) AND d.code = 'external_client'
                            THEN t.amount ELSE 0 END) funded,
                   sum(CASE WHEN d.code = ANY(%(escrow)s) AND c.code IN ('freelancer_pending', 'platform_fee')
                            THEN t.amount ELSE 0 END) released,
                   sum(CASE WHEN d.code = ANY(%(escrow)s) AND c.code = 'payable_client'
                            THEN t.amount ELSE 0 END) refunded,
                   sum(CASE WHEN e.ground IN ('correction', 'fraud_order', 'court_order')
                            THEN CASE WHEN c.code = ANY(%(escrow)s) AND NOT d.code = ANY(%(escrow)s)
                                           AND d.code <> 'external_client' THEN t.amount
                                      WHEN d.code = ANY(%(escrow)s) AND NOT c.code = ANY(%(escrow)s)
                                           AND c.code NOT IN ('freelancer_pending', 'platform_fee', 'payable_client')
                                      THEN -t.amount ELSE 0 END
                            ELSE 0 END) ordered
            FROM contracts_transfer t
            JOIN contracts_journalentry e ON e.id = t.entry_id
            JOIN contracts_ledgeraccount d ON d.id = t.debit_id
            JOIN contracts_ledgeraccount c ON c.id = t.credit_id
            GROUP BY 1),
        held AS (
            SELECT contract_id, sum(balance) held FROM contracts_ledgeraccount
            WHERE code = ANY(%(escrow)s) GROUP BY 1)
        SELECT contract_id, held, funded, released, refunded, ordered FROM crossing JOIN held USING (contract_id)
        WHERE held <> funded - released - refunded + ordered
        """,
        {"escrow": _ESCROW},  # type: ignore[arg-type]
    )
    for contract, held, funded, released, refunded, ordered in rows:
        yield (
            f"contract {contract} holds {held}, but funded {funded} - released {released} - refunded {refunded}"
            f" + orders {ordered} is {funded - released - refunded + ordered}"
        )


def payables_are_payouts(_now: datetime) -> Iterator[str]:
    """What is payable to a side of a contract = its payouts that have not arrived."""
    rows = _rows("""
        SELECT contract_id, side, sum(payable), sum(due) FROM (
            SELECT contract_id, replace(code, 'payable_', '') side, balance payable, 0 due
            FROM contracts_ledgeraccount WHERE code IN ('payable_client', 'payable_freelancer')
            UNION ALL
            SELECT contract_id, side, 0, amount FROM contracts_payout WHERE state = 'due') both_sides
        GROUP BY 1, 2 HAVING sum(payable) <> sum(due)
    """)
    for contract, side, payable, due in rows:
        yield f"contract {contract}: payable to the {side} is {payable}, payouts on their way are {due}"


def frozen_belongs_to_the_open_dispute(_now: datetime) -> Iterator[str]:
    """I3, I6: money is frozen for the contract's open dispute and for nothing else."""
    rows = _rows("""
        SELECT a.contract_id, a.object_id, a.balance FROM contracts_ledgeraccount a
        JOIN contracts_contract k ON k.id = a.contract_id
        WHERE a.code = 'escrow_frozen' AND a.balance > 0 AND a.object_id IS DISTINCT FROM k.open_dispute_id
    """)
    for contract, dispute, balance in rows:
        yield f"contract {contract} has {balance} frozen for {dispute}, which is not its open dispute"


def refund_money_belongs_to_a_request(_now: datetime) -> Iterator[str]:
    """I5: `escrow_refund` is what the contract's one open refund request asks for."""
    rows = _rows("""
        SELECT contract_id, sum(held), sum(asked) FROM (
            SELECT contract_id, balance held, 0 asked FROM contracts_ledgeraccount WHERE code = 'escrow_refund'
            UNION ALL
            SELECT contract_id, 0, amount FROM contracts_refundrequest WHERE state = 'open') both_sides
        GROUP BY 1 HAVING sum(held) <> sum(asked)
    """)
    for contract, held, asked in rows:
        yield f"contract {contract} has {held} set aside for refund requests that ask for {asked}"


def live_milestone_holds_the_escrow(_now: datetime) -> Iterator[str]:
    """I4's ground: money in `escrow_available` belongs to one live milestone; a closed contract holds nothing."""
    rows = _rows("""
        SELECT k.id, a.balance FROM contracts_contract k
        JOIN contracts_ledgeraccount a ON a.contract_id = k.id AND a.code = 'escrow_available' AND a.balance > 0
        WHERE NOT EXISTS (
            SELECT 1 FROM contracts_milestone m WHERE m.contract_id = k.id
            AND m.state IN ('funded', 'submitted', 'changes_requested', 'release_refused'))
    """)
    for contract, balance in rows:
        yield f"contract {contract} has {balance} in escrow that belongs to no milestone"
    closed = _rows(
        """
        SELECT k.id, sum(a.balance) FROM contracts_contract k
        JOIN contracts_ledgeraccount a ON a.contract_id = k.id AND a.code = ANY(%s)
        WHERE k.state = 'closed' GROUP BY 1 HAVING sum(a.balance) > 0
        """,
        [_ESCROW],
    )
    for contract, balance in closed:
        yield f"contract {contract} is closed and still holds {balance}"


def waiting_has_a_clock(_now: datetime) -> Iterator[str]:
    """Z5: every open refund request has its clock, every payout on its way its alert."""
    for pk in RefundRequest.objects.filter(state=RefundState.OPEN).values_list("pk", flat=True):
        if deadlines.running(pk, "refund_response") is None:
            yield f"refund request {pk} waits without a clock"
    for pk in Payout.objects.filter(state="due").values_list("pk", flat=True):
        if deadlines.running(pk, "payout_alert") is None:
            yield f"payout {pk} waits without an alert"


CHECKS: dict[str, Check] = {
    "I1 balances": balances_are_sums,
    "I1 nothing below zero": nothing_below_zero,
    "I2 escrow": escrow_adds_up,
    "I2 payables": payables_are_payouts,
    "I3 frozen": frozen_belongs_to_the_open_dispute,
    "I4 milestones": live_milestone_holds_the_escrow,
    "I5 refund requests": refund_money_belongs_to_a_request,
    "Z5 contracts": waiting_has_a_clock,
}
