# The package's own types know a transition's object only as Model. Ours see the lifecycle
# itself, and permissions take our Actor.

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from django.db import models

_F = TypeVar("_F", bound=Callable[..., Any])
_Check: TypeAlias = Callable[[Any], bool]

class TransitionNotAllowed(Exception):  # noqa: N818
    object: Any
    method: Any

class InvalidResultState(Exception): ...  # noqa: N818
class ConcurrentTransition(Exception): ...  # noqa: N818

class Transition:
    method: Callable[..., Any]
    source: str
    target: str | None
    on_error: str | None
    conditions: list[_Check]
    permission: str | Callable[[Any, Any], bool] | None
    custom: dict[str, Any]
    @property
    def name(self) -> str: ...
    def has_perm(self, instance: models.Model, user: Any) -> bool: ...

class FSMMeta:
    field: models.Field[Any, Any]
    transitions: dict[str, Transition]

class FSMFieldMixin:
    protected: bool

class FSMField(FSMFieldMixin, models.CharField[Any, Any]):
    def __init__(self, *args: Any, protected: bool = ..., **kwargs: Any) -> None: ...

class FSMIntegerField(FSMFieldMixin, models.IntegerField[Any, Any]): ...
class ConcurrentTransitionMixin: ...

def transition(
    field: models.Field[Any, Any] | str,
    source: Any = ...,
    target: Any = ...,
    on_error: str | None = ...,
    conditions: list[Any] = ...,
    permission: str | Callable[[Any, Any], bool] | None = ...,
    custom: dict[str, Any] | None = ...,
) -> Callable[[_F], _F]: ...
def can_proceed(bound_method: Callable[..., Any], check_conditions: bool = ...) -> bool: ...
def has_transition_perm(bound_method: Callable[..., Any], user: Any) -> bool: ...
