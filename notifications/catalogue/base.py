"""How the catalogue is written down: who is told what about which event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from disputes.defaults import Defaults, for_reader
from notifications.kinds import KINDS, Kind
from notifications.scene import Reader, Scene, Words


class To(StrEnum):
    """Whom a notice is for."""

    FREELANCER = "freelancer"
    CLIENT = "client"
    SPECIALIST = "specialist"  # the one assigned to the case
    SUPERVISORS = "supervisors"
    SUPPORT = "support"  # the agent who handles the request, else all
    CLERKS = "clerks"
    ADMINS = "admins"
    # The two of a delegation, on no contract (accounts.events).
    DELEGATOR = "delegator"
    DELEGATE = "delegate"


SIDES = (To.FREELANCER, To.CLIENT)
EVERYBODY = (*SIDES, To.SPECIALIST)


@dataclass(frozen=True, slots=True)
class Spec:
    """One kind of notice about an event. `words` returns None where this reader is not told."""

    kind: str
    to: tuple[To, ...]
    words: Words

    @property
    def about(self) -> Kind:
        """Label, group and whether it can be muted."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Post:
    """A system message in the contract's thread.

    Both sides read it, and the thread is in the arbitration bundle: it never holds what is said in
    negotiation, a recommendation or anything private.
    """

    body: str
    link: str
    label: str
    side: str = ""  # only this side is shown the link


def defaults_of(scene: Scene, to: Reader) -> Defaults:
    """N5 and N6 of the case, as this reader reads them."""
    return for_reader(scene.case.policy, to.side, freelancer=scene.freelancer, client=scene.client)


Thread = Callable[[Scene, Any], Post | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """All that happens about one event."""

    specs: tuple[Spec, ...]
    thread: Thread | None = None
