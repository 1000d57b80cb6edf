"""How mediation's audit entries stand in the timeline of both sides (`disputes.panels.tells`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.models import AuditEntry
from core.money import Money
from disputes.panels import Action, Item, Viewer
from mediation.enums import Channel
from mediation.models import ContactAttempt, Recommendation

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

# act → (icon, words). With a person's name before it, or a sentence of its own.
_SIGNED: Final = ("shield-check", _l("signed the no-conflict declaration and took the case up."))
_CASE_LINES: Final[Mapping[str, tuple[str, StrPromise]]] = MappingProxyType(
    {
        "open_case": ("scale", _l("Mediation began. It lasts 21 days at most.")),
        "activate": _SIGNED,
        "declare": _SIGNED,
        "unassign": (
            "user-minus",
            _l("The specialist left the case. Another one is being found; all clocks run on."),
        ),
    }
)
# After the name of who tried.
_TRIED: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        Channel.PLATFORM: _l("wrote to {whom} here: “{text}”"),
        Channel.EMAIL: _l("wrote to {whom} by e-mail: “{text}”"),
        Channel.PHONE: _l("called {whom}: “{text}”"),
        Channel.VIDEO: _l("tried a video call with {whom}: “{text}”"),
    }
)
_OBJECTION: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "object": _l("objected to the specialist. A supervisor decides; all clocks run on."),
        "uphold": _l("upheld the objection: another specialist takes over."),
        "dismiss": _l("dismissed the objection: the specialist stays."),
    }
)


def tell_case(entries: Sequence[AuditEntry], viewer: Viewer) -> Mapping[int, Item | None]:
    """Assignment, declaration and contact attempts (their texts are shown to both sides, D5)."""
    ids = [e.payload["attempt"] for e in entries if "attempt" in e.payload]
    rows = ContactAttempt.objects.filter(pk__in=ids).select_related("case__dispute") if ids else []
    attempts = {str(row.pk): row for row in rows}
    found: dict[int, Item | None] = {}
    for entry in entries:
        if entry.act in ("assign", "reassign_after_recommendation"):
            text = (
                _("Another specialist took over. Each side may object once, with a reason.")
                if entry.payload.get("before")
                else _("A mediation specialist was assigned. Each side may object once, with a reason.")
            )
            found[entry.pk] = Item(icon="user-check", text=text)
        elif entry.act in ("log_attempt", "log_system_attempt"):
            attempt = attempts.get(entry.payload.get("attempt", ""))
            found[entry.pk] = _attempt(entry, attempt, viewer) if attempt else None
        elif entry.act in _CASE_LINES:
            icon, words = _CASE_LINES[entry.act]
            person = entry.actor_name if entry.act in ("activate", "declare") else ""
            found[entry.pk] = Item(icon=icon, text=str(words), name=person, you=_own(entry, viewer))
    return found


def _attempt(entry: AuditEntry, attempt: ContactAttempt, viewer: Viewer) -> Item:
    text = _TRIED[Channel(attempt.channel)].format(whom=viewer.name_of(attempt.side), text=attempt.words)
    if attempt.reply:
        text = "{} {}".format(text, _("Reply: “{text}”").format(text=attempt.reply))
    links: tuple[Action, ...] = ()
    if viewer.side is not None:
        page = reverse("mediation:contact", args=[attempt.case.dispute.reference])
        links = (Action(label=_("See every attempt"), url=f"{page}#attempt-{attempt.pk}"),)
    return Item(icon="phone-outgoing", text=text, name=entry.actor_name, you=_own(entry, viewer), links=links)


def tell_recommendation(entries: Sequence[AuditEntry], viewer: Viewer) -> Mapping[int, Item | None]:
    """The issued recommendation as a card. Drafts, releases and answers have no line of their own."""
    issued = [e for e in entries if e.act == "issue"] if viewer.negotiation else []
    links: tuple[Action, ...] = ()
    if issued and viewer.side is not None:
        of_first = Recommendation.objects.filter(pk=issued[0].payload["recommendation"])
        reference = of_first.values_list("case__dispute__reference", flat=True).first()
        page = reverse("mediation:recommendation", args=[reference])
        links = (Action(label=_("Read the recommendation"), url=page),)
    newest = max((e.payload.get("number", 0) for e in issued), default=0)
    found: dict[int, Item | None] = {}
    for entry in issued:
        currency = str(entry.payload.get("currency", ""))
        last = entry.payload.get("number", 0) == newest
        found[entry.pk] = Item(
            kind="recommendation",
            icon="scale",
            name=viewer.specialist_name or entry.actor_name,
            role="specialist",
            you=_own(entry, viewer),
            body=(_("A recommendation with its reasons. It binds nobody: both sides must accept it."),),
            to_freelancer=Money(entry.payload["to_freelancer"], currency) if currency else None,
            to_client=Money(entry.payload["to_client"], currency) if currency else None,
            past=not last,
            state="" if last else _("Replaced by a later recommendation"),
            links=links if last else (),
        )
    return found


def tell_objection(entries: Sequence[AuditEntry], viewer: Viewer) -> Mapping[int, Item | None]:
    """That there is an objection and how it was decided; the reason stays with its side and the staff."""
    return {
        entry.pk: Item(icon="flag", text=str(_OBJECTION[entry.act]), name=entry.actor_name, you=_own(entry, viewer))
        for entry in entries
        if entry.act in _OBJECTION
    }


def _own(entry: AuditEntry, viewer: Viewer) -> bool:
    return entry.actor_id is not None and entry.actor_id == viewer.actor.user_id


TELLERS: Final = {
    "mediation.mediationcase": tell_case,
    "mediation.recommendation": tell_recommendation,
    "mediation.objection": tell_objection,
}
