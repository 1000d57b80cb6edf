"""What stands beside a message: a way to report it, that one has, or what a hidden one said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse

from contracts import rules as contract_rules
from contracts.models import Contract
from disputes.moderation import selectors

register = template.Library()


@register.simple_tag(takes_context=True)
def beside(context: Any, kind: str, anchor: Any, side: str, contract: Contract) -> dict[str, Any]:
    """`{% beside "message" message.pk message.side contract as b %}`: report_url, report, original.

    `anchor` is the message's id, or "m-…" as the timeline has it. One query for a whole page of messages.
    """
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if request is None or actor is None or actor.user_id is None:
        return {}
    own = contract_rules.side_of(contract, actor)
    if own is None and not actor.is_staff():
        return {}
    kept: dict[Any, Any] = request.__dict__.setdefault("_moderation", {})
    if (kind, contract.pk) not in kept:
        kept[kind, contract.pk] = selectors.beside(contract, actor, kind)
    pk = UUID(str(anchor).removeprefix("m-"))
    found = kept[kind, contract.pk].get(pk)
    if own is not None:
        if found is not None:
            return {"report": found}
        reportable = side == own.other
        return {"report_url": reverse("disputes:report_message", args=[kind, pk])} if reportable else {}
    readable = found is not None and selectors.may_read_original(_row(found, contract), actor)
    return {"original": found, "kind": kind, "pk": pk} if readable else {}


def _row(original: Any, contract: Contract) -> Any:
    row = original.target
    if original.kind == "message":
        row.contract = contract
    else:
        row.dispute = original.report.dispute
        row.dispute.contract = contract
    return row


@register.simple_tag(takes_context=True)
def moderation_waits(context: Any) -> dict[str, Any]:
    """How many reports and removals wait, for the desk's links."""
    return {**selectors.counts(), "path": context["request"].path}
