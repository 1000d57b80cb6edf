"""Messages that are reported and hidden, texts that are removed, reached only by calling the services."""

from __future__ import annotations

import json

from django.db import connection

from contracts.services.messages import post_message
from disputes.moderation import services
from disputes.services import messages
from notifications.models import Notice

RUDE = "You are a MARKERfool and everybody will know where you live."


def thread_message(case, person, body=RUDE, **more):
    return post_message(contract_id=case.contract.pk, body=body, actor=person.actor, now=case.now, **more)


def case_message(case, person, body=RUDE, **more):
    return messages.post_case_message(dispute_id=case.dispute_id, body=body, actor=person.actor, now=case.now, **more)


WRITERS = {"message": thread_message, "case_message": case_message}


def report(case, kind, row, person, reason="abuse", details="", now=None):
    return services.report_message(
        kind=kind, pk=row.pk, reason=reason, details=details, actor=person.actor, now=now or case.now
    )


def hide(case, found, agent, reason="abuse", text=""):
    return services.hide_message(report_id=found.pk, reason=reason, text=text, actor=agent.actor, now=case.now)


def told(person, kind):
    return list(Notice.objects.filter(recipient=person.user, kind=kind).values_list("title", flat=True))


WHY = "It holds the passport number of somebody who is no party."


def ask(case, kind, row, person, reason="others_data", why=WHY):
    """M4."""
    return services.ask_redaction(kind=kind, pk=row.pk, reason=reason, why=why, actor=person.actor, now=case.now)


def approve(case, found, person):
    """M5."""
    return services.approve_redaction(redaction_id=found.pk, actor=person.actor, now=case.now)


def raw(row) -> dict:
    """The whole row as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t)::text FROM {row._meta.db_table} t WHERE id = %s", [row.pk])
        return json.loads(cursor.fetchone()[0])
