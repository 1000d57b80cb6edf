"""Where a removed text stands in rooms that the redaction itself may not know: copies of it follow (section 16)."""

from __future__ import annotations

from django.utils import translation

from accounts.selectors import people_of
from arbitration.models import NonResolutionNotice
from contracts.models import Contract
from disputes.events import TextRedacted
from disputes.export.services import withdraw
from disputes.models import Redaction, StatementVersion


def follow(event: TextRedacted) -> None:
    """Let the notice of non-resolution and finished copies of people's data lose the text too."""
    redaction = Redaction.objects.select_related("statement").get(pk=event.redaction_id)
    if redaction.statement is not None:
        _in_notices(redaction.statement)
    contract = Contract.objects.get(pk=event.contract_id)
    people = {person.pk for _, person in people_of([contract.freelancer_account_id, contract.client_account_id])}
    withdraw(people, now=event.at)


def _in_notices(version: StatementVersion) -> None:
    """The notice quotes the newest claim and answer; it is kept in English, as everything both sides share."""
    with translation.override("en"):
        words = str(StatementVersion.objects.get(pk=version.pk).details)
    for notice in NonResolutionNotice.objects.filter(dispute_id=version.dispute_id):
        quoted = notice.content.get(version.side)
        if isinstance(quoted, dict) and quoted.get("version") == version.number:
            quoted["details"] = words
            NonResolutionNotice.objects.filter(pk=notice.pk).update(content=notice.content)
