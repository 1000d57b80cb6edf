"""Messages in the case: to everyone, or privately between one side and the specialist (pain 7)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, road
from core.errors import InvalidInputError, NotAllowedError, UnableToError
from core.events import publish
from core.permissions import Actor
from disputes import rules
from disputes.enums import Audience, DisputeState
from disputes.events import CaseMessagePosted
from disputes.locks import lock_dispute
from disputes.models import CaseMessage
from disputes.services.common import in_stage, long_text, person, see
from disputes.services.evidence import Upload, receive

BODY_MAX = 10_000  # characters
PURPOSE_MAX = 80
SPECIALIST = "specialist"
# Shown to the other side when the writer gives no purpose; stored in the source language, worded when shown.
PURPOSE = "A talk about this case"


class UnableToWritePrivatelyError(UnableToError):
    """Nobody is there yet to read a private message."""

    code = "no_specialist"


def post_case_message(
    *,
    dispute_id: UUID,
    body: str,
    audience: str = Audience.EVERYONE,
    purpose: str = "",
    upload: Upload | None = None,
    actor: Actor,
    now: datetime,
) -> CaseMessage:
    """Write to everyone, or in one side's private channel with the specialist.

    A private message's existence, time and `purpose` are shown to the other side, its text never. A party may
    choose everyone or its own side's channel only. A message is a reaction (D6). Publishes CaseMessagePosted.
    Raises StrangerError, NotAllowedError, OutOfTurnError, InvalidInputError (body, audience, purpose, file).
    """
    ready = receive(upload) if upload else None
    with transaction.atomic():
        dispute = lock_dispute(dispute_id)
        see(dispute, actor)
        road.check(dispute, "post_message", actor)
        if dispute.state == DisputeState.IN_MEDIATION:  # a message is a reaction, and a late one is none (D6, D17)
            in_stage(dispute, now)
        side = rules.side_of(dispute, actor)
        role = side.value if side else SPECIALIST
        if audience not in Audience.values:
            raise InvalidInputError({"audience": _("Choose who reads this.")})
        private = audience != Audience.EVERYONE
        if side is not None and private:
            if audience != side:
                raise NotAllowedError(_("This private channel belongs to the other side."))
            if dispute.specialist_id is None:
                raise UnableToWritePrivatelyError(
                    _(
                        "No specialist is assigned yet, so nobody would read this. Write to everyone, or try again"
                        " when a specialist is assigned."
                    )
                )
        words = long_text(body, "body", least=1, most=BODY_MAX, what=_("Write a message."))
        why = purpose.strip()
        if len(why) > PURPOSE_MAX:
            raise InvalidInputError({"purpose": _("Shorten this to {most} characters.").format(most=PURPOSE_MAX)})
        message = CaseMessage(
            dispute=dispute,
            sender_id=person(actor),
            sender_role=role,
            audience=audience,
            purpose=(why or PURPOSE) if private else "",
            body=words,
            sent_at=now,
        )
        if ready is not None:
            message.file = ready.store()
            message.file_name, message.file_sha256 = ready.name, ready.sha256
        message.save(force_insert=True)
        road.take(
            dispute,
            "post_message",
            actor=actor,
            now=now,
            chain=dispute.pk,
            side=side.value if side else None,
            payload={
                "message_id": str(message.pk),
                "audience": audience,
                "body": audit.text_digest(words, message.pk),
                "file": message.file_sha256,
            },
        )
        publish(
            CaseMessagePosted(
                at=now,
                contract_id=dispute.contract_id,
                dispute_id=dispute.pk,
                message_id=message.pk,
                audience=audience,
                sender_id=message.sender_id,
            )
        )
        return message
