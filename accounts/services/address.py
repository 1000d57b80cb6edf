"""Changing the address one signs in with: a link to the new address, word to the old one.

Nothing is stored until the link is opened. The link carries what it is for, signed; it ends with its time, with
the first change of the address, and with a change of the password.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import User
from core import audit, outbox
from core.errors import InvalidInputError, OutOfTurnError, StrangerError, TooLateError
from core.permissions import Actor

LINK_LIFE = timedelta(hours=24)
_SALT = "accounts.address"


@dataclass(frozen=True, slots=True)
class Change:
    """What a link is for."""

    user_id: UUID
    old: str
    new: str


def ask_email_change(*, user_id: UUID, email: str, password: str, actor: Actor, now: datetime) -> None:
    """Send a link to the new address, and word of it to the present one. Changes nothing yet.

    Raises StrangerError, InvalidInputError (wrong password, same address, address taken).
    """
    if actor.user_id != user_id:
        raise StrangerError
    email = email.strip().lower()
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
        if not user.check_password(password):
            raise InvalidInputError({"password": _("This is not your present password.")})
        if email == user.email:
            raise InvalidInputError({"email": _("This is your address already.")})
        if User.objects.filter(email=email).exists():
            raise InvalidInputError({"email": _taken()})
        told = {"user_id": str(user.pk), "old": user.email, "new": email, "until": (now + LINK_LIFE).isoformat()}
        outbox.put(mail.HANDLER, {"kind": "email_link", **told}, now=now)
        outbox.put(mail.HANDLER, {"kind": "email_asked", **told}, now=now)


def read_link(token: str, *, actor: Actor, now: datetime) -> Change:
    """What the link is for. Raises StrangerError (not a link of ours, or somebody else's) and TooLateError."""
    try:
        told = signing.loads(token, salt=_SALT)
        change = Change(UUID(told["user"]), told["old"], told["new"])
        until = datetime.fromisoformat(told["until"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise StrangerError(_("This link is not whole. Copy all of it from the e-mail.")) from None
    if change.user_id != actor.user_id:
        raise StrangerError(_("This link is for somebody else. Sign in as the person it was made for."))
    user = User.objects.get(pk=change.user_id)
    if user.email == change.new:
        raise OutOfTurnError(_("This link was used already: you sign in with {email}.").format(email=user.email))
    if user.email != change.old or not constant_time_compare(told.get("seal", ""), _seal(user)):
        raise OutOfTurnError(_("This link no longer counts. Ask for a new one in your settings."))
    if now >= until:
        raise TooLateError(_("This link is over: it counted for 24 hours. Ask for a new one in your settings."))
    return change


def confirm_email(*, token: str, actor: Actor, now: datetime) -> User:
    """Sign in with the new address from now on, and tell the old one. See `read_link` for the errors."""
    with transaction.atomic():
        if actor.user_id is None:
            raise StrangerError
        user = User.objects.select_for_update(of=("self",)).get(pk=actor.user_id)
        change = read_link(token, actor=actor, now=now)
        user.email, user.mail_bounced_at = change.new, None
        try:
            with transaction.atomic():
                user.save(update_fields=["email", "mail_bounced_at"])
        except IntegrityError as error:
            raise OutOfTurnError(_taken()) from error
        digests = {"old": audit.text_digest(change.old, user.pk), "new": audit.text_digest(change.new, user.pk)}
        audit.append(chain=user.pk, rule="S4", act="change_email", obj=user, actor=actor, now=now, payload=digests)
        told = {"kind": "email_changed", "user_id": str(user.pk), "old": change.old, "new": change.new}
        outbox.put(mail.HANDLER, told, now=now)
    return user


def link_token(user: User, *, old: str, new: str, until: str) -> str:
    """The signed text of a link (made when the mail leaves: a row in the outbox opens no door)."""
    told = {"user": str(user.pk), "old": old, "new": new, "until": until, "seal": _seal(user)}
    return signing.dumps(told, salt=_SALT)


def _seal(user: User) -> str:
    return salted_hmac(_SALT, user.password, algorithm="sha256").hexdigest()[:32]


def _taken() -> str:
    return _("There is already an account with this address.")
