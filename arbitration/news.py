"""What has happened after the notice since a page was drawn: for its poll.

A page carries a mark of what it showed; the poll compares it with how things stand and says the difference in words.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from arbitration.enums import ArbitrationState, ElectionState
from arbitration.models import ArbitrationCase, Election, NonResolutionNotice
from arbitration.turns import is_running
from disputes.enums import DisputeState
from disputes.models import Dispute

_RUNNING = "running"


def mark_of(
    dispute: Dispute,
    notice: NonResolutionNotice,
    elections: Sequence[Election],
    case: ArbitrationCase | None,
    steps: int,
) -> str:
    """What a page shows, in codes joined by dots. Only what both sides may see goes in."""
    return ".".join(
        [
            str(dispute.state),
            str(notice.number),
            *(_code(e) for e in elections),
            "late" if notice.settling_since else "time",
            str(case.state) if case is not None else "none",
            str(steps),
        ]
    )


def _code(election: Election) -> str:
    return _RUNNING if is_running(election) else str(election.state)


def told(seen: str, now: str, names: Sequence[str]) -> str:
    """Say in words what changed between two marks; `names` are the two sides' as the viewer reads them."""
    old, new = seen.split("."), now.split(".")
    if len(old) != len(new):
        return _("There is something new.")
    said = []
    if old[1] == new[1]:
        said += [_choice(new[2 + n], name) for n, name in enumerate(names) if old[2 + n] != new[2 + n]]
    if old[4] != new[4] and new[4] == "late":
        said.append(_("The time to choose is over. A payment is still on its way."))
    if old[0] != new[0] and new[0] == DisputeState.RESOLVED:
        said.append(_("This dispute is over."))
    elif old[5] != new[5]:
        said.append(_case(new[5]))
    elif old[6] != new[6]:
        said.append(_("The provider has reported a step."))
    return " ".join(text for text in said if text) or _("There is something new.")


def _choice(code: str, name: str) -> str:
    words = {
        ElectionState.AGREED_UNPAID: _("{name}: arbitration chosen, fee not paid yet."),
        ElectionState.PAID: _("{name}: arbitration fee paid."),
        ElectionState.DECLINED: _("{name}: arbitration declined."),
        _RUNNING: _("{name}: payment on its way."),
    }
    return words.get(code, "").format(name=name)


def _case(code: str) -> str:
    words = {
        ArbitrationState.FILING: _("Both sides have paid. The case is being filed."),
        ArbitrationState.SUBMITTED: _("The provider has taken the case."),
        ArbitrationState.IN_PROGRESS: _("The provider has reported a step."),
        ArbitrationState.PROVIDER_REJECTED: _("The provider has rejected the case. There is a new notice."),
    }
    return str(words.get(code, ""))  # type: ignore[call-overload]
