"""`unchanged(contract)`: what a refused act touched, which must be nothing."""

from __future__ import annotations

from contextlib import contextmanager
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from contracts.models import Contract

# How a row is reached from a contract, for models without a `contract` field of their own.
_PATHS = ("contract", "milestone__contract", "refund_request__contract", "dispute__contract", "case__dispute__contract",
          "notice__dispute__contract", "request__contract", "request__dispute__contract", "entry__contract",
          "case__dispute__contract")  # fmt: skip
_BY_ID = {"core.deadline": "contract_id", "notifications.notice": "contract_id", "contracts.contract": "id"}
# A form's one-time key is spent even by a refusal elsewhere; heartbeats and sessions are nobody's case.
_GLOBAL = ("core.outboxmessage", "core.auditentry")
# What a person has typed and not sent is kept by a refusal on purpose.
_DRAFTS = ("disputes.pagedraft",)


def snapshot(contract_id: UUID) -> dict[str, list[tuple]]:
    """Every row that belongs to a contract, plus the whole outbox and audit, as plain tuples."""
    rows: dict[str, list[tuple]] = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        found = _rows_of(model, contract_id)
        if found is not None:
            rows[label] = sorted(found.values_list(), key=str)
    return rows


def _rows_of(model: type[models.Model], contract_id: UUID):
    label = model._meta.label_lower
    if label in _DRAFTS:
        return None
    manager = model._default_manager
    if label in _GLOBAL:
        return manager.all()
    if label in _BY_ID:
        return manager.filter(**{_BY_ID[label]: contract_id})
    for path in _PATHS:
        if _leads_to_contract(model, path):
            return manager.filter(**{path: contract_id})
    return None


def _leads_to_contract(model: type[models.Model], path: str) -> bool:
    for part in path.split("__"):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return False
        if not getattr(field, "many_to_one", False) and not getattr(field, "one_to_one", False):
            return False
        model = field.related_model
    return model is Contract


@contextmanager
def unchanged(contract: Contract | UUID):
    """Fail when the block changed any row of the contract: state, ledger, deadlines, events, outbox, notices."""
    contract_id = contract if isinstance(contract, UUID) else contract.pk
    before = snapshot(contract_id)
    yield
    after = snapshot(contract_id)
    changed = [label for label in before if before[label] != after[label]]
    assert not changed, f"a refused act changed {changed}"
