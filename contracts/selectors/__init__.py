"""Reads of contracts, and the read models of their pages."""

from contracts.selectors.contract import ContractPage, contract_page, get_contract_for, get_milestone_for
from contracts.selectors.lists import Filters, JobRow, Jobs, JobsPage, list_contracts, my_jobs
from contracts.selectors.refund import RefundPage, get_refund_for, refund_page
from contracts.selectors.thread import (
    ThreadFilters,
    ThreadPage,
    ThreadRow,
    ThreadsPage,
    list_threads,
    thread_page,
)

__all__ = [
    "ContractPage",
    "Filters",
    "JobRow",
    "Jobs",
    "JobsPage",
    "RefundPage",
    "ThreadFilters",
    "ThreadPage",
    "ThreadRow",
    "ThreadsPage",
    "contract_page",
    "get_contract_for",
    "get_milestone_for",
    "get_refund_for",
    "list_contracts",
    "list_threads",
    "my_jobs",
    "refund_page",
    "thread_page",
]
