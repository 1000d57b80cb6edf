"""Notices about the people of an account: who stands in for whom, and until when."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts import events as e
from accounts.models import Account, User
from core.events import Event
from notifications import links
from notifications.catalogue.base import Entry, Spec, To
from notifications.scene import Reader, Scene, Telling

Delegated = e.DelegateNamed | e.DelegationEnded


def _names(scene: Scene, event: Delegated) -> dict[str, str]:
    account = scene.row(Account, event.account_id)
    people = {"delegator": event.delegator_id, "delegate": event.delegate_id}
    found = {name: scene.row(User, pk) for name, pk in people.items()}
    return {
        "account": account.name if account is not None else "",
        **{name: user.name if user is not None else "" for name, user in found.items()},
    }


def _days(event: e.DelegateNamed, to: Reader) -> dict[str, str]:
    return {"start": to.when(event.starts_at), "end": to.when(event.ends_at)}


def _named_by_me(scene: Scene, event: e.DelegateNamed, to: Reader) -> Telling:
    told = _names(scene, event) | _days(event, to)
    return Telling(
        title=_("{delegate} stands in for you at {account}").format(**told),
        may_do=_("End it earlier if you are back. You can act yourself all the time."),
        until=event.ends_at,
        otherwise=_("It ends by itself at that time."),
        details=_(
            "From {start}, {delegate} may do in your cases what a case manager may do."
            " The team stays with the owners. Each act says that it was done for you."
        ).format(**told),
        link=links.team(event.account_id),
        label=_("See who stands in"),
    )


def _names_me(scene: Scene, event: e.DelegateNamed, to: Reader) -> Telling:
    told = _names(scene, event) | _days(event, to)
    return Telling(
        title=_("You stand in for {delegator} at {account}").format(**told),
        may_do=_("Look after the cases of {account}. You can end it if it does not suit you.").format(**told),
        until=event.ends_at,
        otherwise=_("It ends by itself at that time. Deadlines of the cases run on, whoever acts."),
        details=_(
            "From {start} you may do what a case manager may do. Each act says that you did it for {delegator}."
        ).format(**told),
        link=links.team(event.account_id),
        label=_("See who stands in"),
    )


def _over_for_giver(scene: Scene, event: e.DelegationEnded, _to: Reader) -> Telling:
    told = _names(scene, event)
    return Telling(
        title=_("{delegate} no longer stands in for you at {account}").format(**told),
        may_do=_("Act yourself, or name somebody else."),
        otherwise=_("Nobody stands in for you. Deadlines of the cases run on."),
        details=_why(event, told),
        link=links.MEMBERS if event.left else links.team(event.account_id),
        label=_("See your accounts"),
    )


def _over_for_delegate(scene: Scene, event: e.DelegationEnded, _to: Reader) -> Telling:
    told = _names(scene, event)
    return Telling(
        title=_("You no longer stand in for {delegator} at {account}").format(**told),
        details=_why(event, told),
        link=links.MEMBERS if event.left else links.team(event.account_id),
        label=_("See your accounts"),
    )


def _why(event: e.DelegationEnded, told: dict[str, str]) -> str:
    return _("One of the two no longer works for {account}.").format(**told) if event.left else ""


CATALOGUE: dict[type[Event], Entry] = {
    e.DelegateNamed: Entry(
        (Spec("delegation", (To.DELEGATOR,), _named_by_me), Spec("delegation", (To.DELEGATE,), _names_me))
    ),
    e.DelegationEnded: Entry(
        (Spec("delegation", (To.DELEGATOR,), _over_for_giver), Spec("delegation", (To.DELEGATE,), _over_for_delegate))
    ),
}
