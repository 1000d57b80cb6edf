"""The key in a mail's "no more mails of this kind" link: it mutes one kind for one person, and opens nothing else."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

_SALT = "notifications.mute"


def mute_token(user_id: UUID, kind: str) -> str:
    """A signed token. It does not expire: old mails are muted too."""
    return signing.dumps([str(user_id), kind], salt=_SALT)


def read_mute_token(token: str) -> tuple[UUID, str] | None:
    """(person's id, kind), or None for a token that nobody here has signed."""
    try:
        user_id, kind = signing.loads(token, salt=_SALT)
        return UUID(user_id), str(kind)
    except (signing.BadSignature, ValueError, TypeError):
        return None
