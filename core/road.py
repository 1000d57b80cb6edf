"""The road of a command (architecture section 2): the steps every state change shares.

with transaction.atomic():
    request = lock_refund_request(pk)                 # lock
    step = road.take(request, "accept", actor=…, now=…, chain=…)   # permission, guard, transition, save, audit
    …ledger, deadlines, publish…
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _
from django_fsm import ConcurrentTransitionMixin

from core import audit
from core.errors import NotAllowedError, OutOfTurnError, TooLateError
from core.formatting import format_instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise as StrPromise

    from core.permissions import Actor

_recorders: list[set[str]] = []


class LifecycleModel(ConcurrentTransitionMixin, models.Model):
    """Base of the `…Lifecycle` models: `state` plus the fields only transitions set."""

    # Everything a transition method may set, saved by `take` in one UPDATE.
    LIFECYCLE_FIELDS: ClassVar[tuple[str, ...]] = ("state",)
    # The noun in sentences to people: "refund request".
    NOUN: ClassVar[StrPromise | str] = ""

    class Meta:
        abstract = True


def rule(rule_id: str, label: StrPromise | str, *, money: bool = False) -> dict[str, Any]:
    """`custom=` of a transition: its rule id, its label on a button, whether it moves money."""
    return {"rule": rule_id, "label": label, "money": money}


def ran(rule_id: str) -> None:
    """Note that a rule was executed (tests compare this with their marks)."""
    for seen in _recorders:
        seen.add(rule_id)


@contextmanager
def recording() -> Iterator[set[str]]:
    """Collect the ids of the rules executed inside the block, in this and every other thread."""
    seen: set[str] = set()
    _recorders.append(seen)
    try:
        yield seen
    finally:
        _recorders.remove(seen)


def _meta(method: Callable[..., Any]) -> Any:
    return method._django_fsm  # type: ignore[attr-defined]  # the library's own handle on a transition


def transition_of(obj: models.Model, name: str) -> Any:
    """Return the django-fsm Transition that `name` would take from the present state, or None."""
    method = getattr(obj, name)
    return _meta(method).get_transition(obj.state)  # type: ignore[attr-defined]


def permitted(obj: models.Model, name: str, actor: Actor) -> bool:
    """Whether `actor` holds the right to this act, whatever the state."""
    transitions = _meta(getattr(obj, name)).transitions.values()
    return any(t.permission(obj, actor) for t in transitions)


def possible(obj: models.Model, name: str, actor: Actor) -> bool:
    """Whether a button for this act belongs on the actor's page now."""
    found = transition_of(obj, name)
    return bool(
        found and found.permission(obj, actor) and _meta(getattr(obj, name)).conditions_met(obj, obj.state)  # type: ignore[attr-defined]
    )


def available(obj: models.Model, actor: Actor) -> list[str]:
    """Names of the transitions open to `actor` now: the source of buttons and of the API's list."""
    names = [n for n in dir(type(obj)) if hasattr(getattr(type(obj), n, None), "_django_fsm")]
    return [n for n in names if possible(obj, n, actor)]


def check(obj: LifecycleModel, name: str, actor: Actor) -> Any:
    """Return the transition if this actor may take it now; for commands that judge input before they act.

    Raises NotAllowedError (403) before OutOfTurnError (409).
    """
    if not permitted(obj, name, actor):
        raise NotAllowedError(_("Your role in this case does not allow this step."), act=name)
    found = transition_of(obj, name)
    if found is None or not _meta(getattr(obj, name)).conditions_met(obj, obj.state):  # type: ignore[attr-defined]
        raise OutOfTurnError(
            _(
                "This {noun} is {state}, so this step is no longer open. Reload the page to see where things stand."
            ).format(noun=obj.NOUN or obj._meta.verbose_name, state=display_state(obj)),
            act=name,
            state=str(obj.state),  # type: ignore[attr-defined]
        )
    return found


def take(
    obj: LifecycleModel,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    chain: UUID,
    payload: dict[str, Any] | None = None,
    reason: str = "",
    save: Iterable[str] = (),
    rule_id: str | None = None,
    **kwargs: Any,
) -> None:
    """Permission, guard, transition, save, audit: on an object the caller has locked.

    `save` names further fields the caller changed. `kwargs` go to the transition method.
    Raises NotAllowedError (403) and OutOfTurnError (409); nothing has been written then.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A command runs inside a transaction.")
    found = check(obj, name, actor)
    method = getattr(obj, name)
    old = str(obj.state)  # type: ignore[attr-defined]
    method(now=now, **kwargs)
    obj.save(update_fields=sorted({*obj.LIFECYCLE_FIELDS, *save}))
    audit.append(
        chain=chain,
        rule=rule_id or found.custom["rule"],
        act=name,
        obj=obj,
        actor=actor,
        now=now,
        old_state=old,
        new_state=str(obj.state),  # type: ignore[attr-defined]
        payload=payload or {},
        reason=reason,
    )
    ran(rule_id or found.custom["rule"])


def display_state(obj: models.Model) -> str:
    """The state in words, lower case, for sentences."""
    display = getattr(obj, "get_state_display", None)
    return str(display() if display else obj.state).lower()  # type: ignore[attr-defined]


def in_time(due_at: datetime, now: datetime, what: str) -> None:
    """Z3: in time iff now < due_at. Raises TooLateError."""
    ran("Z3")
    if now >= due_at:
        raise TooLateError(
            _("{what} ended on {instant} UTC. It can no longer be done.").format(
                what=what, instant=format_instant(due_at, UTC, "full")
            ),
            due_at=due_at,
        )
