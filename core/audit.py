"""The append-only record, one hash chain per dispute (or per contract before there is one)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.models import AuditChain, AuditEntry

if TYPE_CHECKING:
    from django.db import models

    from core.permissions import Actor


def text_digest(text: str, salt: UUID | str) -> str:
    """Salted hex SHA-256 of a text that people wrote: the chain holds this, never the words.

    So a lawful redaction of the text leaves the chain verifiable (rulebook section 16).
    """
    return hashlib.sha256(f"{salt}\0{text}".encode()).hexdigest()


def append(
    *,
    chain: UUID,
    rule: str,
    act: str,
    obj: models.Model,
    actor: Actor,
    now: datetime,
    old_state: str = "",
    new_state: str = "",
    payload: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Add one entry to `chain`. `payload` holds amounts, ids, instants and digests, no free text.

    What a delegate does with somebody else's rights says for whom (`teller`).
    """
    AuditChain.objects.bulk_create([AuditChain(id=chain)], ignore_conflicts=True)
    head = AuditChain.objects.select_for_update(of=("self",)).get(pk=chain)
    entry = AuditEntry(
        chain_id=chain,
        position=head.length + 1,
        at=now,
        rule=rule,
        act=act,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        actor_kind=actor.kind.value,
        actor_id=actor.user_id,
        actor_name=actor.name,
        old_state=old_state,
        new_state=new_state,
        reason=reason,
        payload=json.loads(json.dumps({**(payload or {}), **_on_behalf(actor, obj)}, default=str)),
        previous=head.head,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    head.length, head.head = entry.position, entry.digest
    head.save(update_fields=["length", "head"])
    return entry


# What leads from an object of the record to its contract, by the names the rooms use.
_WAYS = ("contract", "dispute", "case", "milestone", "refund_request", "notice", "arbitration")


def _on_behalf(actor: Actor, obj: models.Model) -> dict[str, Any]:
    """`for` of an act that a delegate does in a case of the account; costs nothing for everybody else."""
    found: Any = obj
    for _step in range(3 if actor.stands_in else 0):
        for side in ("freelancer_account_id", "client_account_id"):
            person = actor.stands_in.get(getattr(found, side, None))  # type: ignore[arg-type]
            if person is not None:
                return {"for": {"user": person.user_id, "name": person.name}}
        found = next((getattr(found, way) for way in _WAYS if getattr(found, way, None) is not None), None)
    return {}


def teller(entry: AuditEntry) -> str:
    """Who did it, as people read it: a delegate's act names the person it was done for."""
    given_by = (entry.payload or {}).get("for")
    if not isinstance(given_by, dict):
        return entry.actor_name
    return _("{name}, for {other}").format(name=entry.actor_name, other=given_by.get("name", ""))


def digest_of(entry: AuditEntry) -> str:
    """Hex SHA-256 over every field of the entry and the digest before it."""
    fields = {
        "chain": str(entry.chain_id),
        "position": entry.position,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "rule": entry.rule,
        "act": entry.act,
        "object": f"{entry.object_type}:{entry.object_id}",
        "actor": f"{entry.actor_kind}:{entry.actor_id}:{entry.actor_name}",
        "states": f"{entry.old_state}>{entry.new_state}",
        "reason": entry.reason,
        "payload": entry.payload,
        "previous": entry.previous,
    }
    return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of `verify`: `broken_at` is the first position that does not hold, or None."""

    chain_id: UUID
    length: int
    head: str
    broken_at: int | None
    why: str = ""


def verify(chain_id: UUID) -> Verdict:
    """Recompute a chain from its rows and name the first altered, missing or added one."""
    previous, count = "", 0
    for entry in AuditEntry.objects.filter(chain_id=chain_id).order_by("position").iterator():
        count += 1
        if entry.position != count:
            return Verdict(chain_id, count, previous, count, "an entry is missing")
        if entry.previous != previous or digest_of(entry) != entry.digest:
            return Verdict(chain_id, count, previous, count, f"entry {entry.rule} {entry.act} was altered")
        previous = entry.digest
    head = AuditChain.objects.filter(pk=chain_id).first()
    if head and (head.length, head.head) != (count, previous):
        return Verdict(chain_id, count, previous, count + 1, "the end of the record is missing")
    return Verdict(chain_id, count, previous, None)


_secret: dict[str, set[str]] = {}


def keep_secret(object_type: str, *acts: str) -> None:
    """Name acts that nobody reads in the record, staff included (config/wiring.py): that they happened is secret."""
    _secret.setdefault(object_type, set()).update(acts)


def readable(rows: models.QuerySet[AuditEntry]) -> models.QuerySet[AuditEntry]:
    """Leave out the acts that were named secret."""
    for object_type, acts in _secret.items():
        rows = rows.exclude(object_type=object_type, act__in=acts)
    return rows


def readable_chains(rows: models.QuerySet[AuditChain]) -> models.QuerySet[AuditChain]:
    """Leave out the chains that hold a secret act."""
    for object_type, acts in _secret.items():
        secret = AuditEntry.objects.filter(object_type=object_type, act__in=acts)
        rows = rows.exclude(pk__in=secret.values("chain_id"))
    return rows


def entries(*chain_ids: UUID) -> models.QuerySet[AuditEntry]:
    """All entries of some chains, oldest first."""
    return AuditEntry.objects.filter(chain_id__in=chain_ids).order_by("at", "id")
