"""What the code says about the lifecycles: for the docs' diagrams, the triggers' edges and the meta-tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from core.road import LifecycleModel


def state_field(model: type[models.Model]) -> models.Field[Any, Any]:
    """Return the field that holds a lifecycle's state."""
    field: models.Field[Any, Any] = model._meta.get_field("state")  # type: ignore[assignment]
    return field


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of a lifecycle. `target` equals `source` when the state stays."""

    model: type[models.Model]
    name: str
    rule: str
    label: str
    source: str
    target: str
    permission: Any


def lifecycle_models() -> list[type[LifecycleModel]]:
    """Every model with a lifecycle, in app order."""
    return [m for m in apps.get_models() if issubclass(m, LifecycleModel)]


def steps(model: type[LifecycleModel]) -> Iterator[Step]:
    """All edges of a model's lifecycle, `+` and `*` sources spelled out."""
    states = [str(value) for value, _ in state_field(model).flatchoices]
    for name in dir(model):
        meta = getattr(getattr(model, name, None), "_django_fsm", None)
        if meta is None:
            continue
        for source, found in meta.transitions.items():
            target = None if found.target is None else str(found.target)
            if source == "*":
                sources = states
            elif source == "+":
                sources = [s for s in states if s != target]
            else:
                sources = [str(source)]
            for one in sources:
                yield Step(
                    model, name, found.custom["rule"], found.custom["label"], one, target or one, found.permission
                )


def edges(model: type[LifecycleModel]) -> list[str]:
    """Sorted `old>new` changes of state the code allows."""
    return sorted({f"{s.source}>{s.target}" for s in steps(model) if s.source != s.target})
